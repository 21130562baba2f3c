//! Path building and validation by RFC 5280 section 6.

mod constraints;
mod graph;
mod issuer;
mod itself;
mod policy;
mod revocation;
mod search;
#[cfg(test)]
mod tests;

use time::OffsetDateTime;

use self::{graph::Graph, search::Search};
use super::rule::Rule;
use crate::x509::{cert::Certificate, crl::RevocationList, usage::Usage};

/// What is asked: whether this certificate is good for that, below those anchors.
pub struct Question<'a> {
    pub leaf: &'a Certificate,
    /// May help to build a path; nothing in them is believed. In any order, with strangers.
    pub untrusted: &'a [Certificate],
    pub anchors: &'a [Certificate],
    /// Empty: revocation is not asked for. Else every issuer on the path needs a list.
    pub revocation: &'a [RevocationList],
    pub at: OffsetDateTime,
    /// What the leaf has to be good for; `None` for anything.
    pub usage: Option<Usage>,
    /// The most intermediates on a path, those that are self-issued aside.
    pub max_depth: Option<usize>,
}

/// Which certificate of a path a breach is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Leaf,
    /// An index into [`Question::untrusted`].
    Untrusted(usize),
    /// An index into [`Question::anchors`].
    Anchor(usize),
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub rule: Rule,
    pub link: Link,
    /// What is wrong, a lowercase fragment that reads well after the name of the certificate.
    pub detail: String,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The best path, the leaf first; its last link is an anchor unless none was reached.
    pub path: Vec<Link>,
    /// Each rule that the best path breaks; empty: valid.
    pub breaches: Vec<Breach>,
}

/// Builds paths from the leaf to an anchor and judges them; the answer is the first without a breach,
/// else the one with the fewest and lightest, complete before incomplete.
///
/// A leaf that is itself an anchor is a path alone: `[Link::Anchor(_)]`. The work is bounded, so that
/// no set of certificates takes longer than about a second.
pub fn judge(question: &Question<'_>) -> Judgement {
    let graph = Graph::of(question);
    Search::new(question, &graph, &[]).run()
}

/// What is wrong with a trust anchor on its own.
pub fn judge_anchor(anchor: &Certificate, at: OffsetDateTime) -> Vec<Breach> {
    let mut breaches = itself::judge(anchor, Link::Leaf, at);
    breaches.extend(issuer::fitness(anchor, Link::Leaf, true));
    breaches
}
