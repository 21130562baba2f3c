#!/usr/bin/env bash
# How fast `certctl inspect -r TREE --expires-within 30d` goes through a tree of certificates, how
# its memory grows with the tree, and the same question put to `openssl x509` in a loop.
#
# usage: benches/inspect_tree.sh [FILES]      (100000; CERTCTL names another program)
set -euo pipefail

files=${1:-100000}
certctl=$(realpath "${CERTCTL:-target/release/certctl}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# A few certificates with different ends; each file of the tree is a copy of one of them.
mkdir seed
"$certctl" -q -d seed gen
for days in 20 100 400 1000; do
  "$certctl" -q -d seed issue "d$days" "host$days.example" --days "$days"
done

python3 - "$files" <<'PYTHON'
import os, shutil, sys

rare, common = ["seed/d20.pem"], [f"seed/{name}.pem" for name in ("d100", "d400", "d1000", "server")]
for tree, size in (("small", 1000), ("large", int(sys.argv[1]))):
    for number in range(size):
        folder = f"{tree}/{number // 1000:04}"
        if number % 1000 == 0:
            os.makedirs(folder)
        source = rare[0] if number % 200 == 0 else common[number % len(common)]
        shutil.copyfile(source, f"{folder}/{number % 1000:04}.pem")
PYTHON

# Seconds and the most memory (KiB) of one run; due is exit 3.
measure() {
  python3 - "$certctl" "$1" <<'PYTHON'
import resource, subprocess, sys, time

begin = time.perf_counter()
run = subprocess.run([sys.argv[1], "inspect", "-r", sys.argv[2], "--expires-within", "30d"],
                     stdout=subprocess.DEVNULL)
seconds = time.perf_counter() - begin
assert run.returncode == 3, run.returncode
print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}")
PYTHON
}

best() {
  for _ in 1 2 3 4 5; do measure "$1"; done | sort -n | head -n 1
}

read -r small_seconds small_memory < <(best small)
read -r large_seconds large_memory < <(best large)

peer="openssl is not here"
if command -v openssl > /dev/null; then
  mapfile -t -n 200 sample < <(find large -name '*.pem')
  begin=$(date +%s.%N)
  for file in "${sample[@]}"; do
    openssl x509 -noout -enddate -in "$file" > /dev/null
  done
  peer=$(awk -v n="${#sample[@]}" -v a="$begin" -v b="$(date +%s.%N)" \
    'BEGIN { printf "%.0f files/s", n / (b - a) }')
fi

awk -v files="$files" -v ss="$small_seconds" -v sm="$small_memory" -v ls="$large_seconds" \
    -v lm="$large_memory" -v peer="$peer" 'BEGIN {
  printf "%-34s %10s %12s %12s\n", "", "seconds", "files/s", "max RSS"
  printf "%-34s %10.3f %12.0f %8.1f MiB\n", "certctl inspect, 1000 files", ss, 1000 / ss, sm / 1024
  printf "%-34s %10.3f %12.0f %8.1f MiB\n", "certctl inspect, " files " files", ls, files / ls, lm / 1024
  printf "%-34s %10s %12s %8.1f MiB\n", "growth", "", "", (lm - sm) / 1024
  printf "%-34s %10s %12s\n", "openssl x509 -enddate, in a loop", "", peer
}'
