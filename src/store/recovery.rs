//! The record of a commit, and its completion after its process was killed.
//!
//! A record is a folder in `.certctl` that contains the new files under their names. Its own name
//! identifies the folder ([`mark`]), so that a copy, an archive or a checkout cannot have a valid name: a
//! record with a valid name was written by certctl, in this place.

use std::{cmp::Reverse, os::fd::OwnedFd};

use rustix::{
    fs::{
        AtFlags, FileType, Mode, RenameFlags, fchmod, fstat, openat, renameat, renameat_with,
        statat, unlinkat,
    },
    io::Errno,
    process::geteuid,
};

use super::{
    error::StoreError,
    folder::{DEPTH, clear, list, remove},
    names::{COMMIT, DONE, LOCK, REMOVE, RESTORE, WORK, join},
    path::{Directory, READ_DIRECTORY},
    work::Work,
};

/// One change of a record, by the name within its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The file replaces the old one, or is new.
    File { name: String, is_new: bool },
    /// The file of that name is removed.
    Remove(String),
    /// A folder: moved whole if it is new, else its changes one by one.
    Folder(String, Vec<Change>),
}

/// Identifies a folder: its inode, and its creation time in nanoseconds if the file system has it. No user
/// can choose them, and a rename does not change them.
pub(super) fn mark(folder: &OwnedFd) -> Result<String, Errno> {
    let found = fstat(folder)?;
    Ok(format!("{:x}-{:x}", found.st_ino, birth(folder)?))
}

#[cfg(target_os = "linux")]
fn birth(folder: &OwnedFd) -> Result<u128, Errno> {
    use rustix::fs::{StatxFlags, statx};

    let found = match statx(folder, "", AtFlags::EMPTY_PATH, StatxFlags::BTIME) {
        Err(Errno::NOSYS) => return Ok(0),
        found => found?,
    };
    if found.stx_mask & StatxFlags::BTIME.bits() == 0 {
        return Ok(0);
    }
    let seconds = u128::try_from(found.stx_btime.tv_sec).unwrap_or_default();
    Ok(seconds * 1_000_000_000 + u128::from(found.stx_btime.tv_nsec))
}

#[cfg(not(target_os = "linux"))]
fn birth(_: &OwnedFd) -> Result<u128, Errno> {
    Ok(0)
}

/// Completes the commit of a killed process, and removes its other files.
pub(super) fn recover(dir: &Directory, work: &Work) -> Result<(), StoreError> {
    let shown = join(&dir.path, WORK);
    let failed = |action, errno: Errno| StoreError::write(&shown, action, errno.into());
    let unfinished = |errno| {
        let source = Box::new(failed("complete", errno));
        StoreError::Unfinished { dir: dir.path.clone(), source }
    };
    // Nothing may be removed before all is done.
    work.keep();
    for kind in [RESTORE, COMMIT] {
        let find = || record(&work.handle, kind).or_else(|_| record(&work.handle, kind));
        while let Some(record) = find().map_err(|errno| failed("read", errno))? {
            if !work.is_private || !record.is_private {
                return Err(StoreError::OpenRecord { path: shown.join(record.name) });
            }
            complete(dir, work, kind, &record).map_err(unfinished)?;
        }
    }
    work.forget();
    if !work.is_private {
        let mode = Mode::from_raw_mode(0o700);
        let closed = fchmod(&work.handle, mode).and_then(|()| fstat(&work.handle));
        if closed.map_err(|errno| failed("close", errno))?.st_mode & 0o077 != 0 {
            return Err(StoreError::Target { path: shown, kind: "on a file system without modes" });
        }
    }
    clear(&work.handle, &[LOCK]).map_err(|errno| failed("empty", errno))
}

fn complete(dir: &Directory, work: &Work, kind: &str, record: &Record) -> Result<(), Errno> {
    let changes = read(&record.folder, 0)?;
    carry_out(&record.folder, &dir.handle, &work.handle, &changes)?;
    rustix::fs::fsync(&dir.handle)?;
    if kind == RESTORE {
        forget_commit(work)?;
    }
    // The files that it removes may be restored before the record is removed.
    renameat(&work.handle, &*record.name, &work.handle, format!("{DONE}{}", record.name))
}

/// Removes the record that was undone. After that, the record that undid it may be removed.
pub(super) fn forget_commit(work: &Work) -> Result<(), Errno> {
    for name in list(&work.handle)?.into_iter().filter(|name| name.starts_with(COMMIT)) {
        remove(&work.handle, &name)?;
    }
    rustix::fs::fsync(&work.handle)
}

/// A record that certctl wrote in this place.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) folder: OwnedFd,
    /// No other user could enter it.
    pub(super) is_private: bool,
}

/// The record with that prefix, if it exists.
pub(super) fn record(work: &OwnedFd, kind: &str) -> Result<Option<Record>, Errno> {
    let owner = fstat(work)?.st_uid;
    let mut names = list(work)?;
    names.retain(|name| name.starts_with(kind));
    for name in &names {
        let folder = match openat(work, &**name, READ_DIRECTORY, Mode::empty()) {
            Ok(folder) => folder,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS) => continue,
            Err(errno) => return Err(errno),
        };
        let found = fstat(&folder)?;
        let mark = mark(&folder)?;
        // Without the creation time, an archive with thousands of inode numbers could contain the right one.
        let is_known = !mark.ends_with("-0") || names.len() == 1;
        let is_ours = [geteuid().as_raw(), owner].contains(&found.st_uid);
        if is_ours && is_known && name.strip_prefix(kind) == Some(&*mark) {
            let is_private = found.st_mode & 0o777 == 0o700;
            return Ok(Some(Record { name: name.clone(), folder, is_private }));
        }
    }
    Ok(None)
}

/// The changes of a record, in order: folders, keys, other files, removals.
fn read(folder: &OwnedFd, depth: usize) -> Result<Vec<Change>, Errno> {
    let mut changes = Vec::new();
    for name in list(folder)? {
        let found = statat(folder, &*name, AtFlags::SYMLINK_NOFOLLOW)?;
        let change = match FileType::from_raw_mode(found.st_mode) {
            _ if name.starts_with(WORK) => return Err(Errno::INVAL),
            FileType::RegularFile => match name.strip_suffix(REMOVE) {
                Some(name) => Change::Remove(name.to_owned()),
                None => Change::File { name, is_new: false },
            },
            FileType::Directory if depth < DEPTH => {
                let below = openat(folder, &*name, READ_DIRECTORY, Mode::empty())?;
                match read(&below, depth + 1)? {
                    // Its files are already in their places.
                    below if below.is_empty() => continue,
                    below => Change::Folder(name, below),
                }
            }
            _ => return Err(Errno::INVAL),
        };
        changes.push(change);
    }
    let rank = |change: &Change| match change {
        Change::Folder(name, _) => (0, Reverse(false), name.clone()),
        Change::File { name, .. } => {
            let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
            (1, Reverse(kind == "key"), stem.to_owned())
        }
        Change::Remove(name) => (2, Reverse(false), name.clone()),
    };
    changes.sort_by_key(rank);
    Ok(changes)
}

/// Makes the changes. Each change can be repeated.
pub(super) fn carry_out(
    record: &OwnedFd,
    dir: &OwnedFd,
    work: &OwnedFd,
    changes: &[Change],
) -> Result<(), Errno> {
    for change in changes {
        match change {
            Change::File { name, is_new: true } => rename_new(record, name, dir, name)?,
            Change::File { name, is_new: false } => renameat(record, &**name, dir, &**name)?,
            Change::Remove(name) => remove_target(dir, work, name)?,
            Change::Folder(name, below) => {
                let is_there = match statat(dir, &**name, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(_) => true,
                    Err(Errno::NOENT) => false,
                    Err(errno) => return Err(errno),
                };
                if below.is_empty() || !is_there {
                    rename_new(record, name, dir, name)?;
                } else {
                    let [from, to] =
                        [record, dir].map(|at| openat(at, &**name, READ_DIRECTORY, Mode::empty()));
                    let (from, to) = (from?, to?);
                    carry_out(&from, &to, work, below)?;
                    rustix::fs::fsync(&to)?;
                }
            }
        }
    }
    Ok(())
}

/// Publishes a file that did not exist when the commit was prepared. A file that another program has created
/// since then is not overwritten.
pub(super) fn rename_new(
    folder: &OwnedFd,
    name: &str,
    dir: &OwnedFd,
    new_name: &str,
) -> Result<(), Errno> {
    match renameat_with(folder, name, dir, new_name, RenameFlags::NOREPLACE) {
        // Some file systems do not support it.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            match statat(dir, new_name, AtFlags::SYMLINK_NOFOLLOW) {
                Err(Errno::NOENT) => renameat(folder, name, dir, new_name),
                Ok(_) => Err(Errno::EXIST),
                Err(errno) => Err(errno),
            }
        }
        renamed => renamed,
    }
}

/// Moves a folder aside; it is removed later.
fn remove_target(dir: &OwnedFd, work: &OwnedFd, name: &str) -> Result<(), Errno> {
    let found = match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => found,
        Err(Errno::NOENT) => return Ok(()),
        Err(errno) => return Err(errno),
    };
    if FileType::from_raw_mode(found.st_mode) != FileType::Directory {
        return unlinkat(dir, name, AtFlags::empty());
    }
    renameat(dir, name, work, format!("gone-{:x}", found.st_ino))
}
