//! Every system call failing, once or from then on.

use super::{
    set::{Scenario, Stage, State, judge_modes, leftovers},
    strace::{self, Call, Ended, calls, errors, exhaustive},
    tools, try_all,
};
use crate::sandbox::Sandbox;

/// What may fail and nobody needs to know: the call, what it names, and why.
const TOLERATED: [(&str, &str, &str); 26] = [
    ("clone3", "", "threads only make it faster"),
    ("openat", "/cgroup", "how many processors there are"),
    ("read", "/cgroup", "how many processors there are"),
    ("statx", "/cgroup", "how many processors there are"),
    ("statx", "NULL", "whether the kernel has statx; what is older does as well"),
    ("openat", "\".certctl\", O_RDONLY", "to look for a commit, which the lock does again"),
    ("openat", "/.certctl>, \"", "to empty it, which is tried twice"),
    ("fstat", ".certctl", "to look for a commit, which is tried twice"),
    ("getdents64", ".certctl", "to empty it, which is tried twice"),
    ("unlinkat", ".certctl", "to empty it, which is tried twice"),
    ("newfstatat", "AT_FDCWD", "whether a copy is as it should be; else it is written again"),
    ("newfstatat", "server.", "whether a copy is as it should be; else it is written again"),
    ("newfstatat", "/etc/", "the names of users and groups"),
    ("newfstatat", ".key", "the key of an identity that is not concerned"),
    ("statx", "AT_SYMLINK_NOFOLLOW, STATX_ALL", "to show whose a file is"),
    ("renameat2", "EINVAL", "some file systems do not have it"),
    ("renameat", "\"done-", "a record that counts no more, and is removed next"),
    ("linkat", "", "a way back; without hard links the file is copied"),
    ("write", "(2<", "a note on standard error"),
    ("statx", ".key\", AT_STATX_SYNC_AS_STAT, ", "to warn of a lax mode, to show a path"),
    ("", ".pem", "the certificate of an identity that is not concerned"),
    ("openat", "\"/etc/", "the names of users and groups, to show them; numbers do as well"),
    ("read", "</etc/", "the names of users and groups"),
    ("openat", "/lib", "what reads the names of users and groups"),
    ("read", "/lib", "what reads the names of users and groups"),
    (
        "openat",
        "\"hook-pending\"",
        "a record that a run without a hook only reports; a warning says so",
    ),
];

/// A call that fails with an error, once or for good.
struct Failure<'a> {
    call: &'a Call,
    error: &'static str,
    lasts: bool,
}

/// Lets each call of the command fail.
pub fn leave_it_whole(scenario: &Scenario) {
    if !tools() {
        return;
    }
    let stage = Stage::new(scenario);
    let calls = calls(&stage.sandbox(), &[], scenario.command);
    let failures: Vec<Failure<'_>> =
        calls.iter().enumerate().flat_map(|(place, call)| failures(call, place)).collect();
    try_all(&format!("`{}` failing", scenario.command), &failures, |failure| {
        survive(&stage, failure)
    });
}

/// Each error once and lasting; in a sample, one error each, another one for every call.
fn failures(call: &Call, place: usize) -> Vec<Failure<'_>> {
    let errors = errors(&call.name).unwrap_or_default();
    let nth = |number: usize| errors[number % errors.len()];
    let sample = if exhaustive() { 0..errors.len() } else { place..place + 1 };
    let both = sample.flat_map(|number| [(nth(number), false), (nth(number + 1), true)]);
    both.map(|(error, lasts)| Failure { call, error, lasts }).collect()
}

fn survive(stage: &Stage<'_>, failure: &Failure<'_>) -> Result<(), String> {
    let Failure { call, error, lasts } = failure;
    let fault = call.fault(&format!("error={error}"), if *lasts { "+" } else { "" });
    let sandbox = stage.sandbox();
    let ended = strace::run(&sandbox, &[&fault], stage.scenario.command);
    judge(stage, &sandbox, failure, &ended)
        .map_err(|violation| format!("{fault}: {violation}\n    at {}", call.text))
}

fn judge(
    stage: &Stage<'_>,
    sandbox: &Sandbox,
    failure: &Failure<'_>,
    ended: &Ended,
) -> Result<(), String> {
    judge_modes(sandbox)?;
    stage.judge_old_ca_key(sandbox)?;
    // What cannot be removed stays until the next command; the message says the rest.
    let unfinished = failure.lasts && !leftovers(sandbox).is_empty();
    if !unfinished {
        let unwritten = failure.call.name == "write" && ended.stdout.is_empty();
        match (ended.code, stage.judge(sandbox)?) {
            (Some(0), State::New) => judge_tolerance(ended)?,
            (Some(1), State::Old | State::Partly) => judge_message(ended)?,
            // Standard output failed, when all was done.
            (Some(1), State::New) if unwritten => {}
            (code, set) => return Err(format!("{set:?} with {code:?}: {}", ended.stderr)),
        }
    } else if ended.code == Some(1) {
        judge_message(ended)?;
    }
    stage.proceed(sandbox)?;
    Ok(())
}

/// A success, though a call failed, must be in the list.
fn judge_tolerance(ended: &Ended) -> Result<(), String> {
    let is_listed = |struck: &String| {
        TOLERATED.iter().any(|(name, part, _)| struck.starts_with(name) && struck.contains(part))
    };
    match ended.struck.iter().find(|struck| !is_listed(struck)) {
        Some(struck) => Err(format!("no message says that this failed: {struck}")),
        None => Ok(()),
    }
}

/// The file and the cause are named.
fn judge_message(ended: &Ended) -> Result<(), String> {
    if ended.struck.iter().any(|struck| struck.starts_with("write(2<")) {
        // Standard error failed, too.
        return Ok(());
    }
    let text = &ended.stderr;
    let error = text.lines().find(|line| line.starts_with("error: "));
    let names_file = error.is_some_and(|error| error.contains('`'));
    if names_file && text.contains("(os error ") && !text.contains("panicked") {
        return Ok(());
    }
    Err(format!("the message lacks the file or the cause: {text}"))
}
