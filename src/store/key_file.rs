//! The private key of a certificate in a file: the files that may have it, by the file names of other
//! tools, and what is in them.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use pki::{
    input::{self, LocatedObject, Location, PkiObject, PrivateKeySummary},
    verify::key::{CertificateKey, KeyStatus},
};
use zeroize::Zeroizing;

use super::{
    error::ReadError,
    read::{LIMIT, is_stdin, read_regular},
};
use crate::path_text::{PathText as _, place};

/// Suffixes of certificate file names, which a key file has another suffix for.
const CERTIFICATE_MARKS: [&str; 10] = [
    "-cert",
    ".cert",
    "_cert",
    "-crt",
    ".crt",
    "_crt",
    "-fullchain",
    ".fullchain",
    "-chain",
    "-bundle",
];

/// Generic names: Docker and minica have `cert.pem` with `key.pem`, certbot has
/// `fullchain.pem` with `privkey.pem`.
const PLAIN: [&str; 4] = ["cert", "fullchain", "certificate", "crt"];

/// Folders of certificates that have the folder `private` beside them: easy-rsa's, OpenSSL's.
const CERTIFICATE_FOLDERS: [&str; 4] = ["issued", "certs", "certificates", "newcerts"];

/// The private keys in the files that match the name of a certificate file, the likeliest first.
pub(crate) fn keys_beside(certificate: &Path) -> Vec<CertificateKey> {
    files_beside(certificate).iter().map(|path| read_key(path)).collect()
}

/// The private key of a file. TLS servers read it, or the status says why not.
pub(crate) fn read_key(path: &Path) -> CertificateKey {
    let status = status(path);
    let is_found = matches!(status, KeyStatus::Found { .. });
    let name = if is_found { place(path, None) } else { path.shown() };
    CertificateKey { path: path.to_owned(), name, status }
}

/// A private key that was read from a file, at this place.
pub(crate) fn key_of(
    path: &Path,
    location: Option<&Location>,
    summary: PrivateKeySummary,
) -> CertificateKey {
    let mode = if location.is_none() { mode(path) } else { None };
    let status = KeyStatus::Found { summary, mode };
    CertificateKey { path: path.to_owned(), name: place(path, location), status }
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|data| data.mode() & 0o777)
}

fn status(path: &Path) -> KeyStatus {
    if path.symlink_metadata().is_err() {
        return KeyStatus::Missing;
    }
    let content = match read_regular(path, LIMIT).map(Zeroizing::new) {
        Ok(content) => content,
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
            return KeyStatus::Denied;
        }
        Err(error) => return KeyStatus::Unreadable(error.to_string()),
    };
    for LocatedObject { object, form, .. } in input::read(&content, None).unwrap_or_default() {
        let fault = form.iter().find(|fault| !fault.is_read_by_openssl());
        return match (object, fault) {
            (PkiObject::PrivateKey(_), Some(fault)) => KeyStatus::Unreadable(fault.to_string()),
            (PkiObject::PrivateKey(summary), None) => {
                KeyStatus::Found { summary, mode: mode(path) }
            }
            (PkiObject::Broken { what: "private key", reason }, _) => {
                KeyStatus::Unreadable(reason.to_string())
            }
            _ => continue,
        };
    }
    // Keys in a TPM or a token have labels of their own.
    if content.windows(16).any(|part| part == b"PRIVATE KEY-----") {
        KeyStatus::Unknown
    } else {
        KeyStatus::Unreadable("it has no private key".to_owned())
    }
}

/// The files that exist, the likeliest first.
fn files_beside(certificate: &Path) -> Vec<PathBuf> {
    let stem = certificate.file_stem().and_then(|stem| stem.to_str());
    let Some(stem) = stem.filter(|_| !is_stdin(certificate)) else {
        return Vec::new();
    };
    let dir = certificate.parent().unwrap_or(Path::new(""));
    let mut folders = vec![dir.to_owned(), dir.join("private")];
    let whole = dir.canonicalize().ok();
    let folder = whole.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    if folder.is_some_and(|folder| CERTIFICATE_FOLDERS.contains(&folder)) {
        folders.push(dir.join("../private"));
    }
    // Another identity may have the name that is left without the mark: its key is its own.
    let bare = CERTIFICATE_MARKS.iter().find_map(|mark| stem.strip_suffix(mark));
    let is_taken = |bare: &&str| {
        ["pem", "crt", "cer"].iter().any(|it| dir.join(format!("{bare}.{it}")).exists())
    };
    let bare = bare.filter(|bare| !bare.is_empty() && !is_taken(bare));
    let names: Vec<String> = std::iter::once(stem).chain(bare).flat_map(names).collect();
    let paths = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
    paths.filter(|path| path != certificate && path.symlink_metadata().is_ok()).collect()
}

fn names(stem: &str) -> Vec<String> {
    let ends = [".key", "-key.pem", ".key.pem", "_key.pem", "-privkey.pem", "_key", "-key"];
    let mut names: Vec<String> = ends.iter().map(|end| format!("{stem}{end}")).collect();
    let plain = stem.trim_end_matches(|digit: char| digit.is_ascii_digit());
    if PLAIN.contains(&plain) {
        // certbot numbers what it keeps: `fullchain2.pem`, `privkey2.pem`.
        let number = &stem[plain.len()..];
        names.extend(["privkey", "key"].map(|name| format!("{name}{number}.pem")));
        names.push(format!("key{number}"));
    }
    if let Some(rest) = stem.strip_prefix("cert-") {
        names.push(format!("key-{rest}.pem"));
    }
    names
}
