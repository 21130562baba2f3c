//! Hooks that have not succeeded since a renewal: `hook-pending` of the directory.

use pki::verify::{
    clients::Defect,
    finding::{AspectResult, Finding},
    rule::Aspect,
};

use super::group::CheckTarget;
use crate::{
    error::Error,
    issue::notes,
    issue::pending_hook::{Awaits, PendingHook},
    path_text::PathText as _,
    report::{as_typed, check_report::Verdict},
    store::Store,
};

/// The expiry window of the hints.
const WINDOW: &str = "1/3";

/// Adds a finding to each identity for which a hook is pending; with `is_whole`, a verdict for each name
/// without a certificate here, too.
pub(super) fn add(
    store: &Store,
    targets: &[CheckTarget],
    verdicts: &mut Vec<Verdict>,
    is_whole: bool,
) -> Result<(), Error> {
    if !is_whole && targets.iter().all(|target| target.known_as.is_none()) {
        return Ok(());
    }
    let pending = PendingHook::read(store)?;
    if pending.is_empty() {
        return Ok(());
    }
    let finding = |name: &str, awaits: &Awaits| {
        let message = format!("hook pending: {}", notes::pending_cause(awaits));
        let hint = notes::pending_hint(store, awaits, name, WINDOW);
        Finding::new(Defect::HookPending, message).hint(as_typed(&hint))
    };
    for (target, verdict) in targets.iter().zip(verdicts.iter_mut()) {
        let name = target.known_as.as_deref().unwrap_or_default();
        let Some(awaits) = pending.awaits(name) else { continue };
        verdict.findings.push(finding(name, awaits));
        verdict.aspects.push(AspectResult::new(Aspect::Hook, ""));
    }
    let is_absent = |name: &&str| {
        let is_named = |known: &str| known.eq_ignore_ascii_case(name);
        !targets.iter().any(|target| target.known_as.as_deref().is_some_and(is_named))
    };
    for name in pending.names().filter(is_absent).filter(|_| is_whole) {
        let Some(awaits) = pending.awaits(name) else { continue };
        let file = store.path(&format!("{name}.pem"));
        verdicts.push(Verdict::unread(file.shown(), &file, Aspect::Hook, finding(name, awaits)));
    }
    Ok(())
}
