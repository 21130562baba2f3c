//! From change list to report: shared by `gen`, `issue`, `renew` and `sign`.

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use pki::x509::certificate::Certificate;
use time::OffsetDateTime;

use super::{notes, obstacle};
use crate::{
    config::{CaFiles, Settings},
    error::Error,
    hint::Hint,
    issue::{
        apply::{Count, Issued, OnFailure, apply},
        authority::Authority,
        changes::{CaChange, ChangeList, IssueTask},
        identity::{Identity, IdentityName, ScanResult, highest_serial, scan},
        pending_hook::{Awaits, PendingHook},
    },
    report::{
        Note,
        follow_up::FollowUp,
        issue_report::{Action, CertificateSummary, Issuance, Item},
        terminal::Progress,
    },
    store::{LockedDirectories, ReadError, Store, StoreError},
};

/// A change list, and the report of its plan or result.
pub(super) struct Planned {
    pub(super) list: ChangeList,
    pub(super) report: Issuance,
    /// For each task of the list, where its item is in the report.
    pub(super) rows: Vec<usize>,
    /// The copies that a renewal makes stale.
    pub(super) copies: Vec<Copy>,
    /// What must succeed after the commit, and the names for which it is pending already.
    pub(super) pending_hook: Option<(PendingHook, Awaits)>,
}

/// A file with a copy of an identity's current certificate.
pub(super) struct Copy {
    pub(super) identity: IdentityName,
    pub(super) path: PathBuf,
    /// A hook of `--exec` may copy it again.
    pub(super) modified: Option<SystemTime>,
    pub(super) note: Note,
}

impl Copy {
    pub(super) fn new(identity: IdentityName, path: PathBuf, note: Note) -> Self {
        let modified = modified(&path);
        Self { identity, path, modified, note }
    }

    pub(super) fn is_untouched(&self) -> bool {
        modified(&self.path) == self.modified
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

impl Planned {
    pub(super) fn new(list: ChangeList, report: Issuance) -> Self {
        Self { list, report, rows: Vec::new(), copies: Vec::new(), pending_hook: None }
    }

    /// The certificate of the CA that signs. A CA that is created has none yet.
    pub(super) fn ca(&self) -> &Certificate {
        let Some(certificate) = self.list.ca.certificate() else {
            unreachable!("only `gen` creates a CA")
        };
        certificate
    }

    /// Whether identities are created, and none is renewed.
    pub(super) fn creates(&self) -> bool {
        self.report.certificates.iter().any(|item| item.action == Action::Created)
    }

    /// Adds a task, and its item.
    pub(super) fn push(&mut self, task: IssueTask, item: Item) {
        self.rows.push(self.report.certificates.len());
        self.report.certificates.push(item);
        self.list.tasks.push(task);
    }

    /// Whether nothing will be written.
    pub(super) fn is_empty(&self) -> bool {
        self.list.tasks.is_empty() && matches!(self.list.ca, CaChange::Keep(_) | CaChange::Shown(_))
    }

    /// Leaves everything as it is, because a part was refused.
    pub(super) fn withdraw(&mut self) {
        self.list.tasks.clear();
        for row in self.rows.drain(..) {
            let item = &mut self.report.certificates[row];
            let reason = Some("nothing is renewed, as another name cannot be renewed".to_owned());
            *item = Item { reason, ..Item::new(&item.name, Action::Skipped) };
        }
        let ca = &mut self.report.ca;
        if ca.action == Action::Renewed {
            let (facts, error) = (ca.previous.take(), ca.error.take());
            let (certificate, key) = (ca.certificate.take(), ca.key.take());
            *ca = Item { certificate, key, facts, error, ..Item::new("ca", Action::Unchanged) };
        }
    }

    /// The report of a dry run: the change list, as it would be carried out.
    pub(super) fn shown(mut self, store: &Store) -> Issuance {
        self.report.dry_run = true;
        for (task, row) in self.list.tasks.iter().zip(&self.rows) {
            let item = &mut self.report.certificates[*row];
            item.facts = Some(CertificateSummary::planned(task, self.list.ca.subject()));
            item.previous =
                task.replaces.as_ref().map(|old| CertificateSummary::of(&old.certificate));
            let renews_a_key = task.replaces.as_ref().is_some_and(|old| old.has_key);
            let key = renews_a_key.then(|| store.path(&task.name.key_file()));
            self.report.notes.extend(key.and_then(|key| notes::on_key(&key)));
        }
        self.report
    }

    /// Carries out the change list, in one commit.
    pub(super) fn carry_out(
        self,
        locked: &LockedDirectories,
        settings: &Settings,
        on_failure: OnFailure,
        now: OffsetDateTime,
    ) -> Result<Issuance, Error> {
        if self.is_empty() {
            return Ok(self.report);
        }
        let Self { list, mut report, rows, pending_hook, .. } = self;
        let count = Arc::new(Count::default());
        let (what, total) = list.steps();
        let working = Progress::of(what, total, &count, settings.quiet);
        let store = locked.pki.store();
        let describe = |issued: Issued| {
            let renews_a_key = issued.replaced.as_ref().is_some_and(|old| old.has_key);
            let key = renews_a_key.then(|| store.path(&issued.name.key_file()));
            let mut notes: Vec<Note> =
                key.and_then(|key| notes::on_key(&key)).into_iter().collect();
            notes.extend(notes::on_issued(&issued));
            (issued_item(&issued, store), notes)
        };
        let applied = apply(list, locked, now, on_failure, pending_hook, &count, describe)?;
        drop(working);

        if let Some(used) = applied.stepped_over {
            report.notes.push(notes::on_stepping_over(&settings.ca.serial, used));
        }
        if let (true, Some(ca)) = (report.ca.action != Action::Unchanged, &applied.ca) {
            report.ca.facts = Some(CertificateSummary::of(ca));
        }
        for (result, row) in applied.results.into_iter().zip(rows) {
            let item = &mut report.certificates[row];
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

    let ca = ca_item(&settings.ca, authority.certificate(), Action::Unchanged);
    let mut report = issuance(command, settings, ca);
    report.notes = notes::on_authority(&settings.ca, authority.certificate());
    let mut planned = Planned::new(under(authority, locked.pki.store())?, report);
    let item = Item::new(&task.name, Action::Created);
    planned.push(task, item);
    planned.carry_out(&locked, settings, OnFailure::Stop, now)
}

/// An empty change list under a CA that stays as it is.
pub(super) fn under(authority: Authority, store: &Store) -> Result<ChangeList, Error> {
    let found = scan(store, authority.certificate())?;
    let highest = highest_serial(found.iter().filter_map(|(_, found)| found.member()));
    let ca = CaChange::Keep(Box::new(authority));
    Ok(ChangeList { ca, archive: None, old_ca: None, tasks: Vec::new(), highest })
}

/// Nothing is overwritten: existing files of these names are an error. With a CA that signed
/// the certificate among them, that is renewed.
///
/// The same name in another case is the same name, on some file systems even the same file.
pub(super) fn refuse_existing(
    store: &Store,
    wanted: &[String],
    name: &IdentityName,
    ca: Option<&Certificate>,
) -> Result<(), Error> {
    let present = present(store, wanted)?;
    if present.is_empty() {
        return Ok(());
    }
    // As it is written there.
    let there = present.iter().find_map(|file| file.strip_suffix(".pem")?.parse().ok());
    let name = there.as_ref().unwrap_or(name);
    let has_key = store.has(&name.key_file())?;
    let member = ca.map(|ca| Identity::find(store, ca, name, has_key));
    let hint = if let Some(ScanResult::Member(_)) = member {
        let flag = if has_key { "" } else { " --reuse-key" };
        Hint::from("issue it again: ")
            .run(format!("renew {name}{flag}"))
            .then("; or choose another name")
    } else {
        let away = obstacle::away(store, &present).join(", ");
        format!(
            "move away what is there ({away}), then run the command again; or choose another name"
        )
        .into()
    };
    Err(Error::Exists { paths: present.iter().map(|file| store.path(file)).collect(), hint })
}

/// The files with one of these names, whatever its case; none if the directory is not there.
pub(super) fn present(store: &Store, wanted: &[String]) -> Result<Vec<String>, Error> {
    let wanted: HashSet<String> = wanted.iter().map(|file| file.to_ascii_lowercase()).collect();
    let files = match store.files() {
        Err(StoreError::Read { source: ReadError::Io(error), .. })
            if error.kind() == io::ErrorKind::NotFound =>
        {
            Vec::new()
        }
        files => files?,
    };
    Ok(files.into_iter().filter(|file| wanted.contains(&file.to_ascii_lowercase())).collect())
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

/// The facts that every report of a command that issues begins with.
pub(super) fn issuance(command: &'static str, settings: &Settings, ca: Item) -> Issuance {
    Issuance {
        command,
        dry_run: false,
        directory: settings.store.dir().to_owned(),
        archive: None,
        ca,
        certificates: Vec::new(),
        notes: Vec::new(),
        follow_up: FollowUp::default(),
        ca_due: false,
        reload: Vec::new(),
        distribute: None,
        next: None,
    }
}

/// The CA as reports show it.
pub(super) fn ca_item(ca: &CaFiles, certificate: &Certificate, action: Action) -> Item {
    Item {
        certificate: Some(ca.certificate.clone()),
        key: Some(ca.key.clone()),
        facts: Some(CertificateSummary::of(certificate)),
        ..Item::new("ca", action)
    }
}
