//! The errors of the store.

use std::{
    io,
    path::{Path, PathBuf},
};

use pki::x509::{escape::escape_line, random::NoRandomness, serial::SerialError};

use super::names::{CA_CERTIFICATE, is_expected};
use crate::{
    hint::Hint,
    path_text::{PathText as _, folder, with_end},
};

/// A file that could not be read or written, or a directory that could not be locked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("`{}` cannot be read", path.shown())]
    Read { path: PathBuf, source: ReadError },

    #[error("`{}` holds no serial number", path.shown())]
    SerialFile { path: PathBuf, source: SerialError },

    #[error("another process holds the lock on `{}` for more than {seconds} s", path.shown())]
    Locked { path: PathBuf, seconds: u64 },

    #[error("`{}` cannot be locked", path.shown())]
    NoLocks { path: PathBuf, source: io::Error },

    #[error("`{}` is {kind}: certctl replaces only regular files", path.shown())]
    Target { path: PathBuf, kind: &'static str },

    #[error("`{}` is not safe: {reason}", path.shown())]
    UnsafePath { path: PathBuf, reason: UnsafePath },

    #[error("`{}` belongs to user {owner}: certctl of that user is running, or did not remove it", path.shown())]
    ForeignWork { path: PathBuf, owner: String },

    #[error("`{}` has the files of an unfinished run, but not the mode 0700: other users could have changed them", path.shown())]
    OpenRecord { path: PathBuf },

    #[error("`{}` belongs to user {owner}, who would own the new content", path.shown())]
    ForeignFile { path: PathBuf, owner: String },

    #[error("cannot {action} `{}`", path.shown())]
    Write { path: PathBuf, action: &'static str, source: io::Error },

    #[error("cannot give the new `{}` the owner of the old one (user {uid})", path.shown())]
    Owner { path: PathBuf, uid: u32, source: io::Error },

    #[error("group `{}` does not exist on this system", escape_line(name))]
    NoGroup { name: String },

    #[error("cannot give `{}` to group {}", path.shown(), escape_line(group))]
    Group { path: PathBuf, group: String, source: io::Error },

    #[error("a commit in `{}` was interrupted", dir.shown())]
    Unfinished { dir: PathBuf, source: Box<StoreError> },

    #[error("`{}` is a journal of certctl 0.1, which certctl never uses: it could be forged", path.shown())]
    Journal { path: PathBuf },

    #[error(transparent)]
    Random(#[from] NoRandomness),

    #[error("the result is not written to `{}`: {reason}", path.shown())]
    OutFile { path: PathBuf, reason: String },
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it is {0}, not a regular file")]
    NotRegular(&'static str),
    #[error("it belongs to user {0}")]
    Foreign(String),
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    #[error("the folders have more than {0} files, and the rest is not read")]
    TooMany(usize),
    #[error("it is more than {0} folders below the directory")]
    TooDeep(usize),
}

impl ReadError {
    /// The error of a file that was not read.
    pub(crate) fn at(self, path: impl Into<PathBuf>) -> StoreError {
        StoreError::Read { path: path.into(), source: self }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self, Self::NotRegular(DIRECTORY))
    }
}

pub(super) const DIRECTORY: &str = "a directory";

/// How other users could decide where files are written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsafePath {
    #[error("other users may write there, and could exchange what is in it")]
    Open,
    #[error("it belongs to user {0}, who could exchange what is in it")]
    Owner(String),
    #[error("the symbolic link belongs to user {0}, who could point it elsewhere")]
    Link(String),
}

impl StoreError {
    /// A failed attempt to `action` (an infinitive: "replace", "write") a file.
    pub(crate) fn write(path: &Path, action: &'static str, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), action, source }
    }

    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::SerialFile { source: SerialError::Exhausted, .. } => {
                Hint::from("this CA has no serial number left; create a new CA: ")
                    .run("gen --replace-ca")
            }
            Self::SerialFile { path, .. } => Hint::from(format!(
                "put the file back from a backup; or move it away, and certctl begins with a \
                random number: `mv {} {}`",
                path.typed(),
                with_end(path, ".old").typed()
            )),
            Self::Locked { .. } => {
                "wait for the other process, or longer: `--lock-timeout 120`".into()
            }
            Self::NoLocks { .. } => {
                "keep the PKI on a file system that has locks (`-d DIR`)".into()
            }
            Self::Target { path, .. } => Hint::from(format!(
                "`ls -ld {}` shows it; move it away, or name another directory",
                path.typed()
            )),
            Self::UnsafePath { path, reason: UnsafePath::Open } => Hint::from(format!(
                "remove that permission (`chmod o-w {}`); or accept it, as in a container's \
                emptyDir: `--allow-shared-dir`",
                path.typed()
            )),
            Self::UnsafePath { reason: UnsafePath::Owner(_), .. } => "run as that user, or \
                create the directory for that user first: one that belongs to the owner of its \
                path is accepted"
                .into(),
            Self::UnsafePath { path, reason: UnsafePath::Link(_) } => Hint::from(format!(
                "name the directory itself, not the link (`readlink {}` shows it)",
                path.typed()
            )),
            Self::ForeignWork { path, .. } => Hint::from(format!(
                "run as that user; or, if no certctl is running, remove it: `rm -r {}`",
                path.typed()
            )),
            Self::OpenRecord { path } => Hint::from(format!(
                "read its files; if they are right, move them to their places; then remove it: \
                `rm -r {}`",
                path.typed()
            )),
            Self::ForeignFile { path, .. } => {
                Hint::from(format!("remove it first (`rm {}`), or name another file", path.typed()))
            }
            Self::Write { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run as the owner of the directory, or name another with `-d DIR`".into()
            }
            Self::Write { .. } => "nothing was replaced; fix the cause, then run the same \
                                  command again"
                .into(),
            Self::Owner { uid, .. } => Hint::from(format!(
                "run as root or as user {uid}: a service of that user must be able to read the \
                new file"
            )),
            Self::Unfinished { .. } => Hint::from(
                "fix the cause, then the next command that writes completes or undoes it: ",
            )
            .run("renew --expires-within 1d"),
            Self::Journal { path } => Hint::from(format!(
                "if certificates and keys belong together, remove it: `rm {}`",
                path.typed()
            )),
            Self::Read { path, source } => unread(path, source),
            Self::NoGroup { .. } => "`getent group` lists the groups; for a group of a \
                                    container, give its number: `--group 999`"
                .into(),
            Self::Group { group, .. } => {
                Hint::from(format!("run as root, or as a member of group {group}"))
            }
            Self::OutFile { .. } => {
                "name another file with `--out-file FILE`, or leave it off".into()
            }
            Self::Random(_) => return None,
        })
    }
}

/// For a file that could not be read.
fn unread(path: &Path, source: &ReadError) -> Hint {
    match source {
        ReadError::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Hint::from(format!("run as the owner of the file (`ls -l {}` shows it)", path.typed()))
        }
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            Hint::from(format!("`ls {}` shows what is there", folder(path).typed()))
        }
        ReadError::NotRegular(_) if is_expected(path) && !path.ends_with(CA_CERTIFICATE) => {
            Hint::from(format!(
                "move it away if it is not used: `mv {} {}`",
                path.typed(),
                with_end(path, ".old").typed()
            ))
        }
        ReadError::TooLarge(_) => "split the file, or take out of it what is not needed".into(),
        ReadError::TooMany(_) | ReadError::TooDeep(_) => {
            "keep the PKI in a directory without other files, and name it with `-d DIR`".into()
        }
        _ => {
            "name another directory with `-d DIR`, or the CA's files with `--ca FILE --ca-key FILE`"
                .into()
        }
    }
}
