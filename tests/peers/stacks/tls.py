#!/usr/bin/env python3
"""tls.py DIR: Python's ssl module, in the strict mode that 3.13 turns on by default, on both ends.

DIR holds ca.pem server.pem server.key client.pem client.key, made for localhost, 127.0.0.1 and ::1. One
line `ok …` or `FAIL …` a check; exit 1 if any failed. Only the standard library.
"""
import socket
import ssl
import sys
import threading

STRICT = ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN

WRONG_USE = "unsuitable certificate purpose"

# What is tried, who serves, who connects, under which name, who refuses ("" for nobody), and why.
CHECKS = [
    ("client.pem is let in, by localhost", "server", "client", "localhost", "", ""),
    ("client.pem is let in, by 127.0.0.1", "server", "client", "127.0.0.1", "", ""),
    ("client.pem is let in, by ::1", "server", "client", "::1", "", ""),
    ("a client without a certificate is refused", "server", None, "localhost",
     "server", "peer did not return a certificate"),
    ("server.pem as a client is refused", "server", "server", "localhost", "server", WRONG_USE),
    ("a wrong name is refused", "server", "client", "wrong.example", "client", "Hostname mismatch"),
    ("client.pem as a server is refused", "client", "client", "localhost", "client", WRONG_USE),
]


def context(directory, purpose, pair):
    made = ssl.SSLContext(purpose)
    made.verify_flags |= STRICT
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(f"{directory}/ca.pem")
    if pair:
        made.load_cert_chain(f"{directory}/{pair}.pem", f"{directory}/{pair}.key")
    return made


def exchange(directory, serving, connecting, name):
    """One connection: the error at each end, "" where there was none."""
    errors = {"server": "", "client": ""}
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve():
        try:
            end, _ = listener.accept()
            end.settimeout(5)
            with context(directory, ssl.PROTOCOL_TLS_SERVER, serving).wrap_socket(end, server_side=True) as tls:
                tls.sendall(tls.recv(4))
        except OSError as error:
            errors["server"] = str(error)

    server = threading.Thread(target=serve)
    server.start()
    try:
        end = socket.create_connection(listener.getsockname(), 5)
        trust = context(directory, ssl.PROTOCOL_TLS_CLIENT, connecting)
        with trust.wrap_socket(end, server_hostname=name) as tls:
            tls.sendall(b"ping")
            # In TLS 1.3 a client learns only here that its certificate was refused.
            if tls.recv(4) != b"ping":
                errors["client"] = "no answer"
    except OSError as error:
        errors["client"] = str(error)
    server.join()
    listener.close()
    return errors


def judge(errors, refuser, reason):
    """What is wrong with the outcome, "" if nothing."""
    both = f"server: {errors['server'] or 'content'}; client: {errors['client'] or 'content'}"
    if not refuser:
        return both if any(errors.values()) else ""
    if not errors["client"]:
        return "was let in"
    return "" if reason in errors[refuser] else f"expected `{reason}` from the {refuser}: {both}"


def main():
    directory, = sys.argv[1:]
    failures = 0
    for what, serving, connecting, name, refuser, reason in CHECKS:
        wrong = judge(exchange(directory, serving, connecting, name), refuser, reason)
        failures += bool(wrong)
        print(f"FAIL python: {what}: {wrong}" if wrong else f"ok python: {what}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
