//! Copies of pairs and of ca.pem in the directory of a service: what `export --to` and
//! `render --out-dir` write. The CA's key is never among them.

use std::{
    io,
    path::{Path, PathBuf},
};

use pki::x509::certificate::Certificate;
use zeroize::Zeroizing;

use super::error::{DeployError, UnmetRequirement};
use crate::{
    issue::{
        error::IssueError,
        identity::{IdentityName, parse_key},
        identity_files::{Pair, certificates, precedes},
    },
    path_text::PathText as _,
    store::{
        CA_CERTIFICATE, CA_KEY, FileSet, LIMIT, LockOptions, ReadError, Readers, Sensitivity, Store,
    },
};

/// The files to copy.
pub(crate) struct Copies<'a> {
    pub(crate) pairs: &'a [Pair],
    /// What is in the CA's file.
    pub(crate) ca_file: &'a [u8],
    /// Who may read the keys.
    pub(crate) key: Readers,
    /// Who may read the certificates.
    pub(crate) certificate: Readers,
    /// The directory of the other identities of the CA, of which the service may have older copies.
    pub(crate) home: Option<&'a Store>,
}

/// The result of a copy.
#[derive(Debug)]
pub(crate) struct CopyResult {
    pub(crate) copied: Vec<Copied>,
    /// Older copies that do not chain to the new ca.pem: they must be copied again, too.
    pub(crate) left_behind: Vec<IdentityName>,
    /// Certificates beside a new ca.pem that cannot be read, so their issuer is unknown.
    pub(crate) unread: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FileKind {
    Key,
    Certificate,
    /// The CA's certificate.
    Ca,
    /// PKCS#12.
    Keystore,
}

/// One file of the result.
#[derive(Debug)]
pub(crate) struct Copied {
    pub(crate) path: PathBuf,
    pub(crate) kind: FileKind,
    /// It was written; else it was up to date.
    pub(crate) changed: bool,
}

impl Copies<'_> {
    /// Publishes the files in a directory as one set; a missing directory is created.
    ///
    /// An earlier copy is replaced. Unrelated files are an
    /// error, and stay. If all files are up to date, nothing is written.
    pub(crate) fn publish(
        &self,
        dir: &Path,
        options: &LockOptions,
    ) -> Result<CopyResult, DeployError> {
        let store = Store::new(dir);
        let settled = Self::settled(&store, "", &self.files(&store, "")?)?;
        if let Some(result) = settled.filter(|_| store.is_idle()) {
            return Ok(result);
        }
        let locked = store.lock(options)?;
        let mut set = locked.file_set()?;
        let result = self.stage(locked.store(), "", &mut set)?;
        set.commit()?;
        Ok(result)
    }

    /// The files, if all of them are up to date: settings of a client
    /// may be beside the files of the CA that they name.
    fn settled(
        store: &Store,
        folder: &str,
        files: &[File<'_>],
    ) -> Result<Option<CopyResult>, DeployError> {
        if files.iter().all(File::is_settled) {
            let copied = files.iter().map(File::copied).collect();
            return Ok(Some(CopyResult { copied, left_behind: Vec::new(), unread: Vec::new() }));
        }
        if store.has(&below(folder, CA_KEY))? {
            return Err(IssueError::Exists {
                paths: vec![store.path(&below(folder, CA_KEY))],
                hint: "that is the directory of a CA: name the directory of the service".into(),
            }
            .into());
        }
        Ok(None)
    }

    /// Adds the files to a set, for a subfolder of the directory if `folder` is not empty.
    pub(crate) fn stage(
        &self,
        store: &Store,
        folder: &str,
        set: &mut FileSet<'_>,
    ) -> Result<CopyResult, DeployError> {
        let files = self.files(store, folder)?;
        if let Some(result) = Self::settled(store, folder, &files)? {
            return Ok(result);
        }
        refuse_other_files(&files)?;
        let (left_behind, unread) = self.left_behind(store, folder, &files)?;
        let mut copied = Vec::new();
        for file in &files {
            let one = file.copied();
            if one.changed {
                let sensitivity = match one.kind {
                    FileKind::Key => Sensitivity::Secret,
                    _ => Sensitivity::Public,
                };
                let path = below(folder, &file.name);
                let slot = set.prepare_for(&path, sensitivity, file.readers)?;
                set.write(slot, file.content)?;
            }
            copied.push(one);
        }
        Ok(CopyResult { copied, left_behind, unread })
    }

    /// The identities in the directory that would not chain to the new ca.pem, and the certificates that
    /// cannot be read. Identities that cannot be exported again from here are an error: another CA of the
    /// same name signed them.
    fn left_behind(
        &self,
        store: &Store,
        folder: &str,
        files: &[File<'_>],
    ) -> Result<(Vec<IdentityName>, Vec<PathBuf>), DeployError> {
        let is_changed = |file: &File<'_>| file.present.is_some() && !file.is_there();
        if !files.last().is_some_and(is_changed) {
            return Ok((Vec::new(), Vec::new()));
        }
        let anchors = certificates(self.ca_file);
        let first = |store: &Store, file: &str| {
            certificates(&store.read(file, LIMIT).ok()?).into_iter().next()
        };
        let (mut left, mut unread, mut unmet) = (Vec::new(), Vec::new(), Vec::new());
        for name in store.files_in(if folder.is_empty() { "." } else { folder })? {
            let identity = name.strip_suffix(".pem").and_then(|stem| stem.parse().ok());
            let Some(identity) = identity else { continue };
            let Some(old) = first(store, &below(folder, &name)) else {
                unread.push(store.path(&below(folder, &name)));
                continue;
            };
            let is_issued = |by: &Certificate| anchors.iter().any(|anchor| by.is_issued_by(anchor));
            let is_concerned = anchors.iter().any(|anchor| anchor.subject() == old.issuer());
            if files.iter().any(|file| file.name == name) || !is_concerned || is_issued(&old) {
                continue;
            }
            let here = self.home.and_then(|home| first(home, &name));
            if here.is_some_and(|new| precedes(&old, &new) && is_issued(&new)) {
                left.push(identity);
            } else {
                let [file, ca] =
                    [&*name, CA_CERTIFICATE].map(|file| store.path(&below(folder, file)).shown());
                unmet.push(UnmetRequirement::new(
                    format!(
                        "`{file}` would no longer chain to `{ca}`: another CA of the same name \
                        signed it"
                    ),
                    "move it away, or name another directory",
                ));
            }
        }
        UnmetRequirement::refuse(unmet)?;
        Ok((left, unread))
    }

    /// The files of the set, in the order in which they must appear.
    fn files(&self, store: &Store, folder: &str) -> Result<Vec<File<'_>>, DeployError> {
        let mut files: Vec<File<'_>> = Vec::new();
        for pair in self.pairs {
            let certificate = pair.name.certificate_file();
            // One identity may be server and client.
            if files.iter().any(|file| file.name == certificate) {
                continue;
            }
            let content = pair.require_key()?.content.as_slice();
            let (key, is) = (pair.name.key_file(), (FileKind::Key, Some(pair)));
            files.push(File::read(store, folder, key, is, content, &self.key)?);
            let (is, content) = ((FileKind::Certificate, Some(pair)), &pair.certificate_file);
            files.push(File::read(store, folder, certificate, is, content, &self.certificate)?);
        }
        let name = CA_CERTIFICATE.to_owned();
        let readers = &self.certificate;
        files.push(File::read(store, folder, name, (FileKind::Ca, None), self.ca_file, readers)?);
        Ok(files)
    }
}

/// One file of the set.
struct File<'a> {
    name: String,
    path: PathBuf,
    kind: FileKind,
    /// The identity, unless it is the CA's certificate.
    pair: Option<&'a Pair>,
    content: &'a [u8],
    readers: &'a Readers,
    /// The content of the file that exists there.
    present: Option<Zeroizing<Vec<u8>>>,
    /// The existing file has the right group and mode.
    suits: bool,
}

impl<'a> File<'a> {
    fn read(
        store: &Store,
        folder: &str,
        name: String,
        (kind, pair): (FileKind, Option<&'a Pair>),
        content: &'a [u8],
        readers: &'a Readers,
    ) -> Result<Self, DeployError> {
        let file = below(folder, &name);
        let path = store.path(&file);
        let present = match store.read(&file, LIMIT) {
            Ok(content) => Some(Zeroizing::new(content)),
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(ReadError::NotRegular(_)) => {
                let hint =
                    "it is not a regular file: move it away, or name another directory".into();
                return Err(IssueError::Exists { paths: vec![path], hint }.into());
            }
            Err(source) => return Err(source.at(path).into()),
        };
        let suits = store.suits(&file, readers);
        Ok(Self { name, path, kind, pair, content, readers, present, suits })
    }

    fn is_there(&self) -> bool {
        self.present.as_ref().is_some_and(|present| present.as_slice() == self.content)
    }

    /// Whether the same file exists, for the right readers.
    fn is_settled(&self) -> bool {
        self.is_there() && self.suits
    }

    fn copied(&self) -> Copied {
        Copied { path: self.path.clone(), kind: self.kind, changed: !self.is_settled() }
    }

    /// Whether the existing file is not an earlier copy.
    fn is_unrelated(&self, files: &[Self]) -> bool {
        let Some(present) = self.present.as_ref().filter(|_| !self.is_there()) else {
            return false;
        };
        !match self.pair {
            None => succeeds(self.content, present),
            Some(pair) if self.kind == FileKind::Certificate => self.predecessor(pair).is_some(),
            Some(pair) => {
                let beside = pair.name.certificate_file();
                let certificate = files.iter().find(|file| file.name == beside);
                let belongs = |old: Certificate| {
                    parse_key(&self.path, present).is_ok_and(|key| key.public() == old.public_key())
                };
                certificate.and_then(|file| file.predecessor(pair)).is_some_and(belongs)
            }
        }
    }

    /// The older certificate of the same identity in its place.
    fn predecessor(&self, pair: &Pair) -> Option<Certificate> {
        let old = certificates(self.present.as_ref()?).into_iter().next()?;
        precedes(&old, &pair.certificate).then_some(old)
    }
}

fn refuse_other_files(files: &[File<'_>]) -> Result<(), DeployError> {
    let unrelated = files.iter().filter(|file| file.is_unrelated(files));
    let paths: Vec<PathBuf> = unrelated.map(|file| file.path.clone()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    Err(IssueError::Exists {
        paths,
        hint: "they are not earlier copies of these: move them away, or name another directory"
            .into(),
    }
    .into())
}

/// A file of the directory, or of a subfolder.
fn below(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Whether all trust anchors of a file are in the other, or newer ones of the same names.
fn succeeds(new: &[u8], old: &[u8]) -> bool {
    let (new, old) = (certificates(new), certificates(old));
    let is_known = |old: &Certificate| new.iter().any(|new| new.subject() == old.subject());
    !old.is_empty() && old.iter().all(is_known)
}
