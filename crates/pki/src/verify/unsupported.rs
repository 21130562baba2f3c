//! What RFC 5280 allows in a certificate, and some clients do not support.

use super::{clients::Defect, finding::Finding, lint_context::LintContext};
use crate::x509::{
    certificate::Certificate,
    der,
    name::Name,
    name_constraints::{NameConstraints, NameForm},
    oid,
    san::{GeneralName, San},
    usage::Usage,
};

/// The netscape-cert-type of old tools: a BIT STRING; a client has the first bit, a server the second.
const NETSCAPE_TYPE: &str = "2.16.840.1.113730.1.1";
const BIT_STRING: u8 = 0x03;
const PRINTABLE_STRING: u8 = 0x13;
const NETSCAPE_CLIENT: u8 = 0x80;
const NETSCAPE_SERVER: u8 = 0x40;

/// The TLS feature extension, `must staple` (RFC 7633).
const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";

/// Adds one finding for each.
pub(super) fn check(context: &LintContext<'_>, findings: &mut Vec<Finding>) {
    let certificate = context.certificate;
    let mut say = |defect: Defect, message: &str| findings.push(Finding::new(defect, message));
    critical(certificate, &mut say);
    for (name, whose) in [(certificate.subject(), "subject"), (certificate.issuer(), "issuer")] {
        attributes(name, whose, &mut say);
    }
    sans(certificate, &mut say);
    constraints(certificate, &mut say);
    usages(certificate, context.usage, &mut say);
    if certificate.is_ca() && certificate.extension(TLS_FEATURE).is_some() {
        say(Defect::TlsFeature, "is a CA with a TLS feature, which what it signs must have, too");
    }
    let algorithm = certificate.signature_algorithm();
    let fields = der::elements(&algorithm.der).map_or(0, |fields| fields.len());
    if algorithm.name().ends_with("WithRSAEncryption") && fields == 1 {
        say(Defect::AlgorithmParameters, "has an RSA signature algorithm without its NULL");
    }
}

fn critical(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    let is_critical =
        |oid: &str| certificate.extension(oid).is_some_and(|extension| extension.critical);
    if is_critical(oid::SUBJECT_ALT_NAME) && !certificate.subject().is_empty() {
        say(
            Defect::SanCritical,
            "has a critical subjectAltName beside a subject (RFC 5280 section 4.2.1.6)",
        );
    }
    let cases = [
        (oid::EXTENDED_KEY_USAGE, Defect::UsageCritical, "a critical extendedKeyUsage"),
        (oid::CERTIFICATE_POLICIES, Defect::CriticalPolicies, "critical certificatePolicies"),
        (oid::CRL_DISTRIBUTION_POINTS, Defect::CriticalCrlPoints, "critical crlDistributionPoints"),
        (oid::ISSUER_ALT_NAME, Defect::CriticalIssuerAltName, "a critical issuerAltName"),
        (oid::POLICY_CONSTRAINTS, Defect::PolicyConstraints, "policyConstraints"),
        (oid::INHIBIT_ANY_POLICY, Defect::InhibitAnyPolicy, "inhibitAnyPolicy"),
        (oid::POLICY_MAPPINGS, Defect::PolicyMappings, "critical policyMappings"),
    ];
    for (oid, defect, what) in cases {
        if is_critical(oid) {
            say(defect, &format!("has {what}"));
        }
    }
}

fn attributes(name: &Name, whose: &str, say: &mut dyn FnMut(Defect, &str)) {
    let attributes = name.attributes();
    let attributes = || attributes.iter().flatten();
    if attributes().any(|attribute| attribute.value.is_empty()) {
        say(Defect::EmptyAttribute, &format!("has an empty attribute in its {whose}"));
    }
    if attributes().any(|it| it.der.first() == Some(&PRINTABLE_STRING) && it.value.contains('*')) {
        say(Defect::PrintableStar, &format!("has `*` in a PrintableString of its {whose}"));
    }
}

fn sans(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    for name in certificate.names() {
        match name {
            GeneralName::X400Address { .. } | GeneralName::EdiPartyName { .. } => {
                say(Defect::OldNames, "has an x400Address or ediPartyName among its SANs");
            }
            GeneralName::San { san: San::Dns(dns), .. } if dns.as_str().contains('_') => {
                let is_wildcard = dns.as_str().starts_with('*');
                let defect =
                    if is_wildcard { Defect::WildcardUnderscore } else { Defect::Underscore };
                say(defect, &format!("has the name `DNS:{}` with an underscore", dns.as_str()));
            }
            _ => {}
        }
    }
}

/// The forms of names in nameConstraints.
fn constraints(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    let Some(extension) = certificate.extension(oid::NAME_CONSTRAINTS) else { return };
    let Some(constraints) = NameConstraints::from_der(&extension.value) else { return };
    let subtrees = || constraints.permitted.iter().chain(&constraints.excluded);
    let has = |wanted: NameForm| subtrees().any(|subtree| subtree.form == wanted);
    if extension.critical && has(NameForm::Directory) {
        say(Defect::DirectoryConstraint, "has nameConstraints with a directoryName");
    }
    if extension.critical && subtrees().any(|one| matches!(one.form, NameForm::Foreign(_))) {
        let message = "has nameConstraints with a registeredID, an otherName or an older form";
        say(Defect::ForeignConstraint, message);
    }
    if subtrees().any(|subtree| subtree.form == NameForm::Dns && subtree.is_below_only()) {
        say(Defect::DotConstraint, "has nameConstraints with a DNS name that begins with a dot");
    }
}

fn usages(certificate: &Certificate, usage: Option<Usage>, say: &mut dyn FnMut(Defect, &str)) {
    let purposes = certificate.purposes().unwrap_or_default();
    let has = |oid: &str| purposes.iter().any(|purpose| purpose == oid);
    let names_no_usage = !has(oid::SERVER_AUTH) && !has(oid::CLIENT_AUTH);
    if certificate.is_ca() && usage.is_none() && has(oid::ANY_USAGE) && names_no_usage {
        let message = "allows anyExtendedKeyUsage, and neither serverAuth nor clientAuth";
        say(Defect::AnyUsageIssuer, message);
    }
    // Behind tag, length and the number of unused bits.
    let kind = certificate.extension(NETSCAPE_TYPE);
    if let (Some(usage), Some([BIT_STRING, _, _, bits, ..])) =
        (usage, kind.map(|extension| extension.value.as_slice()))
    {
        let mut wanted = if usage.serves() { NETSCAPE_SERVER } else { 0 };
        if matches!(usage, Usage::Client | Usage::Peer) {
            wanted |= NETSCAPE_CLIENT;
        }
        if bits & wanted != wanted {
            let message = format!("has a netscape-cert-type that does not allow a TLS {usage}");
            say(Defect::NetscapeType, &message);
        }
    }
}
