//! `certctl renew`: new certificates under the same CA, as renew.sh issues them.

mod change_list;
mod follow_up;
mod job;
mod served;

use time::OffsetDateTime;

use super::{
    check_clock,
    issue_context::{carry_out, report},
    plan,
};
use crate::{
    cli::RenewArgs,
    config::Settings,
    error::Error,
    issue::{
        apply::OnFailure,
        changes::{Action, StaleCopy},
        foresight::{foresee, is_not_writable},
        notes,
    },
    report::{Outcome, issue_report::Issuance},
    store::{Missing, StoreError},
};
use follow_up::FollowUp;
use job::Job;

pub(crate) fn run(
    args: &RenewArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    settings.require_ca()?;
    follow_up::refuse(args)?;
    plan::refuse_undone(args, settings)?;
    if args.dry_run {
        return dry_run(args, settings, now);
    }
    let locked = match settings.lock() {
        Err(error) if is_not_writable(&error) => return nothing_due(args, settings, now, error),
        locked => locked?,
    };
    let store = locked.pki.store();
    let mut list = Job { args, settings, store, now }.plan(locked.ca.store())?;
    if !args.names.is_empty() && list.is_refused() {
        return Ok(Outcome::Issued(Box::new(report("renew", settings, list, false))));
    }
    let (follow_up, pending) = FollowUp::prepare(args, settings, (store, now), &mut list)?;
    let on_failure = if list.creates() { OnFailure::Stop } else { OnFailure::LeaveOut };
    let copies = std::mem::take(&mut list.copies);
    let mut issued = carry_out("renew", settings, &locked, list, (on_failure, pending), now)?;
    follow_up.carry_out(locked, &mut issued);
    note_stale(copies, &mut issued);
    Ok(Outcome::Issued(Box::new(issued)))
}

fn dry_run(args: &RenewArgs, settings: &Settings, now: OffsetDateTime) -> Result<Outcome, Error> {
    let job = Job { args, settings, store: &settings.store, now };
    let ca_store = settings.ca.store();
    let mut list = job.plan(&ca_store)?;
    let pending = follow_up::show(&job, &mut list)?;
    foresee(&mut list, &settings.store, &ca_store, &settings.lock_options(Missing::Refuse))?;
    list.notes.splice(0..0, notes::on_unfinished(&settings.store));
    let copies = std::mem::take(&mut list.copies);
    let mut shown = report("renew", settings, list, true);
    shown.follow_up.hook_pending = pending;
    note_stale(copies, &mut shown);
    Ok(Outcome::Issued(Box::new(shown)))
}

/// Adds the notes on copies whose identity has a new certificate.
fn note_stale(copies: Vec<StaleCopy>, issued: &mut Issuance) {
    let renewed = |name: &str| {
        let mut items = issued.certificates.iter();
        items.any(|item| item.name == name && item.action == Action::Renewed)
    };
    let stale: Vec<_> = copies.into_iter().filter_map(|copy| copy.note(renewed)).collect();
    issued.notes.extend(stale);
}

/// The report if nothing must be written, else the error.
fn nothing_due(
    args: &RenewArgs,
    settings: &Settings,
    now: OffsetDateTime,
    error: StoreError,
) -> Result<Outcome, Error> {
    let job = Job { args, settings, store: &settings.store, now };
    let mut list = job.plan(&settings.ca.store())?;
    let pending = follow_up::show(&job, &mut list)?;
    let follows_up = args.hook.exec.is_some() || !args.hook.served.is_empty();
    if !list.is_empty() || follows_up && !pending.is_empty() {
        return Err(error.into());
    }
    let mut shown = report("renew", settings, list, false);
    shown.follow_up.hook_pending = pending;
    Ok(Outcome::Issued(Box::new(shown)))
}
