//! Why a certificate should be renewed.

use pki::x509::validity::{date, rfc3339};
use time::OffsetDateTime;

/// Why a certificate should be renewed, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    Expired,
    /// Its notBefore is in the future: clients refuse it like an expired certificate.
    NotYetValid(OffsetDateTime),
    /// It expires within the given window.
    Due,
    /// It differs from the plan.
    Differs,
    /// The user named it.
    Named,
}

impl Urgency {
    /// Reads well between a file name and "is not renewed".
    pub(crate) fn of(self, not_after: OffsetDateTime) -> String {
        match self {
            Self::Expired => format!("expired on {} and ", date(not_after)),
            Self::NotYetValid(not_before) => {
                format!("is not valid before {} and ", rfc3339(not_before))
            }
            Self::Due => format!("expires on {} and ", date(not_after)),
            Self::Differs => "differs from the plan and ".to_owned(),
            Self::Named => String::new(),
        }
    }
}
