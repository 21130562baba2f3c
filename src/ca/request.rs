//! What a certificate is to say, before it has a key, a serial and a signature.

use crate::{
    ca::profile::names_extension,
    x509::{
        cert::{Certificate, Extension},
        name::Name,
        san::San,
        usage::{Usage, oid},
        validity::Validity,
    },
};

/// The wish for one end-entity certificate.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) subject: Name,
    pub(crate) validity: Validity,
    pub(crate) usage: Usage,
    /// The subjectAltName as it is to stand in the certificate.
    pub(crate) names: Option<Extension>,
    pub(crate) predecessor: Option<Predecessor>,
}

/// What a renewed certificate keeps of the one before.
#[derive(Clone, Debug)]
pub(crate) struct Predecessor {
    /// Its extensions in order, raw.
    pub(crate) extensions: Vec<Extension>,
    /// Object identifiers of those that are made anew, besides the key identifiers.
    pub(crate) anew: Vec<&'static str>,
}

impl Request {
    /// A certificate by certctl's own profile.
    pub(crate) fn new(subject: Name, names: &[San], usage: Usage, validity: Validity) -> Self {
        let names =
            (!names.is_empty()).then(|| names_extension(false, San::extension_value(names)));
        Self { subject, validity, usage, names, predecessor: None }
    }

    /// The same certificate again: subject as raw bytes, every extension as it stands.
    pub(crate) fn like(certificate: &Certificate, validity: Validity) -> Self {
        Self {
            subject: certificate.subject().clone(),
            validity,
            usage: certificate.usage().unwrap_or(Usage::Peer),
            names: certificate.extension(oid::SUBJECT_ALT_NAME).cloned(),
            predecessor: Some(Predecessor {
                extensions: certificate.extensions().to_vec(),
                anew: Vec::new(),
            }),
        }
    }

    /// Allows another usage than the predecessor did.
    pub(crate) fn set_usage(&mut self, usage: Usage) {
        self.usage = usage;
        self.make_anew(oid::EXTENDED_KEY_USAGE);
    }

    /// Bears other names (GeneralNames, DER each) than the predecessor; its criticality stays.
    pub(crate) fn set_names(&mut self, general_names: &[Vec<u8>]) {
        let critical = self.names.as_ref().is_some_and(|names| names.critical);
        self.names = (!general_names.is_empty())
            .then(|| names_extension(critical, crate::x509::der::sequence(general_names)));
        self.make_anew(oid::SUBJECT_ALT_NAME);
    }

    /// Takes the keyUsage of the profile, for a key of another kind than the predecessor's.
    pub(crate) fn adapt_key_usage(&mut self) {
        self.make_anew(oid::KEY_USAGE);
    }

    fn make_anew(&mut self, oid: &'static str) {
        if let Some(predecessor) = &mut self.predecessor {
            predecessor.anew.push(oid);
        }
    }
}

impl Predecessor {
    /// Its extensions in their order, with those that are made anew taken from `fresh`.
    ///
    /// The key identifiers follow the keys, and are added where they were missing. Signed
    /// certificate timestamps are dropped: they speak of the old signature.
    pub(super) fn merge(&self, fresh: &[Extension]) -> Vec<Extension> {
        let anew = |oid: &str| {
            oid == oid::SUBJECT_KEY_ID || oid == oid::AUTHORITY_KEY_ID || self.anew.contains(&oid)
        };
        let find = |oid: &str| fresh.iter().find(|extension| extension.oid == oid).cloned();

        let mut merged: Vec<Extension> = self
            .extensions
            .iter()
            .filter(|extension| extension.oid != oid::CT_TIMESTAMPS)
            .filter_map(|old| if anew(&old.oid) { find(&old.oid) } else { Some(old.clone()) })
            .collect();
        for extension in fresh.iter().filter(|extension| anew(&extension.oid)) {
            if !merged.iter().any(|present| present.oid == extension.oid) {
                merged.push(extension.clone());
            }
        }
        merged
    }
}
