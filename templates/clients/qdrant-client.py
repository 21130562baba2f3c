{#
  qdrant-client. Values: those of all clients (src/deploy/service/clients.rs).

  Parameters: https://python-client.qdrant.tech and the source of qdrant-client 1.20: what `QdrantClient`
  does not know goes to httpx (`verify`), and `grpc_options` to grpc.ssl_channel_credentials.
#}
# Qdrant over HTTPS with qdrant-client: pip install qdrant-client
{% if auth %}
import os
{% endif %}
import ssl
{% if beside %}
from pathlib import Path
{% endif %}

from qdrant_client import QdrantClient

{% if beside %}
here = Path(__file__).parent
{% endif %}
# The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
context = ssl.create_default_context(cafile={% if beside %}here / {% endif %}{{ ca }})
{% if mutual %}
# The client certificate.
context.load_cert_chain({% if beside %}here / {% endif %}{{ certificate }}, {% if beside %}here / {% endif %}{{ key }})
{% endif %}

client = QdrantClient(
    url={{ "https://" ~ url_host ~ ":" ~ port }},
    verify=context,
{% if auth %}
    # From the environment: neither the file nor the list of processes shows it.
    api_key=os.environ["QDRANT_API_KEY"],
{% endif %}
    # The check asks for the server's version without `verify`, and warns because it gets none.
    check_compatibility=False,
    # For gRPC, which asks for no certificate of the client, add prefer_grpc=True and
    # grpc_options={"root_certificates": …}, the octets of the same file.
)
print([collection.name for collection in client.get_collections().collections])
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
