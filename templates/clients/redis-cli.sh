{#
  redis-cli of Redis 6.0 and later. Values: those of all clients (`Facts` in
  src/deploy/service/clients.rs).

  Options: https://redis.io/docs/latest/develop/tools/cli/
#}
#!/bin/sh
# Redis over TLS with redis-cli. What is given to this script goes to Redis; PING if there is nothing.
#
# redis-cli does not look at the name in the certificate: any server with one of this CA would do. This
# does look at it: certctl render openssl --service redis
set -eu
{% if beside %}
# Its files lie beside it.
CDPATH= cd -- "$(dirname -- "$0")"
{% endif %}
{% if auth %}

# redis-cli reads the password from there, so that the list of processes does not show it.
: "${REDISCLI_AUTH:?is the password}"
export REDISCLI_AUTH
{% endif %}

[ "$#" -gt 0 ] || set -- PING
# The CA, not {{ server_file|comment }}: that one changes with each renewal, and clients that trust it fail then.
exec redis-cli -h {{ host }} -p {{ port }} --tls --cacert {{ ca }} \
{% if not is_address %}
  --sni {{ host }} \
{% endif %}
{% if mutual %}
  --cert {{ certificate }} --key {{ key }} \
{% endif %}
{% if auth %}
  ${REDIS_USERNAME:+--user "$REDIS_USERNAME"} \
{% endif %}
  "$@"
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
