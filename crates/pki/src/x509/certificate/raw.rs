//! The parts of a certificate that are read from its DER when a caller needs them.

use std::collections::HashMap;

use super::{Certificate, Extension};
use crate::x509::{
    key::PublicKey,
    signature::SignatureError,
    signed::{self, Signed},
    tlv::{self, EXPLICIT_0, Element, GENERALIZED_TIME, SEQUENCE},
};

impl Certificate {
    /// The extensions, each with its number among those of its type, from 1: RFC 5280 section 4.2 allows
    /// one.
    pub fn numbered_extensions(&self) -> impl Iterator<Item = (&Extension, usize)> {
        let mut seen = HashMap::new();
        self.extensions.iter().map(move |extension| {
            let number = seen.entry(extension.oid.as_str()).or_insert(0);
            *number += 1;
            (extension, *number)
        })
    }

    /// Whether the inner field `signature` equals the outer `signatureAlgorithm` (RFC 5280 section
    /// 4.1.1.2).
    pub fn algorithms_agree(&self) -> bool {
        Signed::read(&self.der).is_some_and(|signed| signed.algorithms_agree())
    }

    /// The signed part, tbsCertificate, DER. `None` if a length around it is not DER.
    pub fn tbs(&self) -> Option<&[u8]> {
        Signed::read(&self.der).map(|signed| signed.content.raw)
    }

    /// The octets of `signatureValue`. `None` if it is not a BIT STRING of whole octets.
    pub fn signature(&self) -> Option<&[u8]> {
        Signed::read(&self.der)?.signature()
    }

    /// Verifies the signature with the key of an issuer.
    ///
    /// # Errors
    ///
    /// As [`signature::verify`](crate::x509::signature::verify).
    pub fn check_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        signed::verify(&self.der, &self.signature_algorithm, key)
    }

    /// Whether `version 1` is encoded; DER omits this default (X.690 section 11.5).
    pub(crate) fn says_version_1(&self) -> bool {
        let signed = Signed::read(&self.der);
        signed.is_some_and(|signed| signed.content.content.starts_with(&[EXPLICIT_0, 3, 2, 1, 0]))
    }

    /// Whether a date before 2050 is not a `UTCTime`, as RFC 5280 section 4.1.2.5 requires.
    pub(crate) fn has_early_generalized_time(&self) -> bool {
        let is_early = |time: &Element<'_>| {
            time.tag == GENERALIZED_TIME
                && time.content.get(..4).is_some_and(|year| year < &b"2050"[..])
        };
        // After serialNumber come signature, issuer and validity.
        let times = Signed::read(&self.der)
            .and_then(|signed| signed.fields())
            .and_then(|fields| fields.into_iter().filter(|field| field.tag == SEQUENCE).nth(2))
            .and_then(|validity| tlv::read_all(validity.content));
        times.is_some_and(|times| times.iter().any(is_early))
    }
}
