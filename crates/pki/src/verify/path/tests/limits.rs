//! How many intermediates there may be.

use super::certificate_builder::{Draft, Holder, path_length, question, rules};
use crate::{
    verify::{
        path::{CertificateRef, Violation, validate},
        rule::Rule,
    },
    x509::certificate::Certificate,
};

/// Root, that many intermediates (the upper first), leaf; the limits are the root's and theirs.
fn chain(limits: &[Option<u8>]) -> (Certificate, Vec<Certificate>, Certificate) {
    let holders: Vec<Holder> =
        (0..limits.len()).map(|at| Holder::new(&format!("CN=ca {at}"))).collect();
    let limited = |at: usize| Draft::ca(&holders[at]).with(path_length(limits[at]));
    let anchor = limited(0).signed_by(&holders[0]);
    let below = (1..limits.len()).map(|at| limited(at).signed_by(&holders[at - 1])).collect();
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&holders[limits.len() - 1]);
    (leaf, below, anchor)
}

#[test]
fn a_path_length_counts_the_intermediates_below() {
    let (u0, u1) = (CertificateRef::Untrusted(0), CertificateRef::Untrusted(1));
    let cases: [(&[Option<u8>], &[CertificateRef]); 8] = [
        (&[Some(0)], &[]),
        (&[Some(0), None], &[CertificateRef::Anchor(0)]),
        (&[Some(1), None], &[]),
        (&[Some(1), None, None], &[CertificateRef::Anchor(0)]),
        (&[None, Some(0)], &[]),
        (&[None, Some(0), None], &[u0]),
        (&[None, Some(1), Some(5), None], &[u0]),
        (&[Some(0), Some(0), Some(0), None], &[u1, u0, CertificateRef::Anchor(0)]),
    ];

    for (limits, expected) in cases {
        let (leaf, untrusted, anchor) = chain(limits);
        let expected: Vec<_> = expected.iter().map(|link| (Rule::PathLength, *link)).collect();
        assert_eq!(rules(&leaf, &untrusted, &[anchor]), expected, "{limits:?}");
    }
}

#[test]
fn what_is_self_issued_does_not_count_and_a_ca_as_leaf_does_not_either() {
    let (root, old, new) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=CA"));
    let anchors = [Draft::ca(&root).with(path_length(Some(1))).signed_by(&root)];
    let untrusted = [
        Draft::ca(&old).with(path_length(Some(0))).signed_by(&root),
        Draft::ca(&new).with(path_length(Some(0))).signed_by(&old),
    ];

    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&new);
    assert_eq!(rules(&leaf, &untrusted, &anchors), []);
    let ca = Draft::ca(&Holder::new("CN=sub")).signed_by(&new);
    assert_eq!(rules(&ca, &untrusted, &anchors), []);
}

#[test]
fn max_depth_counts_intermediates_that_are_not_self_issued() {
    let (leaf, untrusted, anchor) = chain(&[None, None, None]);
    let anchors = [anchor];
    for (limit, over) in [(0, true), (1, true), (2, false), (3, false)] {
        let mut asked = question(&leaf, &untrusted, &anchors);
        asked.max_depth = Some(limit);
        let found: Vec<Rule> = validate(&asked).violations.iter().map(Violation::rule).collect();
        assert_eq!(found, if over { vec![Rule::MaxDepth] } else { vec![] }, "{limit}");
    }
}
