//! What libFuzzer calls, and `tests/fuzz.rs` of certctl-pki: a function for each kind of foreign input.
//!
//! Each panics not only where the code does, but also where a promise about what was read is broken.

mod family;

use std::collections::HashSet;

use certctl_pki::{
    verify::path::{self as chain, CertificateRef, PathQuery, PathResult},
    x509::{
        certificate::Certificate,
        crl::Crl,
        csr::Csr,
        der,
        escape::is_hidden,
        key::{PrivateKey, PublicKey},
        name::{Name, parse_subject},
        pem,
        san::{San, parse_general_names},
        serial::Serial,
        usage::Usage,
    },
};
use time::{OffsetDateTime, macros::datetime};

/// The time of every validation.
const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// A file of PEM blocks, and what becomes of it when one of its certificates is renewed.
pub fn pem(input: &[u8]) {
    let Ok(found) = pem::certificates(input) else { return };
    for der in &found {
        let block = pem::encode("CERTIFICATE", der);
        assert_eq!(pem::certificates(block.as_bytes()), Ok(vec![der.clone()]));
    }
    if let [old] = found.as_slice() {
        let new = [0x30, 3, 2, 1, 0];
        let replaced = pem::replace_certificate(input, old, &new);
        assert_eq!(pem::certificates(&replaced), Ok(vec![new.to_vec()]));
    }
}

/// The DER of a certificate, a request or a revocation list.
pub fn certificate(input: &[u8]) {
    if let Ok(request) = Csr::from_der(input.to_vec()) {
        assert_eq!(request.der(), input);
        assert_shown(&request.subject());
    }
    if let Ok(list) = Crl::from_der(input.to_vec()) {
        assert_eq!(list.der(), input);
        assert_shown(&list.issuer());
    }
    let certificate = match Certificate::from_der(input.to_vec()) {
        Ok(certificate) => certificate,
        Err(error) => return assert_shown(&error),
    };
    assert_eq!(certificate.der(), input);
    assert_eq!(certificate.fingerprint().len(), 64);
    for name in [certificate.subject(), certificate.issuer()] {
        assert_shown(name);
        assert!(contains(input, name.der()), "names are octets of the certificate");
    }
    for name in certificate.names() {
        assert_shown(&name);
        assert!(contains(input, name.der()));
    }
    for part in [certificate.tbs(), certificate.signature()].into_iter().flatten() {
        assert!(contains(input, part));
    }
    for extension in certificate.extensions() {
        assert!(contains(input, &extension.value));
    }
    let spki = certificate.public_key().spki();
    assert_eq!(PublicKey::from_spki(spki).as_ref(), Ok(certificate.public_key()));
    if let Some(serial) = certificate.serial() {
        assert!(serial.octets().len() <= 20);
    }
    let _ = (certificate.usage(), certificate.names_serial_of_issuer());
    let _ = (certificate.algorithms_agree(), certificate.is_issued_by(&certificate));
}

/// A private key in PEM or DER.
pub fn private_key(input: &[u8]) {
    match PrivateKey::from_pem(input) {
        Ok(key) => {
            let again = PrivateKey::from_pem(key.to_pem().as_bytes());
            assert!(again.is_ok_and(|again| again.public() == key.public()));
        }
        Err(error) => assert_shown(&error),
    }
}

/// ca.srl.
pub fn serial(input: &[u8]) {
    let Ok(serial) = Serial::from_file(input) else { return };
    assert_eq!(Serial::from_file(serial.to_file().as_bytes()), Ok(serial));
    assert!(serial.next().is_ok_and(|next| next > serial) || serial.octets().len() == 20);
}

/// What is typed behind `--san`, and the content of a subjectAltName extension.
pub fn sans(input: &[u8]) {
    if let Ok(names) = parse_general_names(input) {
        for name in &names {
            assert_shown(name);
            assert!(contains(input, name.der()));
        }
    }
    let Ok(text) = str::from_utf8(input) else { return };
    match San::parse_list(text) {
        Err(error) => assert_shown(&error),
        Ok(sans) => {
            let names = parse_general_names(&San::extension_value(&sans)).unwrap_or_default();
            let read: Vec<&San> = names.iter().filter_map(|name| name.san()).collect();
            assert_eq!(read, sans.iter().collect::<Vec<_>>(), "what is issued is read back");
            for san in &sans {
                assert_shown(san);
                assert_eq!(san.to_string().parse().as_ref(), Ok(san));
            }
        }
    }
}

/// What is typed behind `--subject`, and a Name in DER.
pub fn names(input: &[u8]) {
    if let Ok(name) = Name::from_der(input) {
        assert_eq!(name.der(), input);
        assert_shown(&name);
        let _ = name.common_name();
        if let Ok(other) = name.with_common_name("other") {
            assert_eq!(other.common_name().as_deref(), Some("other"));
            assert_eq!(Name::from_der(other.der()), Ok(other));
        }
        // The text of a value, read again, has the same text.
        if let Ok(read) = parse_subject(&name.to_string()) {
            let (read, shown) = (read.to_string(), name.to_string());
            // Country codes are put into capitals.
            assert!(read.eq_ignore_ascii_case(&shown), "{read} {shown}");
        }
    }
    let Ok(text) = str::from_utf8(input) else { return };
    match parse_subject(text) {
        Err(error) => assert_shown(&error),
        Ok(name) => {
            assert_eq!(Name::from_der(name.der()).as_ref(), Ok(&name));
            let shown = name.to_string();
            assert_eq!(parse_subject(&shown).map(|name| name.to_string()), Ok(shown));
        }
    }
}

/// A file that came from anywhere.
pub fn input(input: &[u8]) {
    for password in [None, Some("password")] {
        if let Err(error) = certctl_pki::input::read(input, password) {
            assert_shown(&error);
        }
    }
}

/// The path builder: over concatenated certificates, or over a family generated from the input.
pub fn path(input: &[u8]) {
    let certificates = match input.split_first() {
        Some((0x30, _)) => der::elements(&der::sequence(&[input]))
            .unwrap_or_default()
            .into_iter()
            .filter_map(|der| Certificate::from_der(der).ok())
            .collect(),
        Some((_, rest)) => family::of(rest),
        None => return,
    };
    let [leaf, untrusted @ ..] = certificates.as_slice() else { return };
    let anchors = &untrusted[untrusted.len() - untrusted.len().min(2)..];
    for usage in [None, Some(Usage::Server)] {
        let max_depth = usage.map(|_| 3);
        let question =
            PathQuery { leaf, untrusted, anchors, revocation: &[], at: NOW, usage, max_depth };
        let result = chain::validate(&question);
        assert_joined(&question, &result);
        assert_eq!(chain::validate(&question), result, "the result is deterministic");
    }
    for anchor in anchors {
        chain::validate_anchor(anchor, NOW);
    }
}

/// A path begins at the leaf, takes no certificate twice, and without a violation ends at an anchor, each
/// link signed by the next.
fn assert_joined(question: &PathQuery<'_>, PathResult { path, violations }: &PathResult) {
    let certificate = |link: &CertificateRef| match *link {
        CertificateRef::Leaf => question.leaf,
        CertificateRef::Untrusted(index) => &question.untrusted[index],
        CertificateRef::Anchor(index) => &question.anchors[index],
    };
    // The leaf may be an anchor itself.
    assert_eq!(path.first().map(certificate), Some(question.leaf));
    let distinct: HashSet<&[u8]> = path.iter().map(|link| certificate(link).der()).collect();
    assert_eq!(distinct.len(), path.len(), "{path:?}");
    for violation in violations {
        assert_shown(&violation.detail);
    }
    if violations.is_empty() {
        assert!(matches!(path.last(), Some(CertificateRef::Anchor(_))), "{path:?}");
        for pair in path.windows(2) {
            let [one, issuer] = [&pair[0], &pair[1]].map(certificate);
            assert!(one.is_issued_by(issuer), "{path:?}");
            assert!(issuer.is_ca() || matches!(pair[1], CertificateRef::Anchor(_)), "{path:?}");
            assert!(one.validity().not_after >= NOW);
        }
    }
}

/// A bug that was put here to be found: shows that the fuzzer gets behind a parser.
#[allow(dead_code, reason = "only fuzz_targets/planted.rs calls it")]
pub fn planted(input: &[u8]) {
    let Ok(certificate) = Certificate::from_der(input.to_vec()) else { return };
    assert!(certificate.serial().is_some(), "planted: no serial is negative");
}

/// Fails where a text would move a cursor or hide something.
fn assert_shown(text: &impl std::fmt::Display) {
    let text = text.to_string();
    assert!(!text.contains(is_hidden), "{text:?}");
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || haystack.windows(needle.len()).any(|window| window == needle)
}
