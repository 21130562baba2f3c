//! Folders by their handles: list, create, clear and remove.

use std::{ffi::CString, os::fd::OwnedFd};

use rustix::{
    fs::{AtFlags, Mode, mkdirat, openat, unlinkat},
    io::Errno,
    process::umask,
};

use super::path::READ_DIRECTORY;
use crate::parallel;

/// How many octets of a folder's entries are read at once.
#[cfg(target_os = "linux")]
const BUFFER: usize = 32 << 10;
/// The greatest depth of a folder of certctl.
pub(super) const DEPTH: usize = 32;

/// The names in a folder, without those that are not UTF-8: they are not from certctl.
pub(super) fn list(folder: &OwnedFd) -> Result<Vec<String>, Errno> {
    Ok(entries(folder)?.into_iter().filter_map(|name| name.into_string().ok()).collect())
}

/// The names in a folder, read with its own handle, because a second one cannot always be opened.
#[cfg(target_os = "linux")]
pub(super) fn entries(folder: &OwnedFd) -> Result<Vec<CString>, Errno> {
    use rustix::fs::{RawDir, SeekFrom, seek};

    seek(folder, SeekFrom::Start(0))?;
    let mut names = Vec::new();
    let mut buffer = Vec::with_capacity(BUFFER);
    let mut entries = RawDir::new(folder, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        let name = entry?.file_name().to_owned();
        if ![c".", c".."].contains(&&*name) {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn entries(folder: &OwnedFd) -> Result<Vec<CString>, Errno> {
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::read_from(folder)? {
        let name = entry?.file_name().to_owned();
        if ![c".", c".."].contains(&&*name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Removes everything below a folder but `kept`. Links are removed, not followed.
pub(super) fn clear(folder: &OwnedFd, kept: &[&str]) -> Result<(), Errno> {
    clear_below(folder, kept, 0)
}

fn clear_below(folder: &OwnedFd, kept: &[&str], depth: usize) -> Result<(), Errno> {
    let mut names = entries(folder)?;
    names.retain(|name| !kept.iter().any(|kept| kept.as_bytes() == name.as_bytes()));
    // Many files are removed on all cores, because it is slow to free them.
    parallel::map(names, |name| remove_below(folder, &name, depth)).into_iter().collect()
}

/// Removes a file, a link, or a folder with its content.
pub(super) fn remove(at: &OwnedFd, name: &str) -> Result<(), Errno> {
    remove_below(at, &CString::new(name).map_err(|_| Errno::INVAL)?, 0)
}

fn remove_below(at: &OwnedFd, name: &CString, depth: usize) -> Result<(), Errno> {
    match unlinkat(at, &**name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => return Ok(()),
        // The error of unlink for a folder: the first on Linux, the second on other systems.
        Err(Errno::ISDIR | Errno::PERM) => {}
        Err(errno) => return Err(errno),
    }
    if depth >= DEPTH * 8 {
        return Err(Errno::LOOP);
    }
    let folder = openat(at, &**name, READ_DIRECTORY, Mode::empty())?;
    clear_below(&folder, &[], depth + 1)?;
    drop(folder);
    unlinkat(at, &**name, AtFlags::REMOVEDIR)
}

/// Whether no other user can enter a folder of that mode.
pub(super) const fn is_private(mode: u32) -> bool {
    matches!(mode & 0o077, 0)
}

/// Creates a folder of mode 0700, with any umask.
pub(super) fn create_private(at: &OwnedFd, name: &str) -> Result<(), Errno> {
    let before = umask(Mode::from_raw_mode(0o077));
    let created = mkdirat(at, name, Mode::from_raw_mode(0o700));
    umask(before);
    created
}
