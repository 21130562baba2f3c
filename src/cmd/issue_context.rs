//! From change list to report: shared by `gen`, `issue`, `renew` and `sign`.

use std::sync::Arc;

use pki::x509::{certificate::Certificate, oid, validity::Validity};
use time::OffsetDateTime;

use crate::{
    config::Settings,
    error::Error,
    issue::{
        apply::{Count, Issued, OnFailure, apply},
        authority::Authority,
        changes::{Action, CaChange, ChangeList, Decision, IssueTask},
        identity::{highest_serial, scan},
        notes,
        pending_hook::{Awaits, PendingHook},
    },
    parallel,
    report::{
        CertificateSummary, Note,
        issue_report::{Issuance, Item},
        terminal::Progress,
    },
    store::{ARCHIVE, LockedDirectories, Store},
};

/// The report of a change list that is not carried out.
pub(super) fn report(
    command: &'static str,
    settings: &Settings,
    mut list: ChangeList,
    dry_run: bool,
) -> Issuance {
    let on_keys = |task: &IssueTask| notes::on_key(&settings.store.path(&task.old_key_file()?));
    let on_keys: Vec<Note> = list.tasks().filter_map(on_keys).collect();
    let mut report = begin(command, settings, &mut list);
    report.dry_run = dry_run;
    report.notes.extend(on_keys);
    for (item, decision) in report.certificates.iter_mut().zip(&list.decisions) {
        let Some(task) = &decision.task else { continue };
        item.facts = Some(CertificateSummary::planned(task, list.ca.subject()));
        item.previous = task.replaces.as_ref().map(|old| CertificateSummary::of(&old.certificate));
    }
    report
}

/// Carries out a change list, in one commit.
pub(super) fn carry_out(
    command: &'static str,
    settings: &Settings,
    locked: &LockedDirectories,
    mut list: ChangeList,
    (on_failure, pending): (OnFailure, Option<(PendingHook, Awaits)>),
    now: OffsetDateTime,
) -> Result<Issuance, Error> {
    let mut report = begin(command, settings, &mut list);
    let store = locked.pki.store();
    if let CaChange::Create { .. } = list.ca {
        report.ca.certificate = Some(settings.ca.certificate.clone());
        report.ca.key = Some(settings.ca.key.clone());
        report.archive = list.archive.as_ref().map(|set| store.path(ARCHIVE).join(&set.name));
    }
    if list.is_empty() {
        return Ok(report);
    }
    let count = Arc::new(Count::default());
    let (what, total) = list.steps();
    let working = Progress::of(what, total, &count, settings.quiet);
    let describe = |issued: Issued| {
        let old_key = issued.replaced.as_ref().filter(|old| old.has_key);
        let old_key = old_key.map(|old| store.path(&old.name.key_file()));
        let on_key = old_key.and_then(|key| notes::on_key(&key));
        let notes: Vec<Note> = on_key.into_iter().chain(notes::on_issued(&issued)).collect();
        (issued_item(&issued, store), notes)
    };
    let applied = apply(list, locked, now, on_failure, pending, &count, describe)?;
    drop(working);

    if let Some(used) = applied.stepped_over {
        report.notes.push(notes::on_stepping_over(&settings.ca.serial, used));
    }
    if let (true, Some(ca)) = (report.ca.action != Action::Unchanged, &applied.ca) {
        report.ca.facts = Some(CertificateSummary::of(ca));
    }
    for (number, result) in applied.results {
        let item = &mut report.certificates[number];
        match result {
            Ok((issued, notes)) => {
                report.notes.extend(notes);
                let (changes, reason) = (std::mem::take(&mut item.changes), item.reason.take());
                *item = Item { reason, changes, ..issued };
            }
            Err(error) => *item = Item::failed(&item.name, error),
        }
    }
    report.note_consumers();
    Ok(report)
}

/// The report of a change list; the tasks stay in the list.
fn begin(command: &'static str, settings: &Settings, list: &mut ChangeList) -> Issuance {
    let mut ca = ca_item(settings, &list.ca);
    ca.error = list.ca_error.take().map(Error::from);
    let mut report = Issuance::new(command, settings.store.dir(), ca);
    report.ca_due = list.ca_due;
    report.notes = std::mem::take(&mut list.notes);
    report.certificates = parallel::map(list.decisions.iter_mut().collect(), item);
    report
}

/// What happens to a name; the facts of a task are known later.
fn item(decision: &mut Decision) -> Item {
    let Decision { name, action, task, certificate, reason, changes, error } = decision;
    Item {
        new_key: task.as_ref().is_some_and(|task| task.new_key().is_some()),
        facts: certificate.as_deref().map(CertificateSummary::of),
        reason: reason.take(),
        changes: std::mem::take(changes),
        error: error.take().map(Error::from),
        ..Item::new(name, *action)
    }
}

/// The CA as reports show it. One that is created has no files yet.
fn ca_item(settings: &Settings, ca: &CaChange) -> Item {
    // What was signed in memory is not signed again: until then it has no serial.
    let unsigned = |ca: &Certificate, validity: &Validity| {
        let facts = *CertificateSummary::of(ca);
        Box::new(CertificateSummary { serial: None, sha256: None, ..facts.valid(validity) })
    };
    let (facts, old) = match ca {
        CaChange::Create { subject, key_type, validity } => {
            let facts = CertificateSummary {
                subject: subject.to_string(),
                key_type: key_type.to_string(),
                ..CertificateSummary::default().valid(validity)
            };
            let facts = Some(Box::new(facts));
            return Item { facts, new_key: true, ..Item::new("ca", Action::Created) };
        }
        CaChange::Keep(authority) => (CertificateSummary::of(authority.certificate()), None),
        CaChange::Shown(certificate, None) => (CertificateSummary::of(certificate), None),
        CaChange::Shown(old, Some(validity)) => (unsigned(old, validity), Some(old)),
        CaChange::Renew { authority, old, .. } => {
            let new = authority.certificate();
            (unsigned(new, new.validity()), Some(old))
        }
    };
    let added = old.map(|old| {
        let added = [(oid::KEY_USAGE, "keyUsage"), (oid::SUBJECT_KEY_ID, "subjectKeyIdentifier")];
        let added = added.into_iter().filter(|(oid, _)| old.extension(oid).is_none());
        added.map(|(_, name)| name).collect::<Vec<_>>().join(" and ")
    });
    let action = if old.is_some() { Action::Renewed } else { Action::Unchanged };
    Item {
        certificate: Some(settings.ca.certificate.clone()),
        key: Some(settings.ca.key.clone()),
        facts: Some(facts),
        previous: old.map(|old| CertificateSummary::of(old)),
        reason: added.filter(|added| !added.is_empty()).map(|added| format!("{added} added")),
        ..Item::new("ca", action)
    }
}

/// An identity that was issued, as reports show it.
fn issued_item(issued: &Issued, store: &Store) -> Item {
    let action = if issued.replaced.is_some() { Action::Renewed } else { Action::Created };
    let key = issued.name.key_file();
    let has_key = issued.new_key || store.has(&key).unwrap_or_default();
    Item {
        certificate: Some(store.path(&issued.name.certificate_file())),
        key: has_key.then(|| store.path(&key)),
        new_key: issued.new_key,
        facts: Some(CertificateSummary::of(&issued.certificate)),
        previous: issued.replaced.as_ref().map(|old| CertificateSummary::of(&old.certificate)),
        ..Item::new(&issued.name, action)
    }
}

/// Issues one identity under the existing CA: shared by `issue` and `sign`.
///
/// The task is built while the lock is held. It refuses to overwrite files.
pub(super) fn issue_one(
    command: &'static str,
    settings: &Settings,
    now: OffsetDateTime,
    task: impl FnOnce(&Authority, &Store) -> Result<IssueTask, Error>,
) -> Result<Issuance, Error> {
    settings.require_ca()?;
    let locked = settings.lock()?;
    let authority = settings.ca.read_valid(locked.ca.store(), now)?;
    let task = task(&authority, locked.pki.store())?;
    let mut list = under(authority, settings, locked.pki.store())?;
    list.decisions.push(Decision::issue(task));
    carry_out(command, settings, &locked, list, (OnFailure::Stop, None), now)
}

/// An empty change list under a CA that stays as it is.
pub(super) fn under(
    authority: Authority,
    settings: &Settings,
    store: &Store,
) -> Result<ChangeList, Error> {
    let found = scan(store, authority.certificate())?;
    let mut list = ChangeList::new(CaChange::Keep(Box::new(authority)));
    list.highest = highest_serial(found.iter().filter_map(|(_, found)| found.member()));
    list.notes = settings.ca.notes(list.ca());
    Ok(list)
}
