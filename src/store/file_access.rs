//! Who may read a file: groups and owners of the system (`/etc/group`, LDAP).

use std::{
    fs,
    os::{fd::BorrowedFd, unix::fs::MetadataExt},
    path::Path,
};

use nix::unistd;
use rustix::fs::{AtFlags, statat};

use super::error::StoreError;

/// Who may read a new file. A replaced file keeps its permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sensitivity {
    /// Mode 0600, with any umask.
    Secret,
    /// Mode 0644 less the umask.
    Public,
}

/// Who may read a file, as the user asked. A field that is `None` keeps the value of the old file; a new
/// file gets the value of [`Sensitivity`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Readers {
    /// A group that may also read the file.
    pub(crate) group: Option<Group>,
    /// The permission bits; `None` keeps them, and adds read permission for `group`.
    pub(crate) mode: Option<u32>,
    /// A file of another user is not replaced.
    pub(crate) only_ours: bool,
}

/// A group that can own a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// As on the command line: a name, or a number.
    pub(crate) name: String,
    pub(super) id: u32,
}

/// The owner of a file, and who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ownership {
    /// A name if the system has one, else the number.
    pub(crate) owner: String,
    pub(crate) group: String,
    /// The permission bits.
    pub(crate) mode: u32,
}

impl Readers {
    /// The permission bits of a file whose default is `mode`.
    pub(super) fn mode(&self, mode: u32) -> u32 {
        self.mode.unwrap_or(if self.group.is_some() { mode | 0o040 } else { mode })
    }

    /// Whether a new file has the default group and mode.
    pub(super) fn is_default(&self) -> bool {
        self.group.is_none() && self.mode.is_none()
    }

    /// Whether an existing file already has that group and mode.
    pub(crate) fn suit_path(&self, file: &Path) -> bool {
        self.suit(rustix::fs::CWD, file)
    }

    pub(super) fn suit(&self, dir: BorrowedFd<'_>, file: &Path) -> bool {
        statat(dir, file, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|file| {
            let mode = file.st_mode & 0o777;
            self.mode(mode) == mode
                && self.group.as_ref().is_none_or(|group| group.id == file.st_gid)
        })
    }
}

impl Group {
    /// A group by its name, or by its number, as in containers without a group file.
    pub(crate) fn find(name: &str) -> Result<Self, StoreError> {
        let known = unistd::Group::from_name(name).ok().flatten().map(|group| group.gid.as_raw());
        // For chown, the highest number means "no change".
        let number = || name.parse().ok().filter(|id| *id != u32::MAX);
        match known.or_else(number) {
            Some(id) => Ok(Self { name: name.to_owned(), id }),
            None => Err(StoreError::NoGroup { name: name.to_owned() }),
        }
    }
}

/// A user by name, or by number if the system has no name.
pub(super) fn user_name(uid: u32) -> String {
    let user = unistd::User::from_uid(uid.into()).ok().flatten();
    user.map_or_else(|| uid.to_string(), |user| format!("{} ({uid})", user.name))
}

impl Ownership {
    /// The ownership of a file; `None` if it cannot be read.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let file = fs::symlink_metadata(path).ok()?;
        let (owner, group) = (file.uid().into(), file.gid().into());
        let owner_name = unistd::User::from_uid(owner).ok().flatten().map(|user| user.name);
        let group_name = unistd::Group::from_gid(group).ok().flatten().map(|group| group.name);
        Some(Self {
            owner: owner_name.unwrap_or_else(|| owner.to_string()),
            group: group_name.unwrap_or_else(|| group.to_string()),
            mode: file.mode() & 0o7777,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_known_by_its_name_or_number() {
        // Every Unix has group 0, but with different names.
        let zero = unistd::Group::from_gid(0.into()).unwrap().unwrap().name;
        for (name, id) in [("0", Some(0)), (&*zero, Some(0)), ("54321", Some(54_321))] {
            assert_eq!(Group::find(name).ok().map(|group| group.id), id, "{name}");
        }
        for name in ["", "-1", "4294967295", "4294967296", "0x10", "no such group", "a\0b"] {
            let error = Group::find(name).unwrap_err();
            assert!(matches!(error, StoreError::NoGroup { .. }), "{name:?}: {error}");
        }
    }

    #[test]
    fn a_group_may_read_and_a_mode_overrides() {
        let group = Group { name: "redis".into(), id: 1 };
        let cases = [
            (Readers::default(), 0o600, 0o600),
            (Readers { group: Some(group.clone()), mode: None, only_ours: false }, 0o600, 0o640),
            (Readers { group: Some(group.clone()), mode: None, only_ours: false }, 0o644, 0o644),
            (Readers { group: Some(group), mode: Some(0o600), only_ours: false }, 0o644, 0o600),
            (Readers { group: None, mode: Some(0o440), only_ours: false }, 0o600, 0o440),
        ];
        for (readers, before, after) in cases {
            assert_eq!(readers.mode(before), after, "{readers:?} {before:o}");
        }
    }
}
