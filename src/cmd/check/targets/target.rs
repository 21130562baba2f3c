//! One certificate to check, and the context of the checks.

use std::{path::PathBuf, sync::Arc};

use pki::{
    verify::finding::Finding,
    x509::{certificate::Certificate, crl::Crl, pem::PemFault, usage::Usage},
};
use zeroize::Zeroizing;

use super::keys::Key;
use crate::{cli::CheckArgs, config::Settings};

/// The arguments, and the context of the checks.
pub(in crate::cmd::check) struct CheckContext<'a> {
    pub(in crate::cmd::check) args: &'a CheckArgs,
    pub(in crate::cmd::check) settings: &'a Settings,
    pub(in crate::cmd::check) trust: &'a Trust,
    /// Of `--password-file`.
    pub(in crate::cmd::check) password: Option<Zeroizing<String>>,
}

impl CheckContext<'_> {
    pub(super) fn password(&self) -> Option<&str> {
        self.password.as_ref().map(|password| password.as_str())
    }
}

/// The certificates to build paths with, and the trust anchors.
pub(in crate::cmd::check) struct Trust {
    pub(in crate::cmd::check) anchors: Vec<Certificate>,
    pub(in crate::cmd::check) untrusted: Vec<Certificate>,
    pub(in crate::cmd::check) revocation: Vec<Crl>,
}

/// One certificate to check.
pub(in crate::cmd::check) struct CheckTarget {
    /// The file, and where in it.
    pub(in crate::cmd::check) name: String,
    pub(in crate::cmd::check) file: PathBuf,
    /// The name by which commands know it: of an identity of the directory, or `ca`.
    pub(in crate::cmd::check) known_as: Option<String>,
    /// Or why its DER cannot be read.
    pub(in crate::cmd::check) certificate: Result<Certificate, String>,
    /// The certificates of the same file and of `--untrusted`, to build paths with.
    pub(in crate::cmd::check) pool: Arc<Vec<Certificate>>,
    /// The possible issuers in the pool, if the pool is too large to try all.
    pub(in crate::cmd::check) possible_issuers: Option<Vec<usize>>,
    pub(in crate::cmd::check) key: Key,
    /// For an end-entity certificate: its usage, and the source of it.
    pub(in crate::cmd::check) usage: Option<(Option<Usage>, &'static str)>,
    pub(in crate::cmd::check) is_anchor: bool,
    /// `ca.crt` of the same TLS Secret: what its users trust.
    pub(in crate::cmd::check) secret_ca: Option<Arc<Vec<Certificate>>>,
    /// The faults of the file as a bundle.
    pub(in crate::cmd::check) bundle: Option<Vec<Finding>>,
    /// The faults of its PEM file, which only some clients read.
    pub(in crate::cmd::check) form: Vec<PemFault>,
    /// For a served certificate: the file on disk, and the difference.
    pub(in crate::cmd::check) served: Option<(String, Vec<Finding>)>,
}
