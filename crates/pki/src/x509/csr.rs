//! Certificate requests (PKCS#10, RFC 2986).

mod build;
mod requested_extension;

use super::{
    certificate::{Algorithm, CertificateError, Extension},
    key::PublicKey,
    name::Name,
    oid,
    san::{GeneralName, parse_general_names},
    signature::SignatureError,
    signed::{self, Signed},
    tlv::{self, Element, INTEGER, SET},
};
pub use build::MakeError;
pub use requested_extension::RequestedExtension;

/// `[0] attributes`.
const ATTRIBUTES: u8 = 0xA0;
/// The attribute that carries extensions: that of PKCS#9 (RFC 2985 section 5.4.2), and the older one
/// of Microsoft.
const EXTENSION_REQUEST: [&str; 2] = ["1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"];

/// A parsed certificate request (CSR).
///
/// Parsing proves the form. Proof that the requester has the private key:
/// [`Csr::check_signature`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csr {
    der: Vec<u8>,
    subject: Name,
    public_key: PublicKey,
    extensions: Vec<Extension>,
    signature_algorithm: Algorithm,
}

impl Csr {
    /// Reads one certificate request from DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if the DER is malformed, a field cannot be read, or octets follow the
    /// request.
    pub fn from_der(der: Vec<u8>) -> Result<Self, CertificateError> {
        use CertificateError::{Malformed, Part, TrailingData};

        let (outer, rest) = tlv::read(&der).ok_or(Malformed)?;
        if !rest.is_empty() {
            return Err(TrailingData(rest.len()));
        }
        let signed = Signed::read(outer.raw).ok_or(Malformed)?;
        let info = signed.fields().ok_or(Malformed)?;
        let [Element { tag: INTEGER, .. }, subject, public_key, attributes @ ..] = info.as_slice()
        else {
            return Err(Malformed);
        };
        let attributes = match attributes {
            // RFC 2986 requires the field even when it is empty; not all programs write it then.
            [] => &[],
            [Element { tag: ATTRIBUTES, content, .. }] => *content,
            _ => return Err(Malformed),
        };

        Ok(Self {
            subject: Name::from_der(subject.raw).map_err(|_| Part("subject"))?,
            public_key: PublicKey::from_spki(public_key.raw).map_err(|_| Part("public key"))?,
            extensions: extensions(attributes).ok_or(Part("attributes"))?,
            signature_algorithm: Algorithm {
                oid: identifier(&signed.algorithm).ok_or(Part("signature algorithm"))?,
                der: signed.algorithm.raw.to_vec(),
            },
            der,
        })
    }

    /// The DER, byte for byte as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The requested subject; it may be empty.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The public key to certify.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The field `signatureAlgorithm` (RFC 2986 section 4.2).
    #[must_use]
    pub fn signature_algorithm(&self) -> &Algorithm {
        &self.signature_algorithm
    }

    /// The requested extensions, in order (RFC 2985 section 5.4.2).
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// The first requested extension with this dotted object identifier.
    #[must_use]
    pub fn extension(&self, oid: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// The requested SANs. Empty without the extension, and if it cannot be read.
    #[must_use]
    pub fn names(&self) -> Vec<GeneralName> {
        self.extension(oid::SUBJECT_ALT_NAME)
            .and_then(|extension| parse_general_names(&extension.value).ok())
            .unwrap_or_default()
    }

    /// Verifies the signature of the request with its own public key (proof of possession).
    ///
    /// # Errors
    ///
    /// [`SignatureError`] if the key does not verify it, or the algorithm is weak or not supported.
    pub fn check_signature(&self) -> Result<(), SignatureError> {
        signed::verify(&self.der, &self.signature_algorithm, &self.public_key)
    }

    /// As [`Csr::check_signature`], and accepts SHA-1; `false` for algorithms that ring does
    /// not support.
    #[must_use]
    pub fn is_signed_by_its_key(&self) -> bool {
        signed::is_made_by(&self.der, &self.signature_algorithm, &self.public_key)
    }
}

/// The extensions in the attributes; `None` where these are malformed.
fn extensions(attributes: &[u8]) -> Option<Vec<Extension>> {
    let mut extensions = Vec::new();
    for attribute in tlv::read_all(attributes)? {
        let is_request =
            identifier(&attribute).is_some_and(|oid| EXTENSION_REQUEST.contains(&&*oid));
        let fields = tlv::sequence(attribute.raw)?;
        let [_, values] = fields.as_slice() else { return None };
        if is_request {
            for extension in tlv::sequence(tlv::read_only(values.raw, SET)?)? {
                extensions.push(Extension::from_der(extension.raw.to_vec())?);
            }
        }
    }
    Some(extensions)
}

/// The object identifier that a SEQUENCE begins with.
fn identifier(element: &Element<'_>) -> Option<String> {
    tlv::sequence(element.raw)?.first()?.oid()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::x509::tlv::SEQUENCE;
    use rcgen::{CertificateParams, KeyPair, KeyUsagePurpose, PKCS_ED25519};

    use crate::x509::{der, hex::hex};

    fn request() -> Vec<u8> {
        let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let mut params = CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "a");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.serialize_request(&key).unwrap().der().to_vec()
    }

    /// A request with these attribute fields, and a signature that no longer fits.
    fn with_attributes(fields: &[Vec<u8>]) -> Vec<u8> {
        let parts = der::elements(&request()).unwrap();
        let mut info = der::elements(&parts[0]).unwrap();
        info.truncate(3);
        info.extend(fields.iter().map(|field| tlv::write(ATTRIBUTES, field)));
        der::sequence(&[&der::sequence(&info), &parts[1], &parts[2]])
    }

    #[test]
    fn a_request_has_its_extensions_and_a_proof_of_possession() {
        let request = Csr::from_der(request()).unwrap();

        assert_eq!(request.subject().to_string(), "CN=a");
        assert_eq!(request.public_key().kind().to_string(), "ed25519");
        assert_eq!(request.names().len(), 1);
        assert_eq!(request.extensions().len(), 2);
        let usage = request.extension("2.5.29.15").unwrap();
        assert_eq!((usage.critical, hex(&usage.value).as_str()), (true, "03020780"));
        assert_eq!(request.signature_algorithm().oid, "1.3.101.112");
        assert!(request.is_signed_by_its_key());
    }

    #[test]
    fn a_request_that_was_changed_is_not_signed_by_its_key() {
        let mut der = request();
        let last = der.len() - 1;
        der[last] ^= 1;
        assert!(!Csr::from_der(der).unwrap().is_signed_by_its_key());
    }

    #[test]
    fn attributes_may_be_missing_but_not_malformed() {
        let attribute = |text: &str, value: &[u8]| {
            let oid = tlv::write_oid(text);
            tlv::write(SEQUENCE, &[oid, tlv::write(SET, value)].concat())
        };
        let password = attribute("1.2.840.113549.1.9.7", &[0x1E, 2, 0, 0x61]);
        let empty = attribute(EXTENSION_REQUEST[1], &[SEQUENCE, 0]);
        let broken = attribute(EXTENSION_REQUEST[0], &[SEQUENCE, 2, SEQUENCE, 0]);
        let cases = [
            (vec![], true),
            (vec![vec![]], true),
            (vec![[password, empty].concat()], true),
            (vec![broken], false),
            (vec![vec![], vec![]], false),
            (vec![vec![SEQUENCE]], false),
        ];
        for (fields, is_read) in cases {
            let answer = Csr::from_der(with_attributes(&fields));
            assert_eq!(answer.is_ok(), is_read, "{fields:02x?}: {answer:?}");
        }
    }
}
