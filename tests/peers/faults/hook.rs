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
const HOOK: &str = "#!/bin/sh\ncat server.pem client.pem > seen\n";
const RENEW: &str = "renew --exec ./hook";
const NEXT: &str = "renew --expires-within 1d --exec ./hook";
const SCENARIO: Scenario =
    Scenario { before: &[GEN], command: RENEW, next: NEXT, groups: &[], replaces_ca: false };

fn with_hook(stage: &Stage<'_>, hook: &str) -> Sandbox {
    let sandbox = stage.sandbox();
    sandbox.write("hook", hook);
    sandbox.set_mode("hook", 0o755);
    sandbox
}

fn certificates(sandbox: &Sandbox) -> Vec<u8> {
    [sandbox.read("server.pem"), sandbox.read("client.pem")].concat()
}

/// Killed at each call that changes files, while it publishes, while the hook runs, and while the record is
/// removed: what was published is seen by a hook in the end.
#[test]
fn a_certificate_that_is_published_is_seen_by_a_hook() {
    if !tools() {
        return;
    }
    let stage = Stage::new(&SCENARIO);
    let all = calls(&with_hook(&stage, HOOK), &[], RENEW);
    let calls = all.iter().filter(|call| call.changes_files() || exhaustive());
    let kills: Vec<String> = calls.map(|call| call.fault("signal=SIGKILL", "")).collect();

    try_all("a hook owed", &kills, |fault| owed(&stage, fault));
}

/// Each call fails, once or from then on.
#[test]
fn so_it_is_when_a_call_fails() {
    if !tools() {
        return;
    }
    let stage = Stage::new(&SCENARIO);
    let all = calls(&with_hook(&stage, HOOK), &[], RENEW);
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
    run(&sandbox, &[fault], RENEW);
    let next = plain(&sandbox, NEXT);
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
    let stage = Stage::new(&SCENARIO);
    let failed = || {
        let sandbox = with_hook(&stage, "#!/bin/sh\nexit 1\n");
        assert_eq!(plain(&sandbox, RENEW).code, Some(1));
        sandbox.write("hook", HOOK);
        sandbox
    };
    let all = calls(&failed(), &[], NEXT);
    let kills: Vec<_> = all.iter().filter(|call| call.changes_files() || exhaustive()).collect();

    try_all("a retry killed", &kills, |call| {
        let sandbox = failed();
        let fault = call.fault("signal=SIGKILL", "");
        run(&sandbox, &[&fault], NEXT);
        let next = plain(&sandbox, NEXT);
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
