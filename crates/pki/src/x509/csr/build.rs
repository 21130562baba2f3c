//! Certificate requests: creation.
//!
//! They are built element by element: rcgen keeps the subject in a map, which loses a second OU.

use super::{ATTRIBUTES, Csr, EXTENSION_REQUEST};
use crate::x509::{
    certificate::{CertificateError, Extension},
    der,
    key::{KeyError, PrivateKey},
    name::Name,
    oid,
    san::San,
    signature::SignatureError,
    tlv::{self, INTEGER, SET},
    usage::Usage,
};

/// Version 1, the only one there is (RFC 2986 section 4.1).
const VERSION: u8 = 0;

/// Why a request cannot be created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The created request cannot be parsed.
    #[error("the request that was built cannot be read back: {0}")]
    ReadBack(#[from] CertificateError),
    /// The key does not verify the signature of the created request.
    #[error("the request that was built is refused: its signature {0}")]
    Signature(#[from] SignatureError),
}

impl Csr {
    /// Creates a request with this subject, these SANs and this `extendedKeyUsage`, signed by
    /// `key`.
    ///
    /// The result is parsed, and its signature is verified.
    ///
    /// # Errors
    ///
    /// [`MakeError`] if the key cannot sign, or the result does not pass that check.
    pub fn make(
        subject: &Name,
        names: &[San],
        usage: Usage,
        key: &PrivateKey,
    ) -> Result<Self, MakeError> {
        let info = der::sequence(&[
            tlv::write(INTEGER, &[VERSION]),
            subject.der().to_vec(),
            key.public().spki().to_vec(),
            tlv::write(ATTRIBUTES, &extension_request(names, usage)),
        ]);
        let signature = der::bit_string(&key.sign(&info)?);
        let request = Self::from_der(der::sequence(&[info, key.scheme().algorithm(), signature]))?;
        request.check_signature()?;
        Ok(request)
    }
}

/// The attribute that requests extendedKeyUsage and subjectAltName (RFC 2985 section 5.4.2).
fn extension_request(names: &[San], usage: Usage) -> Vec<u8> {
    let purposes: Vec<Vec<u8>> =
        usage.purposes().iter().map(|purpose| tlv::write_oid(purpose)).collect();
    let mut extensions =
        vec![Extension::new(oid::EXTENDED_KEY_USAGE, false, der::sequence(&purposes))];
    if !names.is_empty() {
        let value = San::extension_value(names);
        extensions.push(Extension::new(oid::SUBJECT_ALT_NAME, false, value));
    }
    let extensions: Vec<Vec<u8>> = extensions.into_iter().map(|extension| extension.der).collect();
    let [kind, _] = EXTENSION_REQUEST;
    der::sequence(&[tlv::write_oid(kind), tlv::write(SET, &der::sequence(&extensions))])
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::atomic::AtomicUsize;

    use crate::x509::{key::KeyType, name::AttributeType};

    #[test]
    fn a_request_has_all_its_inputs_for_every_key_type() {
        let mut name = Name::builder();
        for unit in ["one", "two"] {
            name.push(AttributeType::OrganizationalUnit, unit).unwrap();
        }
        let subject = name.push(AttributeType::CommonName, "a").unwrap().build();
        let names = San::parse_list("a.example,10.0.0.1,::1,a@b.example").unwrap();
        let kinds = [KeyType::Rsa2048, KeyType::EcdsaP256, KeyType::EcdsaP384, KeyType::Ed25519];

        for key in PrivateKey::generate_all(&kinds, &AtomicUsize::new(0)).unwrap() {
            let kind = key.key_type_name();
            for usage in [Usage::Server, Usage::Client, Usage::Peer] {
                let request = Csr::make(&subject, &names, usage, &key).unwrap();

                assert_eq!(request.subject().to_string(), "CN=a,OU=two,OU=one", "{kind}");
                assert_eq!(request.public_key(), key.public(), "{kind}");
                let found = request.names();
                let found: Vec<&San> = found.iter().filter_map(|name| name.san()).collect();
                assert_eq!(found, names.iter().collect::<Vec<_>>(), "{kind}");
                assert_eq!(request.usage(), Some(usage), "{kind}");
                assert!(request.is_signed_by_its_key(), "{kind}");
                assert_eq!(request.extensions().len(), 2, "{kind}");
            }
        }
    }

    #[test]
    fn a_request_without_names_has_no_subject_alt_name() {
        let keys = [PrivateKey::generate(KeyType::Ed25519).unwrap()];
        let subject = Name::builder().build().with_common_name("Alice").unwrap();
        let request = Csr::make(&subject, &[], Usage::Client, &keys[0]).unwrap();

        assert_eq!(request.extension(oid::SUBJECT_ALT_NAME), None);
        assert!(request.names().is_empty());
    }
}
