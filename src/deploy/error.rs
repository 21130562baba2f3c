//! The errors of deployment: requirements that are not met, and settings that cannot be written.

use std::{fmt, path::PathBuf};

use super::kubernetes::metadata::MetadataError;
use crate::{hint::Hint, issue::error::IssueError, path_text::PathText as _, store::StoreError};

/// Why a certificate does not meet a requirement, and the command that fixes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnmetRequirement {
    /// A lowercase sentence that names the file.
    pub(crate) message: String,
    pub(crate) hint: Hint,
}

impl UnmetRequirement {
    pub(crate) fn new(message: String, hint: impl Into<Hint>) -> Self {
        Self { message, hint: hint.into() }
    }

    /// An error that lists all of them, if there are any.
    pub(crate) fn refuse(unmet: Vec<Self>) -> Result<(), DeployError> {
        if unmet.is_empty() { Ok(()) } else { Err(DeployError::UnmetRequirements { unmet }) }
    }
}

impl From<UnmetRequirement> for DeployError {
    fn from(unmet: UnmetRequirement) -> Self {
        Self::UnmetRequirements { unmet: vec![unmet] }
    }
}

impl From<MetadataError> for DeployError {
    fn from(error: MetadataError) -> Self {
        Self::usage(error, None)
    }
}

/// Why a template could not be filled: a value that its language has no quoting for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct TemplateError(pub(super) String);

/// Something that cannot be deployed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeployError {
    /// Options that do not go together.
    #[error("{message}")]
    Usage { message: String, hint: Option<Hint> },

    #[error(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    Issue(#[from] IssueError),

    #[error("the certificates do not meet the requirements")]
    UnmetRequirements { unmet: Vec<UnmetRequirement> },

    #[error("template `{template}` cannot be filled")]
    Template { template: &'static str, source: TemplateError },

    #[error("`{}` is DER; services need PEM", path.shown())]
    Der { path: PathBuf },
}

impl DeployError {
    pub(crate) fn usage(message: impl fmt::Display, hint: Option<Hint>) -> Self {
        Self::Usage { message: message.to_string(), hint }
    }

    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Usage { hint, .. } => return hint.clone(),
            Self::Store(error) => return error.hint(),
            Self::Issue(error) => return error.hint(),
            Self::UnmetRequirements { unmet } => {
                let mut hints: Vec<Hint> = unmet.iter().map(|unmet| unmet.hint.clone()).collect();
                hints.dedup();
                Hint::join(hints, "\n")
            }
            Self::Der { path } => {
                let what = if path.extension().is_some_and(|kind| kind == "key") {
                    "pkey"
                } else {
                    "x509"
                };
                format!(
                    "write it as PEM: `openssl {what} -in {0} -out {0}.new`, then `mv {0}.new {0}`",
                    path.typed()
                )
                .into()
            }
            Self::Template { .. } => "choose another value for the flag".into(),
        })
    }
}
