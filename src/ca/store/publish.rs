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
    journal::{self, ARCHIVE, Step},
    lock,
    stage::{Staged, fsync_directory, remove_surely, temporary_path},
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
        self.hold_new_key()?;
        let store = self.store;
        let gathered = self.archive.as_ref().map(|old| Gathered::links(store, old)).transpose()?;
        let steps = self.steps(gathered.as_ref());
        let backups = Backups::take(store, &steps)?;
        let mut journal = journal::prepare(store, &steps)?;
        journal.rename()?;

        // The set counts as published. What fails now is undone, or finished by whoever comes next.
        let Err(error) = journal::carry_out(store, &steps) else { return Ok(()) };
        if backups.undo(store, &steps).is_ok() {
            return Err(error);
        }
        self.files.iter_mut().for_each(|(staged, _)| staged.leave());
        gathered.into_iter().for_each(Gathered::leave);
        backups.leave();
        Err(Error::Unfinished { dir: store.dir().to_owned(), source: Box::new(error) })
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

    /// Locks the new CA key before it appears: whoever finds it waits until the rest is there too.
    fn hold_new_key(&self) -> Result<(), Error> {
        let key = self.store.path(CA_KEY);
        let new = self.files.iter().find(|(staged, _)| staged.target() == key);
        new.map_or(Ok(()), |(staged, _)| lock::hold(staged.file(), staged.target()))
    }

    /// What is to be done, in order: the archive first, the files as they were added, what only goes.
    fn steps(&self, gathered: Option<&Gathered>) -> Vec<Step> {
        let mut steps = Vec::new();
        if let (Some(gathered), Some(old)) = (gathered, &self.archive) {
            steps.push(Step::Archive { temporary: gathered.name(), name: old.name.clone() });
        }
        let mut targets = Vec::new();
        for (staged, _) in &self.files {
            let target = file_name(staged.target());
            steps
                .push(Step::Replace { temporary: staged.temporary_name(), target: target.clone() });
            targets.push(target);
        }
        if let Some(old) = &self.archive {
            let gone = old.files.iter().filter(|file| !targets.contains(file)).cloned();
            steps.extend(gone.map(|target| Step::Retire { name: old.name.clone(), target }));
        }
        steps
    }
}

/// A new directory of mode 0700 with links to the files of the old set. Dropping it removes it.
#[derive(Debug)]
struct Gathered(Option<PathBuf>);

impl Gathered {
    fn links(store: &Store, old: &Archive) -> Result<Self, Error> {
        let path = temporary_path(store.dir())?;
        let archive = store.path(ARCHIVE).join(&old.name);
        let write = |source| Error::write(&archive, "archive to", source);
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(write)?;
        let gathered = Self(Some(path.clone()));
        for file in &old.files {
            fs::hard_link(store.path(file), path.join(file)).map_err(write)?;
        }
        fsync_directory(&path)?;
        Ok(gathered)
    }

    fn name(&self) -> String {
        self.0.as_deref().map(file_name).unwrap_or_default()
    }

    fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Gathered {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Gone already, once it has become the archive.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Links to the files that will be replaced or retired, to put them back if a step fails.
/// Dropping them removes the links.
struct Backups(Vec<(String, Backup)>);

enum Backup {
    /// There is no such file before.
    NotNeeded,
    Link(PathBuf),
    /// The file system has no hard links: a failed step cannot be undone, only finished later.
    Impossible,
}

impl Backups {
    fn take(store: &Store, steps: &[Step]) -> Result<Self, Error> {
        let mut backups = Self(Vec::new());
        for step in steps {
            if let Step::Replace { target, .. } | Step::Retire { target, .. } = step {
                backups.0.push((target.clone(), Backup::of(store, target)?));
            }
        }
        Ok(backups)
    }

    /// Puts the old files back, whatever was done of the steps.
    ///
    /// A journal of its own takes the place of the first: from then on the old set is what counts.
    /// On an error one of the two journals stays, and the next command that writes carries it out.
    fn undo(&self, store: &Store, steps: &[Step]) -> Result<(), Error> {
        let steps = self.undo_steps(steps).ok_or_else(|| {
            Error::write(store.dir(), "undo in", io::ErrorKind::Unsupported.into())
        })?;
        let mut journal = journal::prepare(store, &steps)?;
        journal.rename()?;
        journal::carry_out(store, &steps)
    }

    /// The way back, in reverse; `None` where there is none.
    fn undo_steps(&self, steps: &[Step]) -> Option<Vec<Step>> {
        let find = |target: &String| self.0.iter().find(|(name, _)| name == target);
        let back = |step: &Step| match step {
            Step::Archive { temporary, name } => {
                Some(Step::Unarchive { temporary: temporary.clone(), name: name.clone() })
            }
            Step::Replace { target, .. } | Step::Retire { target, .. } => {
                let (target, backup) = find(target)?;
                match (backup, step) {
                    (Backup::Link(path), _) => {
                        Some(Step::Replace { temporary: file_name(path), target: target.clone() })
                    }
                    (Backup::NotNeeded, Step::Replace { temporary, .. }) => Some(Step::Withdraw {
                        temporary: temporary.clone(),
                        target: target.clone(),
                    }),
                    _ => None,
                }
            }
            Step::Withdraw { .. } | Step::Unarchive { .. } => None,
        };
        steps.iter().rev().map(back).collect()
    }

    fn leave(mut self) {
        self.0.clear();
    }
}

impl Backup {
    fn of(store: &Store, target: &str) -> Result<Self, Error> {
        if !store.has(target)? {
            return Ok(Self::NotNeeded);
        }
        let path = temporary_path(store.dir())?;
        match fs::hard_link(store.path(target), &path) {
            Ok(()) => Ok(Self::Link(path)),
            Err(error) if has_no_links(&error) => Ok(Self::Impossible),
            Err(source) => Err(Error::write(&store.path(target), "link", source)),
        }
    }
}

/// What file systems without hard links, or with limits on them, answer.
fn has_no_links(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, TooManyLinks, Unsupported};
    matches!(error.kind(), PermissionDenied | TooManyLinks | Unsupported)
}

impl Drop for Backups {
    fn drop(&mut self) {
        for (_, backup) in &self.0 {
            if let Backup::Link(path) = backup {
                remove_surely(path);
            }
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().and_then(OsStr::to_str).unwrap_or_default().to_owned()
}
