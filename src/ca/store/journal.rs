//! The journal of a publication: which temporary becomes which file.
//!
//! It exists only while a set is being published. Whoever takes the lock and finds one finishes it:
//! every step can be run again.

use std::{fmt::Write as _, fs, os::unix::fs::DirBuilderExt, path::PathBuf};

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

/// One step of a publication, or of undoing one. All names are plain names in the directory.
///
/// Every step can be run again: whether it is still to be done is seen from the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The directory of links to the old set gets its name under `archive/`.
    Archive { temporary: String, name: String },
    /// The temporary takes the target's place.
    Replace { temporary: String, target: String },
    /// The target goes, if it is in that archive.
    Retire { name: String, target: String },
    /// The target, which was not there before, becomes a temporary again.
    Withdraw { temporary: String, target: String },
    /// The archive becomes a temporary again.
    Unarchive { temporary: String, name: String },
}

impl Step {
    fn run(&self, store: &Store) -> Result<(), Error> {
        let archive = store.path(ARCHIVE);
        let rename = |from: PathBuf, to: PathBuf, action| {
            fs::rename(&from, &to).map_err(|source| Error::write(&to, action, source))
        };
        match self {
            Self::Archive { temporary, name } => {
                let made = fs::DirBuilder::new().mode(0o700).recursive(true).create(&archive);
                made.map_err(|source| Error::write(&archive, "make", source))?;
                rename(store.path(temporary), archive.join(name), "archive to")?;
                fsync_directory(&archive)
            }
            Self::Replace { temporary, target } => {
                rename(store.path(temporary), store.path(target), "replace")
            }
            Self::Retire { target, .. } => {
                let target = store.path(target);
                fs::remove_file(&target).map_err(|source| Error::write(&target, "retire", source))
            }
            Self::Withdraw { temporary, target } => {
                let target = store.path(target);
                fs::rename(&target, store.path(temporary))
                    .map_err(|source| Error::write(&target, "withdraw", source))
            }
            Self::Unarchive { temporary, name } => {
                rename(archive.join(name), store.path(temporary), "take back the archive to")?;
                // Stays if it holds older sets.
                let _ = fs::remove_dir(archive);
                Ok(())
            }
        }
    }

    /// Whether the step is still to be done, as the directory shows it.
    fn is_pending(&self, store: &Store) -> Result<bool, Error> {
        let archived = |name: &str| store.has(&format!("{ARCHIVE}/{name}"));
        match self {
            Self::Archive { temporary, .. } | Self::Replace { temporary, .. } => {
                store.has(temporary)
            }
            Self::Retire { name, target } => {
                Ok(store.has(target)? && archived(&format!("{name}/{target}"))?)
            }
            Self::Withdraw { temporary, target } => {
                Ok(store.has(target)? && !store.has(temporary)?)
            }
            Self::Unarchive { name, .. } => archived(name),
        }
    }

    fn line(&self) -> String {
        match self {
            Self::Archive { temporary, name } => format!("archive {temporary} {name}"),
            Self::Replace { temporary, target } => format!("replace {temporary} {target}"),
            Self::Retire { name, target } => format!("retire {name} {target}"),
            Self::Withdraw { temporary, target } => format!("withdraw {temporary} {target}"),
            Self::Unarchive { temporary, name } => format!("unarchive {temporary} {name}"),
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
        let (verb, first, second) = (words.next()?, words.next()?, plain(words.next()?)?);
        Some(match verb {
            "archive" => Self::Archive { temporary: temporary(first)?, name: second },
            "replace" => Self::Replace { temporary: temporary(first)?, target: second },
            "retire" => Self::Retire { name: plain(first)?, target: second },
            "withdraw" => Self::Withdraw { temporary: temporary(first)?, target: second },
            "unarchive" => Self::Unarchive { temporary: temporary(first)?, name: second },
            _ => return None,
        })
    }
}

/// A journal that is durable under a temporary name. Publishing it is one rename, which takes the
/// place of the journal before: from then on its steps are what counts.
pub(super) fn prepare(store: &Store, steps: &[Step]) -> Result<Staged, Error> {
    let mut text = format!("{FORMAT}\n");
    for step in steps {
        let _ = writeln!(text, "{}", step.line());
    }
    let mut staged = Staged::create(&store.path(JOURNAL), Access::Secret)?;
    staged.fill(text.as_bytes())?;
    Ok(staged)
}

/// Runs the steps of the journal that are still to be done, and removes it.
pub(super) fn carry_out(store: &Store, steps: &[Step]) -> Result<(), Error> {
    fsync_directory(store.dir())?;
    for step in steps {
        if step.is_pending(store)? {
            step.run(store)?;
        }
    }
    fsync_directory(store.dir())?;
    let journal = store.path(JOURNAL);
    fs::remove_file(&journal).map_err(|source| Error::write(&journal, "remove", source))?;
    // The files are durable. A journal that a power cut brings back finds nothing left to do.
    let _ = fsync_directory(store.dir());
    Ok(())
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
    carry_out(store, &steps)
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
            Step::Replace { temporary: temporary.clone(), target: "server.key".into() },
            Step::Withdraw { temporary: temporary.clone(), target: "server.pem".into() },
            Step::Unarchive { temporary, name: "20261122T030000Z".into() },
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
            "withdraw server.key server.pem",
            "unarchive .certctl-0123456789abcdef a/b",
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
