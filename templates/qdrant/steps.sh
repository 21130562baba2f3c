{#
  The steps in their order: a command, mostly after its purpose and a colon.

  form           config, compose, helm or env
  identity       of the server
  folder         where its files are exported to
  release, secret, mount, target, host, cert_ttl, keys, nodes, audit_volume: as in the other templates

  The owner alone can read the key before the export.
#}
{% set export %}
, as root: {{ certctl|command }} export {{ identity }} --to {{ folder }} --group 2000 --mode 0640
{%- endset %}
{% if form == "config" %}
have this file as config/production.yaml below the directory that Qdrant starts in
where Qdrant, as user 1000:2000, finds it as {{ mount }}{{ export }}
start it: RUN_MODE=production ./qdrant
{% elif form == "compose" %}
so that the container, as user 1000:2000, can read the key{{ export }}
{% for key in keys %}
32 random characters or more, into .env of mode 0600: {{ key.compose }}=…
{% endfor %}
{% if audit_volume %}
for the audit log, as root: install -d -o 1000 -g 2000
{%- for node in nodes %} {{ node.name }}-audit{% endfor %}

{% endif %}
docker compose up -d
{% elif form == "helm" %}
{{ certctl|command }} k8s secret {{ identity }} --name {{ secret }} -o yaml | kubectl apply --server-side -f -
{% if keys %}
each file with 32 random characters or more and no newline: kubectl create secret generic {{ release }}-api-keys
{%- for key in keys %} --from-file={{ key.entry }}{% endfor %}

{% endif %}
helm repo add qdrant https://qdrant.github.io/qdrant-helm
helm upgrade --install {{ release }} qdrant/qdrant -f values.yaml
so that only the nodes reach 6335, and no node connects to the outside (--out-dir writes it): kubectl apply -f network-policy.yaml
{% else %}
so that Qdrant, as user 1000:2000, can read the key{{ export }}
{% for key in keys %}
32 random characters or more, into keys.env of mode 0600: {{ key.variable }}=…
{% endfor %}
{# What listens on one address of a container cannot be published from there. #}
{% if host %}
set -a; . ./qdrant.env;{% if keys %} . ./keys.env;{% endif %} set +a; ./qdrant
{% else %}
docker run --env-file qdrant.env {% if keys %}--env-file keys.env {% endif %}-e QDRANT_INIT_FILE_PATH=./storage/.qdrant-initialized --user 1000:2000 --read-only -v ./tls:{{ target }}:ro -v qdrant-storage:/qdrant/storage -v qdrant-snapshots:/qdrant/snapshots -p 127.0.0.1:6333:6333 qdrant/qdrant:v1.18.2-unprivileged
{% endif %}
{% endif %}
after `{{ certctl|command }} renew` {% if form == "helm" %}apply the Secret{% else %}export{% endif %} again: REST takes it within {{ cert_ttl }} s; for gRPC and p2p:
{%- if form == "helm" %} kubectl rollout restart statefulset/{{ release }}
{% elif form == "compose" %} docker compose restart
{% else %} start it again
{% endif %}
