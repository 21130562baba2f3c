//! `certctl renew`: new certificates over the same CA, as renew.sh makes them, without loss.

mod ca;
mod choice;
mod leafless;

use time::OffsetDateTime;

use super::{
    authority_notes, ca_item, check_clock, issuance, issue_orders, read_authority,
};
use crate::{
    ca::{
        authority::Authority,
        identity::{Found, IdentityName, Member, scan},
        issuing::Order,
        store::Locked,
    },
    cli::{RenewArgs, Target},
    config::{Entry, Settings},
    error::Error,
    report::{
        Note, Outcome,
        issuance::{Action, Facts, HookReport, Issuance, Item},
    },
    x509::validity::date,
};
use choice::Choice;

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

    let mut issued = renew(args, settings, locked.as_ref(), now)?;
    // Whatever the hook does, it may call certctl again.
    drop(locked);
    run_hook(args, &mut issued);
    Ok(Outcome::Issued(Box::new(issued)))
}

/// All but the hook: the CA first, if it was named, then the identities.
fn renew(
    args: &RenewArgs,
    settings: &Settings,
    locked: Option<&Locked>,
    now: OffsetDateTime,
) -> Result<Issuance, Error> {
    let mut authority = read_authority(&settings.ca)?;
    let mut notes = Vec::new();
    if locked.is_none() && settings.store.unfinished() {
        notes.push(Note::warning(
            "an earlier run was killed while it published: the files may not fit together",
            Some("certctl renew --expires-within 1d".to_owned()),
        ));
    }
    let found = scan(&settings.store, authority.certificate())?;
    let ca = if args.names.contains(&Target::Ca) {
        ca::renew(args, settings, &mut authority, &found, locked, now)?
    } else {
        authority
            .check_dates(now)
            .map_err(|source| Error::Authority { path: settings.ca.certificate.clone(), source })?;
        ca_item(&settings.ca, authority.certificate(), Action::Unchanged)
    };
    let ca_is_new = ca.action == Action::Renewed;
    notes.extend(authority_notes(&settings.ca, &authority));

    let mut issued = issuance("renew", settings, ca);
    issued.dry_run = args.dry_run;
    let wanted: Vec<&IdentityName> = args
        .names
        .iter()
        .filter_map(|target| match target {
            Target::Identity(name) => Some(name),
            Target::Ca => None,
        })
        .collect();
    if args.names.is_empty() || !wanted.is_empty() {
        let (items, more) = renew_identities(args, settings, &authority, found, &wanted, locked, now)?;
        issued.certificates = items;
        notes.extend(more);
    }
    if let Some(window) = args.expires_within {
        let validity = authority.certificate().validity();
        if !ca_is_new && window.reached(now, validity) {
            issued.ca_due = true;
            notes.push(Note::warning(
                format!("the CA itself ends on {}, within {window}", date(validity.not_after)),
                Some("certctl renew ca".to_owned()),
            ));
        }
    }
    issued.notes = notes;
    Ok(issued)
}

fn renew_identities(
    args: &RenewArgs,
    settings: &Settings,
    authority: &Authority,
    found: Vec<(IdentityName, Found)>,
    wanted: &[&IdentityName],
    locked: Option<&Locked>,
    now: OffsetDateTime,
) -> Result<(Vec<Item>, Vec<Note>), Error> {
    let is_leaf = |found: &Found| matches!(found, Found::Member(_) | Found::Broken(_));
    let leaves = found.iter().filter(|(_, found)| is_leaf(found)).count();
    if wanted.is_empty() && leaves == 0 {
        return leafless::make(args, settings, authority, locked, now);
    }
    refuse_ambiguous(args, wanted, leaves)?;

    // What bears a serial here, whether it is renewed or not.
    let serials: Vec<Member> = found.iter().filter_map(|(_, found)| found.member()).map(Member::without_chain).collect();
    let mut items = Vec::new();
    let mut notes = Vec::new();
    let mut orders: Vec<Order> = Vec::new();
    let mut found = found;
    for name in wanted {
        if !found.iter().any(|(present, _)| present == *name) {
            let path = settings.store.path(&name.certificate_file());
            items.push(Item::failed(name, Error::NoSuchIdentity { path }));
        }
    }
    found.retain(|(name, _)| wanted.is_empty() || wanted.contains(&name));
    for (name, found) in found {
        let entry = settings.config.plan.iter().find(|entry| entry.name == name);
        match choice::choose(args, settings, authority, entry, (&name, found), !wanted.is_empty(), now) {
            Choice::Renew { order, changes, reason } => {
                notes.extend(choice::oddities(&order, entry));
                items.push(planned(&order, authority, changes, reason));
                orders.push(*order);
            }
            Choice::Leave(item) => items.extend(item.map(|item| *item)),
        }
    }
    items.extend(missing(settings, wanted, &items));

    if let Some(locked) = locked {
        let members: Vec<&Member> = serials.iter().collect();
        let (made, more) =
            issue_orders(orders, authority, &settings.ca, locked, &members, now, false)?;
        notes.extend(more);
        for mut item in made {
            let Some(place) = items.iter_mut().find(|planned| planned.name == item.name) else {
                continue;
            };
            item.changes = std::mem::take(&mut place.changes);
            item.reason = place.reason.take();
            *place = item;
        }
    }
    Ok((items, notes))
}

/// An order as the report shows it before it is carried out.
fn planned(
    order: &Order,
    authority: &Authority,
    changes: Vec<crate::ca::fleet::Difference>,
    reason: Option<String>,
) -> Item {
    let previous = order.replaces.as_ref().map(|member| Facts::of(&member.certificate));
    let facts = Facts::planned(order, authority.certificate());
    let new_key = matches!(order.key, crate::ca::issuing::KeyOrder::New(_));
    Item { facts: Some(facts), previous, changes, reason, new_key, ..Item::new(&order.name, Action::Renewed) }
}

/// Flags that speak of one identity must not hit several.
fn refuse_ambiguous(args: &RenewArgs, wanted: &[&IdentityName], leaves: usize) -> Result<(), Error> {
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
