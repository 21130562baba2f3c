//! Reads many files at once: one thread walks the directories, the others read and parse.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use pki::{
    input::{LocatedObject, PkiObject},
    x509::quick_validity,
};
use zeroize::Zeroize;

use crate::{
    cmd::{
        notes,
        source::{self, Unread, unwalkable},
    },
    report::{
        inspect_report::{Collector, InspectOptions},
        terminal::Progress,
    },
    store,
};

/// Files in a batch for a thread.
const BATCH: usize = 64;
/// Batches that wait for a thread.
const WAITING: usize = 16;
/// More threads than this only wait for the same disk.
const THREADS: usize = 16;
/// What a buffer keeps of its memory from one file to the next.
const BUFFER: usize = 64 << 10;

type Batches = Mutex<mpsc::Receiver<Vec<PathBuf>>>;

/// How files are read.
pub(super) struct ReaderPool<'a> {
    pub(super) terms: InspectOptions,
    pub(super) password: Option<&'a str>,
    pub(super) quiet: bool,
}

impl ReaderPool<'_> {
    /// Reads a named file.
    pub(super) fn take(&self, path: &Path, collector: &mut Collector) {
        match source::read(path, self.password) {
            Ok(found) => drop(Self::add(path, found, collector)),
            Err(error) => collector.fail(error),
        }
    }

    /// Reads all files of a directory.
    pub(super) fn walk(&self, dir: &Path, recursive: bool) -> Collector {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS);
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        let receiver = Mutex::new(receiver);
        let count = Arc::new(AtomicUsize::new(0));
        let _working = Progress::counting("files", &count, self.quiet);
        let mut whole = Collector::new(self.terms);
        thread::scope(|scope| {
            let workers: Vec<_> =
                (0..threads).map(|_| scope.spawn(|| self.work(&receiver, &count))).collect();
            let mut batch = Vec::with_capacity(BATCH);
            for path in store::walk(dir, recursive) {
                match path {
                    Ok(path) => batch.push(path),
                    Err(error) => leave(unwalkable(error), &mut whole),
                }
                if batch.len() == BATCH {
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                    // `send` fails only if all threads have panicked; joining them shows that.
                    let _ = sender.send(full);
                }
            }
            let _ = sender.send(batch);
            drop(sender);
            for thread in workers {
                match thread.join() {
                    Ok(collector) => whole.merge(collector),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        if whole.is_empty() {
            whole.fail(source::nothing_in(dir, whole.skipped()));
        }
        whole
    }

    /// One thread: batch after batch until there is none.
    fn work(&self, batches: &Batches, count: &AtomicUsize) -> Collector {
        let mut collector = Collector::new(self.terms);
        let (mut buffer, mut space) = (Vec::new(), Vec::new());
        loop {
            let batch = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { return collector };
            count.fetch_add(batch.len(), Ordering::Relaxed);
            for path in batch {
                let harmless = self.member(&path, &mut buffer, &mut space, &mut collector);
                if !harmless || buffer.capacity() > BUFFER {
                    buffer.zeroize();
                    buffer.shrink_to(BUFFER);
                    space = Vec::new();
                }
            }
        }
    }

    /// Reads a file of a directory; whether that was certificates and nothing else.
    fn member(
        &self,
        path: &Path,
        buffer: &mut Vec<u8>,
        space: &mut Vec<u8>,
        collector: &mut Collector,
    ) -> bool {
        if let Err(unread) = source::load(path, buffer) {
            leave(unread, collector);
            return false;
        }
        let seen = quick_validity::validity(buffer, space);
        if seen.is_some_and(|validity| collector.dismiss(path, &validity)) {
            return true;
        }
        match source::parse(path, buffer, self.password) {
            Ok(found) => Self::add(path, found, collector),
            Err(unread) => {
                leave(unread, collector);
                false
            }
        }
    }

    /// Adds what was found in a file; whether that was certificates and nothing else.
    fn add(path: &Path, found: Vec<LocatedObject>, collector: &mut Collector) -> bool {
        let holds = |kind: fn(&PkiObject) -> bool| found.iter().any(|it| kind(&it.object));
        if holds(|object| matches!(object, PkiObject::PrivateKey(_))) {
            collector.note(notes::on_key(path));
        }
        let harmless = !holds(|object| !matches!(object, PkiObject::Certificate(_)));
        collector.add(path, found);
        harmless
    }
}

/// Counts a file that was not read.
fn leave(unread: Unread, collector: &mut Collector) {
    match unread {
        Unread::Skipped(skipped) => collector.skip(skipped),
        Unread::Denied(_) => collector.deny(),
        Unread::Failed(error) => collector.fail(error),
        Unread::Own => {}
    }
}
