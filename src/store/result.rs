//! Single files outside a set: what `--out-file`, `init` and `export --p12` write.

use std::{
    ffi::OsStr,
    io::{self, Write as _},
    path::Path,
};

use pki::x509::random;
use rustix::fs::{AtFlags, renameat, unlinkat};

use super::{
    directory::Store,
    error::StoreError,
    file_access::{Readers, Sensitivity},
    locked::LockOptions,
    names::{HOOK_PENDING, WORK},
    path::{Directory, Missing, Sharing},
    read::{LIMIT, read_in},
    recovery::rename_new,
    staging::{Defaults, Plan, existing},
};
use crate::path_text::PathText as _;

/// File extensions that the report of a command must not have.
const OF_PKI: [&str; 8] = ["key", "pem", "srl", "crt", "csr", "der", "p12", "toml"];

/// Writes a file by one rename: whole or not at all. A file of another user is refused.
///
/// Other users may write in the directory (`/tmp`), so the temporary file has a random name, and one handle
/// is used. A secret has the mode 0600, also if the old file had another mode.
pub(crate) fn write_file(
    path: &Path,
    content: &[u8],
    sensitivity: Sensitivity,
    sharing: Sharing,
    missing: Missing,
) -> Result<(), StoreError> {
    let (dir, name) = parent(path, sharing, missing)?;
    write_in(&dir, name, path, content, sensitivity, &exact(sensitivity))
}

/// As [`write_file`], for a secret that users other than its owner may read. A file that replaces another
/// keeps its group and mode.
pub(crate) fn write_secret_for(
    path: &Path,
    content: &[u8],
    readers: &Readers,
    sharing: Sharing,
) -> Result<(), StoreError> {
    let (dir, name) = parent(path, sharing, Missing::Refuse)?;
    let readers = Readers { only_ours: true, ..readers.clone() };
    write_in(&dir, name, path, content, Sensitivity::Secret, &readers)
}

/// Writes the result of a command to the file that the user named, as [`write_file`] does.
///
/// An old file that looks like a key, a certificate or a serial number file is refused: it is not an old
/// result. A file in a directory of the PKI is published under the lock of that directory.
pub(crate) fn write_result(
    path: &Path,
    content: &[u8],
    sensitivity: Sensitivity,
    pki: &[&Path],
    options: &LockOptions,
) -> Result<(), StoreError> {
    let (dir, name) = parent(path, options.sharing, Missing::Refuse)?;
    let refused = |reason: String| Err(StoreError::OutFile { path: path.to_owned(), reason });
    if name.starts_with(WORK) || name == HOOK_PENDING {
        return refused("certctl itself works under that name".to_owned());
    }
    match existing(&dir.handle, name, path) {
        Err(StoreError::Target { kind, .. }) => return refused(format!("it is {kind}")),
        Ok(None) => {}
        Ok(Some(_)) => {
            let extension = Path::new(name).extension().and_then(OsStr::to_str);
            let is_of_pki = extension.is_some_and(|extension| OF_PKI.contains(&extension));
            if is_of_pki || has_pem(&dir, name) {
                let what = "a key, certificate, serial number or configuration is there";
                return refused(what.to_owned());
            }
        }
        Err(error) => return Err(error),
    }
    let of_pki = pki.iter().find(|pki| {
        let found = Directory::open(pki, Sharing::Accepted, Missing::Refuse);
        found.is_ok_and(|found| found.id == dir.id)
    });
    let Some(pki) = of_pki else {
        return write_in(&dir, name, path, content, sensitivity, &exact(sensitivity));
    };
    let locked = Store::new(pki).lock(options)?;
    let mut set = locked.file_set()?;
    let slot = set.prepare_for(name, sensitivity, &exact(sensitivity))?;
    set.write(slot, content)?;
    set.commit()
}

fn parent(
    path: &Path,
    sharing: Sharing,
    missing: Missing,
) -> Result<(Directory, &str), StoreError> {
    let sharing = if sharing == Sharing::Refused { Sharing::InDirectory } else { sharing };
    let name = path.file_name().and_then(OsStr::to_str);
    let is_named = !path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let name = name.filter(|_| is_named).ok_or_else(|| {
        StoreError::write(path, "write", io::Error::from(io::ErrorKind::InvalidFilename))
    })?;
    let dir = Directory::open(path.parent().unwrap_or(Path::new("")), sharing, missing);
    let dir = dir.map_err(|error| match error {
        StoreError::Read { path: dir, source } => StoreError::write(
            path,
            "write",
            io::Error::other(format!("`{}`: {source}", dir.shown())),
        ),
        error => error,
    })?;
    Ok((dir, name))
}

/// A result with a key is readable only for its owner, also if the old file was not.
fn exact(sensitivity: Sensitivity) -> Readers {
    let mode = (sensitivity == Sensitivity::Secret).then_some(0o600);
    Readers { group: None, mode, only_ours: true }
}

fn write_in(
    dir: &Directory,
    name: &str,
    path: &Path,
    content: &[u8],
    sensitivity: Sensitivity,
    readers: &Readers,
) -> Result<(), StoreError> {
    let defaults = Defaults::in_directory(dir)
        .map_err(|errno| StoreError::write(path, "write", errno.into()))?;
    let plan =
        Plan::new(Some(&dir.handle), name, path.to_owned(), sensitivity, readers, &defaults)?;
    let temporary = format!(".certctl-{:016x}", u64::from_ne_bytes(random::octets()?));
    let mut file = plan.create(&dir.handle, &temporary, &defaults)?;
    let written = file
        .write_all(content)
        .and_then(|()| file.sync_all())
        .map_err(|source| plan.io_error("write", source))
        .and_then(|()| {
            let renamed = if plan.replaces {
                renameat(&dir.handle, &*temporary, &dir.handle, name)
            } else {
                rename_new(&dir.handle, &temporary, &dir.handle, name)
            };
            renamed.map_err(|errno| plan.error("replace", errno))
        })
        .and_then(|()| {
            rustix::fs::fsync(&dir.handle).map_err(|errno| plan.error("make durable", errno))
        });
    if written.is_err() {
        let _ = unlinkat(&dir.handle, &*temporary, AtFlags::empty());
    }
    written
}

/// Whether a line of the file starts a PEM block. A Secret or a report has no such line. An unreadable file
/// can have one.
fn has_pem(dir: &Directory, name: &str) -> bool {
    let begin = b"-----BEGIN ";
    let is_pem = |content: Vec<u8>| {
        content.split(|octet| *octet == b'\n').any(|line| line.starts_with(begin))
    };
    read_in(dir, name, LIMIT).map_or(true, is_pem)
}
