#!/usr/bin/env python3
"""certctl's answer beside those of the clients, over chains that are sound but for one or two mutations.

    go build -o /tmp/verify tests/peers/claims/verify.go
    differential.py --go /tmp/verify [--seed N] [--count M] [--gate] [--json FILE]
    differential.py --go /tmp/verify --show DIR BASE MUTATION…
    differential.py --go /tmp/verify --tables
    differential.py --go /tmp/verify --rewrite
    differential.py --list

Needs cryptography, openssl, certtool, faketime and go. A base is `KEY/USAGE/INTERMEDIATES/SAN`, such as
`p256/server/1/dns`. The same seed makes the same cases; the table counts both directions for each client.

A disagreement in which certctl accepts and a client refuses must stand in `explained.txt` (certctl is right, by
which rule of an RFC) or in `open.txt` (certctl says too little); with `--gate` any other is a failure. `--tables`
holds that each line of the two still shows: the mutation alone, on one of a few bases, and for a line of
`explained.txt` in the client's words. `--rewrite` writes `open.txt` anew, which takes four minutes.
`--show` writes one case and prints what each says of it.
"""

import argparse
import json
import random
import shlex
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import judges
from certificates import BASES, KEYS, Case
from mutations import MUTATIONS

HERE = Path(__file__).parent
EXPLAINED = HERE / "explained.txt"
# On which a line of a table must show.
USUAL = [
    "p256/server/1/dns",
    "rsa/client/1/dns",
    "p256/server/2/dns",
    "p256/server/0/dns",
    "p256/server/1/ip4",
    "rsa/server/1/dns",
    "p256/client/1/dns",
    "p256/client/1/email",
    "p256/client/1/uri",
]
# A kind of key is a cause, too.
BASE_CAUSES = [f"base.{kind}" for kind in KEYS]


class Result:
    def __init__(self, base, mutations):
        self.base, self.mutations = base, mutations
        self.said, self.answer = {}, None
        # What a table may name.
        self.causes = {*mutations, f"base.{base.split('/')[0]}", self.cause}

    def disagreements(self):
        """The clients that refuse what certctl accepts."""
        return [judge for judge, said in self.said.items() if said and self.answer.accepts(judge)]

    @property
    def cause(self):
        """All that is not as usual."""
        return "+".join(self.mutations) or f"base.{self.base.split('/')[0]}"

    def __str__(self):
        return f"{self.base} {' '.join(self.mutations)}"


def build(base, mutations):
    """The case, or None where a mutation has nothing to change."""
    case = Case(base)
    for mutation in mutations:
        try:
            if MUTATIONS[mutation](case) is False:
                return None
        except (IndexError, KeyError, ValueError):
            # The one before it left nothing of this form.
            return None
    return case


def choose(seed, count):
    """The same cases for the same seed."""
    chance = random.Random(seed)
    rows = []
    names = sorted(MUTATIONS)
    while len(rows) < count:
        base = chance.choice(BASES)
        mutations = chance.sample(names, chance.choice((1, 1, 2)))
        if build(base, mutations):
            rows.append((base, mutations))
    return rows


def judge_all(rows, folder, options):
    """A result for each row, with few cases on the disk at a time."""
    results = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for begin in range(0, len(rows), 500):
            some = rows[begin : begin + 500]
            cases = [(build(*row), folder / str(number)) for number, row in enumerate(some)]

            def one(pair):
                pair[0].write(pair[1])
                return judges.ask(*pair, options.certctl)

            answers = list(pool.map(one, cases))
            for row, (said, answer), go in zip(some, answers, judges.go_all(options.go, cases), strict=True):
                result = Result(*row)
                result.said, result.answer = {**said, "go": go}, answer
                results.append(result)
            for _, made in cases:
                shutil.rmtree(made)
    return results


def table(file):
    """(mutation, judge) to what follows on the line. `*.x` is each of `leaf.x`, `sub.x` and `root.x` that exists,
    `a+b` is both in one case."""
    lines = [line.split("#")[0].strip() for line in Path(file).read_text().splitlines()]
    rows = {}
    for pattern, judge, *rest in (line.split(None, 2) for line in lines if line):
        mutations = expanded(pattern)
        for row in [(mutation, judge) for mutation in mutations]:
            if row in rows:
                sys.exit(f"{file}: {' '.join(row)}: there twice")
            rows[row] = rest[0] if rest else ""
        if judge not in judges.JUDGES or not mutations:
            sys.exit(f"{file}: {pattern} {judge}: unknown")
    return rows


def expanded(pattern):
    every = [pattern]
    if pattern.startswith("*."):
        every = [f"{target}{pattern[1:]}" for target in ("leaf", "sub", "root")]
    return [one for one in every if one in BASE_CAUSES or all(part in MUTATIONS for part in one.split("+"))]


class Tables:
    """Which disagreements are known."""

    def __init__(self, options):
        self.explained, self.open = table(EXPLAINED), table(options.open)

    def know(self, result, judge):
        """Whether one of the mutations is open, or explained in the words that the client says."""
        rows = [(cause, judge) for cause in result.causes]
        words = [self.explained[row].partition(" | ")[0] for row in rows if row in self.explained]
        return any(row in self.open for row in rows) or any(one in result.said[judge] for one in words)


def counts(results, tables):
    """A line for each judge."""
    rows = {}
    for judge in judges.JUDGES:
        row = Counter()
        for result in results:
            accepts, said = result.answer.accepts(judge), result.said[judge]
            row["both accept" if accepts else "both refuse"] += accepts == (not said)
            if accepts and said:
                row["certctl accepts, client refuses"] += 1
                row["of which explained or open"] += tables.know(result, judge)
            if not accepts and not said:
                row["certctl refuses, client accepts"] += 1
                row["of which the finding names the client"] += result.answer.names(judge) is not None
        rows[judge] = row
    return rows


COLUMNS = [
    "both accept",
    "both refuse",
    "certctl accepts, client refuses",
    "of which explained or open",
    "certctl refuses, client accepts",
    "of which the finding names the client",
]


def print_table(results, tables):
    print("judge   " + " | ".join(COLUMNS))
    for judge, row in counts(results, tables).items():
        print(f"{judge:8}" + " | ".join(str(row[column]).rjust(len(column)) for column in COLUMNS))


def describe(result, judge):
    findings = "; ".join(f"{one['rule']}: {one['message']}" for one in result.answer.findings) or "nothing"
    return f"{result}\n  {judge}: {result.said[judge]}\n  certctl ({result.answer.code}): {findings}"


def gate(results, tables):
    failed = 0
    for result in results:
        for judge in result.disagreements():
            if not tables.know(result, judge):
                failed += 1
                print(f"certctl accepts, {judge} refuses, and no table says why: {describe(result, judge)}")
        if result.answer.code == 0 and result.answer.errors:
            failed += 1
            print(f"certctl is content with errors: {result}: {result.answer.errors}")
        if result.answer.code not in (0, 1, 4):
            failed += 1
            print(f"certctl ends with {result.answer.code}: {result}")
    return failed


def alone(mutations, folder, options, is_enough=lambda mutation, shown: False):
    """(mutation, judge) to the words of refusals of what certctl accepts, each mutation alone on the usual bases,
    until it is enough."""
    shown, rest = defaultdict(set), mutations
    for base in USUAL:
        rows = [row for row in (on_base(base, mutation) for mutation in rest) if row]
        for result in judge_all(rows, folder, options):
            for judge in result.disagreements():
                shown[result.cause, judge].add(result.said[judge])
        rest = [one for one in rest if not is_enough(one, shown)]
    return shown


def on_base(base, mutation):
    if mutation in BASE_CAUSES:
        return (base.replace(base.split("/")[0], mutation.split(".")[1]), [])
    mutations = mutation.split("+")
    return (base, mutations) if build(base, mutations) else None


def hold_tables(folder, options):
    """Each line must show by its mutation alone."""
    tables = Tables(options)
    explained, known_open = tables.explained, tables.open
    failed = 0
    for both in explained.keys() & known_open.keys():
        failed += 1
        print(f"{' '.join(both)}: explained and open")
    wanted = defaultdict(set)
    for mutation, judge in [*explained, *known_open]:
        wanted[mutation].add(judge)

    def is_enough(mutation, shown):
        return all((mutation, judge) in shown for judge in wanted[mutation])

    shown = alone(sorted(wanted), folder, options, is_enough)
    for row in known_open:
        if row not in shown:
            failed += 1
            print(f"open.txt: {' '.join(row)}: certctl and the client agree now: take the line away")
    for row, text in explained.items():
        words, _, reason = text.partition(" | ")
        if not any(words in said for said in shown.get(row, [])) or not reason:
            failed += 1
            print(f"explained.txt: {' '.join(row)}: no disagreement in these words: {words!r}, but {shown.get(row)}")
    print(f"{len(explained)} explained, {len(known_open)} open")
    return failed


def rewrite(folder, options):
    """open.txt anew, from every mutation alone. The lines for two together stay."""
    explained = table(EXPLAINED)
    lines = {f"{mutation} {judge}" for mutation, judge in table(options.open) if "+" in mutation}
    rows = set(alone([*MUTATIONS, *BASE_CAUSES], folder, options)) - explained.keys()
    for mutation, judge in rows:
        target, _, label = mutation.partition(".")
        every = expanded(f"*.{label}")
        whole = target in ("leaf", "sub", "root") and len(every) > 1 and all((one, judge) in rows for one in every)
        lines.add(f"*.{label} {judge}" if whole else f"{mutation} {judge}")
    head = [line for line in options.open.read_text().splitlines() if line.startswith("#")]
    options.open.write_text("\n".join([*head, *sorted(lines)]) + "\n")
    return 0


def show(folder, base, mutations, options):
    case = build(base, mutations)
    if not case:
        sys.exit("a mutation has nothing to change on this base")
    case.write(folder)
    for words in judges.commands(case, folder, options.certctl).values():
        print("$", shlex.join(map(str, words)))
    said, answer = judges.ask(case, folder, options.certctl)
    said["go"] = judges.go_all(options.go, [(case, folder)])[0]
    for judge, words in said.items():
        print(f"{judge}: {words or 'accepts'}{' <- certctl accepts' if words and answer.accepts(judge) else ''}")
    print(f"certctl: exit {answer.code} {' '.join(answer.errors)}")
    for one in answer.findings:
        print(f"  {one['severity']} {one['rule']}: {one['message']}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certctl", type=Path, default=HERE.parents[2] / "target/debug/certctl")
    parser.add_argument("--go", default="verify")
    parser.add_argument("--open", type=Path, default=HERE / "open.txt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--rewrite", action="store_true", help="open.txt anew")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--show", type=Path)
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args()
    options.certctl = options.certctl.resolve()
    if options.list:
        print("\n".join(MUTATIONS))
        return 0
    if options.show:
        return show(options.show, options.rest[0], options.rest[1:], options)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if options.tables:
            return 1 if hold_tables(folder, options) else 0
        if options.rewrite:
            return rewrite(folder, options)
        results = judge_all(choose(options.seed, options.count), folder, options)
    for judge, version in judges.versions(options.certctl).items():
        print(f"{judge}: {version}")
    tables = Tables(options)
    print_table(results, tables)
    if options.json:
        options.json.write_text(
            json.dumps(
                [
                    {
                        "base": one.base,
                        "mutations": one.mutations,
                        "said": one.said,
                        "code": one.answer.code,
                        "findings": one.answer.findings,
                        "errors": one.answer.errors,
                        "accepts": one.disagreements(),
                        "named": [judge for judge in judges.JUDGES if one.answer.names(judge)],
                    }
                    for one in results
                ]
            )
        )
    return 1 if options.gate and gate(results, tables) else 0


if __name__ == "__main__":
    sys.exit(main())
