//! The expected files of the private key of a certificate, by the file names of other tools.

use std::path::{Path, PathBuf};

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

/// The files that exist, the likeliest first.
pub(super) fn beside(certificate: &Path) -> Vec<PathBuf> {
    let Some(stem) = certificate.file_stem().and_then(|stem| stem.to_str()) else {
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
