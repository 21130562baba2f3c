//! `certctl renew ca`: the CA's certificate again, over the same key and name.

use time::OffsetDateTime;

use super::{super::desk::ca_item, Job};
use crate::{
    ca::{
        authority::Authority,
        identity::{Found, IdentityName, Member},
        store::{self, Access},
    },
    error::Error,
    report::issuance::{Action, Facts, Item},
    verify::webpki,
    x509::{
        cert::Certificate,
        pem::{self, LIMIT},
        serial::Serial,
        usage::oid,
        validity::{Lifetime, date, rfc3339},
    },
};

/// Signs the CA certificate again and publishes it; what it signed before stays valid.
pub(super) fn renew(
    job: &Job<'_>,
    authority: &mut Authority,
    found: &[(IdentityName, Found)],
) -> Result<Item, Error> {
    let Job { args, settings, now, locked } = *job;
    if args.key_type.is_some() && args.names.len() == 1 {
        return Err(Error::usage(
            "the key of a CA stays when its certificate is renewed: what it signed would be lost",
            Some("make a new trust root: `certctl gen --replace-ca --key-type KIND`"),
        ));
    }
    let path = &settings.ca.certificate;
    let old = authority.certificate().clone();
    if !old.is_issued_by(&old) {
        return Err(Error::NotSelfSigned { path: path.clone() });
    }
    if args.expires_within.is_some_and(|window| !window.reached(now, old.validity())) {
        return Ok(ca_item(&settings.ca, &old, Action::Unchanged));
    }
    let lifetime = args.days.map_or(Lifetime::Like(old.validity().length()), Lifetime::Days);
    let validity =
        lifetime.from(now, None).map_err(|_| Error::PastTheLastYear { name: "ca".to_owned() })?;

    let mut item = ca_item(&settings.ca, &old, Action::Renewed);
    item.previous = item.facts.take();
    let added: Vec<&str> =
        [(oid::KEY_USAGE, "keyUsage"), (oid::SUBJECT_KEY_ID, "subjectKeyIdentifier")]
            .into_iter()
            .filter(|(oid, _)| old.extension(oid).is_none())
            .map(|(_, name)| name)
            .collect();
    if !added.is_empty() {
        item.reason = Some(format!("{} added", added.join(" and ")));
    }
    if locked.is_none() {
        let facts = Facts::of(&old);
        item.facts = Some(Facts {
            serial: None,
            sha256: None,
            not_before: rfc3339(validity.not_before),
            not_after: rfc3339(validity.not_after),
            until: date(validity.not_after),
            ..facts
        });
        return Ok(item);
    }

    let serial = serial(&old, found)?;
    authority.renew(&validity, serial).map_err(|source| Error::IssueCa { source })?;
    check_members(&old, authority.certificate(), found, now)?;
    let content = pem::read_regular(path, LIMIT)
        .map_err(|source| Error::Read { path: path.clone(), source })?;
    let renewed = pem::replace_certificate(&content, old.der(), authority.certificate().der());
    store::write_file(path, &renewed, Access::Public)?;
    item.facts = Some(Facts::of(authority.certificate()));
    Ok(item)
}

/// A new number, outside ca.srl as gen.sh's is; the old one where somebody knows the CA by it.
fn serial(ca: &Certificate, found: &[(IdentityName, Found)]) -> Result<Serial, Error> {
    let members = found.iter().filter_map(|(_, found)| found.member());
    let known = ca.names_serial_of_issuer()
        || members.into_iter().any(|member| member.certificate.names_serial_of_issuer());
    match ca.serial().filter(|_| known) {
        Some(serial) => Ok(serial),
        None => Ok(Serial::random()?),
    }
}

/// What webpki accepted below the old certificate, it must accept below the new one.
fn check_members(
    old: &Certificate,
    new: &Certificate,
    found: &[(IdentityName, Found)],
    now: OffsetDateTime,
) -> Result<(), Error> {
    let members = found.iter().filter_map(|(_, found)| found.member());
    for Member { certificate, chain, .. } in members {
        if webpki::judge(certificate, chain, old, now).is_ok() {
            webpki::judge(certificate, chain, new, now)
                .map_err(|source| Error::SelfCheckCa { source })?;
        }
    }
    Ok(())
}
