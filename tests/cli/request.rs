//! Requests put together octet by octet, so that they may ask for what no library would.

use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData, SigningKey};

use crate::forge::{self, SEQUENCE};

pub const OID: u8 = 6;
pub const OCTETS: u8 = 4;

// Content octets of object identifiers.
pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub const UNIT: &[u8] = &[0x55, 4, 11];
pub const BASIC_CONSTRAINTS: &[u8] = &[0x55, 29, 19];
pub const KEY_USAGE: &[u8] = &[0x55, 29, 15];
pub const KEY_ID: &[u8] = &[0x55, 29, 14];
pub const ALT_NAMES: &[u8] = &[0x55, 29, 17];
pub const PURPOSES: &[u8] = &[0x55, 29, 37];
pub const NAME_CONSTRAINTS: &[u8] = &[0x55, 29, 30];
pub const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
pub const DSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x38, 4, 1];
pub const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
pub const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
pub const P521: &[u8] = &[0x2B, 0x81, 4, 0, 35];
pub const SECP256K1: &[u8] = &[0x2B, 0x81, 4, 0, 10];
pub const ED25519: &[u8] = &[0x2B, 101, 112];
pub const ED448: &[u8] = &[0x2B, 101, 113];
pub const EXTENSION_REQUEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 14];
pub const SERVER: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];
pub const CODE_SIGNING: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 3];

/// One element of DER.
pub fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    forge::tlv(tag, &parts.concat())
}

pub fn bits(octets: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], octets])
}

/// A relative distinguished name with one attribute of that string type.
pub fn rdn(kind: &[u8], tag: u8, text: &str) -> Vec<u8> {
    tlv(0x31, &[&tlv(SEQUENCE, &[&tlv(OID, &[kind]), &tlv(tag, &[text.as_bytes()])])])
}

pub fn common_name(text: &str) -> Vec<u8> {
    tlv(SEQUENCE, &[&rdn(COMMON_NAME, 12, text)])
}

pub fn extension(kind: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[&tlv(OID, &[kind]), &tlv(OCTETS, &[value])])
}

pub fn dns_names(names: &[&str]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names.iter().map(|name| tlv(0x82, &[name.as_bytes()])).collect();
    extension(ALT_NAMES, &tlv(SEQUENCE, &[&names.concat()]))
}

pub fn info(subject: &[u8], spki: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = tlv(SEQUENCE, &[&extensions.concat()]);
    let attribute = tlv(SEQUENCE, &[&tlv(OID, &[EXTENSION_REQUEST]), &tlv(0x31, &[&list])]);
    let attributes: &[&[u8]] = if extensions.is_empty() { &[] } else { &[&attribute] };
    tlv(SEQUENCE, &[&[2, 1, 0], subject, spki, &tlv(0xA0, attributes)])
}

/// A request of an Ed25519 key, properly signed.
pub fn request(subject: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let info = info(subject, &key.subject_public_key_info(), extensions);
    let signature = key.sign(&info).unwrap();
    tlv(SEQUENCE, &[&info, &tlv(SEQUENCE, &[&tlv(OID, &[ED25519])]), &bits(&signature)])
}

/// A request for that key, with a signature that proves nothing.
pub fn request_of(spki: &[u8]) -> Vec<u8> {
    let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[ED25519])]);
    tlv(SEQUENCE, &[&info(&common_name("a.b"), spki, &[]), &algorithm, &bits(&[7; 64])])
}

pub fn spki(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    tlv(SEQUENCE, &[&tlv(SEQUENCE, &[&tlv(OID, &[algorithm]), parameters]), &bits(key)])
}

pub fn rsa(length: usize, exponent: &[u8]) -> Vec<u8> {
    let modulus = tlv(2, &[&[0], &vec![0xC5; length / 8]]);
    spki(RSA, &[5, 0], &tlv(SEQUENCE, &[&modulus, &tlv(2, &[exponent])]))
}
