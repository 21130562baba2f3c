//! `certctl renew`: new certificates over the same CA, as renew.sh makes them, without loss.

mod ca;
mod choice;
mod follow_up;
mod leafless;
mod rollback;
mod served;

use std::collections::{HashMap, HashSet};

use time::OffsetDateTime;

use super::{
    check_clock,
    desk::{Planned, ca_item, issuance},
    notes,
};
use crate::{
    ca::{
        apply::OnFailure,
        changes::{CaChange, ChangeList},
        identity::{Found, IdentityName, highest_serial, scan},
    },
    cli::{RenewArgs, Target},
    config::{Entry, Settings},
    error::Error,
    parallel,
    report::{
        Outcome,
        issuance::{Action, Item},
    },
    store::Store,
};
use choice::Choice;
use follow_up::FollowUp;

/// What every step of a renewal needs to know.
struct Job<'a> {
    args: &'a RenewArgs,
    settings: &'a Settings,
    /// The directory of the identities.
    store: &'a Store,
    now: OffsetDateTime,
}

pub(crate) fn run(
    args: &RenewArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    settings.require_ca()?;
    follow_up::refuse(args)?;
    if args.dry_run {
        let job = Job { args, settings, store: &settings.store, now };
        let mut planned = job.plan(&settings.ca.store())?;
        follow_up::show(&job, &mut planned)?;
        planned.report.notes.splice(0..0, notes::on_unfinished(&settings.store));
        return Ok(Outcome::Issued(Box::new(planned.shown(&settings.store))));
    }
    let locked = settings.lock()?;
    let store = locked.pki.store();
    let mut planned = Job { args, settings, store, now }.plan(locked.ca.store())?;
    let follow_up = FollowUp::prepare(args, settings, (store, now), &mut planned)?;
    let on_failure = if planned.creates() { OnFailure::Stop } else { OnFailure::LeaveOut };
    let mut issued = planned.carry_out(&locked, settings, on_failure, now)?;
    follow_up.carry_out(locked, &mut issued);
    Ok(Outcome::Issued(Box::new(issued)))
}

impl Job<'_> {
    /// The change list: the CA first, if it was named, then the identities.
    fn plan(&self, ca_store: &Store) -> Result<Planned, Error> {
        let Self { args, settings, store, now } = *self;
        let authority = settings.ca.read(ca_store)?;
        let found = scan(store, authority.certificate())?;
        let highest = highest_serial(found.iter().filter_map(|(_, found)| found.member()));
        let (ca, item) = if args.names.contains(&Target::Ca) {
            ca::renew(self, ca_store, authority, &found)?
        } else {
            settings.ca.check_dates(&authority, now)?;
            let item = ca_item(&settings.ca, authority.certificate(), Action::Unchanged);
            (CaChange::Keep(Box::new(authority)), item)
        };

        let ca_is_new = item.action == Action::Renewed;
        let report = issuance("renew", settings, item);
        let list = ChangeList { ca, archive: None, tasks: Vec::new(), highest };
        let mut planned = Planned::new(list, report);
        planned.report.notes = notes::on_authority(&settings.ca, planned.authority());
        let wanted: Vec<&IdentityName> = args.names.iter().filter_map(Target::identity).collect();
        if args.names.is_empty() || !wanted.is_empty() {
            self.plan_identities(&mut planned, found, &wanted)?;
        }
        if let Some(window) = args.expires_within {
            let validity = planned.authority().certificate().validity();
            if !ca_is_new && window.reached(now, validity) {
                let note = notes::on_ca_due(validity, window);
                planned.report.ca_due = true;
                planned.report.notes.push(note);
            }
        }
        Ok(planned)
    }

    fn plan_identities(
        &self,
        planned: &mut Planned,
        mut found: Vec<(IdentityName, Found)>,
        wanted: &[&IdentityName],
    ) -> Result<(), Error> {
        let is_leaf = |found: &Found| matches!(found, Found::Member(_) | Found::Broken(_));
        let leaves = found.iter().filter(|(_, found)| is_leaf(found)).count();
        if wanted.is_empty() && leaves == 0 {
            return leafless::plan(self, planned);
        }
        refuse_ambiguous(self.args, wanted, leaves)?;

        let missing = wanted.iter().filter(|name| !found.iter().any(|(there, _)| there == **name));
        planned.report.certificates.extend(missing.map(|name| {
            let path = self.store.path(&name.certificate_file());
            Item::failed(*name, Error::NoSuchIdentity { path })
        }));
        found.retain(|(name, _)| wanted.is_empty() || wanted.contains(&name));

        let entries: HashMap<String, &Entry> =
            self.settings.config.plan.iter().map(|entry| (entry.name.folded(), entry)).collect();
        let authority = planned.authority();
        let choices = parallel::map(found, |(name, found)| {
            let entry = entries.get(&name.folded()).copied();
            let choice = choice::choose(self, authority, entry, (&name, found), !wanted.is_empty());
            let said = match &choice {
                Choice::Renew { task, .. } => choice::oddities(task, entry),
                Choice::Leave(_) => Vec::new(),
            };
            (choice, said)
        });
        for (choice, said) in choices {
            planned.report.notes.extend(said);
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
                Choice::Leave(item) => {
                    planned.report.certificates.extend(item.map(|item| *item));
                }
            }
        }
        let missing = missing_entries(self, wanted, &planned.report.certificates);
        planned.report.certificates.extend(missing);
        Ok(())
    }
}

/// Flags that speak of one identity must not hit several.
fn refuse_ambiguous(
    args: &RenewArgs,
    wanted: &[&IdentityName],
    leaves: usize,
) -> Result<(), Error> {
    if !args.subject.is_empty() {
        return Err(Error::usage(
            "names such as `--cn` are for a directory that holds only the CA; renewing keeps the subject",
            Some("make one more identity with `certctl issue NAME HOST`"),
        ));
    }
    let one = !args.san.is_empty() || !args.drop_san.is_empty() || args.usage.is_some();
    let count = if wanted.is_empty() { leaves } else { wanted.len() };
    if one && count > 1 {
        return Err(Error::usage(
            "`--san`, `--drop-san` and `--usage` change one identity, and several would be renewed",
            Some("name it: `certctl renew server --san NAME`"),
        ));
    }
    Ok(())
}

/// The entries of the plan that are not in the directory: `gen` makes them.
fn missing_entries(job: &Job<'_>, wanted: &[&IdentityName], items: &[Item]) -> Vec<Item> {
    if !wanted.is_empty() {
        return Vec::new();
    }
    let present: HashSet<String> =
        items.iter().map(|item| item.name.to_ascii_lowercase()).collect();
    let is_missing = |entry: &&Entry| {
        !present.contains(&entry.name.folded())
            && !job.store.has(&entry.name.certificate_file()).unwrap_or(true)
    };
    let entries = job.settings.config.plan.iter().filter(is_missing);
    entries
        .map(|entry| Item {
            reason: Some("`certctl gen` makes it".to_owned()),
            ..Item::new(&entry.name, Action::Missing)
        })
        .collect()
}
