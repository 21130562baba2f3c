//! The rules for one certificate without another: form, dates, key, usage.

use time::OffsetDateTime;

use super::{CertificateRef, Violation};
use crate::{
    verify::clients::Defect,
    x509::{
        certificate::Certificate,
        key::PublicKeyType,
        name_constraints::{NameConstraints, SubjectName},
        oid,
        policies::Policies,
        usage::{KeyUsage, Usage},
        validity::rfc3339,
    },
};

/// Extensions that are acted upon here, so that they may be critical. Those of revocation are for
/// `--crl`, the key identifiers help to find a path.
const UNDERSTOOD: [&str; 14] = [
    oid::SUBJECT_KEY_ID,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::ISSUER_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::AUTHORITY_KEY_ID,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::INHIBIT_ANY_POLICY,
    oid::OCSP_NO_CHECK,
];

/// Extensions that are parsed here. The result of x509-parser does not count.
const READ_HERE: [&str; 6] = [
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
];

/// The rules for every certificate on a path.
pub(super) fn check(
    certificate: &Certificate,
    link: CertificateRef,
    at: OffsetDateTime,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut violation =
        |defect, detail: String| violations.push(Violation::new(defect, link, detail));
    form(certificate, &mut violation);
    dates(certificate, at, &mut violation);
    if let Some(fault) = certificate.public_key().fault() {
        violation(Defect::PublicKey, format!("has a public key that cannot work: {fault}"));
    } else if let Some((defect, weakness)) = weakness(certificate, link) {
        violation(defect, weakness);
    }
    violations
}

/// The rules for the usage of the leaf.
pub(super) fn check_leaf(
    certificate: &Certificate,
    link: CertificateRef,
    usage: Usage,
) -> Vec<Violation> {
    let refused = purposes(certificate, link, usage);
    let refused = refused.or_else(|| any_usage(certificate, link, usage));
    let mut violations: Vec<Violation> = refused.into_iter().collect();
    // A CA certificate as the leaf: its key signs certificates.
    let signs_only =
        certificate.is_ca() && certificate.key_usage().is_some_and(KeyUsage::signs_certificates);
    if let Some(key) = certificate.key_usage().filter(|_| !signs_only) {
        let (defect, missing) = match usage {
            _ if usage.serves() && !key.serves_tls() => {
                (Defect::ServerKeyUsage, "digitalSignature or keyEncipherment")
            }
            Usage::Client | Usage::Peer if !key.proves_client() => {
                (Defect::ClientKeyUsage, "digitalSignature")
            }
            _ => return violations,
        };
        let detail = format!("has a keyUsage without {missing}, which a TLS {usage} needs");
        violations.push(Violation::new(defect, link, detail));
    }
    violations
}

/// A leaf with anyExtendedKeyUsage in place of the usage, which few verifiers accept.
fn any_usage(certificate: &Certificate, link: CertificateRef, usage: Usage) -> Option<Violation> {
    let purposes = certificate.purposes()?;
    let lacks = |oid: &str| !purposes.iter().any(|purpose| purpose == oid);
    let (defect, missing) = match usage {
        _ if usage.serves() && lacks(oid::SERVER_AUTH) => (Defect::AnyUsage, "serverAuth"),
        Usage::Client | Usage::Peer if lacks(oid::CLIENT_AUTH) => {
            (Defect::AnyUsageClient, "clientAuth")
        }
        _ => return None,
    };
    let detail = format!("allows anyExtendedKeyUsage and not {missing}");
    Some(Violation::new(defect, link, detail))
}

/// The extendedKeyUsage of the leaf, or of an issuer, which limits the leaf.
pub(super) fn purposes(
    certificate: &Certificate,
    link: CertificateRef,
    usage: Usage,
) -> Option<Violation> {
    let purposes = certificate.purposes()?;
    let allowed = Usage::of_purposes(purposes);
    if allowed == Some(usage) || allowed == Some(Usage::Peer) {
        return None;
    }
    let names: Vec<&str> = purposes.iter().map(|oid| oid::purpose(oid)).collect();
    let what = match names.as_slice() {
        [] => "has an extendedKeyUsage that allows nothing".to_owned(),
        names => format!("allows {} only", names.join(", ")),
    };
    let serves = allowed.is_some_and(Usage::serves);
    let defect = match (link, usage) {
        (CertificateRef::Untrusted(_) | CertificateRef::Anchor(_), _) => Defect::IssuerUsage,
        _ if purposes.is_empty() => Defect::EmptyUsage,
        (CertificateRef::Leaf, Usage::Server) => Defect::ServerUsage,
        (CertificateRef::Leaf, Usage::Peer) if !serves => Defect::ServerUsage,
        (CertificateRef::Leaf, Usage::Client | Usage::Peer) => Defect::ClientUsage,
    };
    Some(Violation::new(defect, link, what))
}

fn form(certificate: &Certificate, violation: &mut impl FnMut(Defect, String)) {
    let version = certificate.version();
    if !(1..=3).contains(&version) {
        violation(Defect::UnknownVersion, format!("is of version {version}, which does not exist"));
    } else if version < 3 && !certificate.extensions().is_empty() {
        violation(
            Defect::OldVersionExtensions,
            format!("is of version {version} and has extensions"),
        );
    }
    if !certificate.algorithms_agree() {
        let detail = "names another signature algorithm outside than in what is signed";
        violation(Defect::AlgorithmsDiffer, detail.to_owned());
    }
    if certificate.issuer().is_empty() {
        violation(Defect::Malformed, "has an empty issuer name".to_owned());
    }
    extensions(certificate, violation);
    if let Some(fault) = certificate.der_fault() {
        violation(Defect::Malformed, format!("is malformed: {fault}"));
        return;
    }
    for part in unreadable(certificate) {
        violation(Defect::Malformed, format!("has {part} that cannot be read"));
    }
}

fn extensions(certificate: &Certificate, violation: &mut impl FnMut(Defect, String)) {
    for (extension, number) in certificate.numbered_extensions() {
        if number == 2 {
            violation(
                Defect::DuplicateExtension,
                format!("has the extension {} twice", extension.oid),
            );
        }
        if number == 1 && extension.critical && !UNDERSTOOD.contains(&extension.oid.as_str()) {
            let detail = format!(
                "has the critical extension {}, which clients do not support",
                extension.oid
            );
            let defect = match extension.oid.as_str() {
                oid::AUTHORITY_INFO_ACCESS => Defect::CriticalInfoAccess,
                _ => Defect::CriticalExtension,
            };
            violation(defect, detail);
        }
    }
}

/// What cannot be read, in words.
fn unreadable(certificate: &Certificate) -> Vec<String> {
    let others = certificate.unreadable().iter().filter(|oid| !READ_HERE.contains(&oid.as_str()));
    let mut parts: Vec<String> = others.map(|oid| format!("an extension {oid}")).collect();
    if certificate.extension(oid::SUBJECT_ALT_NAME).is_some()
        && SubjectName::all_of(certificate).is_none()
    {
        parts.push("a subjectAltName".to_owned());
    }
    if let Some(extension) = certificate.extension(oid::NAME_CONSTRAINTS)
        && NameConstraints::from_der(&extension.value).is_none()
    {
        parts.push("nameConstraints".to_owned());
    }
    if let Err(part) = Policies::of(certificate) {
        parts.push(part.to_owned());
    }
    if certificate.signature().is_none() {
        parts.push("a signature".to_owned());
    }
    parts
}

/// Both ends are included, and a fraction of a second is not counted (RFC 5280 section 4.1.2.5 knows
/// whole seconds alone).
fn dates(
    certificate: &Certificate,
    at: OffsetDateTime,
    violation: &mut impl FnMut(Defect, String),
) {
    let at = at.unix_timestamp();
    let validity = certificate.validity();
    if at < validity.not_before.unix_timestamp() {
        violation(
            Defect::NotYetValid,
            format!("is not valid before {}", rfc3339(validity.not_before)),
        );
    }
    if at > validity.not_after.unix_timestamp() {
        violation(
            Defect::Expired,
            format!("has been expired since {}", rfc3339(validity.not_after)),
        );
    }
}

fn weakness(certificate: &Certificate, link: CertificateRef) -> Option<(Defect, String)> {
    let key = certificate.public_key().kind();
    Some(match &key {
        PublicKeyType::Rsa { bits, .. } if *bits < 2048 => {
            let is_leaf = link == CertificateRef::Leaf && !certificate.is_ca();
            let defect = if is_leaf { Defect::ShortRsa } else { Defect::ShortRsaCa };
            (defect, format!("has an RSA key of {bits} bits, and 2048 are the minimum"))
        }
        PublicKeyType::Dsa => {
            (Defect::Dsa, "has a DSA key, which TLS 1.3 does not have".to_owned())
        }
        PublicKeyType::EcdsaSecp256k1
        | PublicKeyType::EcdsaOther(_)
        | PublicKeyType::EcdsaExplicit => {
            (Defect::OtherCurve, format!("has a key on a curve that TLS 1.3 does not have ({key})"))
        }
        _ => return None,
    })
}
