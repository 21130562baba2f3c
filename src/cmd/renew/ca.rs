//! `certctl renew ca`: a new CA certificate with the same key and subject.

use pki::{
    verify::webpki,
    x509::{
        certificate::Certificate,
        oid, pem,
        serial::Serial,
        validity::{Lifetime, Validity, date},
    },
};
use time::OffsetDateTime;

use super::{super::issue_context::ca_item, job::Job};
use crate::{
    cli::RenewArgs,
    error::Error,
    hint::Hint,
    issue::{
        changes::CaChange,
        error::IssueError,
        identity::{Identity, IdentityName, ScanResult},
        state::State,
    },
    report::{
        Note,
        issue_report::{Action, CertificateSummary, Item},
    },
    store::{LIMIT, Store},
};

/// Signs the CA certificate again, in memory; what it signed before stays valid.
pub(super) fn renew(
    job: &Job<'_>,
    store: &Store,
    ca: CaChange,
    found: &[(IdentityName, ScanResult)],
) -> Result<(CaChange, Item, Option<Note>), Error> {
    let Job { args, settings, now, .. } = *job;
    if args.key_type.is_some() && args.names.len() == 1 {
        return Err(Error::usage(
            "a renewed CA keeps its key: with a new key, the issued certificates would not be \
            valid",
            Some(Hint::from("create a new CA: ").run("gen --replace-ca --key-type KIND")),
        ));
    }
    let path = &settings.ca.certificate;
    let Some(old) = ca.certificate().cloned() else { unreachable!("only `gen` creates a CA") };
    if !old.is_issued_by(&old) {
        return Err(Error::NotSelfSigned { path: path.clone() });
    }
    let state = State::of(&old, None, false, args.expires_within, now);
    if args.expires_within.is_some() && state.urgency().is_none() {
        let item = ca_item(&settings.ca, &old, Action::Unchanged);
        return Ok((ca, item, None));
    }
    let lifetime = args.days.map_or(Lifetime::Like(old.validity().length()), Lifetime::Days);
    let validity = lifetime
        .from(now, None)
        .map_err(|_| IssueError::PastTheLastYear { name: "ca".to_owned() })?;
    let note = on_outliving(args, found, &validity, now);

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
    let mut authority = match ca {
        CaChange::Keep(authority) => authority,
        // A dry run without the key: what is signed again is the same but for its dates.
        other => {
            let facts =
                CertificateSummary { serial: None, sha256: None, ..*CertificateSummary::of(&old) };
            item.facts = Some(Box::new(facts.valid(&validity)));
            return Ok((other, item, note));
        }
    };
    let serial = serial(&old, found)?;
    authority.renew(&validity, serial).map_err(|source| IssueError::SignCa { source })?;
    check_members(&old, authority.certificate(), found, now)?;
    let content = store.read_path(path, LIMIT).map_err(|source| source.at(path.clone()))?;
    let content = pem::replace_certificate(&content, old.der(), authority.certificate().der());
    // What was signed in memory is not signed again: until then it has no serial.
    let facts = *CertificateSummary::of(authority.certificate());
    item.facts = Some(Box::new(CertificateSummary { serial: None, sha256: None, ..facts }));
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((CaChange::Renew { authority, file, content }, item, note))
}

/// The certificates that stay, and that clients refuse once the new CA certificate has expired.
fn on_outliving(
    args: &RenewArgs,
    found: &[(IdentityName, ScanResult)],
    ca: &Validity,
    now: OffsetDateTime,
) -> Option<Note> {
    let is_renewed =
        |name: &IdentityName| args.names.iter().any(|one| one.identity() == Some(name));
    let members = found.iter().filter_map(|(_, found)| found.member());
    let outliving: Vec<&Identity> = members
        .filter(|member| !is_renewed(&member.name) && member.certificate.not_after() > ca.not_after)
        .collect();
    let last = outliving.iter().max_by_key(|member| member.certificate.not_after())?;
    let which = match outliving.len() {
        1 => format!("`{}` expires after", last.name.certificate_file()),
        more => {
            format!("{more} certificates, such as `{}`, expire after", last.name.certificate_file())
        }
    };
    // Rounded up: it has to last as long as they do.
    let left = last.certificate.not_after().unix_timestamp() - now.unix_timestamp();
    let days = (left + 86_399) / 86_400;
    let end = date(ca.not_after);
    let message =
        format!("{which} the new CA certificate: after {end} clients refuse what this CA signed");
    Some(Note::warning(message, Some(Hint::command(format!("renew ca --days {days}")))))
}

/// A new serial number, outside ca.srl as gen.sh's is; the old one if an authorityKeyIdentifier has it.
fn serial(ca: &Certificate, found: &[(IdentityName, ScanResult)]) -> Result<Serial, IssueError> {
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
    found: &[(IdentityName, ScanResult)],
    now: OffsetDateTime,
) -> Result<(), Error> {
    let members = found.iter().filter_map(|(_, found)| found.member());
    for Identity { certificate, chain, .. } in members {
        if webpki::validate(certificate, chain, old, now).is_ok() {
            webpki::validate(certificate, chain, new, now)
                .map_err(|source| IssueError::SelfCheckCa { source })?;
        }
    }
    Ok(())
}
