//! `--rollback`: keeps the certificates and keys that a renewal replaces in memory, and restores them.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::published::Published;
use crate::{
    config::Settings,
    error::Error,
    issue::{changes::ChangeList, identity::IdentityName},
    report::follow_up::NotRestored,
    store::{LIMIT, Sensitivity, Store},
};

/// The files of an identity before they are replaced.
pub(super) struct Kept {
    name: IdentityName,
    certificate: Vec<u8>,
    /// None if the renewal keeps the key.
    key: Option<Zeroizing<Vec<u8>>>,
    not_after: OffsetDateTime,
}

/// The result of a rollback.
pub(super) struct RolledBack {
    pub(super) restored: Vec<Published>,
    pub(super) not_restored: Vec<NotRestored>,
}

impl Kept {
    /// Reads what the tasks of a change list replace.
    pub(super) fn read(list: &ChangeList, store: &Store) -> Result<Vec<Self>, Error> {
        let read = |file: String| {
            let path = store.path(&file);
            store.read(&file, LIMIT).map_err(|source| source.at(path))
        };
        let replaced = list.tasks.iter().filter_map(|task| Some((task, task.replaces.as_ref()?)));
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
    pub(super) fn restore(
        all: &[Self],
        published: &[Published],
        settings: &Settings,
        now: OffsetDateTime,
    ) -> Result<RolledBack, Error> {
        let locked = settings.lock()?;
        let mut set = locked.pki.file_set()?;
        let (mut restored, mut not_restored) = (Vec::new(), Vec::new());
        for one in published {
            let kept = match Self::of(all, one, locked.pki.store(), now) {
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
