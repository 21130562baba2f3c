# What makes one defect at a time: `ca` and `leaf` take lines of extensions that replace or follow those of
# a sound certificate; a line `NAME=` alone takes one away. With DAYS, SIGN, ISSUER from outside.

key() { [ -f "$1.key" ] || openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

# extensions LINE…: the later line of a name wins.
extensions() { printf '%s\n' "$@" | awk -F= '{ if (!($1 in line)) order[++n] = $1; line[$1] = $0 }
  END { for (i = 1; i <= n; i++) if (line[order[i]] !~ /=$/) print line[order[i]] }'; }

# ca SUBJECT LINE…: ca.pem and ca.key.
ca() {
  key ca
  subject=$1; shift
  extensions basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash "$@" > ca.ext
  openssl req -new -key ca.key -subj "$subject" $REQUEST -out ca.csr
  openssl x509 -req -in ca.csr -signkey ca.key -days "${DAYS:-3650}" -extfile ca.ext -out ca.pem 2> /dev/null
}

# leaf NAME SUBJECT LINE…: NAME.pem and NAME.key, for a server called localhost.
leaf() {
  key "$1"
  name=$1; subject=$2; shift 2
  extensions basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth \
    subjectAltName=DNS:localhost subjectKeyIdentifier=hash authorityKeyIdentifier=keyid "$@" > leaf.ext
  openssl req -new -key "$name.key" -subj "$subject" -out leaf.csr
  openssl x509 -req -in leaf.csr -CA "${ISSUER:-ca}.pem" -CAkey "${ISSUER:-ca}.key" -set_serial "${SERIAL:-0x5001}" \
    -days "${DAYS:-365}" $SIGN -extfile leaf.ext -out "$name.pem" 2> /dev/null
}
