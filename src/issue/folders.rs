//! The files of the directory and of the folders below it, each read once.

use std::{ffi::OsStr, io, path::Path};

use pki::input::{self, Container, ObjectError, Unrecognized};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::error::IssueError;
use crate::{
    parallel,
    store::{ARCHIVE, LIMIT, ReadError, Store, StoreError, is_expected, is_key_name},
};

/// The limit of files in folders, and the limit of the folder depth.
const MOST_FILES: usize = 100_000;
const MOST_LEVELS: usize = 32;

/// An unreadable file or folder of the directory that can have a certificate.
pub(crate) type Unread = (String, IssueError);

/// Whether it is only a warning: a format that needs a password or another program, as `export --p12` writes
/// it, or in the folder of another program what this user may not read. `check` decides about those.
///
/// All else is an error. Its name or content shows that it must have a certificate, and nothing shows which;
/// behind a limit that is reached nothing is known either.
pub(crate) fn is_doubtful((file, error): &Unread) -> bool {
    match error {
        IssueError::Unrecognised { source: Unrecognized::Container(container), .. } => {
            is_closed(*container)
        }
        IssueError::Malformed { source, .. } => match source {
            ObjectError::Locked | ObjectError::Unsupported(_) => true,
            ObjectError::Container(container) | ObjectError::EncodedContainer(container) => {
                is_closed(*container)
            }
            _ => false,
        },
        IssueError::Store(StoreError::Read { source, .. }) => {
            is_denied(source) && file.contains('/')
        }
        _ => false,
    }
}

/// Whether only another program can read it. Text in UTF-16 is plain text.
const fn is_closed(container: Container) -> bool {
    !matches!(container, Container::WideText(_))
}

/// The content of a file.
pub(super) type Content = Result<Zeroizing<Vec<u8>>, ReadError>;

enum Seen<T> {
    File(T),
    Folder(String),
    Denied(String, ReadError),
}

/// The result of `look` for each file that is not skipped: first in the directory, then in its folders, level
/// by level. Also the folders that could not be read.
///
/// Links to folders are not followed: a target in the directory is read itself. Hidden folders and `archive`
/// are skipped.
pub(super) fn look_at_all<T: Send>(
    store: &Store,
    skips: impl Fn(&str) -> bool + Sync,
    look: impl Fn(&str, Content) -> T + Sync,
) -> Result<(Vec<T>, Vec<Unread>), IssueError> {
    let (mut seen, mut unread) = (Vec::new(), Vec::new());
    let mut files = store.files()?;
    let mut left = MOST_FILES;
    for level in 0.. {
        files.retain(|file| !skips(file));
        let mut folders = Vec::new();
        for found in parallel::map(files, |file: String| match read(store, &file) {
            Err(error) if error.is_directory() => Seen::Folder(file),
            Err(error) if is_denied(&error) && store.path(&file).is_dir() => {
                Seen::Denied(file, error)
            }
            content => Seen::File(look(&file, content)),
        }) {
            match found {
                Seen::File(found) => seen.push(found),
                Seen::Folder(folder) | Seen::Denied(folder, _) if !is_searched(store, &folder) => {}
                Seen::Folder(folder) => folders.push(folder),
                // A user who writes nothing needs no keys.
                Seen::Denied(folder, _) if is_key(&folder) && !store.is_locked() => {}
                Seen::Denied(folder, source) => {
                    let error = source.at(store.path(&folder)).into();
                    // It can have a certificate whose only key would be replaced.
                    if is_key(&folder) {
                        return Err(error);
                    }
                    unread.push((format!("{folder}/"), error));
                }
            }
        }
        files = Vec::new();
        for folder in folders {
            let limit = if level == MOST_LEVELS {
                Some(ReadError::TooDeep(MOST_LEVELS))
            } else if left == 0 {
                Some(ReadError::TooMany(MOST_FILES))
            } else {
                None
            };
            if let Some(source) = limit {
                // One error for all: the folders that follow are not known.
                let path = store.path(&folder);
                unread.push((format!("{folder}/"), source.at(path).into()));
                break;
            }
            let names = store.files_in(&folder)?;
            let kept = names.len().min(left);
            left -= kept;
            if kept < names.len() {
                let (path, source) = (store.path(&folder), ReadError::TooMany(MOST_FILES));
                unread.push((folder.clone(), source.at(path).into()));
            }
            files.extend(names.into_iter().take(kept).map(|name| format!("{folder}/{name}")));
        }
        if files.is_empty() {
            break;
        }
    }
    Ok((seen, unread))
}

/// Whether a folder is searched for certificates.
fn is_searched(store: &Store, folder: &str) -> bool {
    let path = store.path(folder);
    let name = folder.rsplit('/').next().unwrap_or(folder);
    // `fsck` writes to `lost+found`, which only root can read.
    !name.starts_with('.')
        && ![ARCHIVE, "lost+found"].contains(&name)
        && !path.symlink_metadata().is_ok_and(|found| found.file_type().is_symlink())
}

/// A file in a folder is read whole only if it can have a certificate or key.
pub(super) fn read(store: &Store, file: &str) -> Content {
    if !file.contains('/') {
        return store.read(file, LIMIT).map(Zeroizing::new);
    }
    let matters = |head: &[u8]| is_expected(Path::new(file)) || input::may_matter(head);
    let mut content = Zeroizing::new(Vec::new());
    if !store.read_below(file, &mut content, matters)? {
        content.clear();
    }
    Ok(content)
}

fn is_denied(error: &ReadError) -> bool {
    matches!(error, ReadError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied)
}

/// The error for an unreadable file, if it can have a certificate: what is not a regular file has none unless it
/// is named like one, and a user who writes nothing does not need the keys of other users.
pub(super) fn problem(store: &Store, file: &str, source: ReadError) -> Option<Unread> {
    let path = store.path(file);
    let is_unread = match &source {
        ReadError::Io(error) => match error.kind() {
            // A dangling link, or a file that was removed meanwhile.
            io::ErrorKind::NotFound => is_certificate(&path) && path.symlink_metadata().is_ok(),
            // In the folder of a service, only the name shows what the file can be.
            io::ErrorKind::PermissionDenied => {
                !is_key(file) && (!file.contains('/') || is_certificate(&path))
            }
            _ => {
                let errnos = [Errno::LOOP, Errno::NXIO].map(Errno::raw_os_error);
                let is_special = errnos.iter().any(|errno| Some(*errno) == error.raw_os_error());
                !is_special || is_certificate(&path)
            }
        },
        _ => is_certificate(&path),
    };
    is_unread.then(|| (file.to_owned(), source.at(path).into()))
}

/// Whether the file is named like a certificate, so that it must have one.
fn is_certificate(path: &Path) -> bool {
    let is_other = |extension: &OsStr| {
        ["csr", "req", "crl"].iter().any(|other| extension.eq_ignore_ascii_case(other))
    };
    let name = path.file_name().map(Path::new);
    is_expected(path) && !path.extension().is_some_and(is_other) && !name.is_some_and(is_key_name)
}

/// Whether the file is named like a key, or is in the key folder of easy-rsa (`private`).
fn is_key(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    lower.contains("key") || lower.split('/').any(|part| part == "private")
}

/// Whether a file of that format can have a certificate that certctl cannot see. For archives, encrypted
/// files of other programs and unknown formats, the name decides.
pub(super) fn could_have_certificate(format: &Unrecognized, path: &Path) -> bool {
    match format {
        Unrecognized::Container(_) => true,
        Unrecognized::Opaque(_)
        | Unrecognized::OpaqueValue(_)
        | Unrecognized::Empty
        | Unrecognized::Nothing => is_certificate(path),
        Unrecognized::Other(_) => false,
    }
}

/// Whether an unreadable object can be a certificate.
pub(super) fn is_unread(what: &str, path: &Path) -> bool {
    match what {
        "certificate request" | "revocation list" | "public key" | "private key" => false,
        // Its first octet is also the character `0`.
        "DER structure" => is_certificate(path),
        _ => true,
    }
}
