//! `renew --served`: whether servers serve the new certificate, and `--rollback`.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustls::{ServerConfig, crypto::ring::default_provider, version::TLS13};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::json;

use crate::{
    connect::{Server, one_way, serve, starttls},
    sandbox::{Run, Sandbox},
};

const RECORD: &str = "hook-pending";
const RELOAD: &str = "/bin/sh -c 'touch reload; echo \"$CERTCTL_RENEWED\" >> ran'";

fn set() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// A server that reads its pair again before each connection for which `reloads` says so.
fn reloading(sandbox: &Sandbox, reloads: impl Fn(&Path) -> bool + Send + 'static) -> Server {
    let dir = sandbox.dir().to_owned();
    let current = Mutex::new(load(&dir));
    Server::start(move |stream| {
        if reloads(&dir) {
            *current.lock().unwrap() = load(&dir);
        }
        let config = current.lock().unwrap().clone();
        serve(stream, config)
    })
}

/// When the hook says so.
fn obedient(sandbox: &Sandbox) -> Server {
    reloading(sandbox, |dir| fs::remove_file(dir.join("reload")).is_ok())
}

fn load(dir: &Path) -> Arc<ServerConfig> {
    let read = |file: &str| fs::read(PathBuf::from(dir).join(file)).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&read("server.key")).unwrap();
    let pem = read("server.pem");
    let chain = CertificateDer::pem_slice_iter(&pem).map(|der| der.unwrap().into_owned());
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap();
    Arc::new(builder.with_no_client_auth().with_single_cert(chain.collect(), key).unwrap())
}

fn renew(sandbox: &Sandbox, server: &Server, flags: &str, hook: &str) -> Run {
    let address = server.address.to_string();
    let mut words = vec!["-o", "json", "renew", "server", "--served", &address];
    words.extend(flags.split_whitespace());
    if !hook.is_empty() {
        words.extend(["--exec", hook]);
    }
    sandbox.certctl_args(&words)
}

#[test]
fn a_server_that_reloads_serves_the_new_certificate() {
    let sandbox = set();
    let server = obedient(&sandbox);

    let run = renew(&sandbox, &server, "--rollback", RELOAD);

    run.code(0);
    let json = run.json();
    let report = &json["served"][0];
    assert_eq!(report["endpoint"], server.address.to_string());
    assert_eq!(report["after"]["serial"], json["certificates"][0]["serial"]);
    assert_eq!(report["before"]["serial"], json["certificates"][0]["previous"]["serial"]);
    assert!(report.get("error").is_none() && json.get("rollback").is_none());
    assert_eq!(sandbox.text("ran"), "server\n");
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn one_that_never_reloads_is_exit_1_with_what_it_serves() {
    let sandbox = set();
    let old = sandbox.read("server.pem");
    let server = Server::tls(one_way(&sandbox, "server"));

    let run = renew(&sandbox, &server, "--served-timeout 1", RELOAD);

    run.code(1)
        .stderr_has(&format!("`{}` does not serve the new certificate within 1 s", server.address))
        .stderr_has("it serves `CN=localhost`, serial ")
        .stderr_has("which expires on ")
        .stderr_has("hint: ");
    assert_ne!(sandbox.read("server.pem"), old);
    // The service does not use the new certificate: the hook is still pending.
    assert_eq!(sandbox.text(RECORD), "server\n");
    sandbox.certctl("check server").code(3);

    let line = "--expires-within 1d --served-timeout 0 --rollback";
    let run = renew(&sandbox, &server, line, RELOAD);
    run.code(1).stderr_has("nothing was rolled back");
    let reloaded = Server::tls(one_way(&sandbox, "server"));
    renew(&sandbox, &reloaded, line, RELOAD).code(0);
    assert!(!sandbox.path(RECORD).exists());
    assert_eq!(sandbox.text("ran"), "server\n".repeat(3));
}

#[test]
fn one_that_is_down_is_exit_1() {
    let sandbox = set();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let down = format!("127.0.0.1:{port}");

    let line = format!("renew server --served {down} --served-timeout 0 --exec true");
    let run = sandbox.certctl(&line);

    run.code(1).stderr_has(&down).stderr_has("it cannot be probed").stderr_has("refused");
}

#[test]
fn every_server_must_serve_it() {
    let sandbox = set();
    let (good, bad) = (obedient(&sandbox), Server::tls(one_way(&sandbox, "server")));
    let flags = format!("--served {} --served-timeout 1", bad.address);

    let run = renew(&sandbox, &good, &flags, RELOAD);

    run.code(1).stderr_has(&bad.address.to_string()).stderr_lacks(&good.address.to_string());
    assert!(run.json()["served"][0].get("error").is_none());
}

#[test]
fn a_rollback_restores_the_old_pair_and_runs_the_hook_again() {
    let sandbox = set();
    let before = sandbox.digest();
    let server = Server::tls(one_way(&sandbox, "server"));

    let run = renew(&sandbox, &server, "--served-timeout 0 --rollback", RELOAD);

    run.code(1).stderr_has("rolled back: `server` has the old certificate again");
    assert_eq!(run.json()["rollback"], json!({ "restored": ["server"] }));
    let after = sandbox.digest();
    for file in ["server.pem", "server.key", "client.pem", "client.key", "ca.pem"] {
        assert_eq!(after[file], before[file], "{file}");
    }
    assert_ne!(after["ca.srl"], before["ca.srl"], "a serial is never used twice");
    assert_eq!(sandbox.text("ran"), "server\nserver\n");
    assert!(!sandbox.path(RECORD).exists());
    sandbox.certctl("check server").code(0);
}

#[test]
fn a_rollback_whose_hook_fails_says_so_and_stays_pending() {
    let sandbox = set();
    let old = sandbox.read("server.pem");
    let server = Server::tls(one_way(&sandbox, "server"));

    let run = renew(&sandbox, &server, "--served-timeout 0 --rollback", "/bin/false");

    run.code(1).stderr_has("the old files are restored, but hook `/bin/false` ended with");
    assert_eq!(sandbox.read("server.pem"), old);
    assert_eq!(sandbox.text(RECORD), "server\n");
}

#[test]
fn an_expired_certificate_is_not_restored() {
    let sandbox = Sandbox::with_fixtures("leaf");
    let server = Server::tls(one_way(&sandbox, "old"));
    let old = sandbox.read("old.pem");
    let line =
        format!("renew old --served {} --served-timeout 0 --rollback --exec true", server.address);
    let run = sandbox.certctl(&line);

    run.code(1).stderr_has("nothing was rolled back");
    assert_ne!(sandbox.read("old.pem"), old);
}

#[test]
fn a_service_may_reload_by_itself() {
    let sandbox = set();
    let server = reloading(&sandbox, |_| true);

    renew(&sandbox, &server, "", "").code(0);

    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn a_server_has_time_until_it_reloads() {
    let sandbox = set();
    let begin = Instant::now();
    let slow = reloading(&sandbox, move |_| begin.elapsed() > Duration::from_secs(2));

    renew(&sandbox, &slow, "--served-timeout 20", "true").code(0);

    assert!(begin.elapsed() < Duration::from_secs(15));
}

#[test]
fn nothing_is_probed_when_nothing_was_renewed_and_nothing_is_pending() {
    let sandbox = set();
    let server = obedient(&sandbox);
    let before = sandbox.digest();

    for flags in ["--expires-within 1d", "--expires-within 1d --rollback", "--dry-run"] {
        renew(&sandbox, &server, flags, RELOAD).code(0).stderr_is("");
    }

    assert!(server.names.try_recv().is_err());
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_server_is_asked_in_its_own_protocol() {
    let sandbox = set();
    let server = starttls(&sandbox, "postgres", b"S");

    let run = renew(&sandbox, &server, "--starttls postgres --served-timeout 0", "true");

    run.code(1).stderr_has("it serves `CN=localhost`").stderr_has("--starttls postgres");
}

#[test]
fn flags_without_their_meaning_are_refused() {
    let sandbox = set();
    let before = sandbox.digest();
    for line in [
        "renew --rollback",
        "renew --rollback --exec true",
        "renew --served-timeout 5",
        "renew --starttls postgres",
        "renew --served localhost",
        "renew --served localhost:0",
        "renew --served localhost:443 --served-timeout x",
        "renew ca --served localhost:443",
    ] {
        sandbox.certctl(line).code(2);
        assert_eq!(sandbox.digest(), before, "{line}");
    }
}

/// The line of a plan names all servers; on most nights few of their identities are due.
#[test]
fn a_server_of_an_identity_that_is_not_due_may_keep_its_certificate() {
    let sandbox = set();
    sandbox.certctl("renew client --days 10").code(0);
    let server = obedient(&sandbox);
    let before = sandbox.read("client.pem");

    let line = format!(
        "renew --expires-within 30d --days 100 --exec true --served {} --served-timeout 1 --rollback",
        server.address
    );
    sandbox.certctl(&line).code(0);

    assert_ne!(sandbox.read("client.pem"), before, "renewed, and not rolled back");
    assert!(!sandbox.path(RECORD).exists());
}
