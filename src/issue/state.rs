//! The state of a certificate: whether it is due, differs from the plan, and can be renewed.
//!
//! `status`, `check` and `renew` all use it, so that they agree.

pub(crate) mod hint;

use pki::x509::{
    certificate::Certificate,
    validity::{ExpiryWindow, Validity},
};
use time::OffsetDateTime;

use super::{
    changes::Drift,
    error::IssueError,
    identity::{Identity, IdentityName},
    key_files::{KeyFiles, KeyState},
    layout::{Form, OtherFile, folder_of},
    spec::IdentitySpec,
    urgency::Urgency,
};
use crate::{path_text::PathText as _, store::Store};

/// What the certificate alone shows.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) expired: bool,
    /// Its notBefore, if that is in the future: the clock of the issuing machine was ahead.
    pub(crate) not_yet_valid: Option<OffsetDateTime>,
    /// It expires within the window, or has expired.
    pub(crate) due: bool,
    /// How it differs from its entry in the plan.
    pub(crate) differences: Vec<Drift>,
    /// There is a plan without an entry for it.
    pub(crate) unmanaged: bool,
}

/// Why a certificate is not renewed by certctl.
#[derive(Clone, Debug)]
pub(crate) enum Obstacle {
    /// Its key is not in the directory.
    NoKey,
    /// Its key is not in `NAME.key`, but in this file of the directory.
    KeyNamed(String),
    /// Its key file has the only key of another certificate, in that file.
    KeyOf(String),
    Encrypted,
    UnknownKey,
    /// Its key file also has this, which a new key file would not have.
    MixedKey(&'static str),
    /// It is in a file that certctl does not replace; with the file of its key.
    Layout(Form, Option<String>),
    /// It is a copy of this identity, which has the same names; with the file of the copied key.
    Copy(IdentityName, Form, Option<String>),
    /// Another CA signed it, although the plan has an entry for it.
    OtherIssuer,
    /// Its signature has an algorithm that certctl cannot verify.
    Signature,
    /// The CA has expired and cannot sign.
    CaExpired,
}

impl State {
    pub(crate) fn of(
        certificate: &Certificate,
        spec: Option<&IdentitySpec>,
        has_plan: bool,
        window: Option<ExpiryWindow>,
        now: OffsetDateTime,
    ) -> Self {
        let validity = certificate.validity();
        let expired = has_expired(validity, now);
        Self {
            expired,
            not_yet_valid: Some(validity.not_before).filter(|not_before| now < *not_before),
            due: expired || window.is_some_and(|window| window.reached(now, validity)),
            differences: spec.map(|spec| spec.differences(certificate)).unwrap_or_default(),
            unmanaged: has_plan && spec.is_none(),
        }
    }

    /// The state without the plan.
    pub(crate) fn dates(
        certificate: &Certificate,
        window: Option<ExpiryWindow>,
        now: OffsetDateTime,
    ) -> Self {
        Self::of(certificate, None, false, window, now)
    }

    /// How urgent its renewal is; `None` if it is valid, not due and as planned.
    pub(crate) fn urgency(&self) -> Option<Urgency> {
        match (self.expired, self.not_yet_valid, self.due, self.differences.is_empty()) {
            (true, ..) => Some(Urgency::Expired),
            (false, Some(not_before), ..) => Some(Urgency::NotYetValid(not_before)),
            (false, None, true, _) => Some(Urgency::Due),
            (false, None, false, false) => Some(Urgency::Differs),
            (false, None, false, true) => None,
        }
    }
}

/// Whether notAfter has passed: notAfter is the last valid second (RFC 5280 section 4.1.2.5).
pub(crate) fn has_expired(validity: &Validity, now: OffsetDateTime) -> bool {
    now > validity.not_after
}

impl Obstacle {
    /// Why an identity cannot get a new key and certificate; `None` if it can.
    pub(crate) fn of(
        store: &Store,
        identity: &Identity,
        keys: &KeyFiles<'_>,
    ) -> Result<Option<Self>, IssueError> {
        let state = KeyState::of(store, identity)?;
        let is_missing = match state {
            KeyState::Plain => return Ok(None),
            KeyState::Encrypted => return Ok(Some(Self::Encrypted)),
            KeyState::Unknown => return Ok(Some(Self::UnknownKey)),
            KeyState::Mixed(what) => return Ok(Some(Self::MixedKey(what))),
            KeyState::Missing => true,
            KeyState::Other => {
                let file = identity.name.key_file();
                if let Some(owner) = keys.only_key_of(&file) {
                    return Ok(Some(Self::KeyOf(owner.to_owned())));
                }
                false
            }
        };
        // A new key and certificate replace a pair that does not match.
        let Some(file) = keys.find(identity.certificate.public_key(), &identity.name.key_file())
        else {
            return Ok(is_missing.then_some(Self::NoKey));
        };
        // A copy for a service does not need the key here.
        if !is_missing && keys.is_pair_in_folder(file, identity.certificate.public_key()) {
            return Ok(None);
        }
        let owner = file.strip_suffix(".key").and_then(|name| name.parse::<IdentityName>().ok());
        match owner {
            Some(owner)
                if keys.certifies(&owner.certificate_file(), identity.certificate.public_key()) =>
            {
                Ok(is_missing.then_some(Self::Copy(owner, Form::Pem, None)))
            }
            _ => Ok(Some(Self::KeyNamed(file.to_owned()))),
        }
    }

    /// Why a certificate in another layout cannot be renewed.
    pub(crate) fn of_file(other: &OtherFile, keys: &KeyFiles<'_>) -> Self {
        let key = keys.find(other.certificate.public_key(), &other.file);
        let folder = folder_of(&other.file);
        let is_in_folder = |key: &&str| !folder.is_empty() && folder_of(key) == folder;
        // The key of the identity, of the file itself, or of another copy.
        let is_copied = |key: &str, name: &IdentityName| {
            *key == *name.key_file()
                || other.form == Form::WithKey
                || !is_in_folder(&key)
                    && keys.is_pair_in_folder(key, other.certificate.public_key())
        };
        match &other.twin {
            Some(name) if key.is_none_or(|key| is_copied(key, name)) => {
                Self::Copy(name.clone(), other.form, None)
            }
            // A pair in the folder of a service, as `export --to` writes it.
            Some(name) if key.is_some_and(|key| is_in_folder(&key)) => {
                Self::Copy(name.clone(), other.form, key.map(str::to_owned))
            }
            _ if other.form == Form::Unverified => Self::Signature,
            _ => Self::Layout(other.form, key.map(str::to_owned)),
        }
    }

    /// The `because:` line of an error.
    pub(crate) fn reason(&self, store: &Store) -> String {
        let path = |file: &String| store.path(file).shown();
        match self {
            Self::NoKey => "its private key is not in this directory".to_owned(),
            Self::KeyNamed(key) => {
                format!("its private key is `{}`: certctl renews NAME.pem with NAME.key", path(key))
            }
            Self::KeyOf(owner) => format!(
                "its key file has the only private key of `{}`, which a new key would replace",
                path(owner)
            ),
            Self::Encrypted => {
                "its private key is encrypted, and a new key would not be".to_owned()
            }
            Self::UnknownKey => "its key file has no private key that certctl reads, and could \
                                be encrypted"
                .to_owned(),
            Self::MixedKey(what) => {
                format!("its key file also has {what}, which a new key file would not have")
            }
            Self::Layout(Form::Fault(fault), _) => {
                format!("its PEM has {fault}, which OpenSSL and programs that use it cannot read")
            }
            Self::Layout(Form::WithKey, _) => {
                "its private key is in the same file: certctl renews NAME.pem with NAME.key"
                    .to_owned()
            }
            Self::Layout(Form::Ca, _) => {
                "it is the certificate of a CA, and certctl renews end-entity certificates"
                    .to_owned()
            }
            Self::Layout(Form::Further, _) => {
                "it is not the first certificate of its file, which is the one that certctl renews"
                    .to_owned()
            }
            Self::Layout(Form::OfCa, _) => {
                "it is in a file of the CA: certctl renews NAME.pem with NAME.key".to_owned()
            }
            Self::Layout(Form::Other, _) => {
                "it is not the first PEM certificate of its file: certctl renews NAME.pem with \
                NAME.key"
                    .to_owned()
            }
            Self::Layout(Form::Pem, Some(key)) => format!(
                "its files have other names (its key is `{}`): certctl renews NAME.pem with \
                NAME.key",
                path(key)
            ),
            Self::Layout(Form::Pem, None) => {
                "it has another file name, and its key is not in this directory: certctl renews \
                NAME.pem with NAME.key"
                    .to_owned()
            }
            Self::Copy(name, ..) => format!(
                "it is a copy from `{}`, which certctl renews there",
                path(&name.certificate_file())
            ),
            Self::OtherIssuer => "another CA signed it".to_owned(),
            Self::Signature | Self::Layout(Form::Unverified, _) => {
                "its issuer is this CA, and its signature has an algorithm that certctl cannot \
                verify"
                    .to_owned()
            }
            Self::CaExpired => "its CA has expired".to_owned(),
        }
    }

    /// The text in a table.
    pub(crate) const fn short(&self) -> &'static str {
        match self {
            Self::NoKey => "no key",
            Self::KeyNamed(_) | Self::Layout(..) => "other layout",
            Self::KeyOf(_) => "other key",
            Self::Copy(..) => "copy",
            Self::Encrypted => "encrypted key",
            Self::UnknownKey => "unknown key",
            Self::MixedKey(_) => "more than a key",
            Self::OtherIssuer => "other CA",
            Self::Signature => "unknown signature",
            Self::CaExpired => "CA expired",
        }
    }
}
