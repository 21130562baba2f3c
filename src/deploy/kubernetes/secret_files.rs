//! The files of a Secret, and the reasons to refuse them.

use std::{path::PathBuf, str::FromStr};

use pki::{
    input::{self, ObjectError, PkiObject},
    x509::{
        certificate::{Certificate, CertificateError},
        escape::thousands,
        hex::hex,
        key::PublicKey,
        pem::{self, PemError},
    },
};
use zeroize::Zeroizing;

use super::metadata::DataKey;
use crate::{
    deploy::error::{DeployError, UnmetRequirement},
    hint::Hint,
    issue::{error::IssueError, identity::parse_key},
    path_text::PathText as _,
    store::{self, ReadError},
};

/// All that a Secret may hold, in octets (`MaxSecretSize` of k8s.io/api/core/v1).
pub(crate) const SECRET_LIMIT: usize = 1 << 20;

/// A file, and the key of the Secret that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileEntry {
    pub(crate) key: DataKey,
    pub(crate) path: PathBuf,
}

/// As `kubectl create secret --from-file`: the key is the file's own name, unless one is given.
impl FromStr for FileEntry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, path) = match text.split_once('=') {
            Some((key, path)) => (Some(key), path),
            None => (None, text),
        };
        if path.contains('=') {
            return Err("neither key nor path can contain `=`".to_owned());
        }
        let path = PathBuf::from(path);
        let own = || path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let key = key.unwrap_or_else(own);
        if key.is_empty() || path.file_name().is_none() {
            return Err("it is not PATH or KEY=PATH".to_owned());
        }
        let key = key.parse::<DataKey>().map_err(|error| error.to_string())?;
        Ok(Self { key, path })
    }
}

/// A file and the objects in it.
#[derive(Debug)]
pub(crate) struct Content {
    /// Under which the Secret holds it.
    pub(crate) key: DataKey,
    pub(crate) path: PathBuf,
    /// Octet by octet.
    pub(crate) octets: Zeroizing<Vec<u8>>,
    /// In the order of the file.
    pub(crate) certificates: Vec<Certificate>,
    /// The public halves of its private keys.
    pub(crate) private_keys: Vec<PublicKey>,
    /// It requires a password, so its content is not known.
    pub(crate) is_locked: bool,
}

impl Content {
    /// Reads a regular file. It may have no certificates and no keys.
    ///
    /// An error where a certificate is malformed or in a PEM form that OpenSSL cannot read, or a private key is encrypted or cannot be read:
    /// its certificate is not known.
    pub(crate) fn read(entry: &FileEntry) -> Result<Self, DeployError> {
        let FileEntry { key, path } = entry.clone();
        let octets = match store::read_regular(&path, SECRET_LIMIT as u64) {
            Ok(octets) => Zeroizing::new(octets),
            Err(ReadError::TooLarge(_)) => return Err(too_large(&format!("`{}`", path.shown()))),
            Err(ReadError::NotRegular(kind)) => {
                let message = format!("`{}` is {kind}, not a regular file", path.shown());
                let hint = "write what it holds to a file first, and name that";
                return Err(UnmetRequirement::new(message, hint).into());
            }
            Err(source) => return Err(source.at(path).into()),
        };
        let mut content = Self {
            key,
            path,
            octets,
            certificates: Vec::new(),
            private_keys: Vec::new(),
            is_locked: false,
        };
        for found in input::read(&content.octets, None).unwrap_or_default() {
            let fault = found.form.iter().find(|fault| !fault.is_read_by_openssl());
            if let (Some(fault), PkiObject::Certificate(_)) = (fault, &found.object) {
                let source = PemError::Form(*fault).into();
                return Err(IssueError::Certificate { path: content.path, source }.into());
            }
            let within = found.location.map(|within| within.to_string());
            content.take(found.object, within)?;
        }
        // Whatever its label says.
        if content.private_keys.is_empty() && pem::holds_private_key(&content.octets) {
            content.private_keys.push(content.parse_key()?);
        }
        Ok(content)
    }

    fn take(&mut self, object: PkiObject, within: Option<String>) -> Result<(), DeployError> {
        match object {
            PkiObject::Certificate(certificate) => {
                if let Some(fault) = certificate.der_fault() {
                    let source = CertificateError::from(fault.clone()).into();
                    return Err(IssueError::Certificate { path: self.path.clone(), source }.into());
                }
                self.certificates.push(*certificate);
            }
            PkiObject::PrivateKey(facts) => {
                let public = facts.public.map_or_else(|| self.parse_key(), Ok)?;
                self.private_keys.push(public);
            }
            PkiObject::Broken { reason: ObjectError::Locked, .. } => self.is_locked = true,
            PkiObject::Broken { what: what @ ("certificate" | "private key"), reason: source } => {
                if what == "private key" && within.is_none() {
                    self.parse_key()?;
                }
                return Err(IssueError::Malformed {
                    path: self.path.clone(),
                    within: within.map(Into::into),
                    what,
                    source,
                }
                .into());
            }
            _ => {}
        }
        Ok(())
    }

    /// The reader of signing keys reports why one cannot be used.
    fn parse_key(&self) -> Result<PublicKey, IssueError> {
        parse_key(&self.path, &self.octets).map(|key| key.public().clone())
    }
}

/// Why a Secret must not have these files: the key of a CA, a private key of another certificate.
///
/// `authorities` are CAs besides those among the files.
pub(crate) fn unmet(contents: &[Content], authorities: &[PublicKey]) -> Vec<UnmetRequirement> {
    let certificates = || contents.iter().flat_map(|content| &content.certificates);
    let is_authority = |key: &PublicKey| {
        authorities.contains(key)
            || certificates().any(|one| one.is_ca() && one.public_key() == key)
    };
    let mut unmet = Vec::new();
    for content in contents {
        for key in &content.private_keys {
            if is_authority(key) {
                let path = content.path.shown();
                unmet.push(UnmetRequirement::new(
                    format!(
                        "`{path}` holds the private key of the CA: its holder can impersonate \
                        any server"
                    ),
                    Hint::from("leave it out; for cert-manager there is ")
                        .run("k8s issuer --out-file FILE"),
                ));
            } else if !certificates().any(|one| one.public_key() == key) {
                unmet.extend(strange_key(content, key, contents));
            }
        }
    }
    unmet.dedup();
    unmet
}

/// Why a Secret cannot be created: too large.
pub(crate) fn too_large(what: &str) -> DeployError {
    let limit = thousands(SECRET_LIMIT);
    UnmetRequirement::new(
        format!("{what} is too large: a Secret holds at most {limit} bytes"),
        Hint::from("put into it only what the service reads: ").run("k8s secret --file PATH"),
    )
    .into()
}

/// A private key of none of the certificates; `None` if there are none but those of CAs.
fn strange_key(
    content: &Content,
    key: &PublicKey,
    contents: &[Content],
) -> Option<UnmetRequirement> {
    let leaf = |other: &'_ Content| {
        other.certificates.iter().find(|certificate| !certificate.is_ca()).cloned()
    };
    let stem = content.path.file_stem();
    let like_named =
        contents.iter().find(|other| other.path.file_stem() == stem && leaf(other).is_some());
    let name = like_named.and(stem).and_then(|stem| stem.to_str());
    let renew = name
        .map(|name| Hint::from("; ").run(format!("renew {name}")).then(" makes a pair that fits"));
    let hint = Hint::from("take both files of one identity").and(renew.unwrap_or_default());
    let (path, leaf) = like_named
        .into_iter()
        .chain(contents)
        .find_map(|other| Some((other.path.shown(), leaf(other)?)))?;
    let id = |key: &PublicKey| hex(&key.key_identifier());
    Some(UnmetRequirement::new(
        format!(
            "private key `{}` (of public key {}) does not belong to certificate `{path}` (public \
            key {})",
            content.path.shown(),
            id(key),
            id(leaf.public_key())
        ),
        hint,
    ))
}
