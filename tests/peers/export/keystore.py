"""keystore.py PASSWORD-FILE FILE.p12 FILE.pem FILE.key CA.pem: the keystore holds what the files hold."""

import sys

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

password_file, keystore, certificate, key, ca = sys.argv[1:]


def content(path):
    with open(path, "rb") as file:
        return file.read()


def der(private):
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


password = content(password_file).splitlines()[0]
found = pkcs12.load_pkcs12(content(keystore), password)
assert der(found.key) == der(load_pem_private_key(content(key), None)), "another key"
assert found.cert.certificate == x509.load_pem_x509_certificate(content(certificate)), "another certificate"
others = [entry.certificate for entry in found.additional_certs]
assert others == [x509.load_pem_x509_certificate(content(ca))], others
print("ok")
