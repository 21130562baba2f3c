//! Publishes a set of files: all of them or none, whenever the process is killed.
//!
//! Each new file is staged in `.certctl/new`, durable, under its final name. The commit point is one rename:
//! `new` gets the name of a record ([`super::recovery`]). Then each file is renamed to its place, a key
//! before its certificate. If a step fails while the process runs, the old files are restored.

use std::{
    collections::HashSet,
    os::fd::{AsFd, BorrowedFd},
    path::PathBuf,
    sync::{PoisonError, atomic::Ordering},
};

use rustix::{
    fs::{AtFlags, fsync, renameat, syncfs, unlinkat},
    io::Errno,
};

use super::{
    error::StoreError,
    file_set::{Entry, FileSet, Folder},
    folder::entries,
    names::{ARCHIVE, COMMIT, DONE, join},
    recovery::{Change, carry_out, mark, rename_new},
};

impl FileSet<'_> {
    /// Publishes the set. After an error the old files are unchanged.
    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        self.drop_unwritten()?;
        if self.entries.is_empty() && self.removals.is_empty() && self.folders.len() == 1 {
            return Ok(());
        }
        if let [entry] = &self.entries[..]
            && self.folders.len() == 1
            && self.removals.is_empty()
        {
            return self.replace(entry);
        }
        self.sync()?;
        let work = &self.locked.work;
        let failed =
            |errno: Errno| StoreError::write(&self.locked.dir.path, "publish in", errno.into());
        self.require_whole().map_err(failed)?;
        let commit = format!("{COMMIT}{}", mark(&self.folders[0].new).map_err(failed)?);
        renameat(&work.handle, &*self.new_name, &work.handle, &*commit).map_err(failed)?;
        let published = fsync(&work.handle).map_err(failed).and_then(|()| self.carry_out());
        published.map_err(|error| self.undo(error))?;
        // From here the record is not used. The next command removes what this one cannot.
        let _ = renameat(&work.handle, &*commit, &work.handle, format!("{DONE}{commit}"));
        Ok(())
    }

    /// Checks that the folder has only the files of the set: after a kill, every file in it is published.
    fn require_whole(&self) -> Result<(), Errno> {
        for (number, folder) in self.folders.iter().enumerate() {
            // The files in the archive are links to the old ones.
            if folder.name.contains('/') {
                continue;
            }
            let is_below = |other: &&Folder| match other.name.rsplit_once('/') {
                Some((parent, _)) => parent == folder.name,
                None => number == 0 && !other.name.is_empty(),
            };
            let files = self.entries.iter().filter(|entry| entry.folder == number).count();
            let removals = if number == 0 { self.removals.len() } else { 0 };
            let folders = self.folders.iter().filter(is_below).count();
            // All of them were created here: a further one is not ours.
            if entries(&folder.new)?.len() != files + removals + folders {
                return Err(Errno::INVAL);
            }
        }
        Ok(())
    }

    /// One file: its rename is the commit.
    fn replace(&self, entry: &Entry) -> Result<(), StoreError> {
        let failed = |errno| entry.plan.error("make durable", errno);
        if self.is_unsynced.load(Ordering::Relaxed) {
            syncfs(&self.locked.dir.handle).map_err(failed)?;
        }
        for (file, _) in self.open.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            fsync(file).map_err(failed)?;
        }
        let (new, dir) = (&self.folders[0].new, &self.locked.dir.handle);
        let renamed = if entry.plan.replaces {
            renameat(new, &*entry.name, dir, &*entry.name)
        } else {
            rename_new(new, &entry.name, dir, &entry.name)
        };
        renamed.map_err(|errno| entry.plan.error("replace", errno))?;
        fsync(dir).map_err(|errno| {
            // Restore the old file; a file that is not durable can be lost.
            let _ = match &self.folders[0].old {
                Some(old) if entry.plan.replaces => renameat(old, &*entry.name, dir, &*entry.name),
                _ => unlinkat(dir, &*entry.name, AtFlags::empty()),
            };
            failed(errno)
        })
    }

    fn drop_unwritten(&mut self) -> Result<(), StoreError> {
        let mut left_out = HashSet::new();
        let is_written = |entry: &&Entry| entry.is_written.load(Ordering::Relaxed);
        for entry in self.entries.iter().filter(|entry| !is_written(entry)) {
            match unlinkat(&self.folders[entry.folder].new, &*entry.name, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(entry.plan.error("leave out", errno)),
            }
            left_out.insert(entry.plan.path.clone());
        }
        if !left_out.is_empty() {
            let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            open.retain(|(_, path)| !left_out.contains(path));
            self.entries.retain(|entry| is_written(&entry));
        }
        Ok(())
    }

    /// Makes durable what the commit needs: the files, their folders, and `.certctl` itself.
    fn sync(&self) -> Result<(), StoreError> {
        if self.is_unsynced.load(Ordering::Relaxed) {
            let dir = &self.locked.dir;
            return syncfs(&dir.handle)
                .map_err(|errno| StoreError::write(&dir.path, "make durable in", errno.into()));
        }
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let files = open.iter().map(|(file, path)| (file.as_fd(), path));
        let dir = &self.locked.dir;
        let folders = self.folders.iter().map(|folder| &folder.new).chain([&dir.handle]);
        let folders = folders.map(|folder| (folder.as_fd(), &dir.path));
        let all: Vec<(_, &PathBuf)> = files.chain(folders).collect();

        // Start all writes before the first wait, so that most of them are done by then.
        for (file, _) in &all {
            start_writing(*file);
        }
        for (file, path) in all {
            fsync(file).map_err(|errno| StoreError::write(path, "make durable", errno.into()))?;
        }
        Ok(())
    }

    fn carry_out(&self) -> Result<(), StoreError> {
        let (dir, work) = (&self.locked.dir, &self.locked.work.handle);
        let failed = |errno: Errno| StoreError::write(&dir.path, "publish in", errno.into());
        for change in self.changes() {
            carry_out(&self.folders[0].new, &dir.handle, work, std::slice::from_ref(&change))
                .map_err(|errno| {
                    let name = match &change {
                        Change::File { name, .. }
                        | Change::Remove(name)
                        | Change::Folder(name, _) => name,
                    };
                    StoreError::write(&join(&dir.path, name), "replace", errno.into())
                })?;
        }
        fsync(&dir.handle).map_err(failed)
    }

    /// The changes in order: folders, files as they were added, removals.
    fn changes(&self) -> Vec<Change> {
        let files = |folder: usize| {
            let entries = self.entries.iter().filter(move |entry| entry.folder == folder);
            entries.map(|entry| Change::File {
                name: entry.name.clone(),
                is_new: !entry.plan.replaces,
            })
        };
        let mut changes = Vec::new();
        for (number, folder) in self.folders.iter().enumerate().skip(1) {
            let below: Vec<Change> = match folder.name.split_once('/') {
                // The set in the archive is moved whole.
                Some(_) => continue,
                None if folder.name == ARCHIVE => {
                    let sets = self.folders.iter().filter_map(|set| set.name.split_once('/'));
                    sets.map(|(_, set)| Change::Folder(set.to_owned(), Vec::new())).collect()
                }
                None => files(number).collect(),
            };
            if !below.is_empty() {
                changes.push(Change::Folder(folder.name.clone(), below));
            }
        }
        changes.extend(files(0));
        changes.extend(self.removals.iter().cloned().map(Change::Remove));
        changes
    }
}

/// Asks the system to start to write a file to the disk, without a wait. POSIX_FADV_DONTNEED does this on
/// Linux for dirty pages. It is only advice: a failure changes nothing.
#[cfg(target_os = "linux")]
fn start_writing(file: BorrowedFd<'_>) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn start_writing(_: BorrowedFd<'_>) {}
