#!/usr/bin/env bash
# milvus.sh DIR: does a real Milvus in mutual TLS accept what `certctl gen` made, and only that?
#
# DIR holds ca.pem ca.key server.pem server.key client.pem client.key, with localhost, 127.0.0.1 and ::1
# in the server's names. It is only read. One line `ok …` or `FAIL …` a check; exit 1 if any failed.
# A refusal counts only when Milvus itself gives the reason that was expected in its log: a server that
# is down, or a client that cannot start, proves nothing.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: milvus.sh DIR" >&2; exit 2; }
dir=$1
for file in ca.pem ca.key server.pem server.key client.pem client.key; do
  [ -r "$dir/$file" ] || { echo "milvus.sh: \`$dir/$file\` cannot be read" >&2; exit 2; }
done
# shellcheck source=tests/peers/milvus_server.sh
. "$(dirname "$0")/milvus_server.sh"

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

# settings: the mode, and where Milvus finds its pair.
settings() {
  mkdir -p "$work/tls"
  cp "$dir/ca.pem" "$dir/server.pem" "$dir/server.key" "$work/tls"
  cat > "$work/conf/milvus.yaml" << YAML
proxy:
  http:
    port: $rest
tls:
  serverPemPath: $work/tls/server.pem
  serverKeyPath: $work/tls/server.key
  caPemPath: $work/tls/ca.pem
common:
  security:
    authorizationEnabled: true
    tlsMode: 2
YAML
}

mkdir "$work/own"
cp "$dir/ca.pem" "$dir/ca.key" "$work/own"
issue client-only clientAuth
issue server-only serverAuth

started "Milvus starts with tlsMode 2" settings || exit 1

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
