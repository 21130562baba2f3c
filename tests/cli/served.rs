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

/// When the test says so, from then on.
fn once_it_may(sandbox: &Sandbox) -> Server {
    reloading(sandbox, |dir| dir.join("go").exists())
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
    let server = once_it_may(&sandbox);

    let run = renew(&sandbox, &server, "--served-timeout 1", RELOAD);

    run.code(1)
        .stderr_has(&format!("`{}` does not serve the new certificate within 1 s", server.address))
        .stderr_has("it serves `CN=localhost`, serial ")
        .stderr_has("which expires on ")
        .stderr_has("hint: ");
    assert_ne!(sandbox.read("server.pem"), old);
    // The hook has succeeded, and the service does not use the new certificate.
    assert_eq!(sandbox.text(RECORD), format!("server served {}\n", server.address));
    sandbox.certctl("check server").code(3);

    let line = "--expires-within 1d --served-timeout 0 --rollback";
    let run = renew(&sandbox, &server, line, RELOAD);
    run.code(1).stderr_has("nothing was rolled back").stderr_lacks("old files are in place");
    sandbox.write("go", "");
    renew(&sandbox, &server, line, RELOAD).code(0);
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
    let report = run.json();
    assert_eq!(report["rollback"], json!({ "restored": ["server"] }));
    let item = &report["certificates"][0];
    assert_eq!((&item["action"], &item["new_key"]), (&json!("restored"), &json!(false)));
    assert!(item.get("previous").is_none() && report.get("reload").is_none(), "{report}");
    let held = sandbox.certctl("-o json status").json();
    assert_eq!(item["sha256"], held["certificates"][1]["sha256"]);
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
    run.stderr_has(
        "hint: the old files are in place again; fix the cause, and the next run renews",
    );
    run.stderr_lacks("the new files are in place");
    assert_eq!(sandbox.read("server.pem"), old);
    assert_eq!(sandbox.text(RECORD), format!("server\nserver served {}\n", server.address));
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

/// Nothing but the record remembers it: no certificate is due.
#[test]
fn a_server_that_does_not_reload_is_probed_again_until_it_does() {
    let sandbox = set();
    let server = once_it_may(&sandbox);
    let address = server.address;
    let due = "--expires-within 1d --served-timeout 0";

    renew(&sandbox, &server, "--served-timeout 0", "").code(1);

    assert_eq!(sandbox.text(RECORD), format!("server served {address}\n"));
    let files = sandbox.digest();
    for _ in 0..2 {
        let run = renew(&sandbox, &server, due, "");
        run.code(1).stderr_has("hook pending for `server`").stderr_has("probed again");
        assert_eq!(run.json()["hook_pending"], json!(["server"]));
    }
    let all = format!("renew --expires-within 1d --served-timeout 0 --served {address}");
    sandbox.certctl(&all).code(1);
    let other = format!("renew client --expires-within 1d --served {address}");
    sandbox.certctl(&other).code(0).stderr_is("");
    sandbox.certctl("status").code(3).stdout_has("hook pending");
    let hint = format!("`certctl renew server --expires-within 1/3 --served {address}`");
    let check = sandbox.certctl("check server");
    check.code(3).stdout_has("[hook-pending]").stdout_has(&hint).stdout_lacks("--exec");
    let run = sandbox.certctl("renew --expires-within 1/3");
    run.code(0).stderr_has("warning: hook pending").stderr_has(&hint).stderr_lacks("--exec");
    assert_eq!(sandbox.digest(), files);

    sandbox.write("go", "");
    renew(&sandbox, &server, due, "").code(0);
    assert!(!sandbox.path(RECORD).exists());
    sandbox.certctl("status").code(0);
    renew(&sandbox, &server, due, "").code(0).stderr_is("");
}

/// That another server has the new certificate says nothing about it; a hook does not, either.
#[test]
fn a_server_is_awaited_until_it_was_seen() {
    let sandbox = set();
    let (good, bad) = (reloading(&sandbox, |_| true), once_it_may(&sandbox));
    let both = format!("--served-timeout 0 --served {}", bad.address);
    let due = "--expires-within 1d --served-timeout 0";

    renew(&sandbox, &good, &both, "").code(1);

    let record = format!("server served {}\n", bad.address);
    assert_eq!(sandbox.text(RECORD), record);
    let run = renew(&sandbox, &good, due, "");
    run.code(0).stderr_has("warning: hook pending").stderr_has(&bad.address.to_string());
    renew(&sandbox, &good, "--served-timeout 0", "").code(0);
    sandbox.certctl("renew --expires-within 1d --exec true").code(0).stderr_has("hook pending");
    assert_eq!(sandbox.text(RECORD), record);
    sandbox.certctl("status").code(3);
    // Its name in other case is the same address.
    let address = bad.address.to_string().replace("127.0.0.1", "LOCALHOST");
    sandbox.write(RECORD, record.replace("127.0.0.1", "localhost"));
    sandbox.write("go", "");
    sandbox.certctl(&format!("renew {due} --served {address}")).code(0);
    assert!(!sandbox.path(RECORD).exists());
}

/// Without the address, which older versions did not write.
#[test]
fn an_old_record_is_cleared_once_all_probed_servers_were_seen() {
    let sandbox = set();
    let (good, bad) = (reloading(&sandbox, |_| true), Server::tls(one_way(&sandbox, "server")));
    sandbox.certctl("renew server").code(0);
    sandbox.write(RECORD, "server served\n");
    let due = "--expires-within 1d --served-timeout 0";
    let run = sandbox.certctl("renew --expires-within 1d");
    run.code(0).stderr_has("a server was not seen").stderr_has("--served HOST:PORT");

    renew(&sandbox, &good, &format!("{due} --served {}", bad.address), "").code(1);
    let record = format!("server served\nserver served {}\n", bad.address);
    assert_eq!(sandbox.text(RECORD), record);
    sandbox.write(RECORD, "server served\n");
    renew(&sandbox, &good, due, "").code(0);
    assert!(!sandbox.path(RECORD).exists());
}

/// A server with the new certificate does not show that a hook has done all that it does.
#[test]
fn a_hook_stays_pending_whatever_a_server_serves() {
    let sandbox = set();
    let server = once_it_may(&sandbox);
    renew(&sandbox, &server, "--served-timeout 0", "/bin/false").code(1);
    assert_eq!(sandbox.text(RECORD), format!("server\nserver served {}\n", server.address));
    sandbox.write("go", "");

    let run = renew(&sandbox, &server, "--expires-within 1d", "");

    run.code(0).stderr_has("warning: hook pending for `server`").stderr_has("--exec COMMAND");
    assert_eq!(sandbox.text(RECORD), "server\n");
    sandbox.certctl("renew --expires-within 1d --exec true").code(0);
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn a_rollback_without_a_hook_clears_the_record() {
    let sandbox = set();
    let old = sandbox.read("server.pem");
    let server = Server::tls(one_way(&sandbox, "server"));
    let line = format!("renew server --served {} --served-timeout 0 --rollback", server.address);

    let run = sandbox.certctl(&line);

    run.code(1).stdout_has("Restored 1 certificate").stdout_has("old certificate restored");
    run.stdout_lacks("Renewed").stdout_lacks("Reload");
    assert_eq!(sandbox.read("server.pem"), old);
    assert!(!sandbox.path(RECORD).exists());
}

/// The CA has the same key: it stays, and what is rolled back is valid below it.
#[test]
fn what_is_not_rolled_back_is_listed_by_name() {
    let sandbox = Sandbox::with_fixtures("leaf");
    let [ca, old] = ["ca.pem", "old.pem"].map(|file| sandbox.read(file));
    sandbox.certctl("issue more localhost --key-type ecdsa:p256").code(0);
    let server = Server::tls(one_way(&sandbox, "old"));
    let line =
        format!("renew ca old more --served {} --served-timeout 0 --rollback", server.address);
    let more = sandbox.read("more.pem");

    let run = sandbox.certctl(&format!("-o json {line}"));

    run.code(1).stderr_has("rolled back: `more` has the old certificate again");
    run.stderr_has("`ca`: the new CA certificate has the same name and key");
    run.stderr_has("`old`: the old certificate has expired");
    let report = run.json();
    assert_eq!(report["rollback"]["restored"], json!(["more"]));
    let kept = report["rollback"]["not_restored"].as_array().unwrap();
    let names: Vec<_> = kept.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ca", "old"]);
    assert_eq!(report["ca"]["action"], "renewed");
    assert!(report["distribute"].is_string());
    assert_ne!(sandbox.read("ca.pem"), ca);
    assert_ne!(sandbox.read("old.pem"), old);
    assert_eq!(sandbox.read("more.pem"), more);
}

/// One server does not reload, and the identity of the other was not due.
#[test]
fn after_a_rollback_the_other_servers_keep_their_certificates() {
    let sandbox = set();
    sandbox.certctl("issue soon localhost --days 5 --key-type ecdsa:p256").code(0);
    let servers = ["soon", "server"].map(|name| Server::tls(one_way(&sandbox, name)));
    let [soon, server] = servers.each_ref().map(|server| server.address);
    let line = format!(
        "renew --expires-within 30d --served {soon} --served {server} --served-timeout 0 --rollback --exec true"
    );

    let run = sandbox.certctl(&line);

    run.code(1).stderr_has("rolled back: `soon`").stderr_lacks("does not serve the old");
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn the_server_of_another_identity_does_not_count_for_the_named_one() {
    let sandbox = set();
    let server = Server::tls(one_way(&sandbox, "server"));
    sandbox.certctl("issue web --key-type ecdsa:p256").code(0);

    let line = format!("renew web --served-timeout 0 --served {}", server.address);
    sandbox.certctl(&line).code(1).stderr_has("does not serve");
}
