//! A hook that certctl owes after it was killed: the next run with `--exec` runs it.

use std::fs;

use super::{GEN, strace::exhaustive, tools, try_all};
use crate::{
    faults::{
        set::{Scenario, Stage, leftovers},
        strace::{calls, errors, plain, run},
    },
    sandbox::Sandbox,
};

/// The hook keeps a copy of what it has seen.
const HOOK: &str = "#!/bin/sh -e
exec > seen
cat server.pem client.pem
[ ! -e ca ] || cat ca/ca.pem
";
const FILES: [&str; 3] = ["server.pem", "client.pem", "ca/ca.pem"];
const HERE: Scenario = Scenario {
    before: &[GEN],
    command: "renew --exec ./hook",
    next: "renew --expires-within 1d --exec ./hook",
    groups: &[],
    replaces_ca: false,
};
/// The CA is renewed in another directory, by a commit of its own.
const ELSEWHERE: Scenario = Scenario {
    before: &[
        "-d ca gen --cn localhost --key-type ecdsa:p256",
        "--ca ca/ca.pem gen --cn localhost --key-type ecdsa:p256",
    ],
    command: "--ca ca/ca.pem renew ca server --exec ./hook",
    next: "--ca ca/ca.pem renew --expires-within 1d --exec ./hook",
    ..HERE
};

fn with_hook(stage: &Stage<'_>, hook: &str) -> Sandbox {
    let sandbox = stage.sandbox();
    sandbox.write("hook", hook);
    sandbox.set_mode("hook", 0o755);
    sandbox
}

fn certificates(sandbox: &Sandbox) -> Vec<u8> {
    FILES.iter().flat_map(|file| fs::read(sandbox.path(file)).unwrap_or_default()).collect()
}

/// Killed at each call that changes files, while it publishes, while the hook runs, and while the record is
/// removed: what was published is seen by a hook in the end.
fn killed(scenario: &Scenario) {
    if !tools() {
        return;
    }
    let stage = Stage::new(scenario);
    let all = calls(&with_hook(&stage, HOOK), &[], scenario.command);
    let calls = all.iter().filter(|call| call.changes_files() || exhaustive());
    let kills: Vec<String> = calls.map(|call| call.fault("signal=SIGKILL", "")).collect();

    try_all("a hook owed", &kills, |fault| owed(&stage, fault));
}

#[test]
fn a_certificate_that_is_published_is_seen_by_a_hook() {
    killed(&HERE);
}

#[test]
fn so_is_that_of_a_ca_elsewhere() {
    killed(&ELSEWHERE);
}

/// Each call fails, once or from then on.
#[test]
fn so_it_is_when_a_call_fails() {
    if !tools() {
        return;
    }
    let stage = Stage::new(&HERE);
    let all = calls(&with_hook(&stage, HOOK), &[], HERE.command);
    let faults = all.iter().enumerate().flat_map(|(place, call)| {
        let errors = errors(&call.name).unwrap_or_default();
        let error = format!("error={}", errors[place % errors.len()]);
        ["", "+"].map(|when| call.fault(&error, when))
    });
    let faults: Vec<String> = faults.collect();

    try_all("a hook after a failure", &faults, |fault| owed(&stage, fault));
}

/// Renews with a fault, then once more without.
fn owed(stage: &Stage<'_>, fault: &str) -> Result<(), String> {
    let sandbox = with_hook(stage, HOOK);
    let before = certificates(&sandbox);
    run(&sandbox, &[fault], stage.scenario.command);
    let next = plain(&sandbox, stage.scenario.next);
    if next.code != Some(0) {
        return Err(format!("{fault}: the next run gives {:?}: {}", next.code, next.stderr));
    }
    let seen = fs::read(sandbox.path("seen")).unwrap_or_default();
    let now = certificates(&sandbox);
    if now != before && seen != now {
        return Err(format!("{fault}: the new certificates are not seen"));
    }
    if sandbox.path("hook-pending").exists() || !leftovers(&sandbox).is_empty() {
        return Err(format!("{fault}: left behind: {:?}", sandbox.files()));
    }
    Ok(())
}

/// The hook fails, and the run that runs it again is killed at each of its calls.
#[test]
fn a_retry_that_is_killed_is_made_again() {
    if !tools() {
        return;
    }
    let stage = Stage::new(&HERE);
    let failed = || {
        let sandbox = with_hook(&stage, "#!/bin/sh\nexit 1\n");
        assert_eq!(plain(&sandbox, HERE.command).code, Some(1));
        sandbox.write("hook", HOOK);
        sandbox
    };
    let all = calls(&failed(), &[], HERE.next);
    let kills: Vec<_> = all.iter().filter(|call| call.changes_files() || exhaustive()).collect();

    try_all("a retry killed", &kills, |call| {
        let sandbox = failed();
        let fault = call.fault("signal=SIGKILL", "");
        run(&sandbox, &[&fault], HERE.next);
        let next = plain(&sandbox, HERE.next);
        let seen = fs::read(sandbox.path("seen")).unwrap_or_default();
        if next.code != Some(0) || seen != certificates(&sandbox) {
            return Err(format!("{fault}: {:?}: {}", next.code, next.stderr));
        }
        if sandbox.path("hook-pending").exists() {
            Err(format!("{fault}: pending"))
        } else {
            Ok(())
        }
    });
}
