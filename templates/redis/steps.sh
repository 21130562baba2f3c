{#
  What is to be done with redis.conf: sentences and, indented, commands that are quoted for a shell. The
  values are those of redis.conf, and two lists of words:

  dial_in    what redis-cli is told so that the server lets it in
  renewed    settings and files for CONFIG SET, which takes all of them or none (Redis 7.0 and later)
#}
The user that Redis runs as cannot read a key of root's. It can read these copies:
  certctl export {{ server }} --to {{ mount }} --group redis
{% if dial %}
  certctl export {{ dial }} --to {{ mount }} --group redis
{% endif %}
Redis reads this file when it starts.
{% if cluster %}
When all nodes run, make a cluster of them, here of three:
  redis-cli {{ dial_in }} --cluster create NODE1:{{ port }} NODE2:{{ port }} NODE3:{{ port }}
{% endif %}
After `certctl renew` export again, and tell Redis, which goes on running:
  redis-cli {{ dial_in }} CONFIG SET {{ renewed }}
