//! The order of the certificates of one file.

use std::collections::{HashMap, HashSet, VecDeque};

use pki::{
    input::{LocatedObject, PkiObject},
    x509::certificate::Certificate,
};

/// Leaves before their issuers, else in file order; other objects last.
pub(super) fn in_chain_order(found: Vec<LocatedObject>) -> Vec<LocatedObject> {
    fn certificate(found: &LocatedObject) -> Option<&Certificate> {
        match &found.object {
            PkiObject::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }
    if found.len() < 2 {
        return found;
    }
    // By name alone: the order of a list does not need the signatures.
    let mut by_subject: HashMap<&[u8], VecDeque<usize>> = HashMap::new();
    for (at, certificate) in
        found.iter().enumerate().filter_map(|(at, it)| Some((at, certificate(it)?)))
    {
        by_subject.entry(certificate.subject().der()).or_default().push_back(at);
    }
    let below = found.iter().filter_map(certificate).filter(|it| !it.is_self_issued());
    let issuers: HashSet<&[u8]> = below.map(|it| it.issuer().der()).collect();
    let mut place = vec![usize::MAX; found.len()];
    let mut next = 0;
    for is_issuer in [false, true] {
        for (start, first) in found.iter().enumerate() {
            let mut at = start;
            let subject = certificate(first).map(|it| it.subject().der());
            if subject.is_some_and(|it| issuers.contains(it)) != is_issuer {
                continue;
            }
            while place.get(at) == Some(&usize::MAX) {
                let Some(current) = found.get(at).and_then(certificate) else { break };
                if let Some(place) = place.get_mut(at) {
                    *place = next;
                }
                next += 1;
                let above = by_subject.get_mut(current.issuer().der());
                let Some(above) = above.filter(|_| !current.is_self_issued()) else { break };
                while above.front().is_some_and(|front| place.get(*front) != Some(&usize::MAX)) {
                    above.pop_front();
                }
                let Some(issuer) = above.front() else { break };
                at = *issuer;
            }
        }
    }
    let mut placed: Vec<(usize, LocatedObject)> = place.into_iter().zip(found).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, found)| found).collect()
}
