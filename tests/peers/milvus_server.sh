# shellcheck shell=bash
# A real Milvus of its own for a test: sourced by milvus.sh and milvus_render.sh, not run.
#
# Gives: skip, ok, fail, failures, $work (removed at the end), $python (with pymilvus), configure, start,
# stop, started, said, accepted, refused. The settings under test are all that is in $work/conf/milvus.yaml;
# proxy.http.port has to be among them, for which $rest is free.
#
# Needs what .ci/install-peers installs. Without it: `skipped: no milvus`, an error if
# CERTCTL_PEERS=required.

peers=${CERTCTL_PEER_DIR:-${HOME:-/root}/.cache/certctl-peers}
python=$peers/milvus/bin/python
server=$peers/milvus/server

skip() {
  echo "skipped: no $1"
  [ "${CERTCTL_PEERS:-}" != required ] || exit 1
  exit 0
}

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

# configure: writes $work/conf for ports that are free now, and sets grpc, rest, health, environment.
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
  mkdir -p "$work/conf" "$work/data"

  # Without this file beside milvus.yaml the server ends at start, with status 0 and no message.
  printf '%s\n' --logtostderr=true --minloglevel=2 > "$work/conf/glog.conf"

  cat > "$work/conf/embedEtcd.yaml" << YAML
listen-client-urls: http://127.0.0.1:${ports[3]}
advertise-client-urls: http://127.0.0.1:${ports[3]}
listen-peer-urls: http://127.0.0.1:${ports[4]}
initial-advertise-peer-urls: http://127.0.0.1:${ports[4]}
initial-cluster: default=http://127.0.0.1:${ports[4]}
YAML

  # Its ports and folders come by its environment, which it reads above its files, so that milvus.yaml is
  # the test's. Both levels at info: below that it does not say why it refused a client.
  environment=(
    DEPLOY_MODE=STANDALONE METRICS_PORT="$health" MILVUSCONF="$work/conf"
    PROXY_IP=127.0.0.1 PROXY_PORT="$grpc" PROXY_INTERNALPORT="${ports[5]}" PROXY_HTTP_ENABLED=true
    ROOTCOORD_IP=127.0.0.1 ROOTCOORD_PORT="${ports[6]}"
    QUERYCOORD_IP=127.0.0.1 QUERYCOORD_PORT="${ports[7]}"
    QUERYNODE_IP=127.0.0.1 QUERYNODE_PORT="${ports[8]}"
    INDEXCOORD_BINDINDEXNODEMODE_ADDRESS="127.0.0.1:${ports[9]}"
    INDEXNODE_IP=127.0.0.1 INDEXNODE_PORT="${ports[10]}"
    DATACOORD_IP=127.0.0.1 DATACOORD_PORT="${ports[11]}"
    DATANODE_IP=127.0.0.1 DATANODE_PORT="${ports[12]}"
    ETCD_ENDPOINTS="127.0.0.1:${ports[3]}" ETCD_USE_EMBED=true
    ETCD_CONFIG_PATH="$work/conf/embedEtcd.yaml" ETCD_DATA_DIR="$work/data/etcd"
    COMMON_STORAGETYPE=local LOCALSTORAGE_PATH="$work/data" MQ_TYPE=rocksmq ROCKSMQ_PATH="$work/data/rocksmq"
    GRPC_LOG_LEVEL=INFO LOG_LEVEL=info LOG_STDOUT=true
  )
}

# start: true once Milvus says that it is healthy, false when it ended or is too slow.
start() {
  : > "$work/log"
  # A process group of its own, so that one kill ends all of it.
  (
    cd "$work/data" || exit
    exec env HOME="$work" LD_LIBRARY_PATH="$server" "${environment[@]}" setsid "$server/milvus" run standalone -alias "$alias" >> "$work/log" 2>&1 < /dev/null
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

# started WHAT SETTINGS: configured anew, milvus.yaml written by the function SETTINGS, and started. A second
# try, since a port that was free may be taken by the time Milvus asks for it.
started() {
  local _
  for _ in 1 2; do
    stop
    configure
    "$2"
    if start; then
      ok "$1"
      return
    fi
  done
  fail "$1"
  grep -iE 'panic|tls|x509|fatal|error' "$work/log" | tail -n 5 | cut -c 1-300 >&2
  return 1
}

# ---- what came of a client ---------------------------------------------------------------------

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
