//! `.certctl/`: the work folder of a command that writes, and its lock.
//!
//! It exists while a command writes. The next command completes or removes the files of a killed one
//! ([`super::recovery`]).

use std::{
    os::fd::OwnedFd,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, flock, fstat, openat, statat, unlinkat},
    io::Errno,
    process::{geteuid, umask},
};

use super::{
    error::StoreError,
    file_access::user_name,
    folder::{self, create_private, is_private},
    names::{LOCK, WORK, join},
    path::{Directory, READ_DIRECTORY},
};

/// The interval between two attempts to get the lock.
const POLL: Duration = Duration::from_millis(10);
/// How long to wait for a folder of another user, whose command may end.
const PATIENCE: Duration = Duration::from_millis(500);

/// The locked folder. Drop removes the folder; after that nothing is written.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) handle: OwnedFd,
    _lock: OwnedFd,
    dir: Arc<Directory>,
    /// No other user has had access to the folder since it was created.
    pub(super) is_private: bool,
    /// The record of an unfinished commit stays, for the next command that writes.
    is_kept: AtomicBool,
}

/// How an attempt to get the lock ended.
enum Attempt {
    Got(Work),
    /// Another process has it.
    Busy,
    /// The folder was removed or replaced in the meantime.
    Again,
    /// The folder belongs to another user.
    Foreign(u32),
}

impl Work {
    /// Waits for the lock of a directory, at most `timeout`.
    pub(super) fn lock(dir: &Arc<Directory>, timeout: Duration) -> Result<Self, StoreError> {
        let begin = Instant::now();
        loop {
            let attempt = attempt(dir).inspect_err(|_| {
                // Remove an empty folder; a folder with a lock can belong to another process.
                let _ = unlinkat(&dir.handle, WORK, AtFlags::REMOVEDIR);
            })?;
            match attempt {
                Attempt::Got(work) => return Ok(work),
                Attempt::Busy if begin.elapsed() >= timeout => {
                    return Err(StoreError::Locked {
                        path: shown(dir),
                        seconds: timeout.as_secs(),
                    });
                }
                Attempt::Foreign(owner) if begin.elapsed() >= timeout.min(PATIENCE) => {
                    return Err(StoreError::ForeignWork {
                        path: shown(dir),
                        owner: user_name(owner),
                    });
                }
                // A process that ends removes the folder, so this state does not last.
                Attempt::Again if begin.elapsed() >= timeout.max(PATIENCE) => {
                    return Err(StoreError::Locked {
                        path: shown(dir),
                        seconds: timeout.as_secs(),
                    });
                }
                Attempt::Again | Attempt::Busy | Attempt::Foreign(_) => thread::sleep(POLL),
            }
        }
    }

    /// Keeps the folder for the next command that writes.
    pub(super) fn keep(&self) {
        self.is_kept.store(true, Ordering::Relaxed);
    }

    /// The record is complete, or undone.
    pub(super) fn forget(&self) {
        self.is_kept.store(false, Ordering::Relaxed);
    }

    pub(super) fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.is_kept() {
            return;
        }
        // If two attempts fail, the next command that writes removes it. After the lock file is removed, another
        // process may use the folder, so nothing more is removed from it.
        let is_empty = twice(|| folder::clear(&self.handle, &[LOCK]));
        if is_empty && twice(|| unlinkat(&self.handle, LOCK, AtFlags::empty())) {
            twice(|| unlinkat(&self.dir.handle, WORK, AtFlags::REMOVEDIR));
        }
    }
}

/// Whether one of two attempts succeeded. The folder of a new process is not empty, and stays.
fn twice(remove: impl Fn() -> Result<(), Errno>) -> bool {
    let is_done =
        |result| matches!(result, Ok(()) | Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST));
    is_done(remove()) || is_done(remove())
}

fn attempt(dir: &Arc<Directory>) -> Result<Attempt, StoreError> {
    let failed = |errno: Errno| StoreError::write(&shown(dir), "create", errno.into());
    match create_private(&dir.handle, WORK) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(errno) => return Err(failed(errno)),
    }
    let handle = match openat(&dir.handle, WORK, READ_DIRECTORY, Mode::empty()) {
        Ok(handle) => handle,
        Err(Errno::NOENT) => return Ok(Attempt::Again),
        Err(errno) => return not_ours(dir, errno),
    };
    let found = fstat(&handle).map_err(failed)?;
    if found.st_uid != geteuid().as_raw() {
        return Ok(Attempt::Foreign(found.st_uid));
    }
    // certctl creates it with 0700. With other permissions it was copied, checked out or changed.
    let is_private = is_private(found.st_mode);
    let flags = OFlags::RDWR
        | OFlags::CREATE
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::NOCTTY
        | OFlags::CLOEXEC;
    let before = umask(Mode::from_raw_mode(0o077));
    let opened = openat(&handle, LOCK, flags, Mode::from_raw_mode(0o600));
    umask(before);
    let lock = match opened {
        Ok(lock) => lock,
        Err(Errno::NOENT) => return Ok(Attempt::Again),
        // A folder or a link of that name is not a lock.
        Err(Errno::ISDIR | Errno::LOOP | Errno::NXIO | Errno::MLINK) => {
            folder::remove(&handle, LOCK).map_err(failed)?;
            return Ok(Attempt::Again);
        }
        Err(errno) => return Err(failed(errno)),
    };
    let held = hold(dir, &handle, &lock).inspect_err(|_| {
        // Remove the lock file of this attempt, if no other process has locked it.
        let is_ours = flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok()
            && is_in_place(&handle, LOCK, &lock).unwrap_or_default();
        if is_ours {
            let _ = unlinkat(&handle, LOCK, AtFlags::empty());
        }
    })?;
    let is_kept = AtomicBool::new(false);
    Ok(match held {
        Held::Yes => {
            let dir = Arc::clone(dir);
            Attempt::Got(Work { handle, _lock: lock, dir, is_private, is_kept })
        }
        Held::Busy => Attempt::Busy,
        Held::NotInPlace => Attempt::Again,
    })
}

/// Whether this process has the lock.
enum Held {
    Yes,
    Busy,
    /// The process that had it has removed the file or the folder.
    NotInPlace,
}

fn hold(dir: &Directory, handle: &OwnedFd, lock: &OwnedFd) -> Result<Held, StoreError> {
    let failed = |errno: Errno| StoreError::write(&shown(dir), "lock", errno.into());
    let found = fstat(lock).map_err(failed)?;
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
        folder::remove(handle, LOCK).map_err(failed)?;
        return Ok(Held::NotInPlace);
    }
    match flock(lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Ok(Held::Busy),
        Err(Errno::INTR) => return Ok(Held::NotInPlace),
        Err(errno) => return Err(StoreError::NoLocks { path: shown(dir), source: errno.into() }),
    }
    let is_in_place = is_in_place(handle, LOCK, lock).map_err(failed)?
        && is_in_place(&dir.handle, WORK, handle).map_err(failed)?;
    Ok(if is_in_place { Held::Yes } else { Held::NotInPlace })
}

/// The error for a `.certctl` that cannot be opened as our folder.
fn not_ours(dir: &Directory, errno: Errno) -> Result<Attempt, StoreError> {
    let refused = |kind| Err(StoreError::Target { path: shown(dir), kind });
    let found = match statat(&dir.handle, WORK, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => found,
        Err(Errno::NOENT) => return Ok(Attempt::Again),
        Err(errno) => return Err(StoreError::write(&shown(dir), "open", errno.into())),
    };
    match FileType::from_raw_mode(found.st_mode) {
        FileType::Directory if found.st_uid != geteuid().as_raw() => {
            Ok(Attempt::Foreign(found.st_uid))
        }
        FileType::Directory => Err(StoreError::write(&shown(dir), "open", errno.into())),
        FileType::Symlink => refused("a symbolic link"),
        _ => refused("not a directory"),
    }
}

/// Whether an open file still has that name.
fn is_in_place(at: &OwnedFd, name: &str, open: &OwnedFd) -> Result<bool, Errno> {
    let open = fstat(open)?;
    match statat(at, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok((found.st_dev, found.st_ino) == (open.st_dev, open.st_ino)),
        Err(Errno::NOENT) => Ok(false),
        Err(errno) => Err(errno),
    }
}

pub(super) fn shown(dir: &Directory) -> PathBuf {
    join(&dir.path, WORK)
}
