//! The errors of issuing: the CA, the identities, and what is read of them.

use std::path::{Path, PathBuf};

use pki::{
    input::{ObjectError, Unrecognized},
    verify::webpki::WebpkiError,
    x509::{
        certificate::CertificateError,
        key::KeyError,
        name::NameError,
        pem::PemError,
        random::NoRandomness,
        usage::Usage,
        validity::{date, rfc3339},
    },
};
use time::OffsetDateTime;

use super::profile::SigningError;
use crate::{
    hint::{Command, Hint},
    path_text::{PathText as _, folder, with_end},
    store::{ARCHIVE, CA_CERTIFICATE, IdentityName, StoreError},
};

/// A CA or an identity that cannot be read or issued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssueError {
    #[error(transparent)]
    Store(#[from] StoreError),

    #[error(transparent)]
    Random(#[from] NoRandomness),

    #[error("no CA in this directory: `{}` does not exist", path.shown())]
    NoCa { path: PathBuf, elsewhere: bool },

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
    KeyMismatch { certificate: PathBuf, key: PathBuf, of_ca: bool },

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
        "`{name}` is a server, but its common name `{common_name}` is not a host name and it has no SAN"
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
    NoPair { path: PathBuf, name: IdentityName, usage: Option<Usage> },

    #[error("the private key of `{}` is missing: `{}` does not exist", certificate.shown(), key.shown())]
    NoKey { certificate: PathBuf, key: PathBuf },

    #[error("`{}` is not a list of pending hooks", path.shown())]
    HookPending { path: PathBuf, reason: String },
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

impl IssueError {
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
                let command = key_conversion(source, &old, &new)?;
                Hint::from(format!("convert it: `{command}`, then `mv {new} {old}`"))
            }
            Self::KeyMismatch { of_ca: true, .. } => {
                "name the key of that certificate: `--ca-key FILE`".into()
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
            Self::NoPair { name, usage, .. } => {
                let usage = usage.map(|usage| format!(" --usage {usage}")).unwrap_or_default();
                Hint::default()
                    .run(format!("issue {name} HOST{usage}"))
                    .then(" issues it; ")
                    .run("status")
                    .then(" lists the identities")
            }
            Self::NoKey { .. } => "run this where the key is".into(),
            Self::Random(_)
            | Self::KeyGeneration { .. }
            | Self::Sign { .. }
            | Self::SignCa { .. } => {
                return None;
            }
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

/// A path, quoted for a shell; `FILE` for standard input.
pub(crate) fn shell(path: &Path) -> String {
    let named = Some(path).filter(|path| *path != Path::new("-"));
    named.map_or_else(|| "FILE".to_owned(), Path::typed)
}

pub(crate) const MAKE_SECRET: &str = "create the Secret from the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`";

fn on_unrecognised(path: &Path, source: &Unrecognized) -> Hint {
    match source {
        Unrecognized::Empty => made_again(path),
        Unrecognized::Container(container) => container.conversion(&shell(path)).into(),
        Unrecognized::Opaque(_)
        | Unrecognized::OpaqueValue(_)
        | Unrecognized::Other(_)
        | Unrecognized::Nothing => Hint::from(format!(
            "certctl reads PEM, DER, PKCS#12 and Kubernetes Secrets; `file {}` may know what it is",
            path.typed()
        )),
    }
}

fn on_malformed(path: &Path, is_within: bool, source: &ObjectError) -> Hint {
    let file = shell(path);
    match source {
        ObjectError::Locked | ObjectError::WrongPassword => Hint::default()
            .run(Command::from("inspect").path(path).words("--password-file FILE"))
            .then(", with the password in the first line of FILE"),
        ObjectError::Container(container) => container.conversion(&file).into(),
        ObjectError::EncodedContainer(_) if !is_within => {
            Hint::from(format!("decode it, then check that: `base64 -d {file} > {file}.decoded`"))
        }
        ObjectError::Unsupported(_) => Hint::from(format!(
            "convert it: `openssl pkcs12 -legacy -in {file} -nokeys -out {file}.pem`"
        )),
        ObjectError::EscapedNewlines if !is_within => Hint::from(format!(
            "write line ends in their place: `printf '%b' \"$(cat {file})\" > {file}.new`"
        )),
        ObjectError::EncodedTwice(_) if !is_within => {
            Hint::from(format!("decode it twice: `base64 -d {file} | base64 -d > {file}.decoded`"))
        }
        ObjectError::EscapedNewlines | ObjectError::EncodedTwice(_) => MAKE_SECRET.into(),
        _ if is_within => "put the file back from a backup; all else in it was read".into(),
        _ => Hint::from(format!(
            "put the file back from a backup; `openssl asn1parse -in {}` may show where it breaks",
            path.typed()
        )),
    }
}

/// More time for the CA, or the longest validity that it allows; `edit` is the plan entry that sets it.
fn fitting(days_left: i64, edit: Option<&Hint>, more: MoreTime) -> Hint {
    let more = match more {
        MoreTime::Renewed => Hint::from("extend the validity of the CA: ").run("renew ca"),
        MoreTime::RenewedFor(days) => {
            Hint::from("extend the validity of the CA: ").run(format!("renew ca --days {days}"))
        }
        MoreTime::Created(days) => {
            format!("extend the validity of the CA: `--ca-days {days}`").into()
        }
    };
    match edit {
        _ if days_left <= 0 => more,
        Some(edit) => {
            more.then("; or ").and(edit.clone()).then(format!(" ({days_left} is the maximum)"))
        }
        None => more.then(format!("; or use the longest possible validity: `--days {days_left}`")),
    }
}

/// For a file without a usable certificate.
fn unreadable(file: &Path, source: &Unreadable) -> Hint {
    let path = file.typed();
    match source {
        Unreadable::NoMatch(..) => Hint::from(format!(
            "name the certificate of that key with `--ca FILE`; this shows its subject: `openssl x509 -noout -subject -in {path}`"
        )),
        Unreadable::Pem(PemError::Form(fault)) => {
            Hint::from(format!("rewrite it in the usual form: {}", fault.rewritten(&path)))
        }
        _ => made_again(file),
    }
}

/// The identity to which a certificate file can belong.
fn identity(path: &Path) -> Option<IdentityName> {
    path.file_name()?.to_str()?.strip_suffix(".pem")?.parse().ok()
}

/// For a certificate file without a usable certificate.
fn made_again(path: &Path) -> Hint {
    let Some(name) = identity(path) else {
        let is_ca = path.file_name().is_some_and(|file| file == CA_CERTIFICATE);
        let backup = Hint::from("put the file back from a backup");
        return if is_ca {
            backup.then("; or create a new CA: ").run("gen --replace-ca")
        } else {
            backup
        };
    };
    let key = path.with_extension("key");
    let away: String = archived(&[path, &key]).into_iter().map(|one| one + ", ").collect();
    Hint::from(format!(
        "put the file back from a backup; or, if it is an identity, issue it again: {away}"
    ))
    .run(format!("issue {name} HOST"))
}

/// For a file with a certificate and its private key.
fn key_apart(path: &Path) -> Hint {
    let key = path.with_extension("key");
    let (file, new) = (path.typed(), with_end(path, ".new").typed());
    let first = if is_there(&key) {
        String::new()
    } else {
        format!("`openssl pkey -in {file} -out {}`, ", key.typed())
    };
    format!(
        "keep the key in a file of its own: {first}`sed '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE KEY/d' {file} > {new}`, then `mv {new} {file}`"
    ).into()
}

/// The command that converts a private key, if one does.
fn key_conversion(source: &KeyError, old: &str, new: &str) -> Option<String> {
    Some(match source {
        KeyError::Encrypted { pkcs8: true } => format!("openssl pkcs8 -in {old} -out {new}"),
        KeyError::Encrypted { pkcs8: false } => {
            format!("openssl pkcs8 -topk8 -nocrypt -in {old} -out {new}")
        }
        KeyError::OpenSsh => format!("cp {old} {new} && ssh-keygen -p -m PKCS8 -N '' -f {new}"),
        KeyError::ExplicitCurve => {
            format!("openssl ec -in {old} -param_enc named_curve -out {new}")
        }
        KeyError::NoPublicPart => format!("openssl ec -in {old} -out {new}"),
        KeyError::CompressedPoint => {
            format!("openssl ec -in {old} -conv_form uncompressed -out {new}")
        }
        _ => return None,
    })
}

pub(crate) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The commands that move those of the files that exist to `archive`, which no command reads.
pub(crate) fn archived(paths: &[&Path]) -> Vec<String> {
    let mut commands = Vec::new();
    for path in paths.iter().filter(|path| is_there(path)) {
        let archive = path.with_file_name(ARCHIVE);
        let make = format!("`mkdir -p {}`", archive.typed());
        if !is_there(&archive) && !commands.contains(&make) {
            commands.push(make);
        }
        let file = archive.join(path.file_name().unwrap_or_default());
        let others = (2..).map(|number| with_end(&file, &format!("-{number}")));
        let free = std::iter::once(file.clone()).chain(others).find(|to| !is_there(to));
        commands.push(format!("`mv {} {}`", path.typed(), free.unwrap_or(file).typed()));
    }
    commands
}
