//! `certctl renew`: new certificates under the same CA, as renew.sh issues them.

mod bootstrap;
mod ca;
mod change_list;
mod follow_up;
mod foresight;
mod job;
mod published;
mod renewal_decision;
mod rollback;
mod served;

use std::mem::take;

use time::OffsetDateTime;

use super::{check_clock, issue_context::Copy, notes, plan};
use crate::{
    cli::RenewArgs,
    config::Settings,
    error::Error,
    issue::apply::OnFailure,
    report::{
        Outcome,
        issue_report::{Action, Issuance},
    },
    store::StoreError,
};
use change_list::is_refused;
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
        let job = Job { args, settings, store: &settings.store, now };
        let mut planned = job.plan(&settings.ca.store())?;
        follow_up::show(&job, &mut planned)?;
        foresight::refuse(settings, &mut planned)?;
        planned.report.notes.splice(0..0, notes::on_unfinished(&settings.store));
        let copies = take(&mut planned.copies);
        let mut shown = planned.shown(&settings.store);
        note_stale(copies, &mut shown);
        return Ok(Outcome::Issued(Box::new(shown)));
    }
    let locked = match settings.lock() {
        Err(error) if foresight::is_not_writable(&error) => {
            return nothing_due(args, settings, now, error);
        }
        locked => locked?,
    };
    let store = locked.pki.store();
    let mut planned = Job { args, settings, store, now }.plan(locked.ca.store())?;
    if is_refused(args, &planned) {
        return Ok(Outcome::Issued(Box::new(planned.report)));
    }
    let follow_up = FollowUp::prepare(args, settings, (store, now), &mut planned)?;
    let on_failure = if planned.creates() { OnFailure::Stop } else { OnFailure::LeaveOut };
    let copies = take(&mut planned.copies);
    let mut issued = planned.carry_out(&locked, settings, on_failure, now)?;
    follow_up.carry_out(locked, &mut issued);
    note_stale(copies, &mut issued);
    Ok(Outcome::Issued(Box::new(issued)))
}

/// Adds the notes on copies whose identity has a new certificate.
fn note_stale(copies: Vec<Copy>, issued: &mut Issuance) {
    let is_stale = |copy: &Copy| {
        let mut items = issued.certificates.iter();
        items.any(|item| item.name == copy.identity.as_str() && item.action == Action::Renewed)
            && copy.is_untouched()
    };
    let stale: Vec<_> = copies.into_iter().filter(is_stale).map(|copy| copy.note).collect();
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
    let mut planned = job.plan(&settings.ca.store())?;
    follow_up::show(&job, &mut planned)?;
    let follows_up = args.hook.exec.is_some() || !args.hook.served.is_empty();
    let is_pending = !planned.report.follow_up.hook_pending.is_empty();
    if planned.is_empty() && !(follows_up && is_pending) {
        return Ok(Outcome::Issued(Box::new(planned.report)));
    }
    Err(error.into())
}
