//! `--connect`: real servers, before and after they were told of a renewed certificate.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::{
    nginx,
    peer::{Server, ask, ask_words, each_kind, fixture, have, run, wait_until},
    postgres::Cluster,
    redis,
    sandbox::{Run, Sandbox},
};

/// A live server, and how certctl and openssl reach it.
struct Live<'a> {
    set: &'a Sandbox,
    port: u16,
    starttls: Option<&'a str>,
}

impl Live<'_> {
    fn certctl(&self, command: &str) -> Run {
        let starttls = self.starttls.map(|protocol| format!("--starttls {protocol}"));
        let target = format!("127.0.0.1:{}", self.port);
        self.set.certctl(&format!("{command} --connect {target} {}", starttls.unwrap_or_default()))
    }

    /// What is served, according to certctl: the fingerprint of the leaf, and the server itself.
    fn inspected(&self) -> (String, Value) {
        let run = self.certctl("inspect -o json");
        let file = run.code(0).json()["files"][0].clone();
        (file["objects"][0]["sha256"].as_str().unwrap().to_owned(), file["server"].clone())
    }

    /// The same fingerprint according to OpenSSL.
    fn seen_by_openssl(&self) -> String {
        let starttls = self.starttls.map(|protocol| format!("-starttls {protocol}"));
        let line = format!(
            "openssl s_client -connect 127.0.0.1:{} {}",
            self.port,
            starttls.unwrap_or_default()
        );
        self.set.write("served.pem", ask(self.set, &line, "").text);
        fingerprint(self.set, "served.pem")
    }

    /// certctl tells the old certificate from the new one, and both as OpenSSL does.
    fn tells_the_old_from_the_new(&self, asks: bool, reload: impl Fn()) {
        let old = fingerprint(self.set, "server.pem");
        let (served, told) = self.inspected();
        assert_eq!((&served, &self.seen_by_openssl()), (&old, &old));
        assert_eq!(told["asks_for_client_certificate"], asks, "{told}");
        self.certctl("check server").code(0).stdout_lacks("served-differs");

        self.set.certctl("renew server").code(0);
        assert_eq!(self.inspected().0, old);
        let run = self.certctl("check server");
        run.code(4).stdout_has("served-differs").stdout_has("reload");

        reload();
        let new = fingerprint(self.set, "server.pem");
        assert_ne!(new, old);
        // Some refuse connections while they reload. A worker of nginx with the old certificate still
        // accepts for a moment beside the new one.
        wait_until("only the new certificate is served", || {
            (0..10).all(|_| self.certctl("inspect -o json").stdout().contains(&new))
        });
        assert_eq!(self.seen_by_openssl(), new);
        self.certctl("check server").code(0).stdout_lacks("served-differs");
    }
}

#[test]
fn nginx_with_the_old_certificate_is_told_from_a_reloaded_one() {
    if !have(&["nginx", "openssl"]) {
        return;
    }
    each_kind(|set| {
        for (clients, asks) in
            [("", false), ("ssl_client_certificate ca.pem; ssl_verify_client on;", true)]
        {
            let nginx = nginx::serve(set, "server", clients);
            let live = Live { set, port: nginx.port, starttls: None };
            live.tells_the_old_from_the_new(asks, || {
                hang_up(&set.text(&format!("nginx-{}/pid", nginx.port)));
            });
        }
    });
}

#[test]
fn redis_with_the_old_certificate_is_told_from_a_reloaded_one() {
    if !have(&["redis-server", "redis-cli", "openssl"]) {
        return;
    }
    each_kind(|set| {
        for (clients, asks) in [("no", false), ("optional", true), ("yes", true)] {
            let redis = redis::serve(set, "server", clients);
            let live = Live { set, port: redis.port, starttls: None };
            live.tells_the_old_from_the_new(asks, || {
                let words = "CONFIG SET tls-cert-file server.pem tls-key-file server.key";
                let reply = redis::command(set, &redis, Some("client"), words);
                assert!(reply.text.contains("OK"), "{}", reply.text);
            });
            let required = live.inspected().1["requires_client_certificate"].clone();
            assert_eq!(required, clients == "yes", "tls-auth-clients {clients}");
        }
    });
}

#[test]
fn postgresql_with_the_old_certificate_is_told_from_a_reloaded_one() {
    let (true, Some(cluster)) = (have(&["openssl"]), Cluster::new()) else { return };
    each_kind(|set| {
        let postgres = cluster.start(set);
        let live = Live { set, port: postgres.port, starttls: Some("postgres") };
        wait_until("PostgreSQL has started", || postgres.log().contains("ready to accept"));

        live.tells_the_old_from_the_new(true, || {
            cluster.take(set);
            hang_up(&fs::read_to_string(cluster.data().join("postmaster.pid")).unwrap());
        });

        let plain = Live { starttls: None, ..live };
        plain.certctl("inspect").code(1).stderr_has("--starttls postgres");
    });
}

#[test]
fn mariadb_with_the_old_certificate_is_told_from_a_reloaded_one() {
    if !have(&["mariadbd", "mariadb-install-db", "mariadb", "openssl"]) {
        return;
    }
    let set = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let dir = set.dir().display().to_string();
    let user = run(&set, "id -un").stdout().trim().to_owned();
    let common = format!("--no-defaults --datadir={dir}/db --user={user}");
    let new = "--auth-root-authentication-method=normal --skip-test-db";
    run(&set, &format!("mariadb-install-db {common} {new}")).code(0);
    let start = |flags: &str| {
        Server::start(&set, |port| {
            format!(
                "mariadbd {common} --port={port} --bind-address=127.0.0.1 --skip-networking=0 \
                 --skip-name-resolve --socket={dir}/socket {flags}"
            )
        })
    };
    let tls = format!("--ssl-cert={dir}/server.pem --ssl-key={dir}/server.key");
    let mariadb = start(&tls);
    let live = Live { set: &set, port: mariadb.port, starttls: Some("mysql") };
    let command = |words: &str| {
        let client =
            ["mariadb", "--no-defaults", "--socket", "socket", "--user", "root", "-e", words];
        let reply = ask_words(&set, &client, "");
        assert!(reply.content, "{words}: {}", reply.text);
    };

    live.tells_the_old_from_the_new(true, || command("FLUSH SSL"));

    let plain = Live { starttls: None, ..live };
    plain.certctl("inspect").code(1).stderr_has("--starttls mysql");
    command("DROP USER root@127.0.0.1");
    live.certctl("inspect").code(1).stderr_has("it said `Host '127.0.0.1' is not allowed");
    drop(mariadb);

    let mariadb = start("");
    let live = Live { set: &set, port: mariadb.port, starttls: Some("mysql") };
    command("CREATE USER root@127.0.0.1");
    live.certctl("inspect").code(1).stderr_has("does not offer TLS over MySQL");
}

#[test]
fn a_mail_server_is_asked_for_tls() {
    if !have(&["python3", "openssl"]) {
        return;
    }
    each_kind(|set| {
        let script = fixture("smtp.py");
        let mail =
            Server::start(set, |port| format!("python3 {script} {port} {}", set.dir().display()));
        let live = Live { set, port: mail.port, starttls: Some("smtp") };
        let served = live.inspected().0;
        assert_eq!((&served, &live.seen_by_openssl()), (&fingerprint(set, "server.pem"), &served));
        live.certctl("check server").code(0);

        let plain = Live { starttls: None, ..live };
        plain
            .certctl("inspect")
            .code(1)
            .stderr_has("`220-mail.example")
            .stderr_has("--starttls smtp");
    });
}

/// Servers that no rustls can be: too old, without a cipher in common, with keys that ring has not.
#[test]
fn what_openssl_can_serve_is_shown_or_refused_in_words() {
    if !have(&["openssl"]) {
        return;
    }
    let set = Sandbox::with_gen("--cn localhost");
    for (name, kind) in [
        ("p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"),
        ("ed448", "-algorithm ED448"),
        ("small", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024"),
    ] {
        run(&set, &format!("openssl genpkey {kind} -out {name}.key")).code(0);
        run(
            &set,
            &format!("openssl req -x509 -new -key {name}.key -subj /CN={name} -out {name}.pem"),
        )
        .code(0);
    }
    let weak = "-cipher ALL:@SECLEVEL=0";
    let shown = [
        ("p521", String::new()),
        ("ed448", String::new()),
        ("ed448", "-tls1_2".into()),
        ("small", weak.into()),
        ("small", format!("{weak} -tls1_2")),
    ];
    for (pair, flags) in shown {
        let server = s_server(&set, pair, &flags);
        let live = Live { set: &set, port: server.port, starttls: None };
        let expected = fingerprint(&set, &format!("{pair}.pem"));
        assert_eq!(live.inspected().0, expected, "{pair} {flags}");
    }
    let refused = [
        (format!("{weak} -tls1_1"), "TLS 1.2"),
        ("-tls1_2 -cipher AES128-SHA".into(), "handshake_failure"),
    ];
    for (flags, words) in refused {
        let server = s_server(&set, "server", &flags);
        let live = Live { set: &set, port: server.port, starttls: None };
        live.certctl("inspect").code(1).stdout_is("").stderr_has(words);
    }
}

/// A Redis in the clear does not answer to a ClientHello at all.
#[test]
fn a_redis_in_the_clear_is_given_up_after_five_seconds() {
    if !have(&["redis-server"]) {
        return;
    }
    let set = Sandbox::new();
    let redis = Server::start(&set, |port| format!("redis-server --bind 127.0.0.1 --port {port}"));
    let live = Live { set: &set, port: redis.port, starttls: None };
    live.certctl("inspect").code(1).stderr_has("did not answer in time").stderr_has("tls-port");
}

fn s_server(set: &Sandbox, pair: &str, flags: &str) -> Server {
    Server::start(set, |port| {
        format!("openssl s_server -accept {port} -cert {pair}.pem -key {pair}.key -www {flags}")
    })
}

/// SHA-256 of the first certificate, by OpenSSL.
fn fingerprint(set: &Sandbox, file: &str) -> String {
    let said = run(set, &format!("openssl x509 -noout -fingerprint -sha256 -in {file}"));
    let said = said.code(0).stdout();
    said.trim().rsplit_once('=').unwrap().1.replace(':', "").to_lowercase()
}

/// Tells the server whose pid file this is to read its files again.
fn hang_up(pid_file: &str) {
    let pid = pid_file.lines().next().unwrap().trim().parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::HUP).unwrap();
}
