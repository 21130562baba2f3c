//! A directory with certificates and keys, for reading and for writing.

use std::{
    fs, io,
    os::{
        fd::AsFd,
        unix::fs::{FileTypeExt, MetadataExt},
    },
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::{
    fs::{Access, AtFlags, Mode, OFlags, accessat, openat, statat},
    io::Errno,
};

use super::{
    error::{ReadError, StoreError},
    file_access::{Readers, Sensitivity},
    file_set::FileSet,
    folder,
    locked::{LockOptions, LockedDirectory, refuse_directory},
    names::{OLD_JOURNAL, WORK, join},
    path::{Directory, Missing, READ_DIRECTORY},
    pending::{self, Place, Unfinished},
    read::{self, fetch_some, read_regular},
    staging, work,
};
use crate::parallel;

/// A directory that has, or will have, certificates and keys.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    /// The directory that was opened once, while it is locked.
    directory: Option<Arc<Directory>>,
}

/// A store whose lock this process has: required to write.
#[derive(Clone, Debug)]
pub(crate) struct LockedStore {
    store: Arc<Store>,
    locked: Arc<LockedDirectory>,
}

/// The locked directories that a command writes: that of the identities and that of the CA, which can be
/// the same.
#[derive(Clone, Debug)]
pub(crate) struct LockedDirectories {
    pub(crate) pki: LockedStore,
    pub(crate) ca: LockedStore,
}

impl Store {
    pub(crate) fn new(path: &Path) -> Self {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Self { path: path.to_owned(), directory: None }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.path
    }

    /// The path of a file by its name within the directory.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        join(&self.path, file)
    }

    /// Whether a file of that name exists, also as a dangling symlink.
    pub(crate) fn has(&self, file: &str) -> Result<bool, StoreError> {
        let path = self.path(file);
        let looked = match &self.directory {
            Some(dir) => statat(&dir.handle, file, AtFlags::SYMLINK_NOFOLLOW).map(drop),
            None => match pending::place(&path, OFlags::RDONLY | OFlags::CLOEXEC) {
                Ok(Place::Removed) => return Ok(false),
                Ok(Place::Directory) => {
                    statat(rustix::fs::CWD, &path, AtFlags::SYMLINK_NOFOLLOW).map(drop)
                }
                found => found.map(drop),
            },
        };
        match looked {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            // A file with the name of the subfolder is refused when it is opened.
            Err(Errno::NOTDIR) if file.contains('/') => Ok(false),
            Err(errno) => Err(StoreError::Read { path, source: io::Error::from(errno).into() }),
        }
    }

    /// Those of the files that exist.
    pub(crate) fn existing(
        &self,
        files: impl IntoIterator<Item = String>,
    ) -> Result<Vec<String>, StoreError> {
        let found = files.into_iter().map(|file| Ok(self.has(&file)?.then_some(file)));
        found.filter_map(Result::transpose).collect()
    }

    /// The content of a regular file of at most `limit` octets.
    pub(crate) fn read(&self, file: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        match &self.directory {
            Some(dir) => read::read_in(dir, file, limit),
            None => read::read_of_pki(&self.path(file), limit),
        }
    }

    /// As [`Store::read`], for a file that no other user can have written: it is not a link, and its owner is
    /// root, this process, or the owner of the directory.
    pub(crate) fn read_own(&self, file: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        match &self.directory {
            Some(dir) => read::read_own(dir.handle.as_fd(), Path::new(file), limit),
            None => read::read_own_of_pki(&self.path(file), limit),
        }
    }

    /// As [`fetch_some`], for a file in a folder of the directory.
    pub(crate) fn read_below(
        &self,
        file: &str,
        buffer: &mut Vec<u8>,
        matters: impl Fn(&[u8]) -> bool,
    ) -> Result<bool, ReadError> {
        let path = self.path(file);
        // To open a device can have effects, so check first.
        let kind = path.metadata()?.file_type();
        if kind.is_char_device() || kind.is_block_device() {
            return Err(ReadError::NotRegular("a device"));
        }
        fetch_some(&path, buffer, matters)
    }

    /// As [`Store::read`] if the file is in the directory, else as [`read_regular`].
    pub(crate) fn read_path(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) if self.path(name) == path => self.read(name, limit),
            _ => read_regular(path, limit),
        }
    }

    /// Whether this command has the lock, to write.
    pub(crate) fn is_locked(&self) -> bool {
        self.directory.is_some()
    }

    /// The unfinished commit of a killed process. The next command that writes completes or refuses it.
    pub(crate) fn unfinished(&self) -> Option<Unfinished> {
        if self.directory.is_some() { None } else { pending::unfinished(&self.path) }
    }

    /// Whether a file is a symbolic link to another file of the directory, which is read itself.
    pub(crate) fn links_within(&self, file: &str) -> bool {
        let path = self.path(file);
        let is_link = path.symlink_metadata().is_ok_and(|found| found.file_type().is_symlink());
        let target = || Some((fs::canonicalize(&path).ok()?, fs::canonicalize(&self.path).ok()?));
        is_link && target().is_some_and(|(target, dir)| target.parent() == Some(&dir))
    }

    /// Device and inode of a file: two names with the same are one file. Links are followed.
    pub(crate) fn file_id(&self, file: &str) -> Option<(u64, u64)> {
        let found = fs::metadata(self.path(file)).ok()?;
        Some((found.dev(), found.ino()))
    }

    /// A value that changes when a file of the directory is replaced.
    pub(crate) fn stamp(&self) -> Option<(i64, i64)> {
        let found = fs::metadata(&self.path).ok()?;
        Some((found.mtime(), found.mtime_nsec()))
    }

    /// Whether no command writes in the directory, and none was killed while it wrote.
    pub(crate) fn is_idle(&self) -> bool {
        [WORK, OLD_JOURNAL].iter().all(|file| self.has(file).is_ok_and(|has| !has))
    }

    /// The names of all files in the directory, in order, without those that are not UTF-8.
    pub(crate) fn files(&self) -> Result<Vec<String>, StoreError> {
        let failed =
            |source: io::Error| StoreError::Read { path: self.path.clone(), source: source.into() };
        let mut files = Vec::new();
        if let Some(dir) = &self.directory {
            files = folder::list(&dir.handle).map_err(|errno| failed(errno.into()))?;
        } else {
            for entry in fs::read_dir(&self.path).map_err(failed)? {
                files.extend(entry.map_err(failed)?.file_name().into_string());
            }
            if let Some(pending) = pending::of(&self.path) {
                pending.apply(&mut files).map_err(|errno| failed(errno.into()))?;
            }
        }
        files.sort();
        Ok(files)
    }

    /// The names of all files in a subfolder, in order; none if it does not exist.
    pub(crate) fn files_in(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let path = self.path(folder);
        let failed = |errno: Errno| StoreError::Read {
            path: path.clone(),
            source: io::Error::from(errno).into(),
        };
        let opened = match &self.directory {
            Some(dir) => openat(&dir.handle, folder, READ_DIRECTORY, Mode::empty()),
            None => rustix::fs::open(&path, READ_DIRECTORY, Mode::empty()),
        };
        let opened = match opened {
            Err(Errno::NOENT) => return Ok(Vec::new()),
            opened => opened.map_err(failed)?,
        };
        let mut files = folder::list(&opened).map_err(failed)?;
        files.sort();
        Ok(files)
    }

    /// Whether an existing file has the group and mode for these readers.
    pub(crate) fn suits(&self, file: &str, readers: &Readers) -> bool {
        match &self.directory {
            Some(dir) => readers.suit(dir.handle.as_fd(), Path::new(file)),
            None => readers.suit(rustix::fs::CWD, &self.path(file)),
        }
    }

    /// The error that these files would cause, for each group; or why the directory is not writable. Creates
    /// nothing.
    pub(crate) fn foresee(
        &self,
        groups: Vec<Vec<(String, Sensitivity)>>,
        options: &LockOptions,
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let dir = Directory::open(&self.path, options.sharing, Missing::Refuse)?;
        refuse_directory(&dir)?;
        let failed = |errno: Errno| StoreError::write(&work::shown(&dir), "create", errno.into());
        let access = Access::WRITE_OK | Access::EXEC_OK;
        accessat(&dir.handle, ".", access, AtFlags::EACCESS).map_err(failed)?;
        let defaults = staging::Defaults::in_directory(&dir).map_err(failed)?;
        let readers = Readers::default();
        let refuse = |(file, sensitivity): (String, Sensitivity)| {
            let (at, path) = (Some(&dir.handle), self.path(&file));
            staging::Plan::new(at, &file, path, sensitivity, &readers, &defaults).map(drop)
        };
        let refuse_all = |group: Vec<_>| group.into_iter().try_for_each(refuse);
        Ok(parallel::map(groups, refuse_all))
    }

    /// Waits for the lock, at most `timeout`, and completes the commit of a killed process.
    pub(crate) fn lock(&self, options: &LockOptions) -> Result<LockedStore, StoreError> {
        let locked = lock_all(&[(&self.path, options.missing)], options)?;
        locked.into_iter().next().ok_or_else(|| StoreError::NoLocks {
            path: self.path.clone(),
            source: io::ErrorKind::NotFound.into(),
        })
    }

    /// As [`Store::lock`], also for the directory of another file, which can be the same.
    pub(crate) fn lock_with(
        &self,
        other: &Path,
        options: &LockOptions,
    ) -> Result<(LockedStore, LockedStore), StoreError> {
        let parent = other.parent().unwrap_or(Path::new(""));
        let both = [(&*self.path, options.missing), (parent, Missing::Refuse)];
        let mut locked = lock_all(&both, options)?.into_iter();
        match (locked.next(), locked.next()) {
            (Some(own), Some(other)) => Ok((own, other)),
            _ => Err(StoreError::NoLocks {
                path: self.path.clone(),
                source: io::ErrorKind::NotFound.into(),
            }),
        }
    }
}

/// Locks each directory once, in the order of device and inode, to prevent a deadlock between two commands
/// or within one.
fn lock_all(
    paths: &[(&Path, Missing)],
    options: &LockOptions,
) -> Result<Vec<LockedStore>, StoreError> {
    let directories: Vec<Arc<Directory>> = paths
        .iter()
        .map(|(path, missing)| Directory::open(path, options.sharing, *missing).map(Arc::new))
        .collect::<Result<_, _>>()?;
    let mut order: Vec<&Arc<Directory>> = directories.iter().collect();
    order.sort_by_key(|dir| dir.id);
    order.dedup_by_key(|dir| dir.id);
    let mut locked = Vec::new();
    for dir in order {
        locked.push(Arc::new(LockedDirectory::lock(dir, options)?));
    }
    let find = |dir: &Arc<Directory>| {
        let own = locked.iter().find(|locked| locked.dir.id == dir.id)?;
        let store = Store { path: dir.path.clone(), directory: Some(Arc::clone(dir)) };
        Some(LockedStore { store: Arc::new(store), locked: Arc::clone(own) })
    };
    Ok(directories.iter().filter_map(find).collect())
}

impl LockedStore {
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Whether both are the same directory, also by different paths.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.locked, &other.locked)
    }

    /// Starts a set of files that are published together.
    pub(crate) fn file_set(&self) -> Result<FileSet<'_>, StoreError> {
        FileSet::new(&self.locked)
    }
}
