"""What is changed in a sound case, by name: `leaf.`, `sub.` (the leaf's issuer) and `root.` are the certificate
that is changed, `chain.` is what is sent, `trust.` what is trusted."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import certificates
from certificates import (
    ANY,
    AT,
    C,
    CLIENT,
    CN,
    DIRECTORY,
    DNS,
    ECDSA,
    EMAIL,
    IP,
    NULLS,
    O,
    OU,
    PKCS1,
    SERVER,
    URI,
    address,
    algorithm,
    attribute,
    authority,
    date,
    days,
    name,
    sequence_of_oids,
)
from der import (
    ACCESS,
    AKI,
    BC,
    BITS,
    BMP,
    BOOLEAN,
    EKU,
    ENUMERATED,
    FALSE,
    GENERALIZED,
    IA5,
    INTEGER,
    KU,
    NC,
    NULL,
    OCTETS,
    OID,
    POINTS,
    POLICIES,
    PRINTABLE,
    SAN,
    SEQUENCE,
    SET,
    SKI,
    T61,
    TRUE,
    UNIVERSAL,
    UTC,
    UTF8,
    VISIBLE,
    content,
    elements,
    extension,
    indefinite,
    integer,
    not_minimal,
    oid,
    tlv,
)

MUTATIONS = {}


def add(label, change):
    assert label not in MUTATIONS, label
    MUTATIONS[label] = change


def on(targets, label, change):
    """One mutation for each of the certificates. `change` gets the certificate and the case."""
    for target in targets.split():

        def mutate(case, target=target):
            certificate = getattr(case, target)
            if certificate is None:
                return False
            return change(certificate, case)

        add(f"{target}.{label}", mutate)


def put(attribute_name, value):
    """Sets an attribute of the certificate; a function gets the old value."""

    def change(certificate, _):
        old = getattr(certificate, attribute_name)
        setattr(certificate, attribute_name, value(old) if callable(value) else value)

    return change


def extend(kind, value, critical=b""):
    def change(certificate, _):
        certificate.extensions[kind] = (critical, value)

    return change


def drop(kind):
    def change(certificate, _):
        return certificate.extensions.pop(kind, None) is not None

    return change


def mark(kind, critical):
    """Another `critical` and the same value."""

    def change(certificate, _):
        if kind not in certificate.extensions:
            return False
        certificate.extensions[kind] = (critical, certificate.extensions[kind][1])
        return None

    return change


def more(*elements_):
    def change(certificate, _):
        certificate.more += elements_

    return change


ALL, CAS, ISSUED = "leaf sub root", "sub root", "leaf sub"

# ---- Names -------------------------------------------------------------------------------------


def one_attribute(tag, value, kind=CN):
    return name(attribute(kind, value, tag))


SUBJECTS = {
    "empty": name(),
    "printable": one_attribute(PRINTABLE, "printable name"),
    "bmp": one_attribute(BMP, "bmp".encode("utf-16-be")),
    "universal": one_attribute(UNIVERSAL, "uni".encode("utf-32-be")),
    "t61": one_attribute(T61, b"t\xe4"),
    "ia5": one_attribute(IA5, b"ia5"),
    "visible": one_attribute(VISIBLE, b"visible"),
    "printable-wrong": one_attribute(PRINTABLE, "at@sign"),
    "printable-star": one_attribute(PRINTABLE, "*.star"),
    "utf8-wrong": one_attribute(UTF8, b"\xff\xfe"),
    "bmp-odd": one_attribute(BMP, b"\0a\0"),
    "nul": one_attribute(UTF8, "a\0b"),
    "control": one_attribute(UTF8, "a\n\x1b[31mb"),
    "bidi": one_attribute(UTF8, "a\u202eb"),
    "long": one_attribute(UTF8, "x" * 65),
    "very-long": one_attribute(UTF8, "x" * 70000),
    "value-empty": one_attribute(UTF8, ""),
    "country-long": one_attribute(PRINTABLE, "USA", C),
    "country-utf8": one_attribute(UTF8, "US", C),
    "unknown-attribute": one_attribute(UTF8, "x", "1.2.3.4.5"),
    "integer-value": one_attribute(INTEGER, b"\5"),
    "email": one_attribute(IA5, "jo@example.test", "1.2.840.113549.1.9.1"),
    "email-utf8": one_attribute(UTF8, "jo@example.test", "1.2.840.113549.1.9.1"),
    "two-common-names": name(attribute(CN, "one"), attribute(CN, "two")),
    "rdn-of-two": tlv(SEQUENCE, tlv(SET, attribute(CN, "b"), attribute(OU, "a" * 9))),
    "rdn-of-two-unsorted": tlv(SEQUENCE, tlv(SET, attribute(OU, "a" * 9), attribute(CN, "b"))),
    "rdn-empty": tlv(SEQUENCE, tlv(SET)),
    "set-as-sequence": tlv(SEQUENCE, tlv(SEQUENCE, attribute(CN, "x"))),
    "as-set": tlv(SET, tlv(SET, attribute(CN, "x"))),
    "many": name(*(attribute(OU, f"unit {number}") for number in range(300))),
    "oid-padded": tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, tlv(OID, b"\x55\x80\4\3"), tlv(UTF8, b"x")))),
    "attribute-field": tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, oid(CN), tlv(UTF8, b"x"), NULLS))),
    "attribute-without-value": tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, oid(CN)))),
    "length-not-minimal": not_minimal(one_attribute(UTF8, "x")),
    "indefinite": indefinite(one_attribute(UTF8, "x")),
    "dns-like": one_attribute(UTF8, "other.example.test"),
}
for label, subject in SUBJECTS.items():
    on(ALL, f"subject-{label}", put("subject", subject))


def issuer_text(change):
    """The issuer's name, otherwise written, where it is referred to."""

    def mutate(certificate, _):
        certificate.issuer_name = change(certificate.issuer)

    return mutate


def retyped(tag, texts=lambda text: text):
    def change(issuer):
        label = f"Example {issuer.owner.title()} CA"
        return name(attribute(O, texts("Example"), tag), attribute(CN, texts(label), tag))

    return change


ISSUERS = {
    "printable": retyped(PRINTABLE),
    "t61": retyped(T61),
    "bmp": retyped(BMP, lambda text: text.encode("utf-16-be")),
    "lower-case": retyped(UTF8, str.lower),
    "spaces": retyped(UTF8, lambda text: f"  {text.replace(' ', '   ')} "),
    "reversed": lambda issuer: tlv(SEQUENCE, *reversed(elements(content(issuer.subject)))),
    "one-rdn": lambda issuer: tlv(
        SEQUENCE, tlv(SET, *sorted(content(one) for one in elements(content(issuer.subject))))
    ),
    "other": lambda _: name(attribute(CN, "nobody")),
    "empty": lambda _: name(),
    "accent": retyped(UTF8, lambda text: text.replace("E", "\u00c9")),
    "prefix": lambda issuer: tlv(SEQUENCE, elements(content(issuer.subject))[0]),
}
for label, change in ISSUERS.items():
    on(ISSUED, f"issuer-{label}", issuer_text(change))
on("root", "issuer-other", put("issuer_name", name(attribute(CN, "nobody"))))


def same_subject(certificate, case):
    certificate.subject = certificate.issuer.subject


on(ISSUED, "subject-is-issuer", same_subject)


def same_subject_no_aki(certificate, case):
    certificate.subject = certificate.issuer.subject
    certificate.extensions.pop(AKI, None)


on(ISSUED, "subject-is-issuer-no-aki", same_subject_no_aki)


def utf8_and_printable(certificate, case):
    """Both in PrintableString: equal octets."""
    certificate.subject = name(attribute(C, "DE", PRINTABLE), attribute(CN, "printable CA", PRINTABLE))


on(CAS, "subject-all-printable", utf8_and_printable)

# ---- Version, serial, dates --------------------------------------------------------------------

VERSIONS = {
    "1": b"",
    "1-written": tlv(0xA0, integer(0)),
    "2": tlv(0xA0, integer(1)),
    "4": tlv(0xA0, integer(3)),
    "long": tlv(0xA0, tlv(INTEGER, b"\0\2")),
    "negative": tlv(0xA0, tlv(INTEGER, b"\xff")),
    "two": tlv(0xA0, integer(2), integer(2)),
    "untagged": integer(2),
}
for label, version in VERSIONS.items():
    on(ALL, f"version-{label}", put("version", version))


def version_1(certificate, _):
    certificate.version, certificate.extensions = b"", {}


on(ALL, "version-1-no-extensions", version_1)
on(ALL, "version-3-no-extensions", put("extensions", {}))

SERIALS = {
    "zero": integer(0),
    "negative": tlv(INTEGER, b"\xfb"),
    "minus-one": tlv(INTEGER, b"\xff"),
    "20-octets": tlv(INTEGER, b"\x7f" * 20),
    "21-octets": tlv(INTEGER, b"\0" + b"\xff" * 20),
    "22-octets": tlv(INTEGER, b"\1" * 22),
    "200-octets": tlv(INTEGER, b"\1" * 200),
    "not-minimal": tlv(INTEGER, b"\0\5"),
    "not-minimal-negative": tlv(INTEGER, b"\xff\x80"),
    "empty": tlv(INTEGER),
    "enumerated": tlv(ENUMERATED, b"\5"),
    "constructed": tlv(0x22, integer(5)),
    "small": integer(1),
}
for label, serial in SERIALS.items():
    on(ALL, f"serial-{label}", put("serial", serial))


def issuers_serial(certificate, _):
    certificate.serial = certificate.issuer.serial


on(ISSUED, "serial-of-issuer", issuers_serial)

on(ALL, "expired", put("end", days(-1)))
on(ALL, "expired-long-ago", put("end", days(-5)))
on(ALL, "future", put("begin", days(1)))
on(ALL, "ends-now", put("end", date(AT)))
on(ALL, "begins-now", put("begin", date(AT)))
on(ISSUED, "outlives-issuer", put("end", days(4000)))
on(ISSUED, "begins-before-issuer", put("begin", days(-100)))


def inverted(certificate, _):
    certificate.begin, certificate.end = certificate.end, certificate.begin


on(ALL, "dates-inverted", inverted)
ENDS = {
    "generalized-early": (GENERALIZED, b"20280101000000Z"),
    "utc-49": (UTC, b"491231235959Z"),
    "utc-50-is-1950": (UTC, b"500101000000Z"),
    "9999": (GENERALIZED, b"99991231235959Z"),
    "no-seconds": (UTC, b"2801010000Z"),
    "offset": (UTC, b"280101000000+0000"),
    "other-offset": (UTC, b"280101000000+0130"),
    "fraction": (GENERALIZED, b"20510101000000.5Z"),
    "generalized-offset": (GENERALIZED, b"20510101000000+0000"),
    "local": (GENERALIZED, b"20510101000000"),
    "lower-z": (UTC, b"280101000000z"),
    "february-30": (UTC, b"280230000000Z"),
    "hour-24": (UTC, b"280101240000Z"),
    "second-60": (UTC, b"271231235960Z"),
    "month-13": (UTC, b"281301000000Z"),
    "empty": (UTC, b""),
    "octets": (OCTETS, b"280101000000Z"),
    "letters": (UTC, b"28o1o1000000Z"),
    "nul": (UTC, b"280101000000Z\0"),
    "year-0": (GENERALIZED, b"00000101000000Z"),
    "generalized-2050": (GENERALIZED, b"20500101000000Z"),
    "february-29": (UTC, b"280229000000Z"),
}
for label, (tag, text) in ENDS.items():
    on(ALL, f"end-{label}", put("end", tlv(tag, text)))
on(ALL, "begin-1950", put("begin", tlv(UTC, b"500101000000Z")))
on(ALL, "begin-1949", put("begin", tlv(GENERALIZED, b"19490101000000Z")))
on(ALL, "begin-generalized-early", put("begin", tlv(GENERALIZED, b"20260101000000Z")))
on(ALL, "begin-year-0", put("begin", tlv(GENERALIZED, b"00000101000000Z")))
on(ALL, "begin-february-29-wrong", put("begin", tlv(UTC, b"250229000000Z")))
on(ALL, "dates-of-three", lambda it, _: setattr(it, "dates", tlv(SEQUENCE, it.begin, it.end, it.end)))
on(ALL, "dates-of-one", lambda it, _: setattr(it, "dates", tlv(SEQUENCE, it.begin)))

# ---- Key identifiers ---------------------------------------------------------------------------


def aki(make, critical=b""):
    def change(certificate, _):
        certificate.extensions[AKI] = (critical, make(certificate.issuer))

    return change


def directory(subject):
    return tlv(0xA1, tlv(DIRECTORY, subject))


def key_id(issuer):
    return tlv(0x80, issuer.key_id())


def serial_of(issuer):
    return tlv(0x82, content(issuer.serial))


WRONG_ID = tlv(0x80, b"\xee" * 20)
AKIS = {
    "wrong": lambda _: tlv(SEQUENCE, WRONG_ID),
    "empty": lambda _: tlv(SEQUENCE),
    "key-id-empty": lambda _: tlv(SEQUENCE, tlv(0x80)),
    "issuer-serial": lambda it: tlv(SEQUENCE, directory(it.issuer.subject), serial_of(it)),
    "issuer-serial-wrong": lambda it: tlv(SEQUENCE, directory(it.issuer.subject), tlv(0x82, b"\7")),
    "issuer-wrong-serial": lambda it: tlv(SEQUENCE, directory(name(attribute(CN, "x"))), serial_of(it)),
    "all": lambda it: tlv(SEQUENCE, key_id(it), directory(it.issuer.subject), serial_of(it)),
    "all-serial-wrong": lambda it: tlv(SEQUENCE, key_id(it), directory(it.issuer.subject), tlv(0x82, b"\7")),
    "all-key-id-wrong": lambda it: tlv(SEQUENCE, WRONG_ID, directory(it.issuer.subject), serial_of(it)),
    "issuer-only": lambda it: tlv(SEQUENCE, key_id(it), directory(it.issuer.subject)),
    "issuer-wrong-only": lambda it: tlv(SEQUENCE, key_id(it), directory(name(attribute(CN, "x")))),
    "serial-only": lambda it: tlv(SEQUENCE, key_id(it), serial_of(it)),
    "serial-long": lambda it: tlv(SEQUENCE, key_id(it), directory(it.issuer.subject), tlv(0x82, b"\0\5")),
    "octets": lambda it: tlv(OCTETS, it.key_id()),
    "constructed": lambda it: tlv(SEQUENCE, tlv(0xA0, tlv(OCTETS, it.key_id()))),
    "trailing": lambda it: tlv(SEQUENCE, key_id(it)) + NULLS,
    "unknown-field": lambda it: tlv(SEQUENCE, key_id(it), tlv(0x83, b"x")),
    "null": lambda _: NULLS,
}
on(ISSUED, "aki-missing", drop(AKI))
for label, make in AKIS.items():
    on(ALL, f"aki-{label}", aki(make))
on(ALL, "aki-critical", aki(lambda it: tlv(SEQUENCE, key_id(it)), TRUE))
on("root", "aki-own", aki(lambda it: tlv(SEQUENCE, key_id(it))))
on(ALL, "ski-missing", drop(SKI))
SKIS = {
    "wrong": tlv(OCTETS, b"\xdd" * 20),
    "long": tlv(OCTETS, b"\xdd" * 100),
    "empty": tlv(OCTETS),
    "null": NULLS,
    "trailing": tlv(OCTETS, b"\xdd" * 20) + NULLS,
    "constructed": tlv(0x24, tlv(OCTETS, b"\xdd" * 20)),
    "length-not-minimal": not_minimal(tlv(OCTETS, b"\xdd" * 20)),
}
for label, value in SKIS.items():
    on(ALL, f"ski-{label}", extend(SKI, value))
on(ALL, "ski-critical", mark(SKI, TRUE))


def ids_missing(certificate, case):
    """No key identifiers anywhere: found by name alone."""
    for one in (case.leaf, case.sub, case.top, case.root):
        if one:
            one.extensions.pop(AKI, None)
            one.extensions.pop(SKI, None)


on("root", "ids-missing-everywhere", ids_missing)

# ---- basicConstraints, keyUsage, extendedKeyUsage -----------------------------------------------

on(ALL, "bc-missing", drop(BC))
on(ALL, "bc-not-critical", mark(BC, b""))
BCS = {
    "ca-true": tlv(SEQUENCE, TRUE),
    "ca-false": tlv(SEQUENCE),
    "false-written": tlv(SEQUENCE, FALSE),
    "ca-01": tlv(SEQUENCE, tlv(BOOLEAN, b"\1")),
    "path-0-no-ca": tlv(SEQUENCE, integer(0)),
    "null": NULLS,
    "field": tlv(SEQUENCE, TRUE, integer(3), NULLS),
    "trailing": tlv(SEQUENCE, TRUE) + NULLS,
    "empty": b"",
    "length-not-minimal": not_minimal(tlv(SEQUENCE, TRUE)),
    "indefinite": indefinite(tlv(SEQUENCE, TRUE)),
    "boolean-of-two": tlv(SEQUENCE, tlv(BOOLEAN, b"\xff\xff")),
}
for label, value in BCS.items():
    if label != "ca-true":
        on(CAS, f"bc-{label}", extend(BC, value, TRUE))
    if label != "ca-false":
        on("leaf", f"bc-{label}", extend(BC, value, TRUE))
PATHS = {
    "0": integer(0),
    "1": integer(1),
    "5": integer(5),
    "huge": integer(2**70),
    "2-31": integer(2**31),
    "2-63": integer(2**63),
    "negative": tlv(INTEGER, b"\xff"),
    "not-minimal": tlv(INTEGER, b"\0\5"),
    "empty": tlv(INTEGER),
    "enumerated": tlv(ENUMERATED, b"\5"),
}
for label, value in PATHS.items():
    on(ALL, f"path-length-{label}", extend(BC, tlv(SEQUENCE, TRUE, value), TRUE))


def path_without_sign(certificate, _):
    certificate.extensions[BC] = (TRUE, tlv(SEQUENCE, TRUE, integer(3)))
    certificate.extensions.pop(KU, None)


on(CAS, "path-length-no-ku", path_without_sign)


def bits(first, unused, second=None):
    return tlv(BITS, bytes([unused, first] if second is None else [unused, first, second]))


on(ALL, "ku-missing", drop(KU))
on(ALL, "ku-not-critical", mark(KU, b""))
USAGES = {
    "signature": bits(0x80, 7),
    "non-repudiation": bits(0x40, 6),
    "encipherment": bits(0x20, 5),
    "data-encipherment": bits(0x10, 4),
    "agreement": bits(0x08, 3),
    "cert-sign": bits(0x04, 2),
    "crl-sign": bits(0x02, 1),
    "encipher-only": bits(0x09, 0),
    "decipher-only": bits(0x00, 7, 0x80),
    "all": bits(0xFF, 7, 0x80),
    "signature-cert-sign": bits(0x84, 2),
    "signature-encipherment": bits(0xA0, 5),
    "none": tlv(BITS, b"\0"),
    "zero": tlv(BITS, b"\7\0"),
    "trailing-zeros": bits(0x86, 0),
    "cert-sign-trailing-zeros": bits(0x06, 0),
    "zero-octet": bits(0x86, 0, 0),
    "unused-8": bits(0x86, 8),
    "padding-set": bits(0x87, 7),
    "no-octet": tlv(BITS),
    "octets": tlv(OCTETS, b"\x86"),
    "constructed": tlv(0x23, bits(0x86, 1)),
    "trailing": bits(0x86, 1) + NULLS,
    "empty": b"",
    "ten-bits": bits(0x86, 6, 0x40),
    "length-not-minimal": not_minimal(bits(0x86, 1)),
}
for label, value in USAGES.items():
    on(ALL, f"ku-{label}", extend(KU, value, TRUE))

SGC, MS_SGC = "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"
EMAIL_USE, TIME_USE, OCSP_USE, CODE_USE = (f"1.3.6.1.5.5.7.3.{number}" for number in (4, 8, 9, 3))


def purposes(make, critical=b""):
    """The extendedKeyUsage, by the purpose that is asked and the other one."""

    def change(certificate, case):
        pair = (SERVER, CLIENT) if case.usage == "server" else (CLIENT, SERVER)
        certificate.extensions[EKU] = (critical, make(*pair))

    return change


EKUS = {
    "right": lambda right, _: sequence_of_oids(right),
    "both": lambda right, wrong: sequence_of_oids(right, wrong),
    "wrong": lambda _, wrong: sequence_of_oids(wrong),
    "any": lambda *_: sequence_of_oids(ANY),
    "any-and-right": lambda right, _: sequence_of_oids(ANY, right),
    "any-and-wrong": lambda _, wrong: sequence_of_oids(wrong, ANY),
    "email": lambda *_: sequence_of_oids(EMAIL_USE),
    "code": lambda *_: sequence_of_oids(CODE_USE),
    "time-stamping-and-right": lambda right, _: sequence_of_oids(right, TIME_USE),
    "ocsp-and-right": lambda right, _: sequence_of_oids(OCSP_USE, right),
    "unknown": lambda *_: sequence_of_oids("1.2.3.4"),
    "unknown-and-right": lambda right, _: sequence_of_oids("1.2.3.4", right),
    "netscape-sgc": lambda *_: sequence_of_oids(SGC),
    "microsoft-sgc": lambda *_: sequence_of_oids(MS_SGC),
    "purpose-twice": lambda right, _: sequence_of_oids(right, right),
    "many": lambda right, _: sequence_of_oids(*(f"1.2.3.{number}" for number in range(300)), right),
    "empty": lambda *_: tlv(SEQUENCE),
    "null": lambda *_: NULLS,
    "trailing": lambda right, _: sequence_of_oids(right) + NULLS,
    "not-an-oid": lambda right, _: tlv(SEQUENCE, oid(right), integer(1)),
    "oid-padded": lambda right, _: tlv(SEQUENCE, oid(right), tlv(OID, b"\x2a\x80\3")),
    "oid-cut": lambda right, _: tlv(SEQUENCE, oid(right), tlv(OID, b"\x2a\x83")),
    "oid-empty": lambda right, _: tlv(SEQUENCE, oid(right), tlv(OID)),
    "oid-huge": lambda right, _: tlv(SEQUENCE, oid(right), tlv(OID, b"\x2a" + b"\xff" * 30 + b"\x7f")),
    "set": lambda right, _: tlv(SET, oid(right)),
    "indefinite": lambda right, _: indefinite(sequence_of_oids(right)),
}
on("leaf", "eku-missing", drop(EKU))
on("leaf", "eku-critical", mark(EKU, TRUE))
for label, make in EKUS.items():
    on("leaf sub root" if label != "right" else CAS, f"eku-{label}", purposes(make))
on(CAS, "eku-right-critical", purposes(EKUS["right"], TRUE))
on(ALL, "eku-wrong-critical", purposes(EKUS["wrong"], TRUE))
for label, byte in (("server", 0x40), ("client", 0x80), ("email", 0x20), ("ca", 0x04)):
    on(ALL, f"netscape-type-{label}", extend("2.16.840.1.113730.1.1", tlv(BITS, bytes([0, byte]))))

# ---- nameConstraints ---------------------------------------------------------------------------


def subtrees(permitted=(), excluded=(), critical=TRUE):
    lists = b"".join(
        tlv(tag, *(tlv(SEQUENCE, base) for base in bases))
        for tag, bases in ((0xA0, permitted), (0xA1, excluded))
        if bases
    )
    return extend(NC, tlv(SEQUENCE, lists), critical)


def dns(text):
    return tlv(DNS, text if isinstance(text, bytes) else text.encode())


def raw(tag, text):
    return tlv(tag, text)


CONSTRAINTS = {
    "dns": subtrees([dns("example.test")]),
    "dns-dot": subtrees([dns(".example.test")]),
    "dns-host": subtrees([dns("www.example.test")]),
    "dns-upper": subtrees([dns("EXAMPLE.TEST")]),
    "dns-other": subtrees([dns("other.test")]),
    "dns-part": subtrees([dns("ample.test")]),
    "dns-below": subtrees([dns("a.www.example.test")]),
    "dns-empty": subtrees([dns("")]),
    "dns-final-dot": subtrees([dns("example.test.")]),
    "dns-star": subtrees([dns("*.example.test")]),
    "dns-space": subtrees([dns("example test")]),
    "dns-underscore": subtrees([dns("_x.test"), dns("example.test")]),
    "dns-dots": subtrees([dns("example..test")]),
    "dns-not-ascii": subtrees([dns(b"\xe4.test")]),
    "dns-single-dot": subtrees([dns(".")]),
    "dns-nul": subtrees([dns(b"example.test\0")]),
    "not-dns": subtrees((), [dns("example.test")]),
    "not-dns-dot": subtrees((), [dns(".example.test")]),
    "not-dns-host": subtrees((), [dns("www.example.test")]),
    "not-dns-other": subtrees((), [dns("other.test")]),
    "not-dns-empty": subtrees((), [dns("")]),
    "not-dns-upper": subtrees((), [dns("EXAMPLE.TEST")]),
    "not-dns-part": subtrees((), [dns("ample.test")]),
    "not-dns-below": subtrees((), [dns("a.www.example.test")]),
    "dns-and-not": subtrees([dns("example.test")], [dns("www.example.test")]),
    "not-critical": subtrees([dns("example.test")], critical=b""),
    "other-not-critical": subtrees([dns("other.test")], critical=b""),
    "ip": subtrees([raw(IP, address("192.0.2.0") + b"\xff\xff\xff\0")]),
    "ip-other": subtrees([raw(IP, address("10.0.0.0") + b"\xff\0\0\0")]),
    "not-ip": subtrees((), [raw(IP, address("192.0.2.0") + b"\xff\xff\xff\0")]),
    "not-ip-all": subtrees((), [raw(IP, bytes(8)), raw(IP, bytes(32))]),
    "ip-host-bits": subtrees([raw(IP, address("192.0.2.9") + b"\xff\xff\xff\0")]),
    "ip-mask": subtrees([raw(IP, address("192.0.2.0") + b"\xff\0\xff\0")]),
    "ip-no-mask": subtrees([raw(IP, address("192.0.2.0"))]),
    "ip-of-5": subtrees([raw(IP, b"12345")]),
    "ip-empty": subtrees([raw(IP, b"")]),
    "ip6": subtrees([raw(IP, address("2001:db8::") + b"\xff" * 4 + bytes(12))]),
    "not-ip6": subtrees((), [raw(IP, address("2001:db8::") + b"\xff" * 4 + bytes(12))]),
    "email": subtrees([raw(EMAIL, b"example.test")]),
    "not-email": subtrees((), [raw(EMAIL, b"example.test")]),
    "email-wrong": subtrees([raw(EMAIL, b"a@b@c")]),
    "email-not-ascii": subtrees([raw(EMAIL, b"\xe4@x")]),
    "uri": subtrees([raw(URI, b".example.test")]),
    "uri-address": subtrees([raw(URI, b"192.0.2.7")]),
    "uri-whole": subtrees([raw(URI, b"https://example.test/")]),
    "uri-empty": subtrees([raw(URI, b"")]),
    "directory-empty": subtrees([tlv(DIRECTORY, name())]),
    "directory": subtrees(
        [tlv(DIRECTORY, name(attribute(CN, "end entity"))), tlv(DIRECTORY, name(attribute(O, "Example")))]
    ),
    "directory-other": subtrees([tlv(DIRECTORY, name(attribute(CN, "somebody")))]),
    "directory-case": subtrees(
        [tlv(DIRECTORY, name(attribute(CN, "END ENTITY"))), tlv(DIRECTORY, name(attribute(O, "EXAMPLE")))]
    ),
    "directory-printable": subtrees(
        [
            tlv(DIRECTORY, name(attribute(CN, "end entity", PRINTABLE))),
            tlv(DIRECTORY, name(attribute(O, "Example", PRINTABLE))),
        ]
    ),
    "not-directory": subtrees((), [tlv(DIRECTORY, name(attribute(CN, "end entity")))]),
    "not-directory-printable": subtrees((), [tlv(DIRECTORY, name(attribute(CN, "end entity", PRINTABLE)))]),
    "not-directory-case": subtrees((), [tlv(DIRECTORY, name(attribute(CN, "End Entity")))]),
    "not-directory-all": subtrees((), [tlv(DIRECTORY, name())]),
    "not-directory-other": subtrees((), [tlv(DIRECTORY, name(attribute(CN, "somebody")))]),
    "registered-id": subtrees([raw(0x88, b"\x2a\3")]),
    "other-name": subtrees([tlv(0xA0, oid("1.2.3"), tlv(0xA0, NULLS))]),
    "unknown-kind": subtrees([raw(0x89, b"x")]),
    "not-registered-id": subtrees((), [raw(0x88, b"\x2a\3")]),
    "minimum": extend(NC, tlv(SEQUENCE, tlv(0xA0, tlv(SEQUENCE, dns("example.test"), tlv(0x80, b"\1")))), TRUE),
    "minimum-written": extend(NC, tlv(SEQUENCE, tlv(0xA0, tlv(SEQUENCE, dns("example.test"), tlv(0x80, b"\0")))), TRUE),
    "maximum": extend(NC, tlv(SEQUENCE, tlv(0xA0, tlv(SEQUENCE, dns("example.test"), tlv(0x81, b"\1")))), TRUE),
    "hold-nothing": extend(NC, tlv(SEQUENCE), TRUE),
    "null": extend(NC, NULLS, TRUE),
    "empty-list": extend(NC, tlv(SEQUENCE, tlv(0xA0)), TRUE),
    "trailing": extend(NC, tlv(SEQUENCE, tlv(0xA0, tlv(SEQUENCE, dns("example.test")))) + NULLS, TRUE),
}
for label, change in CONSTRAINTS.items():
    on(CAS, f"nc-{label}", change)
on("leaf", "nc-dns", CONSTRAINTS["dns"])
on("leaf", "nc-null", CONSTRAINTS["null"])

# ---- Other extensions --------------------------------------------------------------------------

on(ALL, "unknown-extension", more(extension("1.2.3.4", NULLS)))
on(ALL, "unknown-extension-empty", more(extension("1.2.3.4", b"")))
on(ALL, "unknown-extension-no-der", more(extension("1.2.3.4", b"\xff")))
on(ALL, "unknown-extension-huge", more(extension("1.2.3.4", bytes(90000))))
on(ALL, "critical-extension", more(extension("1.2.3.4", NULLS, TRUE)))
on(ALL, "critical-01-extension", more(extension("1.2.3.4", NULLS, tlv(BOOLEAN, b"\1"))))
on(ALL, "critical-false-extension", more(extension("1.2.3.4", NULLS, FALSE)))
on(ALL, "critical-empty-extension", more(extension("1.2.3.4", NULLS, tlv(BOOLEAN))))
on(ALL, "many-extensions", more(*(extension(f"1.2.3.4.{number}", NULLS) for number in range(300))))
on(ALL, "extension-twice", more(extension("1.2.3.4", NULLS), extension("1.2.3.4", NULLS)))
on(ALL, "extension-field", more(tlv(SEQUENCE, oid("1.2.3.4"), tlv(OCTETS, NULLS), NULLS)))
on(ALL, "extension-without-value", more(tlv(SEQUENCE, oid("1.2.3.4"))))
on(ALL, "extension-constructed", more(tlv(SEQUENCE, oid("1.2.3.4"), tlv(0x24, tlv(OCTETS, NULLS)))))
on(ALL, "extension-oid-padded", more(tlv(SEQUENCE, tlv(OID, b"\x2a\x80\3"), tlv(OCTETS, NULLS))))
on(ALL, "extension-oid-empty", more(tlv(SEQUENCE, tlv(OID), tlv(OCTETS, NULLS))))
on(ALL, "extension-length-not-minimal", more(not_minimal(extension("1.2.3.4", NULLS))))
on(ALL, "extension-indefinite", more(indefinite(extension("1.2.3.4", NULLS))))
on(ALL, "ku-critical-01", mark(KU, tlv(BOOLEAN, b"\1")))
on(ALL, "bc-critical-01", mark(BC, tlv(BOOLEAN, b"\1")))
on(ALL, "ku-critical-false", mark(KU, FALSE))
on(ALL, "ski-critical-false", mark(SKI, FALSE))


def twice(kind):
    def change(certificate, _):
        if kind not in certificate.extensions:
            return False
        certificate.more.append(certificate.value(kind))
        return None

    return change


def twice_with(kind, value, critical=b""):
    def change(certificate, _):
        certificate.more.append(extension(kind, value, critical))

    return change


for label, kind in (("bc", BC), ("ku", KU), ("san", SAN), ("eku", EKU), ("ski", SKI), ("aki", AKI)):
    on("leaf" if label in ("san", "eku") else ALL, f"{label}-twice", twice(kind))
on("leaf", "ku-twice-other", twice_with(KU, bits(0x02, 1), TRUE))
on("leaf", "san-twice-other", twice_with(SAN, tlv(SEQUENCE, dns("other.example.test"))))
on("leaf", "eku-twice-other", twice_with(EKU, sequence_of_oids(EMAIL_USE)))
on(CAS, "bc-twice-other", twice_with(BC, tlv(SEQUENCE), TRUE))

ANY_POLICY, A_POLICY = "2.5.29.32.0", "1.2.3.4.1"


def policy(*dotted):
    return tlv(SEQUENCE, *(tlv(SEQUENCE, oid(one)) for one in dotted))


OTHERS = {
    "policies": (POLICIES, policy(A_POLICY), b""),
    "policies-any": (POLICIES, policy(ANY_POLICY), b""),
    "policies-critical": (POLICIES, policy(A_POLICY), TRUE),
    "policies-twice": (POLICIES, policy(A_POLICY, A_POLICY), b""),
    "policies-empty": (POLICIES, tlv(SEQUENCE), b""),
    "policies-null": (POLICIES, NULLS, b""),
    "policies-qualifier": (
        POLICIES,
        tlv(
            SEQUENCE,
            tlv(SEQUENCE, oid(A_POLICY), tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.2.1"), tlv(IA5, b"http://x")))),
        ),
        b"",
    ),
    "policy-constraints-0": ("2.5.29.36", tlv(SEQUENCE, tlv(0x80, b"\0")), TRUE),
    "policy-constraints-1": ("2.5.29.36", tlv(SEQUENCE, tlv(0x80, b"\1")), TRUE),
    "policy-constraints-9": ("2.5.29.36", tlv(SEQUENCE, tlv(0x80, b"\x09")), TRUE),
    "policy-constraints-mapping": ("2.5.29.36", tlv(SEQUENCE, tlv(0x81, b"\0")), TRUE),
    "policy-constraints-empty": ("2.5.29.36", tlv(SEQUENCE), TRUE),
    "policy-constraints-negative": ("2.5.29.36", tlv(SEQUENCE, tlv(0x80, b"\xff")), TRUE),
    "policy-constraints-not-critical": ("2.5.29.36", tlv(SEQUENCE, tlv(0x80, b"\0")), b""),
    "inhibit-any-0": ("2.5.29.54", integer(0), TRUE),
    "inhibit-any-not-critical": ("2.5.29.54", integer(0), b""),
    "inhibit-any-negative": ("2.5.29.54", tlv(INTEGER, b"\xff"), TRUE),
    "policy-mappings": ("2.5.29.33", tlv(SEQUENCE, tlv(SEQUENCE, oid(A_POLICY), oid("1.2.3.4.2"))), TRUE),
    "policy-mappings-any": ("2.5.29.33", tlv(SEQUENCE, tlv(SEQUENCE, oid(ANY_POLICY), oid(A_POLICY))), b""),
    "points": (POINTS, tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(URI, b"http://crl.example.test/"))))), b""),
    "points-critical": (
        POINTS,
        tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(URI, b"http://crl.example.test/"))))),
        TRUE,
    ),
    "points-null": (POINTS, NULLS, b""),
    "points-empty": (POINTS, tlv(SEQUENCE), b""),
    "points-empty-point": (POINTS, tlv(SEQUENCE, tlv(SEQUENCE)), b""),
    "points-not-ascii": (POINTS, tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(URI, b"\xff"))))), b""),
    "access": (
        ACCESS,
        tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.48.1"), tlv(URI, b"http://ocsp.example.test/"))),
        b"",
    ),
    "access-critical": (ACCESS, tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.48.1"), tlv(URI, b"http://x/"))), TRUE),
    "access-null": (ACCESS, NULLS, b""),
    "access-empty": (ACCESS, tlv(SEQUENCE), b""),
    "access-not-ascii": (ACCESS, tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.48.1"), tlv(URI, b"\xff"))), b""),
    "issuer-alt-name": ("2.5.29.18", tlv(SEQUENCE, dns("ca.example.test")), b""),
    "issuer-alt-name-critical": ("2.5.29.18", tlv(SEQUENCE, dns("ca.example.test")), TRUE),
    "issuer-alt-name-empty": ("2.5.29.18", tlv(SEQUENCE), b""),
    "issuer-alt-name-null": ("2.5.29.18", NULLS, b""),
    "netscape-comment": ("2.16.840.1.113730.1.13", tlv(IA5, b"comment"), b""),
    "netscape-comment-critical": ("2.16.840.1.113730.1.13", tlv(IA5, b"comment"), TRUE),
    "poison": ("1.3.6.1.4.1.11129.2.4.3", NULLS, TRUE),
    "sct-garbage": ("1.3.6.1.4.1.11129.2.4.2", tlv(OCTETS, b"\0\1x"), b""),
    "must-staple": ("1.3.6.1.5.5.7.1.24", tlv(SEQUENCE, integer(5)), b""),
    "must-staple-critical": ("1.3.6.1.5.5.7.1.24", tlv(SEQUENCE, integer(5)), TRUE),
    "private-key-usage-period": ("2.5.29.16", tlv(SEQUENCE, tlv(0x80, b"20260101000000Z")), b""),
    "private-key-usage-period-past": ("2.5.29.16", tlv(SEQUENCE, tlv(0x81, b"20260101000000Z")), b""),
    "private-key-usage-period-critical": ("2.5.29.16", tlv(SEQUENCE, tlv(0x80, b"20260101000000Z")), TRUE),
    "directory-attributes": (
        "2.5.29.9",
        tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.9.4"), tlv(SET, tlv(PRINTABLE, b"DE")))),
        b"",
    ),
    "freshest-crl": ("2.5.29.46", tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA0, tlv(0xA0, tlv(URI, b"http://x/"))))), b""),
    "ocsp-no-check": ("1.3.6.1.5.5.7.48.1.5", NULLS, b""),
    "proxy": (
        "1.3.6.1.5.5.7.1.14",
        tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.6.1.5.5.7.21.1"))),
        TRUE,
    ),
    "address-blocks": ("1.3.6.1.5.5.7.1.7", tlv(SEQUENCE, tlv(SEQUENCE, tlv(OCTETS, b"\0\1"), NULLS)), TRUE),
}
for label, (kind, value, critical) in OTHERS.items():
    on(ALL, label, extend(kind, value, critical))
on(ALL, "extensions-empty", put("list", tlv(0xA3, tlv(SEQUENCE))))
on(
    ALL,
    "extensions-wrong-tag",
    lambda it, _: setattr(it, "list", tlv(0xA4, tlv(SEQUENCE, *map(it.value, it.extensions)))),
)
on(
    ALL,
    "extensions-two",
    lambda it, _: setattr(it, "list", tlv(0xA3, tlv(SEQUENCE, *map(it.value, it.extensions)), tlv(SEQUENCE))),
)
on(ALL, "issuer-unique-id", put("ids", tlv(0x81, b"\0\1")))
on(ALL, "subject-unique-id", put("ids", tlv(0x82, b"\0\1")))
on(ALL, "unique-ids-swapped", put("ids", tlv(0x82, b"\0\1") + tlv(0x81, b"\0\1")))

# ---- subjectAltName ----------------------------------------------------------------------------


def names(*others, keep=True, host=None, critical=b"", before=True):
    """SANs beside the one that is asked for, or instead of it."""

    def change(leaf, case):
        old = elements(content(leaf.extensions[SAN][1])) if SAN in leaf.extensions else []
        every = [*others, *old] if before else [*old, *others]
        if not keep:
            if case.base.split("/")[3] != "dns":
                return False
            every = list(others)
        if host:
            if case.usage != "server":
                return False
            case.host = host
        leaf.extensions[SAN] = (critical, tlv(SEQUENCE, *every))
        return None

    return change


HOST = "www.example.test"
INSTEAD = {
    "other": names(dns("other.example.test"), keep=False),
    "upper": names(dns(HOST.upper()), keep=False),
    "wildcard": names(dns("*.example.test"), keep=False),
    "wildcard-part": names(dns("w*.example.test"), keep=False),
    "wildcard-end": names(dns("*w.example.test"), keep=False),
    "wildcard-deep": names(dns("www.*.test"), keep=False),
    "wildcard-two": names(dns("*.*.test"), keep=False),
    "wildcard-top": names(dns("*.test"), keep=False, host="example.test"),
    "wildcard-alone": names(dns("*"), keep=False, host="localhost"),
    "wildcard-star-dot": names(dns("*."), keep=False),
    "wildcard-below": names(dns("*.example.test"), keep=False, host="a.b.example.test"),
    "wildcard-parent": names(dns("*.example.test"), keep=False, host="example.test"),
    "wildcard-idn": names(dns("xn--*.example.test"), keep=False, host="xn--bcher-kva.example.test"),
    "wildcard-of-idn": names(dns("*.example.test"), keep=False, host="xn--bcher-kva.example.test"),
    "wildcard-middle": names(dns("w*w.example.test"), keep=False),
    "wildcard-upper": names(dns("*.EXAMPLE.TEST"), keep=False),
    "wildcard-many": names(dns("**.example.test"), keep=False),
    "wildcard-underscore": names(dns("*._a.test"), keep=False, host="x._a.test"),
    "final-dot": names(dns(HOST + "."), keep=False),
    "host-final-dot": names(dns(HOST), keep=False, host=HOST + "."),
    "both-final-dot": names(dns(HOST + "."), keep=False, host=HOST + "."),
    "underscore": names(dns("_a.example.test"), keep=False, host="_a.example.test"),
    "underscore-inside": names(dns("a_b.example.test"), keep=False, host="a_b.example.test"),
    "hyphen-first": names(dns("-a.example.test"), keep=False, host="-a.example.test"),
    "hyphen-last": names(dns("a-.example.test"), keep=False, host="a-.example.test"),
    "digits": names(dns("123.example.test"), keep=False, host="123.example.test"),
    "digits-last": names(dns("example.123"), keep=False, host="example.123"),
    "short": names(dns("localhost"), keep=False, host="localhost"),
    "idn": names(dns("xn--bcher-kva.example.test"), keep=False, host="xn--bcher-kva.example.test"),
    "idn-utf8": names(dns("b\u00fccher.example.test"), keep=False, host="xn--bcher-kva.example.test"),
    "idn-wrong": names(dns("xn--a.example.test"), keep=False, host="xn--a.example.test"),
    "label-63": names(dns("a" * 63 + ".test"), keep=False, host="a" * 63 + ".test"),
    "label-64": names(dns("a" * 64 + ".test"), keep=False, host="a" * 64 + ".test"),
    "long-253": names(dns("a." * 126 + "a"), keep=False, host="a." * 126 + "a"),
    "long-255": names(dns("a." * 127 + "a"), keep=False, host="a." * 127 + "a"),
    "empty": names(dns(""), keep=False),
    "space": names(dns(" "), keep=False),
    "space-around": names(dns(f" {HOST} "), keep=False),
    "nul": names(dns(f"{HOST}\0.evil.test"), keep=False),
    "nul-last": names(dns(f"{HOST}\0"), keep=False),
    "leading-dot": names(dns(".example.test"), keep=False),
    "dots": names(dns("www..example.test"), keep=False),
    "address-as-dns": names(dns("192.0.2.7"), keep=False, host="192.0.2.7"),
    "address-as-uri": names(tlv(URI, b"https://192.0.2.7/"), keep=False, host="192.0.2.7"),
    "address-6-as-dns": names(dns("2001:db8::7"), keep=False, host="2001:db8::7"),
    "address-mapped": names(tlv(IP, address("::ffff:192.0.2.7")), keep=False, host="192.0.2.7"),
    "address-mapped-host": names(tlv(IP, address("192.0.2.7")), keep=False, host="::ffff:192.0.2.7"),
    "address-of-5": names(tlv(IP, b"12345"), keep=False),
    "address-of-8": names(tlv(IP, b"\xc0\0\2\7\xff\xff\xff\xff"), keep=False, host="192.0.2.7"),
    "address-empty": names(tlv(IP), keep=False),
    "address-of-32": names(tlv(IP, bytes(32)), keep=False),
    "address-text": names(tlv(IP, b"192.0.2.7"), keep=False, host="192.0.2.7"),
    "email": names(tlv(EMAIL, b"jo@example.test"), keep=False),
    "uri": names(tlv(URI, b"https://www.example.test/"), keep=False),
    "directory": names(tlv(DIRECTORY, name(attribute(CN, HOST))), keep=False),
    "nothing": names(keep=False),
    "port": names(dns(f"{HOST}:443"), keep=False),
    "latin-1": names(dns(b"b\xfccher.example.test"), keep=False, host="xn--bcher-kva.example.test"),
    "slash": names(dns("a/b.example.test"), keep=False),
    "control": names(dns("a\n.example.test"), keep=False),
}
for label, change in INSTEAD.items():
    on("leaf", f"san-{label}", change)
BESIDE = {
    "empty": dns(""),
    "space": dns(" "),
    "nul": dns("a\0b"),
    "not-ascii": dns(b"\xe4"),
    "dots": dns("a..b"),
    "star": dns("*"),
    "wildcard-part": dns("a*.example.test"),
    "wildcard-deep": dns("a.*.test"),
    "underscore": dns("_a.test"),
    "final-dot": dns("a.test."),
    "leading-dot": dns(".a.test"),
    "label-64": dns("a" * 64),
    "long": dns("a." * 140 + "a"),
    "address-of-5": tlv(IP, b"12345"),
    "address-empty": tlv(IP),
    "address-of-8": tlv(IP, bytes(8)),
    "address-as-dns": dns("10.0.0.1"),
    "email": tlv(EMAIL, b"jo@example.test"),
    "email-no-at": tlv(EMAIL, b"jo"),
    "email-not-ascii": tlv(EMAIL, b"\xe4@x"),
    "email-empty": tlv(EMAIL),
    "email-two-ats": tlv(EMAIL, b"a@b@c"),
    "email-nul": tlv(EMAIL, b"a\0@b"),
    "uri": tlv(URI, b"https://a.example.test/"),
    "uri-empty": tlv(URI),
    "uri-space": tlv(URI, b"http://a b/"),
    "uri-relative": tlv(URI, b"a/b"),
    "uri-escape": tlv(URI, b"http://a/%zz"),
    "uri-not-ascii": tlv(URI, b"http://\xe4"),
    "uri-port": tlv(URI, b"http://a:x/"),
    "uri-address": tlv(URI, b"http://10.0.0.1/"),
    "uri-no-host": tlv(URI, b"urn:x:y"),
    "uri-spiffe": tlv(URI, b"spiffe://example.test/a"),
    "uri-dots": tlv(URI, b"http://a..b/"),
    "uri-user": tlv(URI, b"http://u:p@a.test/"),
    "directory": tlv(DIRECTORY, name(attribute(CN, "x"))),
    "directory-empty": tlv(DIRECTORY, name()),
    "other-name": tlv(0xA0, oid("1.2.3.4"), tlv(0xA0, tlv(UTF8, b"x"))),
    "other-name-no-value": tlv(0xA0, oid("1.2.3.4")),
    "smtp-utf8": tlv(0xA0, oid("1.3.6.1.5.5.7.8.9"), tlv(0xA0, tlv(UTF8, "\u00fc@example.test".encode()))),
    "registered-id": tlv(0x88, b"\x2a\3\4"),
    "registered-id-padded": tlv(0x88, b"\x2a\x80\1"),
    "registered-id-empty": tlv(0x88),
    "x400": tlv(0xA3, tlv(SEQUENCE)),
    "edi": tlv(0xA5, tlv(0xA1, tlv(UTF8, b"x"))),
    "unknown-kind": tlv(0x89, b"x"),
    "null": NULLS,
    "constructed": tlv(0xA2, tlv(IA5, b"a.test")),
    "universal-tag": tlv(IA5, b"a.test"),
    "twice": dns("www.example.test") * 2,
    "idn": dns("xn--bcher-kva.test"),
    "idn-wrong": dns("xn--\x7f.test"),
    "hyphen-first": dns("-a.test"),
    "hyphen-last": dns("a-.test"),
    "port": dns("a.test:443"),
    "url": dns("https://a.test"),
    "many": b"".join(dns(f"host{number}.example.test") for number in range(2000)),
    "length-not-minimal": not_minimal(dns("a.test")),
}
for label, other in BESIDE.items():
    on("leaf", f"san-also-{label}", names(other))
on("leaf", "san-last-empty", names(dns(""), before=False))
on("leaf", "san-last-not-ascii", names(dns(b"\xe4"), before=False))
on("leaf", "san-last-address-of-5", names(tlv(IP, b"12345"), before=False))
for label, other in (
    ("dns", dns("ca.example.test")),
    ("not-ascii", dns(b"\xe4")),
    ("empty", dns("")),
    ("email", tlv(EMAIL, b"ca@example.test")),
    ("address-of-5", tlv(IP, b"12345")),
    ("nothing", b""),
):
    on(CAS, f"san-{label}", extend(SAN, tlv(SEQUENCE, other)))
on("leaf", "san-missing", drop(SAN))
on("leaf", "san-critical", mark(SAN, TRUE))
on("leaf", "san-null", extend(SAN, NULLS))
on("leaf", "san-no-der", extend(SAN, b"\xff"))


def san_octets(edit):
    def change(leaf, _):
        critical, value = leaf.extensions[SAN]
        leaf.extensions[SAN] = (critical, edit(value))

    return change


on("leaf", "san-trailing", san_octets(lambda value: value + NULLS))
on("leaf", "san-indefinite", san_octets(indefinite))
on("leaf", "san-length-not-minimal", san_octets(not_minimal))


def only_common_name(leaf, case):
    leaf.subject = name(attribute(CN, case.host))
    leaf.extensions.pop(SAN, None)


on("leaf", "common-name-only", only_common_name)


def empty_subject_critical(leaf, _):
    leaf.subject = name()
    return mark(SAN, TRUE)(leaf, _)


on("leaf", "subject-empty-san-critical", empty_subject_critical)

# ---- Keys, algorithms, signatures ----------------------------------------------------------------


def use_key(kind, owner=None):
    """Another key, with which it signs, too."""

    def change(certificate, _):
        certificate.key = certificates.key_of(kind, owner or certificate.owner)

    return change


for kind in (
    "rsa",
    "p256",
    "ed25519",
    "rsa-1024",
    "rsa-2047",
    "rsa-e3",
    "ed448",
    "p384",
    "p521",
    "p224",
    "k256",
    "brainpool",
):
    on(ALL, f"key-{kind}", use_key(kind))


def public(make):
    """Another subjectPublicKeyInfo; the key that signs stays."""

    def change(certificate, _):
        replaced = make(certificate.public())
        if replaced is None:
            return False
        certificate.spki = replaced
        return None

    return change


RSA_ENCRYPTION, EC_KEY = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
P256 = oid("1.2.840.10045.3.1.7")


def rsa_numbers(*numbers, parameters=(NULLS,), dotted=RSA_ENCRYPTION):
    inner = tlv(SEQUENCE, *(one if isinstance(one, bytes) else integer(one) for one in numbers))
    return tlv(SEQUENCE, algorithm(dotted, *parameters), tlv(BITS, b"\0", inner))


def rsa_key(change, **how):
    def make(old):
        if oid(RSA_ENCRYPTION) not in old:
            return None
        key = serialization.load_der_public_key(old).public_numbers()
        return rsa_numbers(*change(key.n, key.e), **how)

    return make


def point(change, *parameters):
    def make(old):
        if P256 not in old:
            return None
        octets = content(elements(content(old))[1])[1:]
        return tlv(SEQUENCE, algorithm(EC_KEY, *(parameters or (P256,))), tlv(BITS, b"\0", change(octets)))

    return make


PUBLICS = {
    "rsa-e-1": rsa_key(lambda n, _: (n, 1)),
    "rsa-e-2": rsa_key(lambda n, _: (n, 2)),
    "rsa-even": rsa_key(lambda n, e: (n + 1, e)),
    "rsa-no-null": rsa_key(lambda n, e: (n, e), parameters=()),
    "rsa-pss": rsa_key(lambda n, e: (n, e), parameters=(), dotted="1.2.840.113549.1.1.10"),
    "rsa-negative": rsa_key(lambda n, e: (tlv(INTEGER, n.to_bytes(256, "big")), e)),
    "rsa-not-minimal": rsa_key(lambda n, e: (tlv(INTEGER, b"\0\0" + n.to_bytes(256, "big")), e)),
    "rsa-field": rsa_key(lambda n, e: (n, e, 5)),
    "rsa-e-large": rsa_key(lambda n, _: (n, 2**70 + 1)),
    "ec-compressed": point(lambda it: bytes([2 + it[-1] % 2]) + it[1:33]),
    "ec-hybrid": point(lambda it: bytes([6 + it[-1] % 2]) + it[1:]),
    "ec-off-curve": point(lambda it: it[:-1] + bytes([it[-1] ^ 1])),
    "ec-short": point(lambda it: it[:-1]),
    "ec-infinity": point(lambda _: b"\0"),
    "ec-other-curve": point(lambda it: it, oid("1.3.132.0.34")),
    "ec-no-curve": point(lambda it: it, NULLS),
    "ec-unknown-curve": point(lambda it: it, oid("1.2.3.4")),
    "unknown": lambda old: tlv(SEQUENCE, algorithm("1.2.3.4"), elements(content(old))[1]),
    "field": lambda old: tlv(SEQUENCE, content(old), NULLS),
    "length-not-minimal": not_minimal,
    "indefinite": indefinite,
    "unused-bits": lambda old: tlv(
        SEQUENCE, elements(content(old))[0], tlv(BITS, b"\1", content(elements(content(old))[1])[1:-1] + b"\x80")
    ),
    "trailing": lambda old: tlv(
        SEQUENCE, elements(content(old))[0], tlv(BITS, content(elements(content(old))[1]), NULLS)
    ),
    "x25519": lambda _: tlv(SEQUENCE, algorithm("1.3.101.110"), tlv(BITS, b"\0", b"\x09" * 32)),
    "empty": lambda old: tlv(SEQUENCE, elements(content(old))[0], tlv(BITS, b"\0")),
    "other": lambda _: certificates.spki(certificates.key_of("p256", "other")),
}
for label, make in PUBLICS.items():
    on(ALL, f"public-{label}", public(make))


def hashed(how):
    def change(certificate, _):
        key = certificate.issuer.key
        is_rsa, is_ec = (
            hasattr(key, "private_numbers") and hasattr(key, "decrypt"),
            isinstance(key, ec.EllipticCurvePrivateKey),
        )
        if not (how in ECDSA and is_ec or (how in PKCS1 or how.startswith("pss")) and is_rsa):
            return False
        certificate.hash = how
        return None

    return change


for how in ("sha1", "md5", "sha224", "sha384", "sha512", "pss", "pss-sha1"):
    on(ALL, f"hash-{how}", hashed(how))


def algorithms(inner, outer):
    def change(certificate, _):
        sound = certificates.signature_algorithm(certificate.issuer.key, certificate.hash)
        certificate.inner, certificate.outer = inner(sound), outer(sound)

    return change


def toggled_null(sound):
    parts = elements(content(sound))
    return tlv(SEQUENCE, parts[0]) if len(parts) > 1 else tlv(SEQUENCE, parts[0], NULLS)


OTHER_ALGORITHM = algorithm(PKCS1["sha512"], NULLS)
SAME = lambda sound: sound  # noqa: E731
ALGORITHMS = {
    "outer-other": (SAME, lambda _: OTHER_ALGORITHM),
    "inner-other": (lambda _: OTHER_ALGORITHM, SAME),
    "both-other": (lambda _: OTHER_ALGORITHM, lambda _: OTHER_ALGORITHM),
    "outer-null": (SAME, toggled_null),
    "inner-null": (toggled_null, SAME),
    "both-null": (toggled_null, toggled_null),
    "unknown": (lambda _: algorithm("1.2.3.4"), lambda _: algorithm("1.2.3.4")),
    "field": (lambda it: tlv(SEQUENCE, content(it), NULLS, NULLS), lambda it: tlv(SEQUENCE, content(it), NULLS, NULLS)),
    "parameters-integer": (
        lambda it: tlv(SEQUENCE, elements(content(it))[0], integer(5)),
        lambda it: tlv(SEQUENCE, elements(content(it))[0], integer(5)),
    ),
    "null-with-content": (
        lambda it: tlv(SEQUENCE, elements(content(it))[0], tlv(NULL, b"\0")),
        lambda it: tlv(SEQUENCE, elements(content(it))[0], tlv(NULL, b"\0")),
    ),
    "length-not-minimal": (not_minimal, not_minimal),
    "outer-length-not-minimal": (SAME, not_minimal),
}
for label, (inner, outer) in ALGORITHMS.items():
    on(ALL, f"algorithm-{label}", algorithms(inner, outer))


def flipped(octets, at):
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


def ecdsa_numbers(change):
    def edit(signature):
        # Another algorithm's is random.
        if signature[:2] != bytes([0x30, len(signature) - 2 & 0xFF]) or len(signature) > 140:
            return flipped(signature, 9)
        return change(*elements(content(signature)))

    return edit


P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNATURES = {
    "flipped": lambda it: flipped(it, len(it) // 2),
    "first-flipped": lambda it: flipped(it, 0),
    "last-flipped": lambda it: flipped(it, len(it) - 1),
    "cut": lambda it: it[:-1],
    "empty": lambda _: b"",
    "longer": lambda it: it + b"\0",
    "leading-zero": lambda it: b"\0" + it,
    "zeros": lambda it: bytes(len(it)),
    "ecdsa-zero": ecdsa_numbers(lambda *_: tlv(SEQUENCE, integer(0), integer(0))),
    "ecdsa-not-minimal": ecdsa_numbers(lambda r, s: tlv(SEQUENCE, tlv(INTEGER, b"\0" + content(r)), s)),
    "ecdsa-high-s": ecdsa_numbers(
        lambda r, s: tlv(SEQUENCE, r, integer(P256_ORDER - int.from_bytes(content(s), "big")))
    ),
    "ecdsa-negative": ecdsa_numbers(lambda r, s: tlv(SEQUENCE, tlv(INTEGER, b"\x80" + content(r)[1:]), s)),
    "ecdsa-trailing": ecdsa_numbers(lambda r, s: tlv(SEQUENCE, r, s) + NULLS),
    "ecdsa-field": ecdsa_numbers(lambda r, s: tlv(SEQUENCE, r, s, NULLS)),
    "ecdsa-length-not-minimal": ecdsa_numbers(lambda r, s: not_minimal(tlv(SEQUENCE, r, s))),
}
for label, edit in SIGNATURES.items():
    on(ALL, f"signature-{label}", put("edit_signature", lambda _, edit=edit: edit))
on(ALL, "signature-unused-bits", put("unused", b"\1"))
on(ALL, "signature-unused-8", put("unused", b"\x08"))
on(ALL, "signature-no-octet", put("unused", b""))


def signed_by_other(certificate, case):
    kind = case.base.split("/")[0]
    certificate.signer = certificates.key_of(kind, "other")


on(ALL, "signed-by-other", signed_by_other)


def self_signed(certificate, _):
    certificate.issuer = certificate


on(ISSUED, "self-signed", self_signed)

# ---- DER of the whole ----------------------------------------------------------------------------


def body(change):
    return put("edit_whole", lambda _: change)


def without_end(octets):
    return b"\x30" + octets[1:-1]


WHOLES = {
    "trailing": lambda it: it + NULLS,
    "trailing-zero": lambda it: it + b"\0",
    "length-not-minimal": not_minimal,
    "indefinite": indefinite,
    "cut": without_end,
    "field": lambda it: tlv(SEQUENCE, content(it), NULLS),
    "as-set": lambda it: tlv(SET, content(it)),
    "signature-missing": lambda it: tlv(SEQUENCE, *elements(content(it))[:2]),
    "signature-octets": lambda it: tlv(
        SEQUENCE, *elements(content(it))[:2], tlv(OCTETS, content(elements(content(it))[2]))
    ),
    "signature-constructed": lambda it: tlv(SEQUENCE, *elements(content(it))[:2], tlv(0x23, elements(content(it))[2])),
    "signature-length-not-minimal": lambda it: tlv(
        SEQUENCE, *elements(content(it))[:2], not_minimal(elements(content(it))[2])
    ),
    "twice": lambda it: it + it,
    "garbage": lambda _: b"\x30\x03abc",
    "empty": lambda _: b"",
}
for label, change in WHOLES.items():
    on(ALL, f"whole-{label}", body(change))


def changed_serial(certificate, _):
    """Another serial behind the signature."""
    certificate.edit_whole = lambda octets: octets.replace(certificate.serial, integer(0x6666), 1)


on(ALL, "serial-changed", changed_serial)
BODIES = {
    "length-not-minimal": not_minimal,
    "indefinite": indefinite,
    "field": lambda it: tlv(SEQUENCE, content(it), NULLS),
    "as-set": lambda it: tlv(SET, content(it)),
    "cut": lambda it: tlv(SEQUENCE, *elements(content(it))[:5]),
}
for label, change in BODIES.items():
    on(ALL, f"tbs-{label}", put("edit_tbs", lambda _, change=change: change))

# ---- What is sent, and what is trusted -------------------------------------------------------------


def chained(label, needs=""):
    def wrap(change):
        def mutate(case):
            if needs and getattr(case, needs) is None:
                return False
            return change(case)

        add(label, mutate)
        return change

    return wrap


def other_key(certificate):
    """The same certificate with another key."""
    other = certificate.copy()
    other.key = certificates.key_of("p256", "other")
    other.serial = integer(0x7001)
    return other


def expired(certificate):
    other = certificate.copy()
    other.end, other.serial = days(-1), integer(0x7002)
    return other


@chained("chain.sub-missing", "sub")
def _(case):
    case.sent.remove(case.sub)


@chained("chain.top-missing", "top")
def _(case):
    case.sent.remove(case.top)


@chained("chain.reversed", "top")
def _(case):
    case.sent[1:] = case.sent[:0:-1]


@chained("chain.root-sent")
def _(case):
    case.sent.append(case.root)


@chained("chain.root-sent-second", "sub")
def _(case):
    case.sent.insert(1, case.root)


@chained("chain.sub-twice", "sub")
def _(case):
    case.sent.append(case.sub)


@chained("chain.leaf-twice")
def _(case):
    case.sent.append(case.leaf)


@chained("chain.unrelated")
def _(case):
    case.sent.append(authority("other", "p256"))


@chained("chain.unrelated-broken")
def _(case):
    case.sent.append(b"\x30\x03abc")


@chained("chain.unrelated-first", "sub")
def _(case):
    case.sent.insert(1, authority("other", "p256"))


@chained("chain.sub-of-other-key-first", "sub")
def _(case):
    case.sent.insert(1, other_key(case.sub))


@chained("chain.sub-of-other-key-last", "sub")
def _(case):
    case.sent.append(other_key(case.sub))


@chained("chain.sub-of-other-key-first-no-ids", "sub")
def _(case):
    for one in (case.leaf, case.sub):
        one.extensions.pop(SKI, None)
        one.extensions.pop(AKI, None)
    case.sent.insert(1, other_key(case.sub))


@chained("chain.sub-expired-first", "sub")
def _(case):
    case.sent.insert(1, expired(case.sub))


@chained("chain.sub-expired-last", "sub")
def _(case):
    case.sent.append(expired(case.sub))


@chained("chain.sub-not-ca-first", "sub")
def _(case):
    other = case.sub.copy()
    other.extensions[BC], other.serial = (TRUE, tlv(SEQUENCE)), integer(0x7003)
    case.sent.insert(1, other)


@chained("chain.sub-self-signed-first", "sub")
def _(case):
    other = case.sub.copy()
    other.issuer, other.serial = other, integer(0x7004)
    case.sent.insert(1, other)


@chained("chain.root-cross-signed-first")
def _(case):
    """The root, signed by a CA that nobody trusts."""
    cross = case.root.copy()
    cross.issuer, cross.serial = authority("other", "p256"), integer(0x7005)
    cross.extensions[AKI] = (b"", None)
    case.sent.append(cross)


@chained("chain.loop", "sub")
def _(case):
    """Two that sign each other."""
    cross = case.root.copy()
    cross.issuer, cross.serial = case.sub, integer(0x7006)
    cross.extensions[AKI] = (b"", None)
    case.sent.append(cross)


@chained("chain.root-not-sent-but-sub-trusted", "sub")
def _(case):
    case.trust = [case.sub]


@chained("trust.sub-alone-not-sent", "sub")
def _(case):
    case.trust = [case.sub]
    case.sent = [case.leaf]


@chained("trust.top-alone", "top")
def _(case):
    case.trust = [case.top]


@chained("trust.sub-and-root", "sub")
def _(case):
    case.trust = [case.sub, case.root]


@chained("trust.sub-and-root-sub-not-sent", "sub")
def _(case):
    case.trust = [case.sub, case.root]
    case.sent.remove(case.sub)


@chained("trust.leaf-alone")
def _(case):
    case.trust = [case.leaf]


@chained("trust.leaf-and-root")
def _(case):
    case.trust = [case.leaf, case.root]


@chained("trust.leaf-self-signed")
def _(case):
    case.leaf.issuer = case.leaf
    case.leaf.extensions.pop(AKI, None)
    case.trust = case.sent = [case.leaf]


@chained("trust.leaf-self-signed-ca")
def _(case):
    case.leaf.issuer = case.leaf
    case.leaf.extensions.pop(AKI, None)
    case.leaf.extensions[BC] = (TRUE, tlv(SEQUENCE, TRUE))
    case.leaf.extensions[KU] = (TRUE, bits(0x84, 2))
    case.trust = case.sent = [case.leaf]


@chained("trust.other")
def _(case):
    case.trust = [authority("other", "p256")]


@chained("trust.other-key-same-name")
def _(case):
    case.trust = [other_key(case.root)]


@chained("trust.other-key-first")
def _(case):
    case.trust = [other_key(case.root), case.root]


@chained("trust.other-key-last")
def _(case):
    case.trust = [case.root, other_key(case.root)]


def without_ids(case):
    for one in (case.leaf, case.sub, case.top, case.root):
        if one:
            one.extensions.pop(SKI, None)
            one.extensions.pop(AKI, None)


@chained("trust.other-key-first-no-ids")
def _(case):
    without_ids(case)
    case.trust = [other_key(case.root), case.root]


@chained("trust.other-key-last-no-ids")
def _(case):
    without_ids(case)
    case.trust = [case.root, other_key(case.root)]


@chained("trust.expired-first")
def _(case):
    case.trust = [expired(case.root), case.root]


@chained("trust.expired-last")
def _(case):
    case.trust = [case.root, expired(case.root)]


@chained("trust.future-first")
def _(case):
    other = case.root.copy()
    other.begin, other.serial = days(5), integer(0x7007)
    case.trust = [other, case.root]


@chained("trust.not-ca-first")
def _(case):
    other = case.root.copy()
    other.extensions[BC], other.serial = (TRUE, tlv(SEQUENCE)), integer(0x7008)
    case.trust = [other, case.root]


@chained("trust.no-key-usage-first")
def _(case):
    other = case.root.copy()
    other.extensions.pop(KU)
    other.serial = integer(0x7009)
    case.trust = [other, case.root]


@chained("trust.twice")
def _(case):
    case.trust = [case.root, case.root]


@chained("trust.broken-first")
def _(case):
    case.trust = [b"\x30\x03abc", case.root]


@chained("trust.broken-last")
def _(case):
    case.trust = [case.root, b"\x30\x03abc"]


@chained("trust.broken-extension-first")
def _(case):
    other = authority("other", "p256")
    other.extensions[BC] = (TRUE, NULLS)
    case.trust = [other, case.root]


@chained("trust.negative-serial-first")
def _(case):
    other = authority("other", "p256")
    other.serial = tlv(INTEGER, b"\xfb")
    case.trust = [other, case.root]


@chained("trust.cross-signed-alone")
def _(case):
    """The root's key under a name of its own, signed by a CA that is not there."""
    cross = case.root.copy()
    cross.issuer, cross.serial = authority("other", "p256"), integer(0x700A)
    cross.extensions[AKI] = (b"", None)
    case.trust = [cross]


@chained("trust.name-of-leaf")
def _(case):
    other = authority("other", "p256")
    other.subject = case.leaf.subject
    case.trust = [other, case.root]


@chained("trust.empty")
def _(case):
    case.trust = []
