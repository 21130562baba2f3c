//! Keys: made, read in the formats of OpenSSL, written as PKCS#8, and signing through ring.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the lifetimes of yasna's readers need the closures"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::panic::resume_unwind;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crypto_bigint::{U1024, U1536, U2048};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls_pki_types::pem::{self, PemObject, SectionKind};
use yasna::models::ObjectIdentifier;
use yasna::tags::{TAG_BITSTRING, TAG_INTEGER, TAG_OCTETSTRING, TAG_SEQUENCE};
use yasna::{ASN1Result, DERWriterSeq, PCBit, Tag};
use zeroize::Zeroizing;

use super::der;
use super::rsa::{self, Demand};

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
/// The DER is wiped when the key is dropped; the copies inside ring, yasna and rustls-pki-types are
/// not, since these crates offer no way.
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
    /// Makes one key, from the randomness of the operating system.
    pub fn generate(kind: KeyType) -> Result<Self, KeyError> {
        Self::generate_all(&[kind])?.pop().ok_or(KeyError::Generation)
    }

    /// Makes a key of each of the kinds, in their order, on all cores.
    pub fn generate_all(kinds: &[KeyType]) -> Result<Vec<Self>, KeyError> {
        let orders = Orders::new(kinds);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let helpers = orders.tasks().min(cores).saturating_sub(1);

        let made = thread::scope(|scope| {
            // Where no thread can be had, this one does the work alone.
            let spawn = |_| thread::Builder::new().spawn_scoped(scope, || orders.work()).ok();
            let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
            let join = |helper: thread::ScopedJoinHandle<'_, _>| match helper.join() {
                Ok(made) => made,
                Err(panic) => resume_unwind(panic),
            };
            let own = orders.work();
            std::iter::once(own)
                .chain(helpers.into_iter().map(join))
                .collect::<Result<Vec<Vec<Self>>, KeyError>>()
        })?;

        let mut piles = BTreeMap::<_, Vec<Self>>::new();
        for key in made.into_iter().flatten() {
            piles.entry(key.key_type()).or_default().push(key);
        }
        let mut take = |kind: &KeyType| piles.get_mut(&Some(*kind))?.pop();
        kinds.iter().map(|kind| take(kind).ok_or(KeyError::Generation)).collect()
    }

    /// Reads the first private key of a PEM text: PKCS#8, PKCS#1 or SEC1, among other blocks and
    /// lines. DER is taken as well. Never reads `PUBLIC KEY` or certificates as keys.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let blocks = pem_blocks(text);
        let Some(block) = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) else {
            return match blocks.first() {
                Some(other) => Err(KeyError::NoPrivateKey { found: describe(&other.label) }),
                None => Self::from_der(text),
            };
        };

        match block.label.as_str() {
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => {}
            "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted { pkcs8: true }),
            "OPENSSH PRIVATE KEY" => return Err(KeyError::OpenSsh),
            "DSA PRIVATE KEY" => return Err(KeyError::unsupported(PublicKind::Dsa)),
            other => return Err(KeyError::unsupported(describe(other))),
        }
        if block.has_header(b"Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Encrypted { pkcs8: false });
        }
        Self::from_der(&block.decode()?)
    }

    /// Reads the DER of a PKCS#8 (v1 or v2, RFC 5958), PKCS#1 (RFC 8017) or SEC1 (RFC 5915) key.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if der.is_empty() {
            return Err(KeyError::Empty);
        }
        let elements = elements(der).map_err(|_| match der {
            [0x30, ..] => KeyError::Malformed,
            _ => KeyError::NeitherPemNorDer,
        })?;
        let tags: Vec<Tag> = elements.iter().map(|(tag, _)| *tag).collect();

        // The shapes differ in the tags of their first elements alone.
        match tags.as_slice() {
            [TAG_INTEGER, TAG_SEQUENCE, TAG_OCTETSTRING, ..] => read_pkcs8(&elements),
            [TAG_INTEGER, TAG_OCTETSTRING, ..] => read_sec1(&elements, None, None),
            integers if integers == [TAG_INTEGER; 6] => Err(KeyError::unsupported(PublicKind::Dsa)),
            [TAG_INTEGER, TAG_INTEGER, TAG_INTEGER, ..] => Self::rsa(der),
            [TAG_SEQUENCE, TAG_OCTETSTRING] => Err(KeyError::Encrypted { pkcs8: true }),
            [TAG_SEQUENCE, TAG_BITSTRING] => {
                Err(KeyError::NoPrivateKey { found: describe("PUBLIC KEY") })
            }
            [TAG_SEQUENCE, TAG_SEQUENCE, TAG_BITSTRING] => {
                Err(KeyError::NoPrivateKey { found: "a certificate or a request".into() })
            }
            _ => Err(KeyError::Malformed),
        }
    }

    /// The PEM of PKCS#8 version 1, which every OpenSSL reads (version 2 only from 3.5 on).
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        private_key_pem(&self.pkcs8)
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

    /// Signs by [`PrivateKey::scheme`]. An RSA key whose exponents are wrong is loaded by ring, and
    /// fails here.
    ///
    /// Returns the octets that go into a `signatureValue` BIT
    /// STRING: for ECDSA the DER of `Ecdsa-Sig-Value`.
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

        let null = |fields: &mut DERWriterSeq<'_>| fields.next().write_null();
        let public = PublicKey::new(RSA, null, pair.public().as_ref())?;
        Ok(Self { pkcs8: pkcs8(RSA, null, pkcs1), pair: Pair::Rsa(Box::new(pair)), public })
    }

    /// Loads a private scalar of the curve's length and its uncompressed point. The DER is written
    /// as OpenSSL and ring write it: the curve is named in the `AlgorithmIdentifier` alone.
    fn ecdsa(curve: &PublicKind, scalar: &[u8], point: &[u8]) -> Result<Self, KeyError> {
        let (scheme, oid, algorithm): (_, _, &'static EcdsaSigningAlgorithm) = match curve {
            PublicKind::EcdsaP256 => {
                (SignatureScheme::EcdsaSha256, P256, &ECDSA_P256_SHA256_ASN1_SIGNING)
            }
            PublicKind::EcdsaP384 => {
                (SignatureScheme::EcdsaSha384, P384, &ECDSA_P384_SHA384_ASN1_SIGNING)
            }
            PublicKind::EcdsaOther(curve) if curve == EXPLICIT => {
                return Err(KeyError::ExplicitCurve);
            }
            other => return Err(KeyError::unsupported(other)),
        };
        if let [2 | 3, ..] = point {
            return Err(KeyError::CompressedPoint);
        }
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, point, &random)
            .map_err(|_| KeyError::Inconsistent)?;

        let named = |fields: &mut DERWriterSeq<'_>| {
            fields.next().write_oid(&ObjectIdentifier::from_slice(oid));
        };
        let inner = Zeroizing::new(yasna::construct_der(|writer| {
            writer.write_sequence(|fields| {
                fields.next().write_u8(1);
                fields.next().write_bytes(scalar);
                fields.next().write_tagged(Tag::context(1), |writer| {
                    writer.write_bitvec_bytes(point, point.len() * 8);
                });
            });
        }));
        let public = PublicKey::new(EC, named, point)?;
        Ok(Self { pkcs8: pkcs8(EC, named, &inner), pair: Pair::Ecdsa(scheme, pair), public })
    }

    /// Loads the 32 octets of a seed, and checks them against the public key if there is one.
    fn ed25519(seed: &[u8], public: Option<&[u8]>) -> Result<Self, KeyError> {
        let pair = match public {
            Some(public) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
            None => Ed25519KeyPair::from_seed_unchecked(seed),
        }
        .map_err(|_| KeyError::Inconsistent)?;

        let absent = |_: &mut DERWriterSeq<'_>| {};
        let inner = Zeroizing::new(yasna::construct_der(|writer| writer.write_bytes(seed)));
        let public = PublicKey::new(ED25519, absent, pair.public_key().as_ref())?;
        Ok(Self { pkcs8: pkcs8(ED25519, absent, &inner), pair: Pair::Ed25519(pair), public })
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({}, [elided])", self.key_type_name())
    }
}

/// A `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7), kept byte for byte.
///
/// Any algorithm can be held, also one that nothing here can verify with.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    key: Vec<u8>,
    kind: PublicKind,
}

impl PublicKey {
    /// Reads the DER of a `SubjectPublicKeyInfo`.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let (algorithm, key) = der::parse(der, |reader| {
            reader.read_sequence(|fields| {
                let algorithm = read_algorithm(&fields.next().read_der()?)?;
                let (key, _) = fields.next().read_bitvec_bytes()?;
                Ok((algorithm, key))
            })
        })
        .map_err(|_| KeyError::MalformedPublic)?;

        let kind = match algorithm.kind() {
            PublicKind::Rsa { .. } => {
                let (modulus, exponent) = der::parse(&key, |reader| {
                    reader.read_sequence(|fields| {
                        let (modulus, _) = fields.next().read_bigint_bytes()?;
                        let (exponent, _) = fields.next().read_bigint_bytes()?;
                        Ok((modulus, exponent))
                    })
                })
                .map_err(|_| KeyError::MalformedPublic)?;
                PublicKind::Rsa { bits: rsa::bit_length(&modulus), exponent: rsa::small(&exponent) }
            }
            other => other,
        };
        Ok(Self { spki: der.to_vec(), key, kind })
    }

    /// The DER as it was read.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    #[must_use]
    pub fn kind(&self) -> PublicKind {
        self.kind.clone()
    }

    #[must_use]
    pub fn is_rsa(&self) -> bool {
        matches!(self.kind, PublicKind::Rsa { .. })
    }

    /// RFC 7093 section 2 method 1: the left 160 bits of the SHA-256 of the value of the
    /// `subjectPublicKey` BIT STRING, without tag, length and number of unused bits.
    #[must_use]
    pub fn key_identifier(&self) -> [u8; 20] {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.key);
        let mut identifier = [0; 20];
        identifier.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        identifier
    }

    fn new(
        algorithm: &[u64],
        parameters: impl Fn(&mut DERWriterSeq<'_>),
        key: &[u8],
    ) -> Result<Self, KeyError> {
        Self::from_spki(&yasna::construct_der(|writer| {
            writer.write_sequence(|fields| {
                write_algorithm(fields, algorithm, parameters);
                fields.next().write_bitvec_bytes(key, key.len() * 8);
            });
        }))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.kind)
    }
}

/// rcgen 0.14.10 builds certificates and requests from `algorithm` and `der_bytes` and never asks for
/// `subject_public_key_info`: only for kinds that [`SignatureScheme`] knows is its work right.
impl rcgen::PublicKeyData for PublicKey {
    fn subject_public_key_info(&self) -> Vec<u8> {
        self.spki.clone()
    }

    fn der_bytes(&self) -> &[u8] {
        &self.key
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.kind {
            PublicKind::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            PublicKind::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            PublicKind::Ed25519 => &rcgen::PKCS_ED25519,
            _ => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

/// Kind and size of a public key. Its text is like `rsa:2048`, `ecdsa:p256`, `ed25519`, or the
/// object identifier of an algorithm without a name here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKind {
    /// `exponent` is `u64::MAX` if it is larger.
    Rsa {
        bits: u32,
        exponent: u64,
    },
    EcdsaP256,
    EcdsaP384,
    EcdsaP521,
    /// The object identifier of the curve, `explicit` for one given by its numbers.
    EcdsaOther(String),
    Ed25519,
    Ed448,
    Dsa,
    /// The object identifier of the algorithm.
    Other(String),
}

impl fmt::Display for PublicKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(f, "rsa:{bits}"),
            Self::EcdsaP256 => f.write_str("ecdsa:p256"),
            Self::EcdsaP384 => f.write_str("ecdsa:p384"),
            Self::EcdsaP521 => f.write_str("ecdsa:p521"),
            Self::EcdsaOther(oid) if oid == SECP256K1 => f.write_str("ecdsa:secp256k1"),
            Self::EcdsaOther(curve) => write!(f, "ecdsa:{curve}"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Ed448 => f.write_str("ed448"),
            Self::Dsa => f.write_str("dsa"),
            Self::Other(oid) if oid == RSASSA_PSS => f.write_str("rsassa-pss"),
            Self::Other(oid) => f.write_str(oid),
        }
    }
}

/// Why there is no key. The text goes on after the name of the file, and holds no byte of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("is empty")]
    Empty,
    #[error("is neither PEM nor DER")]
    NeitherPemNorDer,
    #[error("holds {found}, no private key")]
    NoPrivateKey { found: String },
    #[error("holds an encrypted private key")]
    Encrypted { pkcs8: bool },
    #[error("holds an OpenSSH private key")]
    OpenSsh,
    #[error("holds a key of the kind {kind}, which is not supported")]
    Unsupported { kind: String },
    #[error("holds an rsa:{bits} key: the sizes supported are 2048, 3072 and 4096 bits")]
    RsaSize { bits: u32 },
    #[error("holds an RSA key with the public exponent {exponent}, below 65537")]
    RsaExponent { exponent: u64 },
    #[error("holds an EC key that spells out its curve instead of naming it")]
    ExplicitCurve,
    #[error("holds an EC key without its public key")]
    NoPublicPart,
    #[error("holds an EC key whose public key is compressed")]
    CompressedPoint,
    #[error("lacks the line `-----END {label}-----`")]
    MissingEnd { label: String },
    #[error("holds a private key that is not valid PEM")]
    MalformedPem,
    #[error("holds a private key that is malformed or cut off")]
    Malformed,
    #[error("holds a private key whose parts do not fit together or are out of range")]
    Inconsistent,
    #[error("holds a malformed public key")]
    MalformedPublic,
    #[error("the operating system gave no randomness")]
    Randomness,
    #[error("the key could not be made")]
    Generation,
    #[error("the key could not sign: its parts may not fit together")]
    Signing,
}

impl KeyError {
    /// The command that helps, with `FILE` and `NEW` for the names of the old and the new file.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let command = match self {
            Self::Encrypted { pkcs8: true } => "openssl pkcs8 -in FILE -out NEW",
            Self::Encrypted { pkcs8: false } => "openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW",
            Self::OpenSsh => "ssh-keygen -p -m PKCS8 -N '' -f COPY_OF_FILE",
            Self::ExplicitCurve => "openssl ec -in FILE -param_enc named_curve -out NEW",
            Self::NoPublicPart => "openssl ec -in FILE -out NEW",
            Self::CompressedPoint => "openssl ec -in FILE -conv_form uncompressed -out NEW",
            _ => return None,
        };
        Some(command.into())
    }

    fn unsupported(kind: impl fmt::Display) -> Self {
        Self::Unsupported { kind: kind.to_string() }
    }
}

/// What the threads of [`PrivateKey::generate_all`] have still to make.
struct Orders {
    rsa4096: Demand<{ U2048::LIMBS }>,
    rsa3072: Demand<{ U1536::LIMBS }>,
    rsa2048: Demand<{ U1024::LIMBS }>,
    curves: Vec<KeyType>,
    next_curve: AtomicUsize,
}

impl Orders {
    fn new(kinds: &[KeyType]) -> Self {
        let count = |wanted| kinds.iter().filter(|kind| **kind == wanted).count();
        Self {
            rsa4096: Demand::new(count(KeyType::Rsa4096)),
            rsa3072: Demand::new(count(KeyType::Rsa3072)),
            rsa2048: Demand::new(count(KeyType::Rsa2048)),
            curves: kinds.iter().copied().filter(|kind| !kind.is_rsa()).collect(),
            next_curve: AtomicUsize::new(0),
        }
    }

    /// How many threads would find work: any number look for one prime.
    fn tasks(&self) -> usize {
        let primes = self.rsa4096.missing() + self.rsa3072.missing() + self.rsa2048.missing();
        if primes > 0 { usize::MAX } else { self.curves.len() }
    }

    /// Works until nothing is left, and returns the keys that this thread made. The first failure
    /// ends the work of all.
    fn work(&self) -> Result<Vec<PrivateKey>, KeyError> {
        self.try_work().inspect_err(|_| {
            self.rsa4096.cancel();
            self.rsa3072.cancel();
            self.rsa2048.cancel();
            self.next_curve.store(self.curves.len(), Ordering::Relaxed);
        })
    }

    fn try_work(&self) -> Result<Vec<PrivateKey>, KeyError> {
        let mut made = Vec::new();
        let mut keep = |pkcs1: &[u8]| PrivateKey::rsa(pkcs1).map(|key| made.push(key));
        self.rsa4096.meet(&mut keep)?;
        self.rsa3072.meet(&mut keep)?;
        self.rsa2048.meet(&mut keep)?;

        while let Some(kind) = self.curves.get(self.next_curve.fetch_add(1, Ordering::Relaxed)) {
            made.push(PrivateKey::generate_curve(*kind)?);
        }
        Ok(made)
    }
}

const RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 1];
const EC: &[u64] = &[1, 2, 840, 10045, 2, 1];
const P256: &[u64] = &[1, 2, 840, 10045, 3, 1, 7];
const P384: &[u64] = &[1, 3, 132, 0, 34];
const P521: &[u64] = &[1, 3, 132, 0, 35];
const ED25519: &[u64] = &[1, 3, 101, 112];
const ED448: &[u64] = &[1, 3, 101, 113];
const DSA: &[u64] = &[1, 2, 840, 10040, 4, 1];
const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
const SECP256K1: &str = "1.3.132.0.10";
const EXPLICIT: &str = "explicit";

/// An `AlgorithmIdentifier`; the curve is an object identifier where the parameters are one.
struct Algorithm {
    oid: ObjectIdentifier,
    curve: Option<ObjectIdentifier>,
}

impl Algorithm {
    /// The kind that the identifier says; the size of an RSA key is not in it.
    fn kind(&self) -> PublicKind {
        match self.oid.components().as_slice() {
            RSA => PublicKind::Rsa { bits: 0, exponent: 0 },
            EC => curve_kind(self.curve.as_ref()),
            ED25519 => PublicKind::Ed25519,
            ED448 => PublicKind::Ed448,
            DSA => PublicKind::Dsa,
            _ => PublicKind::Other(self.oid.to_string()),
        }
    }
}

/// The kind of an EC key by its curve, `None` being a curve that is not named.
fn curve_kind(curve: Option<&ObjectIdentifier>) -> PublicKind {
    let Some(oid) = curve else { return PublicKind::EcdsaOther(EXPLICIT.into()) };
    match oid.components().as_slice() {
        P256 => PublicKind::EcdsaP256,
        P384 => PublicKind::EcdsaP384,
        P521 => PublicKind::EcdsaP521,
        _ => PublicKind::EcdsaOther(oid.to_string()),
    }
}

fn read_algorithm(der: &[u8]) -> ASN1Result<Algorithm> {
    der::parse(der, |reader| {
        reader.read_sequence(|fields| {
            let oid = fields.next().read_oid()?;
            let parameters = fields.read_optional(|reader| reader.read_der())?;
            Ok(Algorithm { oid, curve: parameters.as_deref().and_then(read_curve) })
        })
    })
}

/// A named curve; `None` for any other form of `ECParameters`.
fn read_curve(parameters: &[u8]) -> Option<ObjectIdentifier> {
    der::parse(parameters, |reader| reader.read_oid()).ok()
}

fn write_algorithm(
    fields: &mut DERWriterSeq<'_>,
    oid: &[u64],
    parameters: impl Fn(&mut DERWriterSeq<'_>),
) {
    fields.next().write_sequence(|fields| {
        fields.next().write_oid(&ObjectIdentifier::from_slice(oid));
        parameters(fields);
    });
}

/// The DER of a PKCS#8 version 1 around the private part of a key.
fn pkcs8(
    oid: &[u64],
    parameters: impl Fn(&mut DERWriterSeq<'_>),
    private: &[u8],
) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(yasna::construct_der(|writer| {
        writer.write_sequence(|fields| {
            fields.next().write_u8(0);
            write_algorithm(fields, oid, parameters);
            fields.next().write_bytes(private);
        });
    }))
}

/// Tag and DER of an element of a SEQUENCE.
type Element = (Tag, Zeroizing<Vec<u8>>);

fn elements(der: &[u8]) -> ASN1Result<Vec<Element>> {
    der::parse(der, |reader| {
        reader.collect_sequence_of(|element| {
            let tag = element.lookahead_tag()?;
            Ok((tag, Zeroizing::new(element.read_der()?)))
        })
    })
}

fn read_octets(element: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let octets = der::parse(element, |reader| reader.read_bytes());
    octets.map(Zeroizing::new).map_err(|_| KeyError::Malformed)
}

/// `OneAsymmetricKey`: version, algorithm, private key, then \[0\] attributes and \[1\] public key.
fn read_pkcs8(elements: &[Element]) -> Result<PrivateKey, KeyError> {
    let [_, (_, algorithm), (_, private), rest @ ..] = elements else {
        return Err(KeyError::Malformed);
    };
    let algorithm = read_algorithm(algorithm).map_err(|_| KeyError::Malformed)?;
    let private = read_octets(private)?;
    let public = context(rest, 1).map(|element| read_public(element)).transpose()?;

    match algorithm.kind() {
        PublicKind::Rsa { .. } => PrivateKey::rsa(&private),
        PublicKind::Ed25519 => PrivateKey::ed25519(&read_octets(&private)?, public.as_deref()),
        curve @ (PublicKind::EcdsaP256
        | PublicKind::EcdsaP384
        | PublicKind::EcdsaP521
        | PublicKind::EcdsaOther(_)) => {
            let inner = self::elements(&private).map_err(|_| KeyError::Malformed)?;
            read_sec1(&inner, Some(curve), public)
        }
        other => Err(KeyError::unsupported(other)),
    }
}

/// `ECPrivateKey`: version, scalar, then \[0\] curve and \[1\] public key. Inside PKCS#8, the outer
/// curve counts, and the outer public key stands in for an inner one.
fn read_sec1(
    elements: &[Element],
    outer_curve: Option<PublicKind>,
    outer_public: Option<Vec<u8>>,
) -> Result<PrivateKey, KeyError> {
    let [_, (TAG_OCTETSTRING, scalar), rest @ ..] = elements else {
        return Err(KeyError::Malformed);
    };
    let inner_curve = context(rest, 0).map(|element| {
        let parameters = der::parse(element, |reader| {
            reader.read_tagged(Tag::context(0), |reader| reader.read_der())
        });
        parameters.map(|parameters| curve_kind(read_curve(&parameters).as_ref()))
    });
    let inner_curve = inner_curve.transpose().map_err(|_| KeyError::Malformed)?;
    let public = context(rest, 1).map(|element| read_public(element)).transpose()?;

    let curve = match (outer_curve, inner_curve) {
        (Some(outer), Some(inner)) if outer != inner => return Err(KeyError::Inconsistent),
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(KeyError::Malformed),
    };
    let scalar = read_octets(scalar)?;
    // What is wrong with the curve is said first: a public key would not help then.
    let point = public.or(outer_public);
    match PrivateKey::ecdsa(&curve, &scalar, point.as_deref().unwrap_or_default()) {
        Err(KeyError::Inconsistent) if point.is_none() => Err(KeyError::NoPublicPart),
        loaded => loaded,
    }
}

fn context(elements: &[Element], number: u64) -> Option<&Zeroizing<Vec<u8>>> {
    elements.iter().find(|(tag, _)| *tag == Tag::context(number)).map(|(_, element)| element)
}

/// The octets of a \[1\] public key: a BIT STRING, tagged implicitly in PKCS#8, explicitly in SEC1 (and
/// in the PKCS#8 of early ring).
fn read_public(element: &[u8]) -> Result<Vec<u8>, KeyError> {
    let tagged = der::parse(element, |reader| reader.read_tagged_der());
    let tagged = tagged.map_err(|_| KeyError::Malformed)?;
    let public = match tagged.pcbit() {
        PCBit::Primitive => tagged.value().strip_prefix(&[0]).map(<[u8]>::to_vec),
        PCBit::Constructed => {
            let bits = der::parse(tagged.value(), |reader| reader.read_bitvec_bytes());
            bits.ok().map(|(octets, _)| octets)
        }
    };
    public.ok_or(KeyError::Malformed)
}

/// A PEM block: its label, and its text from the BEGIN line up to the next BEGIN line.
struct PemBlock<'a> {
    label: String,
    text: &'a [u8],
}

impl PemBlock<'_> {
    fn has_header(&self, header: &[u8]) -> bool {
        self.text.split(|byte| b"\r\n".contains(byte)).any(|line| line.starts_with(header))
    }

    fn decode(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match <(SectionKind, Vec<u8>)>::from_pem_slice(self.text) {
            Ok((_, der)) => Ok(Zeroizing::new(der)),
            Err(pem::Error::MissingSectionEnd { .. }) => {
                Err(KeyError::MissingEnd { label: self.label.clone() })
            }
            Err(_) => Err(KeyError::MalformedPem),
        }
    }
}

fn pem_blocks(text: &[u8]) -> Vec<PemBlock<'_>> {
    const BEGIN: &[u8] = b"-----BEGIN ";

    let mut blocks = Vec::<PemBlock<'_>>::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end =
            rest.iter().position(|byte| b"\r\n".contains(byte)).map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if let Some(label) = line.strip_prefix(BEGIN) {
            if let Some(before) = blocks.last_mut() {
                before.text = &before.text[..before.text.len() - rest.len()];
            }
            let label = String::from_utf8_lossy(label);
            let label = label.trim_end().trim_end_matches('-').to_owned();
            blocks.push(PemBlock { label, text: rest });
        }
        rest = after;
    }
    blocks
}

/// The label of a PEM block in words. Only well-known ones are repeated: others may be key bytes.
fn describe(label: &str) -> String {
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => "a certificate",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request",
        "X509 CRL" => "a revocation list",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "EC PARAMETERS" => "the parameters of an EC key",
        "PKCS7" => "PKCS#7",
        _ => "an unknown kind of PEM block",
    }
    .into()
}

/// PEM with lines of 64 columns (RFC 7468).
fn private_key_pem(der: &[u8]) -> Zeroizing<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    // One allocation, so that no half-written copy is left behind unwiped.
    let mut text = Zeroizing::new(String::with_capacity(der.len() * 3 / 2 + 64));
    text.push_str("-----BEGIN PRIVATE KEY-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let octet = |at: usize| usize::from(group.get(at).copied().unwrap_or(0));
            let bits = octet(0) << 16 | octet(1) << 8 | octet(2);
            for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
                let digit = char::from(ALPHABET[bits >> shift & 63]);
                text.push(if at <= group.len() { digit } else { '=' });
            }
        }
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::LazyLock;

    use ring::signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, RSA_PKCS1_2048_8192_SHA256,
        UnparsedPublicKey, VerificationAlgorithm,
    };

    /// RFC 8410 section 10.3: PKCS#8 version 2 with attributes and the public key.
    const ED25519_V2: &str = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";

    /// RFC 8410 section 10.3: the same key as version 1.
    const ED25519_V1: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";

    /// One key of each kind that is quick to make, made once.
    static KEYS: LazyLock<[PrivateKey; 4]> = LazyLock::new(|| {
        let kinds = [KeyType::Rsa2048, KeyType::EcdsaP256, KeyType::EcdsaP384, KeyType::Ed25519];
        PrivateKey::generate_all(&kinds).unwrap().try_into().unwrap()
    });

    fn pem(label: &str, der: &[u8]) -> String {
        private_key_pem(der).replace("PRIVATE KEY", label)
    }

    /// The inner structure of a PKCS#8 key: PKCS#1, SEC1 without parameters, or a seed.
    fn inner(key: &PrivateKey) -> Vec<u8> {
        read_octets(&elements(&key.pkcs8).unwrap()[2].1).unwrap().to_vec()
    }

    /// The SEC1 form of an EC key as OpenSSL writes it, with its parameters and its public key.
    fn sec1(key: &PrivateKey, parameters: Option<&[u8]>, point: Option<&[u8]>) -> Vec<u8> {
        let scalar = read_octets(&elements(&inner(key)).unwrap()[1].1).unwrap();
        yasna::construct_der(|writer| {
            writer.write_sequence(|fields| {
                fields.next().write_u8(1);
                fields.next().write_bytes(&scalar);
                if let Some(der) = parameters {
                    fields.next().write_tagged(Tag::context(0), |writer| writer.write_der(der));
                }
                if let Some(point) = point {
                    fields.next().write_tagged(Tag::context(1), |writer| {
                        writer.write_bitvec_bytes(point, point.len() * 8);
                    });
                }
            });
        })
    }

    fn oid(components: &[u64]) -> Vec<u8> {
        yasna::construct_der(|writer| {
            writer.write_oid(&ObjectIdentifier::from_slice(components));
        })
    }

    fn sequence_of(numbers: &[&[u8]]) -> Vec<u8> {
        yasna::construct_der(|writer| {
            writer.write_sequence(|fields| {
                for number in numbers {
                    fields.next().write_bigint_bytes(number, true);
                }
            });
        })
    }

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
    fn keys_come_in_the_order_of_their_kinds() {
        let kinds = [
            KeyType::Ed25519,
            KeyType::Rsa2048,
            KeyType::EcdsaP384,
            KeyType::Rsa2048,
            KeyType::EcdsaP256,
            KeyType::Ed25519,
        ];

        let keys = PrivateKey::generate_all(&kinds).unwrap();

        let made: Vec<_> = keys.iter().filter_map(PrivateKey::key_type).collect();
        assert_eq!(made, kinds);
        let mut different: Vec<_> = keys.iter().map(|key| key.public().spki()).collect();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), kinds.len());
    }

    #[test]
    fn many_keys_and_no_keys_can_be_made() {
        assert_eq!(PrivateKey::generate_all(&[]).unwrap().len(), 0);
        assert_eq!(PrivateKey::generate_all(&[KeyType::Ed25519; 10_000]).unwrap().len(), 10_000);
    }

    #[test]
    fn a_key_that_is_written_is_read_as_the_same() {
        for key in KEYS.iter() {
            let text = key.to_pem();
            let again = PrivateKey::from_pem(text.as_bytes()).unwrap();

            assert_eq!(again.to_pem(), text, "{key:?}");
            assert_eq!(again.public(), key.public());
            assert_eq!(PublicKey::from_spki(key.public().spki()).as_ref(), Ok(key.public()));
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
    fn a_key_identifier_is_the_hash_of_the_bits_alone() {
        let key = PrivateKey::from_pem(ED25519_V1.as_bytes()).unwrap();
        let expected = [
            0xe7, 0x44, 0xc0, 0x79, 0x13, 0x20, 0xc3, 0x28, 0x54, 0x60, 0xed, 0xdb, 0x52, 0x3f,
            0x14, 0xc8, 0x8d, 0x85, 0x7a, 0xda,
        ];
        assert_eq!(key.public().key_identifier(), expected);
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
            let public = UnparsedPublicKey::new(algorithm, &key.public().key);
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
    fn every_form_of_a_key_is_read() {
        let [rsa, p256, p384, _] = &*KEYS;
        let (p256_point, p384_point) = (p256.public().key.as_slice(), &p384.public().key);
        let parameters = oid(P256);
        let block = pem("EC PRIVATE KEY", &sec1(p256, Some(&parameters), Some(p256_point)));
        let certificate = pem("CERTIFICATE", b"no certificate");

        let cases = [
            ("PKCS#1", pem("RSA PRIVATE KEY", &inner(rsa)), rsa),
            ("PKCS#8 under another label", pem("RSA PRIVATE KEY", &rsa.pkcs8), rsa),
            ("SEC1", block.clone(), p256),
            (
                "SEC1 of P-384",
                pem("EC PRIVATE KEY", &sec1(p384, Some(&oid(P384)), Some(p384_point))),
                p384,
            ),
            ("parameters first", pem("EC PARAMETERS", &parameters) + &block, p256),
            (
                "PKCS#8 with parameters inside",
                pem(
                    "PRIVATE KEY",
                    &pkcs8(
                        EC,
                        |fields| fields.next().write_der(&parameters),
                        &sec1(p256, Some(&parameters), Some(p256_point)),
                    ),
                ),
                p256,
            ),
            ("between certificates", certificate.clone() + &block + &certificate, p256),
            ("the first of two", block.clone() + &rsa.to_pem(), p256),
            ("behind a cut-off certificate", certificate[..40].to_owned() + "\n" + &block, p256),
            ("preamble", "Bag Attributes\n  friendlyName: x\n".to_owned() + &block, p256),
            ("BOM and CRLF", "\u{feff}".to_owned() + &block.replace('\n', "\r\n"), p256),
            ("no newline at the end", block.trim_end().to_owned(), p256),
        ];

        for (form, text, key) in cases {
            match PrivateKey::from_pem(text.as_bytes()) {
                Ok(read) => assert_eq!(read.to_pem(), key.to_pem(), "{form}"),
                Err(error) => panic!("{form}: {error}"),
            }
        }
        assert_eq!(PrivateKey::from_pem(&inner(rsa)).unwrap().to_pem(), rsa.to_pem());
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of every message")]
    fn what_cannot_be_used_is_named() {
        let [rsa, p256, ..] = &*KEYS;
        let text = rsa.to_pem();
        let point = p256.public().key.as_slice();
        let compressed: Vec<u8> =
            [2 + (point[64] & 1)].iter().chain(&point[1..33]).copied().collect();
        let named = |curve: &[u64]| sec1(p256, Some(&oid(curve)), Some(point));
        let other = |algorithm: &[u64]| {
            pem("PRIVATE KEY", &pkcs8(algorithm, |_: &mut DERWriterSeq<'_>| {}, b"secret"))
        };
        let rsa_of = |bits: usize, exponent: &[u8]| {
            let modulus = vec![0xFF; bits / 8];
            let number = &[0x7F][..];
            let fields =
                [&[][..], &modulus, exponent, number, number, number, number, number, number];
            pem("RSA PRIVATE KEY", &sequence_of(&fields))
        };
        let ec = |der: &[u8]| pem("EC PRIVATE KEY", der);
        let encrypted = text.replace("PRIVATE", "ENCRYPTED PRIVATE");
        let traditional = text.replace("PRIVATE", "RSA PRIVATE").replacen(
            "-----\n",
            "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
            1,
        );
        let explicit = sequence_of(&[&[1]]);

        let cases: Vec<(String, &str)> = vec![
            (String::new(), "is empty"),
            ("hello".into(), "is neither PEM nor DER"),
            (text.replace("PRIVATE KEY", "CERTIFICATE"), "holds a certificate, no private key"),
            (pem("PUBLIC KEY", rsa.public().spki()), "holds a public key, no private key"),
            (
                text.replace("PRIVATE KEY", "x"),
                "holds an unknown kind of PEM block, no private key",
            ),
            (encrypted, "holds an encrypted private key (openssl pkcs8 -in FILE -out NEW)"),
            (
                traditional,
                "holds an encrypted private key (openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW)",
            ),
            (
                text.replace("PRIVATE", "OPENSSH PRIVATE"),
                "holds an OpenSSH private key (ssh-keygen -p -m PKCS8 -N '' -f COPY_OF_FILE)",
            ),
            (
                text.replace("PRIVATE", "DSA PRIVATE"),
                "holds a key of the kind dsa, which is not supported",
            ),
            (
                ec(&sequence_of(&[&[1][..]; 6])),
                "holds a key of the kind dsa, which is not supported",
            ),
            (other(DSA), "holds a key of the kind dsa, which is not supported"),
            (other(ED448), "holds a key of the kind ed448, which is not supported"),
            (
                other(&[1, 3, 101, 110]),
                "holds a key of the kind 1.3.101.110, which is not supported",
            ),
            (ec(&named(P521)), "holds a key of the kind ecdsa:p521, which is not supported"),
            (
                ec(&named(&[1, 3, 132, 0, 10])),
                "holds a key of the kind ecdsa:secp256k1, which is not supported",
            ),
            (
                ec(&named(&[1, 3, 132, 0, 33])),
                "holds a key of the kind ecdsa:1.3.132.0.33, which is not supported",
            ),
            (
                ec(&sec1(p256, Some(&explicit), Some(point))),
                "holds an EC key that spells out its curve instead of naming it \
                 (openssl ec -in FILE -param_enc named_curve -out NEW)",
            ),
            (
                ec(&sec1(p256, Some(&oid(P256)), None)),
                "holds an EC key without its public key (openssl ec -in FILE -out NEW)",
            ),
            (
                ec(&sec1(p256, Some(&oid(P256)), Some(&compressed))),
                "holds an EC key whose public key is compressed \
                 (openssl ec -in FILE -conv_form uncompressed -out NEW)",
            ),
            (
                ec(&named(P384)),
                "holds a private key whose parts do not fit together or are out of range",
            ),
            (
                rsa_of(1024, &[1, 0, 1]),
                "holds an rsa:1024 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (
                rsa_of(2560, &[1, 0, 1]),
                "holds an rsa:2560 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (
                rsa_of(16384, &[1, 0, 1]),
                "holds an rsa:16384 key: the sizes supported are 2048, 3072 and 4096 bits",
            ),
            (rsa_of(2048, &[3]), "holds an RSA key with the public exponent 3, below 65537"),
            (
                rsa_of(2048, &[1, 0, 1]),
                "holds a private key whose parts do not fit together or are out of range",
            ),
            (text[..600].into(), "lacks the line `-----END PRIVATE KEY-----`"),
            (
                text[..600].to_owned() + "\n" + &text.replace("PRIVATE KEY", "CERTIFICATE"),
                "lacks the line `-----END PRIVATE KEY-----`",
            ),
            (text.replacen("KEY-----", "KEY---", 1), "holds a private key that is not valid PEM"),
            (text.replacen("\nMII", "\n!II", 1), "holds a private key that is not valid PEM"),
            (
                pem("PRIVATE KEY", &rsa.pkcs8[..900]),
                "holds a private key that is malformed or cut off",
            ),
        ];

        for (text, expected) in cases {
            let error = PrivateKey::from_pem(text.as_bytes()).unwrap_err();
            let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            assert_eq!(format!("{error}{hint}"), expected);
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

    #[test]
    fn public_keys_of_any_kind_are_held() {
        let spki = |algorithm: &[u64], curve: Option<&[u64]>| {
            let parameters = |fields: &mut DERWriterSeq<'_>| {
                if let Some(curve) = curve {
                    fields.next().write_der(&oid(curve));
                }
            };
            PublicKey::new(algorithm, parameters, b"point").unwrap()
        };

        let cases = [
            (spki(EC, Some(P521)), "ecdsa:p521"),
            (spki(EC, Some(&[1, 3, 132, 0, 10])), "ecdsa:secp256k1"),
            (spki(EC, None), "ecdsa:explicit"),
            (spki(ED448, None), "ed448"),
            (spki(DSA, None), "dsa"),
            (spki(&[1, 2, 840, 113_549, 1, 1, 10], None), "rsassa-pss"),
            (spki(&[2, 16, 840, 1, 101, 3, 4, 3, 17], None), "2.16.840.1.101.3.4.3.17"),
        ];
        for (key, name) in cases {
            assert_eq!(key.kind().to_string(), name);
            assert!(!key.is_rsa());
        }
        assert_eq!(KEYS[0].public().kind(), PublicKind::Rsa { bits: 2048, exponent: 65537 });
        assert_eq!(PublicKey::from_spki(b"0").unwrap_err(), KeyError::MalformedPublic);
    }

    #[test]
    fn damaged_keys_are_never_a_panic() {
        let [rsa, p256, p384, ed25519] = &*KEYS;
        let curve = |key: &PrivateKey, name| sec1(key, Some(&oid(name)), Some(&key.public().key));
        let ed25519_v2 = PemBlock { label: String::new(), text: ED25519_V2.as_bytes() };
        let whole = [
            rsa.pkcs8.to_vec(),
            inner(rsa),
            p256.pkcs8.to_vec(),
            curve(p256, P256),
            curve(p384, P384),
            ed25519.pkcs8.to_vec(),
            ed25519_v2.decode().unwrap().to_vec(),
        ];

        for der in whole {
            assert!(PrivateKey::from_der(&der).is_ok());
            for end in 0..der.len() {
                assert!(PrivateKey::from_der(&der[..end]).is_err(), "cut at {end}");
            }
            let mut damaged = der;
            for bit in 0..damaged.len() * 8 {
                damaged[bit / 8] ^= 1 << (bit % 8);
                let _ = PrivateKey::from_der(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        }
        for key in KEYS.iter() {
            let mut damaged = key.public().spki().to_vec();
            for bit in 0..damaged.len() * 8 {
                damaged[bit / 8] ^= 1 << (bit % 8);
                let _ = PublicKey::from_spki(&damaged);
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
        }
        let text = KEYS[3].to_pem();
        for end in 0..text.len() - "-----\n".len() {
            assert!(PrivateKey::from_pem(&text.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }
}
