# What makes one defect at a time. `ca`, `sub` and `leaf` take lines of extensions that replace or follow those of
# a sound certificate; a line `NAME=` alone takes one away. Variables before a call: DAYS, SERIAL, SIGN (options
# of openssl x509), ISSUER (a file name without .pem), AT (an offset of the clock, as faketime writes it).
# From outside: PYTHON, SCRIPTS.

serial=20480

key() { [ -f "$1.key" ] || openssl genpkey -quiet -algorithm "${2:-EC}" ${3:--pkeyopt} "${4:-ec_paramgen_curve:P-256}" -out "$1.key"; }

# extensions LINE…: the later line of a name wins.
extensions() { printf '%s\n' "$@" | awk -F= '{ if (!($1 in line)) order[++n] = $1; line[$1] = $0 }
  END { for (i = 1; i <= n; i++) if (line[order[i]] !~ /=$/) print line[order[i]] }'; }

x509() { if [ -n "$AT" ]; then faketime -f "$AT" openssl x509 "$@"; else openssl x509 "$@"; fi 2> /dev/null; }

# ca SUBJECT LINE…: ca.pem and ca.key.
ca() {
  key ca
  subject=$1; shift
  extensions basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign,cRLSign subjectKeyIdentifier=hash "$@" > ca.ext
  openssl req -new -key ca.key -subj "$subject" $REQUEST -out ca.csr
  x509 -req -in ca.csr -signkey ca.key -days "${DAYS:-3650}" $SIGN -extfile ca.ext -out ca.pem
}

# leaf NAME SUBJECT LINE…: NAME.pem and NAME.key, for a server called localhost.
leaf() {
  key "$1"
  name=$1; subject=$2; shift 2
  extensions basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=serverAuth \
    subjectAltName=DNS:localhost subjectKeyIdentifier=hash authorityKeyIdentifier=keyid "$@" > leaf.ext
  openssl req -new -key "$name.key" -subj "$subject" -out leaf.csr
  serial=$((serial + 1))
  x509 -req -in leaf.csr -CA "${ISSUER:-ca}.pem" -CAkey "${ISSUER:-ca}.key" -set_serial "${SERIAL:-$serial}" \
    -days "${DAYS:-365}" $SIGN -extfile leaf.ext -out "$name.pem"
}

# sub NAME LINE…: an intermediate, and it issues from now on.
sub() {
  name=$1; shift
  DAYS=1000 leaf "$name" "/CN=$name" basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign extendedKeyUsage= subjectAltName= "$@"
  ISSUER=$name
}

# send NAME…: the server sends these behind its own certificate; they are nowhere else.
send() { for name; do cat "$name.pem" >> server.pem; rm "$name.pem"; done; }

# other_ca first|last: another CA of the same name beside the one that signed.
other_ca() {
  mv ca.pem signed.pem; rm ca.key
  ca '/CN=Test CA' "${@:2}"
  if [ "$1" = first ]; then cat signed.pem >> ca.pem; else cat ca.pem >> signed.pem; mv signed.pem ca.pem; fi
  rm -f signed.pem
}

# form NAME: the server's certificate as der_forms.py has it under that name.
form() {
  mkdir forms && "$PYTHON" "$SCRIPTS/../der_forms.py" ca.key server.pem forms > /dev/null
  { echo -----BEGIN CERTIFICATE-----; base64 -w64 "forms/$1.der"; echo -----END CERTIFICATE-----; } > server.pem
  rm -r forms
}

# without_null: the server's certificate, signed by an RSA CA with parameters that are absent.
without_null() { "$PYTHON" "$SCRIPTS/without_null.py"; }

# ml_dsa leaf|ca: a set in which that key is ML-DSA-65.
ml_dsa() { "$PYTHON" "$SCRIPTS/ml_dsa.py" "$1"; }

# damage NAME: one bit of the signature of NAME.pem is another.
damage() {
  openssl x509 -in "$1.pem" -outform DER -out damaged
  last=$(tail -c1 damaged | od -An -tu1)
  { head -c-1 damaged; printf "\\$(printf %o $((last ^ 1)))"; } | openssl x509 -inform DER -out "$1.pem"
  rm damaged
}

# For REQUEST: a subject of PrintableString.
printf '[req]\ndistinguished_name=d\nstring_mask=nombstr\n[d]\n' > printable
