//! Kubernetes manifests: Secrets, and the CA for cert-manager.

pub(crate) mod cert_manager;
mod chain;
pub(crate) mod document;
pub(crate) mod metadata;
pub(crate) mod secret;
pub(crate) mod secret_files;

use serde::Serialize;
use zeroize::Zeroizing;

use cert_manager::{Certificate, Issuer};
use secret::Secret;

/// An object of a manifest.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Object {
    Secret(Secret),
    Issuer(Issuer),
    Certificate(Box<Certificate>),
}

/// The languages that kubectl reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// One document each.
    Yaml,
    /// The object, or a `List` of several.
    Json,
}

/// The text of a manifest, in a buffer that is wiped.
pub(crate) fn write(objects: &[Object], language: Language) -> Zeroizing<String> {
    match language {
        Language::Yaml => document::yaml(objects),
        Language::Json => document::json(objects),
    }
}
