{#
  `openssl s_client` of OpenSSL 1.1.1 and later. Values: those of all clients (src/deploy/service/clients.rs).

  Options: https://docs.openssl.org/3.0/man1/openssl-s_client/
#}
#!/bin/sh
# Shows the handshake: the server certificate, the protocol, and whether a client would trust it. The exit
# code is 0 if it would.
set -eu
{% if beside %}
# Its files are in the directory of this script.
CDPATH= cd -- "$(dirname -- "$0")"
{% endif %}

# With TLS 1.3 the server verifies a client certificate after the handshake: the sleep gives it time.
# The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
sleep 1 | openssl s_client -brief -verify_return_error \
  -connect {{ url_host ~ ":" ~ port }} -CAfile {{ ca }} -no-CApath -no-CAstore \
{% if mutual %}
  -cert {{ certificate }} -key {{ key }} \
{% endif %}
{% if is_address %}
  -noservername -verify_ip {{ host }}
{% else %}
  -servername {{ host }} -verify_hostname {{ host }}
{% endif %}
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
