//! The names of the files that certctl has in a directory.

use std::path::{Path, PathBuf};

/// The CA's files, as gen.sh names them.
pub(crate) const CA_KEY: &str = "ca.key";
pub(crate) const CA_CERTIFICATE: &str = "ca.pem";
pub(crate) const CA_SERIAL: &str = "ca.srl";
/// Where `gen --replace-ca` moves the old files.
pub(crate) const ARCHIVE: &str = "archive";
/// The names of renewed identities whose hook has not succeeded yet.
pub(crate) const HOOK_PENDING: &str = "hook-pending";
/// The journal of certctl 0.1. It can be forged, and is never used.
pub(super) const OLD_JOURNAL: &str = ".certctl-journal";
/// The folder of a running command.
pub(super) const WORK: &str = ".certctl";
/// The lock file in it.
pub(super) const LOCK: &str = "lock";
/// The name prefixes of a record that publishes, and of a record that undoes it.
pub(super) const COMMIT: &str = "commit-";
pub(super) const RESTORE: &str = "restore-";
/// The prefix of a record that has been carried out and will be removed.
pub(super) const DONE: &str = "done-";
/// The suffix of a file that the commit removes.
pub(super) const REMOVE: &str = ".remove";

/// A path below a directory, without a redundant `./`.
pub(super) fn join(dir: &Path, file: impl AsRef<Path>) -> PathBuf {
    let file = file.as_ref();
    if dir == Path::new(".") { PathBuf::from(file) } else { dir.join(file) }
}
