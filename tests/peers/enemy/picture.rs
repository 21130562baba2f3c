//! What is on the disk at one moment.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use rustix::fs::lgetxattr;

use crate::commons::Account;

/// The extended attributes that hold POSIX ACLs.
pub(super) const ACCESS_ACL: &str = "system.posix_acl_access";
pub(super) const DEFAULT_ACL: &str = "system.posix_acl_default";

/// A path and all entries below it at one moment.
pub(super) struct Picture {
    pub(super) root: PathBuf,
    pub(super) entries: BTreeMap<PathBuf, Entry>,
}

#[derive(PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) account: Account,
    /// Kind and permissions.
    pub(super) mode: u32,
    pub(super) acl: Vec<u8>,
    /// The bytes of a file, the target of a symlink.
    pub(super) content: Vec<u8>,
}

impl Picture {
    pub(super) fn of(root: &Path) -> Self {
        let mut entries = BTreeMap::new();
        collect(root, &mut entries);
        Self { root: root.to_owned(), entries }
    }

    /// Asserts that everything is as it was.
    pub(super) fn assert_unchanged(&self, context: &str) {
        self.assert_unchanged_but(&[], context);
    }

    /// Leaves entries of these names out, and all that is below them.
    pub(super) fn assert_unchanged_but(&self, names: &[&str], context: &str) {
        let now = Self::of(&self.root).entries;
        let all: Vec<_> = self.entries.keys().chain(now.keys()).collect();
        let mut changed: Vec<_> = all
            .into_iter()
            .filter(|path| {
                let below = path.strip_prefix(&self.root).unwrap();
                !below.iter().any(|part| names.iter().any(|name| part == *name))
            })
            .filter(|path| self.entries.get(*path) != now.get(*path))
            .map(|path| {
                let shown = |entry: Option<&Entry>| entry.map_or("absent".to_owned(), Entry::shown);
                let [before, after] = [self.entries.get(path), now.get(path)].map(shown);
                format!("{}\n  before: {before}\n  after:  {after}", path.display())
            })
            .collect();
        changed.sort();
        changed.dedup();
        assert!(changed.is_empty(), "{context}: changed\n{}", changed.join("\n"));
    }
}

impl Entry {
    pub(super) fn shown(&self) -> String {
        let content = String::from_utf8_lossy(&self.content);
        let content: String = content.chars().take(60).collect();
        format!("{:?} {:o} ACL {:02x?} {content:?}", self.account, self.mode, self.acl)
    }
}

pub(super) fn collect(path: &Path, entries: &mut BTreeMap<PathBuf, Entry>) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let kind = metadata.file_type();
    let content = if kind.is_file() {
        fs::read(path).unwrap()
    } else if kind.is_symlink() {
        fs::read_link(path).unwrap().as_os_str().as_bytes().to_owned()
    } else {
        Vec::new()
    };
    let account = Account { uid: metadata.uid(), gid: metadata.gid() };
    let entry = Entry { account, mode: metadata.mode(), acl: access_acl(path), content };
    entries.insert(path.to_owned(), entry);
    if kind.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), entries);
        }
    }
}

/// The ACL of a file as the kernel gives it; empty if the mode says all.
pub(super) fn access_acl(path: &Path) -> Vec<u8> {
    let mut acl = vec![0; 1024];
    let length = lgetxattr(path, ACCESS_ACL, &mut acl[..]).unwrap_or(0);
    acl.truncate(length);
    acl
}

/// An ACL in the form of the kernel: rights of the owner, of one more user, of the group, the mask,
/// and the rights of others.
pub(super) fn acl(
    owner: u16,
    user: Account,
    right: u16,
    group: u16,
    mask: u16,
    others: u16,
) -> Vec<u8> {
    const NONE: u32 = u32::MAX;
    let entries = [
        (0x01, owner, NONE),
        (0x02, right, user.uid),
        (0x04, group, NONE),
        (0x10, mask, NONE),
        (0x20, others, NONE),
    ];
    let mut acl = 2_u32.to_le_bytes().to_vec();
    for (tag, right, id) in entries {
        acl.extend(u16::to_le_bytes(tag));
        acl.extend(right.to_le_bytes());
        acl.extend(id.to_le_bytes());
    }
    acl
}
