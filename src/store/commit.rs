//! Publishing a set of files: all of it or nothing, at whatever moment the process dies.
//!
//! Each new file waits in `.certctl/new`, durable, under its final name. The commit point is one rename:
//! `new` gets the name of a record ([`super::recovery`]). Then each file is renamed to its place, a key
//! before its certificate. If a step fails while the process lives, the old files are put back.

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
    file_set::{Entry, FileSet, Folder},
    recovery::{COMMIT, Change, DONE, carry_out, entries, mark, rename_new},
};
use crate::error::Error;

/// Up to so many files are made durable one by one. Above, the whole file system is: one call, that also
/// waits for what other programs wrote.
pub(super) const SINGLY: usize = 64;

impl FileSet<'_> {
    /// Publishes. On an error the old files are in place, byte for byte.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
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
        let failed = |errno: Errno| Error::write(&self.locked.dir.path, "publish in", errno.into());
        self.require_whole().map_err(failed)?;
        let commit = format!("{COMMIT}{}", mark(&self.folders[0].new).map_err(failed)?);
        renameat(&work.handle, &*self.new_name, &work.handle, &*commit).map_err(failed)?;
        let published = fsync(&work.handle).map_err(failed).and_then(|()| self.carry_out());
        published.map_err(|error| self.undo(error))?;
        // From now on nothing of the record counts. What is not removed is removed by the next command.
        let _ = renameat(&work.handle, &*commit, &work.handle, format!("{DONE}{commit}"));
        Ok(())
    }

    /// Whether the folder has the files of the set and no other: after a kill, whatever is in it is
    /// published.
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
            // Each of them was created here: one more is none of them.
            if entries(&folder.new)?.len() != files + removals + folders {
                return Err(Errno::INVAL);
            }
        }
        Ok(())
    }

    /// One file: its rename is the commit.
    fn replace(&self, entry: &Entry) -> Result<(), Error> {
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
            // The file that was there is put back; one that is not durable might be lost.
            let _ = match &self.folders[0].old {
                Some(old) if entry.plan.replaces => renameat(old, &*entry.name, dir, &*entry.name),
                _ => unlinkat(dir, &*entry.name, AtFlags::empty()),
            };
            failed(errno)
        })
    }

    fn drop_unwritten(&mut self) -> Result<(), Error> {
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

    /// Makes everything that the commit needs durable: the files, their folders, and `.certctl` itself.
    fn sync(&self) -> Result<(), Error> {
        if self.is_unsynced.load(Ordering::Relaxed) {
            let dir = &self.locked.dir;
            return syncfs(&dir.handle)
                .map_err(|errno| Error::write(&dir.path, "make durable in", errno.into()));
        }
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let files = open.iter().map(|(file, path)| (file.as_fd(), path));
        let dir = &self.locked.dir;
        let folders = self.folders.iter().map(|folder| &folder.new).chain([&dir.handle]);
        let folders = folders.map(|folder| (folder.as_fd(), &dir.path));
        let all: Vec<(_, &PathBuf)> = files.chain(folders).collect();

        // All of it is on its way to the disk before the first wait: each wait then finds most of it done.
        for (file, _) in &all {
            start_writing(*file);
        }
        for (file, path) in all {
            fsync(file).map_err(|errno| Error::write(path, "make durable", errno.into()))?;
        }
        Ok(())
    }

    fn carry_out(&self) -> Result<(), Error> {
        let (dir, work) = (&self.locked.dir, &self.locked.work.handle);
        let failed = |errno: Errno| Error::write(&dir.path, "publish in", errno.into());
        for change in self.changes() {
            carry_out(&self.folders[0].new, &dir.handle, work, std::slice::from_ref(&change))
                .map_err(|errno| {
                    let name = match &change {
                        Change::File { name, .. }
                        | Change::Remove(name)
                        | Change::Folder(name, _) => name,
                    };
                    Error::write(&super::join(&dir.path, name), "replace", errno.into())
                })?;
        }
        fsync(&dir.handle).map_err(failed)
    }

    /// The changes in the order in which they are made: folders, the files as they were added, what goes.
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
                None if folder.name == super::ARCHIVE => {
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

/// Asks the system to begin to write a file to the disk, without a wait: what POSIX_FADV_DONTNEED does on
/// Linux with what is not written yet. It is only advice: a failure changes nothing.
#[cfg(target_os = "linux")]
fn start_writing(file: BorrowedFd<'_>) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn start_writing(_: BorrowedFd<'_>) {}
