//! `certctl render redis conf|cluster|rest`.

use serde_json::{Value, json};

use crate::{
    forge::{self, Forge, Tbs},
    request,
    sandbox::Sandbox,
};

fn set() -> Sandbox {
    Sandbox::with_gen("--cn localhost --key-type ecdsa:p256")
}

/// id-at-N (RFC 5280 appendix A.1), domainComponent and emailAddress.
const ATTRIBUTES: [(&str, &[u8], u8); 8] = [
    ("CN", &[0x55, 4, 3], 12),
    ("O", &[0x55, 4, 10], 12),
    ("OU", &[0x55, 4, 11], 12),
    ("L", &[0x55, 4, 7], 12),
    ("ST", &[0x55, 4, 8], 12),
    ("C", &[0x55, 4, 6], 19),
    ("DC", &[0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 1, 25], 22),
    ("email", &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1], 22),
];

/// Keywords and values, in order.
type Subject = &'static [(&'static str, &'static str)];

/// A directory in which clients of any subject can be made; `client` is CN=localhost.
struct Named(Sandbox);

impl Named {
    fn new() -> Self {
        Self(Sandbox::with_gen("--cn localhost --key-type ed25519"))
    }

    /// One more client, with the key of `client`.
    fn issue(&self, name: &str, subject: Subject) {
        self.forge(name, subject, |tbs| tbs);
    }

    fn forge(&self, name: &str, subject: Subject, change: impl Fn(Tbs) -> Tbs) {
        let rdns = subject.iter().map(|(keyword, text)| {
            let known = ATTRIBUTES.iter().find(|(known, ..)| known == keyword).unwrap();
            request::rdn(known.1, known.2, text)
        });
        let subject = forge::tlv(forge::SEQUENCE, &rdns.collect::<Vec<_>>().concat());
        // No two may have one serial: the name is a number as good as any.
        let serial = forge::tlv(0x02, &[&[1], name.as_bytes()].concat());
        let tbs = Tbs::read(&self.0, "client.pem").with(1, serial).with(5, subject);
        let der = Forge::of(&self.0).sign(&change(tbs));
        self.0.write(&format!("{name}.pem"), forge::pem("CERTIFICATE", &der));
        self.0.write(&format!("{name}.key"), self.0.read("client.key"));
        self.0.set_mode(&format!("{name}.key"), 0o600);
    }

    /// `app` has each attribute that Redis Enterprise compares.
    fn with_app() -> Self {
        let named = Self::new();
        named.issue(
            "app",
            &[
                ("C", "DE"),
                ("ST", "Bayern"),
                ("L", "München"),
                ("O", "Ex, Inc."),
                ("OU", "db"),
                ("OU", "a \"b\" \\ #c"),
                ("CN", "app;{{ 1 }}"),
            ],
        );
        named
    }
}

#[test]
fn one_server_that_asks_nobody() {
    set().certctl("render redis conf").code(0).stderr_is("").stdout_is(
        r#"# Redis over TLS, without a plaintext port.
port 0
tls-port 6379
tls-protocols "TLSv1.2 TLSv1.3"

# Certificate and key of this server, and the CA that both ends trust.
tls-cert-file "/etc/redis/tls/server.pem"
tls-key-file "/etc/redis/tls/server.key"
tls-ca-cert-file "/etc/redis/tls/ca.pem"

# Clients need no certificate. Without this line Redis would ask for one.
tls-auth-clients no

# Redis accepts only the loopback address until it has a password: requirepass, and masterauth for
# replicas and nodes.
protected-mode yes

# The user of Redis cannot read a key of root. It can read these copies:
#   certctl export server --to /etc/redis/tls --group redis
# Redis reads this file when it starts.
# After `certctl renew`, export again, and reload the files in Redis without a restart:
#   redis-cli -h localhost -p 6379 --tls --cacert ca.pem CONFIG SET tls-cert-file /etc/redis/tls/server.pem tls-key-file /etc/redis/tls/server.key tls-ca-cert-file /etc/redis/tls/ca.pem
"#,
    );
}

#[test]
fn a_server_that_asks_for_certificates_and_replicates() {
    let set = set();
    set.certctl("issue node db.example --usage peer --key-type ecdsa:p256").code(0);
    let line = "render redis conf --mutual --replication --identity node --port 7000 --mount /tls/";
    set.certctl(line).code(0).stderr_is("").stdout_is(
        r#"# Redis over TLS, without a plaintext port.
port 0
tls-port 7000
tls-protocols "TLSv1.2 TLSv1.3"

# Certificate and key of this server, and the CA that both ends trust.
tls-cert-file "/tls/node.pem"
tls-key-file "/tls/node.key"
tls-ca-cert-file "/tls/ca.pem"

# Clients must have a client certificate of this CA.
tls-auth-clients yes

# Without a password, protected mode accepts only the loopback address. Here the certificate authenticates.
protected-mode no

# A replica connects to its master over TLS, and trusts any certificate of this CA.
tls-replication yes
# For outgoing connections it uses the certificate above, which is for servers and clients (peer).

# The user of Redis cannot read a key of root. It can read these copies:
#   certctl export node --to /tls --group redis
# Redis reads this file when it starts.
# After `certctl renew`, export again, and reload the files in Redis without a restart:
#   redis-cli -h db.example -p 7000 --tls --cacert ca.pem --cert client.pem --key client.key CONFIG SET tls-cert-file /tls/node.pem tls-key-file /tls/node.key tls-ca-cert-file /tls/ca.pem
"#,
    );
}

#[test]
fn a_node_of_a_cluster_with_a_pair_to_dial_with() {
    let line = "render redis cluster --dial client --announce LOCALHOST";
    set().certctl(line).code(0).stderr_is("").stdout_is(
        r#"# Redis over TLS, without a plaintext port.
port 0
tls-port 6379
tls-protocols "TLSv1.2 TLSv1.3"

# Certificate and key of this server, and the CA that both ends trust.
tls-cert-file "/etc/redis/tls/server.pem"
tls-key-file "/etc/redis/tls/server.key"
tls-ca-cert-file "/etc/redis/tls/ca.pem"

# Clients need no certificate. Without this line Redis would ask for one.
tls-auth-clients no

# Redis accepts only the loopback address until it has a password: requirepass, and masterauth for
# replicas and nodes.
protected-mode yes

# Connections between nodes are encrypted. On the cluster bus (port + 10000), each node asks the other
# for a certificate, whatever tls-auth-clients is.
cluster-enabled yes
tls-cluster yes
tls-replication yes
# The client certificate for outgoing connections.
tls-client-cert-file "/etc/redis/tls/client.pem"
tls-client-key-file "/etc/redis/tls/client.key"

# Nodes redirect clients to this name, which is in the certificate.
cluster-announce-hostname "localhost"
cluster-preferred-endpoint-type hostname

# The user of Redis cannot read a key of root. It can read these copies:
#   certctl export server --to /etc/redis/tls --group redis
#   certctl export client --to /etc/redis/tls --group redis
# Redis reads this file when it starts.
# When all nodes run, create the cluster, here with three nodes:
#   redis-cli -h localhost -p 6379 --tls --cacert ca.pem --cluster create NODE1:6379 NODE2:6379 NODE3:6379
# After `certctl renew`, export again, and reload the files in Redis without a restart:
#   redis-cli -h localhost -p 6379 --tls --cacert ca.pem CONFIG SET tls-cert-file /etc/redis/tls/server.pem tls-key-file /etc/redis/tls/server.key tls-ca-cert-file /etc/redis/tls/ca.pem tls-client-cert-file /etc/redis/tls/client.pem tls-client-key-file /etc/redis/tls/client.key
"#,
    );
}

#[test]
fn redis_enterprise_is_told_what_its_page_shows() {
    let set = set();
    let rows = [
        ("", json!({ "enforce_client_authentication": "disabled", "tls_mode": "enabled" })),
        (
            "--replica-only",
            json!({ "enforce_client_authentication": "disabled", "tls_mode": "replica_ssl" }),
        ),
    ];
    for (flags, body) in rows {
        let run = set.certctl(&format!("render redis rest {flags}"));
        assert_eq!(run.code(0).json(), body, "{flags}");
    }
    let ca = set.text("ca.pem");
    set.certctl("render redis rest --mutual --database 7").code(0).stdout_is(&format!(
        r#"{{
  "tls_mode": "enabled",
  "enforce_client_authentication": "enabled",
  "authentication_ssl_client_certs": [
    {{ "client_cert": "{}" }}
  ],
  "client_cert_subject_validation_type": "disabled",
  "authorized_subjects": [],
  "mtls_allow_outdated_certs": false
}}
"#,
        ca.replace('\n', "\\u000a")
    ))
    .stderr_is(
        "note: Send it to the cluster; curl asks for the password: curl --cacert API_CERTIFICATE --user USER --request PUT --header 'Content-Type: application/json' --data @redis-enterprise.json https://HOST:9443/v1/bdbs/7
note: Open connections do not change: clients must connect again.
note: A renewed client certificate needs no change here, because the cluster has the CA, not the certificate.
note: Clients with an expired certificate are refused; `--allow-outdated` accepts them.
note: Clients can trust ca.pem if the proxies have a certificate of this CA. Set it now and after each renewal: rladmin cluster certificate set proxy certificate_file server.pem key_file server.key
note: Change an Active-Active database in all its clusters at once: crdb-cli crdb update --crdb-guid GUID --encryption true
",
    );
    set.certctl("render redis rest --mutual --allow-outdated --database 7")
        .code(0)
        .stdout_has("\"mtls_allow_outdated_certs\": true\n")
        .stderr_has("rladmin tune db db:7 mtls_allow_outdated_certs enabled\n");
}

#[test]
fn redis_enterprise_is_told_the_subjects_of_the_clients_as_they_are() {
    let named = Named::with_app();
    let body = |flags: &str| {
        let run = named.0.certctl(&format!("render redis rest --mutual {flags}"));
        let body = run.code(0).json();
        (body["client_cert_subject_validation_type"].clone(), body["authorized_subjects"].clone())
    };
    let app = json!({
        "CN": "app;{{ 1 }}", "O": "Ex, Inc.", "OU": ["db", "a \"b\" \\ #c"], "L": "München",
        "ST": "Bayern", "C": "DE",
    });
    let rows = [
        (
            "--validate subject --client app --client client --client app",
            "full_subject",
            json!([app, { "CN": "localhost" }]),
        ),
        (
            "--validate cn --client app --client client",
            "san_cn",
            json!([{ "CN": "app;{{ 1 }}" }, { "CN": "localhost" }]),
        ),
        ("--validate none --client app", "disabled", json!([])),
    ];
    for (flags, kind, subjects) in rows {
        assert_eq!(body(flags), (Value::from(kind), subjects), "{flags}");
    }
}

#[test]
fn whom_the_rendered_subjects_admit_is_seen_beforehand() {
    let named = Named::with_app();
    let set = &named.0;
    named.issue("case", &[("CN", "localHost")]);
    named.issue("more", &[("O", "y"), ("CN", "app;{{ 1 }}")]);
    // Whether the body admits by common name what differs in the rest.
    for (validate, more) in [("cn", 0), ("subject", 4)] {
        let out = format!("for-{validate}");
        let line = format!(
            "render redis rest --mutual --validate {validate} --client app --client client --out-dir {out}"
        );
        let said = set.certctl(&line).code(0).stdout();
        let check = said.lines().find(|line| line.contains("certctl check")).unwrap().trim();
        assert_eq!(check, format!("certctl check app client --allow-subject {out}/subjects.txt"));
        set.certctl(check.strip_prefix("certctl ").unwrap()).code(0);
        for (name, code) in [("app", 0), ("client", 0), ("case", 4), ("more", more)] {
            let check = format!("check {name} --allow-subject {out}/subjects.txt");
            set.certctl(&check).code(code);
        }
        // What is written is what the body says.
        let body: Value =
            serde_json::from_slice(&set.read(&format!("{out}/redis-enterprise.json"))).unwrap();
        let subjects = body["authorized_subjects"].as_array().unwrap().len();
        assert_eq!(set.text(&format!("{out}/subjects.txt")).lines().count(), subjects);
    }
}

#[test]
fn a_subject_that_redis_enterprise_cannot_be_told_does_not_fit() {
    let named = Named::new();
    let by_name = "hint: admit clients by common name: `--validate cn`";
    let another = "hint: make another: `certctl issue odd-2 --usage client --cn CN`";
    let rows: [(Subject, &str, &str); 6] = [
        (&[("DC", "example"), ("CN", "a")], "has DC=example, which Redis", by_name),
        (&[("CN", "a"), ("email", "a@b.example")], "a@b.example, which Redis", by_name),
        (&[("O", "a"), ("O", "b"), ("CN", "a")], "has O 2 times; only OU may repeat", by_name),
        (&[("CN", "a"), ("CN", "b")], "has CN 2 times", another),
        (&[("O", "a")], "has no CN", another),
        (&[("CN", "a\nb\"")], "cannot be written", another),
    ];
    for (subject, message, hint) in rows {
        named.issue("odd", subject);
        let render =
            |how: &str| named.0.certctl(&format!("render redis rest --mutual --client odd {how}"));
        let run = render("--validate subject");
        run.code(1).stdout_is("").stderr_has("the subject of `odd.pem` ").stderr_has(message);
        run.stderr_has(hint);
        if hint == by_name {
            let body = render("--validate cn").code(0).json();
            assert_eq!(body["authorized_subjects"], json!([{ "CN": "a" }]), "{subject:?}");
        } else {
            render("--validate cn").code(1).stdout_is("").stderr_has(message).stderr_has(hint);
        }
        render("").code(0);
    }
}

#[test]
fn syncers_of_other_clusters_come_in_and_their_own_certificates_end_the_validation() {
    let set = set();
    let clusters = Sandbox::with_gen("--cn syncer --key-type ecdsa:p256");
    set.write("syncer.pem", clusters.read("server.pem"));
    set.write("syncer-ca.pem", clusters.read("ca.pem"));
    let loaded = |flags: &str| {
        let body = set.certctl(&format!("render redis rest --mutual {flags}")).code(0).json();
        let certificates = body["authentication_ssl_client_certs"].as_array().unwrap().clone();
        certificates
            .iter()
            .map(|one| one["client_cert"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let [ca, syncer, other] = ["ca.pem", "syncer.pem", "syncer-ca.pem"].map(|file| set.text(file));

    assert_eq!(loaded("--syncer syncer.pem"), [ca.clone(), syncer.clone()]);
    assert_eq!(loaded("--validate cn --syncer syncer-ca.pem"), [ca, other.clone()]);
    assert_eq!(
        loaded("--replica-only --syncer syncer.pem --syncer syncer-ca.pem"),
        [syncer, other]
    );
    set.certctl("render redis rest --mutual --validate cn --syncer syncer.pem")
        .code(1)
        .stdout_is("")
        .stderr_has("`syncer.pem` is not a CA certificate")
        .stderr_has("hint: name the CA that signed it with `--syncer FILE`");
    set.certctl("render redis rest --mutual --syncer nothing.pem")
        .code(1)
        .stderr_has("nothing.pem");
    set.certctl("render redis rest --mutual --syncer client.key")
        .code(1)
        .stdout_is("")
        .stderr_has("client.key");
}

#[test]
fn what_does_not_fit_is_told_with_the_command_that_mends_it() {
    let set = set();
    let gen_sh = Sandbox::with_fixtures("gen-sh");
    let rows: [(&Sandbox, &str, &str, &str); 9] = [
        (
            &gen_sh,
            "conf --mutual",
            "`client.pem` allows serverAuth only",
            "certctl renew client --usage client",
        ),
        (
            &gen_sh,
            "rest --mutual",
            "`client.pem` allows serverAuth only",
            "certctl renew client --usage client",
        ),
        (
            &set,
            "conf --identity client",
            "`client.pem` allows clientAuth only",
            "certctl renew client --usage server",
        ),
        (
            &set,
            "conf --replication",
            "replication connects with it and needs a peer certificate",
            "certctl renew server --usage peer",
        ),
        (
            &set,
            "cluster",
            "the cluster bus connects with it and needs a peer certificate",
            "certctl renew server --usage peer",
        ),
        (
            &set,
            "cluster --dial server",
            "the cluster bus connects with it",
            "certctl renew server --usage peer",
        ),
        (
            &set,
            "conf --replication --dial other",
            "`other.pem` does not exist",
            "certctl issue other",
        ),
        (
            &set,
            "cluster --dial client --announce db.example",
            "is not for `db.example`",
            "certctl renew server --san 'db.example'",
        ),
        (
            &set,
            "conf --mutual --client client --client nobody",
            "`nobody.pem` does not exist",
            "certctl issue nobody",
        ),
    ];
    for (sandbox, line, message, hint) in rows {
        let before = sandbox.digest();
        let run = sandbox.certctl(&format!("render redis {line} --out-dir out"));
        run.code(1).stdout_is("").stderr_has(message).stderr_has(hint);
        assert_eq!(sandbox.digest(), before, "{line}");
    }
    set.certctl("issue dial --usage server dial.example --key-type ecdsa:p256").code(0);
    set.certctl("render redis cluster --dial dial")
        .code(1)
        .stderr_has("`dial.pem` allows serverAuth only")
        .stderr_has("certctl renew dial --usage client");
    // The command is the right one.
    set.certctl("renew server --usage peer --san db.example").code(0);
    set.certctl("render redis cluster --announce db.example").code(0);
}

#[test]
fn a_client_that_has_expired_fits_where_those_are_let_in() {
    let named = Named::new();
    named.forge("old", &[("CN", "old")], |tbs| {
        let times = [b"200101000000Z", b"210101000000Z"].map(|time| forge::tlv(0x17, time));
        tbs.with(4, forge::tlv(forge::SEQUENCE, &times.concat()))
    });
    let line = "render redis rest --mutual --client old --validate cn";
    let refused = named.0.certctl(line);
    refused
        .code(1)
        .stdout_is("")
        .stderr_has("`old.pem` has been expired since")
        .stderr_has("certctl renew old");
    let body = named.0.certctl(&format!("{line} --allow-outdated")).code(0).json();
    assert_eq!(body["authorized_subjects"], json!([{ "CN": "old" }]));
    // All else is looked at as ever.
    named
        .0
        .certctl("render redis rest --mutual --client server --identity no --allow-outdated")
        .code(1)
        .stderr_has("`server.pem` allows serverAuth only");
}

#[test]
fn one_pair_for_both_ends_has_to_be_a_peers() {
    let set = set();
    let lines = [
        "redis conf --mutual --client server",
        "redis rest --mutual --client server",
        "redis-cli --mutual --client server",
    ];
    for line in lines {
        let run = set.certctl(&format!("render {line}"));
        run.code(1).stdout_is("").stderr_has("hint: certctl renew server --usage peer\n");
    }
    set.certctl("renew server --usage peer").code(0);
    for line in lines {
        set.certctl(&format!("render {line}")).code(0);
    }
}

#[test]
fn a_server_whom_no_client_can_believe_is_told() {
    let named = Named::new();
    named.forge("bare", &[("CN", "localhost")], |_| {
        let tbs = Tbs::read(&named.0, "server.pem");
        // id-ce-subjectAltName is 2.5.29.17.
        let is_names =
            |extension: &Vec<u8>| extension.windows(3).any(|part| part == [0x55, 0x1D, 17]);
        let others: Vec<_> = tbs.extensions().into_iter().filter(|one| !is_names(one)).collect();
        tbs.with_extensions(&others)
    });
    named.0.write("bare.key", named.0.read("server.key"));
    named
        .0
        .certctl("render redis conf --identity bare")
        .code(1)
        .stdout_is("")
        .stderr_has("`bare.pem` has no name that a client could ask for")
        .stderr_has("hint: certctl renew bare --san HOST");
}

#[test]
fn each_client_that_is_missing_is_told() {
    let run = set().certctl("render redis conf --mutual --client a --client b --client client");
    run.code(1).stdout_is("");
    for name in ["a", "b"] {
        run.stderr_has(&format!("`{name}.pem` does not exist"));
        run.stderr_has(&format!("certctl issue {name} --usage client"));
    }
}

#[test]
fn what_means_nothing_to_a_form_is_a_usage_error() {
    let set = set();
    let rows = [
        ("conf --announce a.example", "`--announce` is for the form cluster"),
        ("conf --mutual --validate cn", "`--validate` is for the form rest"),
        ("cluster --replica-only", "`--replica-only` is for the form rest"),
        ("conf --mutual --syncer ca.pem", "`--syncer` is for the form rest"),
        ("conf --mutual --allow-outdated", "`--allow-outdated` is for the form rest"),
        ("conf --database 2", "`--database` is for the form rest"),
        ("rest --replication", "`--replication` is for the form conf"),
        ("rest --dial client", "`--dial` is for the form conf and cluster"),
        ("rest --port 1", "`--port` is for the form conf and cluster"),
        ("rest --mount /a", "`--mount` is for the form conf and cluster"),
        ("conf --dial client", "add `--replication`"),
        ("cluster --port 55536", "the cluster bus listens 10000 higher"),
        ("cluster --announce a;b", "--announce: `a;b` holds"),
        ("conf --mount ", "--mount is empty"),
        ("conf --mount a\nb", "--mount holds U+000A"),
        ("rest --validate cn", "--mutual"),
        ("conf --client server", "--mutual"),
        ("rest --mutual --replica-only", "name theirs with `--syncer FILE`"),
        (
            "rest --mutual --replica-only --syncer ca.pem --validate cn",
            "`--validate` is for clients",
        ),
    ];
    for (line, message) in rows {
        let args: Vec<&str> = ["render", "redis"].into_iter().chain(line.split(' ')).collect();
        set.certctl_args(&args).code(2).stdout_is("").stderr_has(message);
    }
    set.certctl("render redis cluster --dial client --port 55535").code(0);
}

#[test]
fn a_directory_to_be_mounted_holds_settings_pairs_and_no_ca_key() {
    let set = set();
    set.certctl("render redis conf --mutual --out-dir conf").code(0).stdout_has("Wrote conf:");
    set.certctl("render redis cluster --dial client --out-dir cluster").code(0);
    set.certctl("render redis rest --mutual --validate cn --out-dir rest").code(0).stderr_is("");
    let below = |dir: &str| -> Vec<String> {
        set.files().iter().filter_map(|file| file.strip_prefix(dir)).map(str::to_owned).collect()
    };
    assert_eq!(below("conf/"), ["redis.conf", "tls/ca.pem", "tls/server.key", "tls/server.pem"]);
    assert_eq!(
        below("cluster/"),
        [
            "redis.conf",
            "tls/ca.pem",
            "tls/client.key",
            "tls/client.pem",
            "tls/server.key",
            "tls/server.pem"
        ]
    );
    assert_eq!(
        below("rest/"),
        ["redis-enterprise.json", "subjects.txt", "tls/ca.pem", "tls/server.key", "tls/server.pem"]
    );
    for dir in ["conf", "cluster", "rest"] {
        assert_eq!(set.mode(&format!("{dir}/tls/server.key")), 0o600, "{dir}");
        assert_eq!(set.read(&format!("{dir}/tls/ca.pem")), set.read("ca.pem"), "{dir}");
    }
    assert_eq!(set.text("conf/redis.conf"), set.certctl("render redis conf --mutual").stdout());
    assert_eq!(set.mode("conf/redis.conf"), 0o644);
}

#[test]
fn a_mount_stays_one_word_whatever_is_in_it() {
    let mount = "it's \"q\" $HOME `id` {{ 7 * 7 }} #c --- \\x0a b;c é";
    let set = set();
    let run = set.certctl_args(&["render", "redis", "conf", "--mount", mount]);
    let conf = run.code(0).stdout();
    let quoted = r#""it's \"q\" $HOME `id` {{ 7 * 7 }} #c --- \\x0a b;c \xc3\xa9"#;
    for (setting, file) in [
        ("tls-cert-file", "server.pem"),
        ("tls-key-file", "server.key"),
        ("tls-ca-cert-file", "ca.pem"),
    ] {
        assert!(conf.contains(&format!("\n{setting} {quoted}/{file}\"\n")), "{conf}");
    }
    let commands = conf.lines().filter_map(|line| line.strip_prefix("#   "));
    for command in commands {
        // In a comment a backslash is doubled, as whatever hides there is shown.
        let words = shlex::split(&command.replace("\\\\", "\\")).unwrap();
        assert!(words.iter().any(|word| word.starts_with(mount)), "{words:?}");
    }
    let json = set
        .certctl_args(&["render", "redis", "conf", "--mount", mount, "-o", "json"])
        .code(0)
        .json();
    assert_eq!(json["files"][0]["content"], conf);
}
