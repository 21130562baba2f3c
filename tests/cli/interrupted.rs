//! Runs that were killed: the next command that writes finishes what they published.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt, MetadataExt},
    process::Stdio,
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

use crate::{cert::Cert, sandbox::Sandbox};

const JOURNAL: &str = ".certctl-journal";

/// A file of a record: name, content and mode.
type RecordFile<'a> = (&'a str, &'a [u8], u32);

/// Creates the record of a commit as certctl leaves it when it is killed after its commit point, and
/// gives the path of its folder.
pub fn write_record(sandbox: &Sandbox, files: &[RecordFile<'_>]) -> String {
    let folder = sandbox.path(".certctl/new");
    DirBuilder::new().mode(0o700).recursive(true).create(&folder).unwrap();
    sandbox.set_mode(".certctl", 0o700);
    for (name, content, mode) in files {
        sandbox.write(&format!(".certctl/new/{name}"), content);
        sandbox.set_mode(&format!(".certctl/new/{name}"), *mode);
    }
    let found = fs::metadata(&folder).unwrap();
    let born = found
        .created()
        .map_or(0, |born| born.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos());
    let record = format!(".certctl/commit-{:x}-{born:x}", found.ino());
    fs::rename(folder, sandbox.path(&record)).unwrap();
    record
}

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
    let files: [RecordFile<'_>; 2] = [("server.key", &key, 0o600), ("server.pem", &cert, 0o644)];
    for (name, content, mode) in &files[..done] {
        sandbox.write(name, content);
        sandbox.set_mode(name, *mode);
    }
    write_record(&sandbox, &files[done..]);
    (sandbox, key, cert)
}

#[test]
fn the_next_command_that_writes_completes_the_commit() {
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
            .stderr_has("warning: an earlier run was killed during its commit")
            .stderr_has("hint: certctl renew --expires-within 1d");

        assert_eq!(sandbox.digest(), before, "after {done} renames");
    }
}

/// A record that is not used is named by commands that only read, too.
#[test]
fn a_record_that_others_can_change_is_named() {
    let (sandbox, ..) = killed(1);
    let record = sandbox.files().into_iter().find(|file| file.starts_with(".certctl/commit-"));
    let record = record.unwrap();
    let record = record.rsplit_once('/').map_or(&*record, |(folder, _)| folder).to_owned();
    sandbox.set_mode(&record, 0o755);

    for line in ["check", "inspect", "renew --dry-run"] {
        sandbox
            .certctl(line)
            .stderr_has(&format!("warning: `{record}` can be changed by other users"))
            .stderr_has("an unfinished commit in it cannot be seen");
    }
    sandbox.certctl("renew").code(1).stderr_has(&record);
}

#[test]
fn a_ca_that_waits_in_a_commit_is_not_taken_for_a_missing_one() {
    let sandbox = with_ca();
    let ca = sandbox.read("ca.pem");
    sandbox.remove("ca.pem");
    write_record(&sandbox, &[("ca.pem", &ca, 0o644)]);

    // What only reads finds it there, and completes nothing.
    let before = sandbox.digest();
    sandbox.certctl("renew --dry-run").code(0).stderr_has("was killed");
    assert_eq!(sandbox.digest(), before);
    sandbox.certctl("renew --expires-within 1d").code(0);

    assert_eq!(sandbox.read("ca.pem"), ca);
    assert_pairs_fit(&sandbox, &["server", "client"]);
}

#[test]
fn a_file_that_a_commit_removes_is_removed_by_the_next_command() {
    let sandbox = with_ca();
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);
    write_record(&sandbox, &[("redis.key.remove", b"", 0o600), ("redis.pem.remove", b"", 0o600)]);

    sandbox.certctl("-o json inspect").code(0).stdout_lacks("redis.pem");
    sandbox.certctl("renew server").code(0);

    assert_eq!(sandbox.files().len(), 7, "{:?}", sandbox.files());
}

#[test]
fn a_record_that_certctl_did_not_write_here_is_never_carried_out() {
    let forged = |change: &dyn Fn(&Sandbox, &str)| {
        let sandbox = with_ca();
        let record = write_record(&sandbox, &[("server.pem", b"forged", 0o644)]);
        change(&sandbox, &record);
        let before = sandbox.read("server.pem");

        sandbox.certctl("renew client").code(0);

        assert_eq!(sandbox.read("server.pem"), before);
        assert_eq!(sandbox.files().len(), 7, "{:?}", sandbox.files());
    };
    // A copy of the folder, as a backup or a checkout makes it, under every name that it can have.
    forged(&|sandbox, record| {
        sandbox.sh(&format!("cp -a {record} copy; rm -r {record}; mv copy {record}")).code(0);
    });
    forged(&|sandbox, record| {
        let inode = fs::metadata(sandbox.path(record)).unwrap().ino();
        sandbox.sh(&format!("mv {record} .certctl/commit-{inode:x}")).code(0);
    });
    forged(&|sandbox, record| {
        sandbox.sh(&format!("cp -a {record} copy; rm -r {record}; inode=$(stat -c %i copy); mv copy .certctl/commit-$(printf %x $inode)-0")).code(0);
    });
}

#[test]
fn a_record_that_others_could_have_changed_is_named_and_kept() {
    let modes: [fn(&Sandbox, &str); 3] = [
        |sandbox, record| sandbox.set_mode(record, 0o755),
        |sandbox, _| sandbox.set_mode(".certctl", 0o755),
        // As Kubernetes does for `fsGroup` at each mount.
        |sandbox, _| {
            sandbox.sh("chmod -R g+rwX .").code(0);
        },
    ];
    for change in modes {
        let sandbox = with_ca();
        let record = write_record(&sandbox, &[("server.pem", b"half", 0o644)]);
        change(&sandbox, &record);
        let before = sandbox.read("server.pem");

        for line in ["renew client", "issue redis", "renew --expires-within 1d"] {
            sandbox.certctl(line).code(1).stderr_has(&record).stderr_has("hint: ");
        }

        assert_eq!(sandbox.read("server.pem"), before);
        assert_eq!(sandbox.text(&format!("{record}/server.pem")), "half");
    }
}

#[test]
fn a_journal_of_certctl_0_1_is_named_and_never_used() {
    let cases = [
        "certctl journal 1\nreplace .certctl-00000000000000aa server.key\n",
        "certctl journal 1\nreplace .certctl-00000000000000aa ../victim\n",
        "certctl journal 2\n",
        "",
        "\0",
    ];

    for journal in cases {
        let sandbox = with_ca();
        sandbox.write(".certctl-00000000000000aa", "forged");
        sandbox.write(JOURNAL, journal);
        let before = sandbox.digest();
        for line in ["renew", "issue redis", "gen --replace-ca", "csr app", "renew ca"] {
            sandbox
                .certctl(line)
                .code(1)
                .stderr_has("`.certctl-journal` is a journal of certctl 0.1")
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
    DirBuilder::new().mode(0o700).create(sandbox.path(".certctl")).unwrap();
    sandbox.write(".certctl/lock", "");
    let held = fs::File::open(sandbox.path(".certctl/lock")).unwrap();
    held.lock().unwrap();
    let before = sandbox.digest();
    // A shell says 130 and 143.
    for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15)] {
        if is_ignored(number) {
            println!("skipped: signal {number} is ignored here, and so certctl ignores it");
            continue;
        }
        let mut command = sandbox.command();
        command.arg("renew").stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(number));
        assert_eq!(sandbox.digest(), before);
    }
    drop(held);
    // A child that another test has just forked may have it for an instant longer.
    sandbox.certctl("renew").code(0);
}

/// Whether this process ignores the signal. Its children inherit that: a shell starts `command &` with
/// SIGINT ignored.
fn is_ignored(signal: i32) -> bool {
    // Only Linux has this file.
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return false };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let mask = u64::from_str_radix(mask.trim(), 16).unwrap();
    mask >> (signal - 1) & 1 == 1
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
fn a_plan_whose_commit_was_left_is_completed_by_gen() {
    let done = Sandbox::new();
    done.write("certctl.toml", PLAN);
    done.certctl("gen").code(0);
    let order = ["ca.key", "ca.pem", "ca.srl", "one.key", "one.pem", "two.key", "two.pem"];
    let order: Vec<&str> = order.into_iter().chain(["three.key", "three.pem"]).collect();

    for renamed in 0..=order.len() {
        let sandbox = Sandbox::new();
        sandbox.write("certctl.toml", PLAN);
        let contents: Vec<Vec<u8>> = order.iter().map(|file| done.read(file)).collect();
        let files: Vec<RecordFile<'_>> = order
            .iter()
            .zip(&contents)
            .map(|(file, content)| (*file, &content[..], done.mode(file) & 0o777))
            .collect();
        for (file, content, mode) in &files[..renamed] {
            sandbox.write(file, content);
            sandbox.set_mode(file, *mode);
        }
        write_record(&sandbox, &files[renamed..]);

        sandbox.certctl("gen").code(0).stdout_has("Nothing is missing");

        assert_eq!(sandbox.digest(), done.digest(), "after {renamed} renames");
    }
}
