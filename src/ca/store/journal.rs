//! The journal of a publication: which temporary becomes which file.
//!
//! It exists only while a set is being published. Whoever takes the lock and finds one finishes it:
//! every step can be run again.

use std::{fmt::Write as _, fs, os::unix::fs::DirBuilderExt};

use super::{
    Store, is_temporary,
    stage::{Access, Staged, fsync_directory},
};
use crate::{error::Error, x509::pem::read_regular};

/// The journal's name.
pub(crate) const JOURNAL: &str = ".certctl-journal";
/// Where `--replace-ca` keeps the sets before.
pub(super) const ARCHIVE: &str = "archive";
/// The first line of a journal: its format, so that a later version can tell.
const FORMAT: &str = "certctl journal 1";
/// No journal is longer: 10,000 identities have 20,000 lines of at most 150 bytes.
const LIMIT: u64 = 8 << 20;

/// One step of a publication. All names are plain names in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The directory of links to the old set gets its name under `archive/`.
    Archive { temporary: String, name: String },
    /// The temporary takes the target's place.
    Replace { temporary: String, target: String },
    /// The target goes, if it is in that archive.
    Retire { name: String, target: String },
}

impl Step {
    pub(super) fn run(&self, store: &Store) -> Result<(), Error> {
        match self {
            Self::Archive { temporary, name } => {
                let archive = store.path(ARCHIVE);
                let made = fs::DirBuilder::new().mode(0o700).recursive(true).create(&archive);
                made.and_then(|()| fs::rename(store.path(temporary), archive.join(name)))
                    .map_err(|source| Error::write(&archive.join(name), "archive to", source))?;
                fsync_directory(&archive)
            }
            Self::Replace { temporary, target } => {
                fs::rename(store.path(temporary), store.path(target))
                    .map_err(|source| Error::write(&store.path(target), "replace", source))
            }
            Self::Retire { target, .. } => fs::remove_file(store.path(target))
                .map_err(|source| Error::write(&store.path(target), "retire", source)),
        }
    }

    /// Whether the step is still to be run, as the directory shows it.
    pub(super) fn is_pending(&self, store: &Store) -> Result<bool, Error> {
        match self {
            Self::Archive { temporary, .. } | Self::Replace { temporary, .. } => {
                store.has(temporary)
            }
            Self::Retire { name, target } => {
                Ok(store.has(target)? && store.path(ARCHIVE).join(name).join(target).exists())
            }
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Archive { temporary, name } => format!("archive {temporary} {name}"),
            Self::Replace { temporary, target } => format!("replace {temporary} {target}"),
            Self::Retire { name, target } => format!("retire {name} {target}"),
        }
    }

    /// Reads a line of a journal. It may come from a checkout: nothing outside the directory, and
    /// no temporary but ours, can be named.
    fn from_line(line: &str) -> Option<Self> {
        let plain = |name: &str| {
            let good = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0']);
            good.then(|| name.to_owned())
        };
        let temporary = |name: &str| is_temporary(name).then(|| name.to_owned());
        let mut words = line.splitn(3, ' ');
        match (words.next()?, words.next()?, words.next()?) {
            ("archive", old, name) => {
                Some(Self::Archive { temporary: temporary(old)?, name: plain(name)? })
            }
            ("replace", new, target) => {
                Some(Self::Replace { temporary: temporary(new)?, target: plain(target)? })
            }
            ("retire", name, target) => {
                Some(Self::Retire { name: plain(name)?, target: plain(target)? })
            }
            _ => None,
        }
    }
}

/// Writes the journal, durably: from here on the set counts as published.
pub(super) fn write(store: &Store, steps: &[Step]) -> Result<(), Error> {
    let mut text = format!("{FORMAT}\n");
    for step in steps {
        let _ = writeln!(text, "{}", step.line());
    }
    let mut staged = Staged::create(&store.path(JOURNAL), Access::Secret)?;
    staged.fill(text.as_bytes())?;
    staged.replace()
}

/// Removes the journal: nothing is left to be done.
pub(super) fn discard(store: &Store) -> Result<(), Error> {
    let journal = store.path(JOURNAL);
    fs::remove_file(&journal).map_err(|source| Error::write(&journal, "remove", source))?;
    fsync_directory(store.dir())
}

/// Finishes the publication of a run that was killed after its journal was written.
pub(super) fn finish(store: &Store) -> Result<(), Error> {
    if !store.has(JOURNAL)? {
        return Ok(());
    }
    let path = store.path(JOURNAL);
    let content =
        read_regular(&path, LIMIT).map_err(|source| Error::Read { path: path.clone(), source })?;
    let steps = parse(&content).ok_or(Error::Journal { path })?;
    for step in steps {
        if step.is_pending(store)? {
            step.run(store)?;
        }
    }
    fsync_directory(store.dir())?;
    discard(store)
}

fn parse(content: &[u8]) -> Option<Vec<Step>> {
    let text = str::from_utf8(content).ok()?;
    let mut lines = text.lines();
    (lines.next()? == FORMAT).then(|| lines.map(Step::from_line).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_reads_back_as_it_was_written() {
        let temporary = ".certctl-0123456789abcdef".to_owned();
        let steps = [
            Step::Archive { temporary: temporary.clone(), name: "20261122T030000Z".into() },
            Step::Replace { temporary, target: "server.key".into() },
            Step::Retire { name: "20261122T030000Z".into(), target: "redis.pem".into() },
        ];
        let lines: Vec<String> = steps.iter().map(Step::line).collect();

        let text = format!("{FORMAT}\n{}\n", lines.join("\n"));

        assert_eq!(parse(text.as_bytes()), Some(steps.to_vec()));
    }

    #[test]
    fn a_journal_cannot_reach_outside_nor_take_other_files() {
        for line in [
            "replace .certctl-0123456789abcdef ../server.key",
            "replace .certctl-0123456789abcdef .bashrc",
            "replace .certctl-0123456789abcdef /etc/passwd",
            "replace ../.certctl-0123456789abcdef server.key",
            "replace certctl.toml server.key",
            "replace .certctl-0123456789abcde server.key",
            "archive .certctl-0123456789abcdef ..",
            "retire a ../server.key",
            "retire server.key",
            "remove server.key x",
            "replace",
            "",
        ] {
            assert_eq!(parse(format!("{FORMAT}\n{line}\n").as_bytes()), None, "{line:?}");
        }
        assert_eq!(parse(b"certctl journal 2\n"), None);
    }
}
