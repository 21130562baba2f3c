#!/usr/bin/env bash
# certctl against gen.sh and renew.sh, side by side in one run of hyperfine. Writes benches/RESULTS.md.
#
#   benches/compare.sh [RUNS]          50 runs of each if not told otherwise
#
# Needs cargo, openssl, hyperfine, GNU time, and a machine that does nothing else meanwhile.
# shellcheck disable=SC2016 # the backticks in formats are Markdown
set -euo pipefail
export LC_ALL=C

cd "$(dirname "$0")/.."
runs=${1:-50}
results=benches/RESULTS.md
for program in cargo openssl hyperfine /usr/bin/time; do
  command -v "$program" > /dev/null || { echo "error: no $program" >&2; exit 1; }
done

cargo build --quiet --release --locked
certctl=target/release/certctl
keys=$(cargo bench --locked --bench keys --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\))$/\1/p')
peer=benches/peer_gen.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
load=$(cut -d ' ' -f 1-3 /proc/loadavg)

# measure NAME PREPARATION COMMAND…: one line of the run. In the results, `DIR` stands for a folder.
names=() arguments=()
declare -A shown
measure() {
  local name=$1 prepare=$2
  shift 2
  names+=("$name")
  shown[$name]=${*//"$work"\/"$name"/DIR}
  arguments+=(--command-name "$name" --prepare "$prepare" "$*")
}
# The folder is empty before each run of `gen`, and holds a set before each run of `renew`.
empty() { echo "sh -c 'rm -rf $work/$1 && mkdir $work/$1'"; }
keep() { echo true; }

measure rsa-gen.sh "$(empty rsa-gen.sh)" "$peer" gen rsa "$work/rsa-gen.sh"
measure rsa-gen "$(empty rsa-gen)" "$certctl" -d "$work/rsa-gen" gen
measure rsa-keys "$(keep)" "$keys" make 3 rsa:2048
measure ec-gen.sh "$(empty ec-gen.sh)" "$peer" gen ec "$work/ec-gen.sh"
measure ec-gen "$(empty ec-gen)" "$certctl" -d "$work/ec-gen" gen --key-type ecdsa:p256
measure rsa-renew.sh "$(keep)" "$peer" renew rsa "$work/rsa-renew.sh"
measure rsa-renew "$(keep)" "$certctl" -d "$work/rsa-renew" renew
measure ec-renew.sh "$(keep)" "$peer" renew ec "$work/ec-renew.sh"
measure ec-renew "$(keep)" "$certctl" -d "$work/ec-renew" renew
measure version "$(keep)" "$certctl" version

mkdir "$work"/{rsa,ec}-renew{,.sh}
for kind in rsa ec; do "$peer" gen "$kind" "$work/$kind-renew.sh"; done
"$certctl" -q -d "$work/rsa-renew" gen
"$certctl" -q -d "$work/ec-renew" gen --key-type ecdsa:p256

hyperfine --shell none --warmup 3 --runs "$runs" --export-csv "$work/run.csv" "${arguments[@]}"

# Columns: command,mean,stddev,median,user,system,min,max; times in seconds.
cell() { awk -F , -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/run.csv"; }
median() { cell "$1" 4; }
cpu() { awk -v one="$(cell "$1" 5)" -v other="$(cell "$1" 6)" 'BEGIN { print one + other }'; }
ms() { awk -v seconds="$1" 'BEGIN { printf "%.1f ms", seconds * 1000 }'; }
ratio() { awk -v slow="$1" -v fast="$2" -v digits="$3" 'BEGIN { printf "%.*f", digits, slow / fast }'; }
# peak COMMAND…: the memory of its largest process.
peak() {
  /usr/bin/time --quiet --format %M --output "$work/peak" "$@" > "$work/output"
  awk '{ printf "%.1f MiB", $1 / 1024 }' "$work/peak"
}

row() {
  printf '| %s | %s | %s | %s | %s | %s |\n' "$1" \
    "$(ms "$(median "$2.sh")")" "$(ms "$(median "$2")")" \
    "$(ratio "$(median "$2.sh")" "$(median "$2")" 1)" \
    "$(ms "$(cpu "$2.sh")")" "$(ms "$(cpu "$2")")"
}

for name in peak-gen.sh peak-gen; do mkdir "$work/$name"; done
{
  printf '# Results\n\nWritten by `benches/compare.sh`; see there. Do not edit.\n\n'
  printf -- '- date: %s\n' "$(date -u '+%Y-%m-%d %H:%M UTC')"
  printf -- '- processor: %s, %s cores\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n '1s/  */ /gp')" "$(nproc)"
  printf -- '- load average before: %s\n' "$load"
  printf -- '- certctl: %s, %s\n' "$("$certctl" version)" "$(rustc --version)"
  printf -- '- peer: %s\n' "$(openssl version)"
  printf -- '- one run of %s, each command %s times, the folder empty before each `gen`\n' \
    "$(hyperfine --version)" "$runs"

  printf '\n| | the script | certctl | times faster | CPU, script | CPU, certctl |\n'
  printf '| --- | ---: | ---: | ---: | ---: | ---: |\n'
  row 'gen, RSA 2048' rsa-gen
  row 'gen, P-256' ec-gen
  row 'renew, RSA 2048' rsa-renew
  row 'renew, P-256' ec-renew
  printf '\nTimes are medians; CPU is user and system time of all processes and threads, on average.\n'

  printf '\n| | |\n| --- | ---: |\n'
  printf '| CPU of making three RSA 2048 keys, nothing else | %s |\n' "$(ms "$(cpu rsa-keys)")"
  printf '| CPU of `gen` over that | %s |\n' "$(ratio "$(cpu rsa-gen)" "$(cpu rsa-keys)" 2)"
  printf '| peak memory of `certctl gen` | %s |\n' "$(peak "$certctl" -d "$work/peak-gen" gen)"
  printf '| peak memory of `certctl renew` | %s |\n' "$(peak "$certctl" -d "$work/peak-gen" renew)"
  printf '| peak memory of the script'"'"'s largest process | %s |\n' \
    "$(peak "$peer" gen rsa "$work/peak-gen.sh")"
  printf '| start-up (`certctl version`) | %s |\n' "$(ms "$(median version)")"
  printf '| binary, stripped | %s |\n' \
    "$(stat -c %s "$certctl" | awk '{ printf "%.2f MB", $1 / 1000000 }')"

  printf '\n## Keys\n\nMedians of `cargo bench --bench keys`, right after the run above.\n\n'
  "$keys"

  printf '\n## Commands\n\n'
  for name in "${names[@]}"; do
    printf -- '- %s: `%s`\n' "$name" "${shown[$name]/"$keys"/keys}"
  done
} > "$work/results.md"
mv "$work/results.md" "$results"
cat "$results"
