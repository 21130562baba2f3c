#!/usr/bin/env bash
# Fuzzes every parser of certctl with libFuzzer, on the stable toolchain; needs a C++ compiler.
#
#   fuzz/run.sh [SECONDS [TARGET…]]   each target for so long (60), as many at once as there are cores
#   fuzz/run.sh --planted             shows that a bug would be found: one was planted
#
# The corpus begins with tests/fixtures and what `certctl gen` makes, and grows in fuzz/corpus. A log a
# target with its coverage is in fuzz/target/logs; an input that fails is in fuzz/target/findings.
set -euo pipefail
cd "$(dirname "$0")"

planted=
if [ "${1-}" = --planted ]; then
  planted=yes
  shift
fi
seconds=${1:-60}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(pem certificate private_key serial config sans names input report path)
[ -z "$planted" ] || targets=(planted)

host=$(rustc -vV | sed -n 's/^host: //p')
# What cargo-fuzz asks a nightly rustc for, in the words of LLVM, which a stable one passes on.
flags=(--cfg fuzzing -Cpasses=sancov-module)
for option in level=4 inline-8bit-counters pc-table trace-compares; do
  flags+=("-Cllvm-args=-sanitizer-coverage-$option")
done
flags+=(-Ccodegen-units=1)
# With --target, what runs at build time is not instrumented.
RUSTFLAGS=${flags[*]} cargo build --quiet --locked --release --target "$host"

logs=target/logs findings=target/findings
mkdir -p "$logs" "$findings"

# ---- Seeds ----------------------------------------------------------------------------------------

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT

# der FILE LABEL: the first block of that label, decoded.
der() {
  awk -v label="$2" '
    $0 ~ "^-----END " label { exit }
    inside && !/:/ { print } # no headers (RFC 1421)
    $0 ~ "^-----BEGIN " label { inside = 1 }
  ' "$1" | tr -d '\r' | base64 -d
}

for kind in rsa:2048 ecdsa:p256 ecdsa:p384 ed25519; do
  cargo run --quiet --manifest-path ../Cargo.toml -- -q -d "$seeds/${kind/:/-}" gen --cn db.example.com \
    --san '127.0.0.1,URI:spiffe://example.com/db,email:db@example.com' --org-unit a --org-unit b \
    --key-type "$kind"
done
cp -r ../tests/fixtures "$seeds/fixtures"

corpus() { mkdir -p "corpus/$1" && cat > "corpus/$1/$2"; }
while IFS= read -r file; do
  name=${file#"$seeds/"}
  name=seed-${name//\//-}
  for target in pem input report; do
    corpus "$target" "$name" < "$file"
  done
  case $file in
    *.pem)
      for target in certificate planted input report; do
        der "$file" CERTIFICATE | corpus "$target" "$name.der"
      done
      [ ! -e "${file%/*}/ca.pem" ] || {
        der "$file" CERTIFICATE
        der "${file%/*}/ca.pem" CERTIFICATE
      } | corpus path "$name"
      ;;
    *.der.key) corpus private_key "$name" < "$file" ;;
    *.key)
      corpus private_key "$name" < "$file"
      der "$file" '.*PRIVATE KEY' | corpus private_key "$name.der"
      ;;
    *.srl) corpus serial "$name" < "$file" ;;
  esac
done < <(find "$seeds" -type f \( -name '*.pem' -o -name '*.key' -o -name '*.srl' \) ! -name 'rsa16384*')

corpus config seed-example < ../templates/certctl.toml
corpus config seed-plan << 'END'
[subject]
country = "DE"
org_unit = ["a", "b"]
[defaults]
days = 90
key_type = "ecdsa:p256"
san = "db.example.com,10.0.0.1"
[[certificate]]
name = "db"
usage = "peer"
san = ["db.example.com", "URI:spiffe://example.com/db"]
[[certificate]]
name = "app"
usage = "client"
common_name = "app"
END
corpus sans seed-list <<< 'DNS:*.example.com, IP:::1,10.0.0.1,URI:https://a.example/x?y,email:a@b.example,bücher.example'
printf '\x30\x2b\x82\x09localhost\x87\x04\x7f\0\0\1\x86\x09http://a/\x81\x03a@b\x88\x03\x2a\3\4\xa4\x00' |
  corpus sans seed-extension
corpus names seed-slashes <<< '/C=US/DC=org/O=a/OU=x/OU=y/CN=z+UID=1/emailAddress=a@b'
corpus names seed-rfc4514 <<< 'CN=a\, b\C3\BC,1.2.3.4=#0C0178,O=#1401E9,C=DE'
printf '\x30\x1f\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02DE\x31\x10\x30\x0e\x06\x03\x55\x04\x03\x0c\x07example' |
  corpus names seed-der

# ---- Runs -----------------------------------------------------------------------------------------

fuzz() {
  local target=$1 log=$logs/$1.log
  "target/$host/release/$target" "corpus/$target" -max_total_time="$seconds" -timeout=5 \
    -max_len=16384 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$findings/$target-" > "$log" 2>&1
}

if [ -n "$planted" ]; then
  if fuzz planted; then
    echo "error: the planted bug was not found within $seconds s" >&2
    exit 1
  fi
  grep -E 'panicked at|Test unit written' "$logs/planted.log"
  exit
fi

failed=0 running=0
harvest() {
  wait -n || failed=1
  running=$((running - 1))
}
for target in "${targets[@]}"; do
  [ "$running" -lt "$(nproc)" ] || harvest
  fuzz "$target" &
  running=$((running + 1))
done
while [ "$running" -gt 0 ]; do harvest; done

printf '%-14s %12s %9s %8s %8s %s\n' target executions 'a second' edges features finding
for target in "${targets[@]}"; do
  log=$logs/$target.log
  last=$(sed -n '/ cov: [0-9]* ft: /p' "$log" | tail -n 1)
  printf '%-14s %12s %9s %8s %8s %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
    "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' <<< "$last")" \
    "$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' <<< "$last")" \
    "$(sed -n 's/.*Test unit written to //p' "$log")"
done
exit "$failed"
