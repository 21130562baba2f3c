//! Checks the private key of a certificate: whether it belongs to it, and which users can read it.

use pki::{
    verify::{
        finding::Finding,
        rule::{Rule, Severity},
    },
    x509::{certificate::Certificate, hex::hex, key::PublicKey},
};

use super::targets::{CheckTarget, Key};
use crate::{
    issue::notes::{closing, is_lax},
    path_text::PathText as _,
    report::as_typed,
};

/// Adds the findings about the private key of a certificate, or about its absence.
pub(super) fn check(subject: &CheckTarget, certificate: &Certificate, findings: &mut Vec<Finding>) {
    let unknown = |message: String| Finding::new(Rule::KeyMissing, message);
    match &subject.key {
        Key::NotExpected | Key::Denied(_) => {}
        Key::Missing(path) => findings.push(unknown(format!(
            "has no private key beside it (`{}`), so it was not compared",
            path.shown()
        ))),
        Key::Unreadable(path, reason) => {
            let message =
                format!("has the key file `{}`, which servers cannot use: {reason}", path.shown());
            findings.push(unknown(message).at(Severity::Error));
        }
        Key::Unknown(path) => findings.push(unknown(format!(
            "has a private key in `{}` of a type that certctl does not know",
            path.shown()
        ))),
        Key::Found { name, path, facts, mode } => {
            let own = certificate.public_key();
            let of = |key: &PublicKey| hex(&key.key_identifier());
            match &facts.public {
                None => findings.push(unknown(format!(
                    "has a private key in `{name}` ({}) that was not compared",
                    facts.form
                ))),
                Some(public) if public != own => {
                    let (own, other) = (of(own), of(public));
                    let message = format!(
                        "has the public key {own}, and the private key in `{name}` belongs to \
                        {other}"
                    );
                    findings.push(Finding::new(Rule::Key, message));
                }
                Some(_) => {}
            }
            if let Some(mode) = mode.filter(|mode| is_lax(*mode, certificate.is_ca())) {
                let message = format!(
                    "has a private key that other users can read: `{name}` has mode {mode:04o}"
                );
                let mut finding = Finding::new(Rule::KeyMode, message);
                finding.hint = Some(as_typed(&closing(path)));
                findings.push(finding);
            }
        }
    }
}
