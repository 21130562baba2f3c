//! Rules for issuers that path validation does not check: RFC 5280 section 4, and on request those
//! of the CA/Browser Forum's baseline requirements.

use super::{clients::Defect, finding::Finding, lint_context::LintContext};
use crate::x509::{
    certificate::{CERT_ISSUER, CERT_SERIAL, Certificate, Extension, KEY_ID},
    der,
    key::PublicKeyType,
    name::{ComparableName, Name},
    oid,
    san::{GeneralName, San, san_of_common_name},
};

/// Must not be critical (RFC 5280 sections 4.2.1 and 4.2.2).
const NEVER_CRITICAL: [(&str, &str); 5] = [
    (oid::AUTHORITY_KEY_ID, "authorityKeyIdentifier"),
    (oid::SUBJECT_KEY_ID, "subjectKeyIdentifier"),
    (oid::SUBJECT_DIRECTORY_ATTRIBUTES, "subjectDirectoryAttributes"),
    (oid::FRESHEST_CRL, "freshestCRL"),
    (oid::SUBJECT_INFO_ACCESS, "subjectInfoAccess"),
];

/// Must be critical (RFC 5280 section 4.2.1).
const ALWAYS_CRITICAL: [(&str, &str); 3] = [
    (oid::NAME_CONSTRAINTS, "nameConstraints"),
    (oid::POLICY_CONSTRAINTS, "policyConstraints"),
    (oid::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
];

/// Adds one finding for each rule that the certificate breaks.
pub(super) fn check(context: &LintContext<'_>, findings: &mut Vec<Finding>) {
    let certificate = context.certificate;
    let mut say = |defect: Defect, message: &str| findings.push(Finding::new(defect, message));
    criticality(certificate, &mut say);
    key_identifiers(context, &mut say);
    if context.usage.is_some() && certificate.key_usage().is_some_and(|usage| usage.0 & 1 == 0) {
        say(
            Defect::NoDigitalSignature,
            "has a keyUsage without digitalSignature, which TLS 1.3 requires",
        );
    }
    roles(certificate, &mut say);
    if certificate.has_early_generalized_time() {
        say(
            Defect::EarlyGeneralizedTime,
            "has a date before 2050 as GeneralizedTime (RFC 5280 section 4.1.2.5)",
        );
    }
    if certificate.says_version_1() {
        say(Defect::DefaultWritten, "writes out version 1, a default that DER leaves out");
    }
    for (name, whose) in [(certificate.subject(), "subject"), (certificate.issuer(), "issuer")] {
        if !name.has_sorted_sets() {
            say(
                Defect::SetOrder,
                &format!(
                    "has several attributes in one RDN of its {whose}, not in the order of DER \
                (X.690 section 11.6)"
                ),
            );
        }
    }
    explicit_false(certificate, &mut say);
    if context.strict {
        forum(context, &mut say);
    }
}

fn criticality(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    for (oid, name) in NEVER_CRITICAL {
        if certificate.extension(oid).is_some_and(|extension| extension.critical) {
            let defect = match oid {
                oid::AUTHORITY_KEY_ID => Defect::CriticalAuthorityKeyId,
                oid::SUBJECT_KEY_ID => Defect::CriticalSubjectKeyId,
                _ => Defect::Profile,
            };
            say(
                defect,
                &format!(
                    "has a critical {name}, which must not be critical (RFC 5280 section 4.2)"
                ),
            );
        }
    }
    for (oid, name) in ALWAYS_CRITICAL {
        if certificate.extension(oid).is_some_and(|extension| !extension.critical) {
            say(
                Defect::Profile,
                &format!("has a {name} that is not critical, so that clients may ignore it"),
            );
        }
    }
    let constraints = certificate.extension(oid::BASIC_CONSTRAINTS);
    if certificate.is_ca() && constraints.is_some_and(|extension| !extension.critical) {
        say(
            Defect::ConstraintsNotCritical,
            "is a CA whose basicConstraints are not critical (RFC 5280 section 4.2.1.9)",
        );
    }
    let names = certificate.extension(oid::SUBJECT_ALT_NAME);
    if certificate.subject().is_empty() && names.is_some_and(|extension| !extension.critical) {
        say(
            Defect::SanNotCritical,
            "has an empty subject, and its subjectAltName is not critical (RFC 5280 section \
            4.2.1.6)",
        );
    }
}

/// An authorityKeyIdentifier that does not name the issuer (RFC 5280 section 4.2.1.1): OpenSSL looks for
/// another issuer.
pub(super) fn other_issuer(
    certificate: &Certificate,
    issuer: &Certificate,
    say: &mut dyn FnMut(Defect, &str),
) {
    if let (Some(named), Some(is)) = (certificate.authority_key_id(), issuer.subject_key_id())
        && named != is
    {
        say(
            Defect::OtherKeyId,
            "has an authorityKeyIdentifier that is not its issuer's subjectKeyIdentifier",
        );
    }
    let serial = certificate.authority_serial();
    if serial.is_some_and(|serial| serial != issuer.serial_octets()) {
        say(
            Defect::OtherIssuerSerial,
            "has an authorityKeyIdentifier with a serial that is not that of its issuer's \
            certificate",
        );
    } else if certificate
        .authority_issuer()
        .is_some_and(|name| ComparableName::from(&name) != issuer.issuer().into())
    {
        say(
            Defect::OtherIssuerSerial,
            "has an authorityKeyIdentifier with a name that is not the issuer of its issuer's \
            certificate",
        );
    }
}

fn key_identifiers(context: &LintContext<'_>, say: &mut dyn FnMut(Defect, &str)) {
    let certificate = context.certificate;
    let tags = certificate.authority_key_id_tags();
    let has = |tag| tags.contains(&tag);
    let has_extension = certificate.extension(oid::AUTHORITY_KEY_ID).is_some();
    if has_extension && !has(KEY_ID) {
        let defect = match (certificate.is_ca(), certificate.is_self_issued()) {
            (false, _) => Defect::NoKeyIdentifier,
            (true, false) => Defect::NoKeyIdentifierCa,
            (true, true) => Defect::NoKeyIdentifierRoot,
        };
        say(
            defect,
            "has an authorityKeyIdentifier without keyIdentifier (RFC 5280 section 4.2.1.1)",
        );
    }
    if has(CERT_ISSUER) != has(CERT_SERIAL) {
        say(
            Defect::Profile,
            "has an authorityKeyIdentifier with one of issuer and serial, not both",
        );
    }
    if let Some(issuer) = context.issuer {
        other_issuer(certificate, issuer, say);
    }
    if certificate.is_ca() && certificate.subject_key_id().is_none() && certificate.version() >= 3 {
        say(
            Defect::CaKeyIdMissing,
            "is a CA without subjectKeyIdentifier (RFC 5280 section 4.2.1.2)",
        );
    }
}

fn roles(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    let is_ca = certificate.is_ca();
    let signs =
        certificate.key_usage().is_some_and(crate::x509::usage::KeyUsage::signs_certificates);
    let path_len = certificate.basic_constraints().is_some_and(|it| it.path_len.is_some());
    if is_ca && certificate.subject().is_empty() {
        say(Defect::Profile, "is a CA with an empty subject (RFC 5280 section 4.1.2.6)");
    }
    if signs && !is_ca {
        say(
            Defect::LeafSigns,
            "has keyCertSign in its keyUsage and is not a CA (RFC 5280 section 4.2.1.9)",
        );
    }
    if path_len && !is_ca {
        say(
            Defect::LeafPathLength,
            "has a pathLenConstraint and is not a CA (RFC 5280 section 4.2.1.9)",
        );
    } else if path_len && certificate.key_usage().is_some() && !signs {
        say(Defect::PathLengthUsage, "has a pathLenConstraint, and a keyUsage without keyCertSign");
    }
    if !is_ca && certificate.extension(oid::NAME_CONSTRAINTS).is_some() {
        say(
            Defect::LeafConstraints,
            "has nameConstraints and is not a CA (RFC 5280 section 4.2.1.10)",
        );
    }
    if certificate.purposes().is_some_and(<[String]>::is_empty) {
        say(
            Defect::Profile,
            "has an extendedKeyUsage that lists nothing (RFC 5280 section 4.2.1.12)",
        );
    }
    if is_ca && certificate.is_self_issued() && certificate.purposes().is_some() {
        say(
            Defect::Profile,
            "is a root with extendedKeyUsage, which limits what it signs for OpenSSL and Go",
        );
    }
    if holds_nothing(certificate.extension(oid::NAME_CONSTRAINTS)) {
        say(Defect::Profile, "has nameConstraints without subtrees (RFC 5280 section 4.2.1.10)");
    }
    if holds_nothing(certificate.extension(oid::POLICY_CONSTRAINTS)) {
        say(Defect::Profile, "has policyConstraints without fields (RFC 5280 section 4.2.1.11)");
    }
    if holds_nothing(certificate.extension(oid::SUBJECT_ALT_NAME)) {
        say(Defect::EmptySan, "has a subjectAltName without names (RFC 5280 section 4.2.1.6)");
    }
}

/// A value that is the default is left out (X.690 section 11.5).
fn explicit_false(certificate: &Certificate, say: &mut dyn FnMut(Defect, &str)) {
    let extension = certificate.extensions().iter().find(|one| one.says_not_critical());
    if let Some(extension) = extension {
        say(
            Defect::DefaultWritten,
            &format!("says `critical: FALSE` in extension {}, which DER leaves out", extension.oid),
        );
    }
    if certificate.extension(oid::BASIC_CONSTRAINTS).is_some_and(Extension::says_no_ca) {
        say(Defect::DefaultWritten, "says `CA:FALSE` in basicConstraints, which DER leaves out");
    }
}

/// The rules of the CA/Browser Forum for issuers. A private CA may differ.
fn forum(context: &LintContext<'_>, say: &mut dyn FnMut(Defect, &str)) {
    let certificate = context.certificate;
    let names = certificate.names();
    let is_ca = certificate.is_ca();
    if let PublicKeyType::Rsa { bits, .. } = certificate.public_key().kind()
        && bits % 8 != 0
    {
        say(
            Defect::Profile,
            &format!("has an RSA key of {bits} bits, which is not a multiple of 8"),
        );
    }
    if is_ca && certificate.is_self_issued() && context.issuer.is_none() {
        let tags = certificate.authority_key_id_tags();
        if tags.iter().any(|tag| matches!(*tag, CERT_ISSUER | CERT_SERIAL)) {
            say(Defect::Profile, "is a root whose authorityKeyIdentifier has issuer or serial");
        }
        let ids = (certificate.authority_key_id(), certificate.subject_key_id());
        if matches!(ids, (Some(authority), Some(subject)) if authority != subject) {
            say(
                Defect::Profile,
                "is a root whose authorityKeyIdentifier is not its own \
                subjectKeyIdentifier",
            );
        }
    }
    if is_ca {
        return;
    }
    let any = |purposes: &[String]| purposes.iter().any(|purpose| purpose == oid::ANY_USAGE);
    if certificate.purposes().is_some_and(any) {
        say(Defect::Profile, "has anyExtendedKeyUsage");
    }
    if let Some(common_name) = host_in_common_name(certificate.subject())
        && !names.iter().filter_map(GeneralName::san).any(|san| san.value() == common_name)
    {
        say(
            Defect::Profile,
            "has a common name that is a host name and is not among its SANs in the same spelling",
        );
    }
}

/// The common name where it would do as a host name.
fn host_in_common_name(subject: &Name) -> Option<String> {
    let common_name = subject.common_name()?;
    let san = san_of_common_name(&common_name)?;
    let looks_like_host = common_name.contains('.') && matches!(san, San::Dns(_) | San::Ip(_));
    looks_like_host.then_some(common_name)
}

fn holds_nothing(extension: Option<&Extension>) -> bool {
    extension
        .is_some_and(|extension| der::elements(&extension.value).is_some_and(|all| all.is_empty()))
}
