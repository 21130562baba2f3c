//! Lints: what RFC 5280 allows and a well-known client refuses, and likely mistakes of operators.

use super::{
    clients::Defect, finding::Finding, issuer_profile, lint_context::LintContext, unsupported,
};
use crate::x509::{
    certificate::Certificate,
    escape::shorten,
    hex::hex,
    key::PublicKeyType,
    oid,
    san::{GeneralName, Reason, San},
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
        let message = format!("has CA:TRUE in its basicConstraints, and is used as a {usage}");
        findings.push(Finding::new(Defect::LeafIsCa, message));
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
    unsupported::check(context, &mut findings);
    findings
}

fn due(context: &LintContext<'_>) -> Option<Finding> {
    let (window, validity) = (context.window?, context.certificate.validity());
    // Path validation reports an expired certificate.
    let due = validity.not_after >= context.at && window.reached(context.at, validity);
    due.then(|| {
        let end = rfc3339(validity.not_after);
        Finding::new(Defect::ExpiresSoon, format!("expires at {end}, within {window}"))
    })
}

fn key_type(certificate: &Certificate) -> Option<Finding> {
    let kind = certificate.public_key().kind();
    let defect = match &kind {
        PublicKeyType::Ed25519 if certificate.is_ca() => Defect::Ed25519Ca,
        PublicKeyType::Ed25519 => Defect::Ed25519,
        PublicKeyType::Ed448 => Defect::Ed448,
        PublicKeyType::EcdsaP521 => Defect::P521,
        PublicKeyType::Other(oid) if oid::is_ml_dsa(oid) => Defect::MlDsa,
        _ => return None,
    };
    Some(Finding::new(defect, format!("has a key of type {kind}")))
}

/// The most severe fault of the serial.
fn serial(certificate: &Certificate) -> Option<Finding> {
    let octets = certificate.serial_octets();
    let (defect, what) = match SerialFault::of(octets).into_iter().min()? {
        SerialFault::Empty => (Defect::Serial, "an empty serial"),
        SerialFault::Negative => (Defect::NegativeSerial, "a negative serial"),
        SerialFault::NotMinimal => (Defect::Serial, "a serial that is not in the shortest form"),
        SerialFault::Zero => (Defect::ZeroSerial, "the serial zero"),
        SerialFault::Long if octets.len() > 21 => {
            (Defect::VeryLongSerial, "a serial of over 20 octets")
        }
        SerialFault::Long => (Defect::LongSerial, "a serial of over 20 octets"),
    };
    let digits = shorten(&hex(octets), 64);
    Some(Finding::new(defect, format!("has {what} ({digits})")))
}

fn ca_key_usage(certificate: &Certificate) -> Option<Finding> {
    let missing = certificate.key_usage().is_none() && certificate.version() >= 3;
    missing.then(|| Finding::new(Defect::CaKeyUsage, "is a CA without keyUsage"))
}

fn names(context: &LintContext<'_>, findings: &mut Vec<Finding>) {
    let certificate = context.certificate;
    let names = certificate.names();
    // Some clients match what others do not.
    let is_host = |name: &GeneralName| match name {
        GeneralName::San { san, .. } => matches!(san, San::Dns(_) | San::Ip(_)),
        GeneralName::Unmatchable { label, .. } => matches!(*label, "DNS" | "IP"),
        _ => false,
    };
    if context.usage.is_some_and(Usage::serves) && !names.iter().any(is_host) {
        let message = "is a server certificate without a host name or an IP address as a SAN: \
                      some clients take its commonName instead, others refuse it for every host";
        findings.push(Finding::new(Defect::NoNames, message));
    }
    if context.usage == Some(Usage::Client)
        && certificate.extension(oid::SUBJECT_ALT_NAME).is_none()
    {
        findings.push(Finding::new(Defect::ClientNoSan, "has no subjectAltName"));
    }
    for name in &names {
        if let GeneralName::Unmatchable { label, text, reason, .. } = name {
            let defect = match reason {
                _ if text.is_empty() => Defect::EmptyName,
                Reason::WildcardWide => Defect::WideWildcard,
                Reason::WildcardPlace if text.rfind('*') > text.find('.') => Defect::InnerWildcard,
                Reason::WildcardPlace => Defect::PartialWildcard,
                Reason::TrailingDot => Defect::TrailingDot,
                Reason::AddressAsDns(_) => Defect::AddressAsDns,
                _ => Defect::UnmatchableName,
            };
            let message = format!("has the name `{label}:{text}`, which {reason}");
            findings.push(Finding::new(defect, message));
        }
    }
}

fn lifetime(context: &LintContext<'_>) -> Option<Finding> {
    let validity = context.certificate.validity();
    let long = context.usage.is_some_and(Usage::serves) && validity.over_apple_limit();
    long.then(|| {
        let days = validity.length().whole_days();
        Finding::new(Defect::Lifetime, format!("is valid for {days} days"))
    })
}

fn below(certificate: &Certificate, issuer: &Certificate, findings: &mut Vec<Finding>) {
    let mut say = |defect, message: String| findings.push(Finding::new(defect, message));
    if certificate.issuer() != issuer.subject() {
        let name = certificate.issuer();
        say(
            Defect::NameEncoding,
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
            let more = "OpenSSL takes it for self-signed (error 18) if its \
                        authorityKeyIdentifier is missing";
            say(Defect::OneSubject, format!("{message}: {more}"));
        } else {
            say(Defect::LooksSelfSigned, message + ", and has no authorityKeyIdentifier");
        }
    }
    if !has_key_id {
        say(Defect::AuthorityKeyId, "has no authorityKeyIdentifier".to_owned());
    }
    if certificate.not_after() > issuer.not_after() {
        let [own, above] = [certificate, issuer].map(|one| date(one.not_after()));
        let message =
            format!("expires {own}, after its issuer ({above}): there is no path from then on");
        say(Defect::OutlivesCa, message);
    }
}
