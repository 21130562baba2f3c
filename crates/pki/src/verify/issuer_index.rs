//! Certificates by their subjects: the possible issuers of others.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use crate::x509::{
    certificate::Certificate,
    name::{ComparableName, Name},
};

/// So few are all taken.
const FEW: usize = 8;
/// The maximum number of possible issuers of one certificate.
pub const LIMIT: usize = 64;

/// An index of certificates by their subjects. Certificates that cannot be on a path of another are
/// left out before a path is searched among thousands.
#[derive(Debug)]
pub struct IssuerIndex<'a> {
    all: &'a [Certificate],
    by_subject: HashMap<ComparableName, Vec<usize>>,
}

impl<'a> IssuerIndex<'a> {
    /// An index of these.
    #[must_use]
    pub fn new(all: &'a [Certificate]) -> Self {
        let mut by_subject: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, certificate) in all.iter().enumerate() {
            by_subject.entry(certificate.subject().into()).or_default().push(index);
        }
        Self { all, by_subject }
    }

    /// Those that have the name of the certificate, of one that may be above it, or of an issuer of these:
    /// no path ends at another. In their order; all of them if they are few.
    #[must_use]
    pub fn near(
        &self,
        certificate: &Certificate,
        untrusted: &[Certificate],
    ) -> Cow<'a, [Certificate]> {
        if self.all.len() <= FEW {
            return Cow::Borrowed(self.all);
        }
        let certificates = std::iter::once(certificate).chain(untrusted);
        let names = certificates.flat_map(|one| [one.subject(), one.issuer()]);
        let found: BTreeSet<usize> = names.flat_map(|name| self.named(name)).copied().collect();
        found.into_iter().filter_map(|index| self.all.get(index).cloned()).collect()
    }

    /// The indexes of the possible issuers of the certificate at `index`, and of their issuers: at most [`LIMIT`],
    /// the nearest first.
    ///
    /// # Panics
    ///
    /// If `index` is not that of a certificate.
    #[must_use]
    pub fn above(&self, index: usize) -> Vec<usize> {
        let mut found = vec![index];
        let mut next = 0;
        while let Some(&below) = found.get(next) {
            next += 1;
            for &issuer in self.named(self.all[below].issuer()) {
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

    fn named(&self, name: &Name) -> &[usize] {
        self.by_subject.get(&ComparableName::from(name)).map_or(&[], Vec::as_slice)
    }
}
