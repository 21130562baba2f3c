{#
  curl 7.55 and later. Values: those of all clients (src/deploy/service/clients.rs); `service`
  is milvus or qdrant.

  https://milvus.io/docs/tls.md asks for /v2/vectordb/collections/list, which the API of Milvus 2.4 takes as
  POST with a JSON body (https://milvus.io/api-reference/restful/v2.4.x/About.md); Qdrant has GET
  /collections (https://api.qdrant.tech/). curl treats the text after a colon in --cert as a password.
#}
#!/bin/sh
{% if service == "milvus" %}
# Milvus over HTTPS with curl: the port of its REST interface (proxy.http.port), not that of gRPC.
{% if not path %}
# Milvus 2.3 and before: --path /v1/vector/collections
{% endif %}
{% else %}
# Qdrant over HTTPS with curl.
{% endif %}
set -eu
{% if beside %}
# Its files are in the directory of this script.
CDPATH= cd -- "$(dirname -- "$0")"
{% endif %}
{% if auth %}

# The header goes through a pipe, so that the list of processes does not show it.
{% if service == "milvus" %}
: "${MILVUS_TOKEN:?is USER:PASSWORD}"
printf 'Authorization: Bearer %s\n' "$MILVUS_TOKEN" |
{% else %}
: "${QDRANT_API_KEY:?is the API key}"
printf 'api-key: %s\n' "$QDRANT_API_KEY" |
{% endif %}
{% else %}

{% endif %}
# The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
# Without --capath curl would trust the CAs of the system as well.
curl --silent --show-error --fail --globoff --cacert {{ ca }} --capath /dev/null \
{% if mutual %}
  --cert {{ certificate|replace('\\', '\\\\')|replace(':', '\\:') }} --key {{ key }} \
{% endif %}
{% if auth %}
  --header @- \
{% endif %}
{% if path %}
  {{ "https://" ~ url_host ~ ":" ~ port ~ path }}
{% elif service == "milvus" %}
  --header 'Content-Type: application/json' --data '{}' \
  {{ "https://" ~ url_host ~ ":" ~ port ~ "/v2/vectordb/collections/list" }}
{% else %}
  {{ "https://" ~ url_host ~ ":" ~ port ~ "/collections" }}
{% endif %}
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
