//! A locked directory.

use std::{io, sync::Arc, time::Duration};

use rustix::{
    fs::{AtFlags, statat},
    io::Errno,
};

use super::{
    error::StoreError,
    names::{OLD_JOURNAL, join},
    path::{Directory, Missing, Sharing},
    recovery, staging,
    work::Work,
};

/// How a lock is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockOptions {
    pub(crate) timeout: Duration,
    pub(crate) sharing: Sharing,
    pub(crate) missing: Missing,
}

/// A directory whose lock this process has.
#[derive(Debug)]
pub(crate) struct LockedDirectory {
    pub(super) dir: Arc<Directory>,
    pub(super) work: Work,
    pub(super) sharing: Sharing,
}

impl LockedDirectory {
    pub(super) fn lock(dir: &Arc<Directory>, options: &LockOptions) -> Result<Self, StoreError> {
        refuse_directory(dir)?;
        let journal = join(&dir.path, OLD_JOURNAL);
        match statat(&dir.handle, OLD_JOURNAL, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => {}
            Ok(_) => return Err(StoreError::Journal { path: journal }),
            Err(errno) => {
                let source = io::Error::from(errno).into();
                return Err(StoreError::Read { path: journal, source });
            }
        }
        let work = Work::lock(dir, options.timeout)?;
        recovery::recover(dir, &work)?;
        Ok(Self { dir: Arc::clone(dir), work, sharing: options.sharing })
    }
}

/// Refuses a directory whose file system does not support the exchange of files.
pub(super) fn refuse_directory(dir: &Directory) -> Result<(), StoreError> {
    let path = || dir.path.clone();
    match staging::refused_directory(&dir.handle) {
        Ok(None) => Ok(()),
        Ok(Some(kind)) => Err(StoreError::Target { path: path(), kind }),
        Err(errno) => Err(StoreError::Read { path: path(), source: io::Error::from(errno).into() }),
    }
}
