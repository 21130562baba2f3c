//! Many at once on one CA.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use super::{
    GEN,
    set::{judge_pairs, leftovers, matches, serial},
    strace::run,
    tools,
};
use crate::{peer::have, sandbox::Sandbox};

/// Renewals under a reader, and how long they may take.
const RENEWALS: usize = 1000;
const PATIENCE: Duration = Duration::from_secs(60);

fn start(sandbox: &Sandbox, line: &str) -> Child {
    let mut command = sandbox.command();
    command.args(line.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Exit code and standard error.
fn end(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn sixty_four_renewals_at_once_have_sixty_four_serials() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let before = sandbox.text("ca.srl");
    let children: Vec<Child> = (0..64)
        .map(|_| {
            let mut command = sandbox.command();
            command.args(["renew", "server", "-o", "json"]).stdout(Stdio::piped());
            command.stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();

    let mut issued = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        issued.insert(report["certificates"][0]["serial"].as_str().unwrap().to_uppercase());
    }

    assert_eq!(issued.len(), 64, "{issued:?}");
    let last = sandbox.text("ca.srl").trim().to_owned();
    assert_eq!(issued.last(), Some(&last));
    assert!(issued.iter().all(|serial| serial.as_str() > before.trim()));
    let octets = serial(&sandbox.read("server.pem")).replace(':', "").to_uppercase();
    // DER has a zero octet before a number whose first bit is set; ca.srl has not.
    assert_eq!(octets.strip_prefix("00").unwrap_or(&octets), last);
    assert_eq!(judge_pairs(&sandbox, &sandbox.digest()), Ok(()));
    assert_eq!(leftovers(&sandbox), [""; 0]);
}

#[test]
fn of_two_first_gens_at_once_one_wins() {
    for round in 0..8 {
        let sandbox = Sandbox::new();
        let both = [start(&sandbox, GEN), start(&sandbox, GEN)].map(end);

        let mut codes = both.each_ref().map(|(code, _)| *code);
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(1)], "round {round}: {both:?}");
        assert!(both.iter().any(|(_, error)| error.contains("already exist")), "{both:?}");
        assert_eq!(judge_pairs(&sandbox, &sandbox.digest()), Ok(()), "round {round}");
        assert_eq!(sandbox.files().len(), 7, "round {round}: {:?}", sandbox.files());
    }
}

#[test]
fn renewals_and_replacements_of_the_ca_take_turns() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let replace = format!("{GEN} --replace-ca");
    for round in 0..6 {
        let lines =
            ["renew", &replace, "renew server", "issue redis localhost --key-type ecdsa:p256"];
        let children = lines.map(|line| (line, start(&sandbox, line)));
        for (line, child) in children {
            let (code, error) = end(child);
            // Only `issue` may be told that the name is taken.
            let is_taken = line.starts_with("issue") && error.contains("already exist");
            assert!(code == Some(0) || is_taken, "round {round}: `{line}`: {code:?} {error}");
        }
        assert_eq!(judge_pairs(&sandbox, &sandbox.digest()), Ok(()), "round {round}");
        assert_eq!(leftovers(&sandbox), [""; 0], "round {round}");
    }
}

#[test]
fn a_reader_that_follows_the_certificate_never_meets_a_mismatch() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let begin = Instant::now();
    let (seen, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (renewed, mismatches) = thread::scope(|scope| {
        let reader = scope.spawn(|| follow(sandbox.dir(), &seen, &done));
        let mut renewed = 0;
        while renewed < RENEWALS && begin.elapsed() < PATIENCE {
            sandbox.certctl("renew server").code(0);
            renewed += 1;
            // The reader has its pair before the next renewal begins.
            while seen.load(Relaxed) < renewed && !reader.is_finished() {
                thread::yield_now();
            }
        }
        done.store(true, Relaxed);
        (renewed, reader.join().unwrap())
    });

    println!("{renewed} renewals under a reader in {:.1} s", begin.elapsed().as_secs_f32());
    assert_eq!(mismatches, 0, "of {renewed}");
    assert!(renewed >= 100, "only {renewed} renewals in {PATIENCE:?}");
}

/// Loads the key as soon as the certificate has changed, as a server does that reloads; the number of
/// pairs that did not fit.
fn follow(dir: &Path, seen: &AtomicUsize, done: &AtomicBool) -> usize {
    let read = |file: &str| fs::read(dir.join(file)).unwrap();
    let mut last = read("server.pem");
    let mut mismatches = 0;
    while !done.load(Relaxed) {
        let certificate = read("server.pem");
        if certificate != last {
            mismatches += usize::from(!matches(&read("server.key"), &certificate));
            last = certificate;
            seen.fetch_add(1, Relaxed);
        }
    }
    mismatches
}

#[test]
fn who_does_not_get_the_lock_says_so_in_time() {
    if !have(&["flock"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let before = sandbox.digest();
    let replace = format!("{GEN} --replace-ca");
    for line in ["renew", &*replace, "csr app", "issue redis", "renew ca"] {
        sandbox.sh("mkdir -m 700 .certctl").code(0);
        let mut holder = hold(&sandbox, ".certctl/lock");
        let begin = Instant::now();
        sandbox
            .certctl(&format!("{line} --lock-timeout 1"))
            .code(1)
            .stderr_has("lock on `.certctl`")
            .stderr_has("--lock-timeout");
        let waited = begin.elapsed();

        assert!((1.0..2.0).contains(&waited.as_secs_f32()), "`{line}` waited {waited:?}");
        drop(holder.stdin.take());
        holder.wait().unwrap();
        sandbox.sh("rm -r .certctl").code(0);
        assert_eq!(sandbox.digest(), before, "{line}");
    }
}

/// It has opened the lock file, and asks for the lock when another command has removed the file.
#[test]
fn the_lock_of_a_file_that_was_removed_meanwhile_is_not_enough() {
    const WAITS: &str = "flock:delay_enter=1000000:when=1";
    if !tools() {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    thread::scope(|scope| {
        let waiting =
            scope.spawn(|| run(&sandbox, &[WAITS], "issue late localhost --key-type ecdsa:p256"));
        while !sandbox.path(".certctl/lock").exists() && !waiting.is_finished() {
            thread::yield_now();
        }
        sandbox.certctl("renew server").code(0);
        assert!(!waiting.is_finished(), "the other command was to wait");

        let ended = waiting.join().unwrap();

        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    });
    assert_eq!(judge_pairs(&sandbox, &sandbox.digest()), Ok(()));
    assert_eq!(leftovers(&sandbox), [""; 0]);
}

/// A process that holds the lock until its standard input is closed.
fn hold(sandbox: &Sandbox, file: &str) -> Child {
    let mut holder = Command::new("flock")
        .args([file, "sh", "-c", "echo held; cat"])
        .current_dir(sandbox.dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut word = [0; 5];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut word).unwrap();
    holder
}

#[test]
fn what_is_no_regular_file_is_refused_and_not_waited_for() {
    let kinds = [
        ("a FIFO", "mkfifo"),
        ("a directory", "mkdir"),
        ("a device", "ln -s /dev/zero"),
        ("a device", "ln -s /dev/tty0"),
    ];
    for file in ["ca.key", "ca.pem", "ca.srl"] {
        for (kind, make) in kinds {
            let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
            sandbox.sh(&format!("rm {file}; {make} {file}")).code(0);
            let names = |sandbox: &Sandbox| {
                let is_other = |name: &&String| **name != *file;
                sandbox.digest().into_iter().filter(|(name, _)| is_other(&name)).collect::<Vec<_>>()
            };
            let before = names(&sandbox);
            for line in ["renew", "issue redis localhost"] {
                // One that waits for it would wait for ever.
                sandbox.certctl(line).code(1).stderr_has(file);
                assert_eq!(names(&sandbox), before, "`{line}`: {file} is {kind}");
            }
        }
    }
}
