//! A commit that is not complete, as commands see it that only read: its files count as published.
//!
//! Without this they would see some files of the commit and not the others.

use std::{collections::BTreeSet, ffi::OsStr, os::fd::OwnedFd, path::Path, sync::OnceLock};

use rustix::{
    fs::{
        AtFlags, FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, openat, stat, statat,
    },
    io::Errno,
    process::geteuid,
};

use super::{
    path::READ_DIRECTORY,
    recovery::{self, COMMIT, REMOVE, RESTORE},
    work::{LOCK, WORK, is_private},
};

/// The commits that were not complete when the program started, by device and inode of their directories.
static PENDING: OnceLock<Vec<((u64, u64), Pending)>> = OnceLock::new();

/// A record that has not been carried out whole.
#[derive(Debug)]
pub(super) struct Pending {
    record: OwnedFd,
    /// The owner of the record.
    owner: u32,
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
    PENDING.get_or_init(|| dirs.iter().filter_map(|dir| Pending::find(named(dir))).collect());
}

/// The commit of a directory, by whatever path.
pub(super) fn of(dir: &Path) -> Option<&'static Pending> {
    let all = PENDING.get().filter(|all| !all.is_empty())?;
    let id = id(&stat(named(dir)).ok()?);
    all.iter().find(|(other, _)| *other == id).map(|(_, pending)| pending)
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
    fn find(dir: &Path) -> Option<((u64, u64), Self)> {
        let work = rustix::fs::open(dir.join(WORK), READ_DIRECTORY, Mode::empty()).ok()?;
        let (above, found) = (stat(dir).ok()?, fstat(&work).ok()?);
        // Whoever else may create files in the directory could have planted it.
        let is_trusted = [0, geteuid().as_raw(), above.st_uid].contains(&found.st_uid)
            && is_private(found.st_mode);
        if !is_trusted {
            return None;
        }
        let record = |kind| recovery::record(&work, kind).ok().flatten();
        let record = record(RESTORE).or_else(|| record(COMMIT)).filter(|it| it.is_private)?;
        let owner = fstat(&record.folder).ok()?.st_uid;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let lock = openat(&work, LOCK, flags, Mode::empty());
        let is_free = |lock| flock(lock, FlockOperation::NonBlockingLockShared).is_ok();
        let is_abandoned = lock.map_or(true, is_free);
        Some((id(&above), Self { record: record.folder, owner, is_abandoned }))
    }

    /// Whether a killed process left it.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned
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

    /// The files that the commit has still to publish.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = recovery::list(&self.record).unwrap_or_default();
        names.retain(|name| !name.ends_with(REMOVE));
        names
    }

    /// The names of a directory, once the commit is complete.
    pub(super) fn apply(&self, files: &mut Vec<String>) -> Result<(), Errno> {
        let mut present: BTreeSet<String> = files.drain(..).collect();
        for name in recovery::list(&self.record)? {
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
