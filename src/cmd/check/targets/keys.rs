//! The private key of a certificate: in its file, beside it, or in the file of `--key`.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use pki::{
    input::{self, LocatedObject, Location, PkiObject, PrivateKeySummary},
    x509::certificate::Certificate,
};
use zeroize::Zeroizing;

use super::key_names;
use crate::{
    error::Error,
    store::{self, LIMIT, ReadError},
};

/// The private key of a subject.
#[derive(Clone)]
pub(in crate::cmd::check) enum Key {
    /// None is expected.
    NotExpected,
    Missing(PathBuf),
    /// Servers cannot read it, and why.
    Unreadable(PathBuf, String),
    /// A private key of a type that certctl does not know.
    Unknown(PathBuf),
    /// This user may not read it.
    Denied(PathBuf),
    Found {
        name: String,
        path: PathBuf,
        facts: PrivateKeySummary,
        mode: Option<u32>,
    },
}

impl Key {
    pub(super) fn belongs_to(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Found { facts, .. } => facts.public.as_ref() == Some(certificate.public_key()),
            _ => false,
        }
    }

    /// Whether a TLS server could read it: OpenSSH keys are for another use.
    pub(super) fn is_of_tls(&self) -> bool {
        matches!(self, Self::Found { facts, .. } if !facts.form.contains("OpenSSH"))
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::NotExpected => Path::new(""),
            Self::Missing(path)
            | Self::Unreadable(path, _)
            | Self::Unknown(path)
            | Self::Denied(path)
            | Self::Found { path, .. } => path,
        }
    }
}

/// The key of the same source: the one with the name of the certificate, which is `within`, else
/// the one that belongs to it, else any.
pub(super) fn among(
    keys: &[(Option<Location>, PrivateKeySummary)],
    within: Option<&Location>,
    certificate: &Certificate,
    path: &Path,
) -> Option<Key> {
    let belongs =
        |facts: &PrivateKeySummary| facts.public.as_ref() == Some(certificate.public_key());
    let (within, facts) = named(keys, within)
        .or_else(|| keys.iter().find(|(_, facts)| belongs(facts)))
        .or_else(|| keys.first())?;
    let mode = within.is_none().then(|| mode_of(path)).flatten();
    let name = shown(path, within.as_ref());
    Some(Key::Found { name, path: path.to_owned(), facts: facts.clone(), mode })
}

/// The key with the name of the certificate in a Secret or kubeconfig: `tls.key` for `tls.crt`.
pub(super) fn named<'a>(
    keys: &'a [(Option<Location>, PrivateKeySummary)],
    certificate: Option<&Location>,
) -> Option<&'a (Option<Location>, PrivateKeySummary)> {
    let name = input::key_name(&certificate?.entry)?;
    keys.iter().find(|(within, _)| within.as_ref().is_some_and(|within| within.entry == name))
}

/// The key files that match the name of a certificate file, the likeliest first.
pub(super) fn beside(certificate: &Path) -> Vec<Key> {
    if certificate == Path::new("-") {
        return Vec::new();
    }
    key_names::beside(certificate).iter().map(|path| read(path)).collect()
}

pub(super) fn read(path: &Path) -> Key {
    if path.symlink_metadata().is_err() {
        return Key::Missing(path.to_owned());
    }
    let unreadable = |reason: String| Key::Unreadable(path.to_owned(), reason);
    let content = match store::read_regular(path, LIMIT).map(Zeroizing::new) {
        Ok(content) => content,
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Key::Denied(path.to_owned());
        }
        Err(error) => return unreadable(error.to_string()),
    };
    let mut reason = "it has no private key".to_owned();
    for LocatedObject { object, form, .. } in input::read(&content, None).unwrap_or_default() {
        match (object, form.iter().find(|fault| !fault.is_read_by_openssl())) {
            (PkiObject::PrivateKey(_), Some(fault)) => reason = fault.to_string(),
            (PkiObject::PrivateKey(facts), None) => return found(path, facts),
            (PkiObject::Broken { what: "private key", reason: broken }, _) => {
                reason = broken.to_string();
            }
            _ => continue,
        }
        return unreadable(reason);
    }
    // Keys in a TPM or a token have labels of their own.
    let is_labelled = content.windows(16).any(|part| part == b"PRIVATE KEY-----");
    if is_labelled { Key::Unknown(path.to_owned()) } else { unreadable(reason) }
}

/// Why the key that `--key` names cannot be compared with anything.
pub(super) fn unusable(path: &Path) -> Option<Error> {
    let path = path.to_owned();
    match read(&path) {
        Key::Missing(_) => Some(Error::NoInput { path }),
        Key::Denied(_) => {
            let denied = io::Error::from(io::ErrorKind::PermissionDenied);
            Some(ReadError::from(denied).at(path).into())
        }
        Key::Unreadable(..) | Key::Unknown(_) => {
            let reason = "it has no readable private key".to_owned();
            Some(Error::NothingToCheck { path, reason })
        }
        Key::Found { .. } | Key::NotExpected => None,
    }
}

/// A private key that was read from a file.
pub(super) fn found(path: &Path, facts: PrivateKeySummary) -> Key {
    Key::Found { name: shown(path, None), path: path.to_owned(), facts, mode: mode_of(path) }
}

fn mode_of(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|data| data.mode() & 0o777)
}

/// A file, and where in it an object is, as text.
pub(super) fn shown(path: &Path, within: Option<&Location>) -> String {
    let path = pki::x509::escape::escape_line(&path.to_string_lossy());
    match within {
        Some(within) => format!("{path}: {within}"),
        None => path,
    }
}
