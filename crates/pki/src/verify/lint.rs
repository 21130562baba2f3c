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
pub fn lint(standing: &LintContext<'_>) -> Vec<Finding> {
    let certificate = standing.certificate;
    let mut findings = Vec::new();
    findings.extend(due(standing));
    findings.extend(key_type(certificate));
    findings.extend(serial(certificate));
    if let (true, Some(usage)) = (certificate.is_ca(), standing.usage) {
        let message = format!(
            "is a CA by its basicConstraints, and is to be a {usage}: NSS, rustls and pyca refuse it"
        );
        findings.push(Finding::new(Rule::LeafIsCa, message));
    } else if certificate.is_ca() {
        findings.extend(ca_key_usage(certificate));
    } else {
        names(standing, &mut findings);
        findings.extend(lifetime(standing));
    }
    if let Some(issuer) = standing.issuer {
        below(certificate, issuer, &mut findings);
    }
    issuer_profile::check(standing, &mut findings);
    findings
}

fn due(standing: &LintContext<'_>) -> Option<Finding> {
    let (window, validity) = (standing.window?, standing.certificate.validity());
    // What has expired is said by the path.
    let due = validity.not_after >= standing.at && window.reached(standing.at, validity);
    due.then(|| {
        let end = rfc3339(validity.not_after);
        Finding::new(Rule::ExpiresSoon, format!("ends at {end}, within {window}"))
    })
}

fn key_type(certificate: &Certificate) -> Option<Finding> {
    let kind = certificate.public_key().kind();
    matches!(kind, PublicKeyType::Ed25519 | PublicKeyType::Ed448 | PublicKeyType::EcdsaP521)
        .then(|| Finding::new(Rule::KeyType, format!("has a key of kind {kind}")))
}

/// The gravest fault of its serial; one is enough to have it replaced.
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
    Some(Finding::new(
        Rule::Serial,
        format!("bears {what} ({digits}): new Go, pyca and rustls refuse some of these"),
    ))
}

fn ca_key_usage(certificate: &Certificate) -> Option<Finding> {
    let missing = certificate.key_usage().is_none() && certificate.version() >= 3;
    missing.then(|| Finding::new(Rule::CaKeyUsage, "is a CA without keyUsage"))
}

fn names(standing: &LintContext<'_>, findings: &mut Vec<Finding>) {
    let names = standing.certificate.names();
    let is_host = |name: &GeneralName| matches!(name.san(), Some(San::Dns(_) | San::Ip(_)));
    if standing.usage.is_some_and(Usage::serves) && !names.iter().any(is_host) {
        findings.push(Finding::new(
            Rule::NoNames,
            "is to serve, and bears no host name or address: Go, rustls and pyca refuse it whatever they dial; OpenSSL, curl and Python accept its common name instead",
        ));
    }
    for name in &names {
        if let GeneralName::Unmatchable { label, text, reason, .. } = name {
            findings.push(Finding::new(
                Rule::UnmatchableName,
                format!("bears a name that no client matches: `{label}:{text}` {reason}"),
            ));
        }
    }
}

fn lifetime(standing: &LintContext<'_>) -> Option<Finding> {
    let validity = standing.certificate.validity();
    let long = standing.usage.is_some_and(Usage::serves) && validity.over_apple_limit();
    long.then(|| {
        let days = validity.length().whole_days();
        Finding::new(Rule::Lifetime, format!("is valid for {days} days"))
    })
}

fn below(certificate: &Certificate, issuer: &Certificate, findings: &mut Vec<Finding>) {
    if certificate.issuer() != issuer.subject() {
        findings.push(Finding::new(
            Rule::NameEncoding,
            format!(
                "names its issuer `{}` in other octets than the CA's subject has (string type, case or space)",
                certificate.issuer()
            ),
        ));
    }
    let has_key_id = certificate.extension(oid::AUTHORITY_KEY_ID).is_some();
    if !certificate.is_ca() && certificate.subject() == certificate.issuer() {
        let name = certificate.subject();
        findings.push(if has_key_id {
            Finding::new(Rule::OneSubject, format!("bears the name of its CA, `{name}`"))
        } else {
            Finding::new(
                Rule::LooksSelfSigned,
                format!("bears the name of its CA, `{name}`, and has no authorityKeyIdentifier"),
            )
        });
    }
    if !has_key_id {
        findings.push(Finding::new(Rule::AuthorityKeyId, "has no authorityKeyIdentifier"));
    }
    if certificate.not_after() > issuer.not_after() {
        findings.push(Finding::new(
            Rule::OutlivesCa,
            format!(
                "ends {}, after its issuer ({}): from then on every client refuses it",
                date(certificate.not_after()),
                date(issuer.not_after())
            ),
        ));
    }
}
