//! A set of files that are published together: preparation and staging before the commit.

use std::{
    fs::File,
    io::Write as _,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags, fsync, mkdirat, openat, statat, unlinkat},
    io::Errno,
};

use super::{
    error::StoreError,
    file_access::{Readers, Sensitivity},
    folder::create_private,
    locked::LockedDirectory,
    names::{ARCHIVE, REMOVE, join},
    path::{READ_DIRECTORY, refuse_folder},
    staging::{Defaults, Plan, refused_folder},
    work::shown,
};
use crate::parallel;

/// Up to this number, each file is made durable by its own call. For more files, one call makes the whole
/// file system durable; it also waits for the data of other programs.
const SINGLY: usize = 64;

/// Files that are published together. Without [`FileSet::commit`] none of them is published.
#[derive(Debug)]
pub(crate) struct FileSet<'a> {
    pub(super) locked: &'a LockedDirectory,
    pub(super) new_name: String,
    /// The files of the directory itself, then those of its subfolders.
    pub(super) folders: Vec<Folder>,
    pub(super) entries: Vec<Entry>,
    /// Files that the commit removes.
    pub(super) removals: Vec<String>,
    pub(super) defaults: Defaults,
    /// A file was closed before it was durable, so the whole file system must be made durable.
    pub(super) is_unsynced: AtomicBool,
    /// Files that are made durable one by one.
    pub(super) open: Mutex<Vec<(File, PathBuf)>>,
}

/// A file of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(usize);

/// A folder in `.certctl/new`, and the target folder of its files.
#[derive(Debug)]
pub(super) struct Folder {
    /// Relative to the directory; empty for the directory itself.
    pub(super) name: String,
    pub(super) new: OwnedFd,
    /// Links to the replaced files; created with the first of them.
    pub(super) old: Option<OwnedFd>,
    pub(super) target: Target,
}

/// The target of the files of a folder.
#[derive(Debug)]
pub(super) enum Target {
    /// The directory itself.
    Directory,
    /// A subfolder that exists.
    Folder(OwnedFd),
    /// A new subfolder, which is published whole.
    Missing,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) folder: usize,
    pub(super) name: String,
    pub(super) plan: Plan,
    pub(super) is_created: bool,
    pub(super) is_written: AtomicBool,
}

impl<'a> FileSet<'a> {
    pub(super) fn new(locked: &'a LockedDirectory) -> Result<Self, StoreError> {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let new_name = format!("new{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let failed =
            |errno: Errno| StoreError::write(&shown(&locked.dir), "write in", errno.into());
        let new = private(&locked.work.handle, &new_name).map_err(failed)?;
        let defaults = Defaults::of(&new, &locked.dir).map_err(failed)?;
        let top = Folder { name: String::new(), new, old: None, target: Target::Directory };
        Ok(Self {
            locked,
            new_name,
            folders: vec![top],
            entries: Vec::new(),
            removals: Vec::new(),
            defaults,
            is_unsynced: AtomicBool::new(false),
            open: Mutex::default(),
        })
    }

    /// Checks that a file can be published under that name, and adds it to the set. The old file is kept, in
    /// case a later step fails. Other programs see no change.
    ///
    /// `file` is a name, or a path in one subfolder. The files are published in this order.
    pub(crate) fn prepare(
        &mut self,
        file: &str,
        sensitivity: Sensitivity,
    ) -> Result<Slot, StoreError> {
        self.prepare_for(file, sensitivity, &Readers::default())
    }

    /// As [`FileSet::prepare`], with the readers that the user asked for.
    pub(crate) fn prepare_for(
        &mut self,
        file: &str,
        sensitivity: Sensitivity,
        readers: &Readers,
    ) -> Result<Slot, StoreError> {
        let (folder, name) = match file.rsplit_once('/') {
            Some((folder, name)) => (self.folder(folder)?, name),
            None => (0, file),
        };
        self.open_backups(folder)?;
        let entry = self.entry(folder, name, sensitivity, readers)?;
        Ok(self.push(entry))
    }

    /// As [`FileSet::prepare`], for many files of the directory itself, on all cores. Of one group, all files
    /// are added or none.
    pub(crate) fn prepare_all(
        &mut self,
        groups: Vec<Vec<(String, Sensitivity)>>,
    ) -> Result<Vec<Result<Vec<Slot>, StoreError>>, StoreError> {
        self.open_backups(0)?;
        let readers = Readers::default();
        let groups = parallel::map(groups, |group: Vec<(String, Sensitivity)>| {
            let mut entries = Vec::new();
            for (file, sensitivity) in group {
                match self.entry(0, &file, sensitivity, &readers) {
                    Ok(entry) => entries.push(entry),
                    Err(error) => {
                        // Everything in the folder may be published.
                        for Entry { name, .. } in entries.iter().filter(|entry| entry.is_created) {
                            let _ = unlinkat(&self.folders[0].new, &**name, AtFlags::empty());
                        }
                        return Err(error);
                    }
                }
            }
            Ok(entries)
        });
        let mut slots = Vec::new();
        for group in groups {
            slots
                .push(group.map(|group| group.into_iter().map(|entry| self.push(entry)).collect()));
        }
        Ok(slots)
    }

    fn entry(
        &self,
        folder: usize,
        name: &str,
        sensitivity: Sensitivity,
        readers: &Readers,
    ) -> Result<Entry, StoreError> {
        let Folder { new, old, name: below, .. } = &self.folders[folder];
        let target = self.target(folder);
        let path = join(&self.locked.dir.path, join(Path::new(below), name));
        let plan = Plan::new(target, name, path, sensitivity, readers, &self.defaults)?;
        // Sometimes only an attempt shows whether the owner can be set.
        let is_created = plan.needs_proof();
        if is_created {
            plan.create(new, name, &self.defaults)?;
        }
        if let (true, Some(target), Some(old)) = (plan.replaces, target, old) {
            plan.back_up(target, name, old, &self.defaults).inspect_err(|_| {
                // Everything in the folder may be published.
                let _ = unlinkat(new, name, AtFlags::empty());
            })?;
        }
        let is_written = AtomicBool::new(false);
        Ok(Entry { folder, name: name.to_owned(), plan, is_created, is_written })
    }

    fn push(&mut self, entry: Entry) -> Slot {
        self.entries.push(entry);
        Slot(self.entries.len() - 1)
    }

    /// Writes a file of the set. Several threads may write at once.
    pub(crate) fn write(&self, slot: Slot, content: &[u8]) -> Result<(), StoreError> {
        let entry = &self.entries[slot.0];
        let folder = &self.folders[entry.folder].new;
        if entry.is_created {
            // It was created to test its owner. Its mode may not allow to open it again.
            unlinkat(folder, &*entry.name, AtFlags::empty())
                .map_err(|errno| entry.plan.error("write", errno))?;
        }
        let mut file = entry.plan.create(folder, &entry.name, &self.defaults)?;
        file.write_all(content).map_err(|source| entry.plan.io_error("write", source))?;
        entry.is_written.store(true, Ordering::Relaxed);
        if self.entries.len() <= SINGLY {
            self.open
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((file, entry.plan.path.clone()));
        } else {
            self.is_unsynced.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Leaves a file out of the set, whether it was written or not.
    pub(crate) fn leave_out(&self, slot: Slot) {
        self.entries[slot.0].is_written.store(false, Ordering::Relaxed);
    }

    /// Moves these files of the directory to `archive/<name>/` (mode 0700) as part of the commit. The files of
    /// `replaced` get new content in the directory.
    pub(crate) fn archive(
        &mut self,
        name: &str,
        files: &[String],
        replaced: &[String],
    ) -> Result<(), StoreError> {
        let folder = self.folder(ARCHIVE)?;
        let path = join(&self.locked.dir.path, ARCHIVE).join(name);
        let failed = |errno: Errno| StoreError::write(&path, "archive to", errno.into());
        let archive = &self.folders[folder].new;
        rustix::fs::fchmod(archive, Mode::from_raw_mode(0o700)).map_err(failed)?;
        let set = private(archive, name).map_err(failed)?;
        let dir = &self.locked.dir.handle;
        for file in files {
            let path = join(&self.locked.dir.path, file);
            let readers = Readers::default();
            let plan =
                Plan::new(Some(dir), file, path, Sensitivity::Secret, &readers, &self.defaults)?;
            plan.back_up(dir, file, &set, &self.defaults)?;
        }
        fsync(&set).map_err(failed)?;
        for file in files.iter().filter(|file| !replaced.contains(file)) {
            self.remove(file)?;
        }
        self.folders.push(Folder {
            name: format!("{ARCHIVE}/{name}"),
            new: set,
            old: None,
            target: Target::Missing,
        });
        Ok(())
    }

    /// Removes a file of the directory as part of the commit.
    pub(crate) fn remove(&mut self, file: &str) -> Result<(), StoreError> {
        self.open_backups(0)?;
        let dir = &self.locked.dir.handle;
        let path = join(&self.locked.dir.path, file);
        let readers = Readers::default();
        let plan = Plan::new(Some(dir), file, path, Sensitivity::Secret, &readers, &self.defaults)?;
        if let Some(old) = &self.folders[0].old {
            plan.back_up(dir, file, old, &self.defaults)?;
        }
        marker(&self.folders[0].new, file).map_err(|errno| plan.error("remove", errno))?;
        self.removals.push(file.to_owned());
        Ok(())
    }

    /// The folder of the set for a subfolder of the directory.
    fn folder(&mut self, name: &str) -> Result<usize, StoreError> {
        if let Some(at) = self.folders.iter().position(|folder| folder.name == name) {
            return Ok(at);
        }
        let path = join(&self.locked.dir.path, name);
        let dir = &self.locked.dir.handle;
        let target = match openat(dir, name, READ_DIRECTORY, Mode::empty()) {
            Ok(target) => Target::Folder(target),
            Err(Errno::NOENT) => Target::Missing,
            Err(Errno::LOOP) => return Err(StoreError::Target { path, kind: "a symbolic link" }),
            Err(Errno::NOTDIR) => {
                // On Linux, O_DIRECTORY has the same error for a link.
                let link = statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)
                    .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Symlink);
                let kind = if link { "a symbolic link" } else { "not a directory" };
                return Err(StoreError::Target { path, kind });
            }
            Err(errno) => return Err(StoreError::write(&path, "open", errno.into())),
        };
        if let Target::Folder(target) = &target {
            refuse_folder(target, &self.locked.dir, &path, self.locked.sharing)?;
            match refused_folder(target) {
                Ok(None) => {}
                Ok(Some(kind)) => return Err(StoreError::Target { path, kind }),
                Err(errno) => return Err(StoreError::write(&path, "open", errno.into())),
            }
        }
        let failed = |errno: Errno| StoreError::write(&path, "write in", errno.into());
        let top = &self.folders[0].new;
        // If it does not exist, the staged folder becomes it.
        mkdirat(top, name, Mode::from_raw_mode(0o755)).map_err(failed)?;
        let new = openat(top, name, READ_DIRECTORY, Mode::empty()).map_err(failed)?;
        self.folders.push(Folder { name: name.to_owned(), new, old: None, target });
        Ok(self.folders.len() - 1)
    }

    /// The existing folder whose files may be replaced.
    fn target(&self, folder: usize) -> Option<&OwnedFd> {
        match &self.folders[folder].target {
            Target::Directory => Some(&self.locked.dir.handle),
            Target::Folder(folder) => Some(folder),
            Target::Missing => None,
        }
    }

    /// Creates the folder for links to the replaced files.
    fn open_backups(&mut self, folder: usize) -> Result<(), StoreError> {
        let shown = &self.locked.dir.path;
        let failed = |errno: Errno| StoreError::write(shown, "back up in", errno.into());
        if self.folders[0].old.is_none() {
            let old = private(&self.locked.work.handle, &self.old_name()).map_err(failed)?;
            self.folders[0].old = Some(old);
        }
        if let (None, Target::Folder(_), Some(top)) =
            (&self.folders[folder].old, &self.folders[folder].target, &self.folders[0].old)
        {
            let old = private(top, &self.folders[folder].name).map_err(failed)?;
            self.folders[folder].old = Some(old);
        }
        Ok(())
    }

    pub(super) fn old_name(&self) -> String {
        self.new_name.replace("new", "old")
    }
}

impl Folder {
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.target, Target::Missing)
    }
}

/// A new folder that no other user can enter.
pub(super) fn private(at: &OwnedFd, name: &str) -> Result<OwnedFd, Errno> {
    create_private(at, name)?;
    openat(at, name, READ_DIRECTORY, Mode::empty()).inspect_err(|_| {
        let _ = unlinkat(at, name, AtFlags::REMOVEDIR);
    })
}

pub(super) fn private_or_open(at: &OwnedFd, name: &str) -> Result<OwnedFd, Errno> {
    match private(at, name) {
        Err(Errno::EXIST) => openat(at, name, READ_DIRECTORY, Mode::empty()),
        opened => opened,
    }
}

/// An empty file that marks the file of that name for removal.
pub(super) fn marker(at: &OwnedFd, name: &str) -> Result<(), Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(at, format!("{name}{REMOVE}"), flags, Mode::from_raw_mode(0o600)).map(drop)
}
