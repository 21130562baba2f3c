//! What is to be judged, and by whom it is trusted: names, files and directories become subjects.

pub(super) mod bundle;
mod group;
mod relatives;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use zeroize::Zeroizing;

use crate::{
    cli::CheckArgs,
    cmd::source::{Source, unreadable, unwalkable},
    config::Settings,
    error::Error,
    intake::{self, Found, KeyFacts, Thing},
    store,
    verify::finding::Finding,
    x509::{
        cert::Certificate,
        crl::RevocationList,
        pem::{PemError, PemFault},
        usage::Usage,
    },
};

/// What was asked for, and what it is judged by.
pub(super) struct Asked<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) settings: &'a Settings,
    pub(super) trust: &'a Trust,
    /// Of `--password-file`.
    pub(super) password: Option<Zeroizing<String>>,
}

impl Asked<'_> {
    fn password(&self) -> Option<&str> {
        self.password.as_ref().map(|password| password.as_str())
    }
}

/// What may help to build paths, and where they may end.
pub(super) struct Trust {
    pub(super) anchors: Vec<Certificate>,
    pub(super) untrusted: Vec<Certificate>,
    pub(super) revocation: Vec<RevocationList>,
}

/// Everything that is to be judged.
#[derive(Default)]
pub(super) struct Collection {
    pub(super) subjects: Vec<Subject>,
    /// Files that could not be read.
    pub(super) errors: Vec<Error>,
}

/// One certificate that is to be judged.
pub(super) struct Subject {
    /// The file, and where in it.
    pub(super) name: String,
    pub(super) file: PathBuf,
    /// The name by which commands know it: of an identity of the directory, or `ca`.
    pub(super) known_as: Option<String>,
    /// Or why its DER cannot be read.
    pub(super) certificate: Result<Certificate, String>,
    /// What lay in the same file and in those of `--untrusted`, and may help to build a path.
    pub(super) pool: Arc<Vec<Certificate>>,
    /// Which of the pool, where it is too large for all.
    pub(super) relatives: Option<Vec<usize>>,
    pub(super) key: Key,
    /// For an end entity: what it is for, and how that is known.
    pub(super) usage: Option<(Option<Usage>, &'static str)>,
    pub(super) is_anchor: bool,
    /// What is wrong with the file as a bundle.
    pub(super) bundle: Option<Vec<Finding>>,
    /// What of its PEM file only some clients read.
    pub(super) form: Vec<PemFault>,
    /// Of what a server serves: what lies on disk, and what is wrong with that.
    pub(super) served: Option<(String, Vec<Finding>)>,
}

/// The private key of a subject.
#[derive(Clone)]
pub(super) enum Key {
    /// Nobody expects one.
    NotExpected,
    Missing(PathBuf),
    Unreadable(PathBuf),
    Found {
        name: String,
        path: PathBuf,
        facts: KeyFacts,
        mode: Option<u32>,
    },
}

impl Trust {
    /// Reads `--ca`, `--untrusted` and `--crl`. A file that is not there ends the command; one that
    /// holds nothing of use is an error beside the verdicts, which then come out as they must.
    pub(super) fn read(
        args: &CheckArgs,
        settings: &Settings,
        errors: &mut Vec<Error>,
    ) -> Result<Self, Error> {
        let mut anchors = Vec::new();
        for path in &settings.anchors {
            if !path.exists() {
                return Err(Error::NoAnchor { path: path.clone() });
            }
            anchors.extend(certificates(path, errors)?);
        }
        let mut untrusted = Vec::new();
        for path in &args.untrusted {
            untrusted.extend(certificates(path, errors)?);
        }
        let mut revocation = Vec::new();
        for path in &args.crl {
            let found = read(path, None)?;
            let lists = found.into_iter().filter_map(|found| match found.thing {
                Thing::RevocationList(list) => Some(*list),
                _ => None,
            });
            let before = revocation.len();
            revocation.extend(lists);
            if revocation.len() == before {
                errors.push(Error::NoRevocationList { path: path.clone() });
            }
        }
        Ok(Self { anchors, untrusted, revocation })
    }
}

impl Collection {
    pub(super) fn read(asked: &Asked<'_>) -> Self {
        let mut collection = Self::default();
        for source in Source::all(&asked.args.targets, asked.settings) {
            let taken = source.and_then(|source| match source {
                Source::Directory(path) => {
                    collection.directory(&path, asked);
                    Ok(())
                }
                single => collection.single(single.path(), asked),
            });
            collection.errors.extend(taken.err());
        }
        collection
    }

    /// A file that was named.
    fn single(&mut self, path: &Path, asked: &Asked<'_>) -> Result<(), Error> {
        if self.file(path, read(path, asked.password())?, asked) {
            return Ok(());
        }
        let reason = "it holds no certificate".to_owned();
        Err(Error::NothingToJudge { path: path.to_owned(), reason })
    }

    /// Every certificate of a directory; what holds none is passed over.
    fn directory(&mut self, dir: &Path, asked: &Asked<'_>) {
        let mut content = Zeroizing::new(Vec::new());
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in store::walk(dir, asked.args.recursive) {
            match entry {
                Ok(path) => paths.push(path),
                Err(error) => self.errors.push(unwalkable(error)),
            }
        }
        paths.sort();
        for path in paths {
            content.clear();
            match store::fetch_regular(&path, &mut content) {
                Ok(()) => {}
                Err(source) => {
                    self.errors.push(unreadable(&path, source));
                    continue;
                }
            }
            match intake::read(&content, asked.password()) {
                Ok(found) => {
                    self.file(&path, found, asked);
                }
                Err(source) if store::is_expected(&path) => {
                    self.errors.push(Error::Unrecognised { path, source });
                }
                Err(_) => {}
            }
        }
    }

    /// Whether there was a certificate in it.
    fn file(&mut self, path: &Path, found: Vec<Found>, asked: &Asked<'_>) -> bool {
        let mut groups: Vec<(String, Vec<Found>)> = Vec::new();
        for one in found {
            let source =
                one.within.as_ref().map(|within| within.source.clone()).unwrap_or_default();
            match groups.iter_mut().find(|(name, _)| *name == source) {
                Some((_, group)) => group.push(one),
                None => groups.push((source, vec![one])),
            }
        }
        let before = self.subjects.len();
        for (_, group) in groups {
            self.subjects.extend(group::subjects(path, group, asked));
        }
        self.subjects.len() > before
    }
}

/// The certificates of a file; an error where there is none.
fn certificates(path: &Path, errors: &mut Vec<Error>) -> Result<Vec<Certificate>, Error> {
    let mut certificates = Vec::new();
    let (mut broken, mut form) = (None, None);
    for found in read(path, None)? {
        let unread = found.form.into_iter().find(|fault| !fault.is_read_by_openssl());
        form = form.or(unread);
        match found.thing {
            Thing::Certificate(certificate) => certificates.push(*certificate),
            Thing::Broken { what, reason } => broken = broken.or(Some((what, reason))),
            _ => {}
        }
    }
    let path = path.to_owned();
    // OpenSSL, and what is built on it, takes nothing of such a file.
    match (broken, form) {
        (broken, _) if certificates.is_empty() => {
            let reason =
                broken.map_or("it holds none".to_owned(), |(_, reason)| reason.to_string());
            errors.push(Error::NothingToJudge { path, reason });
        }
        (Some((what, source)), _) => {
            errors.push(Error::Malformed { path, within: None, what, source });
        }
        (None, Some(fault)) => {
            let source = PemError::Form(fault).into();
            errors.push(Error::Certificate { path, source });
        }
        (None, None) => {}
    }
    Ok(certificates)
}

/// A named source: a file, a pipe, or standard input.
fn read(path: &Path, password: Option<&str>) -> Result<Vec<Found>, Error> {
    let mut content = Zeroizing::new(Vec::new());
    store::fetch(path, &mut content).map_err(|source| unreadable(path, source))?;
    intake::read(&content, password)
        .map_err(|source| Error::Unrecognised { path: path.to_owned(), source })
}
