//! Undoes a commit that failed while its process runs.
//!
//! The old files become a record of their own, which has priority: from then on they are valid, also if the
//! process is killed.

use std::os::fd::OwnedFd;

use rustix::{
    fs::{AtFlags, fsync, renameat, statat},
    io::Errno,
};

use super::{
    error::StoreError,
    file_set::{Entry, FileSet, Folder, marker, private, private_or_open},
    names::{DONE, RESTORE},
    recovery::{Change, carry_out, forget_commit, mark},
};

impl FileSet<'_> {
    /// Restores the old files. If that fails too, the next command that writes completes the commit or the
    /// undo.
    pub(super) fn undo(&self, error: StoreError) -> StoreError {
        let work = &self.locked.work;
        work.keep();
        match self.restore() {
            Ok(()) => {
                work.forget();
                error
            }
            Err(_) => StoreError::Unfinished {
                dir: self.locked.dir.path.clone(),
                source: Box::new(error),
            },
        }
    }

    fn restore(&self) -> Result<(), Errno> {
        let (work, dir) = (&self.locked.work, &self.locked.dir.handle);
        let name = self.old_name();
        let created;
        let old = if let Some(old) = &self.folders[0].old {
            old
        } else {
            created = private(&work.handle, &name)?;
            &created
        };
        let changes = self.restoring(old)?;
        fsync(old)?;
        let record = format!("{RESTORE}{}", mark(old)?);
        renameat(&work.handle, &*name, &work.handle, &*record)?;
        fsync(&work.handle)?;
        carry_out(old, dir, &work.handle, &changes)?;
        fsync(dir)?;
        forget_commit(work)?;
        // The old files are in their places: from here the record is not used.
        let _ = renameat(&work.handle, &*record, &work.handle, format!("{DONE}{record}"));
        Ok(())
    }

    /// Replaced and removed files are restored. New files that the commit published are removed; a file of that
    /// name from another program stays.
    fn restoring(&self, old: &OwnedFd) -> Result<Vec<Change>, Errno> {
        let top = &self.folders[0].new;
        let mut changes = Vec::new();
        for name in &self.removals {
            changes.push(Change::File { name: name.clone(), is_new: false });
        }
        for (number, folder) in self.folders.iter().enumerate() {
            let name = &*folder.name;
            if number == 0 {
                changes.extend(self.restoring_files(number, old)?);
            } else if let Some((archive, set)) = name.split_once('/') {
                let Some(above) = self.folders.iter().find(|other| other.name == archive) else {
                    continue;
                };
                let above_went_whole = above.is_missing() && is_gone(top, archive)?;
                if !above_went_whole && is_gone(&above.new, set)? {
                    let below = private_or_open(old, archive)?;
                    marker(&below, set)?;
                    fsync(&below)?;
                    let gone = vec![Change::Remove(set.to_owned())];
                    changes.push(Change::Folder(archive.to_owned(), gone));
                }
            } else if folder.is_missing() && is_gone(top, name)? {
                // It did not exist before, and is removed whole.
                marker(old, name)?;
                changes.push(Change::Remove(name.to_owned()));
            } else {
                let below = private_or_open(old, name)?;
                let files = self.restoring_files(number, &below)?;
                fsync(&below)?;
                if !files.is_empty() {
                    changes.push(Change::Folder(name.to_owned(), files));
                }
            }
        }
        Ok(changes)
    }

    fn restoring_files(&self, folder: usize, old: &OwnedFd) -> Result<Vec<Change>, Errno> {
        let Folder { new, .. } = &self.folders[folder];
        let mut changes = Vec::new();
        for Entry { name, plan, .. } in self.entries.iter().filter(|it| it.folder == folder) {
            if plan.replaces {
                changes.push(Change::File { name: name.clone(), is_new: false });
            } else if is_gone(new, name)? {
                marker(old, name)?;
                changes.push(Change::Remove(name.clone()));
            }
        }
        Ok(changes)
    }
}

/// Whether the commit has moved it to its place.
fn is_gone(folder: &OwnedFd, name: &str) -> Result<bool, Errno> {
    match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(_) => Ok(false),
        Err(Errno::NOENT) => Ok(true),
        Err(errno) => Err(errno),
    }
}
