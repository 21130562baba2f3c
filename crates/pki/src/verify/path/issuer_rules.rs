//! The rules for a certificate as the issuer of another one.

use super::{
    CertificateRef, PathQuery, Violation, certificate_rules,
    issuer_graph::{Graph, IssuerGraph},
};
use crate::{verify::clients::Defect, x509::certificate::Certificate};

/// The rules that RFC 5280 sections 6.1.4 (k) to (n) have, for an issuer with so many intermediates
/// below it that are not self-issued.
pub(super) fn check(
    question: &PathQuery<'_>,
    graph: &Graph<'_>,
    issuer: &IssuerGraph<'_>,
    below: usize,
) -> Vec<Violation> {
    let certificate = issuer.certificate;
    let mut violations = issuer.faults(question.at).to_vec();
    violations.extend(fitness(certificate, issuer.link, issuer.is_anchor()));
    let mut violation =
        |defect, detail: String| violations.push(Violation::new(defect, issuer.link, detail));
    let limit = certificate.basic_constraints().and_then(|constraints| constraints.path_len);
    if let Some(limit) = limit.filter(|limit| below > usize::try_from(*limit).unwrap_or(usize::MAX))
    {
        let detail = format!("allows {} below it, and has {below}", intermediates(limit));
        violation(Defect::PathLength, detail);
    }
    if let Some(usage) = question.usage {
        violations.extend(certificate_rules::purposes(certificate, issuer.link, usage));
        // A certificate from the chain must not widen an anchor that is trusted for one usage only.
        let limits = graph.anchors_of(issuer).filter(|_| !issuer.is_anchor());
        let mut refusals =
            limits.map(|one| certificate_rules::purposes(one.certificate, one.link, usage));
        if let Some(Some(first)) = refusals.next()
            && refusals.all(|other| other.is_some())
        {
            violations.push(first);
        }
    }
    // One violation, for the first certificate over the limit.
    let counts = !issuer.is_anchor() && !issuer.is_self_issued();
    if counts && question.max_depth == Some(below) {
        let limit = u32::try_from(below).unwrap_or(u32::MAX);
        let detail =
            format!("is one too many: at most {} may be in the chain", intermediates(limit));
        violations.push(Violation::new(Defect::MaxDepth, issuer.link, detail));
    }
    violations
}

/// The rules for every issuer: basicConstraints and keyUsage.
pub(super) fn fitness(
    certificate: &Certificate,
    link: CertificateRef,
    is_anchor: bool,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut violation =
        |defect, detail: &str| violations.push(Violation::new(defect, link, detail));
    // Versions 1 and 2 have no basicConstraints; the operator decides that an anchor is a CA (6.1.4 (k)).
    let is_trusted_ca = is_anchor && certificate.version() < 3;
    if !certificate.is_ca() && !is_trusted_ca {
        let (defect, detail) = match certificate.basic_constraints() {
            None if is_anchor => {
                (Defect::AnchorNoConstraints, "is an issuer without basicConstraints")
            }
            None => (Defect::IssuerNotCa, "is an issuer without basicConstraints"),
            Some(_) => {
                (Defect::IssuerNotCa, "is an issuer without CA:TRUE in its basicConstraints")
            }
        };
        violation(defect, detail);
    }
    if certificate.key_usage().is_some_and(|usage| !usage.signs_certificates()) {
        violation(Defect::IssuerKeyUsage, "is an issuer without keyCertSign in its keyUsage");
    }
    violations
}

fn intermediates(count: u32) -> String {
    match count {
        0 => "no intermediate".to_owned(),
        1 => "one intermediate".to_owned(),
        _ => format!("{count} intermediates"),
    }
}
