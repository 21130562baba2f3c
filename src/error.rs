//! The errors of certctl. Each names the file or value, the cause and a hint.

mod causes;
mod exit;
#[cfg(test)]
mod gallery;
mod hint;

use std::{fmt, io, path::PathBuf};

use pki::{
    verify::allowed_subjects::AllowedSubjectsError,
    x509::{csr::MakeError, escape::escape_line, validity::rfc3339},
};
use time::OffsetDateTime;

pub(crate) use self::exit::Exit;
use crate::{
    config::ConfigError,
    deploy::error::DeployError,
    hint::Hint,
    hook::HookError,
    issue::{csr_rules::CsrRefusal, error::IssueError, identity::IdentityName},
    path_text::PathText as _,
    probe::ProbeError,
    store::StoreError,
};

/// A failure to show to the user. Each variant names the file or value at fault.
///
/// Messages are lowercase fragments without a full stop, so that they read well after `error: `.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{message}")]
    Usage { message: String, hint: Option<Hint> },

    #[error(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    Issue(IssueError),

    #[error(transparent)]
    Deploy(DeployError),

    #[error(transparent)]
    Config(#[from] ConfigError),

    #[error("`{}` does not exist, and no identity has that name", path.shown())]
    NoInput { path: PathBuf },

    #[error("`{}` leads back to `{}`", path.shown(), ancestor.shown())]
    Loop { path: PathBuf, ancestor: PathBuf },

    #[error("`{}: {within}` is not valid in its Secret", path.shown())]
    Secret { path: PathBuf, within: String, reason: &'static str },

    #[error("`{}` has no certificate to check", dir.shown())]
    NothingThere { dir: PathBuf, skipped: Option<String> },

    #[error("the clock says {}: a certificate cannot begin before 1970", rfc3339(*now))]
    Clock { now: OffsetDateTime },

    #[error("`{}` has no CSR to sign", path.shown())]
    NoRequest { path: PathBuf, reason: String },

    #[error("CSR `{}` {source}", file.shown())]
    Refused { file: PathBuf, source: CsrRefusal },

    #[error("private key `{}` does not belong to CSR `{}`", key.shown(), request.shown())]
    OtherKey { request: PathBuf, key: PathBuf },

    #[error("the CSR of `{name}` cannot be created")]
    MakeRequest { name: IdentityName, source: MakeError },

    #[error("that password cannot protect a PKCS#12 file: {reason}")]
    Password { reason: &'static str },

    #[error("environment variable {variable}: {message}")]
    Environment { variable: &'static str, message: String },

    #[error("trust anchor `{}` does not exist", path.shown())]
    NoAnchor { path: PathBuf },

    #[error("`{}` has no certificate to check", path.shown())]
    NothingToCheck { path: PathBuf, reason: String },

    #[error("`{}` has no CRL", path.shown())]
    NoRevocationList { path: PathBuf },

    #[error("`{}` cannot be used as allowed subjects", path.shown())]
    Admission { path: PathBuf, source: AllowedSubjectsError },

    #[error("`{}` cannot be probed", escape_line(endpoint))]
    Probe { endpoint: String, source: ProbeError },

    #[error("a terminal must not show a private key")]
    KeyOnTerminal,

    #[error(transparent)]
    Hook(#[from] HookError),

    #[error("`{}` does not serve the new certificate within {seconds} s", escape_line(endpoint))]
    NotServed { endpoint: String, starttls: Option<&'static str>, seconds: u32, outcome: String },

    #[error("the old files are restored, but {outcome}")]
    Rollback { outcome: String },

    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
}

impl From<IssueError> for Error {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Store(error) => Self::Store(error),
            IssueError::Usage { message, hint } => Self::Usage { message, hint },
            IssueError::Plan { path, message } => ConfigError::Invalid { path, message }.into(),
            error => Self::Issue(error),
        }
    }
}

impl From<DeployError> for Error {
    fn from(error: DeployError) -> Self {
        match error {
            DeployError::Usage { message, hint } => Self::Usage { message, hint },
            DeployError::Store(error) => Self::Store(error),
            DeployError::Issue(error) => error.into(),
            error => Self::Deploy(error),
        }
    }
}

impl Error {
    pub(crate) fn usage(message: impl fmt::Display, hint: Option<Hint>) -> Self {
        Self::Usage { message: message.to_string(), hint }
    }
}
