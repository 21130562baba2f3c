"""Certificates that are not DER, or not of the structure of RFC 5280, each wrong in one place.

    python der_forms.py CA_KEY LEAF FOLDER

Takes LEAF (PEM, P-256) apart, changes one thing, signs the result with CA_KEY (P-256) and writes it, DER,
into FOLDER. Prints a line for each: its name, and `sound` where OpenSSL and Go load it, else `wrong`.
"""

import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from differential.der import (
    ACCESS, AKI, BC, BITS, BMP, BOOLEAN, EKU, ENUMERATED, FALSE, GENERALIZED, IA5, INTEGER, KU, NC, NULL, NUMERIC,
    OCTETS, OID, POINTS, POLICIES, PRINTABLE, SAN, SEQUENCE, SET, SKI, T61, TRUE, UNIVERSAL, UTC, UTF8, VISIBLE,
    content, elements, extension, indefinite, integer, not_minimal, oid, tlv,
)

CA = load_pem_private_key(Path(sys.argv[1]).read_bytes(), None)
LEAF = x509.load_pem_x509_certificate(Path(sys.argv[2]).read_bytes()).public_bytes(Encoding.DER)
FOLDER = Path(sys.argv[3])

TBS = elements(content(elements(content(LEAF))[0]))
VERSION, SERIAL, ALGORITHM, ISSUER, DATES, SUBJECT, KEY = TBS[:7]
EXTENSIONS = elements(content(content(TBS[7])))
BEGIN, END = elements(content(DATES))
SERVER = oid("1.3.6.1.5.5.7.3.1")


def sign(tbs, algorithm=ALGORITHM, unused=b"\0"):
    return tlv(SEQUENCE, tbs, algorithm, tlv(BITS, unused, CA.sign(tbs, ec.ECDSA(hashes.SHA256()))))


def make(version=VERSION, serial=SERIAL, algorithm=ALGORITHM, issuer=ISSUER, dates=DATES, subject=SUBJECT,
         key=KEY, ids=b"", extensions=None, raw=None, tail=b"", **how):
    extensions = EXTENSIONS if extensions is None else extensions
    listed = raw if raw is not None else tlv(0xA3, tlv(SEQUENCE, *extensions)) if extensions else b""
    tbs = tlv(SEQUENCE, version, serial, algorithm, issuer, dates, subject, key, ids, listed, tail)
    return sign(tbs, algorithm, **how)


def replaced(kind, *new):
    """The certificate with another extension of that kind."""
    return make(extensions=[one for old in EXTENSIONS for one in (new if oid(kind) in old else (old,))])


def added(*new):
    return make(extensions=[*EXTENSIONS, *new])


def constraints(*fields, critical=TRUE):
    return replaced(BC, extension(BC, tlv(SEQUENCE, *fields), critical))


def usage(octets):
    return replaced(KU, extension(KU, bytes.fromhex(octets), TRUE))


def critical(boolean):
    return replaced(KU, extension(KU, bytes.fromhex("03020780"), boolean))


def purposes(*parts):
    return replaced(EKU, extension(EKU, tlv(SEQUENCE, SERVER, *parts)))


def subject(tag, value, kind="2.5.4.3"):
    return make(subject=tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, oid(kind), tlv(tag, value)))))


def until(tag, text):
    return make(dates=tlv(SEQUENCE, BEGIN, tlv(tag, text)))


def names(*more):
    return replaced(SAN, extension(SAN, tlv(SEQUENCE, tlv(0x82, b"localhost"), *more)))


def subtree(*base, which=0xA1):
    return added(extension(NC, tlv(SEQUENCE, tlv(which, tlv(SEQUENCE, *base))), TRUE))


def key(algorithm, *bits):
    return make(key=tlv(SEQUENCE, algorithm, tlv(BITS, *bits)))


EC_KEY, POINT = elements(content(KEY))[0], content(elements(content(KEY))[1])
EC = oid("1.2.840.10045.2.1")
RSA_KEY = tlv(SEQUENCE, oid("1.2.840.113549.1.1.1"), tlv(NULL))
MODULUS = rsa.generate_private_key(65537, 2048).public_key().public_numbers().n
ED25519 = oid("1.3.101.112")


def rsa_key(*numbers, algorithm=RSA_KEY, tail=b""):
    return key(algorithm, b"\0", tlv(SEQUENCE, *(one if isinstance(one, bytes) else integer(one) for one in numbers)), tail)


PLAIN = make()
SOUND = {
    "plain": PLAIN,
    "default-not-critical": replaced(EKU, extension(EKU, tlv(SEQUENCE, SERVER), FALSE)),
    "default-no-ca": constraints(FALSE),
    "path-length-without-ca": constraints(integer(0)),
    "usage-with-a-zero-octet": usage("03020080"),
    "name-empty": subject(UTF8, b""),
    "name-nul": subject(UTF8, b"a\0b"),
    "name-t61": subject(T61, b"\xe4"),
    "name-bmp": subject(BMP, b"\0a"),
    "name-printable-star": subject(PRINTABLE, b"*.a"),
    "set-unsorted": make(subject=tlv(SEQUENCE, tlv(SET, *(tlv(SEQUENCE, oid(f"2.5.4.{n}"), tlv(UTF8, b"x")) for n in (10, 3))))),
    "date-early-generalized": until(GENERALIZED, b"20360101000000Z"),
    "serial-negative": make(serial=tlv(INTEGER, b"\xfb")),
    "serial-zero": make(serial=integer(0)),
    "serial-of-21-octets": make(serial=tlv(INTEGER, b"\1" + b"\2" * 20)),
    "unknown-extension-of-no-der": added(extension("1.2.3.4", b"\xff")),
    "names-uri": names(tlv(0x86, b"https://a.example:8443/x%20y?z#w"), tlv(0x86, b"urn:x")),
    "points-not-ascii": added(extension(POINTS, tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(0x86, b"\xff"))))))),
    "unique-id": make(ids=tlv(0x81, b"\0\1")),
    "rsa": rsa_key(MODULUS, 65537),
    "ed25519": key(tlv(SEQUENCE, ED25519), b"\0" + b"\1" * 32),
}
# For claims.rs: some clients refuse them.
OTHERS = {
    "names-old": names(tlv(0xA5, tlv(0xA1, tlv(UTF8, b"x")))),
    "version-1-extensions": make(version=b""),
    "version-2-extensions": make(version=tlv(0xA0, integer(1))),
    "algorithm-outside": tlv(SEQUENCE, elements(content(PLAIN))[0], tlv(SEQUENCE, oid("1.2.840.10045.4.3.3")), elements(content(PLAIN))[2]),
    "authority-key-critical": replaced(AKI, extension(AKI, content(elements(content(next(one for one in EXTENSIONS if oid(AKI) in one)))[1]), TRUE)),
    "access-critical": added(extension(ACCESS, tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://a/"))), TRUE)),
    "freshest-critical": added(extension("2.5.29.46", tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(0x86, b"http://a/"))))), TRUE)),
}
WRONG = {
    "two-versions": make(version=tlv(0xA0, integer(2), integer(2))),
    "version-long": make(version=tlv(0xA0, tlv(INTEGER, b"\0\2"))),
    "version-4": make(version=tlv(0xA0, integer(3))),
    "path-length-long": constraints(TRUE, tlv(INTEGER, b"\0\1")),
    "path-length-enumerated": constraints(TRUE, tlv(ENUMERATED, b"\1")),
    "path-length-negative": constraints(TRUE, tlv(INTEGER, b"\xff")),
    "ca-01": constraints(tlv(BOOLEAN, b"\1")),
    "ca-field-too-many": constraints(tlv(NULL)),
    "critical-01": critical(tlv(BOOLEAN, b"\1")),
    "critical-two-octets": critical(tlv(BOOLEAN, b"\xff\xff")),
    "critical-empty": critical(tlv(BOOLEAN)),
    "critical-integer": critical(integer(1)),
    "oid-padded-extension": added(tlv(SEQUENCE, tlv(OID, b"\x2a\x80\3"), tlv(OCTETS, b"\5\0"))),
    "oid-empty-extension": added(tlv(SEQUENCE, tlv(OID), tlv(OCTETS, b"\5\0"))),
    "oid-padded-purpose": purposes(tlv(OID, b"\x2a\x80\3")),
    "oid-cut-purpose": purposes(tlv(OID, b"\x2a\x83")),
    "oid-padded-attribute": make(subject=tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, tlv(OID, b"\x55\x80\4\3"), tlv(UTF8, b"x"))))),
    "length-long-name": make(subject=not_minimal(SUBJECT)),
    "length-long-extension": make(extensions=[*EXTENSIONS[:-1], not_minimal(EXTENSIONS[-1])]),
    "length-long-value": replaced(EKU, extension(EKU, not_minimal(tlv(SEQUENCE, SERVER)))),
    "length-long-whole": b"\x30\x83" + len(content(PLAIN)).to_bytes(3, "big") + content(PLAIN),
    "length-indefinite-name": make(subject=indefinite(SUBJECT)),
    "length-indefinite-extensions": make(raw=tlv(0xA3, indefinite(tlv(SEQUENCE, *EXTENSIONS)))),
    "length-indefinite-value": replaced(EKU, extension(EKU, indefinite(tlv(SEQUENCE, SERVER)))),
    "length-indefinite-whole": indefinite(PLAIN),
    "field-behind-signature": tlv(SEQUENCE, content(PLAIN), tlv(NULL)),
    "field-behind-extensions": make(tail=tlv(NULL)),
    "field-in-extension": added(tlv(SEQUENCE, oid("1.2.3.4"), FALSE, tlv(OCTETS, b"\5\0"), tlv(NULL))),
    "field-missing-in-extension": added(tlv(SEQUENCE, oid("1.2.3.4"))),
    "field-in-key": make(key=tlv(SEQUENCE, content(KEY), tlv(NULL))),
    "field-in-algorithm": make(algorithm=tlv(SEQUENCE, content(ALGORITHM), tlv(NULL), tlv(NULL))),
    "field-in-attribute": make(subject=tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, oid("2.5.4.3"), tlv(UTF8, b"x"), tlv(NULL))))),
    "null-with-content": make(algorithm=tlv(SEQUENCE, content(ALGORITHM), tlv(NULL, b"\0"))),
    "unique-ids-swapped": make(ids=tlv(0x82, b"\0\1") + tlv(0x81, b"\0\1")),
    "constructed-name": subject(0x20 | UTF8, tlv(UTF8, b"x")),
    "constructed-value": added(tlv(SEQUENCE, oid("1.2.3.4"), tlv(0x20 | OCTETS, tlv(OCTETS, b"\5\0")))),
    "constructed-serial": make(serial=tlv(0x20 | INTEGER, integer(5))),
    "constructed-usage": usage("230403020780"),
    "constructed-key-id": replaced(SKI, extension(SKI, tlv(0x20 | OCTETS, tlv(OCTETS, b"1234")))),
    "utf8": subject(UTF8, b"\xff\xfe"),
    "utf8-surrogate": subject(UTF8, b"\xed\xa0\x80"),
    "printable": subject(PRINTABLE, b"a@b"),
    "printable-latin-1": subject(PRINTABLE, b"\xe4"),
    "ia5": subject(IA5, b"\xe4", "1.2.840.113549.1.9.1"),
    "numeric": subject(NUMERIC, b"12a"),
    "bmp-odd": subject(BMP, b"\0a\0"),
    "universal": subject(UNIVERSAL, b"\0\0\0a"),
    "visible": subject(VISIBLE, b"a"),
    "name-of-integer": subject(INTEGER, b"\1"),
    "name-of-bits": subject(BITS, b"\0a"),
    "date-offset": until(UTC, b"361125151204+0000"),
    "date-other-offset": until(UTC, b"361125151204+0130"),
    "date-no-seconds": until(UTC, b"3611251512Z"),
    "date-fraction": until(GENERALIZED, b"20500101000000.5Z"),
    "date-generalized-no-seconds": until(GENERALIZED, b"205001010000Z"),
    "date-generalized-offset": until(GENERALIZED, b"20500101000000+0000"),
    "date-local": until(GENERALIZED, b"20500101000000"),
    "date-february-30": until(UTC, b"360230000000Z"),
    "date-lower-z": until(UTC, b"361125151204z"),
    "three-dates": make(dates=tlv(SEQUENCE, BEGIN, END, END)),
    "serial-empty": make(serial=tlv(INTEGER)),
    "serial-long": make(serial=tlv(INTEGER, b"\0\1")),
    "serial-long-negative": make(serial=tlv(INTEGER, b"\xff\x80")),
    "serial-enumerated": make(serial=tlv(ENUMERATED, b"\5")),
    "usage-unused-8": usage("03020880"),
    "usage-padding": usage("03020787"),
    "usage-empty-with-unused": usage("030103"),
    "usage-no-octet": usage("0300"),
    "usage-octets": usage("040180"),
    "signature-unused-8": make(unused=b"\x08"),
    "names-not-ascii": names(tlv(0x82, b"\xe4")),
    "names-email-not-ascii": names(tlv(0x81, b"\xe4@x")),
    "names-uri-not-ascii": names(tlv(0x86, b"http://\xe4")),
    "names-uri-space": names(tlv(0x86, b"http://a b/")),
    "names-uri-escape": names(tlv(0x86, b"http://a/%zz")),
    "names-uri-port": names(tlv(0x86, b"http://a:x/")),
    "names-uri-dots": names(tlv(0x86, b"http://a..b/")),
    "names-address-of-5": names(tlv(0x87, b"12345")),
    "names-unknown-kind": names(tlv(0x89, b"x")),
    "names-other-without-value": names(tlv(0xA0, oid("1.2.3"))),
    "names-padded-id": names(tlv(0x88, b"\x2a\x80\1")),
    "issuer-serial-long": replaced(AKI, extension(AKI, tlv(SEQUENCE, tlv(0x80, b"x" * 20), tlv(0x82, b"\0\1")))),
    "constraints-empty": added(extension(NC, tlv(SEQUENCE), TRUE)),
    "constraints-null": added(extension(NC, tlv(NULL), TRUE)),
    "constraints-dots": subtree(tlv(0x82, b"a..b")),
    "constraints-address-of-5": subtree(tlv(0x87, b"12345")),
    "constraints-mask": subtree(tlv(0x87, b"\x0a\0\0\0\xff\0\xff\0")),
    "constraints-uri-address": subtree(tlv(0x86, b"10.0.0.1")),
    "policies-null": added(extension(POLICIES, tlv(NULL))),
    "points-null": added(extension(POINTS, tlv(NULL))),
    "access-null": added(extension(ACCESS, tlv(NULL))),
    "extension-twice": added(extension("1.2.3.4", b"\5\0"), extension("1.2.3.4", b"\5\0")),
}
KEYS = {
    "ec-off-the-curve": key(EC_KEY, POINT[:-1] + bytes([POINT[-1] ^ 1])),
    "ec-short": key(EC_KEY, POINT[:-1]),
    "ec-infinity": key(EC_KEY, b"\0\0"),
    "ec-compressed": key(EC_KEY, bytes([0, 2 + POINT[-1] % 2]), POINT[2:34]),
    "ec-hybrid": key(EC_KEY, bytes([0, 6 + POINT[-1] % 2]), POINT[2:]),
    "ec-other-curve": key(tlv(SEQUENCE, EC, oid("1.3.132.0.34")), POINT),
    "ec-without-curve": key(tlv(SEQUENCE, EC), POINT),
    "rsa-e-0": rsa_key(MODULUS, 0),
    "rsa-e-1": rsa_key(MODULUS, 1),
    "rsa-e-2": rsa_key(MODULUS, 2),
    "rsa-e-large": rsa_key(MODULUS, 2**70 + 1),
    "rsa-even": rsa_key(MODULUS + 1, 65537),
    "rsa-tiny": rsa_key(15, 3),
    "rsa-zero": rsa_key(0, 3),
    "rsa-negative": rsa_key(tlv(INTEGER, MODULUS.to_bytes(256, "big")), 65537),
    "rsa-long": rsa_key(tlv(INTEGER, b"\0\0" + MODULUS.to_bytes(256, "big")), 65537),
    "rsa-without-null": rsa_key(MODULUS, 65537, algorithm=tlv(SEQUENCE, oid("1.2.840.113549.1.1.1"))),
    "ed25519-of-31": key(tlv(SEQUENCE, ED25519), b"\0" + b"\1" * 31),
    "ed25519-null": key(tlv(SEQUENCE, ED25519, tlv(NULL)), b"\0" + b"\1" * 32),
    "x25519": key(tlv(SEQUENCE, oid("1.3.101.110")), b"\0" + b"\1" * 32),
    "unknown-algorithm": key(tlv(SEQUENCE, oid("1.2.3.4")), b"\0" + b"\1" * 32),
}

for group, verdict in ((SOUND, "sound"), (WRONG, "wrong"), (KEYS, "key")):
    for name, der in group.items():
        (FOLDER / f"{name}.der").write_bytes(der)
        print(name, verdict)
for name, der in OTHERS.items():
    (FOLDER / f"{name}.der").write_bytes(der)
