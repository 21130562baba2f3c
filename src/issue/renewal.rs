//! The certificate that replaces another one: as the old one, but for what the plan and flags change.

use pki::x509::{
    certificate::Certificate,
    key::KeyType,
    san::{GeneralName, San, dedup},
    usage::Usage,
    validity::{Lifetime, Validity},
};
use time::OffsetDateTime;

use super::{
    certificate_contents::CertificateContents,
    changes::{Drift, IssueTask, KeySource},
    error::IssueError,
    identity::Identity,
    key_files::KeyState,
    spec::{self, IdentitySpec},
};
use crate::{hint::Hint, store::Store};

/// What is new in the certificate; all else stays.
#[derive(Default)]
pub(crate) struct Renewal<'a> {
    pub(crate) spec: Option<IdentitySpec>,
    pub(crate) days: Option<u32>,
    /// How to edit the lifetime, if the plan sets it.
    pub(crate) edit_days: Option<Hint>,
    pub(crate) usage: Option<Usage>,
    pub(crate) added: Vec<San>,
    /// SANs as reports show them, also without their types.
    pub(crate) dropped: &'a [String],
    /// The type of the new key; by default as the old one.
    pub(crate) key_type: Option<KeyType>,
    /// There is no new key.
    pub(crate) reuse_key: bool,
}

impl Renewal<'_> {
    /// The task for an identity, which differs from the spec in `changes`, under a CA of that validity.
    pub(crate) fn task(
        &self,
        store: &Store,
        old: Box<Identity>,
        changes: &[Drift],
        (ca, now): (&Validity, OffsetDateTime),
    ) -> Result<IssueTask, IssueError> {
        let lifetime = match (self.days, &self.spec) {
            (Some(days), _) => Lifetime::Days(days),
            (None, Some(spec)) if is_changed(changes, "days") => Lifetime::Days(spec.days),
            _ => Lifetime::Like(old.certificate.validity().length()),
        };
        let mut validity = spec::validity(old.name.as_str(), lifetime, now, ca);
        if let Err(IssueError::OutlivesCa { edit, .. }) = &mut validity {
            edit.clone_from(&self.edit_days);
        }
        let mut request = self.planned(&old.certificate, validity?, changes);
        if let Some(usage) = self.usage {
            request.set_usage(usage);
        }
        self.change_names(&mut request, &old)?;
        let key = self.key(store, &old)?;
        if let KeySource::New(kind) = key
            && kind.is_rsa() != old.certificate.public_key().is_rsa()
        {
            request.adapt_key_usage();
        }
        Ok(IssueTask { name: old.name.clone(), request, key, replaces: Some(old) })
    }

    /// A certificate like the old one, with the changes of the plan.
    fn planned(
        &self,
        old: &Certificate,
        validity: Validity,
        changes: &[Drift],
    ) -> CertificateContents {
        let mut request = CertificateContents::like(old, validity);
        let Some(spec) = &self.spec else { return request };
        if is_changed(changes, "common_name") {
            request.subject = spec.subject.clone();
        }
        if is_changed(changes, "san") {
            let names: Vec<Vec<u8>> = spec.names.iter().map(San::general_name).collect();
            request.set_names(&names);
        }
        if is_changed(changes, "usage") {
            request.set_usage(spec.usage);
        }
        request
    }

    /// The other names stay as they are, octet by octet.
    fn change_names(
        &self,
        request: &mut CertificateContents,
        old: &Identity,
    ) -> Result<(), IssueError> {
        if self.added.is_empty() && self.dropped.is_empty() {
            return Ok(());
        }
        let mut names = old.certificate.names();
        for dropped in self.dropped {
            let before = names.len();
            names.retain(|name| !is_called(name, dropped));
            if names.len() == before {
                let name = dropped.escape_debug().to_string();
                return Err(IssueError::NoSuchName { file: old.name.certificate_file(), name });
            }
        }
        let added = dedup(self.added.clone()).into_iter();
        let added = added.filter(|san| !names.iter().any(|name| name.san() == Some(san)));
        let added: Vec<Vec<u8>> = added.map(|san| san.general_name()).collect();
        let general_names: Vec<Vec<u8>> =
            names.iter().map(|name| name.der().to_vec()).chain(added).collect();
        if request.usage.serves() && general_names.is_empty() {
            let common_name = request.subject.common_name().unwrap_or_default();
            return Err(IssueError::NoServerName { name: old.name.to_string(), common_name });
        }
        request.set_names(&general_names);
        Ok(())
    }

    fn key(&self, store: &Store, old: &Identity) -> Result<KeySource, IssueError> {
        let public = old.certificate.public_key();
        if self.reuse_key {
            let state = KeyState::of(store, old)?;
            if !matches!(state, KeyState::Missing | KeyState::Encrypted) {
                old.key(store)?;
            }
            return Ok(KeySource::Kept(public.clone()));
        }
        let kind = self.key_type.or_else(|| spec::key_type(&old.certificate));
        kind.map(KeySource::New).ok_or_else(|| IssueError::KeyKind {
            name: old.name.clone(),
            kind: public.kind().to_string(),
        })
    }
}

/// Whether a field differs from the plan.
pub(crate) fn is_changed(changes: &[Drift], field: &str) -> bool {
    changes.iter().any(|change| change.field == field)
}

/// Whether `text` is that name: as reports show it, without its type, or in another spelling.
fn is_called(name: &GeneralName, text: &str) -> bool {
    let shown = name.to_string();
    let bare = shown.split_once(':').map_or(&*shown, |(_, bare)| bare);
    let text = text.trim();
    shown.eq_ignore_ascii_case(text)
        || bare.eq_ignore_ascii_case(text)
        || text.parse::<San>().is_ok_and(|san| name.san() == Some(&san))
}
