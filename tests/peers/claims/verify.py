#!/usr/bin/env python3
"""verify.py CA PURPOSE HOST FILE KEY: Python's verdicts, `WHO VERDICT` a line.

`python` is its ssl module in a handshake with itself, `python-3.13` the same with the flags that 3.13 sets by
default, `pyca` is cryptography's verifier. Needs cryptography.
"""
import ipaddress
import ssl
import sys
import warnings

from cryptography import x509
from cryptography.x509 import verification

warnings.simplefilter("ignore")


def shake(trust, purpose, host, file, key, flags):
    """A handshake in memory, in which FILE is shown by the end that PURPOSE names."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    shows, judges = (server, client) if purpose == "server" else (client, server)
    shows.load_cert_chain(file, key)
    judges.load_verify_locations(trust)
    judges.verify_flags |= flags
    judges.verify_mode = ssl.CERT_REQUIRED
    if purpose == "client":
        # The server's own certificate is nobody's matter here.
        client.check_hostname = False
        client.verify_mode = ssl.CERT_NONE
        server.load_cert_chain(file, key)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_hostname=host), server.wrap_bio(there, back, server_side=True)]
    pending = set(ends)
    for _ in range(10):
        for end in list(pending):
            try:
                end.do_handshake()
                pending.discard(end)
            except ssl.SSLWantReadError:
                pass
        if not pending:
            return "ok"
    return "no handshake"


def general_name(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def judge(trust, purpose, host, file, at=None):
    """cryptography's verdict, now or at another time."""
    with open(trust, "rb") as anchors, open(file, "rb") as served:
        store = verification.Store(x509.load_pem_x509_certificates(anchors.read()))
        leaf, *others = x509.load_pem_x509_certificates(served.read())
    builder = verification.PolicyBuilder().store(store)
    if at:
        builder = builder.time(at)
    if purpose == "server":
        builder.build_server_verifier(general_name(host)).verify(leaf, others)
    else:
        builder.build_client_verifier().verify(leaf, others)
    return "ok"


def main():
    trust, purpose, host, file, key = sys.argv[1:]
    rows = {
        "python": lambda: shake(trust, purpose, host, file, key, 0),
        "python-3.13": lambda: shake(trust, purpose, host, file, key, ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN),
        "pyca": lambda: judge(trust, purpose, host, file),
    }
    for name, verdict in rows.items():
        try:
            said = verdict()
        except Exception as error:  # noqa: BLE001, whatever it is, it is a refusal
            said = f"{type(error).__name__}: {error}"
        print(name, " ".join(said.split()))


if __name__ == "__main__":
    main()
