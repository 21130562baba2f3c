//! Keys for the tests, and the forms in which other programs write them.

use std::sync::LazyLock;

use super::{KeyType, PrivateKey, wiped_der};
use crate::x509::{
    der,
    tlv::{self, OCTET_STRING},
};

/// RFC 8410 section 10.3: PKCS#8 version 2 with attributes and the public key.
pub(super) const ED25519_V2: &str = "-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----
";

/// RFC 8410 section 10.3: the same key as version 1.
pub(super) const ED25519_V1: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";

/// One key of each kind that is quick to make, made once.
pub(super) static KEYS: LazyLock<[PrivateKey; 4]> = LazyLock::new(|| {
    let kinds = [KeyType::Rsa2048, KeyType::EcdsaP256, KeyType::EcdsaP384, KeyType::Ed25519];
    PrivateKey::generate_all(&kinds, &std::sync::atomic::AtomicUsize::new(0))
        .unwrap()
        .try_into()
        .unwrap()
});

pub(super) const P256: &str = "1.2.840.10045.3.1.7";
pub(super) const P384: &str = "1.3.132.0.34";

pub(super) fn pem(label: &str, der: &[u8]) -> String {
    crate::x509::pem::encode(label, der)
}

/// The inner structure of a PKCS#8 key: PKCS#1, SEC1 without parameters, or a seed.
pub(super) fn inner(key: &PrivateKey) -> Vec<u8> {
    tlv::sequence(&key.pkcs8).unwrap()[2].content.to_vec()
}

/// The SEC1 form of an EC key as OpenSSL writes it, with its parameters and its public key.
pub(super) fn sec1(key: &PrivateKey, parameters: Option<&[u8]>, point: Option<&[u8]>) -> Vec<u8> {
    let inner = inner(key);
    let scalar = tlv::sequence(&inner).unwrap()[1].content;
    der::sequence(&[
        wiped_der::integer(&[1]).to_vec(),
        tlv::write(OCTET_STRING, scalar),
        parameters.map(|der| der::explicit(0, der)).unwrap_or_default(),
        point.map(|point| der::explicit(1, &der::bit_string(point))).unwrap_or_default(),
    ])
}

/// A PKCS#8 key whose algorithm has no parameters.
pub(super) fn with_algorithm(algorithm: &str, private: &[u8]) -> Vec<u8> {
    der::sequence(&[
        wiped_der::integer(&[0]).to_vec(),
        der::sequence(&[oid(algorithm)]),
        tlv::write(OCTET_STRING, private),
    ])
}

/// The bits of a public key, for an EC key its point.
pub(super) fn point(key: &PrivateKey) -> &[u8] {
    key.public().bits()
}

pub(super) fn oid(text: &str) -> Vec<u8> {
    tlv::write_oid(text)
}
