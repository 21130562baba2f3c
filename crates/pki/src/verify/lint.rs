//! Lints: what RFC 5280 allows and a well-known client refuses, and likely mistakes of operators.

use super::{finding::Finding, issuer_profile, lint_context::LintContext, rule::Rule};
use crate::x509::{
    certificate::Certificate,
    escape::shorten,
    hex::hex,
    key::PublicKeyType,
    oid,
    san::{GeneralName, San},
    serial::SerialFault,
    usage::Usage,
    validity::{date, rfc3339},
};

/// All findings about one certificate that path validation does not report.
#[must_use]
pub fn lint(context: &LintContext<'_>) -> Vec<Finding> {
    let certificate = context.certificate;
    let mut findings = Vec::new();
    findings.extend(due(context));
    findings.extend(key_type(certificate));
    findings.extend(serial(certificate));
    if let (true, Some(usage)) = (certificate.is_ca(), context.usage) {
        let message = format!(
            "has CA:TRUE in its basicConstraints, and is used as a {usage}: NSS, rustls and pyca \
            refuse it"
        );
        findings.push(Finding::new(Rule::LeafIsCa, message));
    } else if certificate.is_ca() {
        findings.extend(ca_key_usage(certificate));
    } else {
        names(context, &mut findings);
        findings.extend(lifetime(context));
    }
    if let Some(issuer) = context.issuer {
        below(certificate, issuer, &mut findings);
    }
    issuer_profile::check(context, &mut findings);
    findings
}

fn due(context: &LintContext<'_>) -> Option<Finding> {
    let (window, validity) = (context.window?, context.certificate.validity());
    // Path validation reports an expired certificate.
    let due = validity.not_after >= context.at && window.reached(context.at, validity);
    due.then(|| {
        let end = rfc3339(validity.not_after);
        Finding::new(Rule::ExpiresSoon, format!("expires at {end}, within {window}"))
    })
}

fn key_type(certificate: &Certificate) -> Option<Finding> {
    let kind = certificate.public_key().kind();
    matches!(kind, PublicKeyType::Ed25519 | PublicKeyType::Ed448 | PublicKeyType::EcdsaP521)
        .then(|| Finding::new(Rule::KeyType, format!("has a key of type {kind}")))
}

/// The most severe fault of the serial.
fn serial(certificate: &Certificate) -> Option<Finding> {
    let octets = certificate.serial_octets();
    let what = match SerialFault::of(octets).into_iter().min()? {
        SerialFault::Empty => "an empty serial",
        SerialFault::Negative => "a negative serial",
        SerialFault::NotMinimal => "a serial that is not in the shortest form",
        SerialFault::Zero => "the serial zero",
        SerialFault::Long => "a serial of over 20 octets",
    };
    let digits = shorten(&hex(octets), 64);
    let message = format!("has {what} ({digits}): new Go, pyca and rustls refuse some of these");
    Some(Finding::new(Rule::Serial, message))
}

fn ca_key_usage(certificate: &Certificate) -> Option<Finding> {
    let missing = certificate.key_usage().is_none() && certificate.version() >= 3;
    missing.then(|| Finding::new(Rule::CaKeyUsage, "is a CA without keyUsage"))
}

fn names(context: &LintContext<'_>, findings: &mut Vec<Finding>) {
    let names = context.certificate.names();
    let is_host = |name: &GeneralName| matches!(name.san(), Some(San::Dns(_) | San::Ip(_)));
    if context.usage.is_some_and(Usage::serves) && !names.iter().any(is_host) {
        let message = "is a server certificate without a host name or address: Go, rustls and \
                      pyca refuse it for every host; OpenSSL, curl and Python accept its \
                      commonName instead";
        findings.push(Finding::new(Rule::NoNames, message));
    }
    for name in &names {
        if let GeneralName::Unmatchable { label, text, reason, .. } = name {
            let message = format!("has a name that no client matches: `{label}:{text}` {reason}");
            findings.push(Finding::new(Rule::UnmatchableName, message));
        }
    }
}

fn lifetime(context: &LintContext<'_>) -> Option<Finding> {
    let validity = context.certificate.validity();
    let long = context.usage.is_some_and(Usage::serves) && validity.over_apple_limit();
    long.then(|| {
        let days = validity.length().whole_days();
        Finding::new(Rule::Lifetime, format!("is valid for {days} days"))
    })
}

fn below(certificate: &Certificate, issuer: &Certificate, findings: &mut Vec<Finding>) {
    let mut say = |rule, message: String| findings.push(Finding::new(rule, message));
    if certificate.issuer() != issuer.subject() {
        let name = certificate.issuer();
        say(
            Rule::NameEncoding,
            format!(
                "names its issuer `{name}` in other octets than the CA's subject has (string \
                type, case or space)"
            ),
        );
    }
    let has_key_id = certificate.extension(oid::AUTHORITY_KEY_ID).is_some();
    if !certificate.is_ca() && certificate.is_self_issued() {
        let message = format!("has equal subject and issuer, `{}`", certificate.subject());
        if has_key_id {
            say(Rule::OneSubject, message);
        } else {
            say(Rule::LooksSelfSigned, message + ", and has no authorityKeyIdentifier");
        }
    }
    if !has_key_id {
        say(Rule::AuthorityKeyId, "has no authorityKeyIdentifier".to_owned());
    }
    if certificate.not_after() > issuer.not_after() {
        let [own, above] = [certificate, issuer].map(|one| date(one.not_after()));
        let message =
            format!("expires {own}, after its issuer ({above}): then every client refuses it");
        say(Rule::OutlivesCa, message);
    }
}
