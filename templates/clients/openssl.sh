{#
  `openssl s_client` of OpenSSL 1.1.1 and later. Values: those of all clients (`Facts` in
  src/deploy/service/clients.rs).

  Options: https://docs.openssl.org/3.0/man1/openssl-s_client/
#}
#!/bin/sh
# A look at the handshake: who answers, with which protocol, and whether a client would believe it. The
# exit code tells.
set -eu
{% if beside %}
# Its files lie beside it.
CDPATH= cd -- "$(dirname -- "$0")"
{% endif %}

# With TLS 1.3 the server judges a client's certificate after the handshake: the second leaves it time.
# The CA, not {{ server_file|comment }}: that one changes with each renewal, and clients that trust it fail then.
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
