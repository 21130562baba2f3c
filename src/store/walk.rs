//! The files of a directory.

use std::{
    ffi::OsStr,
    fs::{self, FileType},
    io,
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
    sync::mpsc,
};

use walkdir::{DirEntry, WalkDir};

use super::{
    names::{ARCHIVE, CA_CERTIFICATE, HOOK_PENDING, WORK, is_expected},
    pending::{self, Pending},
};
use crate::path_text::PathText as _;

/// A path that could not be walked; the walk continues.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    #[error("{source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("it leads back to `{}`", ancestor.shown())]
    Loop { path: PathBuf, ancestor: PathBuf },
    /// A FIFO, a socket, a device, a dangling link: it has no content to read.
    #[error("it is {kind}")]
    Special { path: PathBuf, kind: &'static str },
}

#[cfg(test)]
impl WalkError {
    fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Loop { path, .. } | Self::Special { path, .. } => path,
        }
    }
}

/// The regular files of a directory and, with `is_recursive`, of all directories below, in the order of the
/// file system. Links are followed. The files of an unfinished commit count as published.
///
/// Folders named `archive` or `.certctl` are skipped, and names that begin with `..` (the targets of
/// the links in a mounted Secret, which would be counted twice).
pub(crate) fn walk(
    dir: &Path,
    is_recursive: bool,
) -> impl Iterator<Item = Result<PathBuf, WalkError>> {
    let depth = if is_recursive { usize::MAX } else { 1 };
    // The prefix `./` is redundant.
    let strip = dir == Path::new(".");
    let named =
        move |path: &Path| path.strip_prefix(".").ok().filter(|_| strip).unwrap_or(path).to_owned();
    let tree = WalkDir::new(dir).follow_links(true).min_depth(1).max_depth(depth).into_iter();
    let (leave_out, left_out) = mpsc::channel();
    let entries = tree.filter_entry(move |entry| {
        let is_archive = entry.file_name() == ARCHIVE && entry.file_type().is_dir();
        if is_archive && is_recursive && entry.depth() > 0 && !is_own_archive(entry.path()) {
            let path = named(entry.path());
            let _ = leave_out.send(WalkError::Special { path, kind: "a folder of old files" });
        }
        entry.depth() == 0 || !is_archive && !is_skipped(entry)
    });
    let pending = pending::of(dir);
    // Files of a commit that are not in the directory yet.
    let waiting = pending.map(Pending::names).unwrap_or_default().into_iter();
    let waiting = waiting.map(move |name| if strip { name.into() } else { dir.join(name) });
    let waiting: Vec<PathBuf> = waiting.filter(|path| path.symlink_metadata().is_err()).collect();
    let entries = entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_dir() => None,
        Ok(entry)
            if entry.depth() == 1 && pending.is_some_and(|it| it.removes(entry.file_name())) =>
        {
            None
        }
        Ok(entry) => {
            let path = named(entry.path());
            let kind = entry.file_type();
            Some(if kind.is_file() {
                Ok(path)
            } else {
                Err(WalkError::Special { path, kind: special(kind) })
            })
        }
        Err(error) => explain(error, named).map(Err),
    });
    let left_out = std::iter::from_fn(move || left_out.try_recv().ok().map(Err));
    entries.chain(waiting.into_iter().map(Ok)).chain(left_out)
}

fn is_skipped(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    name.as_encoded_bytes().starts_with(b"..")
        || (name == WORK && entry.file_type().is_dir())
        || (name == HOOK_PENDING && entry.file_type().is_file())
}

/// Whether a folder is the archive of certctl: the folders in it have the names of times. One that this
/// user cannot read is that of the CA beside it.
fn is_own_archive(path: &Path) -> bool {
    let is_time = |name: &OsStr| {
        let name = name.as_encoded_bytes();
        name.len() >= 16
            && name[..15].iter().enumerate().all(|(at, octet)| match at {
                8 => *octet == b'T',
                _ => octet.is_ascii_digit(),
            })
            && name[15] == b'Z'
    };
    match fs::read_dir(path) {
        Ok(entries) => entries.filter_map(Result::ok).all(|entry| is_time(&entry.file_name())),
        Err(_) => path.with_file_name(CA_CERTIFICATE).exists(),
    }
}

fn special(kind: FileType) -> &'static str {
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// `None` for a file that was removed while the directory was read.
fn explain(error: walkdir::Error, named: impl Fn(&Path) -> PathBuf) -> Option<WalkError> {
    let path = named(error.path().unwrap_or(Path::new("")));
    if let Some(ancestor) = error.loop_ancestor() {
        return Some(WalkError::Loop { ancestor: ancestor.to_owned(), path });
    }
    let source = error.into_io_error()?;
    if source.kind() == io::ErrorKind::NotFound && !is_expected(&path) {
        path.symlink_metadata().ok()?;
        return Some(WalkError::Special { path, kind: "a link that leads nowhere" });
    }
    Some(WalkError::Io { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::os::unix::fs::symlink;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("certctl-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str) {
            let path = self.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }

        fn walk(&self, is_recursive: bool) -> (Vec<String>, Vec<String>) {
            let (mut files, mut errors) = (Vec::new(), Vec::new());
            let name = |path: &Path| path.strip_prefix(&self.0).unwrap().display().to_string();
            for file in walk(&self.0, is_recursive) {
                match file {
                    Ok(path) => files.push(name(&path)),
                    Err(error) => errors.push(name(error.path())),
                }
            }
            files.sort();
            errors.sort();
            (files, errors)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_file_of_a_directory_is_walked() {
        let folder = Folder::new("walk");
        for name in ["a.pem", "B.CRT", "c.ca-bundle", "d.key", "README", "ca.srl", "certctl.toml"] {
            folder.file(name);
        }
        for name in [
            ".env",
            "sub/e.pem",
            "sub/archive/20260101T000000Z/f.pem",
            "archive/20260101T000000Z-2/g.pem",
            "x/archive/web/h.pem",
            "..data/h.pem",
        ] {
            folder.file(name);
        }

        let top =
            [".env", "B.CRT", "README", "a.pem", "c.ca-bundle", "ca.srl", "certctl.toml", "d.key"];
        assert_eq!(folder.walk(false), (top.map(String::from).to_vec(), vec![]));
        let all = [&top[..], &["sub/e.pem"]].concat();
        let left_out = vec!["x/archive".to_owned()];
        assert_eq!(folder.walk(true), (all.iter().map(|it| (*it).to_owned()).collect(), left_out));
    }

    #[test]
    fn links_are_followed_and_loops_reported() {
        let folder = Folder::new("loop");
        folder.file("real/a.pem");
        symlink("real/a.pem", folder.0.join("link.pem")).unwrap();
        symlink("nowhere", folder.0.join("dangling.pem")).unwrap();
        symlink("nowhere", folder.0.join("dangling")).unwrap();
        symlink("..", folder.0.join("real/up")).unwrap();

        let (files, errors) = folder.walk(true);

        assert_eq!(files, ["link.pem", "real/a.pem"]);
        assert_eq!(errors, ["dangling", "dangling.pem", "real/up"]);
    }
}
