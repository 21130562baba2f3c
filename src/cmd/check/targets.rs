//! The targets of `check`, from names, files and directories, and the trust anchors.

pub(super) mod bundle;
mod chains;
mod faults;
mod group;
mod key_names;
mod keys;
mod target;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use pki::{
    input::{self, LocatedObject, Location, PkiObject},
    x509::{
        certificate::Certificate,
        pem::{PemError, PemFault},
    },
};
use zeroize::Zeroizing;

use crate::{
    cli::CheckArgs,
    cmd::source::{self, Source, Unread, unreadable},
    config::Settings,
    error::Error,
    issue::error::IssueError,
    report::{Note, skipped::Skipped},
    store,
};
pub(super) use keys::Key;
pub(super) use target::{CheckContext, CheckTarget, Trust};

/// All targets.
#[derive(Default)]
pub(super) struct CheckTargets {
    pub(super) subjects: Vec<CheckTarget>,
    /// What could not be read, although it has or should have a certificate.
    pub(super) errors: Vec<Error>,
    pub(super) notes: Vec<Note>,
    /// Files of directories that have no certificate.
    pub(super) skipped: Vec<Skipped>,
    /// Private keys that were found in directories.
    keys: Vec<Key>,
    /// Private keys that this user may not read.
    denied: HashSet<PathBuf>,
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
            let before = (revocation.len(), errors.len());
            for found in read(path, None)? {
                match found.object {
                    PkiObject::RevocationList(list) => revocation.push(*list),
                    PkiObject::Broken {
                        what: "certificate" | "private key" | "certificate request" | "public key",
                        ..
                    } => {}
                    PkiObject::Broken { what, reason: source } => {
                        let within = found.location.map(|within| within.to_string().into());
                        errors.push(
                            IssueError::Malformed { path: path.clone(), within, what, source }
                                .into(),
                        );
                    }
                    _ => {}
                }
            }
            if (revocation.len(), errors.len()) == before {
                errors.push(Error::NoRevocationList { path: path.clone() });
            }
        }
        Ok(Self { anchors, untrusted, revocation })
    }
}

impl CheckTargets {
    pub(super) fn read(asked: &CheckContext<'_>) -> Self {
        let mut collection = Self::default();
        let mut notes = Vec::new();
        for source in Source::all(&asked.args.targets, asked.settings, &mut notes) {
            let taken = source.and_then(|source| match source {
                Source::Directory(path) => {
                    collection.directory(&path, asked);
                    Ok(())
                }
                single => collection.single(single.path(), asked),
            });
            collection.errors.extend(taken.err());
        }
        collection.errors.extend(asked.args.key.as_deref().and_then(keys::unusable));
        collection.pair();
        notes.extend(source::denied(collection.denied.len()));
        collection.notes = notes;
        collection.skipped.sort();
        collection
    }

    /// Keeps the targets only for a comparison: they are not checked.
    pub(super) fn silence(&mut self) {
        self.errors.clear();
        self.notes.clear();
        self.skipped.clear();
    }

    /// A file that was named.
    fn single(&mut self, path: &Path, asked: &CheckContext<'_>) -> Result<(), Error> {
        let identity = source::certificate_of(path, asked.settings);
        let path = identity.as_deref().unwrap_or(path);
        if self.file(path, read(path, asked.password())?, asked) {
            return Ok(());
        }
        let reason = "it has no certificate".to_owned();
        Err(Error::NothingToCheck { path: path.to_owned(), reason })
    }

    /// Every certificate of a directory; other files are skipped.
    fn directory(&mut self, dir: &Path, asked: &CheckContext<'_>) {
        let before = (self.subjects.len(), self.errors.len(), self.skipped.len());
        let mut content = Zeroizing::new(Vec::new());
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in store::walk(dir, asked.args.recursive) {
            match entry {
                Ok(path) => paths.push(path),
                Err(error) => self.leave(source::unwalkable(error)),
            }
        }
        paths.sort();
        for path in paths {
            let read = source::load(&path, &mut content).and_then(|()| {
                input::read(&content, asked.password())
                    .map_err(|unknown| source::unrecognised(&path, unknown))
            });
            match read {
                Ok(found) => self.member(&path, found, asked),
                Err(unread) => self.leave(unread),
            }
        }
        if (self.subjects.len(), self.errors.len()) == (before.0, before.1) {
            let skipped = self.skipped.get(before.2..).unwrap_or_default();
            self.errors.push(source::nothing_in(dir, skipped));
        }
    }

    /// A file of a directory: its certificates, else the kind of its content.
    fn member(&mut self, path: &Path, found: Vec<LocatedObject>, asked: &CheckContext<'_>) {
        let mut other = None;
        for found in &found {
            match &found.object {
                PkiObject::PrivateKey(facts) if found.location.is_none() => {
                    self.keys.push(keys::found(path, facts.clone()));
                    other = other.or(Some(""));
                }
                PkiObject::Request(_) => other = Some("a certificate request"),
                PkiObject::RevocationList(_) => other = Some("a CRL"),
                PkiObject::PublicKey(_) => other = Some("a public key"),
                PkiObject::Broken { what, .. } => other = Some(what),
                PkiObject::Certificate(_) | PkiObject::PrivateKey(_) | PkiObject::Misplaced(_) => {}
            }
        }
        // A private key is compared with its certificate, so its file was not skipped.
        if self.file(path, found, asked) {
            return;
        }
        if source::is_of_a_key(path) {
            let reason = "it has no certificate, and its key is beside it".to_owned();
            self.errors.push(Error::NothingToCheck { path: path.to_owned(), reason });
        } else if let Some(reason) = other.filter(|reason| !reason.is_empty()) {
            self.skipped.push(Skipped { path: path.to_owned(), reason: reason.into() });
        }
    }

    fn leave(&mut self, unread: Unread) {
        match unread {
            Unread::Skipped(skipped) => self.skipped.push(skipped),
            Unread::Denied(path) => drop(self.denied.insert(path)),
            Unread::Failed(error) => self.errors.push(error),
            Unread::Own => {}
        }
    }

    /// Whether there was a certificate in it, or should have been.
    fn file(&mut self, path: &Path, found: Vec<LocatedObject>, asked: &CheckContext<'_>) -> bool {
        let before = (self.subjects.len(), self.errors.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<Vec<LocatedObject>> = Vec::new();
        for one in found {
            let one = match faults::of(path, one) {
                Ok(mut one) => {
                    // A server that has the file as its certificate reads no settings.
                    let is_value = |location: &Location| {
                        location.source.is_empty() && location.entry.starts_with("line ")
                    };
                    if store::is_expected(path) && one.location.as_ref().is_some_and(is_value) {
                        one.form.push(PemFault::Embedded);
                    }
                    one
                }
                Err(error) => {
                    self.errors.push(*error);
                    continue;
                }
            };
            let source = one.location.as_ref().map(|within| within.source.clone());
            let place = *places.entry(source.unwrap_or_default()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        for group in groups {
            self.subjects.extend(group::subjects(path, group, asked));
        }
        (self.subjects.len(), self.errors.len()) != before
    }

    /// Gives each certificate without a key beside it the key of the same directories that belongs
    /// to it, whatever its name is.
    fn pair(&mut self) {
        for subject in &mut self.subjects {
            let (Key::Missing(_), Ok(certificate)) = (&subject.key, &subject.certificate) else {
                if let Key::Denied(path) = &subject.key {
                    self.denied.insert(path.clone());
                }
                continue;
            };
            let own = self.keys.iter().filter(|key| key.belongs_to(certificate));
            let is_near = |key: &&Key| key.path().parent() == subject.file.parent();
            if let Some(key) = own.max_by_key(is_near) {
                subject.key = key.clone();
            }
        }
        self.pair_what_is_left();
    }

    /// A directory with one certificate and one key without other partners: they count as belonging to each
    /// other, whatever their names are.
    fn pair_what_is_left(&mut self) {
        let certificates: Vec<&Certificate> =
            self.subjects.iter().filter_map(|subject| subject.certificate.as_ref().ok()).collect();
        let is_free =
            |key: &&Key| key.is_of_tls() && !certificates.iter().any(|one| key.belongs_to(one));
        let mut keys: HashMap<PathBuf, Vec<Key>> = HashMap::new();
        for key in self.keys.iter().filter(is_free) {
            let dir = key.path().parent().unwrap_or(Path::new("")).to_owned();
            keys.entry(dir).or_default().push(key.clone());
        }
        let mut lonely: HashMap<PathBuf, Vec<usize>> = HashMap::new();
        for (place, subject) in self.subjects.iter().enumerate() {
            if let (Key::Missing(_), Some(dir)) = (&subject.key, subject.file.parent()) {
                lonely.entry(dir.to_owned()).or_default().push(place);
            }
        }
        for (dir, places) in lonely {
            if let ([place], Some([key])) = (&places[..], keys.get(&dir).map(Vec::as_slice)) {
                self.subjects[*place].key = key.clone();
            }
        }
    }
}

/// The certificates of a file of `--ca` or `--untrusted`; an error for each that cannot be read, and
/// where there is none.
fn certificates(path: &Path, errors: &mut Vec<Error>) -> Result<Vec<Certificate>, Error> {
    let mut certificates = Vec::new();
    let before = errors.len();
    let mut form = None;
    for found in read(path, None)? {
        let within = found.location.as_ref().map(ToString::to_string);
        // OpenSSL, and programs that use it, load nothing from such a file.
        form = form.or(found.form.into_iter().find(|fault| !fault.is_read_by_openssl()));
        match found.object {
            PkiObject::Certificate(certificate) => certificates.push(*certificate),
            PkiObject::Broken {
                what: "private key" | "certificate request" | "public key",
                ..
            } => {}
            PkiObject::Broken { what, reason: source } => {
                errors.push(
                    IssueError::Malformed {
                        path: path.to_owned(),
                        within: within.map(Into::into),
                        what,
                        source,
                    }
                    .into(),
                );
            }
            _ => {}
        }
    }
    if errors.len() > before {
        return Ok(certificates);
    }
    let path = path.to_owned();
    match form {
        _ if certificates.is_empty() => {
            errors.push(Error::NothingToCheck { path, reason: "it has none".to_owned() });
        }
        Some(fault) => {
            let source = PemError::Form(fault).into();
            errors.push(IssueError::Certificate { path, source }.into());
        }
        None => {}
    }
    Ok(certificates)
}

/// A named source: a file, a pipe, or standard input.
fn read(path: &Path, password: Option<&str>) -> Result<Vec<LocatedObject>, Error> {
    let mut content = Zeroizing::new(Vec::new());
    store::fetch(path, &mut content).map_err(|source| unreadable(path, source))?;
    let mut found = input::read(&content, password)
        .map_err(|source| IssueError::Unrecognised { path: path.to_owned(), source })?;
    // What `kubectl -o jsonpath` prints is a value of a Secret, not the file of a server.
    if store::is_stdin(path) {
        for one in &mut found {
            one.form.retain(|fault| *fault != PemFault::NoBeginLine);
        }
    }
    Ok(found)
}
