//! A commit that is not complete, as commands see it that only read: its files count as published.
//!
//! Without this they would see some files of the commit and not the others.

use std::{
    ffi::OsStr,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rustix::{
    fs::{AtFlags, FlockOperation, Mode, OFlags, flock, openat, statat},
    io::Errno,
};

use super::{
    path::READ_DIRECTORY,
    recovery::{self, COMMIT, REMOVE, RESTORE},
    work::{LOCK, WORK},
};

/// The commits that were not complete when the program started, by their directories.
static PENDING: OnceLock<Vec<(PathBuf, Pending)>> = OnceLock::new();

/// A record that has not been carried out whole.
#[derive(Debug)]
pub(super) struct Pending {
    record: OwnedFd,
    /// No process is about to complete it.
    is_abandoned: bool,
}

/// What a record says about a file.
pub(super) enum Place {
    /// The file is in the record.
    Record(OwnedFd),
    Removed,
    /// It is in its place.
    Directory,
}

/// Looks for commits in the directories of the PKI, once.
pub(crate) fn look_for(dirs: &[&Path]) {
    let find = |dir: &&Path| Some((named(dir).to_path_buf(), Pending::find(dir)?));
    PENDING.get_or_init(|| dirs.iter().filter_map(find).collect());
}

/// The commit of a directory.
pub(super) fn of(dir: &Path) -> Option<&'static Pending> {
    let found = PENDING.get()?.iter().find(|(path, _)| path == named(dir));
    found.map(|(_, pending)| pending)
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
    fn find(dir: &Path) -> Option<Self> {
        let work = rustix::fs::open(dir.join(WORK), READ_DIRECTORY, Mode::empty()).ok()?;
        let record = |kind| recovery::record(&work, kind).ok().flatten();
        let record = record(RESTORE).or_else(|| record(COMMIT))?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let lock = openat(&work, LOCK, flags, Mode::empty());
        let is_free = |lock| flock(lock, FlockOperation::NonBlockingLockShared).is_ok();
        Some(Self { record, is_abandoned: lock.map_or(true, is_free) })
    }

    /// Whether a killed process left it.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }

    fn place(&self, name: &OsStr, flags: OFlags) -> Result<Place, Errno> {
        match openat(&self.record, name, flags | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(file) => return Ok(Place::Record(file)),
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

    /// The files that the commit has still to publish.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = recovery::list(&self.record).unwrap_or_default();
        names.retain(|name| !name.ends_with(REMOVE));
        names
    }

    /// The names of a directory, once the commit is complete.
    pub(super) fn apply(&self, files: &mut Vec<String>) -> Result<(), Errno> {
        for name in recovery::list(&self.record)? {
            match name.strip_suffix(REMOVE) {
                Some(removed) => files.retain(|file| file != removed),
                None if files.contains(&name) => {}
                None => files.push(name),
            }
        }
        Ok(())
    }
}
