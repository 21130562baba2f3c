//! Hooks that have not succeeded since a renewal: `hook-pending` of the directory.

use super::targets::CheckTarget;
use crate::{
    cmd::notes,
    error::Error,
    issue::pending_hook::{Awaits, PendingHook},
    report::{
        Note,
        check_report::{AspectResult, Verdict},
    },
    store::Store,
};
use pki::verify::{
    finding::Finding,
    rule::{Aspect, Rule},
};

/// The expiry window of the hints.
const WINDOW: &str = "1/3";

/// Adds a finding to each identity for which a hook is pending. With `is_whole`, the names that have no
/// certificate here are a note.
pub(super) fn add(
    store: &Store,
    subjects: &[CheckTarget],
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
        let name = subject.known_as.as_deref().unwrap_or_default();
        let Some(awaits) = pending.awaits(name) else { continue };
        let message = format!("hook pending: {}", notes::pending_cause(awaits));
        let hint = notes::pending_hint(awaits, name, WINDOW);
        verdict.findings.push(Finding::new(Rule::HookPending, message).hint(hint));
        verdict.aspects.push(AspectResult {
            aspect: Aspect::Hook,
            fact: String::new(),
            skipped: false,
        });
    }
    let is_absent = |name: &&str| {
        let is_named = |known: &str| known.eq_ignore_ascii_case(name);
        !subjects.iter().any(|subject| subject.known_as.as_deref().is_some_and(is_named))
    };
    let absent = pending.names().filter(is_absent).filter(|_| is_whole);
    Ok(absent
        .map(|name| {
            let message = format!("hook pending for `{name}`, which has no certificate here");
            Note::warning(message, Some(notes::pending_hint(Awaits::Hook, name, WINDOW)))
        })
        .collect())
}
