"""ml_dsa.py leaf|ca: ca.pem, server.pem and server.key in this folder, of which one key is ML-DSA-65."""
import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, mldsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

NEW = mldsa.MLDSA65PrivateKey.generate()
OLD = ec.generate_private_key(ec.SECP256R1())
CA_KEY, KEY = (NEW, OLD) if sys.argv[1] == "ca" else (OLD, NEW)
NOW = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)


def name(common):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def usage(signs):
    flags = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False)
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **flags)


def issue(common, key, days, *more):
    builder = x509.CertificateBuilder(name("Test CA"), name(common), key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + datetime.timedelta(days=days))
    for value, critical in more:
        builder = builder.add_extension(value, critical)
    signed = builder.sign(CA_KEY, None if CA_KEY is NEW else hashes.SHA256())
    return signed.public_bytes(Encoding.PEM)


Path("ca.pem").write_bytes(issue(
    "Test CA", CA_KEY, 900, (x509.BasicConstraints(True, None), True), (usage(True), True),
    (x509.SubjectKeyIdentifier.from_public_key(CA_KEY.public_key()), False)))
Path("server.pem").write_bytes(issue(
    "localhost", KEY, 300, (usage(False), True),
    (x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False),
    (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
    (x509.AuthorityKeyIdentifier.from_issuer_public_key(CA_KEY.public_key()), False)))
Path("server.key").write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
