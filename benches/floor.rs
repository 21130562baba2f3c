//! The system calls of publishing a fleet, and nothing else: a lower bound for `certctl gen` and `renew`.
//!
//! A new set of files must be complete and durable before the first of them is valid. On a given file
//! system that has a cost that no program avoids: create, write and rename each file, and wait for the
//! disk. This program has only that cost. It generates no key, signs nothing and reads no plan, so the
//! time of certctl divided by the time printed here is what certctl adds.
//!
//! - `floor gen DIR COUNT` writes COUNT pairs `nNNNNN.key`, `nNNNNN.pem` to DIR, which has none of them.
//! - `floor renew DIR COUNT` replaces these pairs, and keeps a hard link to each old file meanwhile.
//!
//! It prints the seconds that this took. All runs in one thread, except the fsync calls of a small set.

use std::{
    env,
    fs::{self, File},
    io::{self, Write},
    path::Path,
    process::ExitCode,
    thread,
    time::Instant,
};

use rustix::fs::{AtFlags, Mode, OFlags};

const NEW: &str = ".floor";
const OLD: &str = ".floor-old";

/// Up to this number of files, one fsync a file. Above, one syncfs for the whole file system.
const FSYNC_LIMIT: usize = 64;

/// The sizes of a P-256 key (PKCS#8) and of its certificate, both as PEM.
const KEY: &[u8] = &[b'k'; 241];
const CERTIFICATE: &[u8] = &[b'c'; 720];

/// What is at the final names before the run.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    OldFiles,
}

/// A file to publish. `key` selects its mode and content.
struct Entry {
    name: String,
    key: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (before, dir, count) = match words.as_slice() {
        // `cargo bench` starts each benchmark without arguments.
        [] => {
            println!("usage: floor gen|renew DIR COUNT");
            return ExitCode::SUCCESS;
        }
        ["gen", dir, count] => (Before::Nothing, Path::new(dir), count.parse()),
        ["renew", dir, count] => (Before::OldFiles, Path::new(dir), count.parse()),
        _ => {
            eprintln!("usage: floor gen|renew DIR COUNT");
            return ExitCode::from(2);
        }
    };
    let Ok(count) = count else {
        eprintln!("error: COUNT must be a number");
        return ExitCode::from(2);
    };

    // The names are ready before the clock starts.
    let entries = entries(count);
    let begin = Instant::now();
    match publish(dir, &entries, before) {
        Ok(()) => {
            println!("{:.4}", begin.elapsed().as_secs_f64());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: cannot publish in `{}`: {error}", dir.display());
            ExitCode::FAILURE
        }
    }
}

/// The files in the order in which they are published: all keys, then all certificates.
fn entries(count: usize) -> Vec<Entry> {
    let kind = |key: bool, suffix: &'static str| {
        (0..count).map(move |number| Entry { name: format!("n{number:05}.{suffix}"), key })
    };
    kind(true, "key").chain(kind(false, "pem")).collect()
}

fn publish(path: &Path, entries: &[Entry], before: Before) -> io::Result<()> {
    let dir = File::open(path)?;
    if before == Before::Nothing
        && let Some(first) = entries.first()
        && path.join(&first.name).exists()
    {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "`gen` must not replace files"));
    }

    fs::create_dir(path.join(NEW))?;
    let new = File::open(path.join(NEW))?;
    let old = match before {
        Before::Nothing => None,
        Before::OldFiles => {
            fs::create_dir(path.join(OLD))?;
            Some(File::open(path.join(OLD))?)
        }
    };

    for entry in entries {
        if let Some(old) = &old {
            rustix::fs::linkat(&dir, &entry.name, old, &entry.name, AtFlags::empty())?;
        }
        create(&new, entry)?;
    }
    make_durable(&new, entries)?;
    new.sync_all()?;

    for entry in entries {
        rustix::fs::renameat(&new, &entry.name, &dir, &entry.name)?;
    }
    dir.sync_all()?;

    fs::remove_dir(path.join(NEW))?;
    if let Some(old) = &old {
        for entry in entries {
            rustix::fs::unlinkat(old, &entry.name, AtFlags::empty())?;
        }
        fs::remove_dir(path.join(OLD))?;
    }
    Ok(())
}

fn create(folder: &File, entry: &Entry) -> io::Result<()> {
    let (mode, content) = if entry.key { (0o600, KEY) } else { (0o644, CERTIFICATE) };
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let file = rustix::fs::openat(folder, &entry.name, flags, Mode::from_raw_mode(mode))?;
    File::from(file).write_all(content)
}

/// Waits until the content of all files is on the disk.
///
/// fsync calls that run at the same time share one commit of the file system's journal, so there is a
/// thread for each file. syncfs also waits for what other programs wrote to the file system.
fn make_durable(folder: &File, entries: &[Entry]) -> io::Result<()> {
    if entries.len() > FSYNC_LIMIT {
        return Ok(rustix::fs::syncfs(folder)?);
    }

    let sync = |entry: &Entry| -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        File::from(rustix::fs::openat(folder, &entry.name, flags, Mode::empty())?).sync_all()
    };
    thread::scope(|scope| {
        let waits: Vec<_> = entries.iter().map(|entry| scope.spawn(move || sync(entry))).collect();
        waits.into_iter().try_for_each(|wait| wait.join().expect("a thread that does not panic"))
    })
}
