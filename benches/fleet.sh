#!/usr/bin/env bash
# How long `certctl gen` and `certctl renew` take for a plan of N entries, beside `floor`, which does
# only the system calls that publishing so many files needs. Prints a Markdown table.
#
#   fleet.sh CERTCTL FLOOR [DIR]       DIR: a folder on the disk to measure [default: /var/tmp]
#
#   SIZES        the values of N [default: 1000 10000 100000]
#   OPEN_FILES   the limit of open files [default: 256]
#
# Both programs run on the file system of DIR and on tmpfs (/dev/shm), in turn. certctl 0.1.0 keeps a
# descriptor for each file: it fails for more than 500 entries under `ulimit -n 1024`. Such a row has
# the error instead of numbers, and the exit code is 1.
#
# Needs GNU time, and a machine that does nothing else meanwhile: syncfs also waits for what other
# programs write. Two properties of a disk change the numbers of both programs several times: ext4
# without a journal creates files slowly where files were deleted minutes before, and the mount option
# `discard` makes each removal wait. The heading of the table names both. An image of its own has
# neither (as root):
#
#   truncate -s 6G fs.img && mkfs.ext4 -q -N 1500000 -E lazy_itable_init=0,lazy_journal_init=0 fs.img
#   mkdir -p /mnt/fleet && mount -o loop fs.img /mnt/fleet
#   fleet.sh CERTCTL FLOOR /mnt/fleet; umount /mnt/fleet
# shellcheck disable=SC2016 # the backticks in formats are Markdown
set -euo pipefail
export LC_ALL=C

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: fleet.sh CERTCTL FLOOR [DIR]" >&2
  exit 2
fi
certctl=$(realpath "$1")
floor=$(realpath "$2")
disk=$(realpath "${3:-/var/tmp}")
read -r -a sizes <<< "${SIZES:-1000 10000 100000}"
open_files=${OPEN_FILES:-256}
for program in "$certctl" "$floor" /usr/bin/time findmnt; do
  command -v "$program" > /dev/null || { echo "error: no $program" >&2; exit 1; }
done
for place in "$disk" /dev/shm; do
  [ -d "$place" ] || { echo "error: no directory \`$place\`" >&2; exit 1; }
done
if [ "$(stat -f -c %T "$disk")" = tmpfs ]; then
  echo "error: \`$disk\` is on tmpfs: name a folder on a disk" >&2
  exit 1
fi

results=$(mktemp -d)
on_disk=$(mktemp -d -p "$disk" fleet.XXXXXX)
on_tmpfs=$(mktemp -d -p /dev/shm fleet.XXXXXX)
trap 'rm -rf "$results" "$on_disk" "$on_tmpfs"' EXIT
# ext4 without a journal examines each inode that was deleted in the last minutes, one by one, before it
# creates a file in the same block group. So each run has a new folder, `+T` places each folder in
# a block group of its own, and nothing on the disk is removed before the end.
chattr +T "$on_disk" 2> "$results/chattr" || true

plan() {
  printf "[defaults]\nkey_type = 'ecdsa:p256'\n"
  seq -f %05.0f 0 "$(($1 - 1))" \
    | sed "s/.*/\n[[certificate]]\nname = 'n&'\nsan = ['n&.example']/"
}

# timed TABLE COMMAND…: runs it and appends a line to TABLE: seconds, CPU seconds, KiB, load before.
# The last line that it prints is in $results/out, its errors are in $results/err.
timed() {
  local table=$1 load begin end
  shift
  load=$(cut -d ' ' -f 1 /proc/loadavg)
  begin=$EPOCHREALTIME
  (
    ulimit -n "$open_files"
    exec /usr/bin/time --quiet --format '%U %S %M' --output "$results/time" "$@"
  ) > "$results/out" 2> "$results/err" || return 1
  end=$EPOCHREALTIME
  awk -v begin="$begin" -v end="$end" -v load="$load" \
    '{ printf "%.4f %.2f %d %s\n", end - begin, $1 + $2, $3, load }' "$results/time" >> "$table"
}

# complete FOLDER N: all files of the plan are there, and no temporary file is.
complete() {
  local suffix count
  for suffix in key pem; do
    count=$(find "$1" -maxdepth 1 -type f -name "n*.$suffix" -size +0 | wc -l)
    [ "$count" -eq "$2" ] || { echo "$count of $2 files n*.$suffix" > "$results/err"; return 1; }
  done
  count=$(find "$1" -mindepth 1 -maxdepth 1 -name '.*' | wc -l)
  [ "$count" -eq 0 ] || { echo "$count temporary files are left" > "$results/err"; return 1; }
}

# middle TABLE COLUMN: the median.
middle() { cut -d ' ' -f "$2" "$1" | sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
most() { cut -d ' ' -f "$2" "$1" | sort -g | tail -n 1; }

failures=0
row() {
  local command=$1 n=$2 where=$3 base=$4
  if [ -e "$base-$command-error" ]; then
    printf '| %s | %s | %s | failed: %s |\n' "$n" "$where" "$command" "$(cat "$base-$command-error")"
    failures=$((failures + 1))
    return
  fi
  awk -v n="$n" -v where="$where" -v command="$command" \
    -v seconds="$(middle "$base-$command" 1)" -v cpu="$(middle "$base-$command" 2)" \
    -v peak="$(most "$base-$command" 3)" -v load="$(middle "$base-$command" 4)" \
    -v floor="$(middle "$base-$command-floor" 1)" 'BEGIN {
      printf "| %d | %s | %s | %.3f | %.0f | %.3f | %.1f | %.2f | %.1f | %s |\n",
        n, where, command, seconds, n / seconds, floor, seconds / floor, cpu, peak / 1024, load
    }'
}

# fleet N PLACE NAME: one to three runs of all four commands, then two lines of the table.
fleet() {
  local n=$1 place=$2 where=$3 runs=3 run command ours theirs base=$results/$3-$1
  if [ "$n" -ge 100000 ]; then runs=1; fi
  plan "$n" > "$results/plan"
  for run in $(seq "$runs"); do
    ours=$place/$n-certctl-$run theirs=$place/$n-floor-$run
    mkdir "$ours" "$theirs"
    cp "$results/plan" "$ours/certctl.toml"

    for command in gen renew; do
      if [ "$command" = renew ]; then cp "$ours/n00000.pem" "$results/before.pem"; fi
      sync -f "$place"
      if ! { timed "$base-$command" "$certctl" -q -d "$ours" "$command" && complete "$ours" "$n"; }; then
        # A failed `gen` leaves nothing to renew.
        head -n 2 "$results/err" | tr -s '|\n ' ' ' | sed "s|$ours|DIR|g" > "$base-$command-error"
        if [ "$command" = gen ]; then echo 'no files to renew' > "$base-renew-error"; fi
        break 2
      fi
      if [ "$command" = renew ] && cmp -s "$ours/n00000.pem" "$results/before.pem"; then
        echo 'the certificate is the old one' > "$base-$command-error"
        break 2
      fi
      sync -f "$place"
      ( ulimit -n "$open_files"; exec "$floor" "$command" "$theirs" "$n" ) >> "$base-$command-floor"
      complete "$theirs" "$n"
    done
  done
  row gen "$n" "$where" "$base"
  row renew "$n" "$where" "$base"
}

device=$(findmnt -n -o SOURCE -T "$disk")
journal=no
if compgen -G "/proc/fs/jbd2/$(basename "$device")-*" > "$results/journal"; then journal=yes; fi
type=$(findmnt -n -o FSTYPE -T "$disk")

printf -- '- date: %s\n' "$(date -u '+%Y-%m-%d %H:%M UTC')"
printf -- '- processor: %s, %s cores; Linux %s\n' \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n '1s/  */ /gp')" "$(nproc)" "$(uname -r)"
printf -- '- disk: %s, %s, jbd2 journal: %s\n' "$type" "$(findmnt -n -o OPTIONS -T "$disk")" "$journal"
printf -- '- load average before: %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
printf -- '- certctl: %s, `-q -d DIR gen|renew`, P-256, `ulimit -n %s`\n' \
  "$("$certctl" version)" "$open_files"
printf -- '- median of 3 runs, one run from 100,000 entries; certctl and floor in turn\n'

printf '\n| N | where | command | certctl, s | identities/s | floor, s | ratio | CPU, s | peak, MiB | load |\n'
printf '| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n'
for n in "${sizes[@]}"; do
  fleet "$n" "$on_disk" "$type"
  fleet "$n" "$on_tmpfs" tmpfs
  rm -rf "${on_tmpfs:?}"/*
done
printf '\nCPU and peak memory are those of certctl; load is the load average of the last minute, before the run.\n'

[ "$failures" -eq 0 ]
