//! The parts of a certificate that are read from its DER when a caller needs them.

use super::Certificate;
use crate::x509::{
    der,
    tlv::{self, BIT_STRING, EXPLICIT_0, Element, GENERALIZED_TIME, SEQUENCE},
};

impl Certificate {
    /// Whether the inner field `signature` equals the outer `signatureAlgorithm` (RFC 5280 section
    /// 4.1.1.2).
    pub fn algorithms_agree(&self) -> bool {
        // serialNumber is the one INTEGER; the version before it is explicitly tagged.
        let inner = outer(&self.der)
            .and_then(|parts| tlv::read_all(tlv::read_only(parts.tbs.raw, SEQUENCE)?))
            .and_then(|fields| fields.into_iter().find(|field| field.tag == SEQUENCE));
        inner.is_some_and(|inner| inner.raw == self.signature_algorithm.der)
    }

    /// The signed part, tbsCertificate, DER. `None` if a length around it is not DER.
    pub fn tbs(&self) -> Option<&[u8]> {
        outer(&self.der).map(|parts| parts.tbs.raw)
    }

    /// The octets of `signatureValue`. `None` if it is not a BIT STRING of whole octets.
    pub fn signature(&self) -> Option<&[u8]> {
        outer(&self.der)?.signature.content.strip_prefix(&[0])
    }

    /// Whether `version 1` is encoded; DER omits this default (X.690 section 11.5).
    pub(crate) fn says_version_1(&self) -> bool {
        let fields = outer(&self.der).and_then(|parts| tlv::read_only(parts.tbs.raw, SEQUENCE));
        fields.is_some_and(|fields| fields.starts_with(&[EXPLICIT_0, 3, 2, 1, 0]))
    }

    /// Whether a date before 2050 is not a `UTCTime`, as RFC 5280 section 4.1.2.5 requires.
    pub(crate) fn has_early_generalized_time(&self) -> bool {
        let is_early = |time: &Element<'_>| {
            time.tag == GENERALIZED_TIME
                && time.content.get(..4).is_some_and(|year| year < &b"2050"[..])
        };
        // After serialNumber come signature, issuer and validity.
        let times = outer(&self.der)
            .and_then(|parts| tlv::read_all(tlv::read_only(parts.tbs.raw, SEQUENCE)?))
            .and_then(|fields| fields.into_iter().filter(|field| field.tag == SEQUENCE).nth(2))
            .and_then(|validity| tlv::read_all(validity.content));
        times.is_some_and(|times| times.iter().any(is_early))
    }
}

/// The three parts of a Certificate.
pub(super) struct Parts<'a> {
    tbs: Element<'a>,
    pub(super) algorithm: Element<'a>,
    signature: Element<'a>,
}

pub(super) fn outer(certificate: &[u8]) -> Option<Parts<'_>> {
    let mut fields = tlv::elements(tlv::read_only(certificate, SEQUENCE)?)?;
    let (tbs, algorithm, signature) = (fields.next()?, fields.next()?, fields.next()?);
    let is_whole = signature.tag == BIT_STRING && fields.next().is_none();
    is_whole.then_some(Parts { tbs, algorithm, signature })
}

/// The extensions, each as raw DER; `None` where a length is not DER.
pub(super) fn raw_extensions(certificate: &[u8]) -> Option<Vec<Vec<u8>>> {
    let tbs = tlv::elements(tlv::read_only(certificate, SEQUENCE)?)?.next()?;
    let mut fields = tlv::elements(tlv::read_only(tbs.raw, SEQUENCE)?)?;
    der::elements(fields.find_map(|field| der::inside_explicit(3, field.raw))?)
}
