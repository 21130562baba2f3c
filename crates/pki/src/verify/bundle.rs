//! A file of several certificates, as a server sends it: order, roots, unrelated certificates.

use time::OffsetDateTime;

use super::{
    clients::Defect,
    finding::Finding,
    rule::{Rule, Severity},
};
use crate::x509::{certificate::Certificate, validity::date};

/// The faults of a file that has an end-entity certificate and others.
///
/// Servers send such a file as it is: the end entity has to be the first, then each certificate the
/// issuer of the one before (RFC 8446 section 4.4.2; TLS 1.2 demands it). `all` has the certificates of the
/// file in their order, with the subject. A file of several end-entity certificates is not a bundle. `trust`
/// has the trust anchors, and the time at which the issuers must be valid.
#[must_use]
pub fn check(
    subject: &Certificate,
    all: &[Certificate],
    trust: (&[Certificate], OffsetDateTime),
) -> Vec<Finding> {
    let (anchors, at) = trust;
    let mut findings = Vec::new();
    if subject.is_ca() {
        return findings;
    }
    let path = issuers(subject, all, at);
    let is_on_path = |one: &Certificate| one == subject || path.contains(&one);
    for other in all.iter().filter(|one| !is_on_path(one)) {
        let position = |one: &Certificate| all.iter().position(|each| each == one);
        let valid = path.iter().find(|one| one.subject() == other.subject());
        findings.push(if other.not_after() < at && valid.is_some() {
            let is_first = valid.is_some_and(|valid| position(other) < position(valid));
            let defect = if is_first { Defect::ExpiredInBundle } else { Defect::BundleUnexpected };
            let (name, end) = (other.subject(), date(other.not_after()));
            Finding::new(defect, format!("is beside the certificate `{name}`, expired since {end}"))
        } else {
            extra(format!("is beside the unrelated certificate `{}`", other.subject()))
        });
    }
    let is_trusted =
        |one: &Certificate| anchors.iter().any(|anchor| anchor.subject() == one.subject());
    for old in path.iter().filter(|one| one.not_after() < at && is_trusted(one)) {
        let (name, end) = (old.subject(), date(old.not_after()));
        findings.push(extra(format!(
            "is beside the certificate `{name}`, expired since {end}, and a trust anchor has that \
            name"
        )));
    }
    for root in path.iter().filter(|one| one.is_self_issued()) {
        findings.push(extra(format!(
            "is beside the root `{}`, which clients must have already and servers need not send",
            root.subject()
        )));
    }
    let expected: Vec<&Certificate> =
        std::iter::once(subject).chain(path.iter().copied()).collect();
    let given: Vec<&Certificate> = all.iter().filter(|one| is_on_path(one)).collect();
    if all.first() != Some(subject) {
        findings.push(order(
            "is not the first certificate of its file: a server with this file sends another \
            certificate as its own, or does not start",
        ));
    } else if given != expected {
        findings.push(order(
            "is followed by its issuers in the wrong order: TLS 1.2 requires that each signed \
            the one before",
        ));
    }
    findings
}

/// As [`check`], for the value of a Secret that has its private key in another: a server that gets both
/// does not start if the key belongs to a later certificate.
#[must_use]
pub fn check_with_key(
    subject: &Certificate,
    all: &[Certificate],
    trust: (&[Certificate], OffsetDateTime),
) -> Vec<Finding> {
    let is_first = all.first() == Some(subject);
    let findings = check(subject, all, trust).into_iter();
    findings
        .map(|finding| match finding.rule {
            Rule::BundleOrder if !is_first => finding.at(Severity::Error),
            _ => finding,
        })
        .collect()
}

/// The issuers of a certificate that are among these, by name, the nearest first; each once. Of several with
/// one name, one that has not expired.
fn issuers<'a>(
    subject: &Certificate,
    all: &'a [Certificate],
    at: OffsetDateTime,
) -> Vec<&'a Certificate> {
    let mut path: Vec<&Certificate> = Vec::new();
    let mut last = subject;
    while !last.is_self_issued() {
        let is_next = |one: &&Certificate| {
            one.subject() == last.issuer() && *one != subject && !path.contains(one)
        };
        // The first of those that are best.
        let next = all.iter().filter(is_next).min_by_key(|one| one.not_after() < at);
        let Some(next) = next else { break };
        path.push(next);
        last = next;
    }
    path
}

fn extra(message: String) -> Finding {
    Finding::new(Defect::BundleUnexpected, message)
}

fn order(message: &str) -> Finding {
    Finding::new(Defect::BundleOrder, message).hint(
        "put the end entity first, then its issuers in order: `cat server.pem intermediate.pem`",
    )
}
