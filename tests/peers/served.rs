//! `renew --served` before nginx and Redis: one that reloads, one that never does, one that is down.

use std::env;

use crate::{
    nginx,
    peer::{Server, each_kind, free_port, have},
    redis,
    sandbox::{Run, Sandbox},
};

fn renew(set: &Sandbox, port: u16, flags: &str, hook: &str) -> Run {
    let served = format!("127.0.0.1:{port}");
    let mut words = vec!["-o", "json", "renew", "server", "--served", &served, "--exec", hook];
    words.extend(flags.split_whitespace());
    let mut certctl = set.command();
    Run::of(certctl.args(words).env("PATH", env::var_os("PATH").unwrap_or_default()))
}

fn nginx_reload(set: &Sandbox, server: &Server) -> String {
    let dir = set.dir().display();
    format!("nginx -p {dir} -c {dir}/nginx-{}/nginx.conf -e stderr -s reload", server.port)
}

#[test]
fn nginx_that_reloads_serves_the_new_certificate() {
    if !have(&["nginx"]) {
        return;
    }
    each_kind(|set| {
        let more = "ssl_client_certificate ca.pem; ssl_verify_client on;";
        let nginx = nginx::serve(set, "server", more);

        let run = renew(set, nginx.port, "--rollback", &nginx_reload(set, &nginx));

        run.code(0);
        let json = run.json();
        assert_eq!(json["served"][0]["after"]["serial"], json["certificates"][0]["serial"]);
        assert_ne!(json["served"][0]["before"], json["served"][0]["after"]);
        assert!(!set.path("hook-pending").exists());
    });
}

#[test]
fn nginx_that_never_reloads_gets_the_old_pair_back() {
    if !have(&["nginx"]) {
        return;
    }
    each_kind(|set| {
        let nginx = nginx::serve(set, "server", "");
        let (old_pem, old_key) = (set.read("server.pem"), set.read("server.key"));

        let run = renew(set, nginx.port, "--served-timeout 1 --rollback", "true");
        run.code(1).stderr_has("it serves `CN=localhost`, serial ").stderr_has("rolled back");
        assert_eq!((set.read("server.pem"), set.read("server.key")), (old_pem.clone(), old_key));

        // Without a rollback the new pair stays, and the next run that reloads is content.
        renew(set, nginx.port, "--served-timeout 0", "true").code(1);
        assert_ne!(set.read("server.pem"), old_pem);
        let due = "--expires-within 1d";
        renew(set, nginx.port, &format!("{due} --served-timeout 0"), "true").code(1);
        renew(set, nginx.port, due, &nginx_reload(set, &nginx)).code(0);
        assert!(!set.path("hook-pending").exists());
    });
}

#[test]
fn redis_takes_the_new_pair_and_serves_it() {
    if !have(&["redis-server", "redis-cli"]) {
        return;
    }
    each_kind(|set| {
        let redis = redis::serve(set, "server", "yes");
        let hook = format!(
            "redis-cli -h 127.0.0.1 -p {} --tls --cacert ca.pem --cert client.pem --key client.key \
             CONFIG SET tls-cert-file server.pem tls-key-file server.key",
            redis.port
        );
        renew(set, redis.port, "", &hook).code(0);

        // Another pair, and a setting that has nothing to do with it.
        for other in ["tls-cert-file client.pem tls-key-file client.key", "maxclients 100"] {
            let (line, _) = hook.split_once("tls-cert-file").unwrap();
            let run = renew(set, redis.port, "--served-timeout 1", &format!("{line}{other}"));
            run.code(1).stderr_has("it serves `CN=localhost`, serial ");
        }
    });
}

#[test]
fn a_server_that_is_down_is_not_content() {
    let set = Sandbox::with_gen("--key-type ecdsa:p256");
    let old = set.read("server.pem");

    let run = renew(&set, free_port(), "--served-timeout 0 --rollback", "true");

    run.code(1).stderr_has("it cannot be probed").stderr_has("does not serve the old certificate");
    assert_eq!(set.read("server.pem"), old);
}

/// The CA certificate stays new: OpenSSL accepts the restored pair below it, and below the old one.
#[test]
fn openssl_accepts_what_is_rolled_back_below_a_ca_that_is_not() {
    if !have(&["openssl"]) {
        return;
    }
    each_kind(|set| {
        set.write("old-ca.pem", set.read("ca.pem"));
        let old = set.read("server.pem");
        let served = format!("127.0.0.1:{}", free_port());
        let line = format!("renew ca server --served {served} --served-timeout 0 --rollback");

        set.certctl(&line)
            .code(1)
            .stderr_has("`ca`: the new CA certificate has the same name and key");

        assert_eq!(set.read("server.pem"), old);
        assert_ne!(set.read("ca.pem"), set.read("old-ca.pem"));
        for ca in ["ca.pem", "old-ca.pem"] {
            let verify = ["verify", "-x509_strict", "-CAfile", ca, "server.pem"];
            set.run("openssl", &verify).code(0);
        }
    });
}
