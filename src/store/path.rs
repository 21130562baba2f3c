//! Opens a directory by walking its path, so that no other user decides where files are written.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    io,
    os::{fd::OwnedFd, unix::ffi::OsStringExt},
    path::{Component, Path, PathBuf},
};

use rustix::{
    fs::{FileType, Mode, OFlags, Stat, fstat, mkdirat, openat, readlinkat},
    io::Errno,
    process::geteuid,
};

use super::{
    error::{StoreError, UnsafePath},
    file_access::user_name,
};

/// The limit of symbolic links in one path, as on Linux.
const LINKS: usize = 40;
/// Opens a component of the path without read access.
#[cfg(any(target_os = "linux", target_os = "android"))]
const PLACE: OFlags = OFlags::PATH;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const PLACE: OFlags = OFlags::RDONLY;

/// Which rights of other users are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// No other user may change the path or the directory. Only its own owner may.
    Refused,
    /// As [`Sharing::Refused`], but other users may create files in the directory itself: a result can be
    /// written to `/tmp`.
    InDirectory,
    /// `--allow-shared-dir`: other users may write in the directory and its parents. A directory or link that
    /// belongs to another user is still refused.
    Accepted,
}

/// Whether missing directories are created (mode 0755 less the umask).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    Create,
    Refuse,
}

/// A directory that was opened once. All access below it uses this handle.
#[derive(Debug)]
pub(super) struct Directory {
    pub(super) handle: OwnedFd,
    /// The path on the command line.
    pub(super) path: PathBuf,
    /// Device and inode, which identify the directory by any path.
    pub(super) id: (u64, u64),
}

/// A component of the path, and who may change it.
struct Step {
    path: PathBuf,
    owner: u32,
    is_link: bool,
    /// Other users may create and rename files there.
    is_open: bool,
}

impl Directory {
    /// Opens `path`, component by component.
    ///
    /// Each directory and each symbolic link on the way must belong to root, to this process or to the
    /// owner of the last directory, and other users must not have write permission there (a sticky directory
    /// protects its files). Otherwise they could exchange a component while certctl runs. A relative path
    /// starts at the working directory, which is already open.
    pub(super) fn open(
        path: &Path,
        sharing: Sharing,
        missing: Missing,
    ) -> Result<Self, StoreError> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let mut walk = Walk::new(path)?;
        walk.run(sharing, missing)?;
        walk.finish(path, sharing)
    }
}

struct Walk<'a> {
    /// For messages.
    whole: &'a Path,
    place: OwnedFd,
    /// The path of `place`, as far as it has been walked.
    shown: PathBuf,
    rest: VecDeque<OsString>,
    steps: Vec<Step>,
    links: usize,
}

impl<'a> Walk<'a> {
    fn new(path: &'a Path) -> Result<Self, StoreError> {
        let start = Path::new(if path.is_absolute() { "/" } else { "." });
        let place =
            rustix::fs::open(start, PLACE | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
                .map_err(|errno| read_error(start, errno))?;
        let found = fstat(&place).map_err(|errno| read_error(start, errno))?;
        let shown = if path.is_absolute() { PathBuf::from("/") } else { PathBuf::new() };
        let mut walk =
            Self { whole: path, place, shown, rest: components(path), steps: Vec::new(), links: 0 };
        walk.note(&found, start.to_owned());
        Ok(walk)
    }

    fn run(&mut self, sharing: Sharing, missing: Missing) -> Result<(), StoreError> {
        while let Some(component) = self.rest.pop_front() {
            let shown = self.shown.join(&component);
            let (place, found) = match look(&self.place, &component) {
                Err(Errno::NOENT) if missing == Missing::Create => {
                    self.create(&component, &shown, sharing)?
                }
                looked => looked.map_err(|errno| read_error(&shown, errno))?,
            };
            match FileType::from_raw_mode(found.st_mode) {
                FileType::Directory => {
                    self.note(&found, shown.clone());
                    (self.place, self.shown) = (place, shown);
                }
                FileType::Symlink => {
                    self.note(&found, shown.clone());
                    self.follow(&place, &component, &shown)?;
                }
                _ => return Err(read_error(&shown, Errno::NOTDIR)),
            }
        }
        Ok(())
    }

    fn note(&mut self, found: &Stat, path: PathBuf) {
        let is_link = FileType::from_raw_mode(found.st_mode) == FileType::Symlink;
        let mode = found.st_mode;
        let is_open = !is_link && mode & 0o002 != 0 && mode & 0o1000 == 0;
        self.steps.push(Step { path, owner: found.st_uid, is_link, is_open });
    }

    fn follow(&mut self, link: &OwnedFd, name: &OsStr, shown: &Path) -> Result<(), StoreError> {
        self.links += 1;
        if self.links > LINKS {
            return Err(read_error(self.whole, Errno::LOOP));
        }
        let target =
            read_link(link, &self.place, name).map_err(|errno| read_error(shown, errno))?;
        let target = PathBuf::from(OsString::from_vec(target));
        if target.is_absolute() {
            let root = PLACE | OFlags::DIRECTORY | OFlags::CLOEXEC;
            self.place = rustix::fs::open("/", root, Mode::empty())
                .map_err(|errno| read_error(shown, errno))?;
            self.shown = PathBuf::from("/");
            let found = fstat(&self.place).map_err(|errno| read_error(shown, errno))?;
            self.note(&found, PathBuf::from("/"));
        }
        for component in components(&target).into_iter().rev() {
            self.rest.push_front(component);
        }
        Ok(())
    }

    /// Creates a directory. The path has been checked before.
    fn create(
        &self,
        name: &OsStr,
        shown: &Path,
        sharing: Sharing,
    ) -> Result<(OwnedFd, Stat), StoreError> {
        refuse(&self.steps, geteuid().as_raw(), sharing)?;
        let create = |errno: Errno| StoreError::write(shown, "create", errno.into());
        // Without `a`, `a/..` is not this directory.
        if self.rest.iter().any(|component| component == "..") {
            return Err(create(Errno::NOENT));
        }
        match mkdirat(&self.place, name, Mode::from_raw_mode(0o755)) {
            // Another process may have created it just now.
            Ok(()) | Err(Errno::EXIST) => {}
            Err(errno) => return Err(create(errno)),
        }
        let parent = openat(&self.place, ".", READ_DIRECTORY, Mode::empty());
        if let Ok(parent) = parent {
            rustix::fs::fsync(parent).map_err(create)?;
        }
        look(&self.place, name).map_err(create)
    }

    fn finish(self, path: &Path, sharing: Sharing) -> Result<Directory, StoreError> {
        let handle = openat(&self.place, ".", READ_DIRECTORY, Mode::empty())
            .map_err(|errno| read_error(path, errno))?;
        let found = fstat(&handle).map_err(|errno| read_error(path, errno))?;
        // The last step is the directory itself, unless a link to `.` led here.
        let before = match self.steps.split_last() {
            Some((last, before)) if !last.is_link => before,
            _ => &self.steps,
        };
        refuse(before, found.st_uid, sharing)?;
        if sharing == Sharing::Refused && found.st_mode & 0o002 != 0 {
            return Err(StoreError::UnsafePath { path: path.to_owned(), reason: UnsafePath::Open });
        }
        #[cfg_attr(target_os = "linux", expect(clippy::useless_conversion, reason = "not on all"))]
        let id = (u64::try_from(found.st_dev).unwrap_or_default(), u64::from(found.st_ino));
        Ok(Directory { handle, path: path.to_owned(), id })
    }
}

pub(super) const READ_DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Refuses a path that users other than the owner of the directory can change.
fn refuse(steps: &[Step], owner: u32, sharing: Sharing) -> Result<(), StoreError> {
    let own = geteuid().as_raw();
    for step in steps {
        let is_foreign = ![0, own, owner].contains(&step.owner);
        let reason = match (step.is_link, is_foreign, step.is_open) {
            (true, true, _) => UnsafePath::Link(user_name(step.owner)),
            (false, true, _) => UnsafePath::Owner(user_name(step.owner)),
            (false, _, true) if sharing != Sharing::Accepted => UnsafePath::Open,
            _ => continue,
        };
        return Err(StoreError::UnsafePath { path: step.path.clone(), reason });
    }
    Ok(())
}

/// Refuses a subfolder of `dir` that belongs to another user, or in which other users may write.
pub(super) fn refuse_folder(
    folder: &OwnedFd,
    dir: &Directory,
    path: &Path,
    sharing: Sharing,
) -> Result<(), StoreError> {
    let [found, above] = [folder, &dir.handle].map(fstat);
    let found = found.map_err(|errno| read_error(path, errno))?;
    let above = above.map_err(|errno| read_error(&dir.path, errno))?;
    let step = Step {
        path: path.to_owned(),
        owner: found.st_uid,
        is_link: false,
        is_open: found.st_mode & 0o002 != 0,
    };
    refuse(std::slice::from_ref(&step), above.st_uid, sharing)
}

/// A component and its metadata. A symbolic link is not followed.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn look(at: &OwnedFd, name: &OsStr) -> Result<(OwnedFd, Stat), Errno> {
    let place = openat(at, name, PLACE | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    let found = fstat(&place)?;
    Ok((place, found))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn look(at: &OwnedFd, name: &OsStr) -> Result<(OwnedFd, Stat), Errno> {
    let found = rustix::fs::statat(at, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
    if FileType::from_raw_mode(found.st_mode) != FileType::Directory {
        return Ok((openat(at, ".", READ_DIRECTORY, Mode::empty())?, found));
    }
    let place = openat(at, name, READ_DIRECTORY, Mode::empty())?;
    let found = fstat(&place)?;
    Ok((place, found))
}

/// The target of a symbolic link.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn read_link(link: &OwnedFd, _: &OwnedFd, _: &OsStr) -> Result<Vec<u8>, Errno> {
    // The link that was checked, not a new file of the same name.
    Ok(readlinkat(link, "", Vec::new())?.into_bytes())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn read_link(_: &OwnedFd, at: &OwnedFd, name: &OsStr) -> Result<Vec<u8>, Errno> {
    Ok(readlinkat(at, name, Vec::new())?.into_bytes())
}

fn components(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        })
        .collect()
}

fn read_error(path: &Path, errno: Errno) -> StoreError {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    StoreError::Read { path: path.to_owned(), source: io::Error::from(errno).into() }
}
