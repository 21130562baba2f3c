//! Publishing a set of files: all of it or nothing, at whatever moment the process dies.
//!
//! Each new file waits in `.certctl/new`, durable, under its final name. The commit point is one rename:
//! `new` gets the name of a record ([`super::recovery`]). Then each file is renamed to its place, a key
//! before its certificate. If a step fails while the process lives, the old files are put back.

use std::{
    collections::HashSet,
    os::fd::{AsFd, OwnedFd},
    path::PathBuf,
    sync::{
        PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use rustix::{
    fs::{AtFlags, fsync, renameat, syncfs, unlinkat},
    io::Errno,
};

use super::{
    file_set::{Entry, FileSet, Folder, marker, private, private_or_open},
    recovery::{COMMIT, Change, RESTORE, carry_out, forget_commit, mark, rename_new},
};
use crate::error::Error;

/// Up to so many files are made durable one by one, from threads. Above, the whole file system is: one
/// call, that also waits for what other programs wrote.
pub(super) const SINGLY: usize = 64;
/// How many threads wait at once.
const THREADS: usize = 8;

impl FileSet<'_> {
    /// Publishes. On an error the old files are in place, byte for byte.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        self.drop_unwritten()?;
        if self.entries.is_empty() && self.folders.len() == 1 {
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
        let commit = format!("{COMMIT}{}", mark(&self.folders[0].new).map_err(failed)?);
        renameat(&work.handle, &*self.new_name, &work.handle, &*commit).map_err(failed)?;
        let published = fsync(&work.handle).map_err(failed).and_then(|()| self.carry_out());
        published.map_err(|error| self.undo(error))
    }

    /// One file: its rename is the commit.
    fn replace(&self, entry: &Entry) -> Result<(), Error> {
        self.sync_files()?;
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
                Some(old) => renameat(old, &*entry.name, dir, &*entry.name),
                None => unlinkat(dir, &*entry.name, AtFlags::empty()),
            };
            entry.plan.error("make durable", errno)
        })
    }

    fn drop_unwritten(&mut self) -> Result<(), Error> {
        let mut left_out = HashSet::new();
        for (number, entry) in self.entries.iter().enumerate() {
            if entry.is_written.load(Ordering::Relaxed) {
                continue;
            }
            left_out.insert(number);
            let new = &self.folders[entry.folder].new;
            match unlinkat(new, &*entry.name, AtFlags::empty()) {
                Ok(()) | Err(Errno::NOENT) => {}
                Err(errno) => return Err(entry.plan.error("leave out", errno)),
            }
        }
        if !left_out.is_empty() {
            let open = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            open.retain(|(_, number)| !left_out.contains(number));
            let mut number = 0;
            self.entries.retain(|_| {
                number += 1;
                !left_out.contains(&(number - 1))
            });
        }
        Ok(())
    }

    /// Makes everything that the commit needs durable: the files, their folders, and `.certctl` itself.
    fn sync(&self) -> Result<(), Error> {
        if self.entries.len() > SINGLY {
            let dir = &self.locked.dir;
            return syncfs(&dir.handle)
                .map_err(|errno| Error::write(&dir.path, "make durable in", errno.into()));
        }
        self.sync_files()
    }

    fn sync_files(&self) -> Result<(), Error> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let files = open.iter().map(|(file, number)| {
            let plan = self.entries.get(*number).map(|entry| &entry.plan.path);
            (file.as_fd(), plan.unwrap_or(&self.locked.dir.path))
        });
        let dir = &self.locked.dir;
        let folders = self.folders.iter().map(|folder| &folder.new).chain([&dir.handle]);
        let folders = folders.map(|folder| (folder.as_fd(), &dir.path));
        let all: Vec<(_, &PathBuf)> = files.chain(folders).collect();

        let next = AtomicUsize::new(0);
        let work = || {
            while let Some((file, path)) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                fsync(file).map_err(|errno| Error::write(path, "make durable", errno.into()))?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            // Where no thread can be had, this one does the work alone.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
            let helpers: Vec<_> = (1..all.len().min(THREADS)).filter_map(spawn).collect();
            helpers.into_iter().fold(work(), |result, helper| {
                result.and(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        })
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
            changes.push(Change::Folder(folder.name.clone(), below));
        }
        changes.extend(files(0));
        changes.extend(self.removals.iter().cloned().map(Change::Remove));
        changes
    }

    /// Puts the old files back, whatever was done. If that fails too, the next command that writes
    /// completes the one or the other.
    fn undo(&self, error: Error) -> Error {
        let work = &self.locked.work;
        work.keep();
        match self.restore() {
            Ok(()) => {
                work.forget();
                error
            }
            Err(_) => {
                Error::Unfinished { dir: self.locked.dir.path.clone(), source: Box::new(error) }
            }
        }
    }

    /// A record of its own takes the place of the commit: from then on the old files count.
    fn restore(&self) -> Result<(), Errno> {
        let (work, dir) = (&self.locked.work, &self.locked.dir.handle);
        let name = self.old_name();
        let created;
        let old = match &self.folders[0].old {
            Some(old) => old,
            None => {
                created = private(&work.handle, &name)?;
                &created
            }
        };
        let changes = self.restoring(old)?;
        fsync(old)?;
        let record = format!("{RESTORE}{}", mark(old)?);
        renameat(&work.handle, &*name, &work.handle, &*record)?;
        fsync(&work.handle)?;
        carry_out(old, dir, &work.handle, &changes)?;
        fsync(dir)?;
        forget_commit(work)
    }

    /// The way back: files that were replaced or removed return, what was new goes.
    fn restoring(&self, old: &OwnedFd) -> Result<Vec<Change>, Errno> {
        let mut changes: Vec<Change> = self
            .removals
            .iter()
            .map(|name| Change::File { name: name.clone(), is_new: false })
            .collect();
        for (number, folder) in self.folders.iter().enumerate() {
            match (&*folder.name, folder.name.split_once('/')) {
                ("", _) => changes.extend(self.restoring_files(number, old)?),
                // A new set in the archive, which may be new itself.
                (_, Some((archive, set))) => {
                    let is_archive = |other: &&Folder| other.name == archive;
                    if self.folders.iter().find(is_archive).is_some_and(|it| !it.is_missing()) {
                        let below = private_or_open(old, archive)?;
                        marker(&below, set)?;
                        fsync(&below)?;
                        let gone = vec![Change::Remove(set.to_owned())];
                        changes.push(Change::Folder(archive.to_owned(), gone));
                    }
                }
                // A folder that did not exist goes whole.
                (name, None) if folder.is_missing() => {
                    marker(old, name)?;
                    changes.push(Change::Remove(name.to_owned()));
                }
                (name, None) => {
                    let below = private_or_open(old, name)?;
                    let files = self.restoring_files(number, &below)?;
                    fsync(&below)?;
                    changes.push(Change::Folder(name.to_owned(), files));
                }
            }
        }
        Ok(changes)
    }

    fn restoring_files(&self, folder: usize, old: &OwnedFd) -> Result<Vec<Change>, Errno> {
        let entries = self.entries.iter().filter(|entry| entry.folder == folder);
        let restore = |entry: &Entry| {
            let name = entry.name.clone();
            if entry.plan.replaces {
                return Ok(Change::File { name, is_new: false });
            }
            marker(old, &name)?;
            Ok(Change::Remove(name))
        };
        entries.map(restore).collect()
    }
}
