//! `certctl issue NAME [HOST]…`: one more identity under the CA.

use time::OffsetDateTime;

use super::{check_clock, issue_context::issue_one};
use crate::{
    cli::IssueArgs,
    config::Settings,
    error::Error,
    issue::{error::IssueError, existing::refuse_existing, spec::IdentitySpec},
    report::Outcome,
};

pub(crate) fn run(
    args: &IssueArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let spec = spec(args, settings)?;
    let issued = issue_one("issue", settings, now, |authority, store| {
        let task = spec.task(now, authority.certificate().validity())?;
        refuse_existing(store, &spec.name.files(), &spec.name, Some(authority.certificate()))?;
        Ok(task)
    })?;
    Ok(Outcome::Issued(Box::new(issued)))
}

fn spec(args: &IssueArgs, settings: &Settings) -> Result<IdentitySpec, IssueError> {
    let identity = &args.identity;
    let name = &identity.name;
    let base = settings.base_subject(name)?;
    let key_and_days = (settings.key_type(identity.key_type), settings.days(args.days));
    let (common_name, others) = (identity.common_name(), identity.others());
    IdentitySpec::new(name.clone(), &base, &common_name, &others, identity.usage, key_and_days)
}
