//! `certctl renew ca`: a new CA certificate with the same key and subject.

use std::path::Path;

use pki::{
    verify::webpki,
    x509::{
        certificate::Certificate,
        pem,
        serial::Serial,
        validity::{Lifetime, Validity, date},
    },
};
use time::OffsetDateTime;

use super::{
    changes::CaChange,
    error::IssueError,
    identity::{Identity, IdentityName, ScanResult},
};
use crate::{
    hint::{Hint, Note},
    store::{LIMIT, Store},
};

/// Signs the certificate of the CA, which is in the file `path`, again, in memory; what it signed before stays
/// valid. `is_renewed` says which identities the same run renews.
pub(crate) fn renew(
    ca: CaChange,
    (store, path): (&Store, &Path),
    days: Option<u32>,
    found: &[(IdentityName, ScanResult)],
    is_renewed: impl Fn(&IdentityName) -> bool,
    now: OffsetDateTime,
) -> Result<(CaChange, Option<Note>), IssueError> {
    let Some(old) = ca.certificate().cloned() else { unreachable!("only `gen` creates a CA") };
    if !old.is_issued_by(&old) {
        return Err(IssueError::NotSelfSigned { path: path.to_owned() });
    }
    let lifetime = days.map_or(Lifetime::Like(old.validity().length()), Lifetime::Days);
    let validity = lifetime
        .from(now, None)
        .map_err(|_| IssueError::PastTheLastYear { name: "ca".to_owned() })?;
    let note = on_outliving(is_renewed, found, &validity, now);
    let old = Box::new(old);
    let CaChange::Keep(mut authority) = ca else {
        // A dry run without the key: what is signed again is the same but for its dates.
        return Ok((CaChange::Shown(old, Some(validity)), note));
    };
    let serial = serial(&old, found)?;
    authority.renew(&validity, serial).map_err(|source| IssueError::SignCa { source })?;
    check_members(&old, authority.certificate(), found, now)?;
    let content = store.read_path(path, LIMIT).map_err(|source| source.at(path))?;
    let content = pem::replace_certificate(&content, old.der(), authority.certificate().der());
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((CaChange::Renew { authority, old, file, content }, note))
}

/// The certificates that stay, and that clients refuse once the new CA certificate has expired.
fn on_outliving(
    is_renewed: impl Fn(&IdentityName) -> bool,
    found: &[(IdentityName, ScanResult)],
    ca: &Validity,
    now: OffsetDateTime,
) -> Option<Note> {
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
) -> Result<(), IssueError> {
    let members = found.iter().filter_map(|(_, found)| found.member());
    for Identity { certificate, chain, .. } in members {
        if webpki::validate(certificate, chain, old, now).is_ok() {
            webpki::validate(certificate, chain, new, now)
                .map_err(|source| IssueError::SelfCheckCa { source })?;
        }
    }
    Ok(())
}
