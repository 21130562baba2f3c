//! The type of a DER structure, recognized by its outermost elements.

use super::tlv::{
    self, BIT_STRING, EXPLICIT_0, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING,
    SEQUENCE, UTC_TIME,
};

/// The content octets of 1.2.840.113549.1.7, under which the types of PKCS#7 are.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];

/// The types that are recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DerKind {
    Certificate,
    Request,
    RevocationList,
    /// A `SubjectPublicKeyInfo`.
    PublicKey,
    /// An `RSAPublicKey` of PKCS#1.
    RsaPublicKey,
    PrivateKey,
    Pkcs7,
    Pkcs12,
    /// DER of something else.
    Other,
}

/// The type of the element that `octets` begin with, and its length in octets.
///
/// `None` where they do not begin with a whole SEQUENCE of elements in DER.
pub(crate) fn of(octets: &[u8]) -> Option<(DerKind, usize)> {
    let (outer, _) = tlv::read(octets)?;
    if outer.tag != SEQUENCE {
        return None;
    }
    let fields = tlv::read_all(outer.content)?;
    let tags: Vec<u8> = fields.iter().map(|field| field.tag).collect();
    let form = match (tags.as_slice(), fields.as_slice()) {
        ([SEQUENCE, SEQUENCE, BIT_STRING], [signed, ..]) => of_signed(signed.content),
        ([SEQUENCE, BIT_STRING], _) => DerKind::PublicKey,
        ([INTEGER, INTEGER], _) => DerKind::RsaPublicKey,
        (
            [INTEGER, SEQUENCE | OCTET_STRING, OCTET_STRING, ..]
            | [INTEGER, OCTET_STRING, ..]
            | [INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, ..]
            | [SEQUENCE, OCTET_STRING],
            _,
        ) => DerKind::PrivateKey,
        ([INTEGER, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE], [version, ..])
            if version.content == [3] =>
        {
            DerKind::Pkcs12
        }
        ([OBJECT_IDENTIFIER, ..], [kind, ..]) if kind.content.starts_with(PKCS7) => DerKind::Pkcs7,
        _ => DerKind::Other,
    };
    Some((form, outer.raw.len()))
}

/// The encoded length of a SEQUENCE in octets, its head included, where it is longer than 127.
///
/// `None` if `octets` are the beginning of something else.
pub(crate) fn announced_length(octets: &[u8]) -> Option<usize> {
    let [SEQUENCE, head @ 0x81..=0x84, rest @ ..] = octets else { return None };
    let count = usize::from(head & 0x7f);
    let length =
        rest.get(..count)?.iter().fold(0_usize, |sum, octet| sum << 8 | usize::from(*octet));
    length.checked_add(2 + count)
}

/// What was signed: tbsCertificate, tbsCertList, or certificationRequestInfo.
fn of_signed(content: &[u8]) -> DerKind {
    let Some(fields) = tlv::read_all(content) else { return DerKind::Other };
    let tags: Vec<u8> = fields.iter().map(|field| field.tag).collect();
    match tags.as_slice() {
        [INTEGER, SEQUENCE, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE, EXPLICIT_0] => {
            DerKind::Request
        }
        [INTEGER, SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
        | [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => DerKind::RevocationList,
        [EXPLICIT_0, INTEGER, SEQUENCE, ..] | [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, ..] => {
            DerKind::Certificate
        }
        _ => DerKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_structure_has_its_kind() {
        let seq = |parts: &[&[u8]]| tlv::write(SEQUENCE, &parts.concat());
        let (int, empty, bits, text) =
            (&[2, 1, 3][..], &[0x30, 0][..], &[3, 1, 0][..], &[4, 0][..]);
        let (time, zero) = (&[0x17, 0][..], &[0xA0, 0][..]);
        let signed = |parts: &[&[u8]]| seq(&[&seq(parts), empty, bits]);
        let pkcs7 = tlv::write(OBJECT_IDENTIFIER, &[PKCS7, &[2]].concat());
        let cases = [
            (signed(&[zero, int, empty, empty, empty, empty, empty]), DerKind::Certificate),
            (signed(&[int, empty, empty, empty, empty, empty]), DerKind::Certificate),
            (signed(&[int, empty, empty, zero]), DerKind::Request),
            (signed(&[int, empty, empty, time, time]), DerKind::RevocationList),
            (signed(&[empty, empty, time]), DerKind::RevocationList),
            (signed(&[]), DerKind::Other),
            (seq(&[empty, bits]), DerKind::PublicKey),
            (seq(&[int, int]), DerKind::RsaPublicKey),
            (seq(&[int, empty, text, zero]), DerKind::PrivateKey),
            (seq(&[int, text, zero]), DerKind::PrivateKey),
            (seq(&[int; 9]), DerKind::PrivateKey),
            (seq(&[int; 6]), DerKind::PrivateKey),
            (seq(&[empty, text]), DerKind::PrivateKey),
            (seq(&[int, empty, empty]), DerKind::Pkcs12),
            (seq(&[int, empty]), DerKind::Pkcs12),
            (seq(&[&pkcs7, zero]), DerKind::Pkcs7),
            (seq(&[]), DerKind::Other),
        ];

        for (der, form) in cases {
            assert_eq!(of(&der), Some((form, der.len())), "{der:02x?}");
        }
        assert_eq!(of(b"0\x03text"), None);
        assert_eq!(of(b"text"), None);
    }

    #[test]
    fn a_long_sequence_announces_its_length() {
        let cases: [(&[u8], Option<usize>); 5] = [
            (&[0x30, 0x82, 1, 0, 7], Some(260)),
            (&[0x30, 0x81, 0x80], Some(131)),
            (&[0x30, 0x82, 1], None),
            (&[0x30, 0x80, 0, 0], None),
            (b"0.5", None),
        ];
        for (octets, length) in cases {
            assert_eq!(announced_length(octets), length, "{octets:02x?}");
        }
    }
}
