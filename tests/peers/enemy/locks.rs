//! Locks: other users cannot hold them, and two certctl that write one place have one in common.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

use rustix::fs::{FlockOperation, flock};
use x509_parser::pem::Pem;

use super::{GEN, Ground, OTHER, SERVICE, Trial};
use crate::{commons::can_switch_users, peer::have};

/// Another user who holds locks on files until dropped.
struct Holder(Child);

impl Holder {
    fn start(ground: &Ground, user: u32, files: &[&str]) -> Self {
        // Each `flock` runs the next one, the last one a shell.
        let locks: Vec<&str> = files.iter().flat_map(|file| ["flock", "-n", "-x", file]).collect();
        let mut command = Command::new("setpriv");
        command
            .args([format!("--reuid={user}"), format!("--regid={user}")])
            .args(["--clear-groups", "--"])
            .args(locks)
            .args(["sh", "-c", "echo held; exec cat"])
            .current_dir(ground.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "held\n", "{files:?} are not held");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // `cat` ends with its input, and releases the locks.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
fn another_user_cannot_hold_certctl_up() {
    if !can_switch_users() || !have(&["flock"]) {
        return;
    }
    let ground = Ground::with_service();
    ground.directory("app/pki", SERVICE, 0o755);
    ground.certctl("-d app/pki gen --cn localhost --key-type ecdsa:p256").is(&[0]);
    ground.certctl("-d pki export server --to app/tls").is(&[0]);
    ground.give_all("app/pki", SERVICE);
    let readable =
        ["pki", "pki/ca.pem", "pki/ca.srl", "pki/server.pem", "app/tls", "app/tls/ca.pem"];
    let own =
        ["app/pki", "app/pki/ca.key", "app/pki/ca.srl", "app/pki/ca.pem", "app/pki/server.key"];
    let _other = Holder::start(&ground, OTHER.uid, &readable);
    let _service = Holder::start(&ground, SERVICE.uid, &own);

    let mut trial = Trial::default();
    for line in [
        "-d pki export server --to app/tls",
        "-d pki render milvus compose --out-dir app/tls",
        "-d pki k8s secret --out-file app/tls/secret.yaml",
        "-d pki renew",
        "-d pki issue web web.example --key-type ecdsa:p256",
        "-d pki csr ext ext.example --key-type ecdsa:p256",
        "-d app/pki renew ca server",
        "-d app/pki issue web web.example --key-type ecdsa:p256",
        "-d app/pki gen --replace-ca --cn localhost --key-type ecdsa:p256",
    ] {
        trial.attempt(line, || {
            ground.certctl(&format!("{line} --lock-timeout 1")).is(&[0]);
        });
    }
}

#[test]
fn a_lock_of_ours_is_waited_for() {
    let ground = Ground::new();
    fs::create_dir(ground.path("pki/.certctl")).unwrap();
    ground.mode("pki/.certctl", 0o700);
    ground.write("pki/.certctl/lock", "");
    ground.mode("pki/.certctl/lock", 0o600);
    let lock = File::open(ground.path("pki/.certctl/lock")).unwrap();
    flock(&lock, FlockOperation::NonBlockingLockExclusive).unwrap();
    let before = ground.picture("pki");
    let mut trial = Trial::default();
    for line in ["renew", "csr web web.example --key-type ecdsa:p256"] {
        trial.attempt(line, || {
            let run = ground.certctl(&format!("-d pki {line} --lock-timeout 1"));

            run.is(&[1]).says(&["lock", "another"]);
            before.assert_unchanged(line);
        });
    }

    // What a killed run leaves is a lock that no process holds.
    drop(lock);
    ground.certctl("-d pki renew --lock-timeout 1").is(&[0]);
    assert!(!ground.path("pki/.certctl").exists());
}

/// Runs lines at once, each `count` times; returns the messages of those that failed.
fn at_once(
    ground: &Ground,
    count: usize,
    lines: &[&(dyn Fn(usize) -> String + Sync)],
) -> Vec<String> {
    let run = |line: &(dyn Fn(usize) -> String + Sync)| -> Vec<String> {
        (0..count)
            .map(|number| ground.certctl(&line(number)))
            .filter(|run| run.code != Some(0))
            .map(|run| format!("{:?} `{}`\n{}", run.code, run.line, run.stderr))
            .collect()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = lines.iter().map(|line| scope.spawn(move || run(line))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// The serials of the certificates of a directory that are not its CA's.
fn serials(ground: &Ground, directory: &str) -> Vec<String> {
    let mut serials = Vec::new();
    for (path, entry) in ground.picture(directory).entries {
        let certificate = path.extension().is_some_and(|extension| extension == "pem");
        if certificate && !path.ends_with("ca.pem") {
            let pem = Pem::iter_from_buffer(&entry.content).next().unwrap().unwrap();
            serials.push(pem.parse_x509().unwrap().raw_serial_as_string());
        }
    }
    serials
}

#[test]
fn one_serial_number_file_by_three_names_has_one_lock() {
    let ground = Ground::new();
    ground.certctl(&format!("-d ca {GEN}")).is(&[0]);
    ground.symlink("ca", "link");
    ground.sh("mkdir keys; cp -p ca/ca.key keys/other.key");
    let issue = |directory: &'static str, ca: &'static str, key: &'static str| {
        move |number| {
            let command = format!("issue n{number} n.example --key-type ecdsa:p256");
            format!("-d {directory} --ca {ca} --ca-key {key} {command}")
        }
    };

    let failed = at_once(
        &ground,
        25,
        &[
            &issue("a", "ca/ca.pem", "ca/ca.key"),
            &issue("b", "link/ca.pem", "keys/other.key"),
            &issue("c", "pki/../ca/ca.pem", "keys/other.key"),
        ],
    );

    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let all: Vec<String> =
        ["a", "b", "c"].iter().flat_map(|place| serials(&ground, place)).collect();
    let distinct: BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (75, 75));
}

#[test]
fn two_commands_that_write_one_directory_wait_for_each_other() {
    let ground = Ground::new();
    ground.symlink("pki", "link");

    // With a CA, without one, a copy, a result.
    let failed = at_once(
        &ground,
        20,
        &[
            &|_| "-d pki renew".into(),
            &|number| format!("-d link csr c{number} c.example --key-type ecdsa:p256"),
            &|_| "-d pki render milvus compose --out-dir pki/../link".into(),
            &|number| format!("-d pki k8s secret --out-file pki/result-{}.yaml", number % 3),
        ],
    );

    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert_whole(&ground, "pki");
    for number in 0..20 {
        assert!(ground.path(&format!("pki/c{number}.key")).is_file(), "c{number}");
    }
}

#[test]
fn two_commands_that_write_each_others_directory_do_not_block() {
    let ground = Ground::new();
    ground.certctl(&format!("-d other {GEN}")).is(&[0]);
    let issue = |directory: &'static str, ca: &'static str| {
        move |number| {
            format!(
                "-d {directory} --ca {ca}/ca.pem issue x{number} x.example --key-type ecdsa:p256"
            )
        }
    };

    // Each locks both directories, in the order of its arguments if nothing sorts them.
    let failed = at_once(&ground, 25, &[&issue("pki", "other"), &issue("other", "pki")]);

    assert!(failed.is_empty(), "{}", failed.join("\n"));
    for place in ["pki", "other"] {
        assert_whole(&ground, place);
    }
}

/// Asserts that nothing of certctl is left in a directory, and that each key belongs to its
/// certificate.
fn assert_whole(ground: &Ground, directory: &str) {
    for entry in fs::read_dir(ground.path(directory)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with('.'), "{directory}/{name} is left");
        let Some(name) = name.strip_suffix(".pem").filter(|name| *name != "ca") else { continue };
        let pem = Pem::iter_from_buffer(&ground.read(&format!("{directory}/{name}.pem"))[..])
            .next()
            .unwrap()
            .unwrap();
        let certificate = pem.parse_x509().unwrap();
        let key = ground.read(&format!("{directory}/{name}.key"));
        let key = Pem::iter_from_buffer(&key).next().unwrap().unwrap();
        // PKCS#8 of an EC key ends with its public key.
        let public = &certificate.public_key().subject_public_key.data;
        assert!(key.contents.ends_with(public), "{directory}/{name}: another key");
    }
}
