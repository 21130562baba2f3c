#!/usr/bin/env python3
"""Where the time of `certctl gen --key-type ecdsa:p256` goes: how long it waits for the disk.

usage: waits.py CERTCTL [DIR] [RUNS]      (DIR: a folder on the disk [default: /var/tmp]; 21 runs)

Each run has a new folder. strace stops the program only at the calls that wait for the disk, so the
rest runs at full speed. The waiting time is the time in which at least one such call runs: calls of
several threads at the same time count once. The run that is shown call by call is the median one.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

WAITS = "fsync,fdatasync,syncfs,sync,sync_file_range,msync"
CALL = re.compile(r"^(\d+) +(\d+\.\d+) (\w+)\((.*?)(?:\) += .*<(\d+\.\d+)>| <unfinished \.\.\.>)$")
RESUMED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. (\w+) resumed>.*<(\d+\.\d+)>$")
END = re.compile(r"^\d+ +(\d+\.\d+) \+\+\+ exited with (\d+)")


def traced(certctl, folder, log):
    """Seconds of the whole run, and its waits: (begin, seconds, call, object)."""
    command = ["strace", "-f", "--seccomp-bpf", "-ttt", "-T", "-y", "-o", log, "-e", f"trace=execve,{WAITS}"]
    subprocess.run([*command, certctl, "-q", "-d", folder, "gen", "--key-type", "ecdsa:p256"], check=True)
    waits, started, first, last = [], {}, None, None
    for line in open(log):
        if call := CALL.match(line):
            thread, moment, name, words, seconds = call.groups()
            moment = float(moment)
            first = moment if first is None else first
            what = words.replace(folder, "DIR").split("<", 1)[-1].rstrip(">")
            if name == "execve":
                continue
            if seconds is None:
                started[thread] = (moment, name, what)
            else:
                waits.append((moment - first, float(seconds), name, what))
        elif call := RESUMED.match(line):
            thread, _, name, seconds = call.groups()
            if thread in started:
                moment, name, what = started.pop(thread)
                waits.append((moment - first, float(seconds), name, what))
        elif end := END.match(line):
            assert end[2] == "0", line
            last = float(end[1])
    assert not started, started
    return last - first, sorted(waits)


def covered(waits):
    """Seconds in which at least one of the calls runs."""
    total, until = 0.0, 0.0
    for begin, seconds, *_ in waits:
        total += max(0.0, begin + seconds - max(begin, until))
        until = max(until, begin + seconds)
    return total


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: waits.py CERTCTL [DIR] [RUNS]")
    certctl = os.path.realpath(sys.argv[1])
    disk = sys.argv[2] if len(sys.argv) > 2 else "/var/tmp"
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 21

    load = open("/proc/loadavg").read().split()[:3]
    work = tempfile.mkdtemp(dir=disk)
    # See fleet.sh.
    subprocess.run(["chattr", "+T", work], stderr=subprocess.DEVNULL, check=False)
    try:
        untraced, runs = [], []
        for number in range(count):
            folder = f"{work}/plain{number}"
            os.mkdir(folder)
            begin = time.perf_counter()
            subprocess.run([certctl, "-q", "-d", folder, "gen", "--key-type", "ecdsa:p256"], check=True)
            untraced.append(time.perf_counter() - begin)
            folder = f"{work}/traced{number}"
            os.mkdir(folder)
            runs.append(traced(certctl, folder, f"{work}/log"))
    finally:
        shutil.rmtree(work)

    def milliseconds(values):
        values = sorted(values)
        return f"{statistics.median(values) * 1000:.2f} ms (minimum {values[0] * 1000:.2f})"

    names = sorted({(name, sum(w[2] == name for w in waits)) for _, waits in runs for _, _, name, _ in waits})
    print(f"- `gen --key-type ecdsa:p256` in {disk}, medians of {count} runs; load average before: {' '.join(load)}")
    print(f"- whole run: {milliseconds(untraced)}; under strace: {milliseconds([r[0] for r in runs])}")
    print(f"- calls that wait: {', '.join(f'{number} {name}' for name, number in names) or 0}")
    print(f"- time in these calls, all threads: {milliseconds([sum(w[1] for w in r[1]) for r in runs])}")
    print(f"- time in which at least one of them runs: {milliseconds([covered(r[1]) for r in runs])}")
    print(f"- before the first of them: {milliseconds([r[1][0][0] if r[1] else r[0] for r in runs])}")
    shares = [covered(r[1]) / r[0] for r in runs]
    print(f"- share of the run under strace: {statistics.median(shares):.0%}")

    total, waits = sorted(runs, key=lambda run: run[0])[count // 2]
    print(f"\nThe median run, {total * 1000:.2f} ms:\n\n| begins | takes | call | object |\n| ---: | ---: | --- | --- |")
    for begin, seconds, name, what in waits:
        print(f"| {begin * 1000:.2f} ms | {seconds * 1000:.2f} ms | {name} | `{what}` |")


main()
