//! The way out of each error.

use std::{io, path::Path};

use super::{Error, Unreadable};
use crate::{
    ca::authority::AuthorityError,
    path_text::PathText as _,
    store::{ReadError, UnsafePath},
};
use pki::{
    input::{Broken, Unknown},
    x509::{pem::PemError, serial::SerialError, usage::Usage},
};

/// A path as a shell takes it, as far as it can be shown.
fn shell(path: &Path) -> String {
    let named = Some(path).filter(|path| *path != Path::new("-"));
    named.map_or_else(|| "FILE".to_owned(), Path::typed)
}

const MAKE_SECRET: &str = "make the Secret of the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`";

fn on_unrecognised(path: &Path, source: &Unknown) -> String {
    match source {
        Unknown::Empty => "put the file back from a backup, or make it again: `certctl renew`, `certctl issue NAME HOST`".into(),
        Unknown::Container(container) => container.conversion(&shell(path)),
        Unknown::Opaque(_) | Unknown::Other(_) | Unknown::Nothing => format!(
            "certctl reads PEM, DER, PKCS#12 and Kubernetes Secrets; `file {}` may know what it is",
            path.typed()
        ),
    }
}

fn on_malformed(path: &Path, is_within: bool, source: &Broken) -> String {
    let file = shell(path);
    match source {
        Broken::Locked | Broken::WrongPassword => format!(
            "`certctl inspect {} --password-file FILE`, with the password in the first line of FILE",
            path.typed()
        ),
        Broken::Container(container) => container.conversion(&file),
        Broken::EncodedContainer(_) if !is_within => {
            format!("decode it, then check that: `base64 -d {file} > {file}.decoded`")
        }
        Broken::Unsupported(_) => {
            format!("convert it: `openssl pkcs12 -legacy -in {file} -nokeys -out {file}.pem`")
        }
        Broken::EscapedNewlines if !is_within => {
            format!("write line ends in their place: `printf '%b' \"$(cat {file})\" > {file}.new`")
        }
        Broken::EncodedTwice(_) if !is_within => {
            format!("decode it twice: `base64 -d {file} | base64 -d > {file}.decoded`")
        }
        Broken::EscapedNewlines | Broken::EncodedTwice(_) => MAKE_SECRET.into(),
        _ if is_within => "put the file back from a backup; all else in it was read".into(),
        _ => format!(
            "put the file back from a backup; `openssl asn1parse -in {}` may show where it breaks",
            path.typed()
        ),
    }
}

impl Error {
    /// The next thing to try: a flag or a command, never "check your input".
    pub(crate) fn hint(&self) -> Option<String> {
        let file = |path: &Path| path.typed();
        Some(match self {
            Self::Usage { hint, .. } | Self::NotRenewed { hint, .. } | Self::NotReissued { hint, .. } => return hint.clone(),
            Self::NoCa { .. } => {
                "make one with `certctl gen --cn NAME`, or name one that lies elsewhere with `--ca FILE --ca-key FILE`".into()
            }
            Self::Certificate { path, source } => unreadable(path, source),
            Self::NoInput { .. } => "`certctl inspect` without a name lists what the directory holds; `-d DIR` names another".into(),
            Self::Loop { path, .. } => format!("all else was read; remove the link if nobody needs it: `rm {}`", file(path)),
            Self::Unrecognised { path, source } => return Some(on_unrecognised(path, source)),
            Self::Malformed { path, within, source, .. } => return Some(on_malformed(path, within.is_some(), source)),
            Self::Secret { .. } => MAKE_SECRET.into(),
            Self::NothingThere { dir, .. } => format!("`ls -la {}` shows what is there; `-r` goes into its directories, too", shell(dir)),
            Self::KeyInside { path } => format!(
                "keep the key in a file of its own (`openssl pkey -in {0} -out NAME.key`), and the certificates alone in {0}",
                path.typed()
            ),
            Self::Key { path, source } => {
                return source.hint().map(|hint| hint.replace("FILE", &file(path)));
            }
            Self::KeyMismatch { certificate, .. } => {
                let name = certificate.file_stem().unwrap_or_default().to_string_lossy();
                format!("if it is a CA, name its key with `--ca-key FILE`; else `certctl renew {name}` makes a pair that fits")
            }
            Self::Authority { source: AuthorityError::Expired(_), .. } => "sign it again over the same key: `certctl renew ca`".into(),
            Self::Authority { source: AuthorityError::NotYetValid(_), .. } => "set the clock (`date -u` shows it), or sign the CA again: `certctl renew ca`".into(),
            Self::Authority { .. } => "name the CA certificate with `--ca FILE`, or make a new trust root: `certctl gen --replace-ca`".into(),
            Self::NotSelfSigned { .. } => "ask the CA that signed it, or make a new trust root: `certctl gen --replace-ca`".into(),
            Self::Exists { hint, .. } => (*hint).into(),
            Self::SerialFile { source: SerialError::Exhausted, .. } => "no number is left under this CA: make a new trust root with `certctl gen --replace-ca`".into(),
            Self::SerialFile { path, .. } => format!(
                "put the file back from a backup; or move `{}` away, and certctl starts with a random number",
                path.typed()
            ),
            Self::OutlivesCa { days_left, edit, .. } => fitting(*days_left, edit.as_deref()),
            Self::PastTheLastYear { .. } => "choose fewer days: `--days 3650`".into(),
            Self::Clock { .. } => "set the clock; `date -u` shows it".into(),
            Self::Subject { .. } => "mend it with `--cn`, `--subject` or the single fields (`certctl gen --help` lists them)".into(),
            Self::NoServerName { .. } => "say which host it serves: `--san HOST`".into(),
            Self::NoSuchName { file, .. } => format!("this shows its names: `openssl x509 -noout -ext subjectAltName -in {file}`"),
            Self::KeyKind { name, .. } => format!("choose a kind: `certctl renew {name} --key-type ecdsa:p256`"),
            Self::NoSuchIdentity { .. } => "`certctl renew --dry-run` lists what there is; `certctl issue NAME HOST` makes one more".into(),
            Self::EncryptedCaKey { path } => format!("if the new one may be plain, move it away: `mv {0} {0}.old`, then `certctl gen --replace-ca`", path.typed()),
            Self::NotOurs { .. } => "name the CA that signed it: `--ca FILE --ca-key FILE`".into(),
            Self::Refused { file: path, source } => source.hint(&file(path)),
            Self::OtherKey { .. } => "choose another name for the certificate: `--name NAME`".into(),
            Self::Locked { .. } => "wait for the other process, or longer: `--lock-timeout 120`".into(),
            Self::NoLocks { .. } => "keep the PKI on a file system that has locks (`-d DIR`)".into(),
            Self::Target { path, .. } => format!("`ls -ld {}` shows it; move it away, or name another directory", path.typed()),
            Self::UnsafePath { path, reason: UnsafePath::Open } => format!("take that right from them (`chmod o-w {}`); or accept it, as in a container's emptyDir: `--allow-shared-dir`", path.typed()),
            Self::UnsafePath { reason: UnsafePath::Owner(_), .. } => "run as that user, or create the directory for that user first: one that belongs to the owner of its path is accepted".into(),
            Self::UnsafePath { path, reason: UnsafePath::Link(_) } => format!("name the directory itself, not the link (`readlink {}` shows it)", path.typed()),
            Self::ForeignWork { path, .. } => format!("run as that user; or, if no certctl is running, remove it: `rm -r {}`", path.typed()),
            Self::OpenRecord { path } => format!("look into it; if the files are right, move them to their places; then remove it: `rm -r {}`", path.typed()),
            Self::ForeignFile { path, .. } => format!("remove it first (`rm {}`), or name another file", path.typed()),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => "run as the owner of the directory, or name another with `-d DIR`".into(),
            Self::Write { .. } => "nothing was replaced; when the cause is mended, run the same command again".into(),
            Self::Owner { uid, .. } => format!("run as root or as user {uid}: a service of that user must be able to read the new file"),
            Self::Unfinished { .. } => "when the cause is mended, the next command that writes finishes or undoes it: `certctl renew --expires-within 1d`".into(),
            Self::Journal { path } => format!("once certificates and keys are known to fit, remove it: `rm {}`", path.typed()),
            Self::SelfCheck { .. } => "renew it with other names or usages (`--drop-san`, `--usage`), or make it anew: `certctl issue`".into(),
            Self::SelfCheckCa { .. } => "make a new trust root: `certctl gen --replace-ca`".into(),
            Self::Config { .. } => "`certctl init` in an empty directory writes a commented example".into(),
            Self::Probe { source, .. } => return source.hint(),
            Self::NoAnchor { .. } => "name the CA that clients trust: `--ca FILE`".into(),
            Self::NothingToJudge { path, .. } | Self::NoRevocationList { path } | Self::NoRequest { path, .. } => {
                format!("see what is in it: `certctl inspect {}`", path.typed())
            }
            Self::Admission { .. } => "one subject a line, as in `CN=app,OU=db,OU=eu,O=Example`; `#` begins a comment".into(),
            Self::Read { path, source: ReadError::Io(error) } if error.kind() == io::ErrorKind::PermissionDenied => {
                format!("run as the owner of the file (`ls -l {}` shows it)", path.typed())
            }
            Self::Read { path, source: ReadError::Io(error) } if error.kind() == io::ErrorKind::NotFound => {
                let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
                format!("`ls {}` shows what is there", file(dir.unwrap_or(Path::new("."))))
            }
            Self::Read { source: ReadError::TooMany(_) | ReadError::TooDeep(_), .. } => "keep the PKI in a directory without other files, and name it with `-d DIR`".into(),
            Self::Read { .. } => "name another directory with `-d DIR`, or the CA's files with `--ca FILE --ca-key FILE`".into(),
            Self::Environment { .. }
            | Self::Random(_)
            | Self::Output(_)
            | Self::Issue { .. }
            | Self::IssueCa { .. }
            | Self::MakeRequest { .. }
            | Self::KeyGeneration { .. } => return None,
            _ => return self.hint_on_handing_on().or_else(|| self.hint_on_hooks()),
        })
    }

    /// Of what follows a renewal.
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

    /// Of `k8s`, `render` and `export`.
    fn hint_on_handing_on(&self) -> Option<String> {
        Some(match self {
            Self::NoGroup { .. } => "`getent group` lists the groups; one of a container alone is given by its number: `--group 999`".into(),
            Self::Group { group, .. } => format!("run as root, or as a member of group {group}"),
            Self::Password { .. } => "put one of printable ASCII characters into the first line of a file: `--password-file FILE`".into(),
            Self::NoPair { name, usage, .. } => {
                let usage = usage.map_or("U", Usage::as_str);
                format!("`certctl issue {name} HOST --usage {usage}` makes it; `certctl inspect` lists what there is")
            }
            Self::NoKey { .. } => "run this where the key lies: it does not travel".into(),
            Self::Unfit { misfits } => {
                let mut hints: Vec<&str> = misfits.iter().map(|misfit| &*misfit.hint).collect();
                hints.dedup();
                hints.join("\n")
            }
            Self::Der { path } => {
                let what = if path.extension().is_some_and(|kind| kind == "key") { "pkey" } else { "x509" };
                format!("write it as PEM: `openssl {what} -in {0} -out {0}.new`, then `mv {0}.new {0}`", path.typed())
            }
            Self::OutFile { .. } => "name another file with `--out-file FILE`, or leave it off".into(),
            Self::Template { .. } => "choose another value for the flag".into(),
            Self::KeyOnTerminal => "write it to a file with `--out-file FILE`, or say that you want to see it with `-o yaml`".into(),
            _ => return None,
        })
    }
}

/// The longest lifetime below a CA that lives so many days; `edit` is the entry of the plan that sets it.
fn fitting(days_left: i64, edit: Option<&str>) -> String {
    const MORE: &str = "`certctl renew ca` gives the CA more time";
    match edit {
        _ if days_left <= 0 => "give the CA more time: `certctl renew ca`".to_owned(),
        Some(edit) => format!("{edit} ({days_left} is the longest that fits); {MORE}"),
        None => format!("`--days {days_left}` is the longest that fits; {MORE}"),
    }
}

/// For a file that holds no certificate which can be used.
fn unreadable(path: &Path, source: &Unreadable) -> String {
    let path = path.typed();
    match source {
        Unreadable::NoMatch(..) => format!(
            "name the certificate of that key with `--ca FILE`; this shows whose it is: `openssl x509 -noout -subject -in {path}`"
        ),
        Unreadable::Pem(PemError::Form(_)) => format!(
            "write it in the usual form: no indentation, no blank lines, each BEGIN and END on a line of its own; `certctl inspect {path}` reads it as it is"
        ),
        _ => format!(
            "put the file back from a backup; for an identity, move `{path}` away and make it again with `certctl issue NAME HOST`"
        ),
    }
}
