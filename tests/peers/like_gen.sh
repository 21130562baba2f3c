#!/bin/sh
# like_gen.sh SUBJECT NAME: makes the seven files as the vendors' gen.sh does where it works, marks and
# all: one subject for everybody, a CA without keyUsage, serverAuth for the client, too. NAME becomes a
# DNS name in the leaves, even if it is an address.
set -eu
subject=$1 name=$2

rsa() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" 2> /dev/null; }

cat > marks << END
[req]
distinguished_name = none
[none]
[leaf]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, nonRepudiation, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:$name
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END

rsa ca
openssl req -x509 -new -utf8 -config marks -extensions root -days 36500 -subj "$subject" -key ca.key -out ca.pem
for leaf in server client; do
  rsa $leaf
  openssl req -new -utf8 -config marks -subj "$subject" -key $leaf.key -out request
  openssl x509 -req -in request -days 3650 -CA ca.pem -CAkey ca.key -CAserial ca.srl -CAcreateserial \
    -extfile marks -extensions leaf -out $leaf.pem 2> /dev/null
done
rm marks request
