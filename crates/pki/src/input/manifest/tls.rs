//! Checks the values of a Secret: a certificate must have its private key.

use std::collections::BTreeMap;

use super::{
    super::{
        file_type,
        object::{LocatedObject, ObjectError, PkiObject},
    },
    field::{BEGIN, is_certificate_name},
};

/// The type of the Secrets that must have [`CERTIFICATE`] and [`KEY`].
pub(super) const TYPE: &str = "kubernetes.io/tls";

const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";
const AUTHORITY: &str = "ca.crt";

/// The objects of one value.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "a value may have several of these")]
pub(super) struct SecretValue {
    is_there: bool,
    is_pem: bool,
    certificate: bool,
    private_keys: usize,
    request: bool,
    /// It has something that is reported as unreadable anyway.
    broken: bool,
}

/// The values of one Secret, by their names.
#[derive(Default)]
pub(super) struct SecretValues(BTreeMap<String, SecretValue>);

impl SecretValue {
    /// `octets` are the value, decoded.
    pub(super) fn new(octets: &[u8], found: &[LocatedObject]) -> Self {
        let has = |is: fn(&PkiObject) -> bool| found.iter().any(|it| is(&it.object));
        Self {
            is_there: !octets.trim_ascii().is_empty(),
            is_pem: file_type::contains(octets, BEGIN.as_bytes()),
            certificate: has(|it| matches!(it, PkiObject::Certificate(_))),
            private_keys: found
                .iter()
                .filter(|it| matches!(it.object, PkiObject::PrivateKey(_)))
                .count(),
            request: has(|it| matches!(it, PkiObject::Request(_))),
            broken: has(is_reported),
        }
    }

    /// A value that is not text: nothing, or what a template puts there.
    pub(super) fn other(is_template: bool) -> Self {
        Self { is_there: is_template, broken: is_template, ..Self::default() }
    }

    /// Why it is not the certificate that belongs with a private key.
    fn fault_as_certificate(&self, key: &Self) -> Option<&'static str> {
        Some(match self {
            Self { is_there: false, .. } => "it is missing or empty",
            Self { private_keys: 1.., certificate: true, .. } => {
                "it has a private key beside the certificate"
            }
            Self { request: true, certificate: true, .. } => {
                "it has a certificate request beside the certificate"
            }
            Self { certificate: true, is_pem: false, .. } => DER,
            Self { certificate: true, .. } | Self { broken: true, .. } => return None,
            Self { private_keys: 1.., .. } if key.certificate => EXCHANGED,
            Self { private_keys: 1.., .. } => "it has a private key in place of a certificate",
            Self { request: true, .. } => "it has a certificate request in place of a certificate",
            _ => "it has no certificate",
        })
    }

    /// Why it is not the private key that belongs with a certificate.
    fn fault_as_key(&self, certificate: &Self) -> Option<&'static str> {
        Some(match self {
            Self { is_there: false, .. } => {
                "it is missing or empty: the API server refuses the Secret, or no server starts \
                with it"
            }
            Self { private_keys: 2.., .. } => {
                "it has several private keys, of which servers read the first"
            }
            Self { private_keys: 1, is_pem: false, .. } => DER,
            Self { private_keys: 1, .. } | Self { broken: true, .. } => return None,
            Self { certificate: true, .. } if certificate.private_keys > 0 => EXCHANGED,
            Self { certificate: true, .. } => "it has a certificate in place of a private key",
            _ => "it has no private key",
        })
    }

    /// Why it is not what its name says. One without a partner may be any certificate.
    fn fault_as_named(&self, name: &str) -> Option<&'static str> {
        let may_be_other = name.to_ascii_lowercase().ends_with(".pem");
        Some(match self {
            Self { is_there: false, .. } => "it is empty, or not a string",
            Self { certificate: true, .. } | Self { broken: true, .. } => return None,
            _ if may_be_other => return None,
            Self { private_keys: 1.., .. } => "it has a private key in place of a certificate",
            Self { request: true, .. } => "it has a certificate request in place of a certificate",
            _ => return None,
        })
    }

    /// `ca.crt` is optional: cert-manager leaves it empty if the issuer does not provide it.
    fn fault_as_authority(&self) -> Option<&'static str> {
        Some(match self {
            Self { is_there: false, .. } => return None,
            Self { private_keys: 1.., .. } => {
                "it has a private key, which every client that gets it could use"
            }
            Self { certificate: true, is_pem: false, .. } => DER,
            Self { certificate: true, .. } | Self { broken: true, .. } => return None,
            _ => "it has no certificate",
        })
    }

    /// Why a field that must have `what` cannot be used. Another program fills an empty one.
    pub(super) fn fault_as_field(&self, what: &str) -> Option<&'static str> {
        let has = match what {
            "certificate" => self.certificate,
            "private key" => self.private_keys > 0,
            _ => self.request,
        };
        Some(match self {
            Self { is_there: false, .. } => return None,
            Self { is_pem: false, .. } if has => "it is DER, and Kubernetes needs PEM",
            Self { broken: true, .. } => return None,
            _ if has => return None,
            _ => match what {
                "certificate" => "it has no certificate",
                "private key" => "it has no private key",
                _ => "it has no certificate request",
            },
        })
    }
}

impl SecretValues {
    /// A later one wins.
    pub(super) fn add(&mut self, name: &str, value: SecretValue) {
        self.0.insert(name.to_owned(), value);
    }

    /// The faults of the values, each with the name of the value: of every certificate that has a private
    /// key with the same base name, and of the values that [`TYPE`] requires.
    pub(super) fn faults(&self, is_tls: bool) -> Vec<(String, &'static str)> {
        let missing = SecretValue::default();
        let of = |name: &str| self.0.get(name).unwrap_or(&missing);
        let mut faults = Vec::new();
        let mut add = |name: &str, fault: Option<&'static str>| {
            faults.extend(fault.map(|fault| (name.to_owned(), fault)));
        };
        let mut pairs: Vec<(&str, String)> = Vec::new();
        for name in self.0.keys() {
            let key = key_name(name).filter(|key| self.0.contains_key(key));
            pairs.extend(key.map(|key| (name.as_str(), key)));
        }
        let has_tls = pairs.iter().any(|(name, _)| *name == CERTIFICATE);
        if is_tls && !has_tls {
            pairs.push((CERTIFICATE, KEY.to_owned()));
        }
        for (name, key) in &pairs {
            add(name, of(name).fault_as_certificate(of(key)));
            add(key, of(key).fault_as_key(of(name)));
        }
        if is_tls || has_tls {
            add(AUTHORITY, of(AUTHORITY).fault_as_authority());
        }
        let is_paired = |name: &str| pairs.iter().any(|(one, other)| *one == name || other == name);
        for (name, value) in &self.0 {
            if is_certificate_name(name) && name != AUTHORITY && !is_paired(name) {
                add(name, value.fault_as_named(name));
            }
        }
        faults
    }
}

const EXCHANGED: &str = "the certificate and its private key are exchanged";
const DER: &str = "it is DER, and servers need PEM";

/// The name of the value that has the private key of the certificate in the value `certificate`:
/// `tls.key` for `tls.crt`, `client-key-data` of a kubeconfig for `client-certificate-data`. `None` if the
/// name is not one of a certificate.
#[must_use]
pub fn key_name(certificate: &str) -> Option<String> {
    if let Some(user) = certificate.strip_suffix("client-certificate-data") {
        return Some(format!("{user}client-key-data"));
    }
    match certificate {
        "cert.pem" | "certificate.pem" => return Some("key.pem".to_owned()),
        // certbot's.
        "fullchain.pem" => return Some("privkey.pem".to_owned()),
        _ => {}
    }
    let ends = [".crt", ".pem", ".cer", ".cert"];
    ends.iter().find_map(|end| Some(format!("{}.key", certificate.strip_suffix(end)?)))
}

/// Whether `check` and `inspect` report the object on its own. Other broken objects do not belong to a
/// certificate and its key.
fn is_reported(object: &PkiObject) -> bool {
    match object {
        PkiObject::Broken {
            reason: ObjectError::EscapedNewlines | ObjectError::EncodedTwice(_),
            ..
        } => true,
        PkiObject::Broken { what, .. } => {
            !matches!(*what, "public key" | "certificate request" | "revocation list")
        }
        _ => false,
    }
}
