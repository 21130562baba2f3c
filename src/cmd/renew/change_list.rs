//! The change list of a renewal: the CA, if it was named, and the identities that are renewed.

use std::collections::HashSet;

use pki::x509::certificate::Certificate;

use super::{
    super::{
        issue_context::{Copy, Planned, ca_item, issuance},
        notes, obstacle, plan,
    },
    bootstrap, ca,
    job::Job,
    renewal_decision::{self, Choice, Ground},
};
use crate::{
    cli::{RenewArgs, RenewTarget},
    config::Entry,
    error::{Error, Exit},
    hint::Hint,
    issue::{
        changes::{CaChange, ChangeList},
        error::{AuthorityError, IssueError},
        identity::{IdentityName, ScanResult, highest_serial, scan},
        key_files::KeyFiles,
        layout::{OtherFile, is_doubtful, other_files, remove_records},
        state::Obstacle,
        urgency::Urgency,
    },
    parallel,
    path_text::PathText as _,
    report::{
        Note,
        issue_report::{Action, Item},
    },
    store::{ReadError, Store, StoreError},
};

impl Job<'_> {
    /// The change list: the CA first, if it was named, then the identities.
    pub(super) fn plan(&self, ca_store: &Store) -> Result<Planned, Error> {
        let Self { args, settings, store, now } = *self;
        let (ca, certificate) = self.ca(ca_store)?;
        let found = scan(store, &certificate)?;
        let highest = highest_serial(found.iter().filter_map(|(_, found)| found.member()));
        let (ca, item, note) = if args.names.contains(&RenewTarget::Ca) {
            ca::renew(self, ca_store, ca, &found)?
        } else {
            (ca, self.ca_as_it_is(&certificate)?, None)
        };

        let ca_is_new = item.action == Action::Renewed;
        let ca_expired = item.error.is_some();
        let report = issuance("renew", settings, item);
        let list = ChangeList { ca, archive: None, old_ca: None, tasks: Vec::new(), highest };
        let mut planned = Planned::new(list, report);
        planned.report.notes = notes::on_authority(&settings.ca, planned.ca());
        planned.report.notes.extend(note);
        let wanted: Vec<&IdentityName> =
            args.names.iter().filter_map(RenewTarget::identity).collect();
        if args.names.is_empty() || !wanted.is_empty() {
            self.plan_identities(&mut planned, found, &wanted, ca_expired)?;
        }
        if let Some(window) = args.expires_within {
            let validity = planned.ca().validity();
            if !ca_is_new && !ca_expired && window.reached(now, validity) {
                let note = notes::on_ca_due(validity, window);
                planned.report.ca_due = true;
                planned.report.notes.push(note);
            }
        }
        if is_refused(args, &planned) {
            planned.withdraw();
        }
        Ok(planned)
    }

    /// The CA, and its certificate, which is enough for a dry run.
    fn ca(&self, store: &Store) -> Result<(CaChange, Certificate), Error> {
        let files = &self.settings.ca;
        let ca = match files.read(store) {
            Ok(authority) => CaChange::Keep(Box::new(authority)),
            // The key may be on another machine, or for another user.
            Err(IssueError::Store(StoreError::Read { path, source: ReadError::Io(_) }))
                if self.args.dry_run && path == files.key =>
            {
                CaChange::Shown(Box::new(files.read_certificate()?))
            }
            Err(error) => return Err(error.into()),
        };
        let Some(certificate) = ca.certificate().cloned() else {
            unreachable!("only `gen` creates a CA")
        };
        Ok((ca, certificate))
    }

    /// The CA that signs; its item has an error if it has expired and `--expires-within` is given.
    fn ca_as_it_is(&self, certificate: &Certificate) -> Result<Item, Error> {
        let Self { args, settings, now, .. } = *self;
        let mut item = ca_item(&settings.ca, certificate, Action::Unchanged);
        match settings.ca.check_dates(certificate, now) {
            Err(IssueError::Authority { path, source: AuthorityError::Expired(not_after) })
                if args.expires_within.is_some() =>
            {
                item.error = Some(Error::NotRenewed {
                    path,
                    not_after,
                    urgency: Urgency::Expired,
                    reason: "only `certctl renew ca` renews it".to_owned(),
                    hint: Some(Hint::command("renew ca")),
                });
            }
            checked => checked?,
        }
        Ok(item)
    }

    fn plan_identities(
        &self,
        planned: &mut Planned,
        mut found: Vec<(IdentityName, ScanResult)>,
        wanted: &[&IdentityName],
        ca_expired: bool,
    ) -> Result<(), Error> {
        let is_leaf =
            |found: &ScanResult| matches!(found, ScanResult::Member(_) | ScanResult::Broken(_));
        if wanted.is_empty() {
            remove_records(&mut found);
        }
        let leaves = found.iter().filter(|(_, found)| is_leaf(found)).count();
        let (others, mut problems) = match wanted {
            [] => other_files(self.store, planned.ca(), &found)?,
            _ => (Vec::new(), Vec::new()),
        };
        plan::without_planned(&mut problems, &found, self.settings);
        // `--expires-within` selects existing certificates: nothing new is created.
        let creates = self.args.expires_within.is_none() && others.is_empty();
        if wanted.is_empty() && leaves == 0 && creates && problems.iter().all(is_doubtful) {
            planned
                .report
                .notes
                .extend(problems.into_iter().map(|(_, error)| notes::on_unread(&error.into())));
            return bootstrap::plan(self, planned);
        }
        refuse_ambiguous(self.args, wanted, leaves)?;

        let missing = wanted.iter().filter(|name| !found.iter().any(|(there, _)| there == **name));
        planned.report.certificates.extend(missing.map(|name| {
            let path = self.store.path(&name.certificate_file());
            Item::failed(*name, Error::NoSuchIdentity { path })
        }));
        found.retain(|(name, _)| wanted.is_empty() || wanted.contains(&name));

        let settings = self.settings;
        let ground = Ground {
            job: self,
            ca: &planned.ca().clone(),
            ca_expired,
            keys: KeyFiles::new(self.store),
            named: !wanted.is_empty(),
        };
        let choices = parallel::map(found, |(name, found)| {
            let entry = settings.config.entry(&name);
            let choice = renewal_decision::choose(&ground, entry, (&name, found));
            let notes = match &choice {
                Choice::Renew { task, .. } => renewal_decision::remarks(task, settings),
                Choice::Leave(_, note) => note.iter().cloned().collect(),
            };
            (choice, notes)
        });
        for (choice, notes) in choices {
            planned.report.notes.extend(notes);
            match choice {
                Choice::Renew { task, changes, reason } => {
                    let item = Item {
                        changes,
                        reason,
                        new_key: task.new_key().is_some(),
                        ..Item::new(&task.name, Action::Renewed)
                    };
                    planned.push(*task, item);
                }
                Choice::Leave(item, _) => {
                    planned.report.certificates.extend(item.map(|item| *item));
                }
            }
        }
        let missing = missing_entries(self, wanted, &planned.report.certificates);
        planned.report.certificates.extend(missing);
        planned.copies = copies(&ground, &others);
        for (item, note) in renewal_decision::others(&ground, &others) {
            planned.report.certificates.push(item);
            planned.report.notes.extend(note);
        }
        let (doubtful, problems): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_doubtful);
        planned
            .report
            .notes
            .extend(doubtful.into_iter().map(|(_, error)| notes::on_unread(&error.into())));
        planned
            .report
            .certificates
            .extend(problems.into_iter().map(|(file, error)| Item::failed(&file, error)));
        Ok(())
    }
}

/// The notes on copies with the current certificate of an identity, which are stale once it is renewed.
fn copies(ground: &Ground<'_>, others: &[OtherFile]) -> Vec<Copy> {
    let store = ground.job.store;
    let note = |other: &OtherFile| {
        let obstacle = Obstacle::of_file(other, &ground.keys);
        let Obstacle::Copy(name, ..) = &obstacle else { return None };
        let [copy, own] = [&other.file, &name.certificate_file()].map(|file| store.path(file));
        let message =
            format!("`{}` is a copy from `{}`, which this run renews", copy.shown(), own.shown());
        let hint = obstacle::hint(&obstacle, store, &other.file, &other.certificate);
        Some(Copy::new(name.clone(), copy, Note::warning(message, hint)))
    };
    others.iter().filter(|other| other.is_current).filter_map(note).collect()
}

/// Whether one of the given names cannot be renewed: then nothing is renewed.
pub(super) fn is_refused(args: &RenewArgs, planned: &Planned) -> bool {
    let errors = planned.report.certificates.iter().filter_map(|item| item.error.as_ref());
    !args.names.is_empty()
        && errors.map(Error::exit).any(|exit| matches!(exit, Exit::Failed | Exit::Usage))
}

/// Flags for one identity must not change several.
fn refuse_ambiguous(
    args: &RenewArgs,
    wanted: &[&IdentityName],
    leaves: usize,
) -> Result<(), Error> {
    if !args.subject.is_empty() {
        return Err(Error::usage(
            "flags such as `--cn` are for a directory that has only the CA; a renewal keeps the \
            subject",
            Some(Hint::from("issue another identity: ").run("issue NAME HOST")),
        ));
    }
    let one = !args.san.is_empty() || !args.drop_san.is_empty() || args.usage.is_some();
    let count = if wanted.is_empty() { leaves } else { wanted.len() };
    if one && count > 1 {
        return Err(Error::usage(
            "`--san`, `--drop-san` and `--usage` change one identity, and several would be renewed",
            Some(Hint::from("name the identity: ").run("renew NAME --san HOST")),
        ));
    }
    Ok(())
}

/// The entries of the plan that are not in the directory: `gen` issues them.
fn missing_entries(job: &Job<'_>, wanted: &[&IdentityName], items: &[Item]) -> Vec<Item> {
    if !wanted.is_empty() {
        return Vec::new();
    }
    let present: HashSet<String> =
        items.iter().map(|item| item.name.to_ascii_lowercase()).collect();
    let is_missing = |entry: &&Entry| !present.contains(&entry.name.folded());
    let entries = job.settings.config.plan.iter().filter(is_missing);
    entries
        .map(|entry| Item {
            reason: Some("`certctl gen` issues it".to_owned()),
            ..Item::new(&entry.name, Action::Missing)
        })
        .collect()
}
