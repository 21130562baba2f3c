//! The names of the files that certctl has in a directory, and what names say of other files.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

/// The CA's files, as gen.sh names them.
pub(crate) const CA_KEY: &str = "ca.key";
pub(crate) const CA_CERTIFICATE: &str = "ca.pem";
pub(crate) const CA_SERIAL: &str = "ca.srl";
/// Where `gen --replace-ca` moves the old files.
pub(crate) const ARCHIVE: &str = "archive";
/// The names of renewed identities whose hook has not succeeded yet.
pub(crate) const HOOK_PENDING: &str = "hook-pending";
/// The journal of certctl 0.1. It can be forged, and is never used.
pub(super) const OLD_JOURNAL: &str = ".certctl-journal";
/// The folder of a running command.
pub(super) const WORK: &str = ".certctl";
/// The lock file in it.
pub(super) const LOCK: &str = "lock";
/// The name prefixes of a record that publishes, and of a record that undoes it.
pub(super) const COMMIT: &str = "commit-";
pub(super) const RESTORE: &str = "restore-";
/// The prefix of a record that has been carried out and will be removed.
pub(super) const DONE: &str = "done-";
/// The suffix of a file that the commit removes.
pub(super) const REMOVE: &str = ".remove";

/// A path below a directory, without a redundant `./`.
pub(super) fn join(dir: &Path, file: impl AsRef<Path>) -> PathBuf {
    let file = file.as_ref();
    if dir == Path::new(".") { PathBuf::from(file) } else { dir.join(file) }
}

/// The extensions of certificates, CSRs and CRLs.
const PROMISING: [&str; 12] =
    ["pem", "crt", "cer", "cert", "der", "csr", "req", "crl", "p12", "pfx", "bundle", "ca-bundle"];

/// What compression and encryption append: `server.pem.gz` is one.
const PACKED: [&str; 9] = ["gz", "xz", "bz2", "zst", "zip", "gpg", "asc", "enc", "age"];

/// Whether the name of a file is that of a certificate, CSR or CRL, so that the file must contain one.
pub(crate) fn is_expected(path: &Path) -> bool {
    let extension = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
    let is_packed = extension(path).is_some_and(|it| PACKED.contains(&it.as_str()));
    let path = if is_packed { path.with_extension("") } else { path.to_owned() };
    extension(&path).is_some_and(|it| PROMISING.contains(&it.as_str())) || is_hashed(&path)
}

/// Whether the file has a hash name, by which OpenSSL finds trust anchors: `1a2b3c4d.0`.
fn is_hashed(path: &Path) -> bool {
    let Some((hash, number)) =
        path.file_name().and_then(OsStr::to_str).and_then(|name| name.split_once('.'))
    else {
        return false;
    };
    hash.len() == 8
        && hash.bytes().all(|octet| octet.is_ascii_hexdigit())
        && number.trim_start_matches('r').bytes().all(|octet| octet.is_ascii_digit())
}

/// Whether the name of a file is that of a private key: `server.key`, `privkey.pem`, `private/ca.pem`.
pub(crate) fn is_key_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_in_private =
        path.parent().and_then(Path::file_name).is_some_and(|folder| folder == "private");
    let ends =
        [".key", ".p8", ".pk8", "key.pem", "key.der", "-key", "_key", ".key.bak", ".key.old"];
    is_in_private
        || name == "key"
        || name.starts_with("id_")
        || name.starts_with("privkey")
        || ends.iter().any(|end| name.ends_with(end))
}
