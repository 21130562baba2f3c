#!/usr/bin/env python3
"""grpc_tls.py DIR: gRPC over BoringSSL, on both ends, as pymilvus and every gRPC client in C++ or Python.

DIR holds ca.pem server.pem server.key client.pem client.key, made for localhost, 127.0.0.1 and ::1. One
line `ok …` or `FAIL …` a check; exit 1 if any failed. Needs grpcio.
"""
import os
import sys
import tempfile
from concurrent import futures

# Why a handshake failed is told on stderr only, and only if these are set before grpc is loaded.
os.environ.update(GRPC_VERBOSITY="INFO", GRPC_TRACE="", no_proxy="*")

import grpc  # noqa: E402

WRONG_USE = "unsupported certificate purpose"

# What is tried, who serves, who connects, under which name, who refuses ("" for nobody), and why.
CHECKS = [
    ("client.pem is let in, by localhost", "server", "client", "localhost", "", ""),
    ("client.pem is let in, by 127.0.0.1", "server", "client", "127.0.0.1", "", ""),
    ("client.pem is let in, by ::1", "server", "client", "::1", "", ""),
    ("a client without a certificate is refused", "server", None, "localhost",
     "server", "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
    ("server.pem as a client is refused", "server", "server", "localhost", "server", WRONG_USE),
    ("a wrong name is refused", "server", "client", "wrong.example",
     "client", "Hostname Verification Check failed"),
    ("client.pem as a server is refused", "client", "client", "localhost", "client", WRONG_USE),
]


def read(directory, name):
    with open(os.path.join(directory, name), "rb") as file:
        return file.read()


class Echo(grpc.GenericRpcHandler):
    def service(self, _):
        return grpc.unary_unary_rpc_method_handler(lambda request, _: request)


def exchange(directory, serving, connecting, name):
    """One call: "" when it was answered, else the client's error."""
    server = grpc.server(futures.ThreadPoolExecutor(1), [Echo()])
    credentials = grpc.ssl_server_credentials(
        [(read(directory, f"{serving}.key"), read(directory, f"{serving}.pem"))],
        root_certificates=read(directory, "ca.pem"), require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()

    pair = (read(directory, f"{connecting}.key"), read(directory, f"{connecting}.pem")) if connecting else ()
    credentials = grpc.ssl_channel_credentials(read(directory, "ca.pem"), *pair)
    # The address is fixed here, so that name is only what the certificate must bear.
    options = [("grpc.ssl_target_name_override", name), ("grpc.enable_http_proxy", 0)]
    try:
        with grpc.secure_channel(f"127.0.0.1:{port}", credentials, options) as channel:
            answer = channel.unary_unary("/certctl/echo")(b"ping", timeout=5)
            return "" if answer == b"ping" else "no answer"
    except grpc.RpcError as error:
        return f"{error.code().name} {error.details()}"
    finally:
        server.stop(None).wait()


class Log:
    """What the C code in this process writes to stderr from now on. Python's own goes where it went."""

    def __init__(self):
        sys.stderr = os.fdopen(os.dup(2), "w")
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)

    def mark(self):
        """Where the log ends now."""
        return os.fstat(2).st_size

    def since(self, mark):
        return os.pread(2, 1 << 20, mark).decode(errors="replace")


def judge(error, log, refuser, reason):
    """What is wrong with the outcome, "" if nothing. `log` is what both ends wrote of failed handshakes."""
    both = f"client: {error or 'content'}; log: {' '.join(log.split())}"
    if not refuser:
        return both if error else ""
    if not error:
        return "was let in"
    # A client that refused says why in its own error; to one that was refused the socket was closed.
    rightly = reason in error if refuser == "client" else reason in log and reason not in error
    return "" if rightly else f"expected `{reason}` from the {refuser}: {both}"


def main():
    directory, = sys.argv[1:]
    log = Log()
    failures = 0
    for what, serving, connecting, name, refuser, reason in CHECKS:
        start = log.mark()
        error = exchange(directory, serving, connecting, name)
        wrong = judge(error, log.since(start), refuser, reason)
        failures += bool(wrong)
        print(f"FAIL grpc: {what}: {wrong}" if wrong else f"ok grpc: {what}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
