//! `certctl renew`: new certificates over the same CA, as renew.sh makes them, without loss.

mod ca;
mod choice;
mod leafless;

use time::OffsetDateTime;

use super::{
    check_clock,
    desk::{Desk, OnFailure, ca_item, issuance},
    notes,
};
use crate::{
    ca::{
        authority::Authority,
        fleet::Difference,
        identity::{Found, IdentityName, Member, scan},
        issuing::{KeyOrder, Order},
        store::Locked,
    },
    cli::{RenewArgs, Target},
    config::{Entry, Settings},
    error::Error,
    report::{
        Note, Outcome,
        issuance::{Action, Facts, HookReport, Issuance, Item},
    },
};
use choice::Choice;

/// What every step of a renewal needs to know.
struct Job<'a> {
    args: &'a RenewArgs,
    settings: &'a Settings,
    /// `None` for a dry run: nothing may be written.
    locked: Option<&'a Locked>,
    now: OffsetDateTime,
}

pub(crate) fn run(
    args: &RenewArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    settings.require_ca()?;
    let locked = if args.dry_run {
        None
    } else {
        if settings.ca.elsewhere {
            settings.store.create()?;
        }
        Some(settings.store.lock(&settings.ca.key, settings.lock_timeout)?)
    };

    let mut issued = Job { args, settings, locked: locked.as_ref(), now }.run()?;
    // Whatever the hook does, it may call certctl again.
    drop(locked);
    run_hook(args, &mut issued);
    Ok(Outcome::Issued(Box::new(issued)))
}

impl Job<'_> {
    /// All but the hook: the CA first, if it was named, then the identities.
    fn run(&self) -> Result<Issuance, Error> {
        let Self { args, settings, now, .. } = *self;
        // Where something may be written, the lock has finished what was begun.
        let unfinished = self.locked.is_none() && settings.store.unfinished();
        let mut authority = settings.ca.read().map_err(|error| match error {
            Error::NoCa { .. } if unfinished => {
                let dir = settings.store.dir().to_owned();
                Error::Unfinished { dir, source: Box::new(error) }
            }
            error => error,
        })?;
        let mut said = Vec::new();
        if unfinished {
            said.push(notes::on_unfinished());
        }
        let found = scan(&settings.store, authority.certificate())?;
        let ca = if args.names.contains(&Target::Ca) {
            ca::renew(self, &mut authority, &found)?
        } else {
            settings.ca.check_dates(&authority, now)?;
            ca_item(&settings.ca, authority.certificate(), Action::Unchanged)
        };
        said.extend(notes::on_authority(&settings.ca, &authority));

        let ca_is_new = ca.action == Action::Renewed;
        let mut issued = issuance("renew", settings, ca);
        issued.dry_run = args.dry_run;
        let wanted: Vec<&IdentityName> = args.names.iter().filter_map(Target::identity).collect();
        if args.names.is_empty() || !wanted.is_empty() {
            let (items, more) = self.renew_identities(&authority, found, &wanted)?;
            issued.certificates = items;
            said.extend(more);
        }
        if let Some(window) = args.expires_within {
            let validity = authority.certificate().validity();
            if !ca_is_new && window.reached(now, validity) {
                issued.ca_due = true;
                said.push(notes::on_ca_due(validity, window));
            }
        }
        issued.notes = said;
        Ok(issued)
    }

    fn renew_identities(
        &self,
        authority: &Authority,
        mut found: Vec<(IdentityName, Found)>,
        wanted: &[&IdentityName],
    ) -> Result<(Vec<Item>, Vec<Note>), Error> {
        let is_leaf = |found: &Found| matches!(found, Found::Member(_) | Found::Broken(_));
        let leaves = found.iter().filter(|(_, found)| is_leaf(found)).count();
        if wanted.is_empty() && leaves == 0 {
            return leafless::make(self, authority);
        }
        refuse_ambiguous(self.args, wanted, leaves)?;

        // What bears a serial here, whether it is renewed or not.
        let members: Vec<Member> = found
            .iter()
            .filter_map(|(_, found)| found.member())
            .map(Member::without_chain)
            .collect();
        let mut items: Vec<Item> = wanted
            .iter()
            .filter(|name| !found.iter().any(|(present, _)| present == **name))
            .map(|name| {
                let path = self.settings.store.path(&name.certificate_file());
                Item::failed(*name, Error::NoSuchIdentity { path })
            })
            .collect();
        found.retain(|(name, _)| wanted.is_empty() || wanted.contains(&name));

        let mut said = Vec::new();
        let mut orders: Vec<Order> = Vec::new();
        for (name, found) in found {
            let entry = self.settings.config.plan.iter().find(|entry| entry.name == name);
            match choice::choose(self, authority, entry, (&name, found), !wanted.is_empty()) {
                Choice::Renew { order, changes, reason } => {
                    said.extend(choice::oddities(&order, entry));
                    said.extend(notes::on_key(&self.settings.store.path(&name.key_file())));
                    items.push(planned(&order, authority, changes, reason));
                    orders.push(*order);
                }
                Choice::Leave(item) => items.extend(item.map(|item| *item)),
            }
        }
        items.extend(missing(self.settings, wanted, &items));

        if let Some(locked) = self.locked {
            let desk = Desk { settings: self.settings, authority, locked, now: self.now };
            let (made, more) =
                desk.issue(orders, &members.iter().collect::<Vec<_>>(), OnFailure::GoOn)?;
            said.extend(more);
            for item in made {
                if let Some(place) = items.iter_mut().find(|planned| planned.name == item.name) {
                    let (changes, reason) =
                        (std::mem::take(&mut place.changes), place.reason.take());
                    *place = Item { reason, changes, ..item };
                }
            }
        }
        Ok((items, said))
    }
}

/// An order as the report shows it before it is carried out.
fn planned(
    order: &Order,
    authority: &Authority,
    changes: Vec<Difference>,
    reason: Option<String>,
) -> Item {
    let previous = order.replaces.as_ref().map(|member| Facts::of(&member.certificate));
    let facts = Facts::planned(order, authority.certificate());
    let new_key = matches!(order.key, KeyOrder::New(_));
    Item {
        facts: Some(facts),
        previous,
        changes,
        reason,
        new_key,
        ..Item::new(&order.name, Action::Renewed)
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
fn missing(settings: &Settings, wanted: &[&IdentityName], items: &[Item]) -> Vec<Item> {
    let present = |entry: &Entry| {
        settings.store.has(&entry.name.certificate_file()).unwrap_or(true)
            || items.iter().any(|item| item.name.eq_ignore_ascii_case(entry.name.as_str()))
    };
    let entries = settings.config.plan.iter().filter(|entry| wanted.is_empty() && !present(entry));
    entries
        .map(|entry| Item {
            reason: Some("`certctl gen` makes it".to_owned()),
            ..Item::new(&entry.name, Action::Missing)
        })
        .collect()
}

fn run_hook(args: &RenewArgs, issued: &mut Issuance) {
    let Some(hook) = args.exec.as_ref().filter(|_| !args.dry_run) else { return };
    let renewed: Vec<String> = std::iter::once(&issued.ca)
        .chain(&issued.certificates)
        .filter(|item| matches!(item.action, Action::Renewed | Action::Created))
        .map(|item| item.name.clone())
        .collect();
    if !renewed.is_empty() {
        let error = hook.run(&renewed).err();
        issued.hook = Some(HookReport { command: hook.text().to_owned(), error });
    }
}
