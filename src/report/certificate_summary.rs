//! The facts of a certificate that reports show.

use pki::x509::{
    certificate::Certificate,
    name::Name,
    san::{GeneralName, parse_general_names},
    usage::Usage,
    validity::{Validity, date, rfc3339},
};
use serde::Serialize;

use super::words::bare_names;
use crate::issue::changes::{IssueTask, KeySource};

/// Facts of a certificate, as all reports show them. A planned certificate has no serial and no
/// fingerprint.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct CertificateSummary {
    /// RFC 4514.
    pub(crate) subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial: Option<String>,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
    /// With their kinds: `DNS:localhost`.
    pub(crate) names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<&'static str>,
    pub(crate) key_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    #[serde(skip)]
    pub(crate) until: String,
}

impl CertificateSummary {
    pub(crate) fn of(certificate: &Certificate) -> Box<Self> {
        let is_leaf = !certificate.is_ca();
        let facts = Self {
            subject: certificate.subject().to_string(),
            issuer: Some(certificate.issuer().to_string()),
            serial: Some(certificate.serial_text()),
            names: certificate.names().iter().map(GeneralName::to_string).collect(),
            usage: certificate.usage().filter(|_| is_leaf).map(Usage::as_str),
            key_type: certificate.public_key().kind().to_string(),
            sha256: Some(certificate.fingerprint()),
            ..Self::default()
        };
        Box::new(facts.valid(certificate.validity()))
    }

    /// The same with other dates.
    pub(crate) fn valid(self, validity: &Validity) -> Self {
        Self {
            not_before: rfc3339(validity.not_before),
            not_after: rfc3339(validity.not_after),
            until: date(validity.not_after),
            ..self
        }
    }

    /// Of a certificate that is not issued yet.
    pub(crate) fn planned(task: &IssueTask, issuer: &Name) -> Box<Self> {
        let request = &task.request;
        let names = request.names.as_ref().map(|names| parse_general_names(&names.value));
        let names = names.and_then(Result::ok).unwrap_or_default();
        let facts = Self {
            subject: request.subject.to_string(),
            issuer: Some(issuer.to_string()),
            names: names.iter().map(GeneralName::to_string).collect(),
            usage: Some(request.usage.as_str()),
            key_type: match &task.key {
                KeySource::New(kind) => kind.to_string(),
                KeySource::Kept(public) => public.kind().to_string(),
            },
            ..Self::default()
        };
        Box::new(facts.valid(&request.validity))
    }

    /// The names without their kinds, or the subject where there are none.
    pub(super) fn called(&self) -> String {
        bare_names(&self.names).unwrap_or_else(|| self.subject.clone())
    }
}
