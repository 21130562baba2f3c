//! The archive of the old files when `gen --replace-ca` creates a new CA.

use std::{io, path::Path};

use pki::input::{self, PkiObject, Unrecognized};
use pki::x509::{certificate::Certificate, pem, validity::rfc3339};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{changes::ArchivedSet, error::IssueError, identity::IdentityName};
use crate::{
    hint::Note,
    path_text::PathText as _,
    store::{ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, LIMIT, ReadError, Store},
};

/// The files of the CA, and of the identities of these names.
pub(crate) fn files_of_set(names: &[IdentityName]) -> Vec<String> {
    let ca = [CA_KEY, CA_CERTIFICATE, CA_SERIAL].map(str::to_owned);
    ca.into_iter().chain(names.iter().flat_map(IdentityName::files)).collect()
}

/// The name of the archive and its files: the CA, and the identities of these names.
pub(crate) fn plan(
    store: &Store,
    names: &[IdentityName],
    now: OffsetDateTime,
) -> Result<Option<ArchivedSet>, IssueError> {
    let present = store.existing(files_of_set(names))?;
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

/// The content of a file of the old CA; `None` if it is missing, or not a file.
fn read(store: &Store, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, IssueError> {
    match store.read_path(path, LIMIT) {
        // A key that cannot be read could be encrypted.
        Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
            Err(ReadError::from(error).at(path).into())
        }
        content => Ok(content.ok().map(Zeroizing::new)),
    }
}

/// An encrypted key of the CA is not replaced by a plain one.
pub(crate) fn refuse_encrypted(store: &Store, path: &Path) -> Result<(), IssueError> {
    let Some(content) = read(store, path)? else { return Ok(()) };
    let is_encrypted = match input::read(&content, None) {
        Ok(found) => found.iter().any(|one| {
            matches!(&one.object, PkiObject::PrivateKey(facts) if facts.form.starts_with("encrypted"))
        }),
        // By another program.
        Err(Unrecognized::Container(_) | Unrecognized::Opaque(_)) => true,
        Err(_) => false,
    };
    if is_encrypted { Err(IssueError::EncryptedCaKey { path: path.to_owned() }) } else { Ok(()) }
}

/// The certificate of the CA that is replaced; `None` if there is none, or none that can be parsed.
pub(crate) fn old_certificate(
    store: &Store,
    path: &Path,
) -> Result<Option<Certificate>, IssueError> {
    let Some(content) = read(store, path)? else { return Ok(None) };
    let first = pem::certificates(&content).ok().and_then(|found| found.into_iter().next());
    Ok(first.and_then(|der| Certificate::from_der(der).ok()))
}

/// The notes on further certificates of the archived files, which the new files do not have. Those of the old CA
/// (`old`) and those that it signed are replaced, or named elsewhere.
pub(crate) fn on_further(store: &Store, archive: &ArchivedSet, old: &Certificate) -> Vec<Note> {
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
            .map(|file| store.path(&file).shown());
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
