//! Publishing a set of files: all of it or nothing, at whatever moment the process dies.
//!
//! Every file waits beside its target, durable, under a temporary name. Then the journal is written,
//! which lists what becomes what: from here on the set counts as published, and whoever next takes
//! the lock finishes it. Then each temporary takes its target's place, a key before its certificate.
//! If a step fails while the process lives, the old files are put back.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

use zeroize::Zeroizing;

use super::{
    CA_KEY, Store,
    journal::{self, ARCHIVE, JOURNAL, Step},
    lock,
    stage::{Staged, fsync_directory, temporary_path},
};
use crate::error::Error;

/// How many files are written and made durable at once: fsync mostly waits.
const WRITERS: usize = 8;

/// Files that are published together.
#[derive(Debug)]
pub(crate) struct Publication<'a> {
    store: &'a Store,
    files: Vec<(Staged, Zeroizing<Vec<u8>>)>,
    archive: Option<Archive>,
}

/// The set before, which is moved aside.
#[derive(Debug)]
struct Archive {
    name: String,
    files: Vec<String>,
}

impl<'a> Publication<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        Self { store, files: Vec::new(), archive: None }
    }

    /// Adds a file. The order is that in which the files appear: a key before its certificate.
    pub(crate) fn add(&mut self, staged: Staged, content: Zeroizing<Vec<u8>>) {
        self.files.push((staged, content));
    }

    /// Moves these files to `archive/<name>/` (mode 0700) as part of the publication.
    pub(crate) fn archive(&mut self, name: &str, files: Vec<String>) {
        self.archive = Some(Archive { name: name.to_owned(), files });
    }

    /// Publishes. On an error the old files are in place, byte for byte, and no temporary is left.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        self.fill()?;
        if self.archive.is_none() && self.files.len() == 1 {
            // One rename is whole by itself.
            return self.files.remove(0).0.replace();
        }

        let steps = self.steps()?;
        let backups = Backups::take(self.store, &steps);
        let published = journal::write(self.store, &steps)
            .and_then(|()| steps.iter().try_for_each(|step| step.run(self.store)))
            .and_then(|()| fsync_directory(self.store.dir()))
            .and_then(|()| journal::discard(self.store));
        let failure = match published {
            Err(error) if backups.restore(self.store, &steps) => return Err(error),
            Err(error) => Some(error),
            Ok(()) => None,
        };
        // The temporaries are no longer ours: published, or left to the journal.
        self.files.iter_mut().for_each(|(staged, _)| staged.leave());
        failure.map_or(Ok(()), |error| {
            let dir = self.store.dir().to_owned();
            Err(Error::Unfinished { dir, source: Box::new(error) })
        })
    }

    /// Writes every content into its temporary, durably.
    fn fill(&mut self) -> Result<(), Error> {
        let helpers = self.files.len().min(WRITERS).saturating_sub(1);
        let queue = Mutex::new(self.files.iter_mut());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let write = || {
            while let Some((staged, content)) = next() {
                staged.fill(content)?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            // Where no thread can be had, this one does the work alone.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, write).ok();
            let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
            let own = write();
            helpers.into_iter().fold(own, |result, helper| {
                result.and(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        })
    }

    /// What is to be done, in order: the archive first, the files as they were added, what only goes.
    fn steps(&self) -> Result<Vec<Step>, Error> {
        let mut replaced = Vec::new();
        for (staged, _) in &self.files {
            let target = staged.target().file_name().and_then(OsStr::to_str).unwrap_or_default();
            let temporary = staged.temporary_name().unwrap_or_default();
            if target == CA_KEY {
                // Whoever finds the new key waits until the rest is there too.
                lock::hold(staged.file(), staged.target())?;
            }
            replaced.push(Step::Replace { temporary: temporary.into(), target: target.into() });
        }
        let Some(Archive { name, files }) = &self.archive else { return Ok(replaced) };

        let stays = |file: &&String| {
            replaced
                .iter()
                .any(|step| matches!(step, Step::Replace { target, .. } if target == *file))
        };
        let gone: Vec<Step> = files
            .iter()
            .filter(|file| !stays(file))
            .map(|file| Step::Retire { name: name.clone(), target: file.clone() })
            .collect();
        let archived = Step::Archive { temporary: gather(self.store, files)?, name: name.clone() };
        Ok([vec![archived], replaced, gone].concat())
    }
}

/// Links the old files into a new directory of mode 0700, and gives its temporary name.
fn gather(store: &Store, files: &[String]) -> Result<String, Error> {
    let path = temporary_path(store.dir())?;
    let write = |source| Error::write(&path, "make the archive", source);
    fs::DirBuilder::new().mode(0o700).create(&path).map_err(write)?;
    let linked = files
        .iter()
        .try_for_each(|file| fs::hard_link(store.path(file), path.join(file)))
        .map_err(write)
        .and_then(|()| fsync_directory(&path));
    if let Err(error) = linked {
        let _ = fs::remove_dir_all(&path);
        return Err(error);
    }
    Ok(path.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned())
}

/// Links to the files that will be replaced or retired, to put them back if a step fails.
struct Backups(Vec<(String, Backup)>);

enum Backup {
    /// There is no such file before.
    NotNeeded,
    Link(PathBuf),
    /// The file system has no hard links: a failed step cannot be undone, only finished later.
    Impossible,
}

impl Backups {
    fn take(store: &Store, steps: &[Step]) -> Self {
        let link = |target: &str| match (store.has(target), temporary_path(store.dir())) {
            (Ok(false), _) => Backup::NotNeeded,
            (Ok(true), Ok(path)) if fs::hard_link(store.path(target), &path).is_ok() => {
                Backup::Link(path)
            }
            _ => Backup::Impossible,
        };
        let targets = steps.iter().filter_map(|step| match step {
            Step::Replace { target, .. } | Step::Retire { target, .. } => Some(target),
            Step::Archive { .. } => None,
        });
        Self(targets.map(|target| (target.clone(), link(target))).collect())
    }

    /// Puts the old files back, whatever was done of the steps; `false` if that is not possible,
    /// and the journal has to stay.
    fn restore(&self, store: &Store, steps: &[Step]) -> bool {
        let undone = steps.iter().rev().all(|step| match step.is_pending(store) {
            Ok(true) => true,
            Ok(false) => self.undo(step, store).is_ok(),
            Err(_) => false,
        });
        // Temporaries of steps that were not run must not outlive the journal, nor it them.
        undone && remove_if_there(&store.path(JOURNAL)).is_ok() && {
            for step in steps {
                if let Step::Archive { temporary, .. } = step {
                    let _ = fs::remove_dir_all(store.path(temporary));
                }
            }
            let _ = fsync_directory(store.dir());
            true
        }
    }

    fn undo(&self, step: &Step, store: &Store) -> io::Result<()> {
        match step {
            Step::Archive { name, .. } => {
                let archive = store.path(ARCHIVE);
                fs::remove_dir_all(archive.join(name))?;
                // Stays if it holds older sets.
                let _ = fs::remove_dir(archive);
                Ok(())
            }
            Step::Replace { target, .. } | Step::Retire { target, .. } => {
                let backup = self.0.iter().find(|(name, _)| name == target);
                match backup.map_or(&Backup::Impossible, |(_, backup)| backup) {
                    Backup::Link(path) => fs::rename(path, store.path(target)),
                    Backup::NotNeeded => remove_if_there(&store.path(target)),
                    Backup::Impossible => Err(io::ErrorKind::Unsupported.into()),
                }
            }
        }
    }
}

impl Drop for Backups {
    fn drop(&mut self) {
        for (_, backup) in &self.0 {
            if let Backup::Link(path) = backup {
                // What cannot be removed now is swept by the next command that writes.
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
