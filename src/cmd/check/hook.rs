//! Hooks that have not succeeded since a renewal: `hook-pending` of the directory.

use super::collect::Subject;
use crate::{
    ca::pending_hook::PendingHook,
    error::Error,
    report::{
        Note,
        checkup::{Judged, Verdict},
    },
    store::Store,
};
use pki::verify::{
    finding::Finding,
    rule::{Aspect, Rule},
};

/// Adds a finding to each identity for which a hook is pending. With `is_whole`, the names that have no
/// certificate here are a note.
pub(super) fn add(
    store: &Store,
    subjects: &[Subject],
    verdicts: &mut [Verdict],
    is_whole: bool,
) -> Result<Vec<Note>, Error> {
    if !is_whole && subjects.iter().all(|subject| subject.known_as.is_none()) {
        return Ok(Vec::new());
    }
    let pending = PendingHook::read(store)?;
    if pending.is_empty() {
        return Ok(Vec::new());
    }
    for (subject, verdict) in subjects.iter().zip(verdicts) {
        let Some(name) = subject.known_as.as_deref().filter(|name| pending.contains(name)) else {
            continue;
        };
        let message = "hook pending: it has not succeeded since the renewal";
        verdict.findings.push(Finding::new(Rule::HookPending, message).hint(hint(name)));
        verdict.aspects.push(Judged { aspect: Aspect::Hook, fact: String::new(), skipped: false });
    }
    let is_absent = |name: &&str| {
        let is_named = |known: &str| known.eq_ignore_ascii_case(name);
        !subjects.iter().any(|subject| subject.known_as.as_deref().is_some_and(is_named))
    };
    let absent = pending.names().filter(is_absent).filter(|_| is_whole);
    Ok(absent
        .map(|name| {
            let message = format!("hook pending for `{name}`, which has no certificate here");
            Note::warning(message, Some(hint(name)))
        })
        .collect())
}

fn hint(name: &str) -> String {
    format!(
        "run it: `certctl renew {name} --expires-within 1/3 --exec COMMAND`; `--exec true` if the service has reloaded"
    )
}
