//! The hint of each error.

use std::{
    io,
    path::{Path, PathBuf},
};

use pki::{
    input::{ObjectError, Unrecognized},
    x509::{pem::PemError, serial::SerialError},
};

use super::{Error, MoreTime, Unreadable};
use crate::{
    issue::{authority::AuthorityError, identity::IdentityName},
    path_text::PathText as _,
    store::{CA_CERTIFICATE, ReadError, UnsafePath, is_expected},
};

/// A path, quoted for a shell; `FILE` for standard input.
fn shell(path: &Path) -> String {
    let named = Some(path).filter(|path| *path != Path::new("-"));
    named.map_or_else(|| "FILE".to_owned(), Path::typed)
}

const MAKE_SECRET: &str = "create the Secret from the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`";

fn on_unrecognised(path: &Path, source: &Unrecognized) -> String {
    match source {
        Unrecognized::Empty => made_again(path),
        Unrecognized::Container(container) => container.conversion(&shell(path)),
        Unrecognized::Opaque(_) | Unrecognized::Other(_) | Unrecognized::Nothing => format!(
            "certctl reads PEM, DER, PKCS#12 and Kubernetes Secrets; `file {}` may know what it is",
            path.typed()
        ),
    }
}

fn on_malformed(path: &Path, is_within: bool, source: &ObjectError) -> String {
    let file = shell(path);
    match source {
        ObjectError::Locked | ObjectError::WrongPassword => format!(
            "`certctl inspect {} --password-file FILE`, with the password in the first line of FILE",
            path.typed()
        ),
        ObjectError::Container(container) => container.conversion(&file),
        ObjectError::EncodedContainer(_) if !is_within => {
            format!("decode it, then check that: `base64 -d {file} > {file}.decoded`")
        }
        ObjectError::Unsupported(_) => {
            format!("convert it: `openssl pkcs12 -legacy -in {file} -nokeys -out {file}.pem`")
        }
        ObjectError::EscapedNewlines if !is_within => {
            format!("write line ends in their place: `printf '%b' \"$(cat {file})\" > {file}.new`")
        }
        ObjectError::EncodedTwice(_) if !is_within => {
            format!("decode it twice: `base64 -d {file} | base64 -d > {file}.decoded`")
        }
        ObjectError::EscapedNewlines | ObjectError::EncodedTwice(_) => MAKE_SECRET.into(),
        _ if is_within => "put the file back from a backup; all else in it was read".into(),
        _ => format!(
            "put the file back from a backup; `openssl asn1parse -in {}` may show where it breaks",
            path.typed()
        ),
    }
}

impl Error {
    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<String> {
        let file = |path: &Path| path.typed();
        Some(match self {
            Self::Usage { hint, .. } | Self::NotRenewed { hint, .. } | Self::NotReissued { hint, .. } => return hint.clone(),
            Self::NoCa { path, elsewhere: true } => format!(
                "name a CA certificate that is there: `--ca FILE`; `ls {}` shows the files",
                file(folder(path))
            ),
            Self::NoCa { .. } => {
                "create one: `certctl gen --cn HOST`; or name one that is elsewhere: `--ca FILE --ca-key FILE`".into()
            }
            Self::Certificate { path, source } => unreadable(path, source),
            Self::NoInput { .. } => "`certctl inspect` without a name lists the files of the directory; `-d DIR` names another".into(),
            Self::Loop { path, .. } => format!("all else was read; remove the link if it is not needed: `rm {}`", file(path)),
            Self::Unrecognised { path, source } => return Some(on_unrecognised(path, source)),
            Self::Malformed { path, within, source, .. } => return Some(on_malformed(path, within.is_some(), source)),
            Self::Secret { .. } => MAKE_SECRET.into(),
            Self::NothingThere { dir, .. } => format!("`ls -la {}` shows what is there; `-r` goes into its directories, too", shell(dir)),
            Self::KeyInside { path } => key_apart(path),
            Self::Key { path, source } => {
                let (old, new) = (file(path), file(&added(path, ".new")));
                return source.hint().map(|hint| {
                    let command = hint.replace("FILE", &old).replace("NEW", &new);
                    format!("convert it: `{command}`, then `mv {new} {old}`")
                });
            }
            Self::KeyMismatch { of_ca: true, .. } => "name the key of that certificate: `--ca-key FILE`".into(),
            Self::KeyMismatch { certificate, .. } => {
                let name = certificate.file_stem().unwrap_or_default().to_string_lossy();
                format!("generate a new key and certificate: `certctl renew {name}`")
            }
            Self::Authority { source: AuthorityError::Expired(_), .. } => "sign it again over the same key: `certctl renew ca`".into(),
            Self::Authority { source: AuthorityError::NotYetValid(_), .. } => "set the clock (`date -u` shows it), or sign the CA again: `certctl renew ca`".into(),
            Self::Authority { .. } => "name the CA certificate with `--ca FILE`, or create a new CA: `certctl gen --replace-ca`".into(),
            Self::NotSelfSigned { .. } => "ask the CA that signed it, or create a new CA: `certctl gen --replace-ca`".into(),
            Self::Exists { hint, .. } => hint.clone(),
            Self::SerialFile { source: SerialError::Exhausted, .. } => "this CA has no serial number left; create a new CA: `certctl gen --replace-ca`".into(),
            Self::SerialFile { path, .. } => format!(
                "put the file back from a backup; or move it away, and certctl begins with a random number: `mv {} {}`",
                path.typed(),
                added(path, ".old").typed()
            ),
            Self::OutlivesCa { days_left, edit, more, .. } => fitting(*days_left, edit.as_deref(), *more),
            Self::PastTheLastYear { name } if name == "ca" => "choose fewer days: `--ca-days 36500` of `gen`, `--days 36500` of `renew ca`".into(),
            Self::PastTheLastYear { .. } => "choose fewer days: `--days 3650`".into(),
            Self::Clock { .. } => "set the clock; `date -u` shows it".into(),
            Self::Subject { .. } => "correct it with `--cn`, `--subject` or the single fields (`certctl gen --help` lists them)".into(),
            Self::NoServerName { .. } => "add the host that it serves: `--san HOST`".into(),
            Self::NoSuchName { file, .. } => format!("this shows its names: `certctl inspect {}`", file.trim_end_matches(".pem")),
            Self::KeyKind { name, .. } => format!("choose a key type: `certctl renew {name} --key-type ecdsa:p256`"),
            Self::EncryptedCaKey { path } => format!("if the new key need not be encrypted, move it away: `mv {0} {0}.old`, then `certctl gen --replace-ca`", path.typed()),
            Self::NoSuchIdentity { path } => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                let away = Some(path.with_extension("key")).filter(|key| is_there(key));
                let away = away.map(|key| format!("{}, ", moved(&key))).unwrap_or_default();
                format!("`certctl status` lists the identities; or issue it: {away}`certctl issue {name} HOST`")
            }
            Self::OtherIssuer { .. } => "name the CA that signed it: `--ca FILE --ca-key FILE`".into(),
            Self::Refused { file: path, source } => source.hint(&file(path)),
            Self::OtherKey { key, .. } => {
                let name = key.file_stem().unwrap_or_default().to_string_lossy();
                format!("choose another name for the certificate: `--name {name}-2`")
            }
            Self::Locked { .. } => "wait for the other process, or longer: `--lock-timeout 120`".into(),
            Self::NoLocks { .. } => "keep the PKI on a file system that has locks (`-d DIR`)".into(),
            Self::Target { path, .. } => format!("`ls -ld {}` shows it; move it away, or name another directory", path.typed()),
            Self::UnsafePath { path, reason: UnsafePath::Open } => format!("remove that permission (`chmod o-w {}`); or accept it, as in a container's emptyDir: `--allow-shared-dir`", path.typed()),
            Self::UnsafePath { reason: UnsafePath::Owner(_), .. } => "run as that user, or create the directory for that user first: one that belongs to the owner of its path is accepted".into(),
            Self::UnsafePath { path, reason: UnsafePath::Link(_) } => format!("name the directory itself, not the link (`readlink {}` shows it)", path.typed()),
            Self::ForeignWork { path, .. } => format!("run as that user; or, if no certctl is running, remove it: `rm -r {}`", path.typed()),
            Self::OpenRecord { path } => format!("read its files; if they are right, move them to their places; then remove it: `rm -r {}`", path.typed()),
            Self::ForeignFile { path, .. } => format!("remove it first (`rm {}`), or name another file", path.typed()),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => "run as the owner of the directory, or name another with `-d DIR`".into(),
            Self::Write { .. } => "nothing was replaced; fix the cause, then run the same command again".into(),
            Self::Owner { uid, .. } => format!("run as root or as user {uid}: a service of that user must be able to read the new file"),
            Self::Unfinished { .. } => "fix the cause, then the next command that writes completes or undoes it: `certctl renew --expires-within 1d`".into(),
            Self::Journal { path } => format!("if certificates and keys belong together, remove it: `rm {}`", path.typed()),
            Self::SelfCheck { name, .. } => format!("renew it with other names or another usage: `certctl renew {name} --drop-san SAN --usage USAGE`"),
            Self::SelfCheckCa { .. } => "create a new CA: `certctl gen --replace-ca`".into(),
            Self::Config { .. } => "`certctl init` in an empty directory writes a commented example".into(),
            Self::Probe { source, .. } => return source.hint(),
            Self::NoAnchor { .. } => "name the CA that clients trust: `--ca FILE`".into(),
            Self::NothingToCheck { path, .. } | Self::NoRevocationList { path } | Self::NoRequest { path, .. } => {
                format!("see what is in it: `certctl inspect {}`", path.typed())
            }
            Self::Admission { .. } => "one subject a line, as in `CN=app,OU=db,OU=eu,O=Example`; `#` begins a comment".into(),
            Self::Read { path, source } => unread(path, source),
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
    fn hint_on_hooks(&self) -> Option<String> {
        Some(match self {
            Self::Hook { .. } => "the new files are in place; fix the cause, and the next run with `--exec` runs the hook again".into(),
            Self::HookPending { path, .. } => format!("look at it (`cat {0}`), run the hook by hand, then remove the file: `rm {0}`", path.typed()),
            Self::NotServed { endpoint, starttls, .. } => {
                let starttls = starttls.map(|protocol| format!(" --starttls {protocol}")).unwrap_or_default();
                format!("reload the service, then compare: `certctl check --connect {endpoint}{starttls}`")
            }
            Self::Rollback { .. } => "fix the service, reload it, then renew again: `certctl renew`".into(),
            _ => return None,
        })
    }

    /// For `k8s`, `render` and `export`.
    fn hint_on_deployment(&self) -> Option<String> {
        Some(match self {
            Self::NoGroup { .. } => "`getent group` lists the groups; for a group of a container, give its number: `--group 999`".into(),
            Self::Group { group, .. } => format!("run as root, or as a member of group {group}"),
            Self::Password { .. } => "put a password of printable ASCII characters into the first line of a file: `--password-file FILE`".into(),
            Self::NoPair { name, usage, .. } => {
                let usage = usage.map(|usage| format!(" --usage {usage}")).unwrap_or_default();
                format!("`certctl issue {name} HOST{usage}` issues it; `certctl status` lists the identities")
            }
            Self::NoKey { .. } => "run this where the key is".into(),
            Self::UnmetRequirements { unmet } => {
                let mut hints: Vec<&str> = unmet.iter().map(|unmet| &*unmet.hint).collect();
                hints.dedup();
                hints.join("\n")
            }
            Self::Der { path } => {
                let what = if path.extension().is_some_and(|kind| kind == "key") { "pkey" } else { "x509" };
                format!("write it as PEM: `openssl {what} -in {0} -out {0}.new`, then `mv {0}.new {0}`", path.typed())
            }
            Self::OutFile { .. } => "name another file with `--out-file FILE`, or leave it off".into(),
            Self::Template { .. } => "choose another value for the flag".into(),
            Self::KeyOnTerminal => "write it to a file with `--out-file FILE`, or print it with `-o yaml`".into(),
            _ => return None,
        })
    }
}

/// More time for the CA, or the longest validity that it allows; `edit` is the plan entry that sets it.
fn fitting(days_left: i64, edit: Option<&str>, more: MoreTime) -> String {
    let more = match more {
        MoreTime::Renewed => "extend the validity of the CA: `certctl renew ca`".to_owned(),
        MoreTime::RenewedFor(days) => {
            format!("extend the validity of the CA: `certctl renew ca --days {days}`")
        }
        MoreTime::Created(days) => format!("extend the validity of the CA: `--ca-days {days}`"),
    };
    match edit {
        _ if days_left <= 0 => more,
        Some(edit) => format!("{more}; or {edit} ({days_left} is the maximum)"),
        None => format!("{more}; or use the longest possible validity: `--days {days_left}`"),
    }
}

/// For a file without a usable certificate.
fn unreadable(file: &Path, source: &Unreadable) -> String {
    let path = file.typed();
    match source {
        Unreadable::NoMatch(..) => format!(
            "name the certificate of that key with `--ca FILE`; this shows its subject: `openssl x509 -noout -subject -in {path}`"
        ),
        Unreadable::Pem(PemError::Form(fault)) => {
            format!("rewrite it in the usual form: {}", fault.rewritten(&path))
        }
        _ => made_again(file),
    }
}

/// The identity to which a certificate file can belong.
fn identity(path: &Path) -> Option<IdentityName> {
    path.file_name()?.to_str()?.strip_suffix(".pem")?.parse().ok()
}

/// For a certificate file without a usable certificate.
fn made_again(path: &Path) -> String {
    let Some(name) = identity(path) else {
        let is_ca = path.file_name().is_some_and(|file| file == CA_CERTIFICATE);
        let or_create = if is_ca { "; or create a new CA: `certctl gen --replace-ca`" } else { "" };
        return format!("put the file back from a backup{or_create}");
    };
    let key = path.with_extension("key");
    let files = [path, &key].into_iter().filter(|file| is_there(file));
    let away: String = files.map(|file| moved(file) + ", ").collect();
    format!(
        "put the file back from a backup; or, if it is an identity, issue it again: {away}`certctl issue {name} HOST`"
    )
}

/// For a file with a certificate and its private key.
fn key_apart(path: &Path) -> String {
    let key = path.with_extension("key");
    let (file, new) = (path.typed(), added(path, ".new").typed());
    let first = if is_there(&key) {
        String::new()
    } else {
        format!("`openssl pkey -in {file} -out {}`, ", key.typed())
    };
    format!(
        "keep the key in a file of its own: {first}`sed '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE KEY/d' {file} > {new}`, then `mv {new} {file}`"
    )
}

/// The directory of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The command that moves a file away.
fn moved(path: &Path) -> String {
    format!("`mv {} {}`", path.typed(), added(path, ".old").typed())
}

/// A path with a suffix after its file name.
fn added(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}

/// For a file that could not be read.
fn unread(path: &Path, source: &ReadError) -> String {
    match source {
        ReadError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            format!("run as the owner of the file (`ls -l {}` shows it)", path.typed())
        }
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            format!("`ls {}` shows what is there", folder(path).typed())
        }
        ReadError::NotRegular(_) if is_expected(path) && !path.ends_with(CA_CERTIFICATE) => {
            format!("move it away if it is not used: {}", moved(path))
        }
        ReadError::TooMany(_) | ReadError::TooDeep(_) => {
            "keep the PKI in a directory without other files, and name it with `-d DIR`".into()
        }
        _ => {
            "name another directory with `-d DIR`, or the CA's files with `--ca FILE --ca-key FILE`"
                .into()
        }
    }
}
