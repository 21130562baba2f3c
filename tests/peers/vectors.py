"""What Python's `cryptography` reads in the certificates of `certifi` and of its own test vectors.

    python vectors.py FOLDER

Writes each certificate, DER, into FOLDER, and prints a JSON list with a row for each:

    file     its name in FOLDER
    source   the file of the package that it came from
    facts    sha256, serial, not_before, not_after and names as `certctl inspect -o json` says them;
             null where `cryptography` does not read the certificate, and names null where it does not
             read the names
"""

import base64
import hashlib
import json
import re
import sys
import warnings
from pathlib import Path

import certifi
import cryptography_vectors
from cryptography import x509

BLOCK = re.compile(
    rb"-----BEGIN (?P<label>(?:TRUSTED |X509 )?CERTIFICATE)-----(?P<body>.*?)-----END (?P=label)-----", re.S
)


def certificates(content, suffix):
    """The certificates of a file, DER: its PEM blocks, or the file itself where its name says DER."""
    for block in BLOCK.finditer(content):
        # Headers (RFC 1421) end in an empty line.
        body = re.split(rb"\r?\n\r?\n", block["body"].strip())[-1]
        yield base64.b64decode(re.sub(rb"\s", b"", body))
    if suffix in (".der", ".crt", ".cer") and content[:1] == b"\x30":
        yield content


def octets(number):
    """Hexadecimal, two digits an octet, with a minus sign if it is negative."""
    size = max(1, (abs(number).bit_length() + 7) // 8)
    return ("-" if number < 0 else "") + abs(number).to_bytes(size, "big").hex()


def moment(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def text_of(der):
    """The text of a short string of the usual types, else `#` and the DER."""
    if der[0] in (0x0C, 0x13, 0x16) and len(der) < 130:
        return der[2:].decode()
    return "#" + der.hex().upper()


def name(general):
    match general:
        case x509.DNSName():
            return "DNS:" + general.value.lower()
        case x509.IPAddress():
            return f"IP:{general.value}"
        case x509.RFC822Name():
            return "email:" + general.value
        case x509.UniformResourceIdentifier():
            return "URI:" + general.value
        case x509.DirectoryName():
            return "DirName:" + general.value.rfc4514_string()
        case x509.RegisteredID():
            return "RID:" + general.value.dotted_string
        case x509.OtherName():
            return f"otherName:{general.type_id.dotted_string};{text_of(general.value)}"
    raise ValueError(general)


def names(certificate):
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return [name(general) for general in extension.value]
    except x509.ExtensionNotFound:
        return []
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def facts(der):
    try:
        certificate = x509.load_der_x509_certificate(der)
        return {
            "sha256": hashlib.sha256(der).hexdigest(),
            "serial": octets(certificate.serial_number),
            "not_before": moment(certificate.not_valid_before_utc),
            "not_after": moment(certificate.not_valid_after_utc),
            "names": names(certificate),
        }
    except (ValueError, x509.InvalidVersion):
        return None


def main(folder):
    # Negative serials and the like are what the vectors are for.
    warnings.simplefilter("ignore")
    rows, seen = [], set()
    for package in (certifi, cryptography_vectors):
        root = Path(package.__file__).parent
        for path in sorted(root.rglob("*")):
            if not path.is_file():
                continue
            for der in certificates(path.read_bytes(), path.suffix):
                if der in seen:
                    continue
                seen.add(der)
                file = f"{len(rows):04}.der"
                (folder / file).write_bytes(der)
                rows.append({"file": file, "source": str(path.relative_to(root.parent)), "facts": facts(der)})
    json.dump(rows, sys.stdout)


main(Path(sys.argv[1]))
