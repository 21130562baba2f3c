//! Certificate revocation lists (RFC 5280 section 5).

mod points;

use std::cmp::Ordering;

use time::OffsetDateTime;
use x509_parser::prelude::{CertificateRevocationList, FromDer};

pub(crate) use self::points::{DistributionPoint, IssuingPoint, Reasons};
use super::{
    certificate::{Algorithm, CertificateError, Extension, dotted},
    general_name::DIRECTORY_NAME,
    key::PublicKey,
    name::{ComparableName, Name},
    oid,
    signature::SignatureError,
    signed::{self, Signed},
    tlv::{self, ENUMERATED, INTEGER},
    validity::Validity,
};

/// Extensions of a list that are acted upon here, so that they may be critical.
const UNDERSTOOD: [&str; 5] = [
    oid::ISSUER_ALT_NAME,
    oid::CRL_NUMBER,
    oid::DELTA_CRL,
    oid::ISSUING_DISTRIBUTION_POINT,
    oid::AUTHORITY_KEY_ID,
];
/// The known extensions of an entry; a verifier does not need invalidityDate.
const UNDERSTOOD_IN_ENTRY: [&str; 3] =
    [oid::REASON_CODE, oid::CERTIFICATE_ISSUER, oid::INVALIDITY_DATE];

/// A parsed CRL (RFC 5280 section 5.1). Parsing proves the form, not the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    issuer: Name,
    this_update: OffsetDateTime,
    next_update: Option<OffsetDateTime>,
    signature_algorithm: Algorithm,
    entries: Vec<CrlEntry>,
    extensions: Vec<Extension>,
    /// Of version 2; version 1 is not written out.
    has_version: bool,
    /// Why a verifier must not use it.
    unusable: Option<String>,
}

/// An entry (RFC 5280 section 5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CrlEntry {
    /// The content octets of the INTEGER.
    serial: Vec<u8>,
    pub since: OffsetDateTime,
    /// The CRLReason (RFC 5280 section 5.3.1).
    pub reason: Option<u8>,
    /// The issuer of the certificate, if it is not the issuer of the CRL; that of the previous entry
    /// unless this entry names one (RFC 5280 section 5.3.3).
    issuer: Option<ComparableName>,
}

impl Crl {
    /// Reads one CRL from DER.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] if the DER is malformed, a field cannot be read, or octets follow the
    /// CRL.
    pub fn from_der(der: Vec<u8>) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            CertificateRevocationList::from_der(&der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingData(rest.len()));
        }
        let mut unusable = None;
        let mut entries = Vec::new();
        let mut issuer: Option<ComparableName> = None;
        for entry in parsed.iter_revoked_certificates() {
            let mut reason = None;
            for extension in entry.extensions() {
                let known = dotted(&extension.oid);
                match known.as_str() {
                    oid::REASON_CODE => reason = reason_code(extension.value),
                    oid::CERTIFICATE_ISSUER => match certificate_issuer(extension.value) {
                        Some(name) => issuer = Some(name),
                        None => unusable = Some("has an entry whose issuer cannot be read".into()),
                    },
                    _ => {}
                }
                if extension.critical && !UNDERSTOOD_IN_ENTRY.contains(&known.as_str()) {
                    unusable = Some(format!("has an entry with the critical extension {known}"));
                }
            }
            let (serial, since) =
                (entry.raw_serial().to_vec(), entry.revocation_date.to_datetime());
            entries.push(CrlEntry { serial, since, reason, issuer: issuer.clone() });
        }
        let extensions: Vec<Extension> = parsed
            .extensions()
            .iter()
            .map(|one| Extension::new(&dotted(&one.oid), one.critical, one.value.to_vec()))
            .collect();
        let mut list = Self {
            issuer: Name::from_der(parsed.issuer().as_raw())
                .map_err(|_| CertificateError::Part("issuer"))?,
            this_update: parsed.last_update().to_datetime(),
            next_update: parsed.next_update().map(|time| time.to_datetime()),
            signature_algorithm: signed::algorithm(
                dotted(&parsed.signature_algorithm.algorithm),
                &der,
            ),
            entries,
            extensions,
            has_version: parsed.tbs_cert_list.version.is_some(),
            unusable,
            der,
        };
        list.unusable = list.unusable.take().or_else(|| list.mismatch());
        Ok(list)
    }

    /// The DER, byte for byte as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The field `issuer` (RFC 5280 section 5.1.2.3).
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// The field `thisUpdate`: when the CRL was issued, in UTC.
    #[must_use]
    pub fn this_update(&self) -> OffsetDateTime {
        self.this_update
    }

    /// The field `nextUpdate`: when the next CRL is issued at the latest, in UTC.
    #[must_use]
    pub fn next_update(&self) -> Option<OffsetDateTime> {
        self.next_update
    }

    /// From thisUpdate to nextUpdate; `None` without nextUpdate.
    #[must_use]
    pub fn validity(&self) -> Option<Validity> {
        let not_after = self.next_update?;
        Some(Validity { not_before: self.this_update, not_after })
    }

    /// The outer field `signatureAlgorithm` (RFC 5280 section 5.1.1.2).
    #[must_use]
    pub fn signature_algorithm(&self) -> &Algorithm {
        &self.signature_algorithm
    }

    /// The serial of each entry: the content octets of its INTEGER.
    #[must_use]
    pub fn revoked(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.entries.iter().map(|entry| entry.serial.as_slice())
    }

    /// Why a verifier must not use it: an unknown critical extension, or a missing number (RFC 5280
    /// sections 5.2 and 5.3). A lower-case fragment; `None` if it is usable.
    #[must_use]
    pub fn unusable(&self) -> Option<&str> {
        self.unusable.as_deref()
    }

    /// Verifies the signature with the key of an issuer.
    ///
    /// # Errors
    ///
    /// As [`signature::verify`](super::signature::verify).
    pub fn check_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        signed::verify(&self.der, &self.signature_algorithm, key)
    }

    /// The entry of a certificate; the last one, where there are several.
    pub(crate) fn entry(&self, serial: &[u8], issuer: &ComparableName) -> Option<&CrlEntry> {
        let own = ComparableName::from(&self.issuer);
        let wanted = minimal(serial);
        self.entries.iter().rev().find(|entry| {
            minimal(&entry.serial) == wanted && entry.issuer.as_ref().unwrap_or(&own) == issuer
        })
    }

    /// The `crlNumber` (RFC 5280 section 5.2.3), big-endian without leading zeros. `None` if it is
    /// missing or negative.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.integer(oid::CRL_NUMBER)
    }

    /// The `BaseCRLNumber` of a delta CRL (RFC 5280 section 5.2.4), big-endian without leading
    /// zeros.
    #[must_use]
    pub fn base_number(&self) -> Option<&[u8]> {
        self.integer(oid::DELTA_CRL)
    }

    /// Whether it has a `deltaCRLIndicator` (RFC 5280 section 5.2.4).
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.extension(oid::DELTA_CRL).is_some()
    }

    /// What it is about; without the extension all that its issuer has issued.
    pub(crate) fn scope(&self) -> Option<IssuingPoint> {
        match self.extension(oid::ISSUING_DISTRIBUTION_POINT) {
            Some(extension) => IssuingPoint::from_der(&extension.value, &self.issuer),
            None => Some(IssuingPoint::default()),
        }
    }

    /// Whether it was issued after another list of its issuer and scope: by the crlNumber (RFC 5280
    /// section 5.2.3), and by thisUpdate where one of them has none or both have the same.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        let numbers = self.number().map(order).zip(other.number().map(order));
        let by_number = numbers.map_or(Ordering::Equal, |(own, other)| own.cmp(&other));
        by_number.then_with(|| self.this_update.cmp(&other.this_update)).is_gt()
    }

    /// Whether two CRLs have the same scope and authorityKeyIdentifier, octet by octet.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        [oid::ISSUING_DISTRIBUTION_POINT, oid::AUTHORITY_KEY_ID].iter().all(|oid| {
            let value = |list: &Self| list.extension(oid).map(|extension| extension.value.clone());
            value(self) == value(other)
        })
    }

    fn extension(&self, oid: &str) -> Option<&Extension> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    fn integer(&self, oid: &str) -> Option<&[u8]> {
        let content = tlv::read_only(&self.extension(oid)?.value, INTEGER)?;
        let zeros = content.iter().take_while(|octet| **octet == 0).count();
        (*content.first()? < 0x80).then(|| &content[zeros..])
    }

    /// The requirements of RFC 5280 for every CRL.
    fn mismatch(&self) -> Option<String> {
        let mut seen = std::collections::HashSet::new();
        for extension in &self.extensions {
            if !seen.insert(&extension.oid) {
                return Some(format!("has the extension {} twice", extension.oid));
            }
            if extension.critical && !UNDERSTOOD.contains(&extension.oid.as_str()) {
                return Some(format!("has the critical extension {}", extension.oid));
            }
        }
        if !Signed::read(&self.der).is_some_and(|signed| signed.algorithms_agree()) {
            return Some("names another signature algorithm outside than inside".to_owned());
        }
        // Section 5.2.3: always there, and never critical.
        match self.extension(oid::CRL_NUMBER) {
            // A list of version 1 cannot have one: `openssl ca` makes these by default.
            None if self.extensions.is_empty() && !self.has_version => None,
            None => Some("has no number (crlNumber)".to_owned()),
            Some(number) if number.critical => Some("has a critical crlNumber".to_owned()),
            Some(_) if self.number().is_none() => Some("has no number that can be read".to_owned()),
            Some(_) if self.is_delta() && self.base_number().is_none() => {
                Some("has no base that can be read".to_owned())
            }
            Some(_) if self.scope().is_none() => Some("has a scope that cannot be read".to_owned()),
            Some(_) => None,
        }
    }
}

impl CrlEntry {
    /// Whether a delta CRL removes it from the CRL (removeFromCRL).
    pub(crate) fn is_removal(&self) -> bool {
        self.reason == Some(8)
    }

    /// As RFC 5280 section 5.3.1 calls it.
    pub(crate) fn reason_text(&self) -> &'static str {
        match self.reason {
            Some(1) => "keyCompromise",
            Some(2) => "cACompromise",
            Some(3) => "affiliationChanged",
            Some(4) => "superseded",
            Some(5) => "cessationOfOperation",
            Some(6) => "certificateHold",
            Some(9) => "privilegeWithdrawn",
            Some(10) => "aACompromise",
            _ => "no reason given",
        }
    }
}

/// Numbers without leading zeros, as they are ordered.
pub(crate) fn order(number: &[u8]) -> (usize, &[u8]) {
    (number.len(), number)
}

/// An INTEGER's octets without those that DER leaves out: 255 stays `00 FF`, for `FF` is -1.
fn minimal(octets: &[u8]) -> &[u8] {
    match octets {
        [0, rest @ ..] if rest.first().is_some_and(|next| *next < 0x80) => minimal(rest),
        _ => octets,
    }
}

fn reason_code(value: &[u8]) -> Option<u8> {
    match tlv::read_only(value, ENUMERATED)? {
        [reason] => Some(*reason),
        _ => None,
    }
}

fn certificate_issuer(value: &[u8]) -> Option<ComparableName> {
    let names = tlv::sequence(value)?;
    let directory = names.iter().find(|name| name.tag == DIRECTORY_NAME)?;
    Name::from_der(directory.content).ok().map(|name| (&name).into())
}
