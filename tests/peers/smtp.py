"""A mail server as far as STARTTLS, by Python's ssl: smtp.py PORT DIR serves DIR/server.pem."""

import socket
import ssl
import sys

port, folder = int(sys.argv[1]), sys.argv[2]
listener = socket.create_server(("127.0.0.1", port))
while True:
    connection, _ = listener.accept()
    try:
        connection.settimeout(10)
        connection.sendall(b"220-mail.example ESMTP\r\n220 what news?\r\n")
        lines = connection.makefile("rb", buffering=0)
        while line := lines.readline(512):
            word = line.strip().upper()
            if word.startswith(b"EHLO "):
                connection.sendall(b"250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n")
            elif word == b"STARTTLS":
                connection.sendall(b"220 go ahead\r\n")
                # Read anew for each client, as servers do that need no reload.
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(f"{folder}/server.pem", f"{folder}/server.key")
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.sendall(b"")
                    secure.recv(512)
                break
            else:
                connection.sendall(b"502 what?\r\n")
    except OSError:
        # Whoever only looks leaves as it likes.
        pass
    finally:
        connection.close()
