//! Certificate policies (RFC 5280 sections 6.1.2 to 6.1.5), for any initial policy and with nothing
//! required at the start.
//!
//! Validation only needs to know whether the policy tree of RFC 5280 is empty. So only the policies of
//! the last level are kept, each once. That bounds the work; the tree itself can grow exponentially.

use std::collections::{BTreeMap, BTreeSet};

use super::{Violation, issuer_graph::IssuerGraph};
use crate::{verify::clients::Defect, x509::policies::Policies};

const ANY: &str = "2.5.29.32.0";
const NONE: &str =
    "has no certificate policy that the issuers above it agree to, and one is required";

/// The deepest nodes: each policy with the policies expected of the next certificate.
type PolicyLevel = BTreeMap<String, BTreeSet<String>>;

struct PolicyState {
    level: PolicyLevel,
    explicit: usize,
    mapping: usize,
    any: usize,
}

/// Validates the policies of a path from below the anchor to the leaf.
pub(super) fn check(path: &[&IssuerGraph<'_>]) -> Option<Violation> {
    let start = path.len() + 1;
    let mut state = PolicyState {
        level: PolicyLevel::from([(ANY.to_owned(), BTreeSet::from([ANY.to_owned()]))]),
        explicit: start,
        mapping: start,
        any: start,
    };
    for (at, node) in path.iter().enumerate() {
        let violation =
            |detail: &str| Some(Violation::new(Defect::Policy, node.link, detail.to_owned()));
        // What cannot be read is a finding of its own.
        let policies = Policies::of(node.certificate).unwrap_or_default();
        let is_last = at + 1 == path.len();
        let self_issued = node.is_self_issued();
        state.descend(&policies, !is_last && self_issued);
        if state.is_refused() {
            return violation(NONE);
        }
        if is_last {
            state.explicit = state.explicit.saturating_sub(1);
            if policies.require_explicit == Some(0) {
                state.explicit = 0;
            }
            if state.is_refused() {
                return violation(NONE);
            }
        } else {
            if policies.mappings.iter().any(|(from, to)| from == ANY || to == ANY) {
                return violation("maps anyPolicy, which RFC 5280 forbids");
            }
            state.map(&policies);
            state.count(&policies, self_issued);
        }
    }
    None
}

impl PolicyState {
    /// 6.1.3 (f).
    fn is_refused(&self) -> bool {
        self.explicit == 0 && self.level.is_empty()
    }

    /// 6.1.3 (d) and (e): the next level.
    fn descend(&mut self, policies: &Policies, exempt: bool) {
        let above = std::mem::take(&mut self.level);
        let Some(named) = &policies.named else { return };
        let expected: BTreeSet<&String> = above.values().flatten().collect();
        let any_above = above.contains_key(ANY);
        let mut add = |policy: &String| {
            self.level.insert(policy.clone(), BTreeSet::from([policy.clone()]));
        };
        for policy in named.iter().filter(|policy| *policy != ANY) {
            if any_above || expected.contains(policy) {
                add(policy);
            }
        }
        if named.iter().any(|policy| policy == ANY) && (self.any > 0 || exempt) {
            expected.into_iter().for_each(add);
        }
    }

    /// 6.1.4 (b).
    fn map(&mut self, policies: &Policies) {
        let mut mapped: BTreeMap<&String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in &policies.mappings {
            mapped.entry(from).or_default().insert(to.clone());
        }
        let any = self.level.contains_key(ANY);
        for (from, to) in mapped {
            if self.mapping == 0 {
                self.level.remove(from);
            } else if any || self.level.contains_key(from) {
                self.level.insert(from.clone(), to);
            }
        }
    }

    /// 6.1.4 (h), (i) and (j).
    fn count(&mut self, policies: &Policies, self_issued: bool) {
        for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
            *counter = counter.saturating_sub(usize::from(!self_issued));
        }
        let lower = |counter: &mut usize, limit: Option<u32>| {
            let limit = limit.and_then(|limit| usize::try_from(limit).ok());
            *counter = limit.map_or(*counter, |limit| limit.min(*counter));
        };
        lower(&mut self.explicit, policies.require_explicit);
        lower(&mut self.mapping, policies.inhibit_mapping);
        lower(&mut self.any, policies.inhibit_any);
    }
}
