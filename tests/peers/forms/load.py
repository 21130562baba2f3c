"""load.py KEY FILE...: whether Python's ssl loads each file; a line for each, `ok` or the error."""

import ssl
import sys

for file in sys.argv[2:]:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(file, sys.argv[1])
        print("ok")
    except (ssl.SSLError, OSError) as error:
        print(str(error).replace("\n", " "))
