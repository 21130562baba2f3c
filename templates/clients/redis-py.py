{#
  redis-py. Values: those of all clients (src/deploy/service/clients.rs).

  Parameters: https://redis.readthedocs.io/en/stable/connections.html
#}
# Redis over TLS with redis-py: pip install redis
{% if auth %}
import os
{% endif %}
{% if beside %}
from pathlib import Path
{% endif %}
{% if auth or beside %}

{% endif %}
import redis

{% if beside %}
here = Path(__file__).parent
{% endif %}
client = redis.Redis(
    host={{ host }},
    port={{ port }},
    ssl=True,
    # The CA, not {{ server_file|comment }}: that file changes with each renewal, and then clients that trust it fail.
    ssl_ca_certs={% if beside %}here / {% endif %}{{ ca }},
    ssl_cert_reqs="required",
    # Before version 6, redis-py checks the name of the server only with this.
    ssl_check_hostname=True,
{% if mutual %}
    # The client certificate.
    ssl_certfile={% if beside %}here / {% endif %}{{ certificate }},
    ssl_keyfile={% if beside %}here / {% endif %}{{ key }},
{% endif %}
{% if auth %}
    # From the environment: neither the file nor the list of processes shows them.
    username=os.environ.get("REDIS_USERNAME"),
    password=os.environ["REDIS_PASSWORD"],
{% endif %}
)
print(client.ping())
{% for step in steps %}
# {{ step|comment }}
{% endfor %}
