# judges.sh PURPOSE HOST: what each client says of PURPOSE.pem (a server's or a client's) under ca.pem in this
# folder, `JUDGE VERDICT` a line; `ok` accepts. From outside: PYTHON, NODE_24, GO_OLD, GO_NEW (programs of
# verify.go), JAVA_CLASSES (folder of Verify.class), RUSTLS, SCRIPTS (this folder).

purpose=$1 host=$2 file=$1.pem key=$1.key
case $purpose in server) number=1 usage=V ;; *) number=2 usage=C ;; esac
case $host in *[!0-9.]*) kind=hostname ;; *) kind=ip ;; esac

# say JUDGE: the first line of its standard input that is not empty.
say() { printf '%s %s\n' "$1" "$(grep -m1 . | cut -c1-400)"; }

# As TLS clients call OpenSSL; certtool and certutil have options of their own.
openssl_says() {
  set -- -CAfile ca.pem -untrusted "$file" -purpose "ssl$purpose" -auth_level 2 "$@"
  if [ "$purpose" = server ]; then set -- "-verify_$kind" "$host" "$@"; fi
  openssl verify "$@" "$file" 2>&1 | sed "s/^$file: OK\$/ok/; /^error [0-9]/!{/^ok\$/!d}; s/.*lookup: //"
}
{ openssl_says; echo 'cannot be loaded'; } | say openssl
{ openssl_says -x509_strict; echo 'cannot be loaded'; } | say openssl-strict

set -- --verify --verify-profile=medium --load-ca-certificate ca.pem --infile "$file" "--verify-purpose=1.3.6.1.5.5.7.3.$number"
if [ "$purpose" = server ]; then set -- "$@" "--verify-hostname=$host"; fi
certtool "$@" 2>&1 | sed 's/.*Chain verification output: //; s/^Verified. The certificate is trusted.*/ok/' | tail -n +2 |
  { sed -n '/^ok\|^Not verified/p'; echo 'cannot be loaded'; } | say gnutls

rm -rf db && mkdir db
awk '/BEGIN CERT/{n++} n{print > ("sent" n ".pem")}' "$file"
{
  certutil -N -d sql:db --empty-password && certutil -A -d sql:db -n ca -t CT,, -i ca.pem
  for sent in sent[2-9].pem; do
    [ ! -f "$sent" ] || certutil -A -d sql:db -n "$sent" -t ,, -i "$sent"
  done
  certutil -A -d sql:db -n leaf -t ,, -i sent1.pem && certutil -V -e -d sql:db -n leaf -u $usage
} 2>&1 | sed 's/^certutil: certificate is valid$/ok/' | say nss
rm -f sent*.pem

"$GO_OLD" ca.pem "$purpose" "$host" "$file" | say go-1.19
"$GO_NEW" ca.pem "$purpose" "$host" "$file" | say go-1.27
java --add-exports java.base/sun.security.util=ALL-UNNAMED -cp "$JAVA_CLASSES" Verify ca.pem "$purpose" "$host" "$file" 2>&1 | say java
"$PYTHON" "$SCRIPTS/verify.py" ca.pem "$purpose" "$host" "$file" "$key" 2>&1
node "$SCRIPTS/verify.mjs" ca.pem "$purpose" "$host" "$file" "$key" 2>&1 | say node-20
"$NODE_24" "$SCRIPTS/verify.mjs" ca.pem "$purpose" "$host" "$file" "$key" 2>&1 | say node-24
"$RUSTLS" ca.pem "$purpose" "$host" "$file" 2>&1

[ "$purpose" = server ] || exit 0
: > served
openssl s_server -www -naccept 1 -accept 127.0.0.1:0 -cert "$file" -cert_chain "$file" -key "$key" \
  -cipher DEFAULT@SECLEVEL=0 > served 2>&1 &
port=
for _ in $(seq 100); do
  port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' served)
  if [ -n "$port" ] || ! kill -0 $! 2> /dev/null; then break; fi
  sleep 0.05
done
{
  if [ -n "$port" ]; then
    curl -sS -o /dev/null --max-time 5 --cacert ca.pem --resolve "$host:$port:127.0.0.1" "https://$host:$port/" 2>&1 && echo ok
  else
    echo 'no server'
  fi
} | say curl
kill $! 2> /dev/null
wait 2> /dev/null
