{# The command that copies the certificates for Milvus. Values: those of steps.sh. #}
{% if form == "compose" %}
{{ certctl|command }} export {{ identity }} --to tls
{% elif written %}
kubectl create secret generic {{ secret }} --from-file={{ identity }}.pem --from-file={{ identity }}.key --from-file=ca.pem --dry-run=client -o yaml | kubectl apply --server-side -f -
{% else %}
{{ certctl|command }} k8s secret {{ identity }} --name {{ secret }} | kubectl apply --server-side -f -
{% endif %}
