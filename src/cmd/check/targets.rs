//! The targets of `check`, from names, files and directories.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::{Path, PathBuf},
};

use pki::{
    input::{LocatedObject, LocationKind, ObjectError, ObjectGroup, PkiObject},
    verify::{
        check::CheckSubject,
        cross_checks::NamedCertificate,
        key::{CertificateKey, KeyStatus},
    },
    x509::pem::PemFault,
};
use zeroize::Zeroizing;

use super::{
    group::{self, CheckTarget},
    inputs::{Inputs, read},
};
use crate::{
    cmd::source::{self, Source, Unread},
    error::Error,
    issue::error::IssueError,
    report::{Note, skipped::Skipped},
    store::{self, ReadError},
};

/// All targets.
#[derive(Default)]
pub(super) struct CheckTargets {
    pub(super) all: Vec<CheckTarget>,
    /// What could not be read, although it has or should have a certificate.
    pub(super) errors: Vec<Error>,
    pub(super) notes: Vec<Note>,
    /// Files of directories that have no certificate.
    pub(super) skipped: Vec<Skipped>,
    /// Private keys that were found in directories.
    pub(super) keys: Vec<CertificateKey>,
    /// Private keys that this user may not read.
    pub(super) denied: HashSet<PathBuf>,
}

impl CheckTargets {
    pub(super) fn read(inputs: &Inputs<'_>) -> Self {
        let mut targets = Self::default();
        let mut notes = Vec::new();
        for source in Source::all(&inputs.args.targets, inputs.settings, &mut notes) {
            match source {
                Ok(Source::Directory(path)) => targets.directory(&path, inputs),
                Ok(Source::File(path)) => {
                    let failed = targets.single(&path, inputs).err();
                    targets.errors.extend(failed);
                }
                Err(error) => targets.errors.push(error),
            }
        }
        targets.errors.extend(inputs.args.key.as_deref().and_then(unusable_key));
        targets.pair();
        notes.extend(source::denied(targets.denied.len()));
        targets.notes = notes;
        targets.skipped.sort();
        targets
    }

    /// The certificates that can be read, with their indexes.
    pub(super) fn readable(&self) -> (Vec<usize>, Vec<NamedCertificate<'_>>) {
        let readable = self.all.iter().enumerate().filter_map(|(index, target)| {
            let CheckSubject { name, certificate, role, .. } = &target.subject;
            let certificate = certificate.as_ref().ok()?;
            Some((index, NamedCertificate { name, certificate, usage: role.usage() }))
        });
        readable.unzip()
    }

    /// A file that was named.
    fn single(&mut self, path: &Path, inputs: &Inputs<'_>) -> Result<(), Error> {
        let identity = source::certificate_of(path, inputs.settings);
        let path = identity.as_deref().unwrap_or(path);
        if self.file(path, read(path, inputs.password)?, inputs) {
            return Ok(());
        }
        let reason = "it has no certificate".to_owned();
        Err(Error::NothingToCheck { path: path.to_owned(), reason })
    }

    /// Every certificate of a directory; other files are skipped.
    fn directory(&mut self, dir: &Path, inputs: &Inputs<'_>) {
        let (before, skipped) = ((self.all.len(), self.errors.len()), self.skipped.len());
        let mut content = Zeroizing::new(Vec::new());
        let mut paths: Vec<PathBuf> = Vec::new();
        for entry in store::walk(dir, inputs.args.recursive) {
            match entry {
                Ok(path) => paths.push(path),
                Err(error) => self.leave(source::unwalkable(error)),
            }
        }
        paths.sort();
        for path in paths {
            let read = source::load(&path, &mut content)
                .and_then(|()| source::parse(&path, &content, inputs.password));
            match read {
                Ok(found) => self.member(&path, found, inputs),
                Err(unread) => self.leave(unread),
            }
        }
        if (self.all.len(), self.errors.len()) == before {
            let skipped = self.skipped.get(skipped..).unwrap_or_default();
            self.errors.push(source::nothing_in(dir, skipped));
        }
    }

    /// A file of a directory: its certificates, else the kind of its content.
    fn member(&mut self, path: &Path, found: Vec<LocatedObject>, inputs: &Inputs<'_>) {
        let mut other = None;
        for found in &found {
            match &found.object {
                PkiObject::PrivateKey(summary) if found.location.is_none() => {
                    self.keys.push(store::key_of(path, None, summary.clone()));
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
        if self.file(path, found, inputs) {
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
    fn file(&mut self, path: &Path, mut found: Vec<LocatedObject>, inputs: &Inputs<'_>) -> bool {
        let before = (self.all.len(), self.errors.len());
        found.retain_mut(|one| {
            let is_in_text = |it: &pki::input::Location| it.kind == LocationKind::Text;
            // A server that has the file as its certificate reads no settings.
            if store::is_expected(path) && one.location.as_ref().is_some_and(is_in_text) {
                one.form.push(PemFault::Embedded);
            }
            let fault = fault(path, one);
            let is_usable = fault.is_none();
            self.errors.extend(fault);
            is_usable
        });
        for group in ObjectGroup::all(found) {
            self.all.extend(group::targets(path, &group, inputs));
        }
        (self.all.len(), self.errors.len()) != before
    }

    /// Gives each certificate without a key beside it the key of the same directories that belongs
    /// to it, whatever its name is.
    fn pair(&mut self) {
        for CheckTarget { file, subject, .. } in &mut self.all {
            match (&subject.key.status, &subject.certificate) {
                (KeyStatus::Missing, Ok(certificate)) => {
                    let own = self.keys.iter().filter(|key| key.belongs_to(certificate));
                    let is_near = |key: &&CertificateKey| key.path.parent() == file.parent();
                    if let Some(key) = own.max_by_key(is_near) {
                        subject.key = key.clone();
                    }
                }
                (KeyStatus::Denied, _) => drop(self.denied.insert(subject.key.path.clone())),
                _ => {}
            }
        }
        self.pair_what_is_left();
    }

    /// A directory with one certificate and one key without other partners: they count as belonging to each
    /// other, whatever their names are.
    fn pair_what_is_left(&mut self) {
        let (_, certificates) = self.readable();
        let is_free = |key: &&CertificateKey| {
            // OpenSSH keys are for another use.
            matches!(&key.status, KeyStatus::Found { summary, .. } if !summary.form.contains("OpenSSH"))
                && !certificates.iter().any(|one| key.belongs_to(one.certificate))
        };
        let mut dirs: HashMap<PathBuf, (Vec<usize>, Vec<CertificateKey>)> = HashMap::new();
        for key in self.keys.iter().filter(is_free) {
            let dir = key.path.parent().unwrap_or(Path::new("")).to_owned();
            dirs.entry(dir).or_default().1.push(key.clone());
        }
        for (at, target) in self.all.iter().enumerate() {
            if let (KeyStatus::Missing, Some(dir)) =
                (&target.subject.key.status, target.file.parent())
            {
                dirs.entry(dir.to_owned()).or_default().0.push(at);
            }
        }
        for (lonely, keys) in dirs.into_values() {
            if let ([at], [key]) = (&lonely[..], &keys[..]) {
                self.all[*at].subject.key = key.clone();
            }
        }
    }
}

/// The error of an object that has no verdict: the file has or should have a certificate, but none that can
/// be checked.
///
/// An unreadable certificate gets its own verdict. An object that is not a certificate (a request, a
/// key) is not an error, except in a Secret, whose values belong together.
fn fault(path: &Path, found: &LocatedObject) -> Option<Error> {
    let location = found.location.as_ref();
    match &found.object {
        PkiObject::Misplaced(reason) => {
            let within = location.map(ToString::to_string).unwrap_or_default();
            Some(Error::Secret { path: path.to_owned(), within, reason })
        }
        PkiObject::Broken { what, reason } => {
            // The hint of the error shows how to convert it to a certificate.
            let has_remedy =
                matches!(reason, ObjectError::EscapedNewlines | ObjectError::EncodedTwice(_));
            let is_fault = match *what {
                // A verdict of its own, or no certificate.
                "certificate"
                | "DER structure"
                | "certificate request"
                | "revocation list"
                | "public key" => false,
                "private key" => location.is_some(),
                _ => true,
            };
            (has_remedy || is_fault)
                .then(|| IssueError::malformed(path, location, what, reason.clone()).into())
        }
        _ => None,
    }
}

/// Why the key that `--key` names cannot be compared with anything.
fn unusable_key(path: &Path) -> Option<Error> {
    let path = path.to_owned();
    match store::read_key(&path).status {
        KeyStatus::Missing => Some(Error::NoInput { path }),
        KeyStatus::Denied => {
            let denied = io::Error::from(io::ErrorKind::PermissionDenied);
            Some(ReadError::from(denied).at(path).into())
        }
        KeyStatus::Unreadable(_) | KeyStatus::Unknown => {
            let reason = "it has no readable private key".to_owned();
            Some(Error::NothingToCheck { path, reason })
        }
        KeyStatus::Found { .. } | KeyStatus::NotExpected => None,
    }
}
