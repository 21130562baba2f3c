//! Keys: made, read in the formats of OpenSSL, written as PKCS#8, and signing through ring.

mod error;
mod facts;
mod making;
mod public;
mod read;
#[cfg(test)]
mod samples;
pub(super) mod secret;

use std::fmt;
use std::str::FromStr;

use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use zeroize::Zeroizing;

use super::{
    der, pem, rsa,
    tlv::{self, OCTET_STRING, SEQUENCE},
};

pub use error::KeyError;
pub(crate) use facts::KeyFacts;
pub use public::{PublicKey, PublicKind};

/// A kind and size of key that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyType {
    Rsa2048,
    Rsa3072,
    Rsa4096,
    EcdsaP256,
    EcdsaP384,
    Ed25519,
}

impl KeyType {
    pub const ALL: [Self; 6] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::Ed25519,
    ];

    /// The name that users type, such as `rsa:2048`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa:2048",
            Self::Rsa3072 => "rsa:3072",
            Self::Rsa4096 => "rsa:4096",
            Self::EcdsaP256 => "ecdsa:p256",
            Self::EcdsaP384 => "ecdsa:p384",
            Self::Ed25519 => "ed25519",
        }
    }

    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096)
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for KeyType {
    type Err = KeyTypeError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        named.ok_or_else(|| KeyTypeError { name: name.to_owned() })
    }
}

/// A name that is none of the six key types.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no key type: use {}", name.escape_debug(), KeyType::ALL.map(KeyType::as_str).join(", "))]
pub struct KeyTypeError {
    name: String,
}

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// PKCS#1 v1.5 with SHA-256
    RsaSha256,
    /// P-256 with SHA-256
    EcdsaSha256,
    /// P-384 with SHA-384
    EcdsaSha384,
    Ed25519,
}

impl SignatureScheme {
    /// The `AlgorithmIdentifier` that says so in a signed structure, DER.
    #[must_use]
    pub fn algorithm(self) -> Vec<u8> {
        let identifier = match self {
            Self::RsaSha256 => alg_id::RSA_PKCS1_SHA256,
            Self::EcdsaSha256 => alg_id::ECDSA_SHA256,
            Self::EcdsaSha384 => alg_id::ECDSA_SHA384,
            Self::Ed25519 => alg_id::ED25519,
        };
        tlv::write(SEQUENCE, &identifier)
    }

    /// The same scheme in the words of rcgen.
    #[must_use]
    pub fn rcgen(self) -> &'static rcgen::SignatureAlgorithm {
        match self {
            Self::RsaSha256 => &rcgen::PKCS_RSA_SHA256,
            Self::EcdsaSha256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::EcdsaSha384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Self::Ed25519 => &rcgen::PKCS_ED25519,
        }
    }
}

/// A private key that ring has loaded, so that it can sign.
///
/// The DER is wiped when the key is dropped; the copies inside ring and rustls-pki-types are not,
/// since these crates offer no way.
pub struct PrivateKey {
    pkcs8: Zeroizing<Vec<u8>>,
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(SignatureScheme, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// The PEM of PKCS#8 version 1, which every OpenSSL reads (version 2 only from 3.5 on).
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(pem::encode("PRIVATE KEY", &self.pkcs8))
    }

    /// PKCS#8 version 1, DER.
    #[must_use]
    #[cfg_attr(not(feature = "pkcs12"), expect(dead_code, reason = "only keystores need it"))]
    pub fn der(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The kind and size, such as `rsa:2048`, or `rsa:3071` for a size that is never made here.
    #[must_use]
    pub fn key_type_name(&self) -> String {
        self.public.kind().to_string()
    }

    /// `None` for sizes that are never made here.
    #[must_use]
    pub fn key_type(&self) -> Option<KeyType> {
        self.key_type_name().parse().ok()
    }

    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    #[must_use]
    pub fn scheme(&self) -> SignatureScheme {
        match &self.pair {
            Pair::Rsa(_) => SignatureScheme::RsaSha256,
            Pair::Ecdsa(scheme, _) => *scheme,
            Pair::Ed25519(_) => SignatureScheme::Ed25519,
        }
    }

    /// Signs by [`PrivateKey::scheme`]. Returns the octets that go into a `signatureValue` BIT
    /// STRING: for ECDSA the DER of `Ecdsa-Sig-Value`.
    ///
    /// An RSA key whose exponents are wrong is loaded by ring, and fails here.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        let signed = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
            Pair::Ecdsa(_, pair) => pair.sign(&random, message).map(|made| made.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        };
        signed.map_err(|_| KeyError::Signing)
    }

    /// Generates one key. RSA keys are better generated together: [`Self::generate_all`].
    pub(crate) fn generate(kind: KeyType) -> Result<Self, KeyError> {
        if kind.is_rsa() {
            let keys = Self::generate_all(&[kind], &std::sync::atomic::AtomicUsize::new(0))?;
            return keys.into_iter().next().ok_or(KeyError::Generation);
        }
        Self::generate_curve(kind)
    }

    fn generate_curve(kind: KeyType) -> Result<Self, KeyError> {
        let random = SystemRandom::new();
        let ecdsa = |algorithm| {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random);
            Self::from_der(pkcs8.map_err(|_| KeyError::Randomness)?.as_ref())
        };
        match kind {
            KeyType::EcdsaP256 => ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING),
            KeyType::EcdsaP384 => ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING),
            _ => {
                let mut seed = Zeroizing::new([0; 32]);
                random.fill(&mut *seed).map_err(|_| KeyError::Randomness)?;
                Self::ed25519(&*seed, None)
            }
        }
    }

    /// Loads the DER of an `RSAPrivateKey`.
    fn rsa(pkcs1: &[u8]) -> Result<Self, KeyError> {
        rsa::check(pkcs1)?;
        let pair = RsaKeyPair::from_der(pkcs1).map_err(|_| KeyError::Inconsistent)?;

        let algorithm = alg_id::RSA_ENCRYPTION;
        let public = PublicKey::new(algorithm, pair.public().as_ref())?;
        Ok(Self { pkcs8: pkcs8(algorithm, pkcs1), pair: Pair::Rsa(Box::new(pair)), public })
    }

    /// Loads a private scalar of the curve's length and its uncompressed point. The DER is written
    /// as OpenSSL and ring write it: the curve is named in the `AlgorithmIdentifier` alone.
    fn ecdsa(curve: &PublicKind, scalar: &[u8], point: &[u8]) -> Result<Self, KeyError> {
        let (scheme, algorithm, signing): (_, _, &'static EcdsaSigningAlgorithm) = match curve {
            PublicKind::EcdsaP256 => {
                (SignatureScheme::EcdsaSha256, alg_id::ECDSA_P256, &ECDSA_P256_SHA256_ASN1_SIGNING)
            }
            PublicKind::EcdsaP384 => {
                (SignatureScheme::EcdsaSha384, alg_id::ECDSA_P384, &ECDSA_P384_SHA384_ASN1_SIGNING)
            }
            PublicKind::EcdsaExplicit => return Err(KeyError::ExplicitCurve),
            other => return Err(KeyError::unsupported(other)),
        };
        if let [2 | 3, ..] = point {
            return Err(KeyError::CompressedPoint);
        }
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(signing, scalar, point, &random)
            .map_err(|_| KeyError::Inconsistent)?;

        let inner = secret::sequence(&[
            &secret::integer(&[1]),
            &secret::element(OCTET_STRING, scalar),
            &der::explicit(1, &der::bit_string(point)),
        ]);
        let public = PublicKey::new(algorithm, point)?;
        Ok(Self { pkcs8: pkcs8(algorithm, &inner), pair: Pair::Ecdsa(scheme, pair), public })
    }

    /// Loads the 32 octets of a seed, and checks them against the public key if there is one.
    fn ed25519(seed: &[u8], public: Option<&[u8]>) -> Result<Self, KeyError> {
        let pair = match public {
            Some(public) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
            None => Ed25519KeyPair::from_seed_unchecked(seed),
        }
        .map_err(|_| KeyError::Inconsistent)?;

        let inner = secret::element(OCTET_STRING, seed);
        let public = PublicKey::new(alg_id::ED25519, pair.public_key().as_ref())?;
        Ok(Self { pkcs8: pkcs8(alg_id::ED25519, &inner), pair: Pair::Ed25519(pair), public })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, [elided])", self.key_type_name())
    }
}

/// The DER of a PKCS#8 version 1 around the private part of a key.
fn pkcs8(algorithm: AlgorithmIdentifier, private: &[u8]) -> Zeroizing<Vec<u8>> {
    secret::sequence(&[
        &secret::integer(&[0]),
        &tlv::write(SEQUENCE, &algorithm),
        &secret::element(OCTET_STRING, private),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    use ring::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256,
        UnparsedPublicKey, VerificationAlgorithm,
    };

    use super::samples::{ED25519_V1, ED25519_V2, KEYS, point};

    #[test]
    fn names_of_key_types_are_read_back() {
        for kind in KeyType::ALL {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }

        assert_eq!(
            "rsa\n1".parse::<KeyType>().unwrap_err().to_string(),
            "`rsa\\n1` is no key type: use rsa:2048, rsa:3072, rsa:4096, ecdsa:p256, ecdsa:p384, ed25519",
        );
    }

    #[test]
    fn a_key_that_is_written_is_read_as_the_same() {
        for key in KEYS.iter() {
            let text = key.to_pem();
            let again = PrivateKey::from_pem(text.as_bytes()).unwrap();

            assert_eq!(again.to_pem(), text, "{key:?}");
            assert_eq!(again.public(), key.public());
            assert!(text.lines().all(|line| line.len() <= 64 && !line.is_empty()));
            assert!(text.ends_with("-----END PRIVATE KEY-----\n"));
        }
    }

    #[test]
    fn ed25519_is_written_as_version_1() {
        for text in [ED25519_V1, ED25519_V2] {
            let key = PrivateKey::from_pem(text.as_bytes()).unwrap();
            assert_eq!(*key.to_pem(), ED25519_V1);
            assert_eq!(key.pkcs8.len(), 48);
        }
    }

    #[test]
    fn what_is_signed_verifies() {
        let algorithms: [&dyn VerificationAlgorithm; 4] = [
            &RSA_PKCS1_2048_8192_SHA256,
            &ECDSA_P256_SHA256_ASN1,
            &ECDSA_P384_SHA384_ASN1,
            &ring::signature::ED25519,
        ];
        for (key, algorithm) in KEYS.iter().zip(algorithms) {
            let signature = key.sign(b"message").unwrap();
            let public = UnparsedPublicKey::new(algorithm, point(key));
            assert_eq!(public.verify(b"message", &signature), Ok(()), "{key:?}");
            assert!(public.verify(b"massage", &signature).is_err(), "{key:?}");
        }
    }

    #[test]
    fn rcgen_writes_the_public_key_as_it_is() {
        let signer = rcgen::KeyPair::try_from(KEYS[1].pkcs8.as_slice()).unwrap();
        let issuer = rcgen::Issuer::new(rcgen::CertificateParams::new([]).unwrap(), signer);

        for key in KEYS.iter() {
            let certificate = rcgen::CertificateParams::new([])
                .unwrap()
                .signed_by(key.public(), &issuer)
                .unwrap();
            let spki = key.public().spki();
            assert!(certificate.der().windows(spki.len()).any(|part| part == spki), "{key:?}");
            assert_eq!(rcgen::PublicKeyData::subject_public_key_info(key.public()), spki);
            assert_eq!(rcgen::PublicKeyData::algorithm(key.public()), key.scheme().rcgen());
        }
    }

    #[test]
    fn no_bytes_of_a_key_are_printed() {
        let key = &KEYS[0];
        assert_eq!(format!("{key:?}"), "PrivateKey(rsa:2048, [elided])");
        assert_eq!(format!("{:?}", key.public()), "PublicKey(rsa:2048)");

        let body = key.to_pem().lines().nth(9).unwrap().to_owned();
        let label = format!("-----BEGIN {body} PRIVATE KEY-----\n");
        let error = PrivateKey::from_pem(label.as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(&body[..16]), "{error}");
    }
}
