//! Certificates put together octet by octet, so that they may say what no library would write.

use ring::signature::Ed25519KeyPair;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::{
    cert::{Element, elements},
    sandbox::Sandbox,
};

pub const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const EXTENSIONS: u8 = 0xA3;

/// Takes the Ed25519 certificates of a directory apart and signs what is made of them with its CA key.
pub struct Forge {
    key: Ed25519KeyPair,
}

/// The fields of a tbsCertificate, DER each. The version is the first, the extensions are the last.
#[derive(Clone)]
pub struct Tbs(pub Vec<Vec<u8>>);

impl Forge {
    /// With the CA that `gen --key-type ed25519` has made in the sandbox.
    pub fn of(sandbox: &Sandbox) -> Self {
        let key = PrivateKeyDer::from_pem_slice(&sandbox.read("ca.key")).unwrap();
        Self { key: Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_der()).unwrap() }
    }

    pub fn sign(&self, tbs: &Tbs) -> Vec<u8> {
        // id-Ed25519 (RFC 8410 section 3).
        let algorithm = [SEQUENCE, 5, 6, 3, 0x2B, 0x65, 0x70];
        let tbs = tlv(SEQUENCE, &tbs.0.concat());
        let signature = [&[0], self.key.sign(&tbs).as_ref()].concat();
        tlv(SEQUENCE, &[&tbs, &algorithm[..], &tlv(BIT_STRING, &signature)].concat())
    }
}

impl Tbs {
    pub fn read(sandbox: &Sandbox, file: &str) -> Self {
        let fields = elements(&elements(&elements(&der(sandbox, file))[0].content)[0].content);
        Self(fields.into_iter().map(|field| field.whole).collect())
    }

    /// With another field: 1 is the serial, 3 the issuer, 5 the subject, 6 the public key.
    pub fn with(mut self, field: usize, der: Vec<u8>) -> Self {
        self.0[field] = der;
        self
    }

    /// Each extension in a SEQUENCE of its own.
    pub fn extensions(&self) -> Vec<Vec<u8>> {
        let list = &elements(self.0.last().unwrap())[0];
        let inner = elements(&list.content);
        elements(&inner[0].content).into_iter().map(|Element { whole, .. }| whole).collect()
    }

    pub fn with_extensions(self, extensions: &[Vec<u8>]) -> Self {
        let last = self.0.len() - 1;
        self.with(last, tlv(EXTENSIONS, &tlv(SEQUENCE, &extensions.concat())))
    }
}

/// The first certificate of a file.
pub fn der(sandbox: &Sandbox, file: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(&sandbox.read(file)).unwrap().to_vec()
}

/// One element of DER.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let octets = [length >> 8, length & 0xFF].map(|octet| u8::try_from(octet).unwrap());
    let head = match length {
        0..0x80 => vec![tag, octets[1]],
        0x80..0x100 => vec![tag, 0x81, octets[1]],
        _ => vec![tag, 0x82, octets[0], octets[1]],
    };
    [head.as_slice(), content].concat()
}

pub fn pem(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der).unwrap()
}
