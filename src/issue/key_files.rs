//! The private keys of the directory: which file has which key, and whether a new key may replace it.

use std::{collections::HashMap, io, sync::OnceLock};

use pki::{
    input::{self, LocatedObject, PkiObject},
    x509::{key::PublicKey, pem},
};

use super::{
    error::IssueError,
    folders::{look_at_all, read},
    identity::Identity,
    layout::folder_of,
};
use crate::store::{CA_KEY, ReadError, Store};

/// Which files have the private key of a public key, and which have a certificate for it. The files are
/// read at the first query.
pub(crate) struct KeyFiles<'a> {
    store: &'a Store,
    index: OnceLock<HashMap<Vec<u8>, Files>>,
}

/// The files of the directory that belong to one public key.
#[derive(Default)]
struct Files {
    /// Files with only that private key.
    keys: Vec<String>,
    /// Files with an end-entity certificate for it.
    certificates: Vec<String>,
}

impl<'a> KeyFiles<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, index: OnceLock::new() }
    }

    /// The file with only that key, if possible in the folder of `beside`. Encrypted keys are not found,
    /// because their public key is not readable.
    pub(crate) fn find(&self, key: &PublicKey, beside: &str) -> Option<&str> {
        let keys = &self.index().get(key.spki())?.keys;
        let is_beside = |file: &&String| folder_of(file) == folder_of(beside);
        keys.iter().find(is_beside).or(keys.first()).map(String::as_str)
    }

    /// Whether the folder of a key file also has a certificate for that key: a service uses the pair there.
    pub(crate) fn is_pair_in_folder(&self, file: &str, key: &PublicKey) -> bool {
        let folder = folder_of(file);
        let is_beside = |other: &String| folder_of(other) == folder;
        let files = self.index().get(key.spki());
        !folder.is_empty() && files.is_some_and(|files| files.certificates.iter().any(is_beside))
    }

    /// Whether a file has a certificate for that key.
    pub(crate) fn certifies(&self, file: &str, key: &PublicKey) -> bool {
        let files = self.index().get(key.spki());
        files.is_some_and(|files| files.certificates.iter().any(|other| other == file))
    }

    /// The certificate of another identity whose only key is in that file.
    pub(crate) fn only_key_of(&self, file: &str) -> Option<&str> {
        let files = self.index().values().find(|files| files.keys == [file])?;
        files.certificates.first().map(String::as_str)
    }

    fn index(&self) -> &HashMap<Vec<u8>, Files> {
        self.index.get_or_init(|| {
            let seen = look_at_all(
                self.store,
                |_| false,
                |file, content| Some((input::read(&content.ok()?, None).ok()?, file.to_owned())),
            );
            let found = seen.map(|(found, _)| found).unwrap_or_default();
            let mut index: HashMap<Vec<u8>, Files> = HashMap::new();
            for (found, file) in found.into_iter().flatten() {
                let is_key = |one: &LocatedObject| {
                    matches!(one.object, PkiObject::PrivateKey(_)) && one.location.is_none()
                };
                let is_key_file = file != CA_KEY && found.iter().all(is_key);
                let mut has_key = false;
                for one in found {
                    match one.object {
                        PkiObject::PrivateKey(facts) if is_key_file && !has_key => {
                            let Some(public) = facts.public else { continue };
                            let files = index.entry(public.spki().to_vec()).or_default();
                            files.keys.push(file.clone());
                            has_key = true;
                        }
                        PkiObject::Certificate(certificate) if !certificate.is_ca() => {
                            let public = certificate.public_key().spki().to_vec();
                            index.entry(public).or_default().certificates.push(file.clone());
                        }
                        _ => {}
                    }
                }
            }
            index
        })
    }
}

/// The state of `NAME.key` of an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyState {
    Missing,
    /// A new key may replace it: it is readable, or empty.
    Plain,
    /// As [`KeyState::Plain`], but it belongs to another certificate.
    Other,
    Encrypted,
    /// Not a private key that certctl can read; it may be encrypted by another program.
    Unknown,
    /// It also has this, which a new key file would not have.
    Mixed(&'static str),
}

impl KeyState {
    /// An error if the file cannot be read: an unread file must not be replaced.
    pub(crate) fn of(store: &Store, identity: &Identity) -> Result<Self, IssueError> {
        if !identity.has_key {
            return Ok(Self::Missing);
        }
        let file = identity.name.key_file();
        match read(store, &file) {
            Ok(content) => Ok(Self::of_content(&content, identity.certificate.public_key())),
            Err(ReadError::Io(error)) if error.kind() != io::ErrorKind::NotFound => {
                Err(ReadError::from(error).at(store.path(&file)).into())
            }
            Err(ReadError::TooLarge(_)) => Ok(Self::Unknown),
            // Links and special files are refused when the new file is prepared.
            Err(_) => Ok(Self::Plain),
        }
    }

    fn of_content(content: &[u8], wanted: &PublicKey) -> Self {
        let found = match input::read(content, None) {
            Err(input::Unrecognized::Empty) => return Self::Plain,
            found => found.unwrap_or_default(),
        };
        let mut keys = found.iter().filter_map(|one| match &one.object {
            PkiObject::PrivateKey(facts) => Some(facts),
            _ => None,
        });
        match keys.next() {
            None => Self::Unknown,
            Some(facts) if facts.form.starts_with("encrypted") => Self::Encrypted,
            Some(facts) => match beside_key(content, &found) {
                Some(what) => Self::Mixed(what),
                None if facts.public.as_ref().is_some_and(|key| key != wanted) => Self::Other,
                None => Self::Plain,
            },
        }
    }
}

/// What a file with a private key also has. Text is not content, and OpenSSL writes `EC PARAMETERS` before a
/// key.
fn beside_key(content: &[u8], found: &[LocatedObject]) -> Option<&'static str> {
    let mut keys = 0;
    for LocatedObject { location, object, .. } in found {
        keys += usize::from(matches!(object, PkiObject::PrivateKey(_)));
        match object {
            _ if location.is_some() => return Some("content of another format"),
            PkiObject::PrivateKey(_) if keys == 1 => {}
            PkiObject::PrivateKey(_) => return Some("another private key"),
            PkiObject::Certificate(_) => return Some("a certificate"),
            PkiObject::Request(_) => return Some("a certificate request"),
            PkiObject::RevocationList(_) => return Some("a revocation list"),
            PkiObject::PublicKey(_) => return Some("a public key"),
            PkiObject::Broken { .. } | PkiObject::Misplaced(_) => {
                return Some("content that cannot be read");
            }
        }
    }
    let is_other = |label: &str| label != "EC PARAMETERS" && !label.ends_with("PRIVATE KEY");
    let is_more = pem::blocks(content).filter_map(|block| block.label()).any(is_other);
    is_more.then_some("another PEM block")
}
