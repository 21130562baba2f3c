//! POSIX access control lists (ACL), copied as the kernel stores them and never parsed.
//!
//! In a file with an ACL, the group bits of the mode are the mask: the most that an entry of the ACL can
//! allow. A copy of the mode without the ACL would give these permissions to the group.

use std::os::fd::OwnedFd;

use rustix::io::Errno;

/// The access list of a file, as the kernel stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Acl(Vec<u8>);

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use std::os::fd::AsRawFd;

    use rustix::fs::{
        Mode, OFlags, XattrFlags, fgetxattr, fremovexattr, fsetxattr, lgetxattr, openat,
    };

    use super::{Acl, Errno, OwnedFd};

    const ACCESS: &str = "system.posix_acl_access";
    const DEFAULT: &str = "system.posix_acl_default";
    /// The longest list that the kernel accepts.
    const LONGEST: usize = 64 << 10;

    impl Acl {
        /// The access list of a file below a directory, if it has one. The file need not be readable.
        pub(in super::super) fn of(dir: &OwnedFd, name: &str) -> Result<Option<Self>, Errno> {
            // Most files have none, so the first buffer is small.
            let path = format!("/proc/self/fd/{}/{name}", dir.as_raw_fd());
            let mut short = [0_u8; 256];
            match lgetxattr(&*path, ACCESS, &mut short) {
                Ok(length) => Ok(Some(Self(short[..length].to_vec()))),
                Err(Errno::RANGE) => {
                    let mut long = Vec::with_capacity(LONGEST);
                    lgetxattr(&*path, ACCESS, rustix::buffer::spare_capacity(&mut long))?;
                    Ok(Some(Self(long)))
                }
                // Without /proc, read it from the open file.
                Err(Errno::NOENT) => Self::of_open(dir, name),
                Err(errno) => none_if_absent(errno),
            }
        }

        fn of_open(dir: &OwnedFd, name: &str) -> Result<Option<Self>, Errno> {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let file = openat(dir, name, flags, Mode::empty())?;
            let mut list = Vec::with_capacity(LONGEST);
            match fgetxattr(&file, ACCESS, rustix::buffer::spare_capacity(&mut list)) {
                Ok(_) => Ok(Some(Self(list))),
                Err(errno) => none_if_absent(errno),
            }
        }

        /// Sets the list on a file.
        pub(in super::super) fn give(&self, file: &OwnedFd) -> Result<(), Errno> {
            fsetxattr(file, ACCESS, &self.0, XattrFlags::empty())
        }

        /// Removes the list that a file inherited from its directory.
        pub(in super::super) fn strip(file: &OwnedFd) -> Result<(), Errno> {
            match fremovexattr(file, ACCESS) {
                Ok(()) | Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(()),
                Err(errno) => Err(errno),
            }
        }

        /// Whether new files of a directory inherit a list.
        pub(in super::super) fn is_inherited(dir: &OwnedFd) -> Result<bool, Errno> {
            let mut list = [0_u8; 1];
            match fgetxattr(dir, DEFAULT, &mut list) {
                Ok(_) | Err(Errno::RANGE) => Ok(true),
                Err(errno) => none_if_absent(errno).map(|_| false),
            }
        }
    }

    fn none_if_absent(errno: Errno) -> Result<Option<Acl>, Errno> {
        match errno {
            Errno::NODATA | Errno::OPNOTSUPP => Ok(None),
            errno => Err(errno),
        }
    }
}

/// Other systems store lists differently: certctl does not copy them.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
impl Acl {
    pub(super) fn of(_: &OwnedFd, _: &str) -> Result<Option<Self>, Errno> {
        Ok(None)
    }

    pub(super) fn give(&self, _: &OwnedFd) -> Result<(), Errno> {
        Err(Errno::NOTSUP)
    }

    pub(super) fn strip(_: &OwnedFd) -> Result<(), Errno> {
        Ok(())
    }

    pub(super) fn is_inherited(_: &OwnedFd) -> Result<bool, Errno> {
        Ok(false)
    }
}
