//! What can go wrong, said so that the reader knows which file or value, why, and the way out.

mod causes;
mod exit;
#[cfg(test)]
mod gallery;
mod hint;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

pub(crate) use self::exit::{Exit, Urgency};
use crate::{
    deploy::{requirements::UnmetRequirement, templates::TemplateError},
    issue::{
        authority::{AuthorityError, IssueError},
        csr_rules::CsrRefusal,
        identity::IdentityName,
    },
    path_text::PathText as _,
    probe::ProbeError,
    store::{ReadError, UnsafePath},
};
use pki::{
    input::{ObjectError, Unrecognized},
    verify::{allowed_subjects::AdmissionError, webpki::WebpkiError},
    x509::{
        certificate::CertificateError, csr::MakeError, escape::escape_line, key::KeyError,
        name::NameError, pem::PemError, random::NoRandomness, serial::SerialError, usage::Usage,
        validity::rfc3339,
    },
};
use time::OffsetDateTime;

/// How a CA lives longer than a certificate under it.
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
    Usage { message: String, hint: Option<String> },

    #[error("`{}` cannot be read", path.shown())]
    Read { path: PathBuf, source: ReadError },

    #[error("there is no CA here: `{}` does not exist", path.shown())]
    NoCa { path: PathBuf, elsewhere: bool },

    #[error("`{}` holds no certificate that can be used", path.shown())]
    Certificate { path: PathBuf, source: Unreadable },

    #[error("there is no `{}`, and no identity of that name", path.shown())]
    NoInput { path: PathBuf },

    #[error("`{}` leads back to `{}`", path.shown(), ancestor.shown())]
    Loop { path: PathBuf, ancestor: PathBuf },

    #[error("`{}` holds nothing that certctl reads", path.shown())]
    Unrecognised { path: PathBuf, source: Unrecognized },

    #[error("{} in `{}` cannot be read", a(what), place(path, within.as_deref()))]
    Malformed { path: PathBuf, within: Option<String>, what: &'static str, source: ObjectError },

    #[error("`{}` is not right for its Secret", place(path, Some(within)))]
    Secret { path: PathBuf, within: String, reason: &'static str },

    #[error("`{}` has no certificate to check", dir.shown())]
    NothingThere { dir: PathBuf, skipped: Option<String> },

    #[error("`{}` holds a private key beside the certificate", path.shown())]
    KeyInside { path: PathBuf },

    #[error("`{}` holds no private key that can be used", path.shown())]
    Key { path: PathBuf, source: KeyError },

    #[error("private key `{}` does not belong to certificate `{}`", key.shown(), certificate.shown())]
    KeyMismatch { certificate: PathBuf, key: PathBuf, of_ca: bool },

    #[error("CA certificate `{}` {source}", path.shown())]
    Authority { path: PathBuf, source: AuthorityError },

    #[error("CA certificate `{}` was signed by another CA, which alone can renew it", path.shown())]
    NotSelfSigned { path: PathBuf },

    #[error("{}", list_existing(paths))]
    Exists { paths: Vec<PathBuf>, hint: String },

    #[error("`{}` holds no serial number", path.shown())]
    SerialFile { path: PathBuf, source: SerialError },

    #[error("`{name}` would outlive its CA, which ends {}", rfc3339(*ca_ends))]
    OutlivesCa {
        name: String,
        ca_ends: OffsetDateTime,
        days_left: i64,
        /// The entry to edit, if the plan sets the lifetime.
        edit: Option<String>,
        /// What gives the CA enough time.
        more: MoreTime,
    },

    #[error("`{name}` would end after the year 9999, which no certificate can say")]
    PastTheLastYear { name: String },

    #[error("the clock says {}: no certificate can begin before 1970", rfc3339(*now))]
    Clock { now: OffsetDateTime },

    #[error("`{name}` cannot be made: {source}")]
    Subject { name: String, source: NameError },

    #[error(
        "`{name}` is to serve, but its common name `{common_name}` is no host name and it has no other"
    )]
    NoServerName { name: String, common_name: String },

    #[error("`{file}` bears no name `{name}` that could be dropped")]
    NoSuchName { file: String, name: String },

    #[error("`{name}` has a key of kind {kind}, which certctl does not make")]
    KeyKind { name: IdentityName, kind: String },

    #[error("there is no `{}` to renew", path.shown())]
    NoSuchIdentity { path: PathBuf },

    #[error("`{}` was not signed by this CA", path.shown())]
    OtherIssuer { path: PathBuf },

    #[error("`{}` {}is not renewed", path.shown(), urgency.of(*not_after))]
    NotRenewed {
        path: PathBuf,
        not_after: OffsetDateTime,
        urgency: Urgency,
        reason: String,
        hint: Option<String>,
    },

    #[error("`{}` is not issued again under the new CA", path.shown())]
    NotReissued { path: PathBuf, reason: String, hint: Option<String> },

    #[error("`{}` is not replaced: it is encrypted, and the new one would not be", path.shown())]
    EncryptedCaKey { path: PathBuf },

    #[error("`{}` holds no request that could be signed", path.shown())]
    NoRequest { path: PathBuf, reason: String },

    #[error("request `{}` {source}", file.shown())]
    Refused { file: PathBuf, source: CsrRefusal },

    #[error("private key `{}` is not the one of request `{}`", key.shown(), request.shown())]
    OtherKey { request: PathBuf, key: PathBuf },

    #[error("the request of `{name}` could not be made")]
    MakeRequest { name: IdentityName, source: MakeError },

    #[error("another process holds the lock on `{}` for more than {seconds} s", path.shown())]
    Locked { path: PathBuf, seconds: u64 },

    #[error("`{}` cannot be locked", path.shown())]
    NoLocks { path: PathBuf, source: io::Error },

    #[error("`{}` is {kind}: certctl replaces regular files alone", path.shown())]
    Target { path: PathBuf, kind: &'static str },

    #[error("`{}` is not safe: {reason}", path.shown())]
    UnsafePath { path: PathBuf, reason: UnsafePath },

    #[error("`{}` belongs to user {owner}: that user's certctl is running, or left it", path.shown())]
    ForeignWork { path: PathBuf, owner: String },

    #[error("`{}` has the files of an unfinished run, but not the mode 0700: other users could have changed them", path.shown())]
    OpenRecord { path: PathBuf },

    #[error("`{}` belongs to user {owner}, who would own the new content", path.shown())]
    ForeignFile { path: PathBuf, owner: String },

    #[error("cannot {action} `{}`", path.shown())]
    Write { path: PathBuf, action: &'static str, source: io::Error },

    #[error("cannot give the new `{}` the owner of the old one (user {uid})", path.shown())]
    Owner { path: PathBuf, uid: u32, source: io::Error },

    #[error("there is no group `{}` on this system", escape_line(name))]
    NoGroup { name: String },

    #[error("cannot give `{}` to group {}", path.shown(), escape_line(group))]
    Group { path: PathBuf, group: String, source: io::Error },

    #[error("no PKCS#12 file is made with that password: {reason}")]
    Password { reason: &'static str },

    #[error("publishing in `{}` was interrupted half-way", dir.shown())]
    Unfinished { dir: PathBuf, source: Box<Error> },

    #[error("`{}` is a journal of certctl 0.1, which is never used: it could be forged", path.shown())]
    Journal { path: PathBuf },

    #[error("a private key could not be made")]
    KeyGeneration { source: KeyError },

    #[error("`{name}` could not be signed")]
    Issue { name: IdentityName, source: IssueError },

    #[error("the CA certificate could not be made")]
    IssueCa { source: IssueError },

    #[error("webpki refuses the new certificate of `{name}`, so nothing was published for it")]
    SelfCheck { name: IdentityName, source: WebpkiError },

    #[error("webpki refuses what the new CA certificate would sign, so nothing was published")]
    SelfCheckCa { source: WebpkiError },

    #[error(transparent)]
    Random(#[from] NoRandomness),

    #[error("`{}` is no configuration that can be used: {message}", path.shown())]
    Config { path: PathBuf, message: String },

    #[error("environment variable {variable}: {message}")]
    Environment { variable: &'static str, message: String },

    #[error("there is no CA certificate to trust: `{}` does not exist", path.shown())]
    NoAnchor { path: PathBuf },

    #[error("`{}` holds nothing that can be judged", path.shown())]
    NothingToCheck { path: PathBuf, reason: String },

    #[error("`{}` holds no revocation list", path.shown())]
    NoRevocationList { path: PathBuf },

    #[error("`{}` cannot be used as allowed subjects", path.shown())]
    Admission { path: PathBuf, source: AdmissionError },

    #[error("`{}` cannot be looked at", escape_line(endpoint))]
    Probe { endpoint: String, source: ProbeError },

    #[error("there is no `{}`", path.shown())]
    NoPair { path: PathBuf, name: IdentityName, usage: Option<Usage> },

    #[error("the private key of `{}` is not at hand: `{}` does not exist", certificate.shown(), key.shown())]
    NoKey { certificate: PathBuf, key: PathBuf },

    #[error("the certificates at hand do not fit what is asked")]
    UnmetRequirements { unmet: Vec<UnmetRequirement> },

    #[error("template `{template}` cannot be filled")]
    Template { template: &'static str, source: TemplateError },

    #[error("the result is not written to `{}`: {reason}", path.shown())]
    OutFile { path: PathBuf, reason: String },

    #[error("`{}` is DER, which no service reads", path.shown())]
    Der { path: PathBuf },

    #[error("a terminal would show a private key")]
    KeyOnTerminal,

    #[error("hook `{command}` {outcome}")]
    Hook { command: String, outcome: String },

    #[error("`{}` is not a list of pending hooks", path.shown())]
    HookPending { path: PathBuf, reason: String },

    #[error("`{}` does not serve the new certificate within {seconds} s", escape_line(endpoint))]
    NotServed { endpoint: String, starttls: Option<&'static str>, seconds: u32, outcome: String },

    #[error("the old files are restored, but {outcome}")]
    Rollback { outcome: String },

    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
}

/// Why a file holds no certificate.
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
    pub(crate) fn usage(message: impl fmt::Display, hint: Option<&str>) -> Self {
        Self::Usage { message: message.to_string(), hint: hint.map(str::to_owned) }
    }

    /// A failed attempt to `action` (an infinitive: "replace", "write") a file.
    pub(crate) fn write(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), action, source }
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
