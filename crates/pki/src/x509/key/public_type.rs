//! The types of public keys, by the identifiers of their algorithms and curves.

use std::fmt;

use super::KeyType;
use crate::x509::tlv::{self, OBJECT_IDENTIFIER};

/// The type and size of a public key. `Display` writes `rsa:2048`, `ecdsa:p256`, `ed25519`, or the
/// object identifier of an algorithm that has no name here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKeyType {
    /// RSA (RFC 8017).
    Rsa {
        /// The bits of the modulus.
        bits: u32,
        /// The public exponent; `u64::MAX` if it is larger.
        exponent: u64,
    },
    /// An EC key on P-256 (secp256r1).
    EcdsaP256,
    /// An EC key on P-384 (secp384r1).
    EcdsaP384,
    /// An EC key on P-521 (secp521r1).
    EcdsaP521,
    /// An EC key on secp256k1.
    EcdsaSecp256k1,
    /// An EC key on another curve; its object identifier, dotted.
    EcdsaOther(String),
    /// An EC key whose curve is given by its parameters, or is missing.
    EcdsaExplicit,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// DSA (RFC 3279 section 2.3.2).
    Dsa,
    /// RSA for RSASSA-PSS only (RFC 4055 section 1.2).
    RsaPss,
    /// Another algorithm; its object identifier, dotted.
    Other(String),
}

impl PublicKeyType {
    /// The type in the DER of an `AlgorithmIdentifier`, which does not have the size of an RSA key.
    pub(super) fn of_algorithm(identifier: &[u8]) -> Option<Self> {
        let fields = tlv::sequence(identifier)?;
        let (oid, parameters) = match fields.as_slice() {
            [oid] => (oid, None),
            [oid, parameters] => (oid, Some(parameters.raw)),
            _ => return None,
        };
        let oid = tlv::oid_to_text(tlv::read_only(oid.raw, OBJECT_IDENTIFIER)?)?;

        Some(match oid.as_str() {
            "1.2.840.113549.1.1.1" => Self::Rsa { bits: 0, exponent: 0 },
            "1.2.840.113549.1.1.10" => Self::RsaPss,
            "1.2.840.10045.2.1" => Self::of_curve(parameters.unwrap_or_default()),
            "1.2.840.10040.4.1" => Self::Dsa,
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Ed448,
            _ => Self::Other(oid),
        })
    }

    pub(super) fn is_ecdsa(&self) -> bool {
        matches!(
            self,
            Self::EcdsaP256
                | Self::EcdsaP384
                | Self::EcdsaP521
                | Self::EcdsaSecp256k1
                | Self::EcdsaOther(_)
                | Self::EcdsaExplicit
        )
    }

    /// The kind of an EC key by the DER of its `ECParameters`.
    pub(super) fn of_curve(parameters: &[u8]) -> Self {
        let oid = tlv::read_only(parameters, OBJECT_IDENTIFIER).and_then(tlv::oid_to_text);
        let Some(oid) = oid else { return Self::EcdsaExplicit };
        match oid.as_str() {
            "1.2.840.10045.3.1.7" => Self::EcdsaP256,
            "1.3.132.0.34" => Self::EcdsaP384,
            "1.3.132.0.35" => Self::EcdsaP521,
            "1.3.132.0.10" => Self::EcdsaSecp256k1,
            _ => Self::EcdsaOther(oid),
        }
    }
}

/// The type of the public key of a generated key.
impl From<KeyType> for PublicKeyType {
    fn from(kind: KeyType) -> Self {
        let rsa = |bits| Self::Rsa { bits, exponent: 65537 };
        match kind {
            KeyType::Rsa2048 => rsa(2048),
            KeyType::Rsa3072 => rsa(3072),
            KeyType::Rsa4096 => rsa(4096),
            KeyType::EcdsaP256 => Self::EcdsaP256,
            KeyType::EcdsaP384 => Self::EcdsaP384,
            KeyType::Ed25519 => Self::Ed25519,
        }
    }
}

impl fmt::Display for PublicKeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(f, "rsa:{bits}"),
            Self::EcdsaP256 => f.write_str("ecdsa:p256"),
            Self::EcdsaP384 => f.write_str("ecdsa:p384"),
            Self::EcdsaP521 => f.write_str("ecdsa:p521"),
            Self::EcdsaSecp256k1 => f.write_str("ecdsa:secp256k1"),
            Self::EcdsaOther(oid) => write!(f, "ecdsa:{oid}"),
            Self::EcdsaExplicit => f.write_str("ecdsa:explicit"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Ed448 => f.write_str("ed448"),
            Self::Dsa => f.write_str("dsa"),
            Self::RsaPss => f.write_str("rsassa-pss"),
            Self::Other(oid) => f.write_str(oid),
        }
    }
}
