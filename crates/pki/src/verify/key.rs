//! The private key of a certificate: whether it belongs to it, and who can read it.

use std::path::PathBuf;

use super::{
    clients::Defect,
    finding::{AspectResult, Finding},
    rule::{Aspect, Severity},
};
use crate::x509::{
    certificate::Certificate,
    hex::hex,
    key::{PrivateKeySummary, PublicKey},
};

/// The private key of a certificate, without its secret.
#[derive(Clone, Debug)]
pub struct CertificateKey {
    /// Its file, which is not read here; empty if there is none.
    pub path: PathBuf,
    /// The file, and where in it; escaped.
    pub name: String,
    /// What is known of it.
    pub status: KeyStatus,
}

/// What is known of the private key of a certificate.
#[derive(Clone, Debug)]
pub enum KeyStatus {
    /// None is expected.
    NotExpected,
    /// There is no file of that name.
    Missing,
    /// Servers cannot read it, and why.
    Unreadable(String),
    /// A private key of a type that certctl does not know.
    Unknown,
    /// This user may not read it.
    Denied,
    /// It was read.
    Found {
        /// The key without its secret.
        summary: PrivateKeySummary,
        /// The permissions of its file, such as `0o600`.
        mode: Option<u32>,
    },
}

/// Whether a mode lets other users read a private key: for a CA any but the owner, for an identity
/// any but the owner and the group, as a service must read it.
#[must_use]
pub const fn is_lax(mode: u32, of_ca: bool) -> bool {
    mode & if of_ca { 0o077 } else { 0o007 } != 0
}

impl CertificateKey {
    /// For a certificate that needs no private key.
    #[must_use]
    pub fn not_expected() -> Self {
        Self { path: PathBuf::new(), name: String::new(), status: KeyStatus::NotExpected }
    }

    /// Whether it was read and has the public key of the certificate.
    #[must_use]
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        matches!(&self.status, KeyStatus::Found { summary, .. }
            if summary.public.as_ref() == Some(certificate.public_key()))
    }

    /// The findings about the private key of a certificate, or about its absence.
    #[must_use]
    pub fn findings(&self, certificate: &Certificate) -> Vec<Finding> {
        let name = &self.name;
        let unknown = |message: String| Finding::new(Defect::KeyMissing, message);
        let (summary, mode) = match &self.status {
            KeyStatus::NotExpected | KeyStatus::Denied => return Vec::new(),
            KeyStatus::Missing => {
                return vec![unknown(format!(
                    "has no private key beside it (`{name}`), so it was not compared"
                ))];
            }
            KeyStatus::Unreadable(reason) => {
                let message =
                    format!("has the key file `{name}`, which servers cannot use: {reason}");
                return vec![unknown(message).at(Severity::Error)];
            }
            KeyStatus::Unknown => {
                return vec![unknown(format!(
                    "has a private key in `{name}` of a type that certctl does not know"
                ))];
            }
            KeyStatus::Found { summary, mode } => (summary, mode),
        };
        let of = |key: &PublicKey| hex(&key.key_identifier());
        let own = certificate.public_key();
        let mut findings = Vec::new();
        match &summary.public {
            None => findings.push(unknown(format!(
                "has a private key in `{name}` ({}) that was not compared",
                summary.form
            ))),
            Some(public) if public != own => {
                let (own, other) = (of(own), of(public));
                let message = format!(
                    "has the public key {own}, and the private key in `{name}` belongs to {other}"
                );
                findings.push(Finding::new(Defect::Key, message));
            }
            Some(_) => {}
        }
        if let Some(mode) = mode.filter(|mode| is_lax(*mode, certificate.is_ca())) {
            let message = format!(
                "has a private key that other users can read: `{name}` has mode {mode:04o}"
            );
            findings.push(Finding::new(Defect::KeyMode, message));
        }
        findings
    }

    /// The fact that is reported without a finding.
    pub(super) fn aspect(&self) -> Option<AspectResult> {
        let name = &self.name;
        Some(match &self.status {
            KeyStatus::NotExpected => return None,
            KeyStatus::Denied => {
                AspectResult::skipped(Aspect::Key, format!("{name} cannot be read by this user"))
            }
            KeyStatus::Found { mode, .. } => {
                let mode = mode.map_or(String::new(), |mode| format!(", mode {mode:04o}"));
                AspectResult::new(Aspect::Key, format!("{name} belongs to it{mode}"))
            }
            KeyStatus::Missing | KeyStatus::Unreadable(_) | KeyStatus::Unknown => {
                AspectResult::new(Aspect::Key, name.clone())
            }
        })
    }
}
