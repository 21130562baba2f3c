//! `hook-pending`: the identities whose hook has not succeeded since they were renewed, or whose servers have
//! not served the new certificate.
//!
//! The file has one name in each line, with the suffix ` served` if the run had `--served` without `--exec`.
//! It has no commands and no addresses, because another user could replace them; the command line names them.

use std::{collections::BTreeMap, io};

use super::identity::IdentityName;
use crate::{
    error::Error,
    store::{
        FileSet, HOOK_PENDING, LockedDirectories, LockedStore, ReadError, Sensitivity, Slot, Store,
    },
};

/// Enough for a plan of 10,000 identities with the longest names (4 MiB).
const LIMIT: u64 = 4 << 20;
/// The CA, as `CERTCTL_RENEWED` names it.
const CA: &str = "ca";
/// Follows a name that [`Awaits::Server`].
const SERVED: &str = " served";

/// The recorded names. Each is `ca` or the name of an identity, and is unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PendingHook(
    /// The key is the name in lower case.
    BTreeMap<String, (String, Awaits)>,
);

/// What must succeed before a name is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Awaits {
    /// The probe of `--served`, or a hook.
    Server,
    /// The hook of `--exec`.
    Hook,
}

impl PendingHook {
    /// The record of a directory; empty if it has none.
    ///
    /// An error if the file is a link, too large, of another user, or has a line that is not a name.
    pub(crate) fn read(store: &Store) -> Result<Self, Error> {
        let path = store.path(HOOK_PENDING);
        let content = match store.read_own(HOOK_PENDING, LIMIT) {
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            read => read.map_err(|source| source.at(path.clone()))?,
        };
        Self::parse(&content).map_err(|reason| Error::HookPending { path, reason })
    }

    fn parse(content: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(content).map_err(|_| "it is not UTF-8".to_owned())?;
        let mut pending = Self::default();
        for (index, line) in text.lines().enumerate() {
            let (name, awaits) = line
                .strip_suffix(SERVED)
                .map_or((line, Awaits::Hook), |name| (name, Awaits::Server));
            if name != CA
                && let Err(error) = name.parse::<IdentityName>()
            {
                return Err(format!("line {}: {error}", index + 1));
            }
            pending.add(name, awaits);
        }
        if pending.is_empty() { Err("it has no name".to_owned()) } else { Ok(pending) }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|(name, _)| name.as_str())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What an identity, or `ca`, awaits.
    pub(crate) fn awaits(&self, name: &str) -> Option<Awaits> {
        self.0.get(&name.to_ascii_lowercase()).map(|(_, awaits)| *awaits)
    }

    /// A pending hook stays pending. No server serves the CA.
    fn add(&mut self, name: &str, awaits: Awaits) {
        if name == CA && awaits == Awaits::Server {
            return;
        }
        let awaits = self.awaits(name).max(Some(awaits)).unwrap_or(awaits);
        self.0.insert(name.to_ascii_lowercase(), (name.to_owned(), awaits));
    }

    /// Removes names from the record of a directory, in a commit, after their hook or probe has succeeded.
    /// Without names the file is removed.
    pub(crate) fn clear<'a>(
        locked: &LockedStore,
        names: impl Iterator<Item = &'a str>,
        succeeded: Awaits,
    ) -> Result<(), Error> {
        Self::change(locked, |pending| {
            for name in names {
                if pending.awaits(name).is_some_and(|awaits| awaits <= succeeded) {
                    pending.0.remove(&name.to_ascii_lowercase());
                }
            }
        })
    }

    /// Adds names to the record of a directory, in a commit.
    pub(crate) fn keep<'a>(
        locked: &LockedStore,
        names: impl Iterator<Item = &'a str>,
        awaits: Awaits,
    ) -> Result<(), Error> {
        Self::change(locked, |pending| names.for_each(|name| pending.add(name, awaits)))
    }

    fn change(locked: &LockedStore, change: impl FnOnce(&mut Self)) -> Result<(), Error> {
        let before = Self::read(locked.store())?;
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        let mut set = locked.file_set()?;
        if after.is_empty() {
            set.remove(HOOK_PENDING)?;
        } else {
            let slot = set.prepare(HOOK_PENDING, Sensitivity::Public)?;
            set.write(slot, after.content().as_bytes())?;
        }
        Ok(set.commit()?)
    }

    fn content(&self) -> String {
        let served = |awaits| if awaits == Awaits::Server { SERVED } else { "" };
        self.0.values().flat_map(|(name, awaits)| [name, served(*awaits), "\n"]).collect()
    }
}

/// The record as part of the commit that publishes.
pub(super) struct Record<'a> {
    pending: PendingHook,
    awaits: Awaits,
    slot: Slot,
    /// A separate commit, before that of a CA in another directory: if the process is killed between the two,
    /// a hook runs once too often, but is not lost.
    own: Option<FileSet<'a>>,
}

impl<'a> Record<'a> {
    /// Prepares the file, with the names that are `pending` before this run, and what this run awaits.
    pub(super) fn prepare(
        (pending, awaits): (PendingHook, Awaits),
        locked: &'a LockedDirectories,
        set: &mut FileSet<'_>,
        is_own: bool,
    ) -> Result<Self, Error> {
        let mut own = if is_own { Some(locked.pki.file_set()?) } else { None };
        let slot = match &mut own {
            Some(own) => own.prepare(HOOK_PENDING, Sensitivity::Public)?,
            None => set.prepare(HOOK_PENDING, Sensitivity::Public)?,
        };
        Ok(Self { pending, awaits, slot, own })
    }

    /// Adds the published identities of `names`, and the CA. The file is not changed if it has them.
    pub(super) fn write<'n>(
        mut self,
        names: impl Iterator<Item = &'n IdentityName>,
        with_ca: bool,
        set: &FileSet<'_>,
    ) -> Result<(), Error> {
        let before = self.pending.clone();
        for name in names.map(IdentityName::as_str).chain(with_ca.then_some(CA)) {
            self.pending.add(name, self.awaits);
        }
        if self.pending == before {
            return Ok(());
        }
        let content = self.pending.content();
        match self.own {
            None => set.write(self.slot, content.as_bytes())?,
            Some(own) => {
                own.write(self.slot, content.as_bytes())?;
                own.commit()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_names_and_nothing_else() {
        let pending = PendingHook::parse(b"server\nca\nRedis-1\n").unwrap();
        assert_eq!(pending.names().collect::<Vec<_>>(), ["ca", "Redis-1", "server"]);
        assert_eq!(pending.awaits("redis-1"), Some(Awaits::Hook));
        assert_eq!(pending.awaits("client"), None);
        assert_eq!(PendingHook::parse(pending.content().as_bytes()).unwrap(), pending);
        assert_eq!(PendingHook::parse(b"server\nSERVER\n").unwrap().names().count(), 1);
        assert_eq!(PendingHook::parse(b"server").unwrap().names().count(), 1);

        let served = PendingHook::parse(b"ca\nserver served\n").unwrap();
        assert_eq!(served.awaits("Server"), Some(Awaits::Server));
        assert_eq!(served.content(), "ca\nserver served\n");

        let bad: [&[u8]; 11] = [
            b"",
            b"\n",
            b"server\n\nclient\n",
            b"../server\n",
            b"server; reboot\n",
            b"$(reboot)\n",
            b"archive\n",
            b"server client\n",
            b"server served served\n",
            b" served\n",
            b"\xff\n",
        ];
        for content in bad {
            assert!(PendingHook::parse(content).is_err(), "{content:?}");
        }
    }
}
