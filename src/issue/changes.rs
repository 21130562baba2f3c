//! The change list: what a command will write. Building one changes nothing.

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
    identity::{Identity, IdentityName},
};

/// What a command that issues will write, all of it in one commit.
pub(crate) struct ChangeList {
    pub(crate) ca: CaChange,
    /// Files that move to `archive/<name>/`.
    pub(crate) archive: Option<ArchivedSet>,
    /// The issuer of the replaced certificates, if it is not the CA that signs now.
    pub(crate) old_ca: Option<Certificate>,
    pub(crate) tasks: Vec<IssueTask>,
    /// The highest serial that a certificate of the directory has.
    pub(crate) highest: Option<Serial>,
}

/// What happens to the CA.
pub(crate) enum CaChange {
    /// It signs, and is not changed.
    Keep(Box<Authority>),
    /// Its certificate is renewed: the content of its file, and the CA with the new certificate.
    Renew { authority: Box<Authority>, file: String, content: Vec<u8> },
    /// It is only shown and signs nothing: a dry run needs no key.
    Shown(Box<Certificate>),
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
            Self::Keep(_) | Self::Renew { .. } | Self::Shown(_) => None,
        }
    }

    /// The certificate that signs; none for a CA that is created.
    pub(crate) fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Keep(authority) | Self::Renew { authority, .. } => Some(authority.certificate()),
            Self::Shown(certificate) => Some(certificate),
            Self::Create { .. } => None,
        }
    }

    /// The subject of the CA, which is the issuer of what it signs.
    pub(crate) fn subject(&self) -> &Name {
        match self {
            Self::Keep(authority) | Self::Renew { authority, .. } => {
                authority.certificate().subject()
            }
            Self::Shown(certificate) => certificate.subject(),
            Self::Create { subject, .. } => subject,
        }
    }
}

impl IssueTask {
    pub(crate) fn new_key(&self) -> Option<KeyType> {
        match self.key {
            KeySource::New(kind) => Some(kind),
            KeySource::Kept(_) => None,
        }
    }
}
