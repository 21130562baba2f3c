//! `certctl renew`: new certificates over the same CA, by every flag.

use crate::{
    cert::{CLIENT_AUTH, Cert, KEY_USAGE, SERVER_AUTH, assert_kept, hex},
    sandbox::Sandbox,
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

#[test]
fn all_identities_get_new_keys_and_the_next_serials() {
    let sandbox = with_ca();
    sandbox.certctl("issue redis --usage peer --key-type ecdsa:p384").code(0);
    let names = ["client", "redis", "server"];
    let old = names.map(|name| Cert::read(&sandbox, &format!("{name}.pem")));
    let (ca, ca_key) = (sandbox.read("ca.pem"), sandbox.read("ca.key"));
    let last = sandbox.text("ca.srl");

    sandbox
        .certctl("renew")
        .code(0)
        .stdout_has("Renewed 3 certificates")
        .stdout_has("new ecdsa:p384 key");

    assert_eq!((ca, ca_key), (sandbox.read("ca.pem"), sandbox.read("ca.key")));
    let mut serials = Vec::new();
    for (name, old) in names.iter().zip(&old) {
        let new = Cert::read(&sandbox, &format!("{name}.pem"));
        assert_kept(old, &new);
        assert_ne!(old.public_key(), new.public_key(), "{name}");
        assert_eq!(new.key_bits().len(), old.key_bits().len(), "{name}");
        serials.push(new.serial());
    }
    serials.sort();
    let number = |hex: &str| u128::from_str_radix(&hex[hex.len() - 30..], 16).unwrap();
    let numbers: Vec<u128> =
        serials.iter().map(|serial| number(serial) - number(last.trim())).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(serials[2], sandbox.text("ca.srl").trim());
}

#[test]
fn reuse_key_keeps_the_key_and_its_file() {
    let sandbox = with_ca();
    let (old, key) = (Cert::read(&sandbox, "server.pem"), sandbox.read("server.key"));

    sandbox.certctl("renew server --reuse-key").code(0).stdout_has("same key");

    let new = Cert::read(&sandbox, "server.pem");
    assert_kept(&old, &new);
    assert_eq!(old.public_key(), new.public_key());
    assert_eq!(old.key_id(), new.key_id());
    assert_eq!(sandbox.read("server.key"), key);
}

#[test]
fn nothing_due_changes_not_one_byte() {
    let sandbox = with_ca();
    sandbox.certctl("issue short --days 20 --key-type ecdsa:p256").code(0);
    let before = sandbox.digest();

    for window in ["1h", "12h", "19d", "2w", "1%"] {
        sandbox
            .certctl(&format!("renew --expires-within {window}"))
            .code(0)
            .stdout_has("Nothing is due");
        assert_eq!(sandbox.digest(), before, "{window}");
    }
    sandbox
        .certctl("renew --expires-within 3w")
        .code(0)
        .stdout_has("Renewed 1 certificate")
        .stdout_has("short");
    let after = sandbox.digest();
    for file in ["server.pem", "server.key", "client.pem", "client.key", "ca.pem", "ca.key"] {
        assert_eq!(after[file], before[file], "{file}");
    }
    sandbox.certctl("renew --expires-within 100%").code(3).stdout_has("Renewed 3 certificates");
}

#[test]
fn a_window_is_a_number_and_a_unit() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    let cases = [
        ("3m", "minutes or months"),
        ("3", "not a duration"),
        ("d", "not a duration"),
        ("", "not a duration"),
        ("1.5d", "not a duration"),
        ("-1d", ""),
        ("+1d", "not a duration"),
        ("1 d", "not a duration"),
        ("3s", "not a duration"),
        ("0%", "1% to 100%"),
        ("101%", "1% to 100%"),
        ("99999999999d", "too long"),
        ("4000000000y", "too long"),
    ];

    for (window, reason) in cases {
        sandbox
            .certctl_args(&["renew", &format!("--expires-within={window}")])
            .code(2)
            .stderr_has(reason);
    }
    assert_eq!(sandbox.digest(), before);
    sandbox.certctl("renew --help").code(0).stdout_has("1/3 of its lifetime left");
}

#[test]
fn flags_change_what_they_name_and_no_more() {
    let sandbox = with_ca();
    let old = Cert::read(&sandbox, "server.pem");

    sandbox.certctl("renew server --san db.example,LOCALHOST --san 10.0.0.1").code(0);
    let names = Cert::read(&sandbox, "server.pem").names();
    assert_eq!(names, [old.names(), vec!["DNS:db.example".into(), "IP:10.0.0.1".into()]].concat());

    sandbox.certctl("renew server --drop-san ::1,DB.example").code(0);
    let names = Cert::read(&sandbox, "server.pem").names();
    assert_eq!(names, ["DNS:localhost", "IP:127.0.0.1", "IP:10.0.0.1"]);

    sandbox.certctl("renew server --days 7").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").seconds(), 7 * 86_400 + 300);

    sandbox.certctl("renew server --usage peer").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").purposes(), [SERVER_AUTH, CLIENT_AUTH]);

    for (kind, usage) in
        [("rsa:2048", "030205A0"), ("ed25519", "03020780"), ("ecdsa:p384", "03020780")]
    {
        sandbox.certctl(&format!("renew server --key-type {kind}")).code(0).stdout_has(kind);
        let cert = Cert::read(&sandbox, "server.pem");
        assert_eq!(hex(&cert.extension(KEY_USAGE).unwrap().value), usage, "{kind}");
    }
    let new = Cert::read(&sandbox, "server.pem");
    assert_eq!(new.subject(), old.subject());
    assert_eq!(new.names(), names);
    assert_eq!(new.purposes(), [SERVER_AUTH, CLIENT_AUTH]);
    assert_eq!(new.seconds(), 7 * 86_400 + 300);
}

#[test]
fn names_that_are_not_there_or_are_the_last_cannot_be_dropped() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256");
    let before = sandbox.digest();

    sandbox
        .certctl("renew server --drop-san other.example")
        .code(1)
        .stderr_has("server.pem` has no SAN `other.example`");
    sandbox.certctl("renew server --drop-san db.example").code(2).stderr_has("is a server");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn flags_that_speak_of_one_identity_do_not_hit_several() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    for line in [
        "renew --san db.example",
        "renew --drop-san localhost",
        "renew --usage peer",
        "renew server client --usage peer",
        "renew --cn other",
        "renew --organization Example",
        "renew server --client-cn other",
        "renew --reuse-key --key-type ed25519",
        "renew ca --key-type ed25519",
        "renew --days 0",
        "renew ../x",
    ] {
        sandbox.certctl(line).code(2).stdout_is("");
        assert_eq!(sandbox.digest(), before, "{line}");
    }
}

#[test]
fn a_dry_run_shows_old_against_new_and_changes_nothing() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    let until = Cert::read(&sandbox, "server.pem").not_after().date();

    sandbox
        .certctl("renew server --dry-run --days 7")
        .code(0)
        .stdout_has("Would renew 1 certificate")
        .stdout_has(&until.to_string());

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn certctl_waits_for_the_lock_no_longer_than_told() {
    let sandbox = with_ca();
    sandbox.write(".certctl/lock", "");
    sandbox.set_mode(".certctl", 0o700);
    let before = sandbox.digest();
    let held = std::fs::File::open(sandbox.path(".certctl/lock")).unwrap();
    held.lock().unwrap();

    for command in ["renew", "issue redis", "renew ca"] {
        sandbox
            .certctl(&format!("{command} --lock-timeout 0"))
            .code(1)
            .stderr_has("another process holds the lock on `.certctl`")
            .stderr_has("--lock-timeout");
    }
    assert_eq!(sandbox.digest(), before);
    drop(held);
    // A child that another test has just forked may have it for an instant longer.
    sandbox.certctl("renew").code(0);
}
