//! The archive of the old files when `gen --replace-ca` creates a new CA.

use std::io;

use pki::input::{self, PkiObject, Unrecognized};
use pki::x509::{certificate::Certificate, pem, validity::rfc3339};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::{
    config::Settings,
    error::Error,
    issue::{changes::ArchivedSet, identity::IdentityName},
    path_text::PathText as _,
    report::Note,
    store::{ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, LIMIT, ReadError, Store},
};

/// The name of the archive and its files: the CA, and the identities of these names.
pub(super) fn plan(
    store: &Store,
    names: &[IdentityName],
    now: OffsetDateTime,
) -> Result<Option<ArchivedSet>, Error> {
    let mut files = vec![CA_KEY.to_owned(), CA_CERTIFICATE.to_owned(), CA_SERIAL.to_owned()];
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

/// An encrypted key is not replaced by a plain one.
pub(super) fn refuse_encrypted(settings: &Settings, store: &Store) -> Result<(), Error> {
    let path = &settings.ca.key;
    let content = match store.read_path(path, LIMIT) {
        // One that cannot be read could be encrypted.
        Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
            return Err(ReadError::from(error).at(path).into());
        }
        // What else it is decides where it is moved.
        Err(_) => return Ok(()),
        Ok(content) => Zeroizing::new(content),
    };
    let is_encrypted = match input::read(&content, None) {
        Ok(found) => found.iter().any(|one| {
            matches!(&one.object, PkiObject::PrivateKey(facts) if facts.form.starts_with("encrypted"))
        }),
        // By another program.
        Err(Unrecognized::Container(_) | Unrecognized::Opaque(_)) => true,
        Err(_) => false,
    };
    if is_encrypted { Err(Error::EncryptedCaKey { path: path.clone() }) } else { Ok(()) }
}

/// The certificate of the CA that is replaced; `None` if there is none, or none that can be parsed.
pub(super) fn old_certificate(
    settings: &Settings,
    store: &Store,
) -> Result<Option<Certificate>, Error> {
    let path = &settings.ca.certificate;
    let content = match store.read_path(path, LIMIT) {
        Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
            return Err(ReadError::from(error).at(path).into());
        }
        Err(_) => return Ok(None),
        Ok(content) => content,
    };
    let first = pem::certificates(&content).ok().and_then(|found| found.into_iter().next());
    Ok(first.and_then(|der| Certificate::from_der(der).ok()))
}

/// The notes on further certificates of the archived files, which the new files do not have. Those of the old CA
/// (`old`) and those that it signed are replaced, or named elsewhere.
pub(super) fn on_further(
    settings: &Settings,
    store: &Store,
    archive: &ArchivedSet,
    old: &Certificate,
) -> Vec<Note> {
    let is_kept = |one: &Certificate| one.subject() != old.subject() && !one.is_issued_by(old);
    let note = |file: &String| {
        file.strip_suffix(".pem")?;
        let content = store.read(file, LIMIT).ok()?;
        let found = Certificate::all_from_pem(&content).ok()?;
        let further = found.iter().skip(1).filter(|one| is_kept(one));
        let subjects: Vec<String> = further.map(|one| format!("`{}`", one.subject())).collect();
        if subjects.is_empty() {
            return None;
        }
        let [path, kept] = [file.clone(), format!("{ARCHIVE}/{}/{file}", archive.name)]
            .map(|file| settings.store.path(&file).shown());
        Some(Note::warning(
            format!(
                "the new `{path}` lacks the further certificates of the old one: {}; they go to \
                `{kept}`",
                subjects.join(", ")
            ),
            None,
        ))
    };
    archive.files.iter().filter_map(note).collect()
}
