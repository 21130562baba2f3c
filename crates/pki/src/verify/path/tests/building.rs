//! Which path is found among many, and how long that takes.

use super::certificate_builder::{Draft, Holder, NOW, question, rules, violations};
use crate::{
    cpu_time::within,
    verify::{
        path::{CertificateRef, validate},
        rule::Rule,
    },
    x509::certificate::Certificate,
};

#[test]
fn a_path_is_built_from_a_bundle_in_any_order_with_unrelated_certificates() {
    let (root, upper, lower, leaf) =
        (Holder::new("CN=r"), Holder::new("CN=u"), Holder::new("CN=l"), Holder::new("CN=leaf"));
    let unrelated = Holder::new("CN=unrelated").root();
    let anchors = [unrelated.clone(), root.root()];
    let untrusted = [
        unrelated,
        Draft::ca(&upper).signed_by(&root),
        root.root(),
        Draft::ca(&lower).signed_by(&upper),
    ];
    let certificate = Draft::leaf(&leaf).signed_by(&lower);

    let result = validate(&question(&certificate, &untrusted, &anchors));

    assert_eq!(result.violations, []);
    let expected = [
        CertificateRef::Leaf,
        CertificateRef::Untrusted(3),
        CertificateRef::Untrusted(1),
        CertificateRef::Anchor(1),
    ];
    assert_eq!(result.path, expected);
}

#[test]
fn a_dead_end_does_not_end_the_search() {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let mut expired = Draft::ca(&ca);
    expired.not_after = NOW - time::Duration::DAY;
    let untrusted = [
        Draft::ca(&ca).signed_by(&Holder::new("CN=other")),
        expired.signed_by(&root),
        Draft::ca(&ca).signed_by(&Holder::new("CN=r")),
        Draft::ca(&ca).without("2.5.29.19").signed_by(&root),
        Draft::ca(&Holder::new("CN=ca")).signed_by(&root),
        Draft::ca(&ca).signed_by(&root),
    ];
    let certificate = Draft::leaf(&leaf).signed_by(&ca);

    let anchors = [root.root()];
    let result = validate(&question(&certificate, &untrusted, &anchors));

    assert_eq!(result.violations, []);
    assert_eq!(result.path[1], CertificateRef::Untrusted(5));
}

#[test]
fn the_path_with_the_lowest_cost_is_returned_if_none_is_valid() {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let mut expired = Draft::ca(&ca);
    expired.not_after = NOW - time::Duration::DAY;
    let untrusted = [
        expired.clone().without("2.5.29.19").signed_by(&root),
        expired.signed_by(&root),
        Draft::ca(&ca).signed_by(&Holder::new("CN=r")),
    ];
    let certificate = Draft::leaf(&leaf).signed_by(&ca);

    let found = rules(&certificate, &untrusted, &[root.root()]);

    assert_eq!(found, [(Rule::Expired, CertificateRef::Untrusted(1))]);
}

#[test]
fn a_signature_of_another_key_is_a_violation() {
    let (root, leaf) = (Holder::new("CN=r"), Holder::new("CN=leaf"));
    let certificate = Draft::leaf(&leaf).signed_by(&Holder::new("CN=r"));

    let found = rules(&certificate, &[], &[root.root()]);

    assert_eq!(found, [(Rule::Signature, CertificateRef::Leaf)]);
}

#[test]
fn without_a_trust_anchor_the_result_is_the_longest_path() {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let untrusted = [Draft::ca(&ca).signed_by(&root)];
    let certificate = Draft::leaf(&leaf).signed_by(&ca);

    let anchors = [Holder::new("CN=other").root()];
    let result = validate(&question(&certificate, &untrusted, &anchors));

    assert_eq!(result.path, [CertificateRef::Leaf, CertificateRef::Untrusted(0)]);
    assert_eq!(result.violations.len(), 1);
    assert_eq!(result.violations[0].rule(), Rule::Chain);
    assert_eq!(result.violations[0].link, CertificateRef::Untrusted(0));
    assert_eq!(result.violations[0].detail, "has the issuer `CN=r`, which is not available");
}

#[test]
fn a_certificate_that_breaks_three_rules_has_three_breaches() {
    let (root, leaf) = (Holder::new("CN=r"), Holder::new("CN=leaf"));
    let mut draft = Draft::leaf(&leaf).with(super::certificate_builder::key_usage(0b0000_0010));
    draft.not_after = NOW - time::Duration::SECOND;
    let certificate = draft.signed_by(&Holder::new("CN=r"));

    let found = rules(&certificate, &[], &[root.root()]);

    let expected =
        [Rule::Expired, Rule::KeyUsage, Rule::Signature].map(|rule| (rule, CertificateRef::Leaf));
    assert_eq!(found, expected);
}

#[test]
fn an_anchor_ends_a_path_and_may_be_the_leaf_itself() {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let intermediate = Draft::ca(&ca).signed_by(&root);
    let certificate = Draft::leaf(&leaf).signed_by(&ca);

    assert_eq!(violations(&certificate, &[], &[intermediate]), []);
    let anchors = [certificate.clone()];
    let result = validate(&question(&certificate, &[], &anchors));
    assert_eq!((result.path, result.violations), (vec![CertificateRef::Anchor(0)], vec![]));
}

#[test]
fn cycles_end() {
    let (a, b, leaf) = (Holder::new("CN=a"), Holder::new("CN=b"), Holder::new("CN=leaf"));
    let twin = Holder::new("CN=a");
    let untrusted = [
        Draft::ca(&a).signed_by(&b),
        Draft::ca(&b).signed_by(&a),
        Draft::ca(&twin).signed_by(&a),
        Draft::ca(&a).signed_by(&twin),
        a.root(),
    ];
    let certificate = Draft::leaf(&leaf).signed_by(&a);

    let found = rules(&certificate, &untrusted, &[Holder::new("CN=r").root()]);

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Rule::Chain);
}

#[test]
fn a_chain_may_be_36_deep() {
    let root = Holder::new("CN=r");
    let holders: Vec<Holder> = (0..36).map(|at| Holder::new(&format!("CN=ca {at}"))).collect();
    let issuers = std::iter::once(&root).chain(&holders);
    let mut untrusted: Vec<Certificate> =
        holders.iter().zip(issuers).map(|(ca, by)| Draft::ca(ca).signed_by(by)).collect();
    untrusted.reverse();
    let certificate = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&holders[35]);

    let anchors = [root.root()];
    let result = validate(&question(&certificate, &untrusted, &anchors));

    assert_eq!(result.violations, []);
    assert_eq!(result.path.len(), 38);
}

#[test]
fn a_thousand_cas_with_the_same_name_take_less_than_a_second() {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let certificate = Draft::leaf(&leaf).signed_by(&ca);
    let same_name = |name: &'static str| move |_| Holder::new(name);
    let below_root: Vec<Certificate> =
        (0..1000).map(same_name("CN=ca")).map(|twin| Draft::ca(&twin).signed_by(&root)).collect();
    let self_signed: Vec<Certificate> =
        (0..1000).map(same_name("CN=ca")).map(|twin| twin.root()).collect();
    let by_one_another: Vec<Certificate> =
        (0..1000).map(same_name("CN=r")).map(|twin| Draft::ca(&twin).signed_by(&root)).collect();
    let genuine = |mut bundle: Vec<Certificate>| {
        bundle.push(Draft::ca(&ca).signed_by(&root));
        bundle
    };

    let cases = [
        ("the last of a thousand", genuine(below_root.clone()), None),
        ("none of a thousand", below_root, Some(Rule::Signature)),
        ("the last behind self-signed ones", genuine(self_signed.clone()), None),
        ("self-signed ones alone", self_signed, Some(Rule::Chain)),
        ("a thousand with the root's name", genuine(by_one_another), None),
    ];
    let anchors = [root.root()];
    for (case, bundle, rule) in cases {
        let found = within(1, case, || rules(&certificate, &bundle, &anchors));

        assert_eq!(found.first().map(|(rule, _)| *rule), rule, "{case}");
    }
}

#[test]
fn cas_that_all_sign_for_each_other_take_less_than_a_second() {
    let root = Holder::new("CN=r");
    let cas: Vec<Holder> = (0..25).map(|at| Holder::new(&format!("CN=ca {at}"))).collect();
    let mut untrusted = Vec::new();
    for ca in &cas {
        untrusted.extend(cas.iter().map(|by| Draft::ca(ca).signed_by(by)));
    }
    untrusted.push(Draft::ca(&cas[24]).signed_by(&root));
    let certificate = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&cas[0]);
    let mut expired = Draft::ca(&root);
    expired.not_after = NOW - time::Duration::SECOND;

    for (anchor, rule) in [(root.root(), None), (expired.signed_by(&root), Some(Rule::Expired))] {
        let anchors = std::slice::from_ref(&anchor);
        let found = within(1, "the search", || rules(&certificate, &untrusted, anchors));

        assert_eq!(found.first().map(|(rule, _)| *rule), rule);
    }
}
