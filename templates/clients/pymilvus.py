{# pymilvus. Values: those of all clients (src/deploy/service/clients.rs).

   Source: "Encryption in Transit" and "Authenticate User Access" of Milvus. The page's one-way example
   trusts server.pem; why this one does not is in the comment. #}
# Milvus over TLS with pymilvus: pip install pymilvus
{% if auth %}
import os

{% endif %}
from pymilvus import MilvusClient

client = MilvusClient(
    uri={{ "https://" ~ url_host ~ ":" ~ port }},
    secure=True,
{% if mutual %}
    client_pem_path={{ certificate }},
    client_key_path={{ key }},
    ca_pem_path={{ ca }},
{% else %}
    # The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
    # pymilvus uses ca_pem_path only with a client certificate.
    server_pem_path={{ ca }},
{% endif %}
    # The name that the server's certificate must contain, whatever host the uri has.
    server_name={{ host }},
{% if auth %}
    # user:password, initially root:Milvus. From the environment: neither the file nor the list of processes shows it.
    token=os.environ["MILVUS_TOKEN"],
{% endif %}
)
print(client.list_collections())
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
