//! What a renewal has published, and `--rollback`: keeps the certificates and keys that a renewal replaces in memory, and restores them.

use std::path::Path;

use pki::x509::pem;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{changes::ChangeList, error::IssueError, identity::IdentityName};
use crate::store::{LIMIT, LockedStore, Sensitivity, Store};

/// A name, and the content of its certificate file.
pub(crate) struct Published {
    pub(crate) name: String,
    /// None if it cannot be read.
    pub(crate) content: Option<Vec<u8>>,
}

impl Published {
    /// What is there under a name; `ca` is the certificate file of the CA.
    pub(crate) fn read(name: String, ca: &Path, store: &Store) -> Self {
        let content = match name.parse::<IdentityName>() {
            Ok(name) => store.read(&name.certificate_file(), LIMIT),
            Err(_) => store.read_path(ca, LIMIT),
        };
        Self { name, content: content.ok() }
    }

    /// The DER of the certificate of an identity. A CA is not served.
    pub(crate) fn leaf(&self) -> Option<Vec<u8>> {
        self.name.parse::<IdentityName>().ok()?;
        pem::certificates(self.content.as_deref()?).ok()?.into_iter().next()
    }
}

/// The files of an identity before they are replaced.
pub(crate) struct Kept {
    name: IdentityName,
    certificate: Vec<u8>,
    /// None if the renewal keeps the key.
    key: Option<Zeroizing<Vec<u8>>>,
    not_after: OffsetDateTime,
}

/// The result of a rollback.
pub(crate) struct RolledBack {
    pub(crate) restored: Vec<Published>,
    pub(crate) not_restored: Vec<NotRestored>,
}

/// A name whose old certificate was not restored: an identity, or `ca`.
#[derive(Debug, serde::Serialize)]
pub(crate) struct NotRestored {
    pub(crate) name: String,
    pub(crate) reason: &'static str,
}

impl Kept {
    /// Reads what the tasks of a change list replace.
    pub(crate) fn read(list: &ChangeList, store: &Store) -> Result<Vec<Self>, IssueError> {
        let read = |file: String| {
            let path = store.path(&file);
            store.read(&file, LIMIT).map_err(|source| source.at(path))
        };
        let replaced = list.tasks().filter_map(|task| Some((task, task.replaces.as_ref()?)));
        replaced
            .map(|(task, old)| {
                let key = task.new_key().filter(|_| old.has_key);
                Ok(Self {
                    name: task.name.clone(),
                    certificate: read(task.name.certificate_file())?,
                    key: key.map(|_| read(task.name.key_file()).map(Zeroizing::new)).transpose()?,
                    not_after: old.certificate.not_after(),
                })
            })
            .collect()
    }

    /// Restores the old files of what was published, in one commit.
    pub(crate) fn restore(
        all: &[Self],
        published: &[Published],
        locked: &LockedStore,
        now: OffsetDateTime,
    ) -> Result<RolledBack, IssueError> {
        let mut set = locked.file_set()?;
        let (mut restored, mut not_restored) = (Vec::new(), Vec::new());
        for one in published {
            let kept = match Self::of(all, one, locked.store(), now) {
                Ok(kept) => kept,
                Err(reason) => {
                    not_restored.push(NotRestored { name: one.name.clone(), reason });
                    continue;
                }
            };
            if let Some(key) = &kept.key {
                let slot = set.prepare(&kept.name.key_file(), Sensitivity::Secret)?;
                set.write(slot, key)?;
            }
            let slot = set.prepare(&kept.name.certificate_file(), Sensitivity::Public)?;
            set.write(slot, &kept.certificate)?;
            let content = Some(kept.certificate.clone());
            restored.push(Published { name: one.name.clone(), content });
        }
        set.commit()?;
        Ok(RolledBack { restored, not_restored })
    }

    /// The files that replace what was published, or why there are none.
    fn of<'a>(
        all: &'a [Self],
        published: &Published,
        store: &Store,
        now: OffsetDateTime,
    ) -> Result<&'a Self, &'static str> {
        let Some(kept) = all.iter().find(|kept| kept.name.as_str() == published.name) else {
            return Err(match &*published.name {
                "ca" => {
                    "the new CA certificate has the same name and key, so it verifies old \
                    certificates, too"
                }
                _ => "this run did not replace its certificate",
            });
        };
        if kept.not_after < now {
            return Err("the old certificate has expired");
        }
        if published.content.is_none()
            || store.read(&kept.name.certificate_file(), LIMIT).ok() != published.content
        {
            return Err("another run has replaced the new certificate");
        }
        Ok(kept)
    }
}
