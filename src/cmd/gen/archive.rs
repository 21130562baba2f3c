//! Where the set before goes when `gen --replace-ca` makes a new trust root.

use std::io;

use time::OffsetDateTime;

use super::Draft;
use crate::{
    ca::{
        changes::ArchivedSet,
        identity::{Found, IdentityName, scan},
    },
    config::Settings,
    error::Error,
    store::{ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, LIMIT, ReadError, Store},
    x509::{cert::Certificate, pem, validity::rfc3339},
};

/// The archive's name and what goes there: the CA, what is replaced, and all that the old CA signed.
pub(super) fn plan(
    settings: &Settings,
    store: &Store,
    draft: &Draft,
    now: OffsetDateTime,
) -> Result<Option<ArchivedSet>, Error> {
    let mut files = vec![CA_KEY.to_owned(), CA_CERTIFICATE.to_owned(), CA_SERIAL.to_owned()];
    let mut names: Vec<IdentityName> = draft.wishes.iter().map(|wish| wish.name.clone()).collect();
    if let Some(old) = old_certificate(settings, store)? {
        for (name, found) in scan(store, &old)? {
            match found {
                Found::Member(_) if !names.contains(&name) => names.push(name),
                Found::Broken(error @ Error::Read { .. }) => return Err(error),
                _ => {}
            }
        }
    }
    files.extend(names.iter().flat_map(|name| [name.key_file(), name.certificate_file()]));
    let mut present = Vec::new();
    for file in files {
        if store.has(&file)? {
            present.push(file);
        }
    }
    if present.is_empty() {
        return Ok(None);
    }
    let stamp: String = rfc3339(now).chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let mut name = stamp.clone();
    let mut number = 1;
    while store.has(&format!("{ARCHIVE}/{name}"))? {
        number += 1;
        name = format!("{stamp}-{number}");
    }
    Ok(Some(ArchivedSet { name, files: present }))
}

/// The certificate of the CA that is replaced; `None` if there is none, or none that makes sense.
fn old_certificate(settings: &Settings, store: &Store) -> Result<Option<Certificate>, Error> {
    let path = &settings.ca.certificate;
    let content = match store.read_path(path, LIMIT) {
        Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::Read { path: path.clone(), source: error.into() });
        }
        Err(_) => return Ok(None),
        Ok(content) => content,
    };
    let first = pem::certificates(&content).ok().and_then(|found| found.into_iter().next());
    Ok(first.and_then(|der| Certificate::from_der(der).ok()))
}
