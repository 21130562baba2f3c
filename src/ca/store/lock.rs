//! The lock that spans from reading `ca.srl` to publishing: one writer at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use crate::{
    error::Error,
    x509::pem::{ReadError, open_regular},
};

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(10);

/// An advisory lock (flock) on an open file; dropping it releases the lock. No file is left behind.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// On the CA key if there is one, else on the directory.
    ///
    /// The key may come or go while one waits: whoever gets the directory's lock looks again.
    pub(super) fn on_key_or_directory(
        key: &Path,
        dir: &Path,
        timeout: Duration,
    ) -> Result<Self, Error> {
        if let Some(lock) = Self::on_key(key, timeout)? {
            return Ok(lock);
        }
        let lock = Self::on_directory(dir, timeout)?;
        Ok(Self::on_key(key, timeout)?.unwrap_or(lock))
    }

    /// On a regular file; `None` if there is none.
    pub(super) fn on_key(path: &Path, timeout: Duration) -> Result<Option<Self>, Error> {
        let read = |source| Error::Read { path: path.to_owned(), source };
        let until = Instant::now() + timeout;
        loop {
            let file = match open_regular(path) {
                Ok(file) => file,
                Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(None);
                }
                Err(source) => return Err(read(source)),
            };
            wait(&file, path, until, timeout)?;
            // While one waited, the key may have been replaced: the lock must be on the one in place.
            let held = file.metadata().map_err(|error| read(error.into()))?;
            match fs::metadata(path) {
                Ok(now) if (now.dev(), now.ino()) == (held.dev(), held.ino()) => {
                    return Ok(Some(Self { _file: file }));
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(read(error.into())),
            }
        }
    }

    /// On a directory, for those who wait for a CA key that is not there yet.
    pub(super) fn on_directory(dir: &Path, timeout: Duration) -> Result<Self, Error> {
        let file = File::open(dir)
            .map_err(|error| Error::Read { path: dir.to_owned(), source: error.into() })?;
        wait(&file, dir, Instant::now() + timeout, timeout)?;
        Ok(Self { _file: file })
    }
}

/// Locks a file that is about to be published, so that it is held from its first instant.
pub(super) fn hold(file: &File, path: &Path) -> Result<(), Error> {
    wait(file, path, Instant::now(), Duration::ZERO)
}

fn wait(file: &File, path: &Path, until: Instant, timeout: Duration) -> Result<(), Error> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(source)) => {
                return Err(Error::NoLocks { path: path.to_owned(), source });
            }
            Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                return Err(Error::Locked { path: path.to_owned(), seconds: timeout.as_secs() });
            }
            Err(TryLockError::WouldBlock) => thread::sleep(POLL),
        }
    }
}
