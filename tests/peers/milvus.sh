#!/usr/bin/env bash
# milvus.sh DIR: does a real Milvus in mutual TLS accept what `certctl gen` made, and only that?
#
# DIR holds ca.pem ca.key server.pem server.key client.pem client.key, with localhost, 127.0.0.1 and ::1
# in the server's names. It is only read. One line `ok …` or `FAIL …` a check; exit 1 if any failed.
# A refusal counts only when Milvus itself gives the reason that was expected in its log: a server that
# is down, or a client that cannot start, proves nothing.
#
# Needs what .ci/install-peers installs. Without it: `skipped: no milvus`, an error if
# CERTCTL_PEERS=required.
set -euo pipefail

peers=${CERTCTL_PEER_DIR:-${HOME:-/root}/.cache/certctl-peers}
python=$peers/milvus/bin/python
server=$peers/milvus/server

skip() {
  echo "skipped: no $1"
  [ "${CERTCTL_PEERS:-}" != required ] || exit 1
  exit 0
}

[ $# -eq 1 ] || { echo "usage: milvus.sh DIR" >&2; exit 2; }
dir=$1
for file in ca.pem ca.key server.pem server.key client.pem client.key; do
  [ -r "$dir/$file" ] || { echo "milvus.sh: \`$dir/$file\` cannot be read" >&2; exit 2; }
done
for program in "$python" "$server/milvus"; do
  [ -x "$program" ] || skip milvus
done
for program in openssl curl setsid timeout; do
  command -v "$program" > /dev/null || skip "$program"
done

# A proxy would stand between the client and the server under test.
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY grpc_proxy all_proxy ALL_PROXY
export NO_PROXY='*' no_proxy='*'

work=$(mktemp -d)
alias=certctl-$$
group=
failures=0

stop() {
  [ -n "$group" ] || return 0
  # Nothing in it is worth a shutdown in good order, which takes Milvus many seconds.
  kill -KILL -- "-$group" 2> /dev/null || true
  wait "$group" 2> /dev/null || true
  # These two it puts outside of its data directory.
  rm -f "/tmp/milvus/server_id_$group" "/run/milvus/standalone-$alias.pid" "/tmp/milvus/standalone-$alias.pid"
  rmdir /tmp/milvus /run/milvus 2> /dev/null || true
  group=
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

ok() { echo "ok $1"; }
fail() { echo "FAIL $1"; failures=$((failures + 1)); }

# ---- the server -------------------------------------------------------------------------------

# configure: writes $work/conf for ports that are free now, and sets grpc, rest, health.
configure() {
  local ports
  read -r -a ports < <("$python" -c '
import socket
held = [socket.socket() for _ in range(13)]
for s in held:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in held))')
  grpc=${ports[0]} rest=${ports[1]} health=${ports[2]}

  rm -rf "$work/conf" "$work/data"
  mkdir -p "$work/conf" "$work/data" "$work/tls"
  cp "$dir/ca.pem" "$dir/server.pem" "$dir/server.key" "$work/tls"

  # Without this file beside milvus.yaml the server ends at start, with status 0 and no message.
  printf '%s\n' --logtostderr=true --minloglevel=2 > "$work/conf/glog.conf"

  cat > "$work/conf/embedEtcd.yaml" << YAML
listen-client-urls: http://127.0.0.1:${ports[3]}
advertise-client-urls: http://127.0.0.1:${ports[3]}
listen-peer-urls: http://127.0.0.1:${ports[4]}
initial-advertise-peer-urls: http://127.0.0.1:${ports[4]}
initial-cluster: default=http://127.0.0.1:${ports[4]}
YAML

  # Both levels at info: below that it does not say why it refused a client.
  cat > "$work/conf/milvus.yaml" << YAML
tls:
  serverPemPath: $work/tls/server.pem
  serverKeyPath: $work/tls/server.key
  caPemPath: $work/tls/ca.pem
common:
  storageType: local
  security:
    authorizationEnabled: true
    tlsMode: 2
proxy:
  ip: 127.0.0.1
  port: $grpc
  internalPort: ${ports[5]}
  http:
    enabled: true
    port: $rest
etcd:
  endpoints: 127.0.0.1:${ports[3]}
  use:
    embed: true
  config:
    path: $work/conf/embedEtcd.yaml
  data:
    dir: $work/data/etcd
localStorage:
  path: $work/data
mq:
  type: rocksmq
rocksmq:
  path: $work/data/rocksmq
rootCoord:
  ip: 127.0.0.1
  port: ${ports[6]}
queryCoord:
  ip: 127.0.0.1
  port: ${ports[7]}
queryNode:
  ip: 127.0.0.1
  port: ${ports[8]}
indexCoord:
  bindIndexNodeMode:
    address: 127.0.0.1:${ports[9]}
indexNode:
  ip: 127.0.0.1
  port: ${ports[10]}
dataCoord:
  ip: 127.0.0.1
  port: ${ports[11]}
dataNode:
  ip: 127.0.0.1
  port: ${ports[12]}
grpc:
  log:
    level: INFO
log:
  level: info
  stdout: true
  file:
    rootPath: ""
YAML
}

# start: true once Milvus says that it is healthy, false when it ended or is too slow.
start() {
  : > "$work/log"
  # A process group of its own, so that one kill ends all of it.
  (
    cd "$work/data"
    export HOME=$work DEPLOY_MODE=STANDALONE METRICS_PORT=$health MILVUSCONF=$work/conf
    export LD_LIBRARY_PATH=$server
    exec setsid "$server/milvus" run standalone -alias "$alias" >> "$work/log" 2>&1 < /dev/null
  ) &
  group=$!
  local until=$((SECONDS + 120))
  while [ "$SECONDS" -lt "$until" ]; do
    [ "$(curl -s -m 2 "http://127.0.0.1:$health/healthz")" != OK ] || return 0
    kill -0 "$group" 2> /dev/null || break
    sleep 0.2
  done
  stop
  return 1
}

# ---- the clients ------------------------------------------------------------------------------

cat > "$work/client.py" << 'PY'
"""client.py PORT NAME CA [CERT KEY] list|life: exit 0 done, 3 the server could not be reached, 1 else."""
import sys

from pymilvus import (Collection, CollectionSchema, DataType, FieldSchema, MilvusException,
                      connections, utility)

port, name, ca, *pair, what = sys.argv[1:]
if pair:
    files = {"client_pem_path": pair[0], "client_key_path": pair[1], "ca_pem_path": ca}
else:
    # Without a pair pymilvus does not look at ca_pem_path; this is its one-way form.
    files = {"server_pem_path": ca}
try:
    connections.connect(host="localhost", port=port, user="root", password="Milvus", secure=True,
                        server_name=name, timeout=3, **files)
except MilvusException as error:
    print(error)
    sys.exit(3)

if what == "life":
    schema = CollectionSchema([FieldSchema("id", DataType.INT64, is_primary=True),
                               FieldSchema("vector", DataType.FLOAT_VECTOR, dim=4)])
    collection = Collection("certctl", schema)
    assert "certctl" in utility.list_collections(timeout=10)
    assert collection.insert([[1, 2, 3], [[0.1] * 4, [0.2] * 4, [0.3] * 4]], timeout=10).insert_count == 3
    collection.drop(timeout=10)
assert utility.list_collections(timeout=10) == []
PY

grpc() { timeout 90 "$python" "$work/client.py" "$grpc" "$@" > "$work/out" 2>&1; }

rest() {
  timeout 90 curl -sS -m 5 --noproxy '*' --fail -H 'Authorization: Bearer root:Milvus' "$@" \
    "https://localhost:$rest/v1/vector/collections" > "$work/out" 2>&1
}

# said FROM TEXT: what Milvus logged behind byte FROM, one line a mention of TEXT (a basic regex).
said() { tail -c "+$(($1 + 1))" "$work/log" | grep -o -- "$2"; }

# accepted WHAT CLIENT ARGUMENT…
accepted() {
  local what=$1 before
  shift
  before=$(wc -c < "$work/log")
  if "$@"; then
    ok "$what"
  else
    fail "$what: $(tail -n 1 "$work/out"); Milvus: $(said "$before" 'tls: [^"\\]*' | tail -n 1)"
  fi
}

# refused WHAT STATUS REASON CLIENT ARGUMENT…: STATUS is the client's, REASON is looked for in what the
# server logs from now on.
refused() {
  local what=$1 status=$2 reason=$3 before got=0
  shift 3
  before=$(wc -c < "$work/log")
  "$@" || got=$?
  if [ "$got" -eq 0 ]; then
    fail "$what: was let in"
    return
  fi
  if ! [[ " $status " = *" $got "* ]]; then
    fail "$what: the client ended with $got: $(tail -n 1 "$work/out")"
    return
  fi
  local _
  for _ in {1..20}; do
    if said "$before" "$reason" > "$work/said"; then
      ok "$what ($reason)"
      return
    fi
    sleep 0.1
  done
  fail "$what: refused, but Milvus did not say \`$reason\`: $(tail -n 1 "$work/out")"
}

# issue NAME USAGE: one more client under a copy of the CA, so that ca.srl stays as it is.
issue() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" 2> /dev/null
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr" 2> /dev/null
  printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature \
    "extendedKeyUsage=$2" "subjectAltName=DNS:$1.example" \
    subjectKeyIdentifier=hash authorityKeyIdentifier=keyid > "$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -days 1 -CA "$work/own/ca.pem" -CAkey "$work/own/ca.key" \
    -set_serial "0x$(openssl rand -hex 8)" -extfile "$work/$1.ext" -out "$work/$1.pem" 2> /dev/null
}

# ---- the checks -------------------------------------------------------------------------------

mkdir "$work/own"
cp "$dir/ca.pem" "$dir/ca.key" "$work/own"
issue client-only clientAuth
issue server-only serverAuth

# A second try, since a port that was free may be taken by the time Milvus asks for it.
configure
start || { configure; start; } || {
  fail "Milvus starts with tlsMode 2"
  grep -iE 'panic|tls|x509|fatal|error' "$work/log" | tail -n 5 | cut -c 1-300 >&2
  exit 1
}
ok "Milvus starts with tlsMode 2"

ca=$dir/ca.pem
client=("$dir/client.pem" "$dir/client.key")
as_server=("$dir/server.pem" "$dir/server.key")
no_pair="tls: client didn't provide a certificate"
wrong_use="x509: certificate specifies an incompatible key usage"
# curl: 35 in the handshake; 55 or 56 behind it, where TLS 1.3 puts a refused client certificate.
curl_refused="35 55 56"

accepted "gRPC: client.pem lists collections" grpc localhost "$ca" "${client[@]}" list
accepted "gRPC: client.pem creates a collection, inserts, drops it" grpc localhost "$ca" "${client[@]}" life
accepted "gRPC: by the address 127.0.0.1" grpc 127.0.0.1 "$ca" "${client[@]}" list
refused "gRPC: a client without a pair is refused" 3 "$no_pair" grpc localhost "$ca" list
accepted "REST: client.pem lists collections" rest --cacert "$ca" --cert "${client[0]}" --key "${client[1]}"
refused "REST: a client without a pair is refused" "$curl_refused" "$no_pair" rest --cacert "$ca"

# The sanity of mutual TLS: whoever holds a server's pair is not a client.
if openssl x509 -in "${as_server[0]}" -noout -ext extendedKeyUsage 2> /dev/null | grep -q 'Client Auth'; then
  accepted "gRPC: server.pem, which allows clientAuth, is let in" grpc localhost "$ca" "${as_server[@]}" list
else
  refused "gRPC: server.pem as a client is refused" 3 "$wrong_use" grpc localhost "$ca" "${as_server[@]}" list
  refused "REST: server.pem as a client is refused" "$curl_refused" "$wrong_use" \
    rest --cacert "$ca" --cert "${as_server[0]}" --key "${as_server[1]}"
fi

# These two differ in nothing but the usage: the checks above can fail.
accepted "gRPC: another client of this CA, clientAuth, is let in" \
  grpc localhost "$ca" "$work/client-only.pem" "$work/client-only.key" list
refused "gRPC: the same with serverAuth, as gen.sh made it, is refused" 3 "$wrong_use" \
  grpc localhost "$ca" "$work/server-only.pem" "$work/server-only.key" list
refused "REST: the same with serverAuth, as gen.sh made it, is refused" "$curl_refused" "$wrong_use" \
  rest --cacert "$ca" --cert "$work/server-only.pem" --key "$work/server-only.key"

[ "$failures" -eq 0 ] || exit 1
