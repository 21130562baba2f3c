//! Exit codes, and which error ends with which.

use super::Error;
use crate::issue::{error::IssueError, urgency::Urgency};

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
        let order = [Self::Done, Self::Due, Self::Failed, Self::Usage, Self::Invalid];
        let rank = |exit| order.iter().position(|other| *other == exit);
        if rank(other) > rank(self) { other } else { self }
    }
}

impl Error {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. }
            | Self::Environment { .. }
            | Self::Issue(IssueError::Subject { .. } | IssueError::NoServerName { .. }) => {
                Exit::Usage
            }
            Self::Issue(IssueError::NotRenewed { urgency, .. }) => urgency.exit(),
            _ => Exit::Failed,
        }
    }
}

impl Urgency {
    pub(crate) const fn exit(self) -> Exit {
        match self {
            Self::Expired | Self::NotYetValid(_) => Exit::Invalid,
            Self::Due | Self::Differs => Exit::Due,
            Self::Named => Exit::Failed,
        }
    }
}
