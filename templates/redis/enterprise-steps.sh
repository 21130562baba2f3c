{#
  What is to be done with the body of the request: sentences and, indented, commands that are quoted for a
  shell; words in capitals are for the reader to replace. The values are those of enterprise.json, and:

  database        the number of the database
  body_file       the file of the body
  clients         the identities whose subjects are in it
  subjects_file   the file of the subjects for `certctl check`, or empty
  proxy_certificate, proxy_key   the pair that the proxies can serve with, or empty

  The guide spells rladmin's setting with an s at its end, rladmin's own page without.
#}
The cluster takes it, and curl asks for the password:
  curl --cacert API_CERTIFICATE --user USER --request PUT --header 'Content-Type: application/json' --data {{ "@" ~ body_file }} https://HOST:9443/v1/bdbs/{{ database }}
Connections that are open stay as they are: clients have to connect again.
{% if clients %}
A client whose certificate is renewed comes in with no change here: it is the CA that was loaded.
{% endif %}
{% if subjects %}
Subjects are compared letter by letter, upper and lower case as well.
{% if subjects_file %}
Whom they admit is seen beforehand:
  certctl check {{ clients }} --allow-subject {{ subjects_file }}
{% else %}
Whom they admit is seen beforehand with `certctl check --allow-subject FILE`; `--out-dir` writes that file.
{% endif %}
{% endif %}
{% if allow_outdated %}
Clients whose certificate has expired come in. rladmin can say so, too:
  rladmin tune db db:{{ database }} mtls_allow_outdated_certs enabled
{% elif mutual %}
Clients whose certificate has expired are refused; `--allow-outdated` lets them in.
{% endif %}
{% if proxy_certificate %}
Clients trust ca.pem where the proxies serve with a pair of this CA, now and after each renewal:
  rladmin cluster certificate set proxy certificate_file {{ proxy_certificate }} key_file {{ proxy_key }}
{% endif %}
An Active-Active database is changed in all its clusters at once:
  crdb-cli crdb update --crdb-guid GUID --encryption true
