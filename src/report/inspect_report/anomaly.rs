//! Anomalies of a certificate, without a severity: `check` reports which clients refuse it.

use pki::x509::{
    certificate::Certificate, escape::shorten, key::PublicKeyType, oid, san::GeneralName,
    serial::SerialFault,
};
use serde::Serialize;
use time::OffsetDateTime;

use super::value_text::both_ways;

/// The most characters of a name in a line.
const NAME: usize = 120;

/// Unusual content, with a stable id for programs.
#[derive(Debug, Serialize)]
pub(super) struct Anomaly {
    pub(super) id: &'static str,
    pub(super) message: String,
}

/// All anomalies of a certificate at `now`.
pub(super) fn of(certificate: &Certificate, now: OffsetDateTime) -> Vec<Anomaly> {
    let mut list = List(Vec::new());
    dates(&mut list, certificate, now);
    form(&mut list, certificate);
    serial(&mut list, certificate.serial_octets());
    extensions(&mut list, certificate);
    for oid in certificate.unreadable() {
        list.add("unreadable-extension", format!("{} cannot be read", oid::extension(oid)));
    }
    names(&mut list, certificate);
    strength(&mut list, certificate);
    signer(&mut list, certificate);
    list.0
}

struct List(Vec<Anomaly>);

impl List {
    fn add(&mut self, id: &'static str, message: impl Into<String>) {
        self.0.push(Anomaly { id, message: message.into() });
    }
}

fn dates(list: &mut List, certificate: &Certificate, now: OffsetDateTime) {
    let validity = certificate.validity();
    if validity.not_after < validity.not_before {
        list.add("never-valid", "it ends before it begins, so it was never valid");
    }
    if validity.not_after < now {
        list.add("expired", format!("expired {}", both_ways(validity.not_after, now)));
    }
    if validity.not_before > now {
        let begins = both_ways(validity.not_before, now);
        list.add("not-yet-valid", format!("not valid before {begins}"));
    }
}

fn form(list: &mut List, certificate: &Certificate) {
    match certificate.version() {
        3 => {}
        version @ 1..=2 if certificate.extensions().is_empty() => {
            let message = format!("version {version}: no extension says what it may be used for");
            list.add("version", message);
        }
        version @ 1..=2 => list.add("version", format!("version {version}, but has extensions")),
        version => list.add("version", format!("version {version}, which X.509 does not define")),
    }
    if certificate.subject().is_empty() && certificate.names().is_empty() {
        list.add("nameless", "neither a subject nor a name");
    }
    if certificate.issuer().is_empty() {
        list.add("issuerless", "the issuer is empty");
    }
    if !certificate.algorithms_agree() {
        list.add("algorithms-differ", "the signature algorithm inside is not the one outside");
    }
}

fn serial(list: &mut List, octets: &[u8]) {
    for fault in SerialFault::of(octets) {
        match fault {
            SerialFault::Empty => list.add("serial-empty", "the serial is empty"),
            SerialFault::Zero => list.add("serial-zero", "the serial is zero"),
            SerialFault::Negative => list.add("serial-negative", "the serial is negative"),
            SerialFault::NotMinimal => {
                list.add("serial-not-minimal", "the serial has leading octets that DER leaves off");
            }
            SerialFault::Long => {
                let octets = octets.len();
                let message = format!("the serial has {octets} octets, at most 20 are allowed");
                list.add("serial-long", message);
            }
        }
    }
}

fn extensions(list: &mut List, certificate: &Certificate) {
    for (extension, number) in certificate.numbered_extensions() {
        let name = oid::extension(&extension.oid);
        if number == 2 {
            list.add("duplicate-extension", format!("{name} stands more than once"));
        }
        if extension.says_not_critical() {
            list.add("explicit-false", format!("{name} says critical FALSE, which DER leaves off"));
        }
        if extension.says_no_ca() {
            list.add("explicit-false", "basicConstraints say CA:FALSE, which DER leaves off");
        }
    }
}

fn names(list: &mut List, certificate: &Certificate) {
    let names = certificate.names();
    for name in &names {
        if let GeneralName::Unmatchable { reason, .. } = name {
            let message =
                format!("no client matches {}: it {reason}", shorten(&name.to_string(), NAME));
            list.add("unmatchable-name", message);
        }
    }
    let unread = names.is_empty()
        && certificate.extension(oid::SUBJECT_ALT_NAME).is_some()
        && !certificate.unreadable().iter().any(|unread| unread == oid::SUBJECT_ALT_NAME);
    if unread {
        list.add("no-names", "subjectAltName holds no name that can be read");
    }
}

fn strength(list: &mut List, certificate: &Certificate) {
    let algorithm = certificate.signature_algorithm();
    if algorithm.is_weak() {
        list.add("weak-signature", format!("signed with {}, which is weak", algorithm.name()));
    }
    match certificate.public_key().kind() {
        PublicKeyType::Rsa { bits, .. } if bits < 2048 => {
            list.add("weak-key", format!("an RSA key of {bits} bits is weak"));
        }
        PublicKeyType::Rsa { exponent, .. } if exponent < 65537 => {
            list.add("weak-key", format!("an RSA key with the exponent {exponent} is unusual"));
        }
        PublicKeyType::Dsa => list.add("weak-key", "DSA keys are obsolete"),
        PublicKeyType::EcdsaExplicit => list.add("weak-key", "the curve is given by its numbers"),
        _ => {}
    }
}

fn signer(list: &mut List, certificate: &Certificate) {
    if !certificate.is_self_issued() {
        return;
    }
    match (certificate.is_issued_by(certificate), certificate.is_ca()) {
        (true, true) => {}
        (true, false) => list.add("self-signed", "self-signed: no CA stands behind it"),
        (false, _) => list.add(
            "self-issued",
            "issuer and subject are the same name, but its own key did not sign it",
        ),
    }
}
