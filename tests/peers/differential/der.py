"""DER by hand, well-formed and not: what no library writes."""

BOOLEAN, INTEGER, BITS, OCTETS, NULL, OID, ENUMERATED = 1, 2, 3, 4, 5, 6, 10
UTF8, NUMERIC, PRINTABLE, T61, IA5, UTC, GENERALIZED = 12, 18, 19, 20, 22, 23, 24
VISIBLE, UNIVERSAL, BMP, SEQUENCE, SET = 26, 28, 30, 0x30, 0x31
BC, KU, EKU, SAN, SKI, AKI = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17", "2.5.29.14", "2.5.29.35"
NC, POLICIES, POINTS, ACCESS = "2.5.29.30", "2.5.29.32", "2.5.29.31", "1.3.6.1.5.5.7.1.1"


def tlv(tag, *content):
    content = b"".join(content)
    length = len(content)
    octets = length.to_bytes((length.bit_length() + 7) // 8 or 1, "big")
    head = octets if length < 128 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + head + content


def read(der):
    """The tag, content and octets of the first element, and what follows."""
    length, at = der[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(der[2:at], "big")
    return der[0], der[at : at + length], der[: at + length], der[at + length :]


def elements(content):
    found = []
    while content:
        _, _, raw, content = read(content)
        found.append(raw)
    return found


def content(der):
    return read(der)[1]


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    octets = bytes([first * 40 + second])
    for number in rest:
        part = [number & 127]
        while number := number >> 7:
            part.insert(0, number & 127 | 128)
        octets += bytes(part)
    return tlv(OID, octets)


def integer(number):
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def extension(kind, value, critical=b""):
    return tlv(SEQUENCE, oid(kind), critical, tlv(OCTETS, value))


def indefinite(der):
    return bytes([der[0], 0x80]) + content(der) + b"\0\0"


def not_minimal(der):
    """One octet of length more than is needed."""
    tag, inner, _, rest = read(der)
    octets = len(inner).to_bytes((len(inner).bit_length() + 7) // 8 + (len(inner) > 127) or 1, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + inner + rest


TRUE, FALSE = tlv(BOOLEAN, b"\xff"), tlv(BOOLEAN, b"\0")
