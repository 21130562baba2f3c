//! Signatures: parses an AlgorithmIdentifier and verifies with a public key.

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::{
    key::{PublicKey, PublicKeyType},
    tlv::{self, INTEGER, OBJECT_IDENTIFIER, SEQUENCE},
};

const NULL: &[u8] = &[0x05, 0x00];
/// `[0]`, `[1]`, `[2]` of RSASSA-PSS-params (RFC 4055 section 3.1).
const PSS_HASH: u8 = 0xA0;
const PSS_MASK: u8 = 0xA1;
const PSS_SALT: u8 = 0xA2;
const MGF1: &str = "1.2.840.113549.1.1.8";

/// What verifies an algorithm, or why it is refused.
type Support = Result<Scheme, &'static str>;

const SHA1: Support = Err("SHA-1, which is broken");
const SHA224: Support = Err("SHA-224, which TLS 1.3 does not have");
const DSA: Support = Err("DSA, which TLS 1.3 does not have");
const ML_DSA: Support = Err("ML-DSA, which certctl cannot verify");

/// The signature algorithms: identifier, name, whether signatures can be forged or are refused by all
/// clients, and what verifies them. That of RSASSA-PSS depends on its parameters.
const ALGORITHMS: [(&str, &str, bool, Support); 23] = [
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", true, Err("MD2, which is broken")),
    ("1.2.840.113549.1.1.3", "md4WithRSAEncryption", true, Err("MD4, which is broken")),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption", true, Err("MD5, which is broken")),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", true, SHA1),
    ("1.3.14.3.2.29", "sha1WithRSASignature", true, SHA1),
    (RSASSA_PSS, "rsassaPss", false, Err("RSASSA-PSS and parameters that TLS 1.3 does not have")),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", false, Ok(Scheme::Pkcs1(Hash::Sha256))),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", false, Ok(Scheme::Pkcs1(Hash::Sha384))),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", false, Ok(Scheme::Pkcs1(Hash::Sha512))),
    ("1.2.840.113549.1.1.14", "sha224WithRSAEncryption", false, SHA224),
    ("1.2.840.10040.4.3", "dsa-with-SHA1", true, DSA),
    ("2.16.840.1.101.3.4.3.1", "dsa-with-SHA224", true, DSA),
    ("2.16.840.1.101.3.4.3.2", "dsa-with-SHA256", true, DSA),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1", true, SHA1),
    ("1.2.840.10045.4.3.1", "ecdsa-with-SHA224", false, SHA224),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", false, Ok(Scheme::Ecdsa(Hash::Sha256))),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", false, Ok(Scheme::Ecdsa(Hash::Sha384))),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", false, Ok(Scheme::Ecdsa(Hash::Sha512))),
    ("1.3.101.112", "Ed25519", false, Ok(Scheme::Ed25519)),
    ("1.3.101.113", "Ed448", false, Err("Ed448, which certctl cannot verify")),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44", false, ML_DSA),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65", false, ML_DSA),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87", false, ML_DSA),
];

const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
/// By PKCS#1, and by the OIW before it.
const SHA1_WITH_RSA: [&str; 2] = ["1.2.840.113549.1.1.5", "1.3.14.3.2.29"];

/// An AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The object identifier, dotted: `1.2.840.113549.1.1.11`.
    pub oid: String,
    /// The whole SEQUENCE with its parameters, DER.
    pub der: Vec<u8>,
}

impl Algorithm {
    /// The name, such as `sha256WithRSAEncryption`; the dotted identifier itself if it is unknown.
    #[must_use]
    pub fn name(&self) -> &str {
        self.known().map_or(&self.oid, |(_, name, ..)| name)
    }

    /// Whether signatures of this algorithm can be forged, or are refused by all clients.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.known().is_some_and(|(_, _, is_weak, _)| *is_weak)
    }

    fn known(&self) -> Option<&'static (&'static str, &'static str, bool, Support)> {
        ALGORITHMS.iter().find(|(oid, ..)| *oid == self.oid)
    }
}

/// Why a signature is not accepted. The messages follow `its signature`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The algorithm is weak or not supported; its name.
    #[error("is made with {0}")]
    Algorithm(String),
    /// The algorithm does not match the type of the key.
    #[error("is made with {algorithm}, and the key is {key}")]
    OtherKind {
        /// The name of the algorithm.
        algorithm: &'static str,
        /// The type of the key.
        key: PublicKeyType,
    },
    /// The key does not verify the signature.
    #[error("does not verify with the key")]
    Wrong,
}

/// Verifies `signature` over `message` with `key`.
///
/// Accepted are RSA (PKCS#1 v1.5 and PSS) with SHA-256, SHA-384 and SHA-512, ECDSA on P-256 and
/// P-384 with SHA-256 and SHA-384, and Ed25519. RSA keys from 1024 bits are accepted: a weak key is
/// a violation of its own ([`crate::verify::rule::Rule::WeakKey`]).
///
/// # Errors
///
/// [`SignatureError`].
pub fn verify(
    algorithm: &Algorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let scheme = Scheme::of(algorithm)?;
    let method = scheme.method(&key.kind())?;
    UnparsedPublicKey::new(method, key.bits())
        .verify(message, signature)
        .map_err(|_| SignatureError::Wrong)
}

/// Whether `key` verifies the signature, also RSA with SHA-1. It shows which CA issued an old
/// certificate, not whether to trust it.
pub(crate) fn is_made_by(
    algorithm: &Algorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    if key.is_rsa() && SHA1_WITH_RSA.contains(&algorithm.oid.as_str()) {
        let method = &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY;
        return UnparsedPublicKey::new(method, key.bits()).verify(message, signature).is_ok();
    }
    verify(algorithm, key, message, signature).is_ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Pkcs1(Hash),
    Pss(Hash),
    Ecdsa(Hash),
    Ed25519,
}

impl Scheme {
    fn of(algorithm: &Algorithm) -> Result<Self, SignatureError> {
        let refused = |why: &str| SignatureError::Algorithm(why.to_owned());
        let parameters = parameters(&algorithm.der);
        if algorithm.oid == RSASSA_PSS
            && let Some(hash) = parameters.and_then(pss_hash)
        {
            return Ok(Self::Pss(hash));
        }
        let Some((.., support)) = algorithm.known() else {
            let oid = &algorithm.oid;
            return Err(refused(&format!("the algorithm {oid}, which certctl does not know")));
        };
        let scheme = support.map_err(refused)?;
        // RFC 4055 section 5: NULL for PKCS#1, and its absence is taken, too; RFC 5758, RFC 8410: none.
        let fits = match scheme {
            Self::Pkcs1(_) => parameters.is_none_or(|der| der == NULL),
            _ => parameters.is_none(),
        };
        if fits {
            Ok(scheme)
        } else {
            Err(refused("parameters that do not belong to its algorithm"))
        }
    }

    fn method(
        self,
        key: &PublicKeyType,
    ) -> Result<&'static dyn VerificationAlgorithm, SignatureError> {
        use signature as by;

        let other = |algorithm| Err(SignatureError::OtherKind { algorithm, key: key.clone() });
        Ok(match (self, key) {
            (Self::Pkcs1(_) | Self::Pss(_), PublicKeyType::Rsa { bits, .. }) if *bits < 1024 => {
                return Err(SignatureError::Algorithm(format!(
                    "a key of {bits} bits, which is too short to prove anything"
                )));
            }
            (Self::Pkcs1(hash), PublicKeyType::Rsa { bits, .. }) => match (hash, *bits < 2048) {
                (Hash::Sha256, false) => &by::RSA_PKCS1_2048_8192_SHA256,
                (Hash::Sha384, false) => &by::RSA_PKCS1_2048_8192_SHA384,
                (Hash::Sha512, false) => &by::RSA_PKCS1_2048_8192_SHA512,
                (Hash::Sha256, true) => &by::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
                (Hash::Sha512, true) => &by::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
                (Hash::Sha384, true) => {
                    return Err(SignatureError::Algorithm(format!(
                        "SHA-384 and a key of {bits} bits, which certctl cannot verify"
                    )));
                }
            },
            (Self::Pss(hash), PublicKeyType::Rsa { .. } | PublicKeyType::RsaPss) => match hash {
                Hash::Sha256 => &by::RSA_PSS_2048_8192_SHA256,
                Hash::Sha384 => &by::RSA_PSS_2048_8192_SHA384,
                Hash::Sha512 => &by::RSA_PSS_2048_8192_SHA512,
            },
            (Self::Ecdsa(hash), PublicKeyType::EcdsaP256) => match hash {
                Hash::Sha256 => &by::ECDSA_P256_SHA256_ASN1,
                Hash::Sha384 => &by::ECDSA_P256_SHA384_ASN1,
                Hash::Sha512 => return Err(beyond_ring("P-256")),
            },
            (Self::Ecdsa(hash), PublicKeyType::EcdsaP384) => match hash {
                Hash::Sha256 => &by::ECDSA_P384_SHA256_ASN1,
                Hash::Sha384 => &by::ECDSA_P384_SHA384_ASN1,
                Hash::Sha512 => return Err(beyond_ring("P-384")),
            },
            (
                Self::Ecdsa(_),
                PublicKeyType::EcdsaP521
                | PublicKeyType::EcdsaSecp256k1
                | PublicKeyType::EcdsaOther(_)
                | PublicKeyType::EcdsaExplicit,
            ) => {
                return Err(SignatureError::Algorithm(format!(
                    "a key on a curve ({key}) that certctl cannot verify"
                )));
            }
            (Self::Ed25519, PublicKeyType::Ed25519) => &by::ED25519,
            (Self::Pkcs1(_), _) => return other("RSA (PKCS #1)"),
            (Self::Pss(_), _) => return other("RSASSA-PSS"),
            (Self::Ecdsa(_), _) => return other("ECDSA"),
            (Self::Ed25519, _) => return other("Ed25519"),
        })
    }
}

fn beyond_ring(curve: &str) -> SignatureError {
    SignatureError::Algorithm(format!("SHA-512 over {curve}, which certctl cannot verify"))
}

/// What follows the object identifier in an AlgorithmIdentifier, raw.
fn parameters(algorithm: &[u8]) -> Option<&[u8]> {
    let (_, rest) = tlv::read(tlv::read_only(algorithm, SEQUENCE)?)?;
    (!rest.is_empty()).then_some(rest)
}

/// The hash of RSASSA-PSS-params where they are those of RFC 8446: MGF1 with the same hash, a salt as
/// long as the hash.
fn pss_hash(parameters: &[u8]) -> Option<Hash> {
    let fields = tlv::sequence(parameters)?;
    let field = |tag| fields.iter().find(|field| field.tag == tag).map(|field| field.content);
    let hash = hash(field(PSS_HASH)?)?;
    let (mask, rest) = tlv::read(tlv::read_only(field(PSS_MASK)?, SEQUENCE)?)?;
    let salt = tlv::read_only(field(PSS_SALT)?, INTEGER)?;
    let length = match hash {
        Hash::Sha256 => 32,
        Hash::Sha384 => 48,
        Hash::Sha512 => 64,
    };
    let is_mgf1 = mask.tag == OBJECT_IDENTIFIER
        && tlv::oid_to_text(mask.content).as_deref() == Some(MGF1)
        && self::hash(rest) == Some(hash);
    (is_mgf1 && salt == [length]).then_some(hash)
}

/// The hash that an AlgorithmIdentifier names.
fn hash(identifier: &[u8]) -> Option<Hash> {
    let (oid, rest) = tlv::read(tlv::read_only(identifier, SEQUENCE)?)?;
    if oid.tag != OBJECT_IDENTIFIER || !(rest.is_empty() || rest == NULL) {
        return None;
    }
    match tlv::oid_to_text(oid.content)?.as_str() {
        "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
        "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
        "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_keeps_its_number() {
        let algorithm = |oid: &str| Algorithm { oid: oid.to_owned(), der: Vec::new() };

        assert_eq!(algorithm("1.2.3").name(), "1.2.3");
        assert!(algorithm("1.2.840.113549.1.1.5").is_weak() && !algorithm("1.2.3").is_weak());
    }
}
