//! `certctl issue NAME [HOST]…`: one more identity under the CA.

use time::OffsetDateTime;

use super::{
    check_clock,
    issue_context::{issue_one, refuse_existing},
};
use crate::{
    cli::{IssueArgs, SubjectArgs},
    config::Settings,
    error::Error,
    issue::spec::IdentitySpec,
    report::Outcome,
};

pub(crate) fn run(
    args: &IssueArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let wish = wish(args, settings)?;
    let issued = issue_one("issue", settings, now, |authority, store| {
        let task = wish.task(now, authority.certificate().validity())?;
        let files = [wish.name.key_file(), wish.name.certificate_file()];
        refuse_existing(store, &files, &wish.name, Some(authority.certificate()))?;
        Ok(task)
    })?;
    Ok(Outcome::Issued(Box::new(issued)))
}

fn wish(args: &IssueArgs, settings: &Settings) -> Result<IdentitySpec, Error> {
    let identity = &args.identity;
    let name = &identity.name;
    let base = settings
        .subject(&SubjectArgs::default())
        .map_err(|source| Error::Subject { name: name.to_string(), source })?;
    let key_and_days = (settings.key_type(identity.key_type), settings.days(args.days));
    let (common_name, others) = (identity.common_name(), identity.others());
    IdentitySpec::new(name.clone(), &base, &common_name, &others, identity.usage, key_and_days)
}
