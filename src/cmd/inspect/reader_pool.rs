//! Reads many files at once: threads take turns to walk the directories, and read and parse meanwhile.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use pki::{
    input::{LocatedObject, PkiObject},
    x509::quick_validity,
};
use zeroize::Zeroize;

use crate::{
    cmd::source::{self, Unread, unwalkable},
    issue::notes,
    parallel,
    report::{
        inspect_report::{Collector, InspectOptions},
        terminal::Progress,
    },
    store,
};

/// Files that a thread takes at once.
const BATCH: usize = 64;
/// More threads than this only wait for the same disk.
const THREADS: usize = 16;
/// What a buffer keeps of its memory from one file to the next.
const BUFFER: usize = 64 << 10;

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
            Ok(found) => drop(add(path, found, collector)),
            Err(error) => collector.fail(error),
        }
    }

    /// Reads all files of a directory.
    pub(super) fn walk(&self, dir: &Path, recursive: bool) -> Collector {
        let count = Arc::new(AtomicUsize::new(0));
        let _working = Progress::counting("files", &count, self.quiet);
        // One of them walks, while the others read.
        let threads = parallel::cores().min(THREADS) + 1;
        let new =
            || Reader { collector: Collector::new(self.terms), buffer: vec![], space: vec![] };
        let paths = store::walk(dir, recursive);
        let readers = parallel::fold(paths, (threads, BATCH), new, |reader, path| match path {
            Ok(path) => {
                count.fetch_add(1, Ordering::Relaxed);
                reader.member(&path, self.password);
            }
            Err(error) => leave(unwalkable(error), &mut reader.collector),
        });
        let mut whole = Collector::new(self.terms);
        for reader in readers {
            whole.merge(reader.collector);
        }
        if whole.is_empty() {
            whole.fail(source::nothing_in(dir, whole.skipped()));
        }
        whole
    }
}

/// What one thread has read, and its memory.
struct Reader {
    collector: Collector,
    buffer: Vec<u8>,
    space: Vec<u8>,
}

impl Reader {
    /// Reads a file of a directory.
    fn member(&mut self, path: &Path, password: Option<&str>) {
        let is_public = self.read(path, password).unwrap_or_else(|unread| {
            leave(unread, &mut self.collector);
            false
        });
        if !is_public || self.buffer.capacity() > BUFFER {
            self.buffer.zeroize();
            self.buffer.shrink_to(BUFFER);
            self.space = Vec::new();
        }
    }

    /// Whether the file has certificates and nothing else.
    fn read(&mut self, path: &Path, password: Option<&str>) -> Result<bool, Unread> {
        source::load(path, &mut self.buffer)?;
        let seen = quick_validity::validity(&self.buffer, &mut self.space);
        if seen.is_some_and(|validity| self.collector.dismiss(path, &validity)) {
            return Ok(true);
        }
        Ok(add(path, source::parse(path, &self.buffer, password)?, &mut self.collector))
    }
}

/// Adds what was found in a file; whether that was certificates and nothing else.
fn add(path: &Path, found: Vec<LocatedObject>, collector: &mut Collector) -> bool {
    if found.iter().any(|it| matches!(it.object, PkiObject::PrivateKey(_))) {
        collector.note(notes::on_key(path));
    }
    let is_public = found.iter().all(|it| matches!(it.object, PkiObject::Certificate(_)));
    collector.add(path, found);
    is_public
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
