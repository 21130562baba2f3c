#!/usr/bin/env bash
# certctl beside the repaired script (peer_gen.sh, openssl) and mkcert: one run of hyperfine, on disk
# and on tmpfs. Prints Markdown: the times, the calls that wait for the disk, and what each peer omits.
#
#   peers.sh CERTCTL
#
#   RUNS    runs of each command [default: 20]
#   DISK    a folder on the disk to measure [default: /var/tmp]
#   PEER    peer_gen.sh [default: beside this script]
#
# Needs openssl, hyperfine, strace, mkcert (Debian: mkcert libnss3-tools), and a machine that does
# nothing else meanwhile. mkcert runs with a CAROOT and HOME of its own and never with `-install`, so
# no trust store changes.
# shellcheck disable=SC2016 # the backticks in formats are Markdown
set -euo pipefail
export LC_ALL=C

if [ $# -ne 1 ]; then
  echo "usage: peers.sh CERTCTL" >&2
  exit 2
fi
certctl=$(realpath "$1")
runs=${RUNS:-20}
disk=$(realpath "${DISK:-/var/tmp}")
here=$(dirname "$(realpath "$0")")
peer=${PEER:-$here/peer_gen.sh}
for program in "$certctl" "$peer" openssl hyperfine strace mkcert findmnt; do
  command -v "$program" > /dev/null || { echo "error: no $program" >&2; exit 1; }
done
if [ "$(stat -f -c %T "$disk")" = tmpfs ]; then
  echo "error: \`$disk\` is on tmpfs: name a folder on a disk" >&2
  exit 1
fi
type=$(findmnt -n -o FSTYPE -T "$disk")

work=$(mktemp -d)
on_disk=$(mktemp -d -p "$disk" peers.XXXXXX)
on_tmpfs=$(mktemp -d -p /dev/shm peers.XXXXXX)
trap 'rm -rf "$work" "$on_disk" "$on_tmpfs"' EXIT
# See fleet.sh: ext4 without a journal creates files slowly where files were deleted before. So each
# folder has a block group of its own, and old files are moved away instead of removed.
chattr +T "$on_disk" 2> "$work/chattr" || true

# mkcert then examines no trust store, which makes it faster.
mkdir "$work/home"
export HOME=$work/home TRUST_STORES=none

# empty DIR: the folder is new. without DIR: the pair `one` is not there.
cat > "$work/empty" << 'EMPTY'
#!/bin/sh -e
mkdir -p "$1.aside"
if [ -e "$1" ]; then mv "$1" "$(mktemp -d -p "$1.aside")"; fi
mkdir "$1"
EMPTY
cat > "$work/without" << 'WITHOUT'
#!/bin/sh -e
mkdir -p "$1.aside"
if [ -e "$1/one.pem" ]; then mv "$1/one.pem" "$1/one.key" "$(mktemp -d -p "$1.aside")"; fi
WITHOUT

# The steps of peer_gen.sh for one pair `one` over the CA in DIR.
cat > "$work/script-one" << 'SCRIPT_ONE'
#!/usr/bin/env bash
set -eu
cd "$1"
subject=/C=US/ST=CA/L=Redwood\ City/O=zilliz/OU=devops/CN=localhost
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out one.key
cat > openssl.cnf << 'CNF'
[v3_req]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
CNF
openssl req -new -key one.key -subj "$subject" \
  | openssl x509 -req -days 3650 -CA ca.pem -CAkey ca.key -CAcreateserial \
    -extfile openssl.cnf -extensions v3_req -out one.pem 2> /dev/null
SCRIPT_ONE

# mkcert-both DIR [-ecdsa], mkcert-one DIR -ecdsa: the CA is in DIR; the first call creates it.
cat > "$work/mkcert-both" << 'MKCERT_BOTH'
#!/bin/sh -e
cd "$1"
export CAROOT=$1
mkcert $2 -cert-file server.pem -key-file server.key localhost 2> /dev/null
mkcert $2 -client -cert-file client.pem -key-file client.key localhost 2> /dev/null
MKCERT_BOTH
cat > "$work/mkcert-one" << 'MKCERT_ONE'
#!/bin/sh -e
cd "$1"
export CAROOT=$1
exec mkcert $2 -cert-file one.pem -key-file one.key localhost 2> /dev/null
MKCERT_ONE
chmod +x "$work"/{empty,without,script-one,mkcert-both,mkcert-one}

# measure WHERE NAME PREPARATION COMMAND…: one command of the run.
arguments=()
declare -A commands prepares
measure() {
  local id=$1-$2 prepare=$3
  shift 3
  commands[$id]=$*
  prepares[$id]=$prepare
  arguments+=(--command-name "$id" --prepare "$prepare" "$*")
}

measure_all() {
  local where=$1 base=$2 name

  measure "$where" gen-rsa-certctl "$work/empty $base/gen-rsa-certctl" \
    "$certctl -q -d $base/gen-rsa-certctl gen"
  measure "$where" gen-rsa-script "$work/empty $base/gen-rsa-script" \
    "$peer gen rsa $base/gen-rsa-script"
  measure "$where" gen-rsa-mkcert "$work/empty $base/gen-rsa-mkcert" \
    "$work/mkcert-both $base/gen-rsa-mkcert"
  measure "$where" gen-ec-certctl "$work/empty $base/gen-ec-certctl" \
    "$certctl -q -d $base/gen-ec-certctl gen --key-type ecdsa:p256"
  measure "$where" gen-ec-script "$work/empty $base/gen-ec-script" "$peer gen ec $base/gen-ec-script"
  measure "$where" gen-ec-mkcert "$work/empty $base/gen-ec-mkcert" \
    "$work/mkcert-both $base/gen-ec-mkcert -ecdsa"

  # The other commands need a CA, and `server` and `client` beside it.
  for name in issue renew-one renew-both; do
    mkdir "$base/$name"-{certctl,script,mkcert}
    "$certctl" -q -d "$base/$name-certctl" gen --key-type ecdsa:p256
    "$peer" gen ec "$base/$name-script"
    "$work/mkcert-both" "$base/$name-mkcert" -ecdsa
  done
  "$certctl" -q -d "$base/renew-one-certctl" issue one localhost --key-type ecdsa:p256 2> "$work/notes"
  "$work/script-one" "$base/renew-one-script"
  "$work/mkcert-one" "$base/renew-one-mkcert" -ecdsa

  measure "$where" issue-certctl "$work/without $base/issue-certctl" \
    "$certctl -q -d $base/issue-certctl issue one localhost --key-type ecdsa:p256"
  measure "$where" issue-script "$work/without $base/issue-script" "$work/script-one $base/issue-script"
  measure "$where" issue-mkcert "$work/without $base/issue-mkcert" \
    "$work/mkcert-one $base/issue-mkcert -ecdsa"
  measure "$where" renew-one-certctl true "$certctl -q -d $base/renew-one-certctl renew one"
  measure "$where" renew-one-script true "$work/script-one $base/renew-one-script"
  measure "$where" renew-one-mkcert true "$work/mkcert-one $base/renew-one-mkcert -ecdsa"
  measure "$where" renew-both-certctl true "$certctl -q -d $base/renew-both-certctl renew"
  measure "$where" renew-both-script true "$peer renew ec $base/renew-both-script"
  measure "$where" renew-both-mkcert true "$work/mkcert-both $base/renew-both-mkcert -ecdsa"
}
measure_all "$type" "$on_disk"
measure_all tmpfs "$on_tmpfs"

sync -f "$disk"
load_before=$(cut -d ' ' -f 1-3 /proc/loadavg)
hyperfine --shell none --style basic --warmup 2 --runs "$runs" --export-csv "$work/run.csv" \
  "${arguments[@]}" > "$work/hyperfine.log" 2>&1 || { cat "$work/hyperfine.log" >&2; exit 1; }
load_after=$(cut -d ' ' -f 1-3 /proc/loadavg)

# waits ID: the calls that wait for the disk, counted in one more run.
waits() {
  local id=$1
  ${prepares[$id]}
  # shellcheck disable=SC2086 # the words of a command
  strace -f -c -o "$work/trace" -e trace=fsync,fdatasync,syncfs,sync,sync_file_range,msync \
    ${commands[$id]} > "$work/out" 2> "$work/err" || { cat "$work/err" >&2; return 1; }
  awk '$NF ~ /^(fsync|fdatasync|syncfs|sync|sync_file_range|msync)$/ {
    text = text (text == "" ? "" : ", ") $4 " " $NF
  } END { print text == "" ? "0" : text }' "$work/trace"
}

# Columns: command,mean,stddev,median,user,system,min,max; times in seconds.
cell() { awk -F , -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/run.csv"; }

rows() {
  local where=$1 what=$2 title=$3 ours who id calls
  ours=$(cell "$where-$what-certctl" 4)
  for who in certctl script mkcert; do
    id=$where-$what-$who
    calls=$(waits "$id")
    awk -v title="$title" -v where="$where" -v who="$who" -v calls="$calls" -v ours="$ours" \
      -v median="$(cell "$id" 4)" -v least="$(cell "$id" 7)" \
      -v user="$(cell "$id" 5)" -v system_time="$(cell "$id" 6)" 'BEGIN {
        printf "| %s | %s | %s | %.1f ms | %.1f ms | %.1f | %.1f ms | %s |\n",
          title, where, who, median * 1000, least * 1000, median / ours,
          (user + system_time) * 1000, calls
      }'
  done
}

printf -- '- date: %s\n' "$(date -u '+%Y-%m-%d %H:%M UTC')"
printf -- '- processor: %s, %s cores; Linux %s\n' \
  "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed -n '1s/  */ /gp')" "$(nproc)" "$(uname -r)"
printf -- '- disk: %s, %s\n' "$type" "$(findmnt -n -o OPTIONS -T "$disk")"
printf -- '- load average before: %s; after: %s\n' "$load_before" "$load_after"
printf -- '- certctl: %s\n' "$("$certctl" version)"
printf -- '- script: %s with %s\n' "$(basename "$peer")" "$(openssl version | sed 's/ (.*//')"
printf -- '- mkcert: %s (Debian %s)\n' "$(mkcert -version)" \
  "$(dpkg-query -W -f '${Version}' mkcert 2> "$work/dpkg" || echo 'package unknown')"
printf -- '- one run of %s, each command %s times after 2 warm-up runs\n' "$(hyperfine --version)" "$runs"

printf '\n| | where | program | median | minimum | median / certctl | CPU | calls that wait for the disk |\n'
printf '| --- | --- | --- | ---: | ---: | ---: | ---: | --- |\n'
for where in "$type" tmpfs; do
  rows "$where" gen-rsa 'gen, RSA 2048'
  rows "$where" gen-ec 'gen, P-256'
  rows "$where" issue 'issue one pair, P-256'
  rows "$where" renew-one 'renew one pair, P-256'
  rows "$where" renew-both 'renew server and client, P-256'
done
cat << 'NOTES'

CPU is user and system time of all processes and threads, on average. The calls are counted by
`strace -f -c` in one more run. `gen` of mkcert is two calls, the first of which creates the CA; its
RSA CA has 3072 bits, its leaves 2048. It runs with TRUST_STORES=none, so it examines no trust store.
One pair of the script is the same openssl steps for one name.

What the peers do not do:

- script: It does not wait for the disk, so a power failure can leave empty files. It truncates and
  writes each file in place: a reader can see half a file, and an interruption leaves a new key beside
  an old certificate. It has no lock and does not check what it wrote. Its client certificate has only
  serverAuth. `gen` replaces an existing CA without a question. SANs and validity are in its source.
- mkcert: It does not wait for the disk. It truncates and writes each file in place, the certificate
  before the key. It has no lock and does not check what it wrote. The validity (CA 10 years, leaf 27
  months) and the subject (user and host name) are fixed. Its client certificate has serverAuth too. It
  has no plan, no renewal by expiry and no CRL; renewal is the first call again, with all names.
NOTES
