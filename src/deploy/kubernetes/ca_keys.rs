//! The private keys of CAs, which no Secret may contain.

use std::path::Path;

use pki::x509::{certificate::Certificate, key::PublicKey, pem};
use time::OffsetDateTime;

use super::secret_files::FileEntry;
use crate::{
    deploy::{error::DeployError, requirements::Requirements},
    issue::identity::read_key,
    store::{self, CA_CERTIFICATE, CA_KEY, LIMIT, Store},
};

/// The keys of the selected CA, of the CA of the directory, and of CAs beside the named files.
pub(crate) fn authorities(
    store: &Store,
    ca: &Path,
    files: &[FileEntry],
    now: OffsetDateTime,
) -> Result<Vec<PublicKey>, DeployError> {
    let mut keys = Vec::new();
    if ca.exists() {
        keys.push(Requirements::read(store, ca, now)?.ca.public_key().clone());
    }
    let mut dirs = vec![store.dir().to_owned()];
    dirs.extend(ca.parent().map(Path::to_owned));
    let mut certificates = Vec::new();
    for path in files.iter().filter_map(|entry| entry.path.canonicalize().ok()) {
        dirs.extend(path.parent().map(Path::to_owned));
        certificates.extend(["pem", "crt"].map(|extension| path.with_extension(extension)));
    }
    dirs.sort();
    dirs.dedup();
    for dir in dirs {
        let found = ca_keys(&dir.join(CA_CERTIFICATE));
        if found.is_empty() {
            keys.extend(read_key(store, &dir.join(CA_KEY)).map(|key| key.public().clone()));
        }
        keys.extend(found);
    }
    keys.extend(certificates.iter().flat_map(|path| ca_keys(path)));
    Ok(keys)
}

/// The keys of the CA certificates in a file; none where it cannot be read.
fn ca_keys(path: &Path) -> Vec<PublicKey> {
    let content = store::read_regular(path, LIMIT).ok();
    let found = content.and_then(|content| pem::certificates(&content).ok()).unwrap_or_default();
    let found = found.into_iter().filter_map(|der| Certificate::from_der(der).ok());
    found.filter(Certificate::is_ca).map(|one| one.public_key().clone()).collect()
}
