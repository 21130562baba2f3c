//! An unfinished commit, for commands that only read: its files count as published.
//!
//! Otherwise these commands would see only some files of the commit.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    io,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rustix::{
    fs::{
        AtFlags, FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, openat, stat, statat,
    },
    io::Errno,
    process::geteuid,
};

use super::{
    file_access::user_name,
    folder::{self, is_private},
    names::{COMMIT, LOCK, REMOVE, RESTORE, WORK, join},
    path::READ_DIRECTORY,
    recovery,
};
use crate::path_text::PathText as _;

/// The unfinished commits at the start of the program.
static PENDING: OnceLock<Vec<Found>> = OnceLock::new();

/// The content of `.certctl` of a directory.
#[derive(Debug)]
struct Found {
    /// Device and inode of the directory.
    id: (u64, u64),
    commit: Result<Pending, Unused>,
}

/// A record that has not been carried out completely.
#[derive(Debug)]
pub(super) struct Pending {
    record: OwnedFd,
    /// The owner of the record.
    owner: u32,
    /// No process is completing it.
    is_abandoned: bool,
}

/// Why a command that only reads cannot use a record.
#[derive(Debug, thiserror::Error)]
enum Unused {
    #[error("`{}` belongs to user {owner}", path.shown())]
    Foreign { path: PathBuf, owner: String },
    #[error("`{}` can be changed by other users", path.shown())]
    Open { path: PathBuf },
    #[error("`{}` cannot be read: {source}", path.shown())]
    Read { path: PathBuf, source: io::Error },
}

/// The unfinished work of a killed command, or of a command of another user.
pub(crate) enum Unfinished {
    /// A commit whose files count as published.
    Commit,
    /// Why the content of `.certctl` is not used.
    Unused(String),
}

/// What a record says about a file.
pub(super) enum Place {
    /// The file is in the record.
    Record(OwnedFd),
    Removed,
    /// The file is in its place.
    Directory,
}

/// Looks for commits in the directories of the PKI, once.
pub(crate) fn look_for(dirs: &[&Path]) {
    let look = |dir: &Path| {
        let id = id(&stat(named(dir)).ok()?);
        Some(Found { id, commit: Pending::find(dir).transpose()? })
    };
    PENDING.get_or_init(|| dirs.iter().copied().filter_map(look).collect());
}

/// The commit of a directory, by any path.
pub(super) fn of(dir: &Path) -> Option<&'static Pending> {
    found(dir)?.as_ref().ok()
}

/// The unfinished work in a directory that must be reported.
pub(super) fn unfinished(dir: &Path) -> Option<Unfinished> {
    match found(dir)? {
        Ok(pending) => pending.is_abandoned.then_some(Unfinished::Commit),
        Err(unused) => Some(Unfinished::Unused(unused.to_string())),
    }
}

fn found(dir: &Path) -> Option<&'static Result<Pending, Unused>> {
    let all = PENDING.get().filter(|all| !all.is_empty())?;
    let id = id(&stat(named(dir)).ok()?);
    all.iter().find(|found| found.id == id).map(|found| &found.commit)
}

/// The directory of a path without one is the working directory.
fn named(dir: &Path) -> &Path {
    if dir.as_os_str().is_empty() { Path::new(".") } else { dir }
}

/// Where a file is, by its path.
pub(super) fn place(path: &Path, flags: OFlags) -> Result<Place, Errno> {
    let (Some(name), Some(dir)) = (path.file_name(), path.parent()) else {
        return Ok(Place::Directory);
    };
    of(dir).map_or(Ok(Place::Directory), |pending| pending.place(name, flags))
}

impl Pending {
    fn find(dir: &Path) -> Result<Option<Self>, Unused> {
        let path = join(dir, WORK);
        let failed = |errno: Errno| Unused::Read { path: path.clone(), source: errno.into() };
        let work = match rustix::fs::open(&path, READ_DIRECTORY, Mode::empty()) {
            Ok(work) => work,
            // Commands that write refuse a file of that name.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(None),
            Err(errno) => return Err(failed(errno)),
        };
        let (above, found) = (stat(named(dir)).map_err(failed)?, fstat(&work).map_err(failed)?);
        // Any user who may create files in the directory can have created it.
        if ![0, geteuid().as_raw(), above.st_uid].contains(&found.st_uid) {
            return Err(Unused::Foreign { path, owner: user_name(found.st_uid) });
        }
        let record = |kind| recovery::record(&work, kind).map_err(failed);
        let record = match record(RESTORE)? {
            Some(record) => record,
            None => match record(COMMIT)? {
                Some(record) => record,
                None => return Ok(None),
            },
        };
        if !is_private(found.st_mode) || !record.is_private {
            return Err(Unused::Open { path: path.join(record.name) });
        }
        let owner = fstat(&record.folder).map_err(failed)?.st_uid;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let lock = openat(&work, LOCK, flags, Mode::empty());
        let is_free = |lock| flock(lock, FlockOperation::NonBlockingLockShared).is_ok();
        let is_abandoned = lock.map_or(true, is_free);
        Ok(Some(Self { record: record.folder, owner, is_abandoned }))
    }

    fn place(&self, name: &OsStr, flags: OFlags) -> Result<Place, Errno> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        match openat(&self.record, name, flags, Mode::empty()) {
            Ok(file) => {
                // A link could lead to a file of another user.
                let found = fstat(&file)?;
                let is_file = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
                let is_own = found.st_nlink == 1 || found.st_uid == self.owner;
                return if is_file && is_own {
                    Ok(Place::Record(file))
                } else {
                    Err(Errno::ACCESS)
                };
            }
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno),
        }
        Ok(if self.removes(name) { Place::Removed } else { Place::Directory })
    }

    /// Whether the commit removes that file.
    pub(super) fn removes(&self, name: &OsStr) -> bool {
        let mut marker = name.to_owned();
        marker.push(REMOVE);
        statat(&self.record, marker, AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    /// The files that the commit must still publish.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = folder::list(&self.record).unwrap_or_default();
        names.retain(|name| !name.ends_with(REMOVE));
        names
    }

    /// The names of a directory, once the commit is complete.
    pub(super) fn apply(&self, files: &mut Vec<String>) -> Result<(), Errno> {
        let mut present: BTreeSet<String> = files.drain(..).collect();
        for name in folder::list(&self.record)? {
            match name.strip_suffix(REMOVE) {
                Some(removed) => drop(present.remove(removed)),
                None => drop(present.insert(name)),
            }
        }
        files.extend(present);
        Ok(())
    }
}

#[cfg_attr(target_os = "linux", expect(clippy::useless_conversion, reason = "not on all systems"))]
fn id(found: &Stat) -> (u64, u64) {
    (u64::try_from(found.st_dev).unwrap_or_default(), u64::from(found.st_ino))
}
