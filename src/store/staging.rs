//! Staged files, with their final owner, group, mode and access list.

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{
        AtFlags, FileType, Gid, Mode, OFlags, Uid, fchmod, fchown, fstat, linkat, openat, unlinkat,
    },
    io::Errno,
    process::{getegid, geteuid, umask},
};

use super::{
    acl::Acl,
    error::StoreError,
    file_access::{Readers, Sensitivity, user_name},
    path::Directory,
    read::LIMIT,
};

/// The default group, mode and list of new files in a directory, detected once for each set.
#[derive(Debug)]
pub(super) struct Defaults {
    uid: u32,
    gid: u32,
    umask: u32,
    /// New files in the directory inherit an access list.
    inherits: bool,
}

/// The properties of one new file, after all checks.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The path for messages.
    pub(super) path: PathBuf,
    /// It replaces a file.
    pub(super) replaces: bool,
    owner: Option<(u32, u32)>,
    /// The group that the user asked for, for messages.
    group: Option<String>,
    /// `None`: the default of the system (0644 less the umask, or from the inherited list).
    mode: Option<u32>,
    acl: Option<Acl>,
}

impl Defaults {
    /// For a staging folder below the target directory.
    pub(super) fn of(folder: &OwnedFd, dir: &Directory) -> Result<Self, Errno> {
        // A folder gets its group like a file: from its parent, if that is setgid.
        let found = fstat(folder)?;
        Self::with(found.st_uid, found.st_gid, dir)
    }

    /// For files that are created in the directory itself.
    pub(super) fn in_directory(dir: &Directory) -> Result<Self, Errno> {
        let found = fstat(&dir.handle)?;
        let is_setgid = found.st_mode & 0o2000 != 0;
        let gid = if is_setgid { found.st_gid } else { getegid().as_raw() };
        Self::with(geteuid().as_raw(), gid, dir)
    }

    fn with(uid: u32, gid: u32, dir: &Directory) -> Result<Self, Errno> {
        let mask = umask(Mode::from_raw_mode(0o077));
        umask(mask);
        let inherits = Acl::is_inherited(&dir.handle)?;
        Ok(Self { uid, gid, umask: mask.as_raw_mode(), inherits })
    }
}

impl Plan {
    /// Checks the target: a regular file that can be replaced, or no file. `path` is for messages.
    pub(super) fn new(
        at: Option<&OwnedFd>,
        name: &str,
        path: PathBuf,
        sensitivity: Sensitivity,
        readers: &Readers,
        defaults: &Defaults,
    ) -> Result<Self, StoreError> {
        let old = match at {
            Some(at) => existing(at, name, &path)?,
            None => None,
        };
        let read = |errno: Errno| StoreError::Read {
            path: path.clone(),
            source: io::Error::from(errno).into(),
        };
        let mut acl = match (at, &old) {
            (Some(at), Some(_)) => Acl::of(at, name).map_err(read)?,
            _ => None,
        };
        if let (Some(at), Some(old)) = (at, &old) {
            refuse_owner(at, old, sensitivity, readers, &path)?;
        }
        let (uid, kept) =
            old.as_ref().map_or((defaults.uid, defaults.gid), |old| (old.uid, old.gid));
        let gid = readers.group.as_ref().map_or(kept, |group| group.id);
        let before = match (&old, sensitivity) {
            (Some(old), _) => Some(old.mode & 0o777),
            (None, Sensitivity::Secret) => Some(0o600),
            (None, Sensitivity::Public) if readers.is_default() => None,
            (None, Sensitivity::Public) => Some(0o644 & !defaults.umask),
        };
        let mode = before.map(|mode| readers.mode(mode));
        // A new group or mode defines who may read the file, so the old list is not copied.
        if gid != kept || mode != before {
            acl = None;
        }
        Ok(Self {
            replaces: old.is_some(),
            owner: ((uid, gid) != (defaults.uid, defaults.gid)).then_some((uid, gid)),
            group: readers.group.as_ref().map(|group| group.name.clone()),
            mode,
            acl,
            path,
        })
    }

    /// Whether only an attempt shows that the file can have that owner.
    pub(super) fn needs_proof(&self) -> bool {
        self.owner.is_some()
    }

    /// Creates the empty file below a folder that no other user can enter. If owner, list or mode cannot be set,
    /// the file is removed, because every file in the folder may be published.
    pub(super) fn create(
        &self,
        folder: &OwnedFd,
        name: &str,
        defaults: &Defaults,
    ) -> Result<File, StoreError> {
        let wanted = self.mode.unwrap_or(0o644);
        // Before it has its owner and its list, only this process can read it.
        let is_closed = self.owner.is_some() || (defaults.inherits && self.mode.is_some());
        let mode = Mode::from_raw_mode(if is_closed { 0o600 } else { wanted });
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(folder, name, flags, mode).map_err(|errno| self.error("write", errno))?;
        match self.give(&file, wanted, defaults) {
            Ok(()) => Ok(file.into()),
            Err(error) => {
                let _ = unlinkat(folder, name, AtFlags::empty());
                Err(error)
            }
        }
    }

    /// Sets the owner, then the list, then the mode.
    fn give(&self, file: &OwnedFd, wanted: u32, defaults: &Defaults) -> Result<(), StoreError> {
        if let Some((uid, gid)) = self.owner {
            fchown(file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
                .map_err(|errno| self.not_given(uid, defaults.uid, errno))?;
        }
        match &self.acl {
            Some(acl) => acl.give(file).map_err(|errno| self.error("keep the ACL of", errno))?,
            None if defaults.inherits && self.mode.is_some() => Acl::strip(file)
                .map_err(|errno| self.error("remove the inherited ACL of", errno))?,
            None => {}
        }
        let is_as_created = self.owner.is_none()
            && self.acl.is_none()
            && !defaults.inherits
            && wanted & defaults.umask == 0;
        if self.mode.is_some() && !is_as_created {
            fchmod(file, Mode::from_raw_mode(wanted))
                .map_err(|errno| self.error("set the mode of", errno))?;
        }
        Ok(())
    }

    fn not_given(&self, uid: u32, own: u32, errno: Errno) -> StoreError {
        let (path, source) = (self.path.clone(), errno.into());
        match &self.group {
            Some(group) if uid == own => StoreError::Group { path, group: group.clone(), source },
            _ => StoreError::Owner { path, uid, source },
        }
    }

    pub(super) fn error(&self, action: &'static str, errno: Errno) -> StoreError {
        StoreError::write(&self.path, action, errno.into())
    }

    pub(super) fn io_error(&self, action: &'static str, source: io::Error) -> StoreError {
        StoreError::write(&self.path, action, source)
    }

    /// Links the old file into `old`, to restore it if a later step fails. This also detects files that cannot
    /// be replaced. If the file system has no hard links, the file is copied.
    pub(super) fn back_up(
        &self,
        at: &OwnedFd,
        name: &str,
        old: &OwnedFd,
        defaults: &Defaults,
    ) -> Result<(), StoreError> {
        match linkat(at, name, old, name, AtFlags::empty()) {
            Ok(()) => Ok(()),
            Err(Errno::XDEV) => {
                Err(StoreError::Target { path: self.path.clone(), kind: MOUNT_POINT })
            }
            Err(Errno::PERM | Errno::MLINK | Errno::OPNOTSUPP | Errno::NOSYS | Errno::ACCESS) => {
                self.copy(at, name, old, defaults)
            }
            Err(errno) => Err(self.error("link", errno)),
        }
    }

    fn copy(
        &self,
        at: &OwnedFd,
        name: &str,
        old: &OwnedFd,
        defaults: &Defaults,
    ) -> Result<(), StoreError> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let source =
            openat(at, name, flags, Mode::empty()).map_err(|errno| self.error("back up", errno))?;
        let mut content = zeroize::Zeroizing::new(Vec::new());
        let read = File::from(source).take(LIMIT + 1).read_to_end(&mut content);
        read.map_err(|source| self.io_error("back up", source))?;
        if content.len() as u64 > LIMIT {
            return Err(self.error("back up", Errno::FBIG));
        }
        let as_it_is = Readers::default();
        let path = self.path.clone();
        let plan = Self::new(Some(at), name, path, Sensitivity::Secret, &as_it_is, defaults)?;
        let mut copy = plan.create(old, name, defaults)?;
        copy.write_all(&content)
            .and_then(|()| copy.sync_all())
            .map_err(|source| self.io_error("back up", source))
    }
}

/// Refuses to give new content to the owner of the old file, if any member of a group can have created that
/// file: the group has write permission for the directory.
fn refuse_owner(
    at: &OwnedFd,
    old: &Existing,
    sensitivity: Sensitivity,
    readers: &Readers,
    path: &Path,
) -> Result<(), StoreError> {
    let own = geteuid().as_raw();
    if old.uid == own || (sensitivity == Sensitivity::Public && !readers.only_ours) {
        return Ok(());
    }
    let is_accepted = !readers.only_ours && {
        let above = fstat(at).map_err(|errno| StoreError::Read {
            path: path.to_owned(),
            source: io::Error::from(errno).into(),
        })?;
        above.st_mode & 0o022 == 0 || [0, above.st_uid].contains(&old.uid)
    };
    if is_accepted {
        return Ok(());
    }
    Err(StoreError::ForeignFile { path: path.to_owned(), owner: user_name(old.uid) })
}

const MOUNT_POINT: &str = "a mount point, which cannot be replaced";

/// The old file that a new one replaces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Existing {
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The old file, if it is a regular file that can be replaced.
pub(super) fn existing(
    at: &OwnedFd,
    name: &str,
    path: &Path,
) -> Result<Option<Existing>, StoreError> {
    let refused = |kind| Err(StoreError::Target { path: path.to_owned(), kind });
    let (found, attribute) = match look(at, name) {
        Ok(found) => found,
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) => {
            let source = io::Error::from(errno).into();
            return Err(StoreError::Read { path: path.to_owned(), source });
        }
    };
    match (FileType::from_raw_mode(found.mode), attribute) {
        (FileType::RegularFile, None) => Ok(Some(found)),
        (FileType::RegularFile, Some(kind)) => refused(kind),
        (FileType::Symlink, _) => refused("a symbolic link"),
        (FileType::Directory, _) => refused("a directory"),
        (FileType::Fifo, _) => refused("a FIFO"),
        (FileType::Socket, _) => refused("a socket"),
        _ => refused("a device"),
    }
}

/// Why files in a directory cannot be exchanged, according to the file system.
pub(super) fn refused_directory(dir: &OwnedFd) -> Result<Option<&'static str>, Errno> {
    Ok(refused_folder(dir)?.filter(|kind| *kind != MOUNT_POINT))
}

/// As [`refused_directory`], for a subfolder: no file can be renamed across a mount point.
pub(super) fn refused_folder(folder: &OwnedFd) -> Result<Option<&'static str>, Errno> {
    Ok(look(folder, "")?.1)
}

/// A file, and why it cannot be replaced. An empty name means the directory itself.
#[cfg(target_os = "linux")]
fn look(at: &OwnedFd, name: &str) -> Result<(Existing, Option<&'static str>), Errno> {
    use rustix::fs::{StatxAttributes, StatxFlags, statx};

    let empty = if name.is_empty() { AtFlags::EMPTY_PATH } else { AtFlags::empty() };
    let found = statx(at, name, AtFlags::SYMLINK_NOFOLLOW | empty, StatxFlags::BASIC_STATS)?;
    let has = |attribute| found.stx_attributes.contains(attribute);
    let attribute = if has(StatxAttributes::IMMUTABLE) {
        Some("immutable (`lsattr -d` shows it)")
    } else if has(StatxAttributes::APPEND) {
        Some("append-only (`lsattr -d` shows it)")
    } else if has(StatxAttributes::MOUNT_ROOT) {
        Some(MOUNT_POINT)
    } else {
        None
    };
    let mode = u32::from(found.stx_mode);
    Ok((Existing { mode, uid: found.stx_uid, gid: found.stx_gid }, attribute))
}

#[cfg(not(target_os = "linux"))]
fn look(at: &OwnedFd, name: &str) -> Result<(Existing, Option<&'static str>), Errno> {
    let found = if name.is_empty() {
        fstat(at)?
    } else {
        rustix::fs::statat(at, name, AtFlags::SYMLINK_NOFOLLOW)?
    };
    let mode = u32::from(found.st_mode);
    Ok((Existing { mode, uid: found.st_uid, gid: found.st_gid }, None))
}
