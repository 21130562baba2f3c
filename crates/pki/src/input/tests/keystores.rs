//! PKCS#12, in all the ways in which it is encrypted.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey,
    PrivateKeyChain,
};

use super::{Samples, base64, fixture, samples, words};
use crate::{cpu_time::within, input::read};

/// A store of one pair under the friendly name `a\nb`.
fn keystore(password: &str, algorithm: EncryptionAlgorithm, rounds: u32) -> Vec<u8> {
    let Samples { certificate, key, .. } = samples();
    let chain = PrivateKeyChain::new(
        "id",
        PrivateKey::from_der(&key).unwrap(),
        [Certificate::from_der(&certificate).unwrap()],
    );
    let mut store = KeyStore::new();
    store.add_entry("a\nb", KeyStoreEntry::PrivateKeyChain(chain));
    store
        .writer(password)
        .encryption_algorithm(algorithm)
        .encryption_iterations(rounds)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(rounds)
        .write()
        .unwrap()
}

const MODERN: EncryptionAlgorithm = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;

#[test]
fn a_keystore_is_opened_with_the_empty_or_the_given_password() {
    // The writer names a certificate by its subject.
    let expected = ["CN=rcgen self signed cert = certificate", r"a\nb = PKCS#8 ecdsa:p256"];
    let locked = ["broken PKCS#12 file: its password is needed: `--password-file FILE` opens it"];
    let wrong = ["broken PKCS#12 file: the password given does not open it"];
    for algorithm in [MODERN, EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc] {
        let open = keystore("", algorithm, 2);
        assert_eq!(words(&read(&open, None)), expected);
        assert_eq!(words(&read(&open, Some("other"))), expected);
        let closed = keystore("secret", algorithm, 2);
        assert_eq!(words(&read(&closed, Some("secret"))), expected);
        assert_eq!(words(&read(&closed, Some("secre"))), wrong);
        assert_eq!(words(&read(&closed, None)), locked);
    }
}

#[test]
fn a_keystore_in_a_secret_is_read_like_a_file() {
    let store = base64(&keystore("", MODERN, 2));
    let text = format!("kind: Secret\nmetadata: {{name: s}}\ndata: {{keystore.p12: {store}}}\n");

    let answer = read(text.as_bytes(), None);

    let expected = [
        "s: keystore.p12: CN=rcgen self signed cert = certificate",
        r"s: keystore.p12: a\nb = PKCS#8 ecdsa:p256",
    ];
    assert_eq!(words(&answer), expected);
}

#[test]
fn a_keystore_with_too_many_rounds_is_refused_at_once() {
    let costly =
        ["broken PKCS#12 file: it asks for more rounds of password hashing than certctl makes"];
    let mut store = keystore("", MODERN, 65_536);
    // 65,536 is 02 03 01 00 00: three octets, of which the first counts most.
    let place = store.windows(5).position(|part| part == [2, 3, 1, 0, 0]).unwrap();
    store[place + 2] = 0x7F;

    assert_eq!(words(&within(2, "the refusal", || read(&store, None))), costly);
}

#[test]
fn damaged_keystores_are_never_a_panic() {
    let store = keystore("", MODERN, 1);
    for end in 0..store.len() {
        let _ = format!("{:?}", read(&store[..end], None));
    }
    let mut damaged = store;
    for bit in 0..damaged.len() * 8 {
        damaged[bit / 8] ^= 1 << (bit % 8);
        let _ = format!("{:?}", read(&damaged, Some("x")));
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn what_openssl_exports_is_read() {
    let whole = ["good = certificate", "good = PKCS#8 ecdsa:p256"];
    for (file, password) in [
        ("modern", Some("fixture")),
        ("legacy", Some("fixture")),
        ("plain", Some("fixture")),
        ("no-mac", Some("fixture")),
        ("empty-password", None),
    ] {
        let content = fixture(&format!("intake/{file}.p12"));
        assert_eq!(words(&read(&content, password)), whole, "{file}");
    }
    let wrong = ["broken PKCS#12 file: the password given does not open it"];
    for file in ["modern", "legacy", "plain", "no-mac"] {
        let content = fixture(&format!("intake/{file}.p12"));
        assert_eq!(words(&read(&content, Some("fixtures"))), wrong, "{file}");
    }
}
