//! Services that run as a user of their own, with an exported pair.

use std::{fs, path::Path};

use super::CERTCTL;
use crate::{
    commons::{Account, Commons, can_switch_users, owner},
    peer::{Server, ask, free_port, have, run},
    postgres::account,
    redis,
    sandbox::{Run, Sandbox},
};

const ROOT: Account = Account { uid: 0, gid: 0 };
/// Anybody else.
const STRANGER: Account = Account { uid: 54_321, gid: 54_321 };

fn redis_cli(set: &Sandbox, server: &Server, words: &str) -> String {
    let line = format!(
        "redis-cli -h 127.0.0.1 -p {} --tls --cacert ca.pem --cert client.pem --key client.key {words}",
        server.port
    );
    ask(set, &line, "").text
}

#[test]
fn redis_reads_an_exported_key_as_its_own_user_and_nobody_else_does() {
    if !have(&["redis-server", "redis-cli", "openssl"]) || !can_switch_users() {
        return;
    }
    let Some(user) = account("redis") else { return };
    let set = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let commons = Commons::new();

    // Root's own keys are root's: a copy that says nothing of Redis does not help it.
    let private = commons.path("private");
    set.certctl(&format!("export server --to {}", private.display())).code(0);
    assert_eq!(owner(&private.join("server.key")), (ROOT, 0o600));
    Run::of(&mut redis::of_user(&commons, user, &private, "server", free_port()))
        .code(1)
        .stdout_has("Failed to load private key")
        .stdout_has("Permission denied");

    let dir = commons.path("redis");
    let export = format!("export server --to {} --group redis", dir.display());
    set.certctl(&export).code(0).stdout_has("server.key  0640 root:redis");
    let of_redis = (Account { gid: user.gid, ..ROOT }, 0o640);
    assert_eq!(owner(&dir.join("server.key")), of_redis);
    let server =
        Server::start_command(&set, |port| redis::of_user(&commons, user, &dir, "server", port));
    assert!(redis_cli(&set, &server, "PING").contains("PONG"));
    let mut read = commons.command(STRANGER, Path::new("cat"));
    Run::of(read.arg(dir.join("server.key"))).code(1).stderr_has("Permission denied");

    // Renewed and handed on in one go, while it runs.
    let hook = format!("'{CERTCTL}' {export}");
    set.certctl_args(&["renew", "server", "--exec", &hook]).code(0);
    assert_eq!(owner(&dir.join("server.key")), of_redis);
    let file = |name: &str| dir.join(name).display().to_string();
    let setting = format!(
        "CONFIG SET tls-cert-file {} tls-key-file {}",
        file("server.pem"),
        file("server.key")
    );
    assert!(redis_cli(&set, &server, &setting).contains("OK"), "{}", server.log());
    let serial = |certificate: &str| {
        set.write("shown", certificate);
        run(&set, "openssl x509 -noout -serial -in shown").stdout()
    };
    let line = format!(
        "openssl s_client -connect 127.0.0.1:{} -CAfile ca.pem -cert client.pem -key client.key",
        server.port
    );
    let shown = ask(&set, &line, "QUIT\r\n").text;
    assert_eq!(serial(&shown), serial(&fs::read_to_string(file("server.pem")).unwrap()));
    assert_eq!(set.read("server.pem"), fs::read(file("server.pem")).unwrap());
}

/// `curl` takes a keystore as it is.
#[test]
fn curl_shows_the_certificate_of_a_keystore() {
    if !have(&["curl", "nginx"]) {
        return;
    }
    for kind in crate::peer::KINDS {
        let set = super::with_keystores(kind);
        let more = "ssl_client_certificate ca.pem; ssl_verify_client on;";
        let nginx = crate::nginx::serve(&set, "server", more);
        let (url, word) = (format!("https://localhost:{}/", nginx.port), set.text("word"));
        let words = ["curl", "-sS", "--noproxy", "*", "--cacert", "ca.pem", "--cert-type", "P12"];
        let more = ["--cert", "client.p12", "--pass", word.trim_end(), &url];
        let reply = crate::peer::ask_words(&set, &[&words[..], &more].concat(), "");
        assert!(reply.text.contains("hello CN=localhost"), "{kind}: {}", reply.text);
    }
}
