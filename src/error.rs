//! The errors of certctl. Each names the file or value, the cause and a hint.

mod causes;
mod exit;
#[cfg(test)]
mod gallery;
mod hint;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use pki::{
    input::{ObjectError, Unrecognized},
    verify::{allowed_subjects::AllowedSubjectsError, webpki::WebpkiError},
    x509::{
        certificate::CertificateError, csr::MakeError, escape::escape_line, key::KeyError,
        name::NameError, pem::PemError, random::NoRandomness, usage::Usage, validity::rfc3339,
    },
};
use time::OffsetDateTime;

pub(crate) use self::exit::{Exit, Urgency};
use crate::{
    deploy::{requirements::UnmetRequirement, templates::TemplateError},
    hint::Hint,
    hook::HookError,
    issue::{
        authority::{AuthorityError, IssueError},
        csr_rules::CsrRefusal,
        identity::IdentityName,
    },
    path_text::PathText as _,
    probe::ProbeError,
    store::StoreError,
};

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
    Random(#[from] NoRandomness),

    #[error("no CA in this directory: `{}` does not exist", path.shown())]
    NoCa { path: PathBuf, elsewhere: bool },

    #[error("`{}` has no usable certificate", path.shown())]
    Certificate { path: PathBuf, source: Unreadable },

    #[error("`{}` does not exist, and no identity has that name", path.shown())]
    NoInput { path: PathBuf },

    #[error("`{}` leads back to `{}`", path.shown(), ancestor.shown())]
    Loop { path: PathBuf, ancestor: PathBuf },

    #[error("`{}` has no supported content", path.shown())]
    Unrecognised { path: PathBuf, source: Unrecognized },

    #[error("{} in `{}` cannot be read", a(what), place(path, within.as_deref()))]
    Malformed { path: PathBuf, within: Option<String>, what: &'static str, source: ObjectError },

    #[error("`{}` is not valid in its Secret", place(path, Some(within)))]
    Secret { path: PathBuf, within: String, reason: &'static str },

    #[error("`{}` has no certificate to check", dir.shown())]
    NothingThere { dir: PathBuf, skipped: Option<String> },

    #[error("`{}` has a private key beside the certificate", path.shown())]
    KeyInside { path: PathBuf },

    #[error("`{}` has no usable private key", path.shown())]
    Key { path: PathBuf, source: KeyError },

    #[error("private key `{}` does not belong to certificate `{}`", key.shown(), certificate.shown())]
    KeyMismatch { certificate: PathBuf, key: PathBuf, of_ca: bool },

    #[error("CA certificate `{}` {source}", path.shown())]
    Authority { path: PathBuf, source: AuthorityError },

    #[error("CA certificate `{}` was signed by another CA; only that CA can renew it", path.shown())]
    NotSelfSigned { path: PathBuf },

    #[error("{}", list_existing(paths))]
    Exists { paths: Vec<PathBuf>, hint: Hint },

    #[error("`{name}` would expire after its CA ({})", rfc3339(*ca_ends))]
    OutlivesCa {
        name: String,
        ca_ends: OffsetDateTime,
        days_left: i64,
        /// The entry to edit, if the plan sets the lifetime.
        edit: Option<Hint>,
        /// How to extend the validity of the CA.
        more: MoreTime,
    },

    #[error(
        "`{name}` would expire after the year 9999, and a certificate cannot contain such a date"
    )]
    PastTheLastYear { name: String },

    #[error("the clock says {}: a certificate cannot begin before 1970", rfc3339(*now))]
    Clock { now: OffsetDateTime },

    #[error("`{name}` cannot be issued: {source}")]
    Subject { name: String, source: NameError },

    #[error(
        "`{name}` is a server, but its common name `{common_name}` is not a host name and it has no SAN"
    )]
    NoServerName { name: String, common_name: String },

    #[error("`{file}` has no SAN `{name}`")]
    NoSuchName { file: String, name: String },

    #[error("`{name}` has a key of type {kind}, which certctl does not generate")]
    KeyKind { name: IdentityName, kind: String },

    #[error("`{}` does not exist, so it cannot be renewed", path.shown())]
    NoSuchIdentity { path: PathBuf },

    #[error("`{}` was not signed by this CA", path.shown())]
    OtherIssuer { path: PathBuf },

    #[error("`{}` {}is not renewed", path.shown(), urgency.of(*not_after))]
    NotRenewed {
        path: PathBuf,
        not_after: OffsetDateTime,
        urgency: Urgency,
        reason: String,
        hint: Option<Hint>,
    },

    #[error("`{}` is not issued again under the new CA", path.shown())]
    NotReissued { path: PathBuf, reason: String, hint: Option<Hint> },

    #[error("`{}` is not replaced: it is encrypted, and the new one would not be", path.shown())]
    EncryptedCaKey { path: PathBuf },

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

    #[error("a private key cannot be generated")]
    KeyGeneration { source: KeyError },

    #[error("`{name}` cannot be signed")]
    Issue { name: IdentityName, source: IssueError },

    #[error("the CA certificate cannot be signed")]
    IssueCa { source: IssueError },

    #[error("webpki refuses the new certificate of `{name}`, so it was not published")]
    SelfCheck { name: IdentityName, source: WebpkiError },

    #[error(
        "webpki refuses the certificates below the new CA certificate, so nothing was published"
    )]
    SelfCheckCa { source: WebpkiError },

    #[error("`{}` is not a valid configuration: {message}", path.shown())]
    Config { path: PathBuf, message: String },

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

    #[error("`{}` does not exist", path.shown())]
    NoPair { path: PathBuf, name: IdentityName, usage: Option<Usage> },

    #[error("the private key of `{}` is missing: `{}` does not exist", certificate.shown(), key.shown())]
    NoKey { certificate: PathBuf, key: PathBuf },

    #[error("the certificates do not meet the requirements")]
    UnmetRequirements { unmet: Vec<UnmetRequirement> },

    #[error("template `{template}` cannot be filled")]
    Template { template: &'static str, source: TemplateError },

    #[error("`{}` is DER; services need PEM", path.shown())]
    Der { path: PathBuf },

    #[error("a terminal must not show a private key")]
    KeyOnTerminal,

    #[error(transparent)]
    Hook(#[from] HookError),

    #[error("`{}` is not a list of pending hooks", path.shown())]
    HookPending { path: PathBuf, reason: String },

    #[error("`{}` does not serve the new certificate within {seconds} s", escape_line(endpoint))]
    NotServed { endpoint: String, starttls: Option<&'static str>, seconds: u32, outcome: String },

    #[error("the old files are restored, but {outcome}")]
    Rollback { outcome: String },

    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
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

impl Error {
    pub(crate) fn usage(message: impl fmt::Display, hint: Option<Hint>) -> Self {
        Self::Usage { message: message.to_string(), hint }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. }
            | Self::Environment { .. }
            | Self::Subject { .. }
            | Self::NoServerName { .. } => Exit::Usage,
            Self::NotRenewed { urgency, .. } => urgency.exit(),
            _ => Exit::Failed,
        }
    }
}

/// With its article.
fn a(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}

fn place(path: &Path, within: Option<&str>) -> String {
    within.map_or(path.shown(), |within| format!("{}: {within}", path.shown()))
}

fn list_existing(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths.iter().map(|path| format!("`{}`", path.shown())).collect();
    match &names[..] {
        [one] => format!("{one} already exists"),
        [first, .., last] if names.len() > 3 => {
            format!("{first} … {last} ({} files) already exist", names.len())
        }
        _ => format!("{} already exist", names.join(", ")),
    }
}
