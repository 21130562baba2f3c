{#
  redis-cli of Redis 6.0 and later. Values: those of all clients (src/deploy/service/clients.rs).

  Options: https://redis.io/docs/latest/develop/tools/cli/
#}
#!/bin/sh
# Redis over TLS with redis-cli. The arguments of this script are the Redis command; the default is PING.
#
# redis-cli does not check the name in the certificate: it accepts any server certificate of this CA. This
# checks the name: {{ certctl|comment }} render openssl --service redis
set -eu
{% if beside %}
# Its files are in the directory of this script.
CDPATH= cd -- "$(dirname -- "$0")"
{% endif %}
{% if auth %}

# redis-cli reads the password from this variable, so that the list of processes does not show it.
: "${REDISCLI_AUTH:?is the password}"
export REDISCLI_AUTH
{% endif %}

[ "$#" -gt 0 ] || set -- PING
# The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
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
