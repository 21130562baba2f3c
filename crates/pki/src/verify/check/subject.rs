//! A certificate to check, with its role and what is known of its key and file.

use std::sync::Arc;

use crate::{
    verify::{finding::Finding, key::CertificateKey, served::Comparison},
    x509::{certificate::Certificate, usage::Usage},
};

/// The role in which a certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckRole {
    /// An end-entity certificate.
    Leaf {
        /// `None` for any usage.
        usage: Option<Usage>,
        /// The source of the usage, such as `as asked`.
        known_from: &'static str,
    },
    /// A CA below a trust anchor.
    Intermediate,
    /// A trust anchor, for which no path is searched.
    TrustAnchor,
    /// That of a certificate that cannot be read.
    Unknown,
}

impl CheckRole {
    /// The word for reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leaf { .. } => "leaf",
            Self::Intermediate => "intermediate",
            Self::TrustAnchor => "trust anchor",
            Self::Unknown => "unknown",
        }
    }

    /// What an end-entity certificate is used for, if it is known.
    #[must_use]
    pub const fn usage(self) -> Option<Usage> {
        match self {
            Self::Leaf { usage, .. } => usage,
            _ => None,
        }
    }

    /// Whether it is checked as an end-entity certificate.
    #[must_use]
    pub const fn is_leaf(self) -> bool {
        matches!(self, Self::Leaf { .. })
    }
}

/// A certificate to check, and what is known of its file.
#[derive(Debug)]
pub struct CheckSubject {
    /// The file, and where in it; escaped.
    pub name: String,
    /// Or why its DER cannot be read.
    pub certificate: Result<Certificate, String>,
    /// Certificates to build paths with.
    pub pool: Arc<Vec<Certificate>>,
    /// The indexes of the possible issuers in the pool, if the pool is too large to try all.
    pub possible_issuers: Option<Vec<usize>>,
    /// The role.
    pub role: CheckRole,
    /// Its private key.
    pub key: CertificateKey,
    /// `ca.crt` of the same TLS Secret: what its users trust.
    pub secret_ca: Option<Arc<Vec<Certificate>>>,
    /// The findings on the layout of its PEM file.
    pub form: Vec<Finding>,
    /// The findings on its file as a bundle; `None` if it is alone in it.
    pub bundle: Option<Vec<Finding>>,
    /// How it compares with the certificates in files, if a server served it.
    pub served: Option<Comparison>,
}

impl CheckSubject {
    /// A certificate of an unknown role, of whose key and file nothing is known.
    #[must_use]
    pub fn new(
        name: String,
        certificate: Result<Certificate, String>,
        pool: Arc<Vec<Certificate>>,
    ) -> Self {
        Self {
            name,
            certificate,
            pool,
            possible_issuers: None,
            role: CheckRole::Unknown,
            key: CertificateKey::not_expected(),
            secret_ca: None,
            form: Vec::new(),
            bundle: None,
            served: None,
        }
    }
}
