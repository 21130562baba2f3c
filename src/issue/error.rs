//! The errors of issuing: the CA, the identities, and what is read of them.

mod cause;
mod hint;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use pki::{
    input::{Location, ObjectError, Unrecognized},
    verify::webpki::WebpkiError,
    x509::{
        key::KeyError,
        name::NameError,
        random::NoRandomness,
        usage::Usage,
        validity::{date, rfc3339},
    },
};
use time::OffsetDateTime;

use super::{profile::SigningError, urgency::Urgency};
use crate::{
    hint::Hint,
    path_text::{PathText as _, folder, with_end},
    store::{IdentityName, StoreError},
};
pub(crate) use cause::{MoreTime, Unreadable};
pub(crate) use hint::{MAKE_SECRET, archived, client_of_plan, lost, shell};
use hint::{fitting, key_apart, on_malformed, on_unrecognised, unreadable};

/// A CA or an identity that cannot be read or issued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssueError {
    #[error(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    Random(#[from] NoRandomness),

    #[error("no CA in this directory: `{}` does not exist", path.shown())]
    NoCa { path: PathBuf, elsewhere: bool },

    #[error(
        "the CA certificate is lost: `{}` does not exist, and its private key `{}` does",
        certificate.shown(), key.shown()
    )]
    LostCa { certificate: PathBuf, key: PathBuf },

    #[error("the private key of the CA is not here: `{}` does not exist", path.shown())]
    NoCaKey { path: PathBuf, elsewhere: bool },

    #[error("`{}` has no usable certificate", path.shown())]
    Certificate { path: PathBuf, source: Unreadable },

    #[error("`{}` has no supported content", path.shown())]
    Unrecognised { path: PathBuf, source: Unrecognized },

    #[error("{} in `{}` cannot be read", a(what), place(path, within.as_deref()))]
    Malformed { path: PathBuf, within: Option<Box<str>>, what: &'static str, source: ObjectError },

    #[error("`{}` has a private key beside the certificate", path.shown())]
    KeyInside { path: PathBuf },

    #[error("`{}` has no usable private key", path.shown())]
    Key { path: PathBuf, source: KeyError },

    #[error("private key `{}` does not belong to certificate `{}`", key.shown(), certificate.shown())]
    KeyMismatch { certificate: PathBuf, key: PathBuf },

    #[error("private key `{}` does not belong to certificate `{}`", key.shown(), certificate.shown())]
    CaKeyMismatch { certificate: PathBuf, key: PathBuf, elsewhere: bool },

    #[error("CA certificate `{}` {source}", path.shown())]
    Authority { path: PathBuf, source: AuthorityError },

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

    #[error("`{name}` cannot be issued: {source}")]
    Subject { name: String, source: NameError },

    #[error(
        "`{name}` is a server, but its common name `{common_name}` is not a host name and it has \
        no SAN"
    )]
    NoServerName { name: String, common_name: String },

    #[error("a private key cannot be generated")]
    KeyGeneration { source: KeyError },

    #[error("`{name}` cannot be signed")]
    Sign { name: IdentityName, source: SigningError },

    #[error("the CA certificate cannot be signed")]
    SignCa { source: SigningError },

    #[error("webpki refuses the new certificate of `{name}`, so it was not published")]
    SelfCheck { name: IdentityName, source: WebpkiError },

    #[error(
        "webpki refuses the certificates below the new CA certificate, so nothing was published"
    )]
    SelfCheckCa { source: WebpkiError },

    #[error("`{}` does not exist", path.shown())]
    NoPair {
        path: PathBuf,
        name: IdentityName,
        usage: Option<Usage>,
        /// The client of the plan, if the missing one is a client that the plan does not have.
        planned: Option<IdentityName>,
    },

    #[error("the private key of `{}` is missing: `{}` does not exist", certificate.shown(), key.shown())]
    NoKey { certificate: PathBuf, key: PathBuf },

    #[error("`{}` is not a list of pending hooks", path.shown())]
    HookPending { path: PathBuf, reason: String },

    #[error("{}", list_existing(paths))]
    Exists { paths: Vec<PathBuf>, hint: Hint },

    #[error("CA certificate `{}` was signed by another CA; only that CA can renew it", path.shown())]
    NotSelfSigned { path: PathBuf },

    #[error("`{}` is not replaced: it is encrypted, and the new one would not be", path.shown())]
    EncryptedCaKey { path: PathBuf },

    #[error("`{}` does not exist, so it cannot be renewed", path.shown())]
    NoSuchIdentity { path: PathBuf },

    #[error("`{}` was not signed by this CA", path.shown())]
    OtherIssuer { path: PathBuf },

    #[error("`{file}` has no SAN `{name}`")]
    NoSuchName { file: String, name: String },

    #[error("`{name}` has a key of type {kind}, which certctl does not generate")]
    KeyKind { name: IdentityName, kind: String },

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

    /// Flags that cannot be used.
    #[error("{message}")]
    Usage { message: String, hint: Option<Hint> },

    /// An entry of certctl.toml that cannot be issued.
    #[error("`{}` is not a valid configuration: {message}", path.shown())]
    Plan { path: PathBuf, message: String },
}

/// Why a certificate and a key are not a CA that can sign.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorityError {
    #[error("is not a CA certificate (basicConstraints lack CA:TRUE)")]
    NotCa,
    #[error("has a keyUsage without keyCertSign, so clients refuse what it signs")]
    MayNotSign,
    #[error("expired on {}", date(*.0))]
    Expired(OffsetDateTime),
    #[error("is not valid before {}: is the clock of this machine right?", date(*.0))]
    NotYetValid(OffsetDateTime),
}

impl IssueError {
    /// An object in a file that cannot be read.
    pub(crate) fn malformed(
        path: &Path,
        location: Option<&Location>,
        what: &'static str,
        source: ObjectError,
    ) -> Self {
        let within = location.map(|location| location.to_string().into());
        Self::Malformed { path: path.to_owned(), within, what, source }
    }

    pub(crate) fn usage(message: impl fmt::Display, hint: Option<Hint>) -> Self {
        Self::Usage { message: message.to_string(), hint }
    }

    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<Hint> {
        let file = |path: &Path| path.typed();
        Some(match self {
            Self::Store(error) => return error.hint(),
            Self::NoCa { path, elsewhere: true } => Hint::from(format!(
                "name a CA certificate that is there: `--ca FILE`; `ls {}` shows the files",
                file(folder(path))
            )),
            Self::NoCa { .. } => Hint::from("create one: ")
                .run("gen --cn HOST")
                .then("; or name one that is elsewhere: `--ca FILE --ca-key FILE`"),
            Self::Certificate { path, source } => unreadable(path, source),
            Self::Unrecognised { path, source } => return Some(on_unrecognised(path, source)),
            Self::Malformed { path, within, source, .. } => {
                return Some(on_malformed(path, within.is_some(), source));
            }
            Self::KeyInside { path } => key_apart(path),
            Self::Key { path, source } => {
                let (old, new) = (file(path), file(&with_end(path, ".new")));
                let command = source.conversion(&old, &new)?;
                Hint::from(format!("convert it: `{command}`, then `mv {new} {old}`"))
            }
            Self::LostCa { certificate, .. } => {
                Hint::from("name the CA: `--ca FILE --ca-key FILE`; or ")
                    .and(lost(certificate, "a backup, or from a client that trusts it"))
            }
            // `gen` does not replace a CA elsewhere.
            Self::NoCaKey { elsewhere: true, .. } | Self::CaKeyMismatch { elsewhere: true, .. } => {
                "name the key of that certificate: `--ca-key FILE`".into()
            }
            Self::NoCaKey { path, .. } | Self::CaKeyMismatch { key: path, .. } => {
                Hint::from("name the key of the CA: `--ca-key FILE`; or ")
                    .and(lost(path, "a backup"))
            }
            Self::KeyMismatch { certificate, .. } => {
                let name = certificate.file_stem().unwrap_or_default().to_string_lossy();
                Hint::from("generate a new key and certificate: ").run(format!("renew {name}"))
            }
            Self::Authority { source: AuthorityError::Expired(_), .. } => {
                Hint::from("sign it again over the same key: ").run("renew ca")
            }
            Self::Authority { source: AuthorityError::NotYetValid(_), .. } => {
                Hint::from("set the clock (`date -u` shows it), or sign the CA again: ")
                    .run("renew ca")
            }
            Self::Authority { .. } => {
                Hint::from("name the CA certificate with `--ca FILE`, or create a new CA: ")
                    .run("gen --replace-ca")
            }
            Self::OutlivesCa { days_left, edit, more, .. } => {
                fitting(*days_left, edit.as_ref(), *more)
            }
            Self::PastTheLastYear { name } if name == "ca" => {
                "choose fewer days: `--ca-days 36500` of `gen`, `--days 36500` of `renew ca`".into()
            }
            Self::PastTheLastYear { .. } => "choose fewer days: `--days 3650`".into(),
            Self::Subject { .. } => {
                Hint::from("correct it with `--cn`, `--subject` or the single fields (")
                    .run("gen --help")
                    .then(" lists them)")
            }
            Self::NoServerName { .. } => "add the host that it serves: `--san HOST`".into(),
            Self::SelfCheck { name, .. } => {
                Hint::from("renew it with other names or another usage: ")
                    .run(format!("renew {name} --drop-san SAN --usage USAGE"))
            }
            Self::SelfCheckCa { .. } => Hint::from("create a new CA: ").run("gen --replace-ca"),
            Self::HookPending { path, .. } => Hint::from(format!(
                "look at it (`cat {0}`), run the hook by hand, then remove the file: `rm {0}`",
                path.typed()
            )),
            Self::NoPair { name, usage, planned, .. } => {
                let usage = usage.map(|usage| format!(" --usage {usage}")).unwrap_or_default();
                let planned = planned.as_ref();
                Hint::from(planned.map(client_of_plan).unwrap_or_default())
                    .run(format!("issue {name} HOST{usage}"))
                    .then(" issues it; ")
                    .run("status")
                    .then(" lists the identities")
            }
            Self::NoKey { .. } => "run this where the key is".into(),
            Self::Exists { hint, .. } => hint.clone(),
            Self::Usage { hint, .. }
            | Self::NotRenewed { hint, .. }
            | Self::NotReissued { hint, .. } => return hint.clone(),
            _ => return self.hint_on_replacing(),
        })
    }

    /// For what is not renewed or replaced.
    fn hint_on_replacing(&self) -> Option<Hint> {
        Some(match self {
            Self::NotSelfSigned { .. } => {
                Hint::from("ask the CA that signed it, or create a new CA: ")
                    .run("gen --replace-ca")
            }
            Self::EncryptedCaKey { path } => Hint::from(format!(
                "if the new key need not be encrypted, move it away: `mv {0} {0}.old`, then ",
                path.typed()
            ))
            .run("gen --replace-ca"),
            Self::NoSuchIdentity { path } => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                let away = archived(&[&path.with_extension("key")]);
                let away: String = away.into_iter().map(|command| command + ", ").collect();
                Hint::default()
                    .run("status")
                    .then(format!(" lists the identities; or issue it: {away}"))
                    .run(format!("issue {name} HOST"))
            }
            Self::OtherIssuer { .. } => {
                "name the CA that signed it: `--ca FILE --ca-key FILE`".into()
            }
            Self::NoSuchName { file, .. } => Hint::from("this shows its names: ")
                .run(format!("inspect {}", file.trim_end_matches(".pem"))),
            Self::KeyKind { name, .. } => {
                Hint::from("choose a key type: ").run(format!("renew {name} --key-type ecdsa:p256"))
            }
            _ => return None,
        })
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
