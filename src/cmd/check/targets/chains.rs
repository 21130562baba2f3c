//! The chains of a Secret: `tls.crt`, and every value that has its private key beside it.

use std::collections::HashMap;

use pki::{
    input::{Location, PrivateKeySummary},
    x509::certificate::Certificate,
};

use super::keys;

/// The certificates of each value of a Secret that has a private key under the name for it.
pub(super) struct Chains<'a>(HashMap<&'a str, Vec<usize>>);

impl<'a> Chains<'a> {
    pub(super) fn of(
        places: &'a [Option<Location>],
        all: &[Certificate],
        keys: &[(Option<Location>, PrivateKeySummary)],
    ) -> Self {
        let mut chains: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, within) in places.iter().enumerate() {
            let Some(within) = within else { continue };
            chains.entry(&within.entry).or_default().push(index);
        }
        let is_leaf = |index: &usize| all.get(*index).is_some_and(|one| !one.is_ca());
        chains.retain(|_, chain| {
            let first = chain.first().and_then(|first| places.get(*first)?.as_ref());
            chain.len() > 1
                && chain.iter().filter(|index| is_leaf(index)).count() == 1
                && keys::named(keys, first).is_some()
        });
        Self(chains)
    }

    /// The chain of which that is the end entity.
    pub(super) fn of_leaf(
        &self,
        within: Option<&Location>,
        leaf: &Certificate,
        all: &[Certificate],
    ) -> Option<Vec<Certificate>> {
        let chain = self.0.get(within?.entry.as_str()).filter(|_| !leaf.is_ca())?;
        Some(chain.iter().filter_map(|index| all.get(*index).cloned()).collect())
    }
}
