//! The possible issuers of a certificate in a large file.

use std::collections::HashMap;

use pki::x509::{certificate::Certificate, name::ComparableName};

/// In a file with at most this many certificates all are tried as issuers; of a larger one, which is a store
/// rather than a chain, only this many issuers by name, the nearest first.
const LIMIT: usize = 64;

/// The certificates of a large file by subject, to find issuers.
pub(super) struct IssuerIndex {
    issuers: Vec<ComparableName>,
    by_subject: HashMap<ComparableName, Vec<usize>>,
}

impl IssuerIndex {
    /// `None` for a file in which all may be tried.
    pub(super) fn of(all: &[Certificate]) -> Option<Self> {
        if all.len() <= LIMIT {
            return None;
        }
        let mut by_subject: HashMap<ComparableName, Vec<usize>> = HashMap::new();
        for (index, certificate) in all.iter().enumerate() {
            by_subject.entry(certificate.subject().into()).or_default().push(index);
        }
        let issuers = all.iter().map(|certificate| certificate.issuer().into()).collect();
        Some(Self { issuers, by_subject })
    }

    /// The indexes of the possible issuers of the certificate at `index`, and of their issuers.
    pub(super) fn above(&self, index: usize) -> Vec<usize> {
        let mut found = vec![index];
        let mut next = 0;
        while let Some(&below) = found.get(next) {
            next += 1;
            for &issuer in self.by_subject.get(&self.issuers[below]).into_iter().flatten() {
                if found.len() > LIMIT {
                    break;
                }
                if !found.contains(&issuer) {
                    found.push(issuer);
                }
            }
        }
        found.remove(0);
        found
    }
}
