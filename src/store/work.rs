//! `.certctl/`: the folder in which a command that writes works, and its lock.
//!
//! It is there while a command writes. What a killed command left in it is completed or removed by the
//! next one ([`super::recovery`]).

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
    fs::{
        AtFlags, FileType, FlockOperation, Mode, OFlags, flock, fstat, mkdirat, openat, statat,
        unlinkat,
    },
    io::Errno,
    process::{geteuid, umask},
};

use super::{
    file_access::user_name,
    path::{Directory, READ_DIRECTORY},
    recovery,
};
use crate::error::Error;

/// The folder's name.
pub(super) const WORK: &str = ".certctl";
/// The file in it that is locked.
pub(super) const LOCK: &str = "lock";
/// How often a lock that another process has is tried again.
const POLL: Duration = Duration::from_millis(10);
/// A folder of another user is waited for this long: that user's command may end.
const PATIENCE: Duration = Duration::from_millis(500);

/// The locked folder. Dropping it removes the folder, and then nothing is written any more.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) handle: OwnedFd,
    _lock: OwnedFd,
    dir: Arc<Directory>,
    /// No other user could enter the folder since it was created.
    pub(super) is_private: bool,
    /// The record of an unfinished commit stays, for the next command that writes.
    is_kept: AtomicBool,
}

/// How an attempt to get the lock ended.
enum Attempt {
    Got(Work),
    /// Another process has it.
    Busy,
    /// The folder was removed or replaced meanwhile.
    Again,
    /// The folder belongs to another user.
    Foreign(u32),
}

impl Work {
    /// Waits for the lock of a directory, at most `timeout`.
    pub(super) fn lock(dir: &Arc<Directory>, timeout: Duration) -> Result<Self, Error> {
        let begin = Instant::now();
        loop {
            let attempt = attempt(dir).inspect_err(|_| {
                // An empty folder goes; one with a lock may be another process's.
                let _ = unlinkat(&dir.handle, WORK, AtFlags::REMOVEDIR);
            })?;
            match attempt {
                Attempt::Got(work) => return Ok(work),
                Attempt::Busy if begin.elapsed() >= timeout => {
                    return Err(Error::Locked { path: shown(dir), seconds: timeout.as_secs() });
                }
                Attempt::Foreign(owner) if begin.elapsed() >= timeout.min(PATIENCE) => {
                    return Err(Error::ForeignWork { path: shown(dir), owner: user_name(owner) });
                }
                // A process that ends removes the folder, so this state does not last.
                Attempt::Again if begin.elapsed() >= timeout.max(PATIENCE) => {
                    return Err(Error::Locked { path: shown(dir), seconds: timeout.as_secs() });
                }
                Attempt::Again | Attempt::Busy | Attempt::Foreign(_) => thread::sleep(POLL),
            }
        }
    }

    /// Leaves what is in the folder to the next command that writes.
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
        // What resists twice is removed by the next command that writes. Once the lock file is gone,
        // another process may have the folder: nothing is removed from it any more.
        let is_empty = twice(|| recovery::clear(&self.handle, &[LOCK]));
        if is_empty && twice(|| unlinkat(&self.handle, LOCK, AtFlags::empty())) {
            twice(|| unlinkat(&self.dir.handle, WORK, AtFlags::REMOVEDIR));
        }
    }
}

/// Whether it could be done, at the second attempt at the latest. The folder of a process that came
/// since is not empty, and stays.
fn twice(remove: impl Fn() -> Result<(), Errno>) -> bool {
    let is_done =
        |result| matches!(result, Ok(()) | Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST));
    is_done(remove()) || is_done(remove())
}

fn attempt(dir: &Arc<Directory>) -> Result<Attempt, Error> {
    let failed = |errno: Errno| Error::write(&shown(dir), "create", errno.into());
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
    // certctl creates it with 0700. One that others can enter was copied or checked out, or changed since.
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
            recovery::remove(&handle, LOCK).map_err(failed)?;
            return Ok(Attempt::Again);
        }
        Err(errno) => return Err(failed(errno)),
    };
    let held = hold(dir, &handle, &lock).inspect_err(|_| {
        // The lock file of this attempt goes, if no other process has it.
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

fn hold(dir: &Directory, handle: &OwnedFd, lock: &OwnedFd) -> Result<Held, Error> {
    let failed = |errno: Errno| Error::write(&shown(dir), "lock", errno.into());
    let found = fstat(lock).map_err(failed)?;
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
        recovery::remove(handle, LOCK).map_err(failed)?;
        return Ok(Held::NotInPlace);
    }
    match flock(lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Ok(Held::Busy),
        Err(Errno::INTR) => return Ok(Held::NotInPlace),
        Err(errno) => return Err(Error::NoLocks { path: shown(dir), source: errno.into() }),
    }
    let is_in_place = is_in_place(handle, LOCK, lock).map_err(failed)?
        && is_in_place(&dir.handle, WORK, handle).map_err(failed)?;
    Ok(if is_in_place { Held::Yes } else { Held::NotInPlace })
}

/// What stands in the place of the folder and cannot be opened.
fn not_ours(dir: &Directory, errno: Errno) -> Result<Attempt, Error> {
    let refused = |kind| Err(Error::Target { path: shown(dir), kind });
    let found = match statat(&dir.handle, WORK, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => found,
        Err(Errno::NOENT) => return Ok(Attempt::Again),
        Err(errno) => return Err(Error::write(&shown(dir), "open", errno.into())),
    };
    match FileType::from_raw_mode(found.st_mode) {
        FileType::Directory if found.st_uid != geteuid().as_raw() => {
            Ok(Attempt::Foreign(found.st_uid))
        }
        FileType::Directory => Err(Error::write(&shown(dir), "open", errno.into())),
        FileType::Symlink => refused("a symbolic link"),
        _ => refused("not a directory"),
    }
}

/// Whether an open file is still the one of that name.
fn is_in_place(at: &OwnedFd, name: &str, open: &OwnedFd) -> Result<bool, Errno> {
    let open = fstat(open)?;
    match statat(at, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) => Ok((found.st_dev, found.st_ino) == (open.st_dev, open.st_ino)),
        Err(Errno::NOENT) => Ok(false),
        Err(errno) => Err(errno),
    }
}

/// Whether no other user can enter a folder of that mode.
pub(super) const fn is_private(mode: u32) -> bool {
    matches!(mode & 0o077, 0)
}

/// Creates a folder of mode 0700 whatever the umask.
pub(super) fn create_private(at: &OwnedFd, name: &str) -> Result<(), Errno> {
    let before = umask(Mode::from_raw_mode(0o077));
    let created = mkdirat(at, name, Mode::from_raw_mode(0o700));
    umask(before);
    created
}

pub(super) fn shown(dir: &Directory) -> PathBuf {
    super::join(&dir.path, WORK)
}
