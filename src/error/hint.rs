//! The hint of each error.

use std::path::Path;

use pki::{
    input::{ObjectError, Unrecognized},
    x509::{key::KeyError, pem::PemError},
};

use super::{Error, MoreTime, Unreadable};
use crate::{
    hint::{Command, Hint},
    hook::HookError,
    issue::{authority::AuthorityError, identity::IdentityName},
    path_text::{PathText as _, folder, with_end},
    store::CA_CERTIFICATE,
};

/// A path, quoted for a shell; `FILE` for standard input.
fn shell(path: &Path) -> String {
    let named = Some(path).filter(|path| *path != Path::new("-"));
    named.map_or_else(|| "FILE".to_owned(), Path::typed)
}

const MAKE_SECRET: &str = "create the Secret from the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`";

fn on_unrecognised(path: &Path, source: &Unrecognized) -> Hint {
    match source {
        Unrecognized::Empty => made_again(path),
        Unrecognized::Container(container) => container.conversion(&shell(path)).into(),
        Unrecognized::Opaque(_) | Unrecognized::Other(_) | Unrecognized::Nothing => {
            Hint::from(format!(
                "certctl reads PEM, DER, PKCS#12 and Kubernetes Secrets; `file {}` may know what it is",
                path.typed()
            ))
        }
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

impl Error {
    /// The next step: a flag or a command that works as typed.
    #[expect(clippy::too_many_lines, reason = "one arm an error")]
    pub(crate) fn hint(&self) -> Option<Hint> {
        let file = |path: &Path| path.typed();
        Some(match self {
            Self::Usage { hint, .. }
            | Self::NotRenewed { hint, .. }
            | Self::NotReissued { hint, .. } => return hint.clone(),
            Self::NoCa { path, elsewhere: true } => Hint::from(format!(
                "name a CA certificate that is there: `--ca FILE`; `ls {}` shows the files",
                file(folder(path))
            )),
            Self::NoCa { .. } => Hint::from("create one: ")
                .run("gen --cn HOST")
                .then("; or name one that is elsewhere: `--ca FILE --ca-key FILE`"),
            Self::Certificate { path, source } => unreadable(path, source),
            Self::NoInput { .. } => Hint::default()
                .run("inspect")
                .then(" without a name lists the files of the directory; `-d DIR` names another"),
            Self::Loop { path, .. } => Hint::from(format!(
                "all else was read; remove the link if it is not needed: `rm {}`",
                file(path)
            )),
            Self::Unrecognised { path, source } => return Some(on_unrecognised(path, source)),
            Self::Malformed { path, within, source, .. } => {
                return Some(on_malformed(path, within.is_some(), source));
            }
            Self::Secret { .. } => MAKE_SECRET.into(),
            Self::NothingThere { dir, .. } => Hint::from(format!(
                "`ls -la {}` shows what is there; `-r` goes into its directories, too",
                shell(dir)
            )),
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
            Self::NotSelfSigned { .. } => {
                Hint::from("ask the CA that signed it, or create a new CA: ")
                    .run("gen --replace-ca")
            }
            Self::Exists { hint, .. } => hint.clone(),
            Self::OutlivesCa { days_left, edit, more, .. } => {
                fitting(*days_left, edit.as_ref(), *more)
            }
            Self::PastTheLastYear { name } if name == "ca" => {
                "choose fewer days: `--ca-days 36500` of `gen`, `--days 36500` of `renew ca`".into()
            }
            Self::PastTheLastYear { .. } => "choose fewer days: `--days 3650`".into(),
            Self::Clock { .. } => "set the clock; `date -u` shows it".into(),
            Self::Subject { .. } => {
                Hint::from("correct it with `--cn`, `--subject` or the single fields (")
                    .run("gen --help")
                    .then(" lists them)")
            }
            Self::NoServerName { .. } => "add the host that it serves: `--san HOST`".into(),
            Self::NoSuchName { file, .. } => Hint::from("this shows its names: ")
                .run(format!("inspect {}", file.trim_end_matches(".pem"))),
            Self::KeyKind { name, .. } => {
                Hint::from("choose a key type: ").run(format!("renew {name} --key-type ecdsa:p256"))
            }
            Self::EncryptedCaKey { path } => Hint::from(format!(
                "if the new key need not be encrypted, move it away: `mv {0} {0}.old`, then ",
                path.typed()
            ))
            .run("gen --replace-ca"),
            Self::NoSuchIdentity { path } => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                let away = Some(path.with_extension("key")).filter(|key| is_there(key));
                let away = away.map(|key| format!("{}, ", moved(&key))).unwrap_or_default();
                Hint::default()
                    .run("status")
                    .then(format!(" lists the identities; or issue it: {away}"))
                    .run(format!("issue {name} HOST"))
            }
            Self::OtherIssuer { .. } => {
                "name the CA that signed it: `--ca FILE --ca-key FILE`".into()
            }
            Self::Refused { file: path, source } => source.hint(&file(path)).into(),
            Self::OtherKey { key, .. } => {
                let name = key.file_stem().unwrap_or_default().to_string_lossy();
                format!("choose another name for the certificate: `--name {name}-2`").into()
            }
            Self::SelfCheck { name, .. } => {
                Hint::from("renew it with other names or another usage: ")
                    .run(format!("renew {name} --drop-san SAN --usage USAGE"))
            }
            Self::SelfCheckCa { .. } => Hint::from("create a new CA: ").run("gen --replace-ca"),
            Self::Config { .. } => {
                "`certctl init` in an empty directory writes a commented example".into()
            }
            Self::Probe { source, .. } => return source.hint().map(Hint::from),
            Self::NoAnchor { .. } => "name the CA that clients trust: `--ca FILE`".into(),
            Self::NothingToCheck { path, .. }
            | Self::NoRevocationList { path }
            | Self::NoRequest { path, .. } => {
                Hint::from("see what is in it: ").run(Command::from("inspect").path(path))
            }
            Self::Admission { .. } => {
                "one subject a line, as in `CN=app,OU=db,OU=eu,O=Example`; `#` begins a comment"
                    .into()
            }
            Self::Store(error) => return error.hint(),
            Self::Environment { .. }
            | Self::Random(_)
            | Self::Output(_)
            | Self::Issue { .. }
            | Self::IssueCa { .. }
            | Self::MakeRequest { .. }
            | Self::KeyGeneration { .. } => return None,
            _ => return self.hint_on_deployment().or_else(|| self.hint_on_hooks()),
        })
    }

    /// For the hook and the servers after a renewal.
    fn hint_on_hooks(&self) -> Option<Hint> {
        Some(match self {
            Self::Hook(_) => HookError::hint(),
            Self::HookPending { path, .. } => Hint::from(format!(
                "look at it (`cat {0}`), run the hook by hand, then remove the file: `rm {0}`",
                path.typed()
            )),
            Self::NotServed { endpoint, starttls, .. } => {
                let starttls =
                    starttls.map(|protocol| format!(" --starttls {protocol}")).unwrap_or_default();
                Hint::from("reload the service, then compare: ")
                    .run(format!("check --connect {endpoint}{starttls}"))
            }
            Self::Rollback { .. } => {
                Hint::from("fix the service, reload it, then renew again: ").run("renew")
            }
            _ => return None,
        })
    }

    /// For `k8s`, `render` and `export`.
    fn hint_on_deployment(&self) -> Option<Hint> {
        Some(match self {
            Self::Password { .. } => "put a password of printable ASCII characters into the first line of a file: `--password-file FILE`".into(),
            Self::NoPair { name, usage, .. } => {
                let usage = usage.map(|usage| format!(" --usage {usage}")).unwrap_or_default();
                Hint::default().run(format!("issue {name} HOST{usage}")).then(" issues it; ").run("status").then(" lists the identities")
            }
            Self::NoKey { .. } => "run this where the key is".into(),
            Self::UnmetRequirements { unmet } => {
                let mut hints: Vec<Hint> = unmet.iter().map(|unmet| unmet.hint.clone()).collect();
                hints.dedup();
                Hint::join(hints, "\n")
            }
            Self::Der { path } => {
                let what = if path.extension().is_some_and(|kind| kind == "key") { "pkey" } else { "x509" };
                format!("write it as PEM: `openssl {what} -in {0} -out {0}.new`, then `mv {0}.new {0}`", path.typed()).into()
            }
            Self::Template { .. } => "choose another value for the flag".into(),
            Self::KeyOnTerminal => "write it to a file with `--out-file FILE`, or print it with `-o yaml`".into(),
            _ => return None,
        })
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
    let files = [path, &key].into_iter().filter(|file| is_there(file));
    let away: String = files.map(|file| moved(file) + ", ").collect();
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

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The command that moves a file away.
fn moved(path: &Path) -> String {
    format!("`mv {} {}`", path.typed(), with_end(path, ".old").typed())
}
