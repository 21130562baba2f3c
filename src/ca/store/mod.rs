//! The directory of a PKI: its lock, its serial numbers, and how a set of files is published.
//!
//! All writing of the program goes through here. A [`Store`] reads; only a [`Locked`] one writes,
//! and getting one first finishes what a killed run left unfinished.

mod journal;
mod lock;
mod publish;
mod readers;
mod serials;
mod stage;

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use journal::JOURNAL;
use lock::Lock;
pub(crate) use publish::Publication;
pub(crate) use readers::{Group, Ownership, Readers};
pub(crate) use serials::{Reserved, SerialFile};
use stage::TEMPORARY;
pub(crate) use stage::{Access, Staged};

use crate::error::Error;

/// The CA's files, as gen.sh names them.
pub(crate) const CA_KEY: &str = "ca.key";
pub(crate) const CA_CERTIFICATE: &str = "ca.pem";
pub(crate) const CA_SERIAL: &str = "ca.srl";

/// A directory that holds, or will hold, certificates and keys.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    dir: PathBuf,
}

/// A store whose lock is held: the proof that is needed to write.
#[derive(Debug)]
pub(crate) struct Locked {
    store: Store,
    _locks: Vec<Lock>,
}

impl Store {
    pub(crate) fn new(dir: &Path) -> Self {
        let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
        Self { dir: dir.to_owned() }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The path of a file by its name within the directory.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        // `./server.pem` says no more than `server.pem`.
        if self.dir == Path::new(".") { PathBuf::from(file) } else { self.dir.join(file) }
    }

    /// Makes the directory (and those above it) if it is missing.
    pub(crate) fn create(&self) -> Result<(), Error> {
        // Where others may write, they could exchange a key.
        let mut maker = fs::DirBuilder::new();
        maker
            .recursive(true)
            .mode(0o755)
            .create(&self.dir)
            .map_err(|source| Error::write(&self.dir, "make", source))
    }

    /// Whether something of that name is there, a dangling symlink included.
    pub(crate) fn has(&self, file: &str) -> Result<bool, Error> {
        let path = self.path(file);
        match fs::symlink_metadata(&path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(Error::Read { path, source: source.into() }),
        }
    }

    /// Whether a killed run left a set half published: the next command that writes finishes it.
    pub(crate) fn unfinished(&self) -> bool {
        self.path(JOURNAL).symlink_metadata().is_ok()
    }

    /// The names of all that lies in the directory, in order; those that are no UTF-8 aside.
    pub(crate) fn files(&self) -> Result<Vec<String>, Error> {
        let read =
            |source: io::Error| Error::Read { path: self.dir.clone(), source: source.into() };
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(read)? {
            files.extend(entry.map_err(read)?.file_name().into_string());
        }
        files.sort();
        Ok(files)
    }

    /// Waits for the right to write, at most `timeout`, and finishes what a killed run left.
    ///
    /// The lock is on the CA key itself, which nobody else can open and hold; while there is no key
    /// yet, it is on the directory. A CA elsewhere may serve several directories: both are locked.
    pub(crate) fn lock(&self, ca_key: &Path, timeout: Duration) -> Result<Locked, Error> {
        if ca_key != self.path(CA_KEY) {
            return self.lock_to_replace(ca_key, timeout);
        }
        let lock = Lock::on_key_or_directory(ca_key, &self.dir, timeout)?;
        self.locked(vec![lock])
    }

    /// As [`Store::lock`], for a command that puts another CA key in the place of the present one:
    /// who comes between the two keys waits for the directory.
    pub(crate) fn lock_to_replace(
        &self,
        ca_key: &Path,
        timeout: Duration,
    ) -> Result<Locked, Error> {
        let mut locks = vec![Lock::on_directory(&self.dir, timeout)?];
        locks.extend(Lock::on_key(ca_key, timeout)?);
        self.locked(locks)
    }

    fn locked(&self, locks: Vec<Lock>) -> Result<Locked, Error> {
        journal::finish(self)?;
        stage::sweep(&self.dir);
        Ok(Locked { store: self.clone(), _locks: locks })
    }
}

impl Locked {
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Prepares an empty temporary for a file of the directory, with the owner, group and mode that
    /// it will have. Nothing that others see changes.
    pub(crate) fn stage(&self, file: &str, access: Access) -> Result<Staged, Error> {
        Staged::create(&self.store.path(file), access)
    }

    /// As [`Locked::stage`], for those who the user says are to read it.
    pub(crate) fn stage_for(
        &self,
        file: &str,
        access: Access,
        readers: &Readers,
    ) -> Result<Staged, Error> {
        Staged::create_for(&self.store.path(file), access, readers)
    }

    /// Collects files to be published together.
    pub(crate) fn publication(&self) -> Publication<'_> {
        Publication::new(&self.store)
    }
}

/// Writes a single file that needs no set, such as the result of a command, atomically: one rename
/// is whole by itself. A secret one that replaces another has the mode 0600 whatever that had.
pub(crate) fn write_file(path: &Path, content: &[u8], access: Access) -> Result<(), Error> {
    let mut staged = Staged::create(path, access)?;
    if access == Access::Secret {
        staged.set_mode(0o600)?;
    }
    staged.fill(content)?;
    staged.replace()
}

/// Writes what a command answers to the file that the user named, as [`write_file`] does.
///
/// What looks like a key, a certificate or a file of serials is refused: it is no result of before.
pub(crate) fn write_result(path: &Path, content: &[u8], access: Access) -> Result<(), Error> {
    let refused = |reason| Err(Error::OutFile { path: path.to_owned(), reason });
    match fs::symlink_metadata(path) {
        Ok(present) if present.is_symlink() => return refused("it is a symbolic link"),
        Ok(present) if !present.is_file() => return refused("it is no regular file"),
        Ok(_) => {}
        // What else is wrong is told by the attempt.
        Err(_) => return write_file(path, content, access),
    }
    let is_of_pki = path.extension().is_some_and(|extension| {
        ["key", "pem", "srl", "crt", "csr", "der", "p12"].iter().any(|one| extension == *one)
    });
    if is_of_pki || holds_pem(path) {
        return refused("a key, certificate or serial number is there");
    }
    write_file(path, content, access)
}

/// Whether a line of the file begins as PEM does. Of a Secret or a report none does.
fn holds_pem(path: &Path) -> bool {
    let begin = b"-----BEGIN ";
    let is_pem = |content: Vec<u8>| {
        content.split(|octet| *octet == b'\n').any(|line| line.starts_with(begin))
    };
    fs::read(path).is_ok_and(is_pem)
}

/// As [`write_file`], for a secret that others than its owner are to read. One that replaces another
/// keeps what that had.
pub(crate) fn write_secret_for(
    path: &Path,
    content: &[u8],
    readers: &Readers,
) -> Result<(), Error> {
    let mut staged = Staged::create_for(path, Access::Secret, readers)?;
    staged.fill(content)?;
    staged.replace()
}

/// Whether a file is there and holds anything else. One that cannot be read does.
pub(crate) fn holds_other(path: &Path, content: &[u8]) -> bool {
    match fs::read(path) {
        Ok(present) => present != content,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Whether a file name is one of the temporaries that a killed run may leave.
fn is_temporary(file: &str) -> bool {
    file.strip_prefix(TEMPORARY)
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
