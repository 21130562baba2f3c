//! The change list: what a command will write. Building one changes nothing.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use pki::x509::{
    certificate::Certificate,
    key::{KeyType, PublicKey},
    name::Name,
    serial::Serial,
    validity::Validity,
};

use super::{
    authority::Authority,
    certificate_contents::CertificateContents,
    error::IssueError,
    identity::{Identity, IdentityName},
    urgency::Urgency,
};
use crate::{hint::Note, store::Sensitivity};

/// What a command that issues will write, all of it in one commit; and what it leaves, with the reasons.
pub(crate) struct ChangeList {
    pub(crate) ca: CaChange,
    /// Why the CA cannot sign, or its files cannot be written.
    pub(crate) ca_error: Option<IssueError>,
    /// The CA expires within the expiry window.
    pub(crate) ca_due: bool,
    /// Files that move to `archive/<name>/`.
    pub(crate) archive: Option<ArchivedSet>,
    /// The issuer of the replaced certificates, if it is not the CA that signs now.
    pub(crate) old_ca: Option<Certificate>,
    /// What happens to each name, in the order of the report.
    pub(crate) decisions: Vec<Decision>,
    /// The highest serial that a certificate of the directory has.
    pub(crate) highest: Option<Serial>,
    pub(crate) notes: Vec<Note>,
    /// The copies that a renewal makes stale.
    pub(crate) copies: Vec<StaleCopy>,
}

/// What happens to one name: its task, or the certificate that stays.
#[derive(Debug)]
pub(crate) struct Decision {
    /// Of the identity, or a file of another layout.
    pub(crate) name: String,
    pub(crate) action: Action,
    pub(crate) task: Option<IssueTask>,
    /// The certificate that is there and stays.
    pub(crate) certificate: Option<Box<Certificate>>,
    pub(crate) reason: Option<String>,
    /// How it differs from the plan.
    pub(crate) changes: Vec<Drift>,
    pub(crate) error: Option<IssueError>,
}

/// A property of a certificate that differs from its spec.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Drift {
    /// `common_name`, `san`, `usage`, `key_type` or `days`, the field in certctl.toml.
    pub(crate) field: &'static str,
    pub(crate) is: String,
    pub(crate) wanted: String,
}

/// What a command does with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Action {
    /// It is new.
    Created,
    /// It replaces another certificate.
    Renewed,
    /// It was replaced, and `--rollback` put it back.
    Restored,
    /// It is as it was: used, or not due.
    Unchanged,
    /// It was not changed; `reason` is the cause.
    Skipped,
    /// It is in the plan and not in the directory.
    Missing,
    /// It is in the directory and not in the plan.
    Unmanaged,
    /// `error` is the cause.
    Failed,
}

/// A file with a copy of the current certificate of an identity.
pub(crate) struct StaleCopy {
    identity: IdentityName,
    path: PathBuf,
    /// A hook of `--exec` may copy it again.
    modified: Option<SystemTime>,
    note: Note,
}

/// What happens to the CA.
pub(crate) enum CaChange {
    /// It signs, and is not changed.
    Keep(Box<Authority>),
    /// Its certificate is renewed: the CA with the new certificate, the old one, and the new content of its file.
    Renew { authority: Box<Authority>, old: Box<Certificate>, file: String, content: Vec<u8> },
    /// It is only shown and signs nothing, as a dry run needs no key; with the validity that a renewal would
    /// give it.
    Shown(Box<Certificate>, Option<Validity>),
    /// It is created.
    Create { subject: Name, key_type: KeyType, validity: Validity },
}

/// An old set of files, and the name of its folder in `archive/`.
#[derive(Clone, Debug)]
pub(crate) struct ArchivedSet {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
}

/// One identity to issue.
#[derive(Debug)]
pub(crate) struct IssueTask {
    pub(crate) name: IdentityName,
    pub(crate) request: CertificateContents,
    pub(crate) key: KeySource,
    /// The certificate that it replaces, with the chain in its file.
    pub(crate) replaces: Option<Box<Identity>>,
}

/// Where the public key of a certificate comes from.
#[derive(Debug)]
pub(crate) enum KeySource {
    /// A new key.
    New(KeyType),
    /// The key of the old certificate; no key file is written.
    Kept(PublicKey),
}

impl CaChange {
    /// The key type of a CA that is created.
    pub(crate) fn new_key(&self) -> Option<KeyType> {
        match self {
            Self::Create { key_type, .. } => Some(*key_type),
            Self::Keep(_) | Self::Renew { .. } | Self::Shown(..) => None,
        }
    }

    /// The certificate that signs; none for a CA that is created.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Keep(authority) | Self::Renew { authority, .. } => Some(authority.certificate()),
            Self::Shown(certificate, _) => Some(certificate),
            Self::Create { .. } => None,
        }
    }

    /// The subject of the CA, which is the issuer of what it signs.
    pub(crate) fn subject(&self) -> &Name {
        match self {
            Self::Keep(authority) | Self::Renew { authority, .. } => {
                authority.certificate().subject()
            }
            Self::Shown(certificate, _) => certificate.subject(),
            Self::Create { subject, .. } => subject,
        }
    }
}

impl ChangeList {
    /// A list without identities.
    pub(crate) fn new(ca: CaChange) -> Self {
        Self {
            ca,
            ca_error: None,
            ca_due: false,
            archive: None,
            old_ca: None,
            decisions: Vec::new(),
            highest: None,
            notes: Vec::new(),
            copies: Vec::new(),
        }
    }

    pub(crate) fn tasks(&self) -> impl Iterator<Item = &IssueTask> {
        self.decisions.iter().filter_map(|decision| decision.task.as_ref())
    }

    /// The certificate of the CA that signs, which must exist.
    pub(crate) fn ca(&self) -> &Certificate {
        let Some(certificate) = self.ca.certificate() else {
            unreachable!("only `gen` creates a CA")
        };
        certificate
    }

    /// Whether identities are created, and none is renewed.
    pub(crate) fn creates(&self) -> bool {
        self.decisions.iter().any(|decision| decision.action == Action::Created)
    }

    /// Whether nothing will be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.tasks().next().is_none() && matches!(self.ca, CaChange::Keep(_) | CaChange::Shown(..))
    }

    /// Whether a name has an error, but for one that is due and cannot be renewed: the others are renewed then.
    pub(crate) fn is_refused(&self) -> bool {
        let mut errors = self.decisions.iter().filter_map(|decision| decision.error.as_ref());
        errors.any(|error| match error {
            IssueError::NotRenewed { urgency, .. } => *urgency == Urgency::Named,
            _ => true,
        })
    }

    /// Leaves everything as it is, because a name cannot be renewed.
    pub(crate) fn withdraw(&mut self) {
        for decision in self.decisions.iter_mut().filter(|decision| decision.task.is_some()) {
            let reason = Some("nothing is renewed, as another name cannot be renewed".to_owned());
            *decision = Decision { reason, ..Decision::new(&decision.name, Action::Skipped) };
        }
        if let CaChange::Renew { old, .. } | CaChange::Shown(old, _) = &self.ca {
            self.ca = CaChange::Shown(old.clone(), None);
        }
    }
}

impl Decision {
    pub(crate) fn new(name: &(impl ToString + ?Sized), action: Action) -> Self {
        Self {
            name: name.to_string(),
            action,
            task: None,
            certificate: None,
            reason: None,
            changes: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn failed(name: &(impl ToString + ?Sized), error: impl Into<IssueError>) -> Self {
        Self { error: Some(error.into()), ..Self::new(name, Action::Failed) }
    }

    /// The identity is issued: created, or renewed if the task replaces a certificate.
    pub(crate) fn issue(task: IssueTask) -> Self {
        let action = if task.replaces.is_some() { Action::Renewed } else { Action::Created };
        let decision = Self::new(&task.name, action);
        Self { task: Some(task), ..decision }
    }
}

impl StaleCopy {
    pub(crate) fn new(identity: IdentityName, path: PathBuf, note: Note) -> Self {
        let modified = modified(&path);
        Self { identity, path, modified, note }
    }

    /// The note, if the identity was `renewed` and the copy is as before.
    pub(crate) fn note(self, renewed: impl Fn(&str) -> bool) -> Option<Note> {
        let is_stale = renewed(self.identity.as_str()) && modified(&self.path) == self.modified;
        is_stale.then_some(self.note)
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

impl IssueTask {
    /// Its files: the key, if it is new, and the certificate.
    pub(crate) fn files(&self) -> Vec<(String, Sensitivity)> {
        let key = self.new_key().map(|_| (self.name.key_file(), Sensitivity::Secret));
        let certificate = (self.name.certificate_file(), Sensitivity::Public);
        key.into_iter().chain([certificate]).collect()
    }

    /// The key file that it replaces.
    pub(crate) fn old_key_file(&self) -> Option<String> {
        self.replaces.as_ref().filter(|old| old.has_key).map(|old| old.name.key_file())
    }

    pub(crate) fn new_key(&self) -> Option<KeyType> {
        match self.key {
            KeySource::New(kind) => Some(kind),
            KeySource::Kept(_) => None,
        }
    }
}
