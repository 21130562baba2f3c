//! Temporaries: files that wait beside their targets until they are published.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::{Gid, Uid};

use super::readers::Readers;
use crate::{error::Error, x509::random};

/// The name of every temporary: this, and 16 hexadecimal digits.
pub(super) const TEMPORARY: &str = ".certctl-";

/// Who may read a file that did not exist before. One that is replaced keeps what it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Mode 0600, whatever the umask.
    Secret,
    /// Mode 0644 less the umask.
    Public,
}

/// A temporary with the owner, group and mode that its target will have. Dropping it removes it.
#[derive(Debug)]
pub(crate) struct Staged {
    file: File,
    /// `None` once the temporary has become its target.
    temporary: Option<PathBuf>,
    target: PathBuf,
}

impl Staged {
    /// Creates an empty temporary beside `target`, which must be a regular file or missing.
    ///
    /// A target that is there gives it its owner, group and mode, or nothing is done: a service must
    /// not lose access to its key, and nobody else may gain it.
    pub(super) fn create(target: &Path, access: Access) -> Result<Self, Error> {
        Self::create_for(target, access, &Readers::default())
    }

    /// As [`Staged::create`], for those who the user says are to read it.
    pub(super) fn create_for(
        target: &Path,
        access: Access,
        readers: &Readers,
    ) -> Result<Self, Error> {
        let old = existing(target)?;
        let (file, temporary) = open_new(target, access)?;
        let staged = Self { file, temporary: Some(temporary), target: target.to_owned() };
        staged.give(old.as_ref(), access, readers)?;
        Ok(staged)
    }

    /// Owner and group first: until then nobody but the owner could open it.
    fn give(
        &self,
        old: Option<&fs::Metadata>,
        access: Access,
        readers: &Readers,
    ) -> Result<(), Error> {
        let new = self.file.metadata().map_err(|source| self.error("read the mode of", source))?;
        let uid = old.map_or(new.uid(), MetadataExt::uid);
        let kept = old.map_or(new.gid(), MetadataExt::gid);
        let gid = readers.group.as_ref().map_or(kept, |group| group.id);
        if (uid, gid) != (new.uid(), new.gid()) {
            let (owner, group) = (Uid::from_raw(uid), Gid::from_raw(gid));
            rustix::fs::fchown(&self.file, Some(owner), Some(group))
                .map_err(|errno| self.not_given(uid, new.uid(), readers, errno.into()))?;
        }
        let mode = readers.mode(match (old, access) {
            (Some(old), _) => old.mode() & 0o777,
            (None, Access::Secret) => 0o600,
            (None, Access::Public) => new.mode() & 0o777,
        });
        if old.is_none() && mode == new.mode() & 0o777 {
            return Ok(());
        }
        self.set_mode(mode)
    }

    fn not_given(&self, uid: u32, own: u32, readers: &Readers, source: io::Error) -> Error {
        let path = self.target.clone();
        match &readers.group {
            Some(group) if uid == own => Error::Group { path, group: group.name.clone(), source },
            _ => Error::Owner { path, uid, source },
        }
    }

    pub(super) fn set_mode(&self, mode: u32) -> Result<(), Error> {
        self.file
            .set_permissions(Permissions::from_mode(mode))
            .map_err(|source| self.error("set the mode of", source))
    }

    /// Writes the whole content and makes it durable (fsync).
    pub(crate) fn fill(&mut self, content: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(content)
            .and_then(|()| self.file.sync_all())
            .map_err(|source| self.error("write", source))
    }

    /// Takes the place of the target, durably, or leaves the one before. Only for a file that stands
    /// for itself, as `ca.srl` does.
    pub(super) fn replace(mut self) -> Result<(), Error> {
        let dir = self.target.parent().unwrap_or(Path::new("")).to_owned();
        let backup = temporary_path(&dir)?;
        // Where the file system has no links, a failed fsync cannot be undone.
        let linked = fs::hard_link(&self.target, &backup);
        let replaced = self.rename().and_then(|()| fsync_directory(&dir));
        let undo = replaced.is_err() && self.temporary.is_none();
        match linked {
            Ok(()) if undo => drop(fs::rename(&backup, &self.target)),
            Ok(()) => remove_surely(&backup),
            Err(error) if undo && error.kind() == io::ErrorKind::NotFound => {
                drop(fs::remove_file(&self.target));
            }
            Err(_) => {}
        }
        replaced
    }

    pub(super) fn rename(&mut self) -> Result<(), Error> {
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.target).map_err(|source| self.error("replace", source))?;
        }
        self.temporary = None;
        Ok(())
    }

    /// Leaves the temporary to the journal: whoever comes next publishes it.
    pub(super) fn leave(&mut self) {
        self.temporary = None;
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    pub(super) fn temporary_name(&self) -> String {
        let name = self.temporary.as_deref().and_then(Path::file_name).and_then(OsStr::to_str);
        name.unwrap_or_default().to_owned()
    }

    fn error(&self, action: &'static str, source: io::Error) -> Error {
        Error::write(&self.target, action, source)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            remove_surely(temporary);
        }
    }
}

/// What is there, if it is a regular file. A symlink is refused: certctl replaces files, not what
/// they point to.
pub(super) fn existing(target: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(target) {
        Ok(old) if old.is_file() => Ok(Some(old)),
        Ok(old) => {
            let kind = if old.is_symlink() { "a symbolic link" } else { "no regular file" };
            Err(Error::Target { path: target.to_owned(), kind })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path: target.to_owned(), source: source.into() }),
    }
}

/// A path for a temporary in `dir` that nobody can guess.
pub(super) fn temporary_path(dir: &Path) -> Result<PathBuf, Error> {
    let number = u64::from_ne_bytes(random::octets()?);
    Ok(dir.join(format!("{TEMPORARY}{number:016x}")))
}

fn open_new(target: &Path, access: Access) -> Result<(File, PathBuf), Error> {
    let dir = target.parent().unwrap_or(Path::new(""));
    let mode = if access == Access::Secret { 0o600 } else { 0o644 };
    loop {
        let path = temporary_path(dir)?;
        // O_EXCL: what stands there already, a planted link say, is never opened.
        match OpenOptions::new().write(true).create_new(true).mode(mode).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(Error::write(target, "write beside", source)),
        }
    }
}

/// Removes a temporary, which may hold a key. What resists twice is swept by the next command that
/// writes.
pub(super) fn remove_surely(temporary: &Path) {
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => drop(fs::remove_file(temporary)),
        _ => {}
    }
}

/// Makes the names in a directory durable.
pub(crate) fn fsync_directory(dir: &Path) -> Result<(), Error> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(|source| Error::write(dir, "make durable", source))
}

/// Removes the temporaries that killed runs left. The lock must be held: nobody else has any.
pub(super) fn sweep(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(super::is_temporary) {
            let path = entry.path();
            // A directory is an archive that was being filled: links to files that are still there.
            let _ = match entry.file_type() {
                Ok(kind) if kind.is_dir() => fs::remove_dir_all(&path),
                _ => fs::remove_file(&path),
            };
        }
    }
}
