//! What follows a renewal: the hook of `--exec`, the servers of `--served`, and `--rollback`.
//!
//! The names of what is published are recorded in the commit that publishes (`hook-pending`). They are
//! removed when the hook has succeeded and the servers serve the new certificates. Until then each run with
//! `--exec` that selects them runs the hook, although nothing is due.

use time::OffsetDateTime;

use super::{
    Job,
    rollback::Kept,
    served::{self, Seen},
};
use crate::{
    ca::{identity::IdentityName, pending_hook::PendingHook},
    cli::{HookArgs, RenewArgs, Target},
    cmd::desk::Planned,
    config::Settings,
    error::Error,
    report::{
        Note,
        follow_up::{HookReport, RollbackReport, ServedReport},
        issuance::{Action, Issuance},
    },
    store::{LIMIT, Locked, Store},
};
use pki::x509::{cert::Certificate, pem, usage::Usage, validity::Window};

/// The most names of a note.
const SHOWN: usize = 8;

/// What has to be known before the commit.
pub(super) struct FollowUp<'a> {
    pub(super) settings: &'a Settings,
    args: &'a HookArgs,
    pub(super) now: OffsetDateTime,
    /// The recorded names that this run selects.
    pending: Vec<String>,
    /// For `--rollback`.
    kept: Vec<Kept>,
}

/// A name, and the content of its certificate file.
pub(super) struct Published {
    pub(super) name: String,
    pub(super) content: Option<Vec<u8>>,
}

/// Flags that have no meaning together.
pub(super) fn refuse(args: &RenewArgs) -> Result<(), Error> {
    let only_ca = !args.names.is_empty() && args.names.iter().all(|name| *name == Target::Ca);
    if only_ca && !args.hook.served.is_empty() {
        return Err(Error::usage(
            "`--served` compares the certificate of an identity, and this run renews the CA alone",
            Some("renew the identity of the server, too: `certctl renew ca server`"),
        ));
    }
    Ok(())
}

/// Adds what a dry run shows: the names for which a hook is pending.
pub(super) fn show(job: &Job<'_>, planned: &mut Planned) -> Result<(), Error> {
    let pending = selected(job.args, &PendingHook::read(job.store)?);
    if !pending.is_empty() {
        let is_run = job.args.hook.exec.is_some();
        planned.report.notes.push(on_pending(&pending, is_run, job.args));
        planned.report.follow_up.hook_pending = pending;
    }
    Ok(())
}

impl<'a> FollowUp<'a> {
    /// Reads the record, and with `--rollback` what will be replaced.
    pub(super) fn prepare(
        renew: &'a RenewArgs,
        settings: &'a Settings,
        (store, now): (&Store, OffsetDateTime),
        planned: &mut Planned,
    ) -> Result<Self, Error> {
        let args = &renew.hook;
        let mut pending = Vec::new();
        match PendingHook::read(store) {
            Ok(recorded) => {
                let selected = selected(renew, &recorded);
                if !selected.is_empty() {
                    let note = on_pending(&selected, args.exec.is_some(), renew);
                    planned.report.notes.push(note);
                    planned.report.follow_up.hook_pending.clone_from(&selected);
                }
                if args.exec.is_some() {
                    pending = selected;
                    planned.pending_hook = Some(recorded);
                }
            }
            // It does not stop a renewal that has no hook.
            Err(error) if args.exec.is_none() => {
                let causes = error.causes().join(": ");
                planned
                    .report
                    .notes
                    .push(Note::warning(format!("{error}: {causes}"), error.hint()));
            }
            Err(error) => return Err(error),
        }
        let kept = if args.rollback { Kept::read(&planned.list, store)? } else { Vec::new() };
        Ok(Self { settings, args, now, pending, kept })
    }

    /// Does it, once the commit is made. The lock is released first: the hook may call certctl.
    pub(super) fn carry_out(self, locked: Locked, issued: &mut Issuance) {
        let published = self.published(issued, locked.pki.store());
        drop(locked);
        if published.is_empty() {
            return;
        }
        let names: Vec<String> = published.iter().map(|one| one.name.clone()).collect();
        let is_new = published.iter().any(|one| one.leaf().is_some());
        let is_probed = !self.args.served.is_empty() && is_new;
        let others = if is_probed { self.others(&names) } else { Vec::new() };

        let before = if is_probed { served::look(self.args, &others) } else { Vec::new() };
        let hook_failed = self.run_hook(&names, issued);
        if is_probed {
            // A server of an identity that was not due may serve what it served before.
            let new = || published.iter().filter_map(Published::leaf);
            let old = |seen: &Seen| if seen.is_expected { others.clone() } else { Vec::new() };
            let expected: Vec<Vec<Vec<u8>>> =
                before.iter().map(|seen| new().chain(old(seen)).collect()).collect();
            let after = served::wait(self.args, &expected);
            issued.follow_up.served = self.reports(before, after);
        }
        let is_served = issued.follow_up.served.iter().all(|served| served.error.is_none());
        issued.follow_up.record_error = if is_served && !hook_failed {
            self.clear(&published).err()
        } else {
            self.keep(&names).err()
        };
        if !is_served && self.args.rollback {
            issued.follow_up.rollback = Some(self.roll_back(&published));
            issued.notes.extend(issued.follow_up.rollback.as_ref().and_then(on_rollback));
        }
    }

    /// The certificates (DER) of the servers among the identities that were not published.
    fn others(&self, published: &[String]) -> Vec<Vec<u8>> {
        let store = &self.settings.store;
        let files = store.files().unwrap_or_default();
        let names = files.iter().filter_map(|file| file.strip_suffix(".pem"));
        let others = names.filter(|name| {
            name.parse::<IdentityName>().is_ok()
                && !published.iter().any(|one| one.eq_ignore_ascii_case(name))
        });
        let serves = |der: &Vec<u8>| {
            let certificate = Certificate::from_der(der.clone());
            certificate.is_ok_and(|one| one.usage().is_some_and(Usage::serves))
        };
        let leaves = others.filter_map(|name| self.read(name.to_owned(), store).leaf());
        leaves.filter(serves).collect()
    }

    /// What the hook runs for: what was published in this run, and what is pending.
    fn published(&self, issued: &Issuance, store: &Store) -> Vec<Published> {
        if self.args.exec.is_none() && self.args.served.is_empty() {
            return Vec::new();
        }
        let mut names: Vec<String> = std::iter::once(&issued.ca)
            .chain(&issued.certificates)
            .filter(|item| matches!(item.action, Action::Renewed | Action::Created))
            .map(|item| item.name.clone())
            .collect();
        for name in &self.pending {
            if !names.iter().any(|renewed| renewed.eq_ignore_ascii_case(name)) {
                names.push(name.clone());
            }
        }
        names.into_iter().map(|name| self.read(name, store)).collect()
    }

    fn read(&self, name: String, store: &Store) -> Published {
        let content = match name.parse::<IdentityName>() {
            Ok(name) => store.read(&name.certificate_file(), LIMIT),
            Err(_) => store.read_path(&self.settings.ca.certificate, LIMIT),
        };
        Published { name, content: content.ok() }
    }

    /// Whether it failed.
    fn run_hook(&self, names: &[String], issued: &mut Issuance) -> bool {
        let Some(hook) = &self.args.exec else { return false };
        let error = hook.run(names).err();
        let has_failed = error.is_some();
        issued.follow_up.hook = Some(HookReport { command: hook.text().to_owned(), error });
        has_failed
    }

    fn reports(&self, before: Vec<Seen>, after: Vec<Seen>) -> Vec<ServedReport> {
        let endpoints = self.args.served.iter().zip(before.into_iter().zip(after));
        endpoints
            .map(|(endpoint, (before, after))| ServedReport {
                endpoint: endpoint.to_string(),
                error: served::failure(endpoint, self.args, &after),
                before: before.certificate,
                after: after.certificate,
            })
            .collect()
    }

    /// Removes the names from the record. One whose certificate another run has replaced meanwhile stays:
    /// the hook may not have seen it.
    pub(super) fn clear(&self, published: &[Published]) -> Result<(), Error> {
        if self.args.exec.is_none() {
            return Ok(());
        }
        let locked = self.settings.lock()?;
        let store = locked.pki.store();
        let is_same = |one: &&Published| self.read(one.name.clone(), store).content == one.content;
        let names = published.iter().filter(is_same).map(|one| &*one.name);
        PendingHook::clear(&locked.pki, names)
    }

    /// Puts the names back that another run, whose hook succeeded meanwhile, has removed.
    fn keep(&self, names: &[String]) -> Result<(), Error> {
        if self.args.exec.is_none() {
            return Ok(());
        }
        let locked = self.settings.lock()?;
        PendingHook::keep(&locked.pki, names.iter().map(String::as_str))
    }

    /// Restores the old files and runs the hook again.
    fn roll_back(&self, published: &[Published]) -> RollbackReport {
        let mut report = RollbackReport::default();
        let restored = match Kept::restore(&self.kept, self, published) {
            Ok(restored) => restored,
            Err(error) => {
                report.errors.push(error);
                return report;
            }
        };
        report.restored = restored.iter().map(|one| one.name.clone()).collect();
        if restored.is_empty() {
            return report;
        }
        let failed = |outcome| Error::Rollback { outcome };
        if let Some(hook) = &self.args.exec
            && let Err(error) = hook.run(&report.restored)
        {
            report.errors.push(failed(error.to_string()));
        }
        let old: Vec<Vec<u8>> = restored.iter().filter_map(Published::leaf).collect();
        let expected = vec![old; self.args.served.len()];
        let seen = self.args.served.iter().zip(served::wait(self.args, &expected));
        for (endpoint, seen) in seen.filter(|(_, seen)| !seen.is_expected) {
            let outcome =
                format!("`{endpoint}` does not serve the old certificate: {}", seen.shown);
            report.errors.push(failed(outcome));
        }
        if report.errors.is_empty() {
            report.errors.extend(self.clear(&restored).err());
        }
        report
    }
}

impl Published {
    /// The DER of the certificate of an identity. A CA is not served.
    fn leaf(&self) -> Option<Vec<u8>> {
        self.name.parse::<IdentityName>().ok()?;
        pem::certificates(self.content.as_deref()?).ok()?.into_iter().next()
    }
}

/// The recorded names that a run selects. One without names selects all.
fn selected(args: &RenewArgs, pending: &PendingHook) -> Vec<String> {
    let is_selected = |name: &&str| {
        args.names.is_empty()
            || args.names.iter().any(|target| match target {
                Target::Ca => *name == "ca",
                Target::Identity(identity) => identity.as_str().eq_ignore_ascii_case(name),
            })
    };
    pending.names().filter(is_selected).map(str::to_owned).collect()
}

fn on_pending(names: &[String], is_run: bool, args: &RenewArgs) -> Note {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let pending = format!(
        "hook pending for {}{more}: it has not succeeded since the renewal",
        shown.join(", ")
    );
    if is_run {
        return Note::plain(format!("{pending}, and runs again"), None);
    }
    let window = args.expires_within.unwrap_or(Window::Fraction(1, 3)).as_fraction();
    let selected = if more.is_empty() { format!(" {}", names.join(" ")) } else { String::new() };
    let hint = format!(
        "run it: `certctl renew{selected} --expires-within {window} --exec COMMAND`; `--exec true` if the services have reloaded"
    );
    Note::warning(pending, Some(hint))
}

fn on_rollback(rollback: &RollbackReport) -> Option<Note> {
    if !rollback.restored.is_empty() {
        let list: Vec<String> = rollback.restored.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("rolled back: {} has the old certificate again", list.join(", "));
        return Some(Note::warning(message, None));
    }
    let message = "nothing was rolled back: no replaced certificate of this run is still valid";
    rollback.errors.is_empty().then(|| Note::warning(message, None))
}
