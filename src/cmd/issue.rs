//! `certctl issue NAME [HOST]…`: one more identity under the CA.

use time::OffsetDateTime;

use super::{
    check_clock,
    desk::{Desk, OnFailure, ca_item, issuance},
    notes,
};
use crate::{
    ca::{fleet::Wish, identity::scan},
    cli::{IssueArgs, SubjectArgs},
    config::Settings,
    error::Error,
    report::{Outcome, issuance::Action},
    x509::san::San,
};

pub(crate) fn run(
    args: &IssueArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let wish = wish(args, settings)?;
    settings.require_ca()?;
    if settings.ca.elsewhere {
        settings.store.create()?;
    }
    let locked = settings.store.lock(&settings.ca.key, settings.lock_timeout)?;
    let authority = settings.ca.read_valid(now)?;
    let order = wish.order(now, authority.certificate().validity())?;
    refuse_existing(settings, &wish)?;

    let found = scan(&settings.store, authority.certificate())?;
    let members: Vec<_> = found.iter().filter_map(|(_, found)| found.member()).collect();
    let desk = Desk { settings, authority: &authority, locked: &locked, now };
    let (items, said) = desk.issue(vec![order], &members, OnFailure::Stop)?;

    let ca = ca_item(&settings.ca, authority.certificate(), Action::Unchanged);
    let mut issued = issuance("issue", settings, ca);
    issued.certificates = items;
    issued.notes = notes::on_authority(&settings.ca, &authority);
    issued.notes.extend(said);
    Ok(Outcome::Issued(Box::new(issued)))
}

fn wish(args: &IssueArgs, settings: &Settings) -> Result<Wish, Error> {
    let base = settings
        .subject(&SubjectArgs::default())
        .map_err(|source| Error::Subject { name: args.name.to_string(), source })?;
    let common_name = args
        .cn
        .clone()
        .or_else(|| args.hosts.first().map(San::value))
        .unwrap_or_else(|| args.name.to_string());
    let mut others = args.hosts.clone();
    others.extend(args.san.iter().flat_map(|list| list.0.clone()));
    let key_and_days = (settings.key_type(args.key_type), settings.days(args.days));
    Wish::new(args.name.clone(), &base, &common_name, &others, args.usage, key_and_days)
}

/// The same name in another case is the same name, on some file systems even the same file.
fn refuse_existing(settings: &Settings, wish: &Wish) -> Result<(), Error> {
    let wanted = [wish.name.key_file(), wish.name.certificate_file()];
    let present: Vec<_> = settings
        .store
        .files()?
        .into_iter()
        .filter(|file| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(file)))
        .map(|file| settings.store.path(&file))
        .collect();
    if present.is_empty() {
        return Ok(());
    }
    let hint = "issue it again with `certctl renew NAME`, or choose another name";
    Err(Error::Exists { paths: present, hint })
}
