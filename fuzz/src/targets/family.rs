//! Generates certificates from a few octets each. Every signature verifies, so that the path builder
//! must check everything else.

use std::sync::LazyLock;

use certctl_pki::x509::{
    certificate::{Certificate, Extension},
    der,
    key::{KeyType, PrivateKey},
    name::Name,
};

/// The most of them; more would only be slower.
const LIMIT: usize = 24;
/// Ed25519 (RFC 8410 section 3).
const ALGORITHM: [u8; 7] = [0x30, 5, 6, 3, 0x2B, 0x65, 0x70];
/// From 1990 to 2049, in UTCTime.
const VALIDITY: &[u8] = b"\x30\x1e\x17\x0d900101000000Z\x17\x0d491231235959Z";
const EXPIRED: &[u8] = b"\x30\x1e\x17\x0d900101000000Z\x17\x0d991231235959Z";

/// Extensions besides those of the input: OID and DER of the value.
const EXTENSIONS: [(&str, &[u8]); 24] = [
    ("2.5.29.19", b"\x30\x03\x01\x01\xff"),
    ("2.5.29.19", b"\x30\x06\x01\x01\xff\x02\x01\x00"),
    ("2.5.29.19", b"\x30\x06\x01\x01\xff\x02\x01\x02"),
    ("2.5.29.19", b"\x30\x00"),
    ("2.5.29.15", b"\x03\x02\x02\x04"),
    ("2.5.29.15", b"\x03\x02\x07\x80"),
    ("2.5.29.37", b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"),
    ("2.5.29.37", b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"),
    ("2.5.29.37", b"\x30\x06\x06\x04\x55\x1d\x25\x00"),
    ("2.5.29.14", b"\x04\x01a"),
    ("2.5.29.14", b"\x04\x01b"),
    ("2.5.29.35", b"\x30\x03\x80\x01a"),
    ("2.5.29.35", b"\x30\x03\x80\x01b"),
    ("2.5.29.17", b"\x30\x05\x82\x03a.b"),
    ("2.5.29.17", b"\x30\x06\x87\x04\x0a\x00\x00\x01"),
    ("2.5.29.17", b"\x30\x05\x81\x03a@b"),
    ("2.5.29.30", b"\x30\x07\xa0\x05\x30\x03\x82\x01b"),
    ("2.5.29.30", b"\x30\x07\xa1\x05\x30\x03\x82\x01b"),
    ("2.5.29.30", b"\x30\x0e\xa0\x0c\x30\x0a\x87\x08\x0a\x00\x00\x00\xff\x00\x00\x00"),
    (
        "2.5.29.30",
        b"\x30\x14\xa0\x12\x30\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01a",
    ),
    ("2.5.29.32", b"\x30\x08\x30\x06\x06\x04\x55\x1d\x20\x00"),
    ("2.5.29.32", b"\x30\x06\x30\x04\x06\x02\x2a\x03"),
    ("2.5.29.36", b"\x30\x03\x80\x01\x00"),
    ("2.5.29.33", b"\x30\x0a\x30\x08\x06\x02\x2a\x03\x06\x02\x2a\x04"),
];

/// Two octets for the names and the form, then an octet for each extension.
pub(super) fn of(mut input: &[u8]) -> Vec<Certificate> {
    let mut family = Vec::new();
    while let [names, form, rest @ ..] = input {
        let mut extensions = Vec::new();
        input = rest;
        for _ in 0..form & 7 {
            let Some((extension, rest)) = extension(input) else { break };
            extensions.push(extension);
            input = rest;
        }
        let names = [names >> 4 & 7, names & 7];
        let validity = if form & 0x80 == 0 { VALIDITY } else { EXPIRED };
        family.extend(certificate(family.len(), names, validity, &extensions));
        if family.len() == LIMIT {
            break;
        }
    }
    family
}

/// One from the table, or, from 0xC0 on, the table's kind with so many octets of the input.
fn extension(input: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (choice, rest) = input.split_first()?;
    let (oid, value) = EXTENSIONS[usize::from(choice & 0x1F) % EXTENSIONS.len()];
    let critical = choice & 0x20 != 0;
    if *choice < 0xC0 {
        return Some((Extension::new(oid, critical, value.to_vec()).der, rest));
    }
    let (length, rest) = rest.split_first()?;
    let (value, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((Extension::new(oid, critical, value.to_vec()).der, rest))
}

fn certificate(
    serial: usize,
    [subject, issuer]: [u8; 2],
    validity: &[u8],
    extensions: &[Vec<u8>],
) -> Option<Certificate> {
    static KEY: LazyLock<PrivateKey> =
        LazyLock::new(|| PrivateKey::generate(KeyType::Ed25519).expect("randomness"));

    let name = |number: u8| {
        let letter = char::from(b'a' + number);
        let name: Name = format!("CN={letter},O={letter}").parse().expect("a name");
        name.der().to_vec()
    };
    let mut tbs = vec![
        der::explicit(0, &[2, 1, 2]),
        vec![2, 1, u8::try_from(serial).unwrap_or(0) + 1],
        ALGORITHM.to_vec(),
        name(issuer),
        validity.to_vec(),
        name(subject),
        KEY.public().spki().to_vec(),
    ];
    if !extensions.is_empty() {
        tbs.push(der::explicit(3, &der::sequence(extensions)));
    }
    let tbs = der::sequence(&tbs);
    let signature = der::bit_string(&KEY.sign(&tbs).ok()?);
    Certificate::from_der(der::sequence(&[tbs, ALGORITHM.to_vec(), signature])).ok()
}
