"""without_null.py: signs server.pem again with ca.key (RSA) and a signature algorithm without its NULL."""
import base64
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

NAMED = bytes.fromhex("06092a864886f70d01010b")
WITH, WITHOUT = b"\x30\x0d" + NAMED + b"\x05\x00", b"\x30\x0b" + NAMED


def sequence(content, tag=b"\x30"):
    length = len(content).to_bytes(2, "big")
    return tag + b"\x82" + length + content


key = load_pem_private_key(Path("ca.key").read_bytes(), None)
tbs = x509.load_pem_x509_certificate(Path("server.pem").read_bytes()).tbs_certificate_bytes
# A TBSCertificate of 256 octets and more: its length is in three.
tbs = sequence(tbs[4:].replace(WITH, WITHOUT))
signature = key.sign(tbs, padding.PKCS1v15(), hashes.SHA256())
der = sequence(tbs + WITHOUT + sequence(b"\0" + signature, b"\x03"))
Path("server.pem").write_text("-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode()
                              + "-----END CERTIFICATE-----\n")
