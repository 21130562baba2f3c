{#
  What to do with redis.conf: sentences and, indented, commands that are quoted for a shell. The
  values are those of redis.conf, and two lists of words:

  dial_in    options of redis-cli for a client certificate or password
  renewed    settings and files for CONFIG SET, which applies all of them or none (Redis 7.0 and later)
#}
The user of Redis cannot read a key of root. It can read these copies:
  {{ certctl|command }} export {{ server }} --to {{ mount }} --group redis
{% if dial %}
  {{ certctl|command }} export {{ dial }} --to {{ mount }} --group redis
{% endif %}
Redis reads this file when it starts.
{% if cluster %}
When all nodes run, create the cluster, here with three nodes:
  redis-cli {{ dial_in }} --cluster create NODE1:{{ port }} NODE2:{{ port }} NODE3:{{ port }}
{% endif %}
After `{{ certctl|command }} renew`, export again, and reload the files in Redis without a restart:
  redis-cli {{ dial_in }} CONFIG SET {{ renewed }}
