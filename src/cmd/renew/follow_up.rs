//! After a renewal: the hook of `--exec`, the servers of `--served`, and `--rollback`.
//!
//! The names of what is published are recorded in the commit that publishes (`hook-pending`). They are
//! removed when the hook has succeeded and each of the servers was seen with a new certificate. Until then each
//! run with `--exec` that selects them runs the hook, and each with `--served` probes the servers that it names,
//! although nothing is due.

use pki::x509::{certificate::Certificate, usage::Usage, validity::ExpiryWindow};
use time::OffsetDateTime;

use super::{
    job::Job,
    served::{self, Seen},
};
use crate::{
    cli::{HookArgs, RenewArgs, RenewTarget},
    config::Settings,
    error::Error,
    hint::{Hint, Note},
    issue::{
        changes::{Action, ChangeList},
        error::IssueError,
        identity::IdentityName,
        notes,
        pending_hook::{Awaits, PendingHook},
        rollback::{Kept, Published, RolledBack},
    },
    report::{
        follow_up::{HookReport, RollbackReport, ServedReport},
        issue_report::Issuance,
    },
    store::{LockedDirectories, Store},
};

/// The state before the commit.
pub(super) struct FollowUp<'a> {
    settings: &'a Settings,
    args: &'a HookArgs,
    now: OffsetDateTime,
    /// The recorded names that this run selects.
    pending: Vec<String>,
    /// For `--rollback`.
    kept: Vec<Kept>,
    /// The user named the identities.
    is_named: bool,
}

/// Refuses flags that have no meaning together.
pub(super) fn refuse(args: &RenewArgs) -> Result<(), Error> {
    let only_ca = !args.names.is_empty() && args.names.iter().all(|name| *name == RenewTarget::Ca);
    if only_ca && !args.hook.served.is_empty() {
        return Err(Error::usage(
            "`--served` compares the certificate of an identity, and this run renews the CA alone",
            Some(Hint::from("renew the identity of the server, too: ").run("renew ca server")),
        ));
    }
    Ok(())
}

/// Adds the notes that a dry run shows, and returns the names for which a hook is pending.
pub(super) fn show(job: &Job<'_>, list: &mut ChangeList) -> Result<Vec<String>, Error> {
    let recorded = PendingHook::read(job.store)?;
    let pending = selected(job.args, &recorded);
    list.notes.extend(on_pending(job.store, &recorded, &pending, job.args));
    Ok(pending)
}

impl<'a> FollowUp<'a> {
    /// Reads the record, and with `--rollback` what will be replaced. Also returns what the commit adds to the
    /// record.
    pub(super) fn prepare(
        renew: &'a RenewArgs,
        settings: &'a Settings,
        (store, now): (&Store, OffsetDateTime),
        list: &mut ChangeList,
    ) -> Result<(Self, Option<(PendingHook, Awaits)>), Error> {
        let args = &renew.hook;
        let (mut pending, mut record) = (Vec::new(), None);
        match PendingHook::read(store) {
            Ok(recorded) => {
                pending = selected(renew, &recorded);
                list.notes.extend(on_pending(store, &recorded, &pending, renew));
                record = awaits(args).map(|awaits| (recorded, awaits));
            }
            // It does not stop a renewal without hook and servers.
            Err(error) if awaits(args).is_none() => {
                let error = Error::from(error);
                let causes = error.causes().join(": ");
                list.notes.push(Note::warning(format!("{error}: {causes}"), error.hint()));
            }
            Err(error) => return Err(error.into()),
        }
        let kept = if args.rollback { Kept::read(list, store)? } else { Vec::new() };
        let is_named = !renew.names.is_empty();
        Ok((Self { settings, args, now, pending, kept, is_named }, record))
    }

    /// Runs the hook and probes the servers after the commit. The lock is released first: the hook may call certctl.
    pub(super) fn carry_out(self, locked: LockedDirectories, issued: &mut Issuance) {
        issued.follow_up.hook_pending.clone_from(&self.pending);
        let Some(awaits) = awaits(self.args) else { return };
        let published = self.published(issued, locked.pki.store());
        drop(locked);
        if published.is_empty() {
            return;
        }
        let names: Vec<String> = published.iter().map(|one| one.name.clone()).collect();
        let is_new = published.iter().any(|one| one.leaf().is_some());
        let is_probed = !self.args.served.is_empty() && is_new;
        // Servers of identities that were not named do not count.
        let others = if is_probed && !self.is_named { self.others(&names) } else { Vec::new() };

        let before = if is_probed { served::look(self.args, &others) } else { Vec::new() };
        // A server of an identity that was not due may serve what it served before.
        let unchanged: Vec<Vec<Vec<u8>>> = before
            .iter()
            .map(|seen| if seen.is_expected { others.clone() } else { Vec::new() })
            .collect();
        let hook_failed = self.run_hook(&names, issued);
        if is_probed {
            let after = served::wait(self.args, &with(&unchanged, &published));
            issued.follow_up.served = self.reports(before, after);
        }
        let is_served = issued.follow_up.served.iter().all(|served| served.error.is_none());
        let done = self.done(issued, hook_failed);
        let mut left = awaits.without(&done);
        if !is_probed {
            left.servers.clear();
        }
        issued.follow_up.record_error = self.settle(&published, &done, &left).err();
        if !is_served && self.args.rollback {
            let rollback = self.roll_back(&published, &unchanged, &awaits);
            issued.notes.extend(on_rollback(&rollback));
            issued.note_restored(&rollback.restored);
            let hook = issued.follow_up.hook.as_mut().and_then(|hook| hook.error.as_mut());
            if let (Some(Error::Hook(error)), false) = (hook, rollback.restored.is_empty()) {
                error.is_rolled_back = true;
            }
            issued.follow_up.rollback = Some(rollback);
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
        let read =
            |name: &str| Published::read(name.to_owned(), &self.settings.ca.certificate, store);
        let leaves = others.filter_map(|name| read(name).leaf());
        leaves.filter(serves).collect()
    }

    /// The names for the hook: what was published in this run, and what is pending.
    fn published(&self, issued: &Issuance, store: &Store) -> Vec<Published> {
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
        let ca = &self.settings.ca.certificate;
        names.into_iter().map(|name| Published::read(name, ca, store)).collect()
    }

    /// Whether it failed.
    fn run_hook(&self, names: &[String], issued: &mut Issuance) -> bool {
        let Some(hook) = &self.args.exec else { return false };
        let error = hook.run(names).err().map(Error::from);
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

    /// What has succeeded: the hook, and the servers that were seen with a new certificate.
    fn done(&self, issued: &Issuance, hook_failed: bool) -> Awaits {
        let served = &issued.follow_up.served;
        let (seen, unseen): (Vec<_>, Vec<_>) = served.iter().partition(|one| one.error.is_none());
        let hook = self.args.exec.is_some() && !hook_failed;
        let mut done = Awaits::new(hook, seen.iter().map(|one| one.endpoint.clone()));
        // A server without a recorded address can be any.
        if unseen.is_empty() && !seen.is_empty() {
            done.servers.insert(String::new());
        } else {
            done.servers.remove("");
        }
        done
    }

    /// Removes from the record what is done, and adds what is left. For a name whose certificate another run has
    /// replaced meanwhile nothing is done: the hook may not have seen it.
    fn settle(&self, published: &[Published], done: &Awaits, left: &Awaits) -> Result<(), Error> {
        let locked = self.settings.lock()?;
        let store = locked.pki.store();
        let read =
            |name: &str| Published::read(name.to_owned(), &self.settings.ca.certificate, store);
        let is_same = |one: &&Published| read(&one.name).content == one.content;
        let same = published.iter().filter(is_same).map(|one| &*one.name);
        let all = published.iter().map(|one| &*one.name);
        Ok(PendingHook::settle(&locked.pki, (same, done), (all, left))?)
    }

    /// Restores the old files and runs the hook again.
    fn roll_back(
        &self,
        published: &[Published],
        unchanged: &[Vec<Vec<u8>>],
        awaits: &Awaits,
    ) -> RollbackReport {
        let mut report = RollbackReport::default();
        let locked = self.settings.lock().map_err(IssueError::from);
        let restore =
            |locked: LockedDirectories| Kept::restore(&self.kept, published, &locked.pki, self.now);
        let restored = match locked.and_then(restore) {
            Ok(RolledBack { restored, not_restored }) => {
                report.not_restored = not_restored;
                restored
            }
            Err(error) => {
                report.errors.push(error.into());
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
        // A server of an identity that was not restored may serve the new certificate.
        let is_restored = |one: &&Published| report.restored.contains(&one.name);
        let kept = published.iter().filter(|one| !is_restored(one));
        let expected = with(unchanged, restored.iter().chain(kept));
        let seen = self.args.served.iter().zip(served::wait(self.args, &expected));
        for (endpoint, seen) in seen.filter(|(_, seen)| !seen.is_expected) {
            let outcome =
                format!("`{endpoint}` does not serve the old certificate: {}", seen.shown);
            report.errors.push(failed(outcome));
        }
        if report.errors.is_empty() {
            let settled = self.settle(&restored, awaits, &Awaits::default());
            report.errors.extend(settled.err());
        }
        report
    }
}

/// For each server the certificates (DER) that it may serve: the unchanged ones, and these.
fn with<'a>(
    unchanged: &[Vec<Vec<u8>>],
    published: impl IntoIterator<Item = &'a Published>,
) -> Vec<Vec<Vec<u8>>> {
    let leaves: Vec<Vec<u8>> = published.into_iter().filter_map(Published::leaf).collect();
    unchanged.iter().map(|unchanged| [&unchanged[..], &leaves].concat()).collect()
}

/// What must succeed after a renewal: the hook and the servers.
fn awaits(args: &HookArgs) -> Option<Awaits> {
    let is_any = args.exec.is_some() || !args.served.is_empty();
    let servers = args.served.iter().map(ToString::to_string);
    is_any.then(|| Awaits::new(args.exec.is_some(), servers))
}

/// The recorded names that a run selects. One without names selects all.
fn selected(args: &RenewArgs, pending: &PendingHook) -> Vec<String> {
    let is_selected = |name: &&str| {
        args.names.is_empty()
            || args.names.iter().any(|target| match target {
                RenewTarget::Ca => *name == "ca",
                RenewTarget::Identity(identity) => identity.as_str().eq_ignore_ascii_case(name),
            })
    };
    pending.names().filter(is_selected).map(str::to_owned).collect()
}

/// The pending names that a run selects, and whether the run handles them.
fn on_pending(
    store: &Store,
    recorded: &PendingHook,
    selected: &[String],
    args: &RenewArgs,
) -> Vec<Note> {
    let run = awaits(&args.hook).unwrap_or_default();
    let window = args.expires_within.unwrap_or(ExpiryWindow::Fraction(1, 3)).as_fraction();
    notes::on_pending(store, recorded, selected, (&run, &window.to_string()))
}

/// Which identities have the old certificate again, and which not.
fn on_rollback(rollback: &RollbackReport) -> Option<Note> {
    let kept = rollback.not_restored.iter().map(|one| format!("`{}`: {}", one.name, one.reason));
    let kept = kept.collect::<Vec<_>>().join("; ");
    if !rollback.restored.is_empty() {
        let list: Vec<String> = rollback.restored.iter().map(|name| format!("`{name}`")).collect();
        let verb = if let [_] = &list[..] { "has" } else { "have" };
        let not = if kept.is_empty() { kept } else { format!("; not rolled back: {kept}") };
        let message =
            format!("rolled back: {} {verb} the old certificate again{not}", list.join(", "));
        return Some(Note::warning(message, None));
    }
    let message = format!("nothing was rolled back: {kept}");
    rollback.errors.is_empty().then(|| Note::warning(message, None))
}
