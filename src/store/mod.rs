//! All access to files: bounded reads, locks, and atomic publication of a set of files.
//!
//! A [`Store`] reads. Only a [`LockedStore`] writes. To get one, the path of the directory is walked
//! ([`path`]), its lock is taken ([`work`]), and the commit of a killed process is completed
//! ([`recovery`]). Only files of certctl itself decide what is written, and where.

mod acl;
mod commit;
mod directory;
mod error;
mod file_access;
mod file_set;
mod folder;
mod identity_name;
mod key_file;
mod locked;
mod names;
mod path;
mod pending;
mod read;
mod recovery;
mod result;
mod serials;
mod staging;
mod undo;
mod walk;
mod work;

pub(crate) use directory::{LockedDirectories, LockedStore, Store};
#[cfg(test)]
pub(crate) use error::UnsafePath;
pub(crate) use error::{ReadError, StoreError};
pub(crate) use file_access::{Group, Ownership, Readers, Sensitivity};
pub(crate) use file_set::{FileSet, Slot};
pub(crate) use identity_name::{IdentityName, existing, parse_existing, without_extension};
pub(crate) use key_file::{key_of, keys_beside, read_key};
pub(crate) use locked::LockOptions;
pub(crate) use names::{
    ARCHIVE, CA_CERTIFICATE, CA_KEY, CA_SERIAL, HOOK_PENDING, is_expected, is_key_name,
};
pub(crate) use path::{Missing, Sharing};
pub(crate) use pending::{Unfinished, look_for};
pub(crate) use read::{LIMIT, fetch, fetch_some, has_part, is_stdin, read_regular};
pub(crate) use result::{write_file, write_result, write_secret_for};
pub(crate) use serials::SerialFile;
pub(crate) use walk::{WalkError, walk};
