//! `hook-pending`: the identities whose hook has not succeeded since they were renewed, or whose servers were
//! not seen with the new certificate.
//!
//! A line is `NAME` for the hook, or `NAME served HOST:PORT` for a server. Older versions of certctl wrote
//! `NAME served`, without the address. The file has no commands, and certctl connects to no address of it,
//! because another user could replace them; the command line names them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use super::{error::IssueError, identity::IdentityName};
use crate::store::{
    FileSet, HOOK_PENDING, LockedDirectories, LockedStore, ReadError, Sensitivity, Slot, Store,
};

/// Enough for a plan of 10,000 identities with the longest names and several servers (16 MiB).
const LIMIT: u64 = 16 << 20;
/// The CA, as `CERTCTL_RENEWED` names it.
const CA: &str = "ca";
/// Follows a name whose servers are awaited.
const SERVED: &str = "served";
/// The longest address: a host name (RFC 1035 section 2.3.4) and a port.
const LONGEST: usize = 261;

/// The recorded names. Each is `ca` or the name of an identity, and is unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PendingHook(
    /// The key is the name in lower case.
    BTreeMap<String, (String, Awaits)>,
);

/// What must succeed before a name is removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Awaits {
    /// The hook of `--exec`.
    pub(crate) hook: bool,
    /// The servers of `--served`, HOST:PORT in lower case; empty if the address is not recorded.
    pub(crate) servers: BTreeSet<String>,
}

impl Awaits {
    /// For a run with these servers.
    pub(crate) fn new(hook: bool, servers: impl IntoIterator<Item = String>) -> Self {
        let recorded = |server: String| {
            if is_address(&server) { server.to_ascii_lowercase() } else { String::new() }
        };
        Self { hook, servers: servers.into_iter().map(recorded).collect() }
    }

    fn is_empty(&self) -> bool {
        !self.hook && self.servers.is_empty()
    }

    fn add(&mut self, more: &Self) {
        self.hook |= more.hook;
        self.servers.extend(more.servers.iter().cloned());
    }

    /// What is left after the hook has succeeded and those servers were seen.
    pub(crate) fn without(&self, done: &Self) -> Self {
        let servers = self.servers.difference(&done.servers).cloned().collect();
        Self { hook: self.hook && !done.hook, servers }
    }
}

/// Whether it is HOST:PORT, and can be part of a line.
fn is_address(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]%".contains(c);
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
    text.len() <= LONGEST
        && text.chars().all(is_plain)
        && port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port != 0))
}

impl PendingHook {
    /// The record of a directory; empty if it has none.
    ///
    /// An error if the file is a link, too large, of another user, or has a line that is not a name.
    pub(crate) fn read(store: &Store) -> Result<Self, IssueError> {
        let path = store.path(HOOK_PENDING);
        let content = match store.read_own(HOOK_PENDING, LIMIT) {
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            read => read.map_err(|source| source.at(path.clone()))?,
        };
        Self::parse(&content).map_err(|reason| IssueError::HookPending { path, reason })
    }

    fn parse(content: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(content).map_err(|_| "it is not UTF-8".to_owned())?;
        let mut pending = Self::default();
        for (index, line) in text.lines().enumerate() {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            let awaits = match (words.next(), words.next(), words.next()) {
                (None, ..) => Awaits { hook: true, ..Awaits::default() },
                (Some(SERVED), None, _) => Awaits::new(false, [String::new()]),
                (Some(SERVED), Some(address), None) if is_address(address) => {
                    Awaits::new(false, [address.to_owned()])
                }
                _ => return Err(format!("line {}: it is not `NAME served HOST:PORT`", index + 1)),
            };
            if name != CA
                && let Err(error) = name.parse::<IdentityName>()
            {
                return Err(format!("line {}: {error}", index + 1));
            }
            pending.add(name, &awaits);
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
    pub(crate) fn awaits(&self, name: &str) -> Option<&Awaits> {
        self.0.get(&name.to_ascii_lowercase()).map(|(_, awaits)| awaits)
    }

    /// Adds to what a name awaits. No server serves the CA.
    fn add(&mut self, name: &str, awaits: &Awaits) {
        let servers = if name == CA { BTreeSet::new() } else { awaits.servers.clone() };
        let awaits = Awaits { servers, ..*awaits };
        if awaits.is_empty() {
            return;
        }
        let entry = self.0.entry(name.to_ascii_lowercase());
        entry.or_insert_with(|| (name.to_owned(), Awaits::default())).1.add(&awaits);
    }

    /// Changes the record of a directory, in a commit: removes from `names` what is `done`, and adds to `all`
    /// what is `left`, which another run may have removed meanwhile. Without names the file is removed.
    pub(crate) fn settle<'a>(
        locked: &LockedStore,
        (names, done): (impl Iterator<Item = &'a str>, &Awaits),
        (all, left): (impl Iterator<Item = &'a str>, &Awaits),
    ) -> Result<(), IssueError> {
        Self::change(locked, |pending| {
            for name in names.map(str::to_ascii_lowercase) {
                if let Some((_, awaits)) = pending.0.get_mut(&name) {
                    *awaits = awaits.without(done);
                }
            }
            pending.0.retain(|_, (_, awaits)| !awaits.is_empty());
            all.for_each(|name| pending.add(name, left));
        })
    }

    fn change(locked: &LockedStore, change: impl FnOnce(&mut Self)) -> Result<(), IssueError> {
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
        let lines = self.0.values().flat_map(|(name, Awaits { hook, servers })| {
            let served =
                move |server: &String| format!("{name} {SERVED} {server}").trim_end().to_owned();
            hook.then(|| name.clone()).into_iter().chain(servers.iter().map(served))
        });
        lines.map(|line| line + "\n").collect()
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
    ) -> Result<Self, IssueError> {
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
    ) -> Result<(), IssueError> {
        let before = self.pending.clone();
        for name in names.map(IdentityName::as_str).chain(with_ca.then_some(CA)) {
            self.pending.add(name, &self.awaits);
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
    fn a_record_has_names_and_addresses_and_nothing_else() {
        let pending = PendingHook::parse(b"server\nca\nRedis-1\n").unwrap();
        assert_eq!(pending.names().collect::<Vec<_>>(), ["ca", "Redis-1", "server"]);
        let hook = Awaits { hook: true, ..Awaits::default() };
        assert_eq!(pending.awaits("redis-1"), Some(&hook));
        assert_eq!(pending.awaits("client"), None);
        assert_eq!(PendingHook::parse(pending.content().as_bytes()).unwrap(), pending);
        assert_eq!(PendingHook::parse(b"server\nSERVER\n").unwrap().names().count(), 1);
        assert_eq!(PendingHook::parse(b"server").unwrap().names().count(), 1);

        let text =
            "ca\nserver\nserver served\nserver served a.example:443\nserver served [::1]:1\n";
        let served = PendingHook::parse(text.as_bytes()).unwrap();
        let servers = ["", "A.example:443", "[::1]:1"].map(str::to_owned);
        assert_eq!(served.awaits("Server"), Some(&Awaits::new(true, servers)));
        assert_eq!(PendingHook::parse(served.content().as_bytes()).unwrap(), served);
        assert_eq!(served.content().lines().count(), 5);

        let bad: [&[u8]; 16] = [
            b"",
            b"\n",
            b"server\n\nclient\n",
            b"../server\n",
            b"server; reboot\n",
            b"$(reboot)\n",
            b"archive\n",
            b"server client\n",
            b"server served served\n",
            b"server served a:0\n",
            b"server served :443\n",
            b"server served a:443 b:443\n",
            b"server served $(reboot):443\n",
            b"server  served\n",
            b" served\n",
            b"\xff\n",
        ];
        for content in bad {
            assert!(PendingHook::parse(content).is_err(), "{content:?}");
        }
    }
}
