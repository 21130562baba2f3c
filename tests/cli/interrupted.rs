//! Runs that were killed: the next command that writes finishes what they published.

use std::{fmt::Write as _, process::Stdio, sync::mpsc, thread, time::Duration};

use crate::{cert::Cert, sandbox::Sandbox};

const JOURNAL: &str = ".certctl-journal";

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// The public key that the private one in the file belongs to.
fn public_key(sandbox: &Sandbox, file: &str) -> Option<Vec<u8>> {
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
    use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

    let key = PrivatePkcs8KeyDer::from_pem_slice(&sandbox.read(file)).ok()?;
    let random = ring::rand::SystemRandom::new();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.secret_pkcs8_der(), &random);
    Some(pair.ok()?.public_key().as_ref().to_vec())
}

#[track_caller]
fn assert_pairs_fit(sandbox: &Sandbox, names: &[&str]) {
    let ca = Cert::read(sandbox, "ca.pem");
    for name in names {
        let cert = Cert::read(sandbox, &format!("{name}.pem"));
        let key = public_key(sandbox, &format!("{name}.key"));
        assert_eq!(Some(cert.key_bits()), key, "{name}");
        assert_eq!(cert.issuer(), ca.subject(), "{name}");
    }
}

/// A directory as a kill left it that came after `done` of the two renames of a renewed server.
fn killed(done: usize) -> (Sandbox, Vec<u8>, Vec<u8>) {
    let sandbox = with_ca();
    let other = Sandbox::new();
    for file in sandbox.files() {
        other.write(&file, sandbox.read(&file));
    }
    other.certctl("renew server").code(0);
    sandbox.write("ca.srl", other.read("ca.srl"));
    let (key, cert) = (other.read("server.key"), other.read("server.pem"));
    let temporaries = [".certctl-00000000000000aa", ".certctl-00000000000000bb"];
    let steps = [("server.key", &key, 0o600), ("server.pem", &cert, 0o644)];
    let mut journal = String::from("certctl journal 1\n");
    for (number, ((target, content, mode), temporary)) in steps.iter().zip(temporaries).enumerate()
    {
        let _ = writeln!(journal, "replace {temporary} {target}");
        let file = if number < done { target } else { temporary };
        sandbox.write(file, content);
        sandbox.set_mode(file, *mode);
    }
    sandbox.write(JOURNAL, journal);
    sandbox.set_mode(JOURNAL, 0o600);
    (sandbox, key, cert)
}

#[test]
fn the_next_command_that_writes_rolls_a_journal_forward() {
    for done in [0, 1, 2] {
        for line in
            ["renew --expires-within 1h", "issue redis --key-type ecdsa:p256", "renew client"]
        {
            let (sandbox, key, cert) = killed(done);
            sandbox.certctl(line).code(0).stderr_lacks("killed");

            assert_eq!(sandbox.read("server.key"), key, "{line} after {done} renames");
            assert_eq!(sandbox.read("server.pem"), cert, "{line} after {done} renames");
            assert_eq!(sandbox.mode("server.key"), 0o600);
            assert!(
                !sandbox.files().iter().any(|file| file.starts_with('.')),
                "{:?}",
                sandbox.files()
            );
            assert_pairs_fit(&sandbox, &["server", "client"]);
        }
    }
}

#[test]
fn a_dry_run_only_reports_it() {
    for done in [0, 1, 2] {
        let (sandbox, ..) = killed(done);
        let before = sandbox.digest();

        sandbox
            .certctl("renew --dry-run")
            .code(0)
            .stderr_has("warning: an earlier run was killed while it published")
            .stderr_has("hint: certctl renew --expires-within 1d");

        assert_eq!(sandbox.digest(), before, "after {done} renames");
    }
}

#[test]
fn a_ca_that_waits_in_a_journal_is_not_taken_for_a_missing_one() {
    let sandbox = with_ca();
    let temporary = ".certctl-0123456789abcdef";
    std::fs::rename(sandbox.path("ca.pem"), sandbox.path(temporary)).unwrap();
    sandbox.write(JOURNAL, format!("certctl journal 1\nreplace {temporary} ca.pem\n"));

    sandbox.certctl("renew --dry-run").code(1).stderr_has("interrupted half-way");
    sandbox.certctl("renew --expires-within 1d").code(0);

    assert_pairs_fit(&sandbox, &["server", "client"]);
}

#[test]
fn a_journal_that_reaches_elsewhere_is_refused() {
    let cases = [
        "certctl journal 1\nreplace .certctl-00000000000000aa ../victim\n",
        "certctl journal 1\nreplace .certctl-00000000000000aa /tmp/victim\n",
        "certctl journal 1\nreplace certctl.toml server.key\n",
        "certctl journal 1\nreplace .certctl-00000000000000aa .profile\n",
        "certctl journal 1\nretire ../.. server.key\n",
        "certctl journal 1\nremove server.key now\n",
        "certctl journal 2\n",
        "",
        "\0",
    ];

    for journal in cases {
        let sandbox = with_ca();
        sandbox.write(".certctl-00000000000000aa", "planted");
        sandbox.write("certctl.toml", "# precious\n");
        sandbox.write(JOURNAL, journal);
        let before = sandbox.digest();
        for line in ["renew", "issue redis", "gen --replace-ca"] {
            sandbox
                .certctl(line)
                .code(1)
                .stderr_has("`.certctl-journal` is no journal of this version")
                .stderr_has("hint: ");
            assert_eq!(sandbox.digest(), before, "{journal:?}");
        }
    }
}

#[test]
fn a_killed_renewal_leaves_the_old_set_or_the_new_one() {
    let sandbox = with_ca();
    let mut serials = std::collections::HashSet::new();
    for round in 0..40 {
        let mut command = sandbox.command();
        command.arg("renew").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // Later and later in its run; wherever it is, the rule holds.
        thread::sleep(Duration::from_micros(250 * round));
        let _ = child.kill();
        child.wait().unwrap();
        for name in ["server.key", "client.key", "ca.key"] {
            assert_eq!(sandbox.mode(name), 0o600, "round {round}");
        }

        // Nothing is due: it only finishes.
        sandbox.certctl("renew --expires-within 1h").code(0);
        assert_eq!(sandbox.files().len(), 7, "round {round}: {:?}", sandbox.files());
        assert_pairs_fit(&sandbox, &["server", "client"]);
        sandbox.certctl("renew server").code(0);
        assert!(serials.insert(Cert::read(&sandbox, "server.pem").serial()), "round {round}");
    }
}

#[test]
fn a_reader_that_loads_the_pair_once_the_certificate_changed_never_finds_a_mismatch() {
    const TIMES: usize = 100;
    let sandbox = with_ca();
    let (loaded, wait) = mpsc::channel();

    thread::scope(|scope| {
        let sandbox = &sandbox;
        let reader = scope.spawn(move || {
            let mut last = sandbox.read("server.pem");
            for _ in 0..TIMES {
                let changed = loop {
                    let now = sandbox.read("server.pem");
                    if now != last {
                        break now;
                    }
                };
                let key = public_key(sandbox, "server.key");
                assert_eq!(Some(Cert::all(&changed)[0].key_bits()), key);
                last = changed;
                loaded.send(()).unwrap();
            }
        });
        for _ in 0..TIMES {
            sandbox.certctl("renew server").code(0);
            if wait.recv().is_err() {
                break;
            }
        }
        reader.join().unwrap();
    });
}

#[test]
fn a_signal_while_it_waits_ends_it_and_changes_nothing() {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::{Pid, Signal, kill_process};

    let sandbox = with_ca();
    let before = sandbox.digest();
    let held = std::fs::File::open(sandbox.path("ca.key")).unwrap();
    held.lock().unwrap();
    // A shell says 130 and 143.
    for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15)] {
        let mut command = sandbox.command();
        command.arg("renew").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        assert_eq!(sandbox.digest(), before);
    }
    drop(held);
    sandbox.certctl("renew --lock-timeout 0").code(0);
}

const PLAN: &str = "[defaults]\nkey_type = 'ecdsa:p256'\n[[certificate]]\nname = 'one'\n\
                    [[certificate]]\nname = 'two'\n[[certificate]]\nname = 'three'\n";

#[test]
fn a_killed_plan_continues_where_it_stopped() {
    for round in 0..40 {
        let sandbox = Sandbox::new();
        sandbox.write("certctl.toml", PLAN);
        let mut command = sandbox.command();
        command.arg("gen").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        thread::sleep(Duration::from_micros(250 * round));
        let _ = child.kill();
        child.wait().unwrap();

        sandbox.certctl("gen").code(0);
        assert_eq!(sandbox.files().len(), 10, "round {round}: {:?}", sandbox.files());
        assert_pairs_fit(&sandbox, &["one", "two", "three"]);
    }
}

#[test]
fn a_plan_whose_journal_was_left_is_finished_by_gen() {
    let done = Sandbox::new();
    done.write("certctl.toml", PLAN);
    done.certctl("gen").code(0);
    let order = ["ca.key", "ca.pem", "ca.srl", "one.key", "one.pem", "two.key", "two.pem"];
    let order: Vec<&str> = order.into_iter().chain(["three.key", "three.pem"]).collect();

    for renamed in 0..=order.len() {
        let sandbox = Sandbox::new();
        sandbox.write("certctl.toml", PLAN);
        let mut journal = String::from("certctl journal 1\n");
        for (number, file) in order.iter().enumerate() {
            let temporary = format!(".certctl-{number:016x}");
            let _ = writeln!(journal, "replace {temporary} {file}");
            sandbox.write(if number < renamed { file } else { &temporary }, done.read(file));
        }
        sandbox.write(JOURNAL, journal);

        sandbox.certctl("gen").code(0).stdout_has("Nothing is missing");

        assert_eq!(sandbox.files(), done.files(), "after {renamed} renames");
        for file in &order {
            assert_eq!(sandbox.read(file), done.read(file), "{file} after {renamed} renames");
        }
    }
}
