//! The trust anchor at the end of a path: what clients make of it that RFC 5280 does not ask.

use std::collections::HashSet;

use super::{clients::Defect, finding::Finding, issuer_index::IssuerIndex, issuer_profile};
use crate::x509::certificate::Certificate;

/// The trust anchor at the end of a path: whether its file is damaged, and whether some clients look
/// for its issuer.
pub(super) fn check(
    anchors: &IssuerIndex<'_>,
    checked: &HashSet<&[u8]>,
    is_leaf: bool,
    path: &[&Certificate],
) -> Vec<Finding> {
    let Some((&anchor, below)) = path.split_last() else { return Vec::new() };
    let mut findings = Vec::new();
    let is_own = below.is_empty();
    if (is_own || !checked.contains(anchor.der())) && anchors.is_damaged(anchor) {
        let message = "has a signature that does not verify with its own key";
        let finding = Finding::new(Defect::AnchorSignature, message);
        findings.push(if is_own { finding } else { finding.above(anchor) });
    }
    let is_root = anchor.is_self_issued();
    let mut is_of_other = false;
    issuer_profile::other_issuer(anchor, anchor, &mut |_, _| is_of_other = true);
    if is_root && is_of_other && !is_own {
        let message = "is a root whose authorityKeyIdentifier is not of itself";
        findings.push(Finding::new(Defect::AnchorKeyId, message).above(anchor));
    }
    if is_leaf && is_own && !is_root {
        let message = "is trusted itself, and its issuer is not";
        findings.push(Finding::new(Defect::LeafIsAnchor, message));
    }
    if is_leaf && !is_own && !is_root && !anchors.has_issuer(anchor) {
        let message = format!(
            "has a path to `{}`, which is an intermediate, and its issuer is not trusted",
            anchor.subject()
        );
        findings.push(Finding::new(Defect::PartialChain, message));
    }
    findings.extend(ambiguous_issuer(anchors, path));
    findings
}

/// Without an authorityKeyIdentifier clients choose one of several trust anchors by its place.
fn ambiguous_issuer(anchors: &IssuerIndex<'_>, path: &[&Certificate]) -> Option<Finding> {
    let [.., child, anchor] = path else { return None };
    if child.authority_key_id().is_some() || child.names_serial_of_issuer() {
        return None;
    }
    let named: Vec<&Certificate> = anchors.of_name(child.issuer()).collect();
    let place = named.iter().position(|one| one == anchor)?;
    let (before, after) = named.split_at(place);
    let has_other =
        |some: &[&Certificate]| some.iter().any(|one| one.public_key() != anchor.public_key());
    let defect = match (has_other(before), has_other(after)) {
        (true, _) => Defect::OtherCaFirst,
        (false, true) => Defect::OtherCaLast,
        (false, false) => return None,
    };
    let message = format!(
        "has no authorityKeyIdentifier, and {} trust anchors are called `{}`",
        named.len(),
        child.issuer()
    );
    let finding = Finding::new(defect, message);
    Some(if path.len() > 2 { finding.above(child) } else { finding })
}
