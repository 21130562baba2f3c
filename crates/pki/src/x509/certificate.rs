//! Certificates: the fields of one, read once, and its DER unchanged.

mod authority_key;
mod extension;
mod raw;

use std::sync::OnceLock;

use ring::digest;
use time::OffsetDateTime;
use x509_parser::{
    asn1_rs::Oid,
    extensions::ParsedExtension,
    prelude::{FromDer, X509Certificate},
};

pub use self::extension::Extension;
use self::extension::raw_extensions;
pub use super::signature::Algorithm;
use super::{
    hex::hex,
    key::PublicKey,
    name::{ComparableName, Name},
    oid,
    san::{GeneralName, parse_general_names},
    serial::{Serial, serial_text},
    signed,
    strict::{self, DerFault},
    tlv,
    usage::{KeyUsage, Usage},
    validity::Validity,
};

// Tags of AuthorityKeyIdentifier (RFC 5280 section 4.2.1.1).
pub(crate) const KEY_ID: u8 = 0x80;
pub(crate) const CERT_ISSUER: u8 = 0xA1;
pub(crate) const CERT_SERIAL: u8 = 0x82;

/// The content of a `basicConstraints` extension (RFC 5280 section 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The field `cA`: whether the subject is a CA.
    pub ca: bool,
    /// The field `pathLenConstraint`: the maximum number of intermediates below, self-issued ones
    /// not counted. `None` without a limit.
    pub path_len: Option<u32>,
}

/// A parsed X.509 certificate (RFC 5280 section 4.1).
///
/// Parsing proves the form. It does not prove that the signature is correct, nor that the issuer is
/// trusted: see [`crate::verify::path::validate`].
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    subject: Name,
    issuer: Name,
    version: u32,
    serial: Vec<u8>,
    signature_algorithm: Algorithm,
    validity: Validity,
    public_key: PublicKey,
    extensions: Vec<Extension>,
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    purposes: Option<Vec<String>>,
    subject_key_id: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    unreadable: Vec<String>,
    /// Computed on the first call: most certificates of a large tree are only listed.
    der_fault: OnceLock<Option<DerFault>>,
}

/// Two certificates are equal if their DER is.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Why octets cannot be read as a certificate, a CRL or a certificate request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The octets are not DER of the expected structure.
    #[error("it is not an X.509 certificate: its DER is malformed")]
    Malformed,
    /// Octets follow the end of the structure; their number.
    #[error("{0} octets follow the certificate")]
    TrailingData(usize),
    /// A field cannot be read; its name, such as `subject`.
    #[error("its {0} cannot be read")]
    Part(&'static str),
    /// Well-known clients do not load it ([`Certificate::from_strict_der`]).
    #[error(transparent)]
    Der(#[from] DerFault),
}

impl Certificate {
    /// Reads one certificate from DER.
    ///
    /// Lenient: an encoding that is not strict DER but unambiguous is accepted, and
    /// [`Certificate::der_fault`] reports it.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if the DER is malformed, a field cannot be read, or octets follow the
    /// certificate.
    pub fn from_der(der: Vec<u8>) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            X509Certificate::from_der(&der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingData(rest.len()));
        }
        let name = |raw: &[u8], part| Name::from_der(raw).map_err(|_| CertificateError::Part(part));
        let moment = |time: x509_parser::time::ASN1Time| time.to_datetime();

        let mut certificate = Self {
            subject: name(parsed.subject().as_raw(), "subject")?,
            issuer: name(parsed.issuer().as_raw(), "issuer")?,
            version: parsed.version().0.saturating_add(1),
            serial: parsed.raw_serial().to_vec(),
            signature_algorithm: signed::algorithm(
                dotted(&parsed.signature_algorithm.algorithm),
                &der,
            ),
            validity: Validity {
                not_before: moment(parsed.validity().not_before),
                not_after: moment(parsed.validity().not_after),
            },
            public_key: PublicKey::from_spki(parsed.public_key().raw)
                .map_err(|_| CertificateError::Part("public key"))?,
            extensions: Vec::new(),
            basic_constraints: None,
            key_usage: None,
            purposes: None,
            subject_key_id: None,
            authority_key_id: None,
            unreadable: Vec::new(),
            der_fault: OnceLock::new(),
            der: Vec::new(),
        };
        let raw = raw_extensions(&der).filter(|raw| raw.len() == parsed.extensions().len());
        for (index, extension) in parsed.extensions().iter().enumerate() {
            certificate.take(extension, raw.as_ref().map(|raw| raw[index].clone()))?;
        }
        certificate.der = der;
        Ok(certificate)
    }

    /// Reads one certificate from DER, as [`Certificate::from_der`], and requires strict DER.
    ///
    /// # Errors
    ///
    /// Also [`CertificateError::Der`], where OpenSSL or Go do not load the certificate.
    pub fn from_strict_der(der: Vec<u8>) -> Result<Self, CertificateError> {
        let certificate = Self::from_der(der)?;
        match certificate.der_fault() {
            Some(fault) => Err(fault.clone().into()),
            None => Ok(certificate),
        }
    }

    fn take(
        &mut self,
        extension: &x509_parser::extensions::X509Extension<'_>,
        raw: Option<Vec<u8>>,
    ) -> Result<(), CertificateError> {
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(constraints) => {
                self.basic_constraints = Some(BasicConstraints {
                    ca: constraints.ca,
                    path_len: constraints.path_len_constraint,
                });
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(KeyUsage(usage.flags)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.purposes = Some(
                    purposes(extension.value).ok_or(CertificateError::Part("extendedKeyUsage"))?,
                );
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(id.0.to_vec()),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            _ => {}
        }
        // x509-parser passes over what follows the value.
        let parsed = extension.parsed_extension();
        let fills = tlv::read(extension.value).is_some_and(|(_, rest)| rest.is_empty());
        let oid = dotted(&extension.oid);
        if parsed.error().is_some() || !parsed.unsupported() && !fills {
            self.unreadable.push(oid.clone());
        }
        let (critical, value) = (extension.critical, extension.value.to_vec());
        self.extensions.push(match raw {
            Some(der) => Extension { oid, critical, value, der },
            None => Extension::new(&oid, critical, value),
        });
        Ok(())
    }

    /// The DER, byte for byte as it was read.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The field `subject` (RFC 5280 section 4.1.2.6); it may be empty.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// The field `issuer` (RFC 5280 section 4.1.2.4).
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// The version, counted from 1: the encoded value plus one. Values above 3 are not defined.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The serial number (RFC 5280 section 4.1.2.2). `None` if it is negative or longer than 20
    /// octets.
    pub fn serial(&self) -> Option<Serial> {
        let positive = self.serial.first().is_some_and(|octet| *octet < 0x80);
        positive.then(|| Serial::from_octets(&self.serial)).flatten()
    }

    /// The serial as text: lower-case hexadecimal ([`serial_text`]).
    pub fn serial_text(&self) -> String {
        serial_text(&self.serial)
    }

    /// The content octets of the serialNumber INTEGER, also where [`Certificate::serial`] is
    /// `None`.
    pub fn serial_octets(&self) -> &[u8] {
        &self.serial
    }

    /// The outer field `signatureAlgorithm` (RFC 5280 section 4.1.1.2).
    pub fn signature_algorithm(&self) -> &Algorithm {
        &self.signature_algorithm
    }

    /// The field `validity` (RFC 5280 section 4.1.2.5).
    pub fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The last second of the validity, in UTC.
    pub fn not_after(&self) -> OffsetDateTime {
        self.validity.not_after
    }

    /// The field `subjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The extensions, in the order of the certificate.
    pub fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// The first extension with this dotted object identifier; see [`oid`].
    pub fn extension(&self, oid: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// Whether `basicConstraints` has CA:TRUE.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.is_some_and(|constraints| constraints.ca)
    }

    /// The `basicConstraints`. `None` without the extension, and if it is malformed.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.basic_constraints
    }

    /// Whether issuer and subject are equal, octet by octet. The signature is not verified.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The dotted object identifiers of extensions of a known type whose value is malformed.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// The first place that is not strict DER, or not of the structure of RFC 5280. `None` if there
    /// is none.
    pub fn der_fault(&self) -> Option<&DerFault> {
        self.der_fault.get_or_init(|| strict::fault(&self.der)).as_ref()
    }

    /// The `keyUsage` (RFC 5280 section 4.2.1.3). `None` without the extension, and if it is
    /// malformed.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    /// The key purposes of `extendedKeyUsage`, dotted. `None` without the extension: any purpose is
    /// allowed.
    pub fn purposes(&self) -> Option<&[String]> {
        self.purposes.as_deref()
    }

    /// The role in one word: `CA`, `server`, `client`, `peer` or `other`; `leaf` if nothing limits it.
    pub fn role(&self) -> &'static str {
        match (self.is_ca(), self.purposes()) {
            (true, _) => "CA",
            (false, None) => "leaf",
            (false, Some(_)) => self.usage().map_or("other", Usage::as_str),
        }
    }

    /// The sides of TLS that `extendedKeyUsage` allows; both without the extension. `None` if it
    /// allows neither.
    pub fn usage(&self) -> Option<Usage> {
        self.purposes().map_or(Some(Usage::Peer), Usage::of_purposes)
    }

    /// The octets of the `subjectKeyIdentifier` (RFC 5280 section 4.2.1.2).
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.subject_key_id.as_deref()
    }

    /// The octets of the field `keyIdentifier` of the `authorityKeyIdentifier` (RFC 5280 section
    /// 4.2.1.1).
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.authority_key_id.as_deref()
    }

    /// The SANs in order. Empty without the extension, and if it cannot be read.
    pub fn names(&self) -> Vec<GeneralName> {
        self.extension(oid::SUBJECT_ALT_NAME)
            .and_then(|extension| parse_general_names(&extension.value).ok())
            .unwrap_or_default()
    }

    /// Whether `ca` issued it: the issuer equals the CA's subject octet by octet, and the CA's key
    /// verifies the signature, also with SHA-1.
    ///
    /// `false` for signature algorithms that ring does not support. Neither dates nor extensions
    /// are checked.
    pub fn is_issued_by(&self, ca: &Self) -> bool {
        self.issuer == ca.subject && self.is_signed_with(&ca.public_key)
    }

    /// As [`Certificate::is_issued_by`], with names equal by RFC 5280 section 7.1, as for OpenSSL and Java.
    pub fn is_issued_by_equal_name(&self, ca: &Self) -> bool {
        let is_equal = || ComparableName::from(&self.issuer) == ComparableName::from(&ca.subject);
        (self.issuer == ca.subject || is_equal()) && self.is_signed_with(&ca.public_key)
    }

    fn is_signed_with(&self, key: &PublicKey) -> bool {
        signed::is_made_by(&self.der, &self.signature_algorithm, key)
    }

    /// The SHA-256 of the DER, in lower-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        hex(digest::digest(&digest::SHA256, &self.der).as_ref())
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({}, {})", self.subject, hex(&self.serial))
    }
}

/// The dotted form, which asn1-rs makes with an allocation for each number.
pub(super) fn dotted(oid: &Oid<'_>) -> String {
    tlv::oid_to_text(oid.as_bytes()).unwrap_or_else(|| oid.to_id_string())
}

/// The key purposes of an extendedKeyUsage, dotted; `None` where it is malformed.
pub(super) fn purposes(value: &[u8]) -> Option<Vec<String>> {
    tlv::sequence(value)?.iter().map(tlv::Element::oid).collect()
}
