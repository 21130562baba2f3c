"""Sound chains, as specifications that a mutation can change before they are signed."""

import base64
import copy
import hashlib
import ipaddress
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding

from der import (
    AKI,
    BC,
    BITS,
    EKU,
    GENERALIZED,
    KU,
    NULL,
    OCTETS,
    SAN,
    SEQUENCE,
    SET,
    SKI,
    TRUE,
    UTC,
    UTF8,
    content,
    elements,
    extension,
    integer,
    oid,
    tlv,
)

# The time of all judges, so that no outcome depends on the day.
AT = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)

CN, O, OU, C = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6"
SERVER, CLIENT, ANY = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0"
DNS, EMAIL, URI, IP, DIRECTORY = 0x82, 0x81, 0x86, 0x87, 0xA4
KEYS = ["rsa", "p256", "ed25519"]
# What the leaf is for, by the kind of its SAN.
NAMES = {
    "dns": "www.example.test",
    "ip4": "192.0.2.7",
    "ip6": "2001:db8::7",
    "email": "jo@example.test",
    "uri": "spiffe://www.example.test/jo",
}


def load_rsa():
    pem = (Path(__file__).parent / "keys.pem").read_bytes().split(b"-----END PRIVATE KEY-----\n")
    keys = [serialization.load_pem_private_key(one + b"-----END PRIVATE KEY-----\n", None) for one in pem[:-1]]
    return dict(zip(["root", "top", "sub", "leaf", "other", "1024", "2047", "e3"], keys, strict=True))


RSA = load_rsa()
NUMBERS = {"root": 11, "top": 12, "sub": 13, "leaf": 14, "other": 15}


def key_of(kind, owner):
    """The same key in every run."""
    number = NUMBERS[owner]
    if kind == "rsa":
        return RSA[owner]
    if kind.startswith("rsa-"):
        return RSA[kind[4:]]
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    if kind == "ed448":
        return ed448.Ed448PrivateKey.from_private_bytes(bytes([number]) * 57)
    curve = {
        "p256": ec.SECP256R1,
        "p384": ec.SECP384R1,
        "p521": ec.SECP521R1,
        "p224": ec.SECP224R1,
        "k256": ec.SECP256K1,
        "brainpool": ec.BrainpoolP256R1,
    }[kind]
    return ec.derive_private_key(number << 200 | number, curve())


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def algorithm(dotted, *parameters):
    return tlv(SEQUENCE, oid(dotted), *parameters)


NULLS = tlv(NULL)
HASHES = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "md5": hashes.MD5,
}
ECDSA = {
    "sha1": "1.2.840.10045.4.1",
    "sha224": "1.2.840.10045.4.3.1",
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
PKCS1 = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha224": "1.2.840.113549.1.1.14",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
}
PSS = "1.2.840.113549.1.1.10"
SHA256_OID = "2.16.840.1.101.3.4.2.1"
PSS_SHA256 = tlv(
    SEQUENCE,
    tlv(0xA0, algorithm(SHA256_OID, NULLS)),
    tlv(0xA1, algorithm("1.2.840.113549.1.1.8", algorithm(SHA256_OID, NULLS))),
    tlv(0xA2, integer(32)),
)


def signature_algorithm(key, how):
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return algorithm("1.3.101.112")
    if isinstance(key, ed448.Ed448PrivateKey):
        return algorithm("1.3.101.113")
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return algorithm(ECDSA[how])
    if how == "pss":
        return algorithm(PSS, PSS_SHA256)
    if how == "pss-sha1":
        return algorithm(PSS, tlv(SEQUENCE))
    return algorithm(PKCS1[how], NULLS)


def sign(key, how, data):
    if isinstance(key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)):
        return key.sign(data)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(HASHES[how](), deterministic_signing=True))
    if how.startswith("pss"):
        digest, salt = (hashes.SHA256(), 32) if how == "pss" else (hashes.SHA1(), 20)
        return key.sign(data, padding.PSS(padding.MGF1(digest), salt), digest)
    return key.sign(data, padding.PKCS1v15(), HASHES[how]())


def attribute(kind, text, tag=UTF8):
    return tlv(SEQUENCE, oid(kind), tlv(tag, text.encode() if isinstance(text, str) else text))


def name(*attributes):
    """One attribute to an RDN."""
    return tlv(SEQUENCE, *(tlv(SET, one) for one in attributes))


def date(moment):
    if 1950 <= moment.year < 2050:
        return tlv(UTC, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(GENERALIZED, moment.strftime("%Y%m%d%H%M%SZ").encode())


def days(count):
    return date(AT + timedelta(days=count))


def address(text):
    return ipaddress.ip_address(text).packed


def sequence_of_oids(*dotted):
    return tlv(SEQUENCE, *map(oid, dotted))


class Certificate:
    """One certificate: what is None follows from the issuer and the key."""

    def __init__(self, owner, kind, subject, issuer=None):
        self.owner, self.kind = owner, kind
        self.key = key_of(kind, owner)
        self.issuer = issuer or self
        self.version = tlv(0xA0, integer(2))
        self.serial = integer(0x5001 + NUMBERS[owner])
        self.hash = "sha256"
        self.inner = self.outer = None
        self.subject, self.issuer_name = subject, None
        self.begin, self.end = days(-10), days(300)
        self.dates = None
        self.spki = None
        self.ids = b""
        # Kind to (critical, value), in order; a value of None is computed.
        self.extensions = {}
        # Elements as they stand, behind the others.
        self.more = []
        self.list = self.tail = None
        self.signer = None
        # What changes the octets of the parts and of the whole, once they are there.
        self.edit_tbs = self.edit_signature = self.edit_whole = lambda octets: octets
        self.unused = b"\0"

    def copy(self):
        other = copy.copy(self)
        other.extensions, other.more = dict(self.extensions), list(self.more)
        if self.issuer is self:
            other.issuer = other
        return other

    def public(self):
        return self.spki or spki(self.key)

    def key_id(self):
        bits = content(elements(content(spki(self.key)))[1])[1:]
        return hashlib.sha256(bits).digest()[:20]

    def value(self, kind):
        critical, value = self.extensions[kind]
        if value is None and kind == SKI:
            value = tlv(OCTETS, self.key_id())
        if value is None and kind == AKI:
            value = tlv(SEQUENCE, tlv(0x80, self.issuer.key_id()))
        return extension(kind, value, critical)

    def der(self):
        key = self.signer or self.issuer.key
        how = self.hash
        inner = self.inner or signature_algorithm(key, how)
        listed = self.list
        if listed is None:
            every = [self.value(kind) for kind in self.extensions] + self.more
            listed = tlv(0xA3, tlv(SEQUENCE, *every)) if every else b""
        issuer = self.issuer.subject if self.issuer_name is None else self.issuer_name
        tbs = self.edit_tbs(
            tlv(
                SEQUENCE,
                self.version,
                self.serial,
                inner,
                issuer,
                self.dates or tlv(SEQUENCE, self.begin, self.end),
                self.subject,
                self.public(),
                self.ids,
                listed,
                self.tail or b"",
            )
        )
        signature = self.edit_signature(sign(key, how, tbs))
        return self.edit_whole(tlv(SEQUENCE, tbs, self.outer or inner, tlv(BITS, self.unused, signature)))


def pem(der):
    body = base64.b64encode(der).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def authority(owner, kind, issuer=None):
    ca = Certificate(owner, kind, name(attribute(O, "Example"), attribute(CN, f"Example {owner.title()} CA")), issuer)
    ca.extensions = {
        BC: (TRUE, tlv(SEQUENCE, TRUE)),
        KU: (TRUE, bytes.fromhex("03020106")),
        SKI: (b"", None),
    }
    if issuer:
        ca.extensions[AKI] = (b"", None)
    else:
        ca.begin, ca.end = days(-20), days(3000)
    return ca


class Case:
    """What is sent, what is trusted, and what is asked."""

    def __init__(self, base):
        self.base = base
        kind, usage, count, host = base.split("/")
        self.usage, self.host = usage, NAMES[host]
        self.root = authority("root", kind)
        self.top = authority("top", kind, self.root) if count == "2" else None
        self.sub = authority("sub", kind, self.top or self.root) if count != "0" else None
        self.leaf = Certificate("leaf", kind, name(attribute(CN, "end entity")), self.sub or self.root)
        tag = {"dns": DNS, "email": EMAIL, "uri": URI}.get(host, IP)
        shown = tag, address(self.host) if tag == IP else self.host.encode()
        self.leaf.extensions = {
            BC: (TRUE, tlv(SEQUENCE)),
            KU: (TRUE, bytes.fromhex("03020780")),
            EKU: (b"", sequence_of_oids(SERVER if usage == "server" else CLIENT)),
            SAN: (b"", tlv(SEQUENCE, tlv(*shown))),
            SKI: (b"", None),
            AKI: (b"", None),
        }
        self.sent = [one for one in (self.leaf, self.sub, self.top) if one]
        self.trust = [self.root]

    def write(self, folder):
        """`chain.pem` and `ca.pem`."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, certificates in (("chain.pem", self.sent), ("ca.pem", self.trust)):
            whole = (one if isinstance(one, bytes) else one.der() for one in certificates)
            (folder / file).write_text("".join(map(pem, whole)))


# Ed25519 once in five, since pyca refuses all of it.
BASES = [
    f"{kind}/{usage}/{count}/{host}"
    for kind in ("rsa", "p256", "rsa", "p256", "ed25519")
    for usage, hosts in (("server", ("dns", "ip4", "ip6")), ("client", ("dns", "ip4", "email", "uri")))
    for count in "012"
    for host in hosts
]
