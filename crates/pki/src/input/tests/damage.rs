//! Truncation at every octet, and every single bit flipped: a message or a finding, never a panic.

use super::{Samples, base64, fixture, samples};
use crate::{input::read, x509::pem::encode};

fn damage(name: &str, whole: &[u8]) {
    assert!(read(whole, None).is_ok(), "{name}");
    for end in 0..whole.len() {
        let _ = format!("{:?}", read(&whole[..end], None));
    }
    let mut damaged = whole.to_vec();
    for bit in 0..damaged.len() * 8 {
        damaged[bit / 8] ^= 1 << (bit % 8);
        let _ = format!("{:?}", read(&damaged, None));
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn der_of_every_form() {
    let Samples { certificate, request, list, key, spki } = samples();
    for (name, der) in [
        ("certificate", certificate),
        ("request", request),
        ("list", list),
        ("key", key),
        ("public key", spki),
    ] {
        damage(name, &der);
        for end in 1..der.len() {
            let answer = read(&der[..end], None);
            let is_refused = answer.as_ref().map_or(true, |found| {
                found.iter().all(|it| matches!(it.object, super::PkiObject::Broken { .. }))
            });
            assert!(is_refused, "{name} cut at {end}: {answer:?}");
        }
    }
}

#[test]
fn pem_of_every_form() {
    let Samples { certificate, request, list, key, spki } = samples();
    for (label, der) in [
        ("CERTIFICATE", certificate),
        ("CERTIFICATE REQUEST", request),
        ("X509 CRL", list),
        ("PRIVATE KEY", key),
        ("PUBLIC KEY", spki),
    ] {
        damage(label, encode(label, &der).as_bytes());
    }
    damage("OpenSSH", &fixture("intake/openssh.key"));
    damage("SEC1", &fixture("keys/good.sec1.key"));
    damage("encrypted SEC1", &fixture("keys/encrypted-sec1.key"));
}

#[test]
fn manifests() {
    let block = base64(encode("CERTIFICATE", &samples().certificate).as_bytes());
    damage(
        "YAML",
        format!("kind: Secret\nmetadata: {{name: a}}\ndata: {{a: {block}}}\n").as_bytes(),
    );
    damage(
        "JSON",
        format!("{{\"kind\": \"Secret\", \"data\": {{\"a\": \"{block}\"}}}}").as_bytes(),
    );
}
