{#
  What to do with the body of the request: sentences and, indented, commands that are quoted for a shell;
  the reader replaces words in capitals. The values are those of enterprise.json, and:

  database        the number of the database
  body_file       the file of the body
  clients         the identities whose subjects are in it
  subjects_file   the file of the subjects for `certctl check`, or empty
  proxy_certificate, proxy_key   certificate and key that the proxies can use, or empty

  The guide spells rladmin's setting with an s at its end; the page of rladmin has no s.
#}
Send it to the cluster; curl asks for the password:
  curl --cacert API_CERTIFICATE --user USER --request PUT --header 'Content-Type: application/json' --data {{ "@" ~ body_file }} https://HOST:9443/v1/bdbs/{{ database }}
Open connections do not change: clients must connect again.
{% if clients %}
A renewed client certificate needs no change here, because the cluster has the CA, not the certificate.
{% endif %}
{% if subjects %}
Subjects are compared letter by letter, with case.
{% if subjects_file %}
Check first which clients they admit:
  {{ certctl|command }} check {{ clients }} --allow-subject {{ subjects_file }}
{% else %}
Check first which clients they admit: `{{ certctl|command }} check --allow-subject FILE`; `--out-dir` writes that file.
{% endif %}
{% endif %}
{% if allow_outdated %}
Clients with an expired certificate are accepted. rladmin can set this, too:
  rladmin tune db db:{{ database }} mtls_allow_outdated_certs enabled
{% elif mutual %}
Clients with an expired certificate are refused; `--allow-outdated` accepts them.
{% endif %}
{% if proxy_certificate %}
Clients can trust ca.pem if the proxies have a certificate of this CA. Set it now and after each renewal:
  rladmin cluster certificate set proxy certificate_file {{ proxy_certificate }} key_file {{ proxy_key }}
{% endif %}
Change an Active-Active database in all its clusters at once:
  crdb-cli crdb update --crdb-guid GUID --encryption true
