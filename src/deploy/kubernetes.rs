//! Kubernetes manifests: Secrets, and the CA for cert-manager.

pub(crate) mod ca_keys;
pub(crate) mod cert_manager;
mod chain;
pub(crate) mod document;
mod identities;
pub(crate) mod issuer;
pub(crate) mod metadata;
pub(crate) mod secret;
pub(crate) mod secret_files;
pub(crate) mod secret_maker;

use serde::Serialize;
use serde_json::Value;

use secret::Secret;

/// An object of a manifest.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Object {
    Secret(Secret),
    /// An object of cert-manager. It holds no private key.
    Public(Value),
}
