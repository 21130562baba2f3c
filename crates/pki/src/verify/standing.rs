//! Where a certificate stands, and what it is for: what the lints are told.

use time::OffsetDateTime;

use crate::x509::{cert::Certificate, usage::Usage, validity::Window};

/// One certificate of a path, and what is asked of it.
pub struct Standing<'a> {
    pub certificate: &'a Certificate,
    /// The next one on its path; `None` for a trust anchor and where no path was found.
    pub issuer: Option<&'a Certificate>,
    /// `None` for a CA, and for what is judged for anything.
    pub usage: Option<Usage>,
    pub at: OffsetDateTime,
    pub window: Option<Window>,
    /// The CA/Browser Forum's rules for issuers count, too.
    pub strict: bool,
}
