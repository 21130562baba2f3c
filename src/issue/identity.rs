//! The identities of a directory: `NAME.pem`, usually with `NAME.key`.

use std::{collections::HashSet, path::Path};

use pki::{
    input::{self, LocatedObject, PkiObject},
    x509::{
        certificate::Certificate,
        key::PrivateKey,
        name::ComparableName,
        pem,
        serial::Serial,
        signature::{self, SignatureError},
    },
};
use zeroize::Zeroizing;

use super::{error::IssueError, folders::is_unread};
pub(crate) use crate::store::{IdentityName, without_extension};
use crate::{
    parallel,
    store::{LIMIT, ReadError, Store, StoreError},
};

/// An end-entity certificate of the directory that the CA signed.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) name: IdentityName,
    pub(crate) certificate: Certificate,
    /// The further certificates of the file, DER: the chain above the first.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The content of the file, if it is DER or has more than its certificate: a renewal replaces that alone.
    pub(crate) content: Option<Vec<u8>>,
    /// Whether `NAME.key` exists; certificates that `sign` issued have none.
    pub(crate) has_key: bool,
}

/// What a file `NAME.pem` of the directory contains.
#[derive(Debug)]
pub(crate) enum ScanResult {
    /// The CA signed it.
    Member(Box<Identity>),
    /// A readable certificate of another issuer, or a CA certificate.
    Foreign { has_key: bool, certificate: Box<Certificate> },
    /// Unreadable, and it is or can be the file of an identity (renew.sh leaves 0-byte certificates when it
    /// fails).
    Broken(IssueError),
    /// No certificate and no key file; with the reason, if it is known.
    Other(Option<Box<IssueError>>),
}

impl ScanResult {
    pub(crate) fn member(&self) -> Option<&Identity> {
        match self {
            Self::Member(identity) => Some(identity),
            _ => None,
        }
    }
}

impl Identity {
    /// Reads the identity of a name, and verifies that the CA signed it.
    pub(crate) fn find(
        store: &Store,
        ca: &Certificate,
        name: &IdentityName,
        has_key: bool,
    ) -> ScanResult {
        match read(store, name) {
            Ok((certificate, chain, content))
                if certificate.is_issued_by_equal_name(ca) && !certificate.is_ca() =>
            {
                ScanResult::Member(Box::new(Self {
                    name: name.clone(),
                    certificate,
                    chain,
                    content,
                    has_key,
                }))
            }
            Ok((certificate, ..)) => {
                ScanResult::Foreign { has_key, certificate: Box::new(certificate) }
            }
            Err(error @ IssueError::Store(StoreError::Read { source: ReadError::Io(_), .. })) => {
                ScanResult::Broken(error)
            }
            Err(error) if has_key => ScanResult::Broken(error),
            Err(error) => ScanResult::Other(Some(Box::new(error))),
        }
    }

    /// The key of the identity; an error if it does not belong to the certificate.
    pub(crate) fn key(&self, store: &Store) -> Result<PrivateKey, IssueError> {
        let path = store.path(&self.name.key_file());
        let key = read_key(store, &path)?;
        if key.public() == self.certificate.public_key() {
            return Ok(key);
        }
        Err(IssueError::KeyMismatch {
            certificate: store.path(&self.name.certificate_file()),
            key: path,
        })
    }
}

/// The highest serial of the certificates in the directory that this CA issued.
pub(crate) fn highest_serial<'a>(identities: impl Iterator<Item = &'a Identity>) -> Option<Serial> {
    identities.filter_map(|identity| identity.certificate.serial()).max()
}

/// Checks every `NAME.pem` of the directory, in the order of the names.
pub(crate) fn scan(
    store: &Store,
    ca: &Certificate,
) -> Result<Vec<(IdentityName, ScanResult)>, IssueError> {
    let files = store.files()?;
    let names = files
        .iter()
        .filter_map(|file| file.strip_suffix(".pem"))
        .filter_map(|name| name.parse::<IdentityName>().ok())
        .collect();
    let present: HashSet<&str> = files.iter().map(String::as_str).collect();
    let mut found = parallel::map(names, |name| {
        let has_key = present.contains(&*name.key_file());
        let found = match Identity::find(store, ca, &name, has_key) {
            // A second name of a file that the scan finds itself.
            ScanResult::Member(_) if !has_key && store.links_within(&name.certificate_file()) => {
                ScanResult::Other(None)
            }
            found => found,
        };
        (name, found)
    });
    without_targets(store, &mut found);
    Ok(found)
}

/// The target of the link `NAME.pem` is the file of that identity, which has the key, and not another one.
fn without_targets(store: &Store, found: &mut [(IdentityName, ScanResult)]) {
    let with_key = |wanted: bool, found: &ScanResult| {
        found.member().is_some_and(|member| member.has_key == wanted)
    };
    if !found.iter().any(|(_, found)| with_key(false, found)) {
        return;
    }
    let id = |name: &IdentityName| store.file_id(&name.certificate_file());
    let own: HashSet<(u64, u64)> = found
        .iter()
        .filter(|(_, found)| with_key(true, found))
        .filter_map(|(name, _)| id(name))
        .collect();
    for (name, found) in found.iter_mut().filter(|(_, found)| with_key(false, found)) {
        if id(name).is_some_and(|id| own.contains(&id)) {
            *found = ScanResult::Other(None);
        }
    }
}

/// Reads a private key file, in or outside of the directory. Regular files only.
pub(crate) fn read_key(store: &Store, path: &Path) -> Result<PrivateKey, IssueError> {
    let content = store.read_path(path, LIMIT).map(Zeroizing::new);
    let content = content.map_err(|source| source.at(path))?;
    parse_key(path, &content)
}

/// The private key in a file, PEM or DER.
pub(crate) fn parse_key(path: &Path, content: &[u8]) -> Result<PrivateKey, IssueError> {
    let key = if content.starts_with(&[0x30]) {
        PrivateKey::from_der(content)
    } else {
        PrivateKey::from_pem(content)
    };
    key.map_err(|source| IssueError::Key { path: path.to_owned(), source })
}

/// The certificate of an identity, the chain above it, and the content of the file if that is more.
type IdentityFile = (Certificate, Vec<Vec<u8>>, Option<Vec<u8>>);

fn read(store: &Store, name: &IdentityName) -> Result<IdentityFile, IssueError> {
    let file = name.certificate_file();
    let path = store.path(&file);
    let content = store.read(&file, LIMIT).map_err(|source| source.at(&path))?;
    let (certificate, chain) = certificate_and_chain(&path, &content)?;
    if content == pem::encode("CERTIFICATE", certificate.der()).as_bytes() {
        return Ok((certificate, chain, None));
    }
    // A renewal must not lose what cannot be read.
    for LocatedObject { location, object, .. } in input::read(&content, None).unwrap_or_default() {
        if let PkiObject::Broken { what, reason: source } = object
            && is_unread(what, &path)
        {
            return Err(IssueError::malformed(&path, location.as_ref(), what, source));
        }
    }
    Ok((certificate, chain, Some(content)))
}

/// Whether issuer and key identifier of a certificate are those of the CA, and its signature has an algorithm
/// that cannot be verified here, so that nothing contradicts them.
pub(crate) fn seems_issued_by(certificate: &Certificate, ca: &Certificate) -> bool {
    let key_id = certificate.authority_key_id();
    let is_named =
        || ComparableName::from(certificate.issuer()) == ComparableName::from(ca.subject());
    if key_id.is_none() || key_id != ca.subject_key_id() || !is_named() {
        return false;
    }
    let (Some(tbs), Some(octets)) = (certificate.tbs(), certificate.signature()) else {
        return false;
    };
    let algorithm = certificate.signature_algorithm();
    signature::verify(algorithm, ca.public_key(), tbs, octets)
        .is_err_and(|error| error != SignatureError::Wrong)
        && !certificate.is_issued_by_equal_name(ca)
}

/// The certificates of an identity's file: its own, which is the first, and the chain above (DER).
pub(super) fn certificate_and_chain(
    path: &Path,
    content: &[u8],
) -> Result<(Certificate, Vec<Vec<u8>>), IssueError> {
    let path = path.to_owned();
    if pem::holds_private_key(content) {
        return Err(IssueError::KeyInside { path });
    }
    let mut certificates = pem::certificates(content)
        .map_err(|source| IssueError::Certificate { path: path.clone(), source: source.into() })?
        .into_iter();
    let first = certificates.next().unwrap_or_default();
    let certificate = Certificate::from_strict_der(first)
        .map_err(|source| IssueError::Certificate { path, source: source.into() })?;
    Ok((certificate, certificates.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names_and_nothing_else() {
        let long = "a".repeat(64);
        let fits = "a".repeat(63);
        for good in ["server", "redis-1", "a.b_c", "0", "com10", "console", &fits] {
            assert!(good.parse::<IdentityName>().is_ok(), "{good}");
        }
        for bad in [
            "", "../x", "/abs", "a/b", "..", ".x", "-x", "a b", "a\0", "ü", "CA", "ca", "Archive",
            "CON", "nul.txt", "COM1", "lpt9.x", &long,
        ] {
            assert!(bad.parse::<IdentityName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_that_differ_only_in_case_are_equal() {
        let [one, other]: [IdentityName; 2] = ["Redis", "redis"].map(|name| name.parse().unwrap());
        assert_eq!(one, other);
    }
}
