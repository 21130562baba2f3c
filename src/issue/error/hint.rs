//! The longer hints of the errors of issuing.

use std::path::Path;

use pki::{
    input::{ObjectError, Unrecognized},
    x509::pem::PemError,
};

use super::cause::{MoreTime, Unreadable};
use crate::{
    hint::{Command, Hint},
    path_text::{PathText as _, with_end},
    store::{ARCHIVE, CA_CERTIFICATE, IdentityName},
};

/// A path, quoted for a shell; `FILE` for standard input.
pub(crate) fn shell(path: &Path) -> String {
    let named = Some(path).filter(|path| *path != Path::new("-"));
    named.map_or_else(|| "FILE".to_owned(), Path::typed)
}

pub(crate) const MAKE_SECRET: &str = "create the Secret from the PEM files: `kubectl create \
                                     secret tls NAME --cert FILE --key FILE --dry-run=client -o \
                                     yaml`";

pub(super) fn on_unrecognised(path: &Path, source: &Unrecognized) -> Hint {
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

pub(super) fn on_malformed(path: &Path, is_within: bool, source: &ObjectError) -> Hint {
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

/// For a file of the CA that is lost: what restores it, else a new CA, and what that means.
pub(crate) fn lost(file: &Path, place: &str) -> Hint {
    let file = file.shown();
    Hint::from(format!(
        "put `{file}` back from {place}: what the CA issued is valid until it expires; or create a \
        new CA: "
    ))
    .run("gen --replace-ca")
    .then(" (the old files go to archive/; services need new certificates, and clients the new CA)")
}

/// The beginning of a hint: the client of the plan has another name than the default.
pub(crate) fn client_of_plan(name: &IdentityName) -> String {
    format!("name the client of the plan: `--client {name}`; or ")
}

/// More time for the CA, or the longest validity that it allows; `edit` is the plan entry that sets it.
pub(super) fn fitting(days_left: i64, edit: Option<&Hint>, more: MoreTime) -> Hint {
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
pub(super) fn unreadable(file: &Path, source: &Unreadable) -> Hint {
    let path = file.typed();
    match source {
        Unreadable::NoMatch(..) => Hint::from(format!(
            "name the certificate of that key with `--ca FILE`; this shows its subject: `openssl \
            x509 -noout -subject -in {path}`"
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
pub(super) fn key_apart(path: &Path) -> Hint {
    let key = path.with_extension("key");
    let (file, new) = (path.typed(), with_end(path, ".new").typed());
    let first = if is_there(&key) {
        String::new()
    } else {
        format!("`openssl pkey -in {file} -out {}`, ", key.typed())
    };
    format!(
        "keep the key in a file of its own: {first}`sed '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE \
        KEY/d' {file} > {new}`, then `mv {new} {file}`"
    )
    .into()
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
