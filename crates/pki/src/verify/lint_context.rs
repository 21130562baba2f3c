//! The input of the lints: a certificate, its issuer, usage and time.

use time::OffsetDateTime;

use crate::x509::{certificate::Certificate, usage::Usage, validity::ExpiryWindow};

/// A certificate to lint, and what is required of it.
pub struct LintContext<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The next certificate on its path; `None` for a trust anchor, and without a path.
    pub issuer: Option<&'a Certificate>,
    /// What it is used for; `None` for a CA, and for any usage.
    pub usage: Option<Usage>,
    /// The time of the check.
    pub at: OffsetDateTime,
    /// The expiry window.
    pub window: Option<ExpiryWindow>,
    /// Whether the rules of the CA/Browser Forum for issuers apply.
    pub strict: bool,
}
