//! Putting certificates where they run: Kubernetes manifests, and the settings of services.

pub(crate) mod copies;
pub(crate) mod error;
pub(crate) mod keystore;
pub(crate) mod kubernetes;
pub(crate) mod requirements;
pub(crate) mod service;
pub(crate) mod target_directory;
pub(crate) mod templates;
