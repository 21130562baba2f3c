//! The parts of a private key in DER: PKCS#8, PKCS#1, SEC1 or DSA. It is not loaded.

use super::{KeyError, PublicKeyType};
use crate::x509::{
    der,
    tlv::{
        self, BIT_STRING, EXPLICIT_0, EXPLICIT_1, Element, IMPLICIT_1, INTEGER, OCTET_STRING,
        SEQUENCE,
    },
};

const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const DSA: &str = "1.2.840.10040.4.1";

pub(super) struct RawKey<'a> {
    /// The format, as [`PrivateKeySummary`](super::PrivateKeySummary) has it.
    pub(super) form: &'static str,
    /// The type, without the size of an RSA key.
    pub(super) kind: PublicKeyType,
    /// The AlgorithmIdentifier of its public key.
    pub(super) algorithm: Vec<u8>,
    /// The `RSAPrivateKey`, the scalar of a curve, or the seed of Ed25519.
    pub(super) secret: &'a [u8],
    /// The bits of the public key, if the file has them.
    pub(super) public: Option<&'a [u8]>,
    /// The curve that a SEC1 key names itself.
    pub(super) own_curve: Option<PublicKeyType>,
}

impl<'a> RawKey<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, KeyError> {
        if der.is_empty() {
            return Err(KeyError::Empty);
        }
        let fields = tlv::sequence(der).ok_or(match der {
            [SEQUENCE, ..] => KeyError::Malformed,
            _ => KeyError::NeitherPemNorDer,
        })?;
        let tags: Vec<u8> = fields.iter().map(|field| field.tag).collect();
        let other = |found: &str| Err(KeyError::NoPrivateKey { found: found.to_owned() });

        // The shapes differ in the tags of their first elements alone.
        match tags.as_slice() {
            [INTEGER, SEQUENCE, OCTET_STRING, ..] => Self::pkcs8(&fields),
            [INTEGER, OCTET_STRING, ..] => Self::sec1(&fields),
            [INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER] => {
                let parameters = der::sequence(&[1, 2, 3].map(|at: usize| fields[at].raw));
                let algorithm = algorithm(DSA, &parameters);
                let key = Self::new("DSA", PublicKeyType::Dsa, algorithm, fields[5].content);
                Ok(Self { public: Some(fields[4].raw), ..key })
            }
            [INTEGER, INTEGER, INTEGER, ..] => {
                let kind = PublicKeyType::Rsa { bits: 0, exponent: 0 };
                Ok(Self::new("PKCS#1", kind, Vec::new(), der))
            }
            [SEQUENCE, OCTET_STRING] => Err(KeyError::Encrypted { pkcs8: true }),
            [SEQUENCE, BIT_STRING] => other("a public key"),
            [SEQUENCE, SEQUENCE, BIT_STRING] => other("a certificate or a request"),
            _ => Err(KeyError::Malformed),
        }
    }

    fn new(form: &'static str, kind: PublicKeyType, algorithm: Vec<u8>, secret: &'a [u8]) -> Self {
        Self { form, kind, algorithm, secret, public: None, own_curve: None }
    }

    fn pkcs8(fields: &[Element<'a>]) -> Result<Self, KeyError> {
        let [_, algorithm, private, rest @ ..] = fields else { return Err(KeyError::Malformed) };
        let kind = PublicKeyType::of_algorithm(algorithm.raw).ok_or(KeyError::Malformed)?;
        let mut key = Self::new("PKCS#8", kind, algorithm.raw.to_vec(), private.content);
        key.public = public_part(rest)?;
        if key.kind.is_ecdsa() {
            key.take_curve_key(&tlv::sequence(private.content).ok_or(KeyError::Malformed)?)?;
        } else if key.kind == PublicKeyType::Ed25519 {
            let seed = tlv::read_only(private.content, OCTET_STRING);
            key.secret = seed.ok_or(KeyError::Malformed)?;
        }
        Ok(key)
    }

    fn sec1(fields: &[Element<'a>]) -> Result<Self, KeyError> {
        let parameters = parameters(fields).ok_or(KeyError::Malformed)?;
        let (kind, algorithm) =
            (PublicKeyType::of_curve(parameters), algorithm(EC_PUBLIC_KEY, parameters));
        let mut key = Self::new("SEC1", kind, algorithm, &[]);
        key.take_curve_key(fields)?;
        Ok(key)
    }

    /// Takes the fields of an `ECPrivateKey` (RFC 5915 section 3).
    fn take_curve_key(&mut self, fields: &[Element<'a>]) -> Result<(), KeyError> {
        let [_, Element { tag: OCTET_STRING, content: scalar, .. }, rest @ ..] = fields else {
            return Err(KeyError::Malformed);
        };
        self.secret = scalar;
        self.own_curve = parameters(rest).map(PublicKeyType::of_curve);
        self.public = public_part(rest)?.or(self.public);
        Ok(())
    }
}

/// The `ECParameters` among the fields of an `ECPrivateKey`.
fn parameters<'a>(fields: &[Element<'a>]) -> Option<&'a [u8]> {
    fields.iter().find(|field| field.tag == EXPLICIT_0).map(|field| field.content)
}

/// The octets of a \[1\] public key: a BIT STRING, tagged implicitly in PKCS#8, explicitly in SEC1
/// (and in the PKCS#8 of early ring).
fn public_part<'a>(fields: &[Element<'a>]) -> Result<Option<&'a [u8]>, KeyError> {
    let bits = fields.iter().find_map(|field| match field.tag {
        IMPLICIT_1 => Some(Some(field.content)),
        EXPLICIT_1 => Some(tlv::read_only(field.content, BIT_STRING)),
        _ => None,
    });
    let Some(bits) = bits else { return Ok(None) };
    bits.and_then(|bits| bits.strip_prefix(&[0])).map(Some).ok_or(KeyError::Malformed)
}

/// An AlgorithmIdentifier.
fn algorithm(oid: &str, parameters: &[u8]) -> Vec<u8> {
    der::sequence(&[&tlv::write_oid(oid), parameters])
}
