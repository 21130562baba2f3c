//! The files of a directory.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use walkdir::{DirEntry, WalkDir};

use super::{
    ARCHIVE, HOOK_PENDING,
    pending::{self, Pending},
    work::WORK,
};

/// The extensions of files that are looked into in a directory, and whether the extension promises a
/// certificate, request or revocation list: such a file must hold something.
const EXTENSIONS: [(&str, bool); 17] = [
    ("pem", true),
    ("crt", true),
    ("cer", true),
    ("cert", true),
    ("der", true),
    ("csr", true),
    ("req", true),
    ("crl", true),
    ("p12", true),
    ("pfx", true),
    ("bundle", true),
    ("ca-bundle", true),
    ("key", false),
    ("p8", false),
    ("yaml", false),
    ("yml", false),
    ("json", false),
];

/// Whether it is worth a word when a file of a directory holds nothing that certctl reads: its
/// extension promises a certificate or the like.
pub(crate) fn is_expected(path: &Path) -> bool {
    extension(path).is_some_and(|(_, promises)| *promises)
}

/// A path that could not be walked; it does not stop the others.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WalkError {
    #[error("{source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("it leads back to `{}`", ancestor.display())]
    Loop { path: PathBuf, ancestor: PathBuf },
}

#[cfg(test)]
impl WalkError {
    fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. } | Self::Loop { path, .. } => path,
        }
    }
}

/// The regular files of a directory, as they are once a commit is complete, and with `is_recursive` of all directories below, in the order of
/// the file system. Links are followed.
///
/// Files with an extension of certificates, keys and manifests are taken. Folders named `archive` or
/// `.certctl` are not, nor names that begin with `..` (the real data behind the links of a mounted Secret, which
/// would be counted twice).
pub(crate) fn walk(
    dir: &Path,
    is_recursive: bool,
) -> impl Iterator<Item = Result<PathBuf, WalkError>> {
    let depth = if is_recursive { usize::MAX } else { 1 };
    // `./server.pem` says no more than `server.pem`.
    let strip = dir == Path::new(".");
    let tree = WalkDir::new(dir).follow_links(true).min_depth(1).max_depth(depth).into_iter();
    let entries = tree.filter_entry(|entry| entry.depth() == 0 || !is_passed_over(entry));
    let pending = pending::of(dir);
    // Files of a commit that have no place in the directory yet.
    let waiting = pending.map(Pending::names).unwrap_or_default().into_iter();
    let waiting = waiting.map(move |name| if strip { name.into() } else { dir.join(name) });
    let waiting: Vec<PathBuf> = waiting
        .filter(|path| extension(path).is_some() && path.symlink_metadata().is_err())
        .collect();
    let entries = entries.filter_map(move |entry| match entry {
        Ok(entry) if !is_taken(&entry) => None,
        Ok(entry)
            if entry.depth() == 1 && pending.is_some_and(|it| it.removes(entry.file_name())) =>
        {
            None
        }
        Ok(entry) if strip => Some(Ok(entry.path().strip_prefix(".").ok()?.to_owned())),
        Ok(entry) => Some(Ok(entry.into_path())),
        Err(error) => explain(error).map(Err),
    });
    entries.chain(waiting.into_iter().map(Ok))
}

fn is_passed_over(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    name.as_encoded_bytes().starts_with(b"..")
        || ((name == ARCHIVE || name == WORK) && entry.file_type().is_dir())
        || (name == HOOK_PENDING && entry.file_type().is_file())
}

/// By type and name alone, which the directory tells: no system call.
fn is_taken(entry: &DirEntry) -> bool {
    entry.file_type().is_file() && extension(entry.path()).is_some()
}

fn extension(path: &Path) -> Option<&'static (&'static str, bool)> {
    let extension = path.extension().and_then(OsStr::to_str)?;
    EXTENSIONS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known))
}

/// `None` for what vanished while the directory was read, and for links of unrelated names that
/// lead nowhere.
fn explain(error: walkdir::Error) -> Option<WalkError> {
    let path = error.path().unwrap_or(Path::new("")).to_owned();
    if let Some(ancestor) = error.loop_ancestor() {
        return Some(WalkError::Loop { ancestor: ancestor.to_owned(), path });
    }
    let source = error.into_io_error()?;
    let is_gone = source.kind() == io::ErrorKind::NotFound && extension(&path).is_none();
    (!is_gone).then_some(WalkError::Io { path, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::{fs, os::unix::fs::symlink};

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
    fn of_a_directory_the_files_of_certificates_are_taken() {
        let folder = Folder::new("walk");
        for name in ["a.pem", "B.CRT", "c.ca-bundle", "d.key", "README", "ca.srl", "certctl.toml"] {
            folder.file(name);
        }
        for name in [".env", "sub/e.pem", "sub/archive/f.pem", "archive/g.pem", "..data/h.pem"] {
            folder.file(name);
        }

        let top = ["B.CRT", "a.pem", "c.ca-bundle", "d.key"];
        assert_eq!(folder.walk(false), (top.map(String::from).to_vec(), vec![]));
        let all = ["B.CRT", "a.pem", "c.ca-bundle", "d.key", "sub/e.pem"];
        assert_eq!(folder.walk(true), (all.map(String::from).to_vec(), vec![]));
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
        assert_eq!(errors, ["dangling.pem", "real/up"]);
    }
}
