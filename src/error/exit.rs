//! Exit codes, and how urgent a certificate is.

use pki::x509::validity::{date, rfc3339};
use time::OffsetDateTime;

/// The exit codes of the contract's section 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success.
    Done = 0,
    /// Failure.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A certificate expires within the given window.
    Due = 3,
    /// A certificate has expired, or is not valid for the requested use.
    Invalid = 4,
}

impl Exit {
    /// The worse of two: not valid (4), then failure (1), then due (3), then done.
    pub(crate) fn worst(self, other: Self) -> Self {
        let rank = |exit| match exit {
            Self::Done => 0,
            Self::Due => 1,
            Self::Failed => 2,
            Self::Usage => 3,
            Self::Invalid => 4,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

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
    pub(super) fn of(self, not_after: OffsetDateTime) -> String {
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

    pub(crate) const fn exit(self) -> Exit {
        match self {
            Self::Expired | Self::NotYetValid(_) => Exit::Invalid,
            Self::Due | Self::Differs => Exit::Due,
            Self::Named => Exit::Failed,
        }
    }
}
