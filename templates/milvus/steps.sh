{#
  The steps that apply the settings, and those after each renewal: commands in their order; a line that
  ends with a colon is the purpose of the next ones.

  form               compose, operator or helm
  written            the settings are written to a directory (--out-dir), with the certificates
  identity, client   the identity of the server; that of a client, with mutual
  release, secret, mutual, internal, auth

  Both the operator and the chart put these labels on the Deployments of Milvus and on their pods.
#}
{% if written and form == "compose" %}
beside docker-compose.yml of Milvus, which belongs into this directory:
{% else %}
{% if written %}
in this directory:
{% endif %}
{% include "milvus/put.sh" %}
{% endif %}
{% if form == "compose" %}
docker compose up -d
{% elif form == "operator" %}
kubectl create -f milvus.yaml
{% else %}
helm repo add milvus https://zilliztech.github.io/milvus-helm/
helm repo update milvus
helm install {{ release }} milvus/milvus -f values.yaml
{% endif %}
{% if internal %}
{% if form == "compose" %}
docker compose logs standalone | grep 'Internal TLS Enabled'
{% else %}
kubectl logs --tail=-1 -l app.kubernetes.io/instance={{ release }},app.kubernetes.io/name=milvus | grep 'Internal TLS Enabled'
{% endif %}
{% endif %}
{{ certctl|command }} render pymilvus
{%- if mutual %} --mutual{% if client != "client" %} --client {{ client }}{% endif %}{% endif %}
{%- if identity != "server" %} --identity {{ identity }}{% endif %}
{%- if auth %} --auth{% endif %}

after each renewal, for Milvus reads certificates at its start alone:
{% if written %}
the same `{{ certctl|command }} render` again, and there:
{% endif %}
{% if not written or form != "compose" %}
{% include "milvus/put.sh" %}
{% endif %}
{% if form == "compose" %}
docker compose restart standalone
{% else %}
kubectl rollout restart deployment -l app.kubernetes.io/instance={{ release }},app.kubernetes.io/name=milvus
{% endif %}
