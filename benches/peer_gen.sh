#!/usr/bin/env bash
# What certctl is measured against: gen.sh and renew.sh in the form in which they run, step by step.
#
#   peer_gen.sh gen|renew rsa|ec DIR
#
# `gen` makes ca.key ca.pem ca.srl server.key server.pem client.key client.pem in DIR, by eight runs of
# openssl in this one shell. `renew` makes new server and client pairs over the CA that is there.
set -eu

command=$1
case $2 in
  rsa) key=(-algorithm RSA -pkeyopt rsa_keygen_bits:2048) ;;
  ec) key=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256) ;;
  *) echo "error: rsa or ec, not \`$2\`" >&2; exit 2 ;;
esac
cd "$3"

subject=/C=US/ST=CA/L=Redwood\ City/O=zilliz/OU=devops/CN=localhost

if [ "$command" = gen ]; then
  openssl genpkey -quiet "${key[@]}" -out ca.key
fi
openssl genpkey -quiet "${key[@]}" -out server.key
openssl genpkey -quiet "${key[@]}" -out client.key

if [ "$command" = gen ]; then
  openssl req -x509 -new -key ca.key -sha256 -days 36500 -subj "$subject" -out ca.pem
fi

cat > openssl.cnf << 'END'
[v3_req]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
END

for name in server client; do
  openssl req -new -key "$name.key" -subj "$subject" \
    | openssl x509 -req -days 3650 -CA ca.pem -CAkey ca.key -CAcreateserial \
      -extfile openssl.cnf -extensions v3_req -out "$name.pem" 2> /dev/null
done
