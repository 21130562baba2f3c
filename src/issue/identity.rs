//! The identities of a directory: `NAME.pem`, usually with `NAME.key`.

use std::{collections::HashSet, fmt, path::Path, str::FromStr};

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

use super::folders::is_unread;
use crate::{
    error::Error,
    parallel,
    store::{LIMIT, ReadError, Store, StoreError},
};

/// Reserved names: `ca` is the CA, `archive/` contains old sets.
const RESERVED: [&str; 2] = ["ca", "archive"];

/// File names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of an identity: the base name of its files `NAME.pem` and `NAME.key`.
///
/// `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 63 characters; two names that differ only in case are equal,
/// since some file systems do not distinguish them.
#[derive(Clone, Debug)]
pub(crate) struct IdentityName(String);

/// Why a text is not a valid name of an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    #[error("the name of an identity is empty")]
    Empty,
    #[error("`{0}` is {1} characters long, at most 63 are allowed")]
    TooLong(String, usize),
    #[error(
        "`{0}` is not a valid identity name: letters, digits, `.`, `_` and `-`, a letter or digit first"
    )]
    Character(String),
    #[error("`{0}` is reserved: certctl uses that name for its own files")]
    Reserved(String),
    #[error("`{0}` is a device name on some systems, so it cannot be a file name")]
    Device(String),
}

impl IdentityName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Equal for equal names.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    pub(crate) fn certificate_file(&self) -> String {
        format!("{}.pem", self.0)
    }

    pub(crate) fn key_file(&self) -> String {
        format!("{}.key", self.0)
    }

    pub(crate) fn request_file(&self) -> String {
        format!("{}.csr", self.0)
    }
}

impl FromStr for IdentityName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let shown = || text.chars().take(63).collect::<String>().escape_debug().to_string();
        let length = text.chars().count();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let lower = text.to_ascii_lowercase();
        let stem = lower.split('.').next().unwrap_or_default();
        let port = |prefix| {
            stem.strip_prefix(prefix).is_some_and(|rest: &str| {
                rest.len() == 1 && rest.bytes().all(|digit| matches!(digit, b'1'..=b'9'))
            })
        };
        if text.is_empty() {
            Err(NameError::Empty)
        } else if length > 63 {
            Err(NameError::TooLong(shown(), length))
        } else if !text.chars().all(plain) || !text.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            Err(NameError::Character(shown()))
        } else if RESERVED.contains(&&*lower) {
            Err(NameError::Reserved(shown()))
        } else if DEVICES.contains(&stem) || port("com") || port("lpt") {
            Err(NameError::Device(shown()))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

/// The name of the identity of a file: `server` for `server.pem` and `server.key`.
pub(crate) fn without_extension(file: &str) -> Option<&str> {
    file.strip_suffix(".pem").or_else(|| file.strip_suffix(".key"))
}

/// Parses the name of an existing identity, which may be the name of one of its files.
pub(crate) fn parse_existing(text: &str) -> Result<IdentityName, NameError> {
    without_extension(text).unwrap_or(text).parse()
}

impl PartialEq for IdentityName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Display for IdentityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An end-entity certificate of the directory that the CA signed.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) name: IdentityName,
    pub(crate) certificate: Certificate,
    /// The further certificates of the file, DER: the chain above the first.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The content of the file, if it is PEM and has more than its certificate: a renewal replaces that alone.
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
    Broken(Error),
    /// No certificate and no key file; with the reason, if it is known.
    Other(Option<Box<Error>>),
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
            Err(error @ Error::Store(StoreError::Read { source: ReadError::Io(_), .. })) => {
                ScanResult::Broken(error)
            }
            Err(error) if has_key => ScanResult::Broken(error),
            Err(error) => ScanResult::Other(Some(Box::new(error))),
        }
    }

    /// The key of the identity; an error if it does not belong to the certificate.
    pub(crate) fn key(&self, store: &Store) -> Result<PrivateKey, Error> {
        let path = store.path(&self.name.key_file());
        let key = read_key(store, &path)?;
        if key.public() == self.certificate.public_key() {
            return Ok(key);
        }
        Err(Error::KeyMismatch {
            certificate: store.path(&self.name.certificate_file()),
            key: path,
            of_ca: false,
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
) -> Result<Vec<(IdentityName, ScanResult)>, Error> {
    let files = store.files()?;
    let names = files
        .iter()
        .filter_map(|file| file.strip_suffix(".pem"))
        .filter_map(|name| name.parse::<IdentityName>().ok())
        .collect();
    let present: HashSet<&str> = files.iter().map(String::as_str).collect();
    Ok(parallel::map(names, |name| {
        let has_key = present.contains(&*name.key_file());
        let found = match Identity::find(store, ca, &name, has_key) {
            // A second name of a file that the scan finds itself.
            ScanResult::Member(_) if !has_key && store.links_within(&name.certificate_file()) => {
                ScanResult::Other(None)
            }
            found => found,
        };
        (name, found)
    }))
}

/// Reads a private key file, in or outside of the directory. Regular files only.
pub(crate) fn read_key(store: &Store, path: &Path) -> Result<PrivateKey, Error> {
    let content = store.read_path(path, LIMIT).map(Zeroizing::new);
    let content = content.map_err(|source| source.at(path))?;
    parse_key(path, &content)
}

/// The private key in a file, PEM or DER.
pub(crate) fn parse_key(path: &Path, content: &[u8]) -> Result<PrivateKey, Error> {
    let key = if content.starts_with(&[0x30]) {
        PrivateKey::from_der(content)
    } else {
        PrivateKey::from_pem(content)
    };
    key.map_err(|source| Error::Key { path: path.to_owned(), source })
}

/// The certificate of an identity, the chain above it, and the content of the file if that is more.
type IdentityFile = (Certificate, Vec<Vec<u8>>, Option<Vec<u8>>);

fn read(store: &Store, name: &IdentityName) -> Result<IdentityFile, Error> {
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
            let within = location.map(|location| location.to_string());
            return Err(Error::Malformed { path, within, what, source });
        }
    }
    let is_pem = pem::blocks(&content).next().is_some();
    Ok((certificate, chain, is_pem.then_some(content)))
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
) -> Result<(Certificate, Vec<Vec<u8>>), Error> {
    let path = path.to_owned();
    if pem::holds_private_key(content) {
        return Err(Error::KeyInside { path });
    }
    let mut certificates = pem::certificates(content)
        .map_err(|source| Error::Certificate { path: path.clone(), source: source.into() })?
        .into_iter();
    let first = certificates.next().unwrap_or_default();
    let certificate = Certificate::from_strict_der(first)
        .map_err(|source| Error::Certificate { path, source: source.into() })?;
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
