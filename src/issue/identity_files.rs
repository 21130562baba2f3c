//! The files of one identity, unchanged, for export to services, Secrets and keystores.

use std::{io, path::PathBuf};

use pki::x509::{certificate::Certificate, key::PrivateKey, pem, usage::Usage};
use zeroize::Zeroizing;

use super::{
    error::IssueError,
    identity::{IdentityName, certificate_and_chain, parse_key},
};
use crate::store::{LIMIT, ReadError, Store};

/// How often certificate and key are read before a mismatch is an error: a renewal replaces the key first
/// and the certificate shortly after it.
const TRIES: usize = 3;

/// A certificate, the chain above it and, if it is available, its private key.
///
/// Holding one proves that the key belongs to the certificate.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) name: IdentityName,
    pub(crate) certificate: Certificate,
    /// The further certificates of the file, DER: the chain above the first.
    pub(crate) chain: Vec<Vec<u8>>,
    /// The path of `NAME.pem`.
    pub(crate) certificate_path: PathBuf,
    /// The content of `NAME.pem`.
    pub(crate) certificate_file: Vec<u8>,
    pub(crate) key: Option<KeyFile>,
}

/// A private key and its file.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) path: PathBuf,
    /// The content of `NAME.key`.
    pub(crate) content: Zeroizing<Vec<u8>>,
    pub(crate) key: PrivateKey,
}

impl Pair {
    /// Reads `NAME.pem`, and `NAME.key` if it exists.
    ///
    /// An error if the certificate does not exist, a file cannot be read, or they do not belong together.
    /// `usage` is the usage that the hint of a missing certificate names.
    pub(crate) fn read(
        store: &Store,
        name: &IdentityName,
        usage: Option<Usage>,
    ) -> Result<Self, IssueError> {
        let mut pair = Self::read_once(store, name, usage);
        for _ in 1..TRIES {
            if !matches!(pair, Err(IssueError::KeyMismatch { .. })) {
                break;
            }
            pair = Self::read_once(store, name, usage);
        }
        pair
    }

    fn read_once(
        store: &Store,
        name: &IdentityName,
        usage: Option<Usage>,
    ) -> Result<Self, IssueError> {
        let certificate_path = store.path(&name.certificate_file());
        let certificate_file =
            store.read(&name.certificate_file(), LIMIT).map_err(|source| match source {
                ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                    let (path, name) = (certificate_path.clone(), name.clone());
                    IssueError::NoPair { path, name, usage, planned: None }
                }
                source => source.at(&certificate_path).into(),
            })?;
        let (certificate, chain) = certificate_and_chain(&certificate_path, &certificate_file)?;
        let key = KeyFile::read(store, &name.key_file())?;
        if key.as_ref().is_some_and(|file| file.key.public() != certificate.public_key()) {
            return Err(IssueError::KeyMismatch {
                certificate: certificate_path,
                key: store.path(&name.key_file()),
            });
        }
        let name = name.clone();
        Ok(Self { name, certificate, chain, certificate_path, certificate_file, key })
    }

    /// The chain above the certificate, as far as it can be read.
    pub(crate) fn above(&self) -> Vec<Certificate> {
        self.chain.iter().filter_map(|der| Certificate::from_der(der.clone()).ok()).collect()
    }

    /// The key; an error if it is not available.
    pub(crate) fn require_key(&self) -> Result<&KeyFile, IssueError> {
        self.key.as_ref().ok_or_else(|| IssueError::NoKey {
            certificate: self.certificate_path.clone(),
            key: self.certificate_path.with_file_name(self.name.key_file()),
        })
    }
}

impl KeyFile {
    fn read(store: &Store, file: &str) -> Result<Option<Self>, IssueError> {
        let path = store.path(file);
        let content = match store.read(file, LIMIT) {
            Ok(content) => Zeroizing::new(content),
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(source) => return Err(source.at(path).into()),
        };
        let key = parse_key(&path, &content)?;
        Ok(Some(Self { path, content, key }))
    }
}

/// Whether a certificate is of the same identity: the same subject, signed under the same name. (The
/// CA may have a new key since.)
pub(crate) fn precedes(old: &Certificate, new: &Certificate) -> bool {
    old.subject() == new.subject() && old.issuer() == new.issuer()
}

/// The certificates of a PEM file; none if one cannot be read.
pub(crate) fn certificates(content: &[u8]) -> Vec<Certificate> {
    let parsed = pem::certificates(content)
        .map(|blocks| blocks.into_iter().map(Certificate::from_der).collect::<Result<Vec<_>, _>>());
    parsed.ok().and_then(Result::ok).unwrap_or_default()
}
