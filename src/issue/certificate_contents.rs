//! What a certificate will contain, before it has a key, a serial and a signature.

use pki::x509::{
    certificate::{Certificate, Extension},
    name::Name,
    oid,
    san::San,
    usage::Usage,
    validity::Validity,
};

use crate::issue::profile::names_extension;

/// The spec for one end-entity certificate.
#[derive(Clone, Debug)]
pub(crate) struct CertificateContents {
    pub(crate) subject: Name,
    pub(crate) validity: Validity,
    pub(crate) usage: Usage,
    /// The subjectAltName extension of the certificate.
    pub(crate) names: Option<Extension>,
    /// For a renewal: object identifiers of the extensions that are created again, besides the key
    /// identifiers. All others are copied from the old certificate.
    pub(crate) renewed: Option<Vec<&'static str>>,
}

impl CertificateContents {
    /// A certificate with certctl's own profile.
    pub(crate) fn new(subject: Name, names: &[San], usage: Usage, validity: Validity) -> Self {
        let names =
            (!names.is_empty()).then(|| names_extension(false, San::extension_value(names)));
        Self { subject, validity, usage, names, renewed: None }
    }

    /// A renewal: the subject as raw bytes, and every extension unchanged.
    pub(crate) fn like(certificate: &Certificate, validity: Validity) -> Self {
        Self {
            subject: certificate.subject().clone(),
            validity,
            usage: certificate.usage().unwrap_or(Usage::Peer),
            names: certificate.extension(oid::SUBJECT_ALT_NAME).cloned(),
            renewed: Some(Vec::new()),
        }
    }

    /// Changes the usage.
    pub(crate) fn set_usage(&mut self, usage: Usage) {
        self.usage = usage;
        self.replace_extension(oid::EXTENDED_KEY_USAGE);
    }

    /// Replaces the names (GeneralNames, DER each) of the old certificate; the criticality stays.
    pub(crate) fn set_names(&mut self, general_names: &[Vec<u8>]) {
        let critical = self.names.as_ref().is_some_and(|names| names.critical);
        self.names = (!general_names.is_empty())
            .then(|| names_extension(critical, pki::x509::der::sequence(general_names)));
        self.replace_extension(oid::SUBJECT_ALT_NAME);
    }

    /// Takes the keyUsage of the profile, for a key of another type than the old key.
    pub(crate) fn adapt_key_usage(&mut self) {
        self.replace_extension(oid::KEY_USAGE);
    }

    fn replace_extension(&mut self, oid: &'static str) {
        if let Some(renewed) = &mut self.renewed {
            renewed.push(oid);
        }
    }

    /// The extensions of a renewed certificate: those of the old one, in the same order. Extensions that are
    /// created again come from `fresh`.
    ///
    /// Key identifiers match the keys, and are added if they were missing. Signed certificate
    /// timestamps are removed, because they refer to the old signature.
    pub(super) fn extensions(&self, old: &Certificate, fresh: &[Extension]) -> Vec<Extension> {
        let renewed = self.renewed.as_deref().unwrap_or_default();
        let is_fresh = |oid: &str| {
            oid == oid::SUBJECT_KEY_ID || oid == oid::AUTHORITY_KEY_ID || renewed.contains(&oid)
        };
        let find = |oid: &str| fresh.iter().find(|extension| extension.oid == oid).cloned();
        let mut merged: Vec<Extension> = old
            .extensions()
            .iter()
            .filter(|extension| extension.oid != oid::CT_TIMESTAMPS)
            .filter_map(|old| if is_fresh(&old.oid) { find(&old.oid) } else { Some(old.clone()) })
            .collect();
        for extension in fresh.iter().filter(|extension| is_fresh(&extension.oid)) {
            if !merged.iter().any(|present| present.oid == extension.oid) {
                merged.push(extension.clone());
            }
        }
        merged
    }
}
