//! Bounded reads, only from regular files where this is promised, without a wait for a FIFO.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    mem,
    os::{
        fd::{AsFd, BorrowedFd},
        unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt},
    },
    path::Path,
};

use rustix::{
    fs::{AtFlags, Mode, OFlags, openat, statat},
    io::Errno,
    process::geteuid,
};
use zeroize::Zeroizing;

use super::{
    error::{DIRECTORY, ReadError},
    file_access::user_name,
    path::Directory,
    pending::{self, Place},
};

/// The largest file that is read (16 MiB). Files of certificates or keys are smaller.
pub(crate) const LIMIT: u64 = 16 << 20;

/// The size of the first read of a stream.
const FIRST_CHUNK: usize = 64 << 10;

/// Opens a regular file of a directory of the PKI; `at` is the directory's handle, or the working directory.
///
/// A symbolic link is followed if it belongs to root, to this process, or to the owner of the file.
/// Otherwise the owner of the directory could make root read, and use, any key. The same for hard links.
fn open_in(at: BorrowedFd<'_>, path: &Path) -> Result<(File, u64), ReadError> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let own = geteuid().as_raw();
    let file = match openat(at, path, flags | OFlags::NOFOLLOW, Mode::empty()) {
        Err(Errno::LOOP | Errno::MLINK) => {
            let link = statat(at, path, AtFlags::SYMLINK_NOFOLLOW).map_err(io::Error::from)?;
            let file = File::from(openat(at, path, flags, Mode::empty()).map_err(io::Error::from)?);
            if ![0, own, file.metadata()?.uid()].contains(&link.st_uid) {
                return Err(ReadError::NotRegular("a symbolic link of another user"));
            }
            file
        }
        opened => File::from(opened.map_err(io::Error::from)?),
    };
    let found = file.metadata()?;
    if found.nlink() > 1 && found.is_file() {
        let above = statat(at, parent(path), AtFlags::empty());
        let above = above.map_err(io::Error::from)?.st_uid;
        if found.uid() != above && ![0, own].contains(&above) {
            return Err(ReadError::NotRegular("a hard link to a file of another user"));
        }
    }
    regular(file, &found)
}

/// A regular file and its length.
fn open_sized(path: &Path) -> Result<(File, u64), ReadError> {
    if let Some(file) = pending_place(path)? {
        return Ok(file);
    }
    let nonblock = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    sized(OpenOptions::new().read(true).custom_flags(nonblock).open(path)?)
}

/// The file of an unfinished commit.
fn pending_place(path: &Path) -> Result<Option<(File, u64)>, ReadError> {
    match pending::place(path, OFlags::NONBLOCK | OFlags::CLOEXEC).map_err(io::Error::from)? {
        Place::Record(file) => sized(file.into()).map(Some),
        Place::Removed => Err(io::Error::from(io::ErrorKind::NotFound).into()),
        Place::Directory => Ok(None),
    }
}

fn sized(file: File) -> Result<(File, u64), ReadError> {
    let metadata = file.metadata()?;
    regular(file, &metadata)
}

fn regular(file: File, metadata: &Metadata) -> Result<(File, u64), ReadError> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok((file, metadata.size()));
    }
    Err(ReadError::NotRegular(if kind.is_dir() {
        DIRECTORY
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }))
}

/// The content of a regular file of at most `limit` bytes.
pub(crate) fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut content = Vec::new();
    read_into(path, limit, &mut content)?;
    Ok(content)
}

/// Opens a FIFO, which waits for its other end.
fn open_fifo(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Reads a regular file of at most `limit` bytes into a buffer that is reused.
fn read_into(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    take(open_sized(path)?, limit, buffer)
}

/// As [`read_regular`], for a file of a locked directory.
pub(super) fn read_in(dir: &Directory, name: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut content = Vec::new();
    take(open_in(dir.handle.as_fd(), Path::new(name))?, limit, &mut content)?;
    Ok(content)
}

/// As [`read_regular`], for a file of the PKI that is not a link and belongs to root, this process or the
/// owner of its directory.
pub(super) fn read_own(at: BorrowedFd<'_>, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match openat(at, path, flags | OFlags::NOFOLLOW, Mode::empty()) {
        Err(Errno::LOOP | Errno::MLINK) => return Err(ReadError::NotRegular("a symbolic link")),
        opened => File::from(opened.map_err(io::Error::from)?),
    };
    let found = file.metadata()?;
    let above = statat(at, parent(path), AtFlags::empty()).map_err(io::Error::from)?.st_uid;
    if ![0, geteuid().as_raw(), above].contains(&found.uid()) {
        return Err(ReadError::Foreign(user_name(found.uid())));
    }
    let mut content = Vec::new();
    take(regular(file, &found)?, limit, &mut content)?;
    Ok(content)
}

/// As [`read_own`], by a path from the working directory.
pub(super) fn read_own_of_pki(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let Some(waiting) = pending_place(path)? else {
        return read_own(rustix::fs::CWD, path, limit);
    };
    let mut content = Vec::new();
    take(waiting, limit, &mut content)?;
    Ok(content)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// As [`read_regular`], for a file in a directory of the PKI.
pub(super) fn read_of_pki(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let opened = match pending_place(path)? {
        Some(file) => file,
        None => open_in(rustix::fs::CWD, path)?,
    };
    let mut content = Vec::new();
    take(opened, limit, &mut content)?;
    Ok(content)
}

fn take((file, length): (File, u64), limit: u64, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    if length <= limit {
        buffer.clear();
        // One allocation: growing would leave copies of a key behind.
        buffer.reserve_exact(usize::try_from(length).unwrap_or_default() + 1);
        file.take(limit + 1).read_to_end(buffer)?;
    }
    if length > limit || buffer.len() as u64 > limit {
        return Err(ReadError::TooLarge(limit));
    }
    Ok(())
}

/// The content of a stream of at most `limit` bytes, in a buffer that is wiped.
fn read_stream(mut stream: impl Read, limit: u64) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let limit_of_memory = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut content = Zeroizing::new(vec![0; FIRST_CHUNK]);
    let mut length = 0;
    loop {
        let free = content.get_mut(length..).unwrap_or_default();
        match stream.read(free) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
        if length > limit_of_memory {
            return Err(ReadError::TooLarge(limit));
        }
        if length == content.len() {
            // A vector that grows by itself leaves copies of a key behind.
            let mut larger = Zeroizing::new(Vec::with_capacity(length.saturating_mul(2)));
            larger.extend_from_slice(&content);
            larger.resize(length.saturating_mul(2), 0);
            content = larger;
        }
    }
    content.truncate(length);
    Ok(content)
}

/// Whether a path of the command line means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-" || path.as_os_str() == "/dev/stdin"
}

/// The content of a path of the command line: standard input, a regular file, or a FIFO, which is read
/// to its end (`inspect <(kubectl get secret …)`). Devices are refused.
pub(crate) fn fetch(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    if is_stdin(path) {
        return take_stream(io::stdin().lock(), buffer);
    }
    // To open a device can block or have effects, so check first.
    if path.metadata().is_ok_and(|found| found.file_type().is_fifo()) {
        return take_stream(open_fifo(path)?, buffer);
    }
    read_into(path, LIMIT, buffer)
}

/// The length of the first read, which decides whether the rest is read.
const HEAD: u64 = 4096;

/// As [`fetch`], for any regular file of a directory: `false` if its first octets are not relevant; then the
/// rest is not read.
///
/// If the file is too large, the buffer has its beginning.
pub(crate) fn fetch_some(
    path: &Path,
    buffer: &mut Vec<u8>,
    matters: impl Fn(&[u8]) -> bool,
) -> Result<bool, ReadError> {
    buffer.clear();
    let (mut file, length) = open_sized(path)?;
    // One allocation: growing would leave copies of a key behind.
    buffer.reserve_exact(usize::try_from(length.min(LIMIT)).unwrap_or_default() + 1);
    (&mut file).take(HEAD).read_to_end(buffer)?;
    if !matters(buffer) {
        return Ok(false);
    }
    if length >= HEAD {
        file.take(LIMIT + 1 - HEAD).read_to_end(buffer)?;
    }
    if buffer.len() as u64 > LIMIT { Err(ReadError::TooLarge(LIMIT)) } else { Ok(true) }
}

/// The octets that are read at once to search a file, and those of the part before that are searched again.
const PART: usize = 1 << 20;
const OVERLAP: usize = 64;

/// Whether `has` holds for a part of a file, or it cannot be read.
pub(crate) fn has_part(path: &Path, has: impl Fn(&[u8]) -> bool) -> bool {
    let Ok((mut file, _)) = open_sized(path) else { return true };
    let mut part = Zeroizing::new(vec![0; PART]);
    let mut kept = 0;
    loop {
        let end = match file.read(part.get_mut(kept..).unwrap_or_default()) {
            Ok(0) => return false,
            Ok(count) => kept + count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return true,
        };
        if has(part.get(..end).unwrap_or_default()) {
            return true;
        }
        kept = end.min(OVERLAP);
        part.copy_within(end - kept..end, 0);
    }
}

fn take_stream(stream: impl Read, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    *buffer = mem::take(&mut *read_stream(stream, LIMIT)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_bounded() {
        let mut buffer = Vec::new();
        let length = usize::try_from(LIMIT).unwrap();

        take_stream(io::repeat(7).take(LIMIT), &mut buffer).unwrap();
        assert_eq!(buffer.len(), length);
        let error = take_stream(io::repeat(7), &mut buffer).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge(LIMIT)), "{error}");
    }

    #[test]
    fn devices_and_directories_are_refused() {
        let mut buffer = Vec::new();
        for path in ["/dev/zero", "/dev/null", "/"] {
            let error = fetch(Path::new(path), &mut buffer).unwrap_err();
            assert!(matches!(error, ReadError::NotRegular(_)), "{path}: {error}");
        }
    }

    #[test]
    fn a_buffer_is_used_again() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let whole = std::fs::read(&path).unwrap();
        let mut buffer = vec![7; 100_000];
        let capacity = buffer.capacity();

        for _ in 0..2 {
            fetch(&path, &mut buffer).unwrap();
            assert_eq!(buffer, whole);
            assert_eq!(buffer.capacity(), capacity);
        }
    }
}
