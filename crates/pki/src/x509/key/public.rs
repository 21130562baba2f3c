//! Public keys of any algorithm, as certificates and requests have them.

use std::fmt;

use rustls_pki_types::AlgorithmIdentifier;

use super::{KeyError, curve, public_type::PublicKeyType};
use crate::x509::{
    der,
    tlv::{self, BIT_STRING, INTEGER, SEQUENCE},
};

/// ML-DSA (RFC 9881): known, but few clients verify it yet.
const ML_DSA: [&str; 3] =
    ["2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19"];

/// A `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7), byte for byte.
///
/// The algorithm may be any, also one that cannot be verified here.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    key: Vec<u8>,
    kind: PublicKeyType,
}

impl PublicKey {
    /// Reads the DER of a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    ///
    /// [`KeyError::MalformedPublic`] if the structure is malformed. The key itself is checked by
    /// [`PublicKey::fault`].
    pub fn from_spki(spki: &[u8]) -> Result<Self, KeyError> {
        Self::read(spki).ok_or(KeyError::MalformedPublic)
    }

    /// The DER of the `SubjectPublicKeyInfo`, as it was read.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The content of the `subjectPublicKey` BIT STRING, without the octet for unused bits.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        &self.key
    }

    /// The type and size of the key.
    #[must_use]
    pub fn kind(&self) -> PublicKeyType {
        self.kind.clone()
    }

    /// Whether the algorithm is `rsaEncryption` (RFC 8017).
    #[must_use]
    pub fn is_rsa(&self) -> bool {
        matches!(self.kind, PublicKeyType::Rsa { .. })
    }

    /// Whether it is a compressed point of a curve, which TLS does not use (RFC 8422 section
    /// 5.1.1).
    #[must_use]
    pub fn is_compressed_point(&self) -> bool {
        self.kind.is_ecdsa() && matches!(self.key.first(), Some(2 | 3))
    }

    /// Why the key cannot work with any client: a point off its curve, an RSA exponent of 1, a
    /// wrong length, an unknown algorithm.
    ///
    /// The text follows `has a public key that cannot work: `. `None` if no fault is known.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        match &self.kind {
            PublicKeyType::Rsa { .. } => rsa_fault(&self.key).map(str::to_owned),
            PublicKeyType::Ed25519 if self.key.len() != 32 => Some(wrong_length(32, &self.key)),
            PublicKeyType::Ed448 if self.key.len() != 57 => Some(wrong_length(57, &self.key)),
            PublicKeyType::Other(oid) if !ML_DSA.contains(&oid.as_str()) => {
                Some(format!("its algorithm {oid} is not known"))
            }
            kind => curve::fault(kind, &self.key).map(str::to_owned),
        }
        .or_else(|| self.parameters_fault().map(str::to_owned))
    }

    /// RFC 4055 section 1.2: NULL for RSA; RFC 8410 section 3: none for Ed25519 and Ed448.
    fn parameters_fault(&self) -> Option<&'static str> {
        let algorithm = tlv::sequence(&self.spki)?.first().copied()?;
        let parameters = tlv::sequence(algorithm.raw)?.get(1).map(|found| found.raw);
        match (&self.kind, parameters) {
            (PublicKeyType::Rsa { .. }, parameters) if parameters != Some(&[5, 0]) => {
                Some("its algorithm lacks the parameters NULL: Go does not load it")
            }
            (PublicKeyType::Ed25519 | PublicKeyType::Ed448, Some(_)) => {
                Some("its algorithm has parameters: Go does not load it")
            }
            _ => None,
        }
    }

    /// The key identifier by RFC 7093 section 2 method 1: the first 160 bits of the SHA-256 of
    /// [`PublicKey::bits`].
    #[must_use]
    pub fn key_identifier(&self) -> [u8; 20] {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.key);
        let mut identifier = [0; 20];
        identifier.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        identifier
    }

    pub(super) fn new(algorithm: AlgorithmIdentifier, key: &[u8]) -> Result<Self, KeyError> {
        let algorithm = tlv::write(SEQUENCE, &algorithm);
        Self::from_spki(&der::sequence(&[algorithm, der::bit_string(key)]))
    }

    fn read(spki: &[u8]) -> Option<Self> {
        let fields = tlv::sequence(spki)?;
        let [algorithm, bits] = fields.as_slice() else { return None };
        let key = tlv::read_only(bits.raw, BIT_STRING)?.strip_prefix(&[0])?;

        let kind = match PublicKeyType::of_algorithm(algorithm.raw)? {
            PublicKeyType::Rsa { .. } => rsa_kind(key)?,
            other => other,
        };
        Some(Self { spki: spki.to_vec(), key: key.to_vec(), kind })
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind)
    }
}

/// The size in the DER of an `RSAPublicKey` (RFC 8017 appendix A.1.1). Numbers that lack the octet
/// of their sign are measured as they were meant.
fn rsa_kind(key: &[u8]) -> Option<PublicKeyType> {
    let fields = tlv::sequence(key)?;
    let [modulus, exponent] = fields.as_slice() else { return None };
    let modulus = tlv::read_only(modulus.raw, INTEGER)?;
    let exponent = tlv::read_only(exponent.raw, INTEGER)?;
    Some(PublicKeyType::Rsa { bits: tlv::bit_length(modulus), exponent: tlv::unsigned(exponent) })
}

/// What no `RSAPublicKey` can be: an exponent that leaves the message as it is or has no inverse, a
/// modulus that cannot be a product of two large primes.
fn rsa_fault(key: &[u8]) -> Option<&'static str> {
    let fields = tlv::sequence(key)?;
    let [modulus, exponent] = fields.as_slice() else {
        return Some("it has other fields than two");
    };
    let (modulus, exponent) = (modulus.content, exponent.content);
    let is_wrong = |number: &[u8]| match number {
        [] => true,
        [0, next, ..] => *next < 0x80,
        [first, ..] => *first >= 0x80,
    };
    if is_wrong(modulus) || is_wrong(exponent) {
        return Some(
            "its modulus or exponent is negative, or not in the shortest form: Go does not load it",
        );
    }
    let is_even = |number: &[u8]| number.last().is_none_or(|octet| octet % 2 == 0);
    match tlv::unsigned(exponent) {
        0 | 1 => Some("its exponent is below 2, so that anybody can sign with it"),
        _ if is_even(exponent) => Some("its exponent is even"),
        _ if is_even(modulus) => Some("its modulus is even"),
        large if i64::try_from(large).is_err() => {
            Some("its exponent has over 63 bits: Go does not load it")
        }
        _ => None,
    }
}

fn wrong_length(expected: usize, key: &[u8]) -> String {
    format!("it has {} octets instead of {expected}", key.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::key::wiped_der;

    use crate::x509::key::PrivateKey;
    use crate::x509::key::samples::{ED25519_V1, KEYS, oid};

    #[test]
    fn public_keys_of_any_kind_are_held() {
        let spki = |algorithm: &str, parameters: &[u8]| {
            let identifier = der::sequence(&[&oid(algorithm), parameters]);
            PublicKey::from_spki(&der::sequence(&[identifier, der::bit_string(b"point")]))
        };
        let ec = "1.2.840.10045.2.1";

        let cases = [
            (spki(ec, &oid("1.3.132.0.35")), "ecdsa:p521"),
            (spki(ec, &oid("1.3.132.0.10")), "ecdsa:secp256k1"),
            (spki(ec, &oid("1.3.132.0.33")), "ecdsa:1.3.132.0.33"),
            (spki(ec, &[]), "ecdsa:explicit"),
            (spki(ec, &wiped_der::integer(&[1])), "ecdsa:explicit"),
            (spki("1.3.101.113", &[]), "ed448"),
            (spki("1.2.840.10040.4.1", &[]), "dsa"),
            (spki("1.2.840.113549.1.1.10", &[]), "rsassa-pss"),
            (spki("2.16.840.1.101.3.4.3.17", &[]), "2.16.840.1.101.3.4.3.17"),
        ];
        for (key, name) in cases {
            let key = key.unwrap();
            assert_eq!(key.kind().to_string(), name);
            assert!(!key.is_rsa(), "{name}");
        }
        assert_eq!(KEYS[0].public().kind(), PublicKeyType::Rsa { bits: 2048, exponent: 65537 });
    }
    #[test]
    fn a_parsed_key_is_unchanged() {
        for key in KEYS.iter().map(PrivateKey::public) {
            assert_eq!(PublicKey::from_spki(key.spki()).as_ref(), Ok(key));
        }
    }

    #[test]
    fn damaged_public_keys_are_never_a_panic() {
        assert_eq!(PublicKey::from_spki(b"0").unwrap_err(), KeyError::MalformedPublic);
        for spki in KEYS.iter().map(|key| key.public().spki()) {
            for end in 0..spki.len() {
                assert!(PublicKey::from_spki(&spki[..end]).is_err(), "cut at {end}");
            }
            let mut damaged = spki.to_vec();
            for bit in 0..damaged.len() * 8 {
                damaged[bit / 8] ^= 1 << (bit % 8);
                let _ = PublicKey::from_spki(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        }
    }

    #[test]
    fn a_key_identifier_is_the_hash_of_the_bits_alone() {
        let key = PrivateKey::from_pem(ED25519_V1.as_bytes()).unwrap();
        let expected = [
            0xe7, 0x44, 0xc0, 0x79, 0x13, 0x20, 0xc3, 0x28, 0x54, 0x60, 0xed, 0xdb, 0x52, 0x3f,
            0x14, 0xc8, 0x8d, 0x85, 0x7a, 0xda,
        ];
        assert_eq!(key.public().key_identifier(), expected);
    }
}
