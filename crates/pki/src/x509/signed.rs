//! A signed structure: what is signed, the algorithm, and the signature. Certificates, requests and
//! CRLs have this form (RFC 5280 sections 4.1.1 and 5.1.1, RFC 2986 section 4.2).

use super::{
    key::PublicKey,
    signature::{self, Algorithm, SignatureError},
    tlv::{self, BIT_STRING, Element, SEQUENCE},
};

/// The three parts, borrowed from the DER.
#[derive(Clone, Copy)]
pub(super) struct Signed<'a> {
    /// What is signed.
    pub(super) content: Element<'a>,
    pub(super) algorithm: Element<'a>,
    signature: Element<'a>,
}

impl<'a> Signed<'a> {
    /// `None` where a length is not DER, or the parts are others.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let mut fields = tlv::elements(tlv::read_only(der, SEQUENCE)?)?;
        let (content, algorithm, signature) = (fields.next()?, fields.next()?, fields.next()?);
        let is_whole = signature.tag == BIT_STRING && fields.next().is_none();
        is_whole.then_some(Self { content, algorithm, signature })
    }

    /// The fields of what is signed.
    pub(super) fn fields(&self) -> Option<Vec<Element<'a>>> {
        tlv::sequence(self.content.raw)
    }

    /// Whether the algorithm that is signed, too, is the one outside (RFC 5280 section 4.1.1.2).
    pub(super) fn algorithms_agree(&self) -> bool {
        // The fields before it are INTEGERs, or tagged explicitly.
        let inner = self.fields().and_then(|all| all.into_iter().find(|one| one.tag == SEQUENCE));
        inner.is_some_and(|inner| inner.raw == self.algorithm.raw)
    }

    /// The octets of the signature; `None` if they are not whole.
    pub(super) fn signature(&self) -> Option<&'a [u8]> {
        self.signature.content.strip_prefix(&[0])
    }
}

/// The algorithm outside, with the identifier that x509-parser has read, and without DER where a length
/// is not DER.
pub(super) fn algorithm(oid: String, der: &[u8]) -> Algorithm {
    let der = Signed::read(der).map_or_else(Vec::new, |it| it.algorithm.raw.to_vec());
    Algorithm { oid, der }
}

/// As [`signature::verify`], of a signed structure.
pub(super) fn verify(
    der: &[u8],
    algorithm: &Algorithm,
    key: &PublicKey,
) -> Result<(), SignatureError> {
    let (content, octets) = parts(der).ok_or(SignatureError::Wrong)?;
    signature::verify(algorithm, key, content, octets)
}

/// As [`signature::is_made_by`], of a signed structure.
pub(super) fn is_made_by(der: &[u8], algorithm: &Algorithm, key: &PublicKey) -> bool {
    parts(der)
        .is_some_and(|(content, octets)| signature::is_made_by(algorithm, key, content, octets))
}

fn parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let signed = Signed::read(der)?;
    Some((signed.content.raw, signed.signature()?))
}
