//! A Secret, as `kubectl create secret generic` and `tls` make it.

use std::{borrow::Cow, collections::BTreeMap};

use pki::x509::key::PublicKey;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    chain,
    document::Base64,
    metadata::{DataKey, Metadata},
    secret_files::{Content, FileEntry, SECRET_LIMIT, too_large},
};
use crate::{
    deploy::error::{DeployError, UnmetRequirement},
    issue::identity::parse_key,
    path_text::PathText as _,
};

/// The keys of a Secret of the type `kubernetes.io/tls`, and the one for the CA that cert-manager and
/// Ingress controllers know.
pub(crate) const TLS_CERTIFICATE: &str = "tls.crt";
pub(crate) const TLS_KEY: &str = "tls.key";
pub(crate) const TLS_CA: &str = "ca.crt";

/// How the files of a Secret are named, and what Kubernetes checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretType {
    /// The files under their own names (`Opaque`).
    Generic,
    /// What Ingress and cert-manager read (`kubernetes.io/tls`).
    Tls,
}

/// An object of the kind `Secret`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secret {
    api_version: &'static str,
    kind: &'static str,
    pub(crate) metadata: Metadata,
    #[serde(rename = "type")]
    form: &'static str,
    data: BTreeMap<DataKey, Base64>,
}

impl Secret {
    /// The files under their keys, octet by octet (`Opaque`).
    pub(crate) fn generic(metadata: Metadata, contents: &[Content]) -> Result<Self, DeployError> {
        let data = contents.iter().map(|content| (&content.key, &content.octets[..]));
        Self::new(metadata, "Opaque", data)
    }

    /// A pair of the type `kubernetes.io/tls`, and whether its chain had to be reordered.
    /// Other files stay as they are.
    ///
    /// An error unless there are `tls.crt` and `tls.key`, and they belong together.
    pub(crate) fn tls(
        metadata: Metadata,
        contents: &[Content],
    ) -> Result<(Self, bool), DeployError> {
        let find = |key: &str| contents.iter().find(|content| content.key.as_str() == key);
        let (Some(certificate), Some(key)) = (find(TLS_CERTIFICATE), find(TLS_KEY)) else {
            return Err(lacks_pair());
        };
        let public = only_key(key)?;
        let chain = chain::in_order(certificate, public).ok_or_else(|| {
            let [certificate, key] = [certificate, key].map(|content| content.path.shown());
            let message = format!("`{certificate}` holds no certificate of private key `{key}`");
            UnmetRequirement::new(message, "take both files of one identity")
        })?;
        let key_pem = key_in_pem(key)?;
        let data = contents.iter().map(|content| {
            let octets = match content.key.as_str() {
                TLS_CERTIFICATE => &chain[..],
                TLS_KEY => &key_pem[..],
                _ => &content.octets[..],
            };
            (&content.key, octets)
        });
        Ok((Self::new(metadata, "kubernetes.io/tls", data)?, matches!(chain, Cow::Owned(_))))
    }

    fn new<'a>(
        metadata: Metadata,
        form: &'static str,
        data: impl Iterator<Item = (&'a DataKey, &'a [u8])> + Clone,
    ) -> Result<Self, DeployError> {
        if data.clone().map(|(_, octets)| octets.len()).sum::<usize>() > SECRET_LIMIT {
            return Err(too_large(&format!("Secret `{}`", metadata.name)));
        }
        let data = data.map(|(key, octets)| (key.clone(), Base64::of(octets))).collect();
        Ok(Self { api_version: "v1", kind: "Secret", metadata, form, data })
    }
}

/// Each file has a key of its own, and `--type tls` its pair.
pub(crate) fn check_keys(entries: &[FileEntry], kind: SecretType) -> Result<(), DeployError> {
    for (index, entry) in entries.iter().enumerate() {
        if entries[..index].iter().any(|other| other.key == entry.key) {
            return Err(DeployError::usage(
                format!("two files would be `{}` in the Secret", entry.key),
                Some("give one of them another key: `--file KEY=PATH`".into()),
            ));
        }
    }
    let has = |key: &str| entries.iter().any(|entry| entry.key.as_str() == key);
    let is_whole = entries.is_empty() || has(TLS_CERTIFICATE) && has(TLS_KEY);
    if kind == SecretType::Tls && !is_whole { Err(lacks_pair()) } else { Ok(()) }
}

/// A Secret of the type `kubernetes.io/tls` requires a certificate and a key.
fn lacks_pair() -> DeployError {
    DeployError::usage(
        format!("`--type tls` requires files for `{TLS_CERTIFICATE}` and `{TLS_KEY}`"),
        Some("name them: `--file tls.crt=server.pem --file tls.key=server.key`".into()),
    )
}

/// The public half of the one private key that a file holds.
fn only_key(content: &Content) -> Result<&PublicKey, DeployError> {
    let path = content.path.shown();
    let message = match &content.private_keys[..] {
        [key] => return Ok(key),
        [] => format!("`{path}` holds no private key"),
        several => format!("`{path}` holds {} private keys, not one", several.len()),
    };
    let hint = "name the file of the private key: `--file tls.key=server.key`";
    Err(UnmetRequirement::new(message, hint).into())
}

/// The key as it is, where that is PEM of which Go finds each BEGIN line; else as PKCS#8.
fn key_in_pem(content: &Content) -> Result<Zeroizing<Vec<u8>>, DeployError> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const KEY: &[u8] = b"PRIVATE KEY-----";
    let mut lines = content.octets.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii_end);
    if lines.any(|line| line.starts_with(BEGIN) && line.ends_with(KEY)) {
        return Ok(content.octets.clone());
    }
    let key = parse_key(&content.path, &content.octets)?;
    Ok(Zeroizing::new(key.to_pem().as_bytes().to_vec()))
}
