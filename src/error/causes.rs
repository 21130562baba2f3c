//! The causes of an error, for the lines `because:`.

use super::Error;
use crate::{deploy::error::DeployError, issue::error::IssueError};

impl Error {
    /// The messages of the causes, outermost first.
    pub(crate) fn causes(&self) -> Vec<String> {
        let first = match self {
            // Their message has the cause already.
            Self::Issue(IssueError::Authority { .. } | IssueError::Subject { .. })
            | Self::Refused { .. } => None,
            _ => std::error::Error::source(self),
        };
        let mut causes: Vec<String> = Vec::new();
        if let Self::NothingToCheck { reason, .. }
        | Self::NoRequest { reason, .. }
        | Self::Issue(
            IssueError::HookPending { reason, .. }
            | IssueError::NotRenewed { reason, .. }
            | IssueError::NotReissued { reason, .. },
        )
        | Self::NotServed { outcome: reason, .. } = self
        {
            causes.push(reason.clone());
        }
        if let Self::Secret { reason, .. } = self {
            causes.push((*reason).to_owned());
        }
        if let Self::NothingThere { skipped, .. } = self {
            causes.push(match skipped {
                Some(files) => format!("its files have none: {files}"),
                None => "it has no files".to_owned(),
            });
        }
        if let Self::Deploy(DeployError::UnmetRequirements { unmet }) = self {
            causes.extend(unmet.iter().map(|unmet| unmet.message.clone()));
        }
        for source in std::iter::successors(first, |error| error.source()) {
            let message = source.to_string();
            if causes.last() != Some(&message) {
                causes.push(message);
            }
        }
        causes
    }
}
