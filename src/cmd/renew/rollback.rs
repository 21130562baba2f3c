//! `--rollback`: the certificates and keys that a renewal replaces, kept in memory, and put back.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::follow_up::{FollowUp, Published};
use crate::{
    ca::{changes::ChangeList, identity::IdentityName},
    error::Error,
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

impl Kept {
    /// Reads what the tasks of a change list replace.
    pub(super) fn read(list: &ChangeList, store: &Store) -> Result<Vec<Self>, Error> {
        let read = |file: String| {
            let path = store.path(&file);
            store.read(&file, LIMIT).map_err(|source| Error::Read { path, source })
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

    /// Puts the files back, in one commit: those of certificates that have not expired, and that no other run has
    /// replaced since. Gives what is published then.
    pub(super) fn restore(
        all: &[Self],
        follow_up: &FollowUp<'_>,
        published: &[Published],
    ) -> Result<Vec<Published>, Error> {
        let locked = follow_up.settings.lock()?;
        let store = locked.pki.store();
        let mut set = locked.pki.file_set()?;
        let mut restored = Vec::new();
        for kept in all.iter().filter(|kept| kept.not_after >= follow_up.now) {
            let name = kept.name.as_str();
            let is_ours = published.iter().any(|one| {
                one.name == name
                    && one.content.is_some()
                    && store.read(&kept.name.certificate_file(), LIMIT).ok() == one.content
            });
            if !is_ours {
                continue;
            }
            if let Some(key) = &kept.key {
                let slot = set.prepare(&kept.name.key_file(), Sensitivity::Secret)?;
                set.write(slot, key)?;
            }
            let slot = set.prepare(&kept.name.certificate_file(), Sensitivity::Public)?;
            set.write(slot, &kept.certificate)?;
            let content = Some(kept.certificate.clone());
            restored.push(Published { name: name.to_owned(), content });
        }
        set.commit()?;
        Ok(restored)
    }
}
