//! The trust anchors at which a path may end, found by name once a run.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use pki::x509::{certificate::Certificate, name::ComparableName};

/// So few are all taken.
const FEW: usize = 8;

/// The trust anchors of a run, by their subjects.
pub(super) struct Anchors<'a> {
    all: &'a [Certificate],
    by_subject: HashMap<ComparableName, Vec<usize>>,
}

impl<'a> Anchors<'a> {
    pub(super) fn new(all: &'a [Certificate]) -> Self {
        let mut by_subject: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, anchor) in all.iter().enumerate() {
            by_subject.entry(anchor.subject().into()).or_default().push(index);
        }
        Self { all, by_subject }
    }

    /// Those that have the name of the certificate, of one that may be above it, or of an issuer of these:
    /// no path ends at another. In their order.
    pub(super) fn near(
        &self,
        certificate: &Certificate,
        untrusted: &[Certificate],
    ) -> Cow<'a, [Certificate]> {
        if self.all.len() <= FEW {
            return Cow::Borrowed(self.all);
        }
        let certificates = std::iter::once(certificate).chain(untrusted);
        let names = certificates.flat_map(|one| [one.subject(), one.issuer()]);
        let found: BTreeSet<usize> = names
            .filter_map(|name| self.by_subject.get(&ComparableName::from(name)))
            .flatten()
            .copied()
            .collect();
        found.into_iter().filter_map(|index| self.all.get(index).cloned()).collect()
    }
}
