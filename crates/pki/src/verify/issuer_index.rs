//! Certificates by their subjects: the possible issuers of others.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::OnceLock,
};

use crate::x509::{
    certificate::Certificate,
    name::{ComparableName, Name},
    signature::SignatureError,
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
    /// Whether the signature of a self-signed one does not verify, once it was asked.
    damaged: Vec<OnceLock<bool>>,
}

impl<'a> IssuerIndex<'a> {
    /// An index of these.
    #[must_use]
    pub fn new(all: &'a [Certificate]) -> Self {
        let mut by_subject: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, certificate) in all.iter().enumerate() {
            by_subject.entry(certificate.subject().into()).or_default().push(index);
        }
        Self { all, by_subject, damaged: all.iter().map(|_| OnceLock::new()).collect() }
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

    /// Those with this subject, in their order.
    pub(super) fn of_name(&self, name: &Name) -> impl Iterator<Item = &'a Certificate> {
        let all = self.all;
        self.named(name).iter().map(move |index| &all[*index])
    }

    /// Whether one has the name of its issuer.
    pub(super) fn has_issuer(&self, certificate: &Certificate) -> bool {
        !self.named(certificate.issuer()).is_empty()
    }

    /// Whether a self-signed certificate has a signature that its own key does not verify. Each is verified
    /// once.
    pub(super) fn is_damaged(&self, certificate: &Certificate) -> bool {
        let wrong = || {
            let verified = certificate.check_signature(certificate.public_key());
            certificate.is_self_issued() && verified == Err(SignatureError::Wrong)
        };
        let mut same = self.named(certificate.subject()).iter();
        match same.find(|index| self.all[**index] == *certificate) {
            Some(index) => *self.damaged[*index].get_or_init(wrong),
            None => wrong(),
        }
    }

    fn named(&self, name: &Name) -> &[usize] {
        self.by_subject.get(&ComparableName::from(name)).map_or(&[], Vec::as_slice)
    }
}
