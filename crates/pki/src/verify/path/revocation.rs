//! Revocation by the CRLs of a query (RFC 5280 section 6.3).

use std::{cell::RefCell, collections::HashMap};

use time::OffsetDateTime;

use super::{
    PathQuery, Violation,
    issuer_graph::{Graph, IssuerGraph},
};
use crate::{
    verify::clients::Defect,
    x509::{
        certificate::Certificate,
        crl::{Crl, DistributionPoint, Reasons, order},
        name::ComparableName,
        usage::KeyUsage,
        validity::rfc3339,
    },
};

/// The maximum depth of CRLs: a CRL, the CRL for its signer, and so on.
pub(super) const DEPTH: usize = 4;
/// Signatures of CRLs verified in one validation.
const SIGNATURES: usize = 500;

/// The CRLs of a query, and the results of their validation.
pub(super) struct CrlIndex<'s, 'q> {
    pub(super) question: &'s PathQuery<'q>,
    pub(super) graph: &'s Graph<'q>,
    lists: Vec<IndexedCrl<'q>>,
    /// Signers that are validated now: none may prove itself.
    pub(super) pending: Vec<&'q Certificate>,
    signed: RefCell<HashMap<(usize, usize), bool>>,
    pub(super) trusted: RefCell<HashMap<(usize, usize), bool>>,
}

struct IndexedCrl<'q> {
    list: &'q Crl,
    issuer: ComparableName,
}

/// A certificate on a path, with what is above it.
struct CheckedCertificate<'c, 'q> {
    node: &'c IssuerGraph<'q>,
    /// From the anchor down to the issuer.
    above: &'c [usize],
}

/// Why the status of a certificate is unknown, ordered by how many checks a list passed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum MissingCrl {
    None,
    Scope,
    Unusable(String),
    Dates(String),
    Signer,
    Reasons,
}

impl<'s, 'q> CrlIndex<'s, 'q> {
    pub(super) fn new(
        question: &'s PathQuery<'q>,
        graph: &'s Graph<'q>,
        pending: &[&'q Certificate],
    ) -> Self {
        let list = |list: &'q Crl| IndexedCrl { list, issuer: list.issuer().into() };
        Self {
            question,
            graph,
            lists: question.revocation.iter().map(list).collect(),
            pending: pending.to_vec(),
            signed: RefCell::default(),
            trusted: RefCell::default(),
        }
    }

    /// Checks every certificate of a path but its anchor, which no CRL revokes. The anchor is first.
    pub(super) fn check(&self, path: &[usize]) -> Vec<Violation> {
        if self.lists.is_empty() {
            return Vec::new();
        }
        let violation = |at: usize| {
            let node = &self.graph.nodes[path[at]];
            let status = self.status(&CheckedCertificate { node, above: &path[..at] });
            let (defect, detail) = status.err()?;
            Some(Violation::new(defect, node.link, detail))
        };
        (1..path.len()).filter_map(violation).collect()
    }

    fn status(&self, case: &CheckedCertificate<'_, 'q>) -> Result<(), (Defect, String)> {
        let certificate = case.node.certificate;
        let unreadable = "has crlDistributionPoints that cannot be read";
        let mut points = DistributionPoint::all_of(certificate)
            .ok_or_else(|| (Defect::Malformed, unreadable.to_owned()))?;
        points.push(DistributionPoint::default_of(certificate));

        let mut known = Reasons::NONE;
        let mut gap = MissingCrl::None;
        for point in &points {
            for at in 0..self.lists.len() {
                match self.lookup(case, point, at)? {
                    Ok(reasons) => known = known.or(reasons),
                    Err(other) => gap = gap.max(other),
                }
            }
        }
        if !Reasons::ALL.adds_to(known) {
            return Ok(());
        }
        if known != Reasons::NONE {
            gap = MissingCrl::Reasons;
        }
        Err((Defect::Crl, gap.text(certificate)))
    }

    /// The result of one list, for the reasons that it covers.
    ///
    /// Every list of a scope is used, in any order, as one of them may revoke what the others
    /// do not. A list that a newer one of the same issuer and scope replaces is skipped.
    fn lookup(
        &self,
        case: &CheckedCertificate<'_, 'q>,
        point: &DistributionPoint,
        at: usize,
    ) -> Result<Result<Reasons, MissingCrl>, (Defect, String)> {
        let IndexedCrl { list, issuer } = &self.lists[at];
        let certificate = case.node.certificate;
        let Some(scope) = list.scope() else { return Ok(Err(MissingCrl::None)) };
        let is_issuer = if point.crl_issuers.is_empty() {
            *issuer == case.node.issuer
        } else {
            scope.indirect && point.crl_issuers.contains(issuer)
        };
        if !is_issuer || list.is_delta() {
            return Ok(Err(MissingCrl::None));
        }
        if !scope.covers(certificate, point) {
            return Ok(Err(MissingCrl::Scope));
        }
        // A CRL without its number cannot prove a certificate good, but it can revoke one.
        let unusable = list.unusable();
        if let Some(reason) = unusable.filter(|_| list.number().is_some()) {
            return Ok(Err(MissingCrl::Unusable(reason.to_owned())));
        }
        if let Some(reason) = out_of_date(list, self.question.at) {
            return Ok(Err(MissingCrl::Dates(reason)));
        }
        let reasons = point.reasons.and(scope.reasons);
        let Some(signer) = self.signer(case, at) else { return Ok(Err(MissingCrl::Signer)) };
        if self.is_replaced(at, signer) {
            return Ok(Err(MissingCrl::None));
        }

        let serial = certificate.serial_octets();
        let amended =
            self.delta(at, signer).and_then(|delta| delta.entry(serial, &case.node.issuer));
        let entry = amended.or_else(|| list.entry(serial, &case.node.issuer));
        match entry.filter(|entry| !entry.is_removal()) {
            Some(entry) => {
                let (since, reason) = (rfc3339(entry.since), entry.reason_text());
                let detail = format!("was revoked by `{}` at {since} ({reason})", list.issuer());
                Err((Defect::Revoked, detail))
            }
            None => Ok(match unusable {
                Some(reason) => Err(MissingCrl::Unusable(reason.to_owned())),
                None => Ok(reasons),
            }),
        }
    }

    /// Whether a newer list of the same issuer and scope is there, signed by the same key: one that
    /// has begun. It may be out of date or not usable: it still shows that the older one is old.
    fn is_replaced(&self, at: usize, signer: usize) -> bool {
        let IndexedCrl { list, issuer } = &self.lists[at];
        let mut others = self.lists.iter().enumerate();
        others.any(|(other, newer)| {
            newer.issuer == *issuer
                && !newer.list.is_delta()
                && newer.list.this_update().unix_timestamp() <= self.question.at.unix_timestamp()
                && newer.list.is_newer_than(list)
                && newer.list.scope() == list.scope()
                && self.is_signed_by(other, signer)
        })
    }

    /// The newest delta that adds to a list (section 6.3.3 (c)), signed by the same key.
    fn delta(&self, base: usize, signer: usize) -> Option<&'q Crl> {
        let IndexedCrl { list, issuer } = &self.lists[base];
        let number = order(list.number()?);
        let adds = |(at, delta): &(usize, &IndexedCrl<'q>)| {
            delta.list.is_delta()
                && delta.issuer == *issuer
                && delta.list.is_alike(list)
                && delta.list.unusable().is_none()
                && out_of_date(delta.list, self.question.at).is_none()
                && delta.list.base_number().is_some_and(|of| order(of) <= number)
                && delta.list.number().is_some_and(|of| order(of) > number)
                && self.is_signed_by(*at, signer)
        };
        let deltas = self.lists.iter().enumerate().filter(adds);
        deltas.max_by_key(|(_, delta)| delta.list.number().map(order)).map(|(_, delta)| delta.list)
    }

    /// The certificate whose key signed a CRL, if it has cRLSign and is itself valid below the same anchor.
    fn signer(&self, case: &CheckedCertificate<'_, 'q>, list: usize) -> Option<usize> {
        let issuer = &self.lists[list].issuer;
        let named = self.graph.named(issuer);
        let on_path = case.above.iter().rev().copied().filter(|at| named.contains(at));
        let others = named.iter().copied().filter(|at| !case.above.contains(at));
        on_path.chain(others).find(|&at| {
            let node = &self.graph.nodes[at];
            let may = node.certificate.key_usage().is_none_or(KeyUsage::signs_revocation_lists);
            may && self.is_signed_by(list, at)
                && (case.above.contains(&at) || self.is_trusted(at, case.above[0]))
        })
    }

    fn is_signed_by(&self, list: usize, node: usize) -> bool {
        let mut signed = self.signed.borrow_mut();
        if signed.len() >= SIGNATURES {
            return false;
        }
        *signed.entry((list, node)).or_insert_with(|| {
            let by = self.graph.nodes[node].certificate;
            self.lists[list].list.check_signature(by.public_key()).is_ok()
        })
    }
}

impl MissingCrl {
    fn text(&self, certificate: &Certificate) -> String {
        let issuer = certificate.issuer();
        match self {
            Self::None => format!("has no revocation list: none of `{issuer}` was given"),
            Self::Scope => format!("has no revocation list: those of `{issuer}` are about others"),
            Self::Unusable(reason) => {
                format!("has no revocation list: that of `{issuer}` {reason}")
            }
            Self::Dates(reason) => format!("has no revocation list: that of `{issuer}` {reason}"),
            Self::Signer => {
                format!("has no revocation list: that of `{issuer}` has no authorized signer")
            }
            Self::Reasons => {
                format!(
                    "has no complete revocation list: those of `{issuer}` leave out some reasons"
                )
            }
        }
    }
}

/// Both ends are included; a CRL must have nextUpdate (section 5.1.2.5).
fn out_of_date(list: &Crl, at: OffsetDateTime) -> Option<String> {
    let at = at.unix_timestamp();
    if list.this_update().unix_timestamp() > at {
        return Some(format!("begins at {}", rfc3339(list.this_update())));
    }
    match list.next_update() {
        None => Some("does not say when the next one comes".to_owned()),
        Some(end) if end.unix_timestamp() < at => Some(format!("ended at {}", rfc3339(end))),
        Some(_) => None,
    }
}
