//! What the certificates of `gen` say: extensions, key identifiers, serials.

use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

use crate::{
    cert::{
        BASIC_CONSTRAINTS, CLIENT_AUTH, Cert, KEY_USAGE, NAMES, PURPOSES, SERVER_AUTH, elements,
        hex,
    },
    sandbox::Sandbox,
};

fn p256(flags: &str) -> Sandbox {
    Sandbox::with_gen(&format!("--key-type ecdsa:p256 {flags}"))
}

#[test]
fn a_ca_signs_and_nothing_else() {
    let ca = Cert::read(&p256(""), "ca.pem");

    let constraints = ca.extension(BASIC_CONSTRAINTS).unwrap();
    assert!(constraints.critical);
    assert_eq!(hex(&constraints.value), "30060101FF020100", "CA:TRUE, pathLen 0");
    let usage = ca.extension(KEY_USAGE).unwrap();
    assert!(usage.critical);
    assert_eq!(hex(&usage.value), "03020106", "keyCertSign, cRLSign");
    assert_eq!(ca.extension(PURPOSES), None);
    assert_eq!(ca.key_id(), Some(rfc7093(&ca)));
}

#[test]
fn a_leaf_is_bound_to_its_side_and_to_its_keys() {
    let cases = [
        ("rsa:2048", "030205A0"),
        ("ecdsa:p256", "03020780"),
        ("ecdsa:p384", "03020780"),
        ("ed25519", "03020780"),
    ];

    for (key_type, key_usage) in cases {
        let sandbox = Sandbox::with_gen(&format!("--key-type {key_type}"));
        let ca = Cert::read(&sandbox, "ca.pem");
        for (file, purpose) in [("server.pem", SERVER_AUTH), ("client.pem", CLIENT_AUTH)] {
            let leaf = Cert::read(&sandbox, file);
            let row = format!("{file} of {key_type}");
            let extension = |oid| {
                let extension = leaf.extension(oid).unwrap_or_else(|| panic!("{row} lacks {oid}"));
                (extension.critical, hex(&extension.value))
            };
            assert_eq!(extension(BASIC_CONSTRAINTS), (true, "3000".into()), "{row}");
            assert_eq!(extension(KEY_USAGE), (true, key_usage.into()), "{row}");
            assert!(!extension(PURPOSES).0, "{row}");
            assert_eq!(leaf.purposes(), [purpose], "{row}");
            assert!(!extension(NAMES).0, "{row}");
            assert_eq!(leaf.key_id(), Some(rfc7093(&leaf)), "{row}");
            assert_eq!(leaf.issuer_key_id(), ca.key_id(), "{row}");
        }
    }
}

#[test]
fn the_last_serial_is_in_ca_srl_and_the_cas_own_is_not() {
    let sandbox = p256("");
    let serial = |file| Cert::read(&sandbox, file).serial();
    let number = |hex: &str| u128::from_str_radix(&hex[hex.len() - 30..], 16).unwrap();

    let last = sandbox.text("ca.srl");
    let digits = last.strip_suffix('\n').unwrap();
    assert!(
        digits.len().is_multiple_of(2)
            && digits.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F'))
    );
    assert_eq!(serial("client.pem"), digits);
    assert_eq!(number(&serial("server.pem")) + 1, number(digits));
    assert_ne!(serial("ca.pem")[..30], digits[..30]);
    assert_ne!(Sandbox::text(&p256(""), "ca.srl"), last, "a random start");
}

#[test]
fn a_key_file_is_unencrypted_pkcs8_that_old_openssl_reads() {
    let cases = [
        ("rsa:2048", "2A864886F70D010101"),
        ("ecdsa:p256", "2A8648CE3D0201"),
        ("ecdsa:p384", "2A8648CE3D0201"),
        ("ed25519", "2B6570"),
    ];

    for (key_type, algorithm) in cases {
        let sandbox = Sandbox::with_gen(&format!("--key-type {key_type}"));
        for file in ["ca.key", "server.key", "client.key"] {
            let text = sandbox.text(file);
            assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{file} of {key_type}");
            assert!(text.ends_with("\n-----END PRIVATE KEY-----\n"), "{file} of {key_type}");
            let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).unwrap();
            let parts = elements(&elements(key.secret_pkcs8_der())[0].content);
            assert_eq!(parts[0].content, [0], "version 1: {file} of {key_type}");
            assert_eq!(parts.len(), 3, "no public part behind: {file} of {key_type}");
            assert_eq!(hex(&elements(&parts[1].content)[0].content), algorithm, "{key_type}");
            if key_type == "ed25519" {
                assert_eq!(key.secret_pkcs8_der().len(), 48);
            }
        }
    }
}

/// The left 160 bits of the SHA-256 of the public key.
fn rfc7093(cert: &Cert) -> Vec<u8> {
    let digest = ring::digest::digest(&ring::digest::SHA256, &cert.key_bits());
    digest.as_ref()[..20].to_vec()
}
