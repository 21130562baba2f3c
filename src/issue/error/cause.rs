//! What the errors of issuing have beside a file.

use std::path::PathBuf;

use pki::x509::{certificate::CertificateError, pem::PemError};

use crate::path_text::PathText as _;

/// How a CA gets a longer validity than a certificate that it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoreTime {
    /// It is renewed, with the lifetime that it has.
    Renewed,
    /// It is renewed, with so many days.
    RenewedFor(i64),
    /// It is not created yet: `--ca-days` of so many days.
    Created(i64),
}

/// Why a file has no usable certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error(transparent)]
    Pem(#[from] PemError),
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("none of its {0} certificates belongs to the key `{path}`", path = .1.shown())]
    NoMatch(usize, PathBuf),
}
