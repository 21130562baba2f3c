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
    cmd::notes::{closing, is_lax},
    path_text::PathText as _,
    report::as_typed,
};

/// Adds the findings about the private key of a certificate, or about its absence.
pub(super) fn check(subject: &CheckTarget, certificate: &Certificate, findings: &mut Vec<Finding>) {
    match &subject.key {
        Key::NotExpected | Key::Denied(_) => {}
        Key::Missing(path) => findings.push(Finding::new(
            Rule::KeyMissing,
            format!("has no private key beside it (`{}`), so it was not compared", path.shown()),
        )),
        Key::Unreadable(path, reason) => {
            let message =
                format!("has the key file `{}`, which servers cannot use: {reason}", path.shown());
            findings.push(Finding::new(Rule::KeyMissing, message).at(Severity::Error));
        }
        Key::Unknown(path) => findings.push(Finding::new(
            Rule::KeyMissing,
            format!("has a private key in `{}` of a type that certctl does not know", path.shown()),
        )),
        Key::Found { name, path, facts, mode } => {
            match &facts.public {
                None => findings.push(Finding::new(
                    Rule::KeyMissing,
                    format!("has a private key in `{name}` ({}) that was not compared", facts.form),
                )),
                Some(public) if public != certificate.public_key() => {
                    let of = |key: &PublicKey| hex(&key.key_identifier());
                    findings.push(Finding::new(
                        Rule::Key,
                        format!(
                            "has the public key {}, and the private key in `{name}` belongs to {}",
                            of(certificate.public_key()),
                            of(public)
                        ),
                    ));
                }
                Some(_) => {}
            }
            if let Some(mode) = mode.filter(|mode| is_lax(*mode, certificate.is_ca())) {
                let finding = Finding::new(
                    Rule::KeyMode,
                    format!(
                        "has a private key that other users can read: `{name}` has mode {mode:04o}"
                    ),
                );
                findings.push(match closing(path) {
                    Some(hint) => finding.hint(as_typed(&hint)),
                    None => finding,
                });
            }
        }
    }
}
