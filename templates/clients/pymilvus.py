{# pymilvus. Values: those of all clients (`Facts` in src/deploy/service/clients.rs).

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
    # The CA, not {{ server_file|comment }}: that one changes with each renewal, and clients that trust it fail then.
    # pymilvus looks at ca_pem_path only beside a certificate of its own.
    server_pem_path={{ ca }},
{% endif %}
    # The name that the server's certificate has to bear, by whatever host it is dialled.
    server_name={{ host }},
{% if auth %}
    # user:password, at first root:Milvus. From the environment: neither the file nor the list of processes shows it.
    token=os.environ["MILVUS_TOKEN"],
{% endif %}
)
print(client.list_collections())
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
