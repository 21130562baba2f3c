//! Faults while certctl publishes: killed at any system call, any system call failing, many at once.
//! Afterwards the old set is there or the new one, whole.
//!
//! strace counts the calls of an undisturbed run and then tampers with one after the other. A
//! sample runs by default; `CERTCTL_FAULTS=all` runs every call with every error.

mod contention;
mod errors;
mod hook;
mod kills;
mod limits;
mod meanwhile;
mod mixed;
mod order;
mod owner;
mod set;
mod strace;

use std::{process::Command, sync::Mutex, thread};

use crate::peer::{have, skip};
use set::Scenario;

/// How many cases are tried at once.
const AT_ONCE: usize = 6;

const GEN: &str = "gen --cn localhost --key-type ecdsa:p256";
const ISSUE_REDIS: &str = "issue redis localhost --usage peer --key-type ecdsa:p256";
const NOTHING_IS_DUE: &str = "renew --expires-within 1d";

const SERVER: &[&str] = &["server.key", "server.pem"];
const CLIENT: &[&str] = &["client.key", "client.pem"];
const REDIS: &[&str] = &["redis.key", "redis.pem"];

const FRESH_GEN: Scenario = Scenario {
    before: &[],
    command: GEN,
    next: GEN,
    groups: &[&[
        "ca.key",
        "ca.pem",
        "ca.srl",
        "client.key",
        "client.pem",
        "server.key",
        "server.pem",
    ]],
    replaces_ca: true,
};

const REPLACE_CA: Scenario = Scenario {
    before: &[GEN, ISSUE_REDIS],
    command: "gen --cn localhost --key-type ecdsa:p256 --replace-ca",
    next: NOTHING_IS_DUE,
    groups: &[&[
        "ca.key",
        "ca.pem",
        "ca.srl",
        "client.key",
        "client.pem",
        "redis.key",
        "redis.pem",
        "server.key",
        "server.pem",
    ]],
    replaces_ca: true,
};

const RENEW: Scenario = Scenario {
    before: &[GEN],
    command: "renew",
    next: NOTHING_IS_DUE,
    groups: &[CLIENT, SERVER],
    replaces_ca: false,
};

const RENEW_SERVER: Scenario = Scenario { command: "renew server", groups: &[SERVER], ..RENEW };

const REUSE_KEY: Scenario =
    Scenario { command: "renew server --reuse-key", groups: &[&["server.pem"]], ..RENEW };

const RENEW_CA: Scenario = Scenario { command: "renew ca", groups: &[&["ca.pem"]], ..RENEW };

const ISSUE: Scenario = Scenario { command: ISSUE_REDIS, groups: &[REDIS], ..RENEW };

/// More files than threads that write them.
const RENEW_SIX: Scenario = Scenario {
    before: &[
        GEN,
        ISSUE_REDIS,
        "issue a localhost --key-type ecdsa:p256",
        "issue b localhost --key-type ecdsa:p256",
        "issue c localhost --key-type ecdsa:p256",
    ],
    groups: &[CLIENT, SERVER, REDIS, &["a.key", "a.pem"], &["b.key", "b.pem"], &["c.key", "c.pem"]],
    ..RENEW
};

/// From a directory below to this one, where an older copy lies.
const EXPORT: Scenario = Scenario {
    before: &[
        "-d pki gen --cn localhost --key-type ecdsa:p256",
        "-d pki export server --to .",
        "-d pki renew ca server",
    ],
    command: "-d pki export server --to .",
    next: "-d pki export server --to .",
    groups: &[&["ca.pem", "server.key", "server.pem"]],
    replaces_ca: false,
};

const FIRST_EXPORT: Scenario =
    Scenario { before: &["-d pki gen --cn localhost --key-type ecdsa:p256"], ..EXPORT };

macro_rules! whole_after {
    ($($name:ident: $scenario:ident;)*) => {
        mod killed {
            $(#[test] fn $name() { super::kills::leave_it_whole(&super::$scenario); })*
        }
        mod failing {
            $(#[test] fn $name() { super::errors::leave_it_whole(&super::$scenario); })*
        }
        mod failing_and_killed {
            $(#[test] fn $name() { super::kills::while_undoing(&super::$scenario); })*
        }
    };
}

whole_after! {
    a_fresh_gen: FRESH_GEN;
    gen_that_replaces_the_ca: REPLACE_CA;
    renew: RENEW;
    renew_of_one: RENEW_SERVER;
    renew_that_keeps_the_key: REUSE_KEY;
    renew_of_the_ca: RENEW_CA;
    renew_of_six: RENEW_SIX;
    issue: ISSUE;
    export: EXPORT;
    a_first_export: FIRST_EXPORT;
}

/// Whether there is what the tests here need, and strace may trace.
fn tools() -> bool {
    let traces = || Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    have(&["strace", "openssl"])
        && (traces().is_ok_and(|status| status.success()) || skip("strace that may trace"))
}

/// Tries every case, several at once, since they mostly wait for the disk. Fails with all that went
/// wrong, not with the first alone.
fn try_all<T: Sync>(title: &str, cases: &[T], attempt: impl Fn(&T) -> Result<(), String> + Sync) {
    let queue = Mutex::new(cases.iter());
    let next = || queue.lock().unwrap().next();
    let violations = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(case) = next() {
                    if let Err(violation) = attempt(case) {
                        violations.lock().unwrap().push(violation);
                    }
                }
            });
        }
    });
    let violations = violations.into_inner().unwrap();
    println!("{title}: {} cases, {} violations", cases.len(), violations.len());
    assert!(violations.is_empty(), "{title}: of {} cases\n{}", cases.len(), violations.join("\n"));
}
