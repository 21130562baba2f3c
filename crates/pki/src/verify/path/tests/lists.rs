//! Revocation lists.

use super::certificate_builder::{
    BEGIN, Draft, Holder, NOW, key_usage, list, old_list, question, tlv,
};
use crate::{
    verify::{
        path::{CertificateRef, Violation, validate},
        rule::Rule,
    },
    x509::{
        certificate::{Certificate, Extension},
        crl::Crl,
        der, oid,
    },
};

fn number(of: u8) -> Extension {
    Extension::new(oid::CRL_NUMBER, false, vec![2, 1, of])
}

/// An issuingDistributionPoint with one flag (by its tag) set.
fn about(tag: u8) -> Extension {
    Extension::new(oid::ISSUING_DISTRIBUTION_POINT, true, der::sequence(&[tlv(tag, &[0xFF])]))
}

fn found(
    leaf: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
    lists: &[Crl],
) -> Vec<(Rule, CertificateRef)> {
    let mut asked = question(leaf, untrusted, anchors);
    asked.revocation = lists;
    validate(&asked).violations.iter().map(|violation| (violation.rule(), violation.link)).collect()
}

#[test]
fn a_list_counts_only_if_it_can_be_believed() {
    let (root, other) = (Holder::new("CN=r"), Holder::new("CN=other"));
    let anchors = [root.root(), other.root()];
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&root);
    let critical = Extension::new("1.2.3.4", true, vec![5, 0]);
    let critical_number = Extension::new(oid::CRL_NUMBER, true, vec![2, 1, 1]);
    let delta = Extension::new(oid::DELTA_CRL, true, vec![2, 1, 1]);

    let cases: Vec<(&str, Vec<Crl>, Option<Rule>)> = vec![
        ("not on it", vec![list(&root, &[7], &[number(1)])], None),
        ("an empty one", vec![list(&root, &[], &[number(1)])], None),
        ("on it", vec![list(&root, &[7, 1], &[number(1)])], Some(Rule::Revoked)),
        ("of another issuer", vec![list(&other, &[], &[number(1)])], Some(Rule::Crl)),
        (
            "on one of another issuer",
            vec![list(&root, &[], &[number(1)]), list(&other, &[1], &[number(1)])],
            None,
        ),
        ("of another key", vec![list(&Holder::new("CN=r"), &[], &[number(1)])], Some(Rule::Crl)),
        ("without a number", vec![list(&root, &[], &[])], Some(Rule::Crl)),
        ("a critical number", vec![list(&root, &[], &[critical_number])], Some(Rule::Crl)),
        ("critical", vec![list(&root, &[], &[number(1), critical])], Some(Rule::Crl)),
        ("a delta alone", vec![list(&root, &[], &[number(2), delta.clone()])], Some(Rule::Crl)),
        (
            "on a delta",
            vec![list(&root, &[], &[number(1)]), list(&root, &[1], &[number(2), delta.clone()])],
            Some(Rule::Revoked),
        ),
        (
            "on a delta that is older",
            vec![list(&root, &[], &[number(3)]), list(&root, &[1], &[number(2), delta])],
            None,
        ),
        ("about users", vec![list(&root, &[], &[number(1), about(0x81)])], None),
        ("about CAs", vec![list(&root, &[], &[number(1), about(0x82)])], Some(Rule::Crl)),
        ("about attributes", vec![list(&root, &[], &[number(1), about(0x85)])], Some(Rule::Crl)),
    ];
    for (case, lists, rule) in cases {
        let expected: Vec<_> = rule.iter().map(|rule| (*rule, CertificateRef::Leaf)).collect();
        assert_eq!(found(&leaf, &[], &anchors, &lists), expected, "{case}");
    }
}

#[test]
fn the_newest_list_of_a_scope_counts_in_any_order() {
    let (root, other) = (Holder::new("CN=r"), Holder::new("CN=r"));
    let anchors = [root.root()];
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&root);
    let clear = |of| list(&root, &[7], &[number(of)]);
    let revoked = |of| list(&root, &[1], &[number(of)]);
    let day = time::Duration::DAY;

    let cases: Vec<(&str, Vec<Crl>, Option<Rule>)> = vec![
        ("the newer one revokes", vec![clear(1), revoked(2)], Some(Rule::Revoked)),
        ("the newer one no longer does", vec![revoked(1), clear(2)], None),
        ("numbers are not compared as text", vec![clear(9), revoked(10)], Some(Rule::Revoked)),
        ("of another key", vec![clear(1), list(&other, &[1], &[number(2)])], None),
        (
            "of another scope, which counts, too",
            vec![clear(2), list(&root, &[1], &[number(1), about(0x81)])],
            Some(Rule::Revoked),
        ),
        ("version 1", vec![old_list(&root, &[7], BEGIN)], None),
        (
            "version 1, by date",
            vec![old_list(&root, &[], BEGIN), old_list(&root, &[1], NOW)],
            Some(Rule::Revoked),
        ),
        (
            "version 1 after a number",
            vec![clear(4), old_list(&root, &[1], BEGIN + day)],
            Some(Rule::Revoked),
        ),
        ("not yet begun", vec![clear(1), old_list(&root, &[1], NOW + day)], None),
    ];
    for (case, lists, rule) in cases {
        let expected: Vec<_> = rule.iter().map(|rule| (*rule, CertificateRef::Leaf)).collect();
        assert_eq!(found(&leaf, &[], &anchors, &lists), expected, "{case}");
        let reversed: Vec<_> = lists.into_iter().rev().collect();
        assert_eq!(found(&leaf, &[], &anchors, &reversed), expected, "{case}, reversed");
    }
}

#[test]
fn dates_of_lists_are_inclusive() {
    let root = Holder::new("CN=r");
    let mut anchor = Draft::ca(&root);
    anchor.not_before -= time::Duration::DAY;
    anchor.not_after += time::Duration::DAY;
    let mut leaf = Draft::leaf(&Holder::new("CN=leaf"));
    leaf.not_before -= time::Duration::DAY;
    leaf.not_after += time::Duration::DAY;
    let (anchors, leaf) = ([anchor.signed_by(&root)], leaf.signed_by(&root));
    let lists = [list(&root, &[], &[number(1)])];
    let (begin, end) = (lists[0].this_update(), lists[0].next_update().unwrap());

    let second = time::Duration::SECOND;
    for (at, good) in
        [(begin - second, false), (begin, true), (NOW, true), (end, true), (end + second, false)]
    {
        let mut asked = question(&leaf, &[], &anchors);
        asked.revocation = &lists;
        asked.at = at;
        let rules: Vec<Rule> = validate(&asked).violations.iter().map(Violation::rule).collect();
        assert_eq!(rules, if good { vec![] } else { vec![Rule::Crl] }, "at {at}");
    }
}

#[test]
fn every_certificate_below_the_anchor_needs_a_list() {
    let (root, ca) = (Holder::new("CN=r"), Holder::new("CN=ca"));
    let anchors = [root.root()];
    let mut intermediate = Draft::ca(&ca);
    intermediate.serial = vec![5];
    let untrusted = [intermediate.signed_by(&root)];
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&ca);
    let (of_root, of_ca) = (list(&root, &[1], &[number(1)]), list(&ca, &[5], &[number(1)]));

    let cases = [
        (vec![of_root.clone(), of_ca.clone()], vec![]),
        (vec![of_ca.clone()], vec![(Rule::Crl, CertificateRef::Untrusted(0))]),
        (vec![of_root], vec![(Rule::Crl, CertificateRef::Leaf)]),
        (
            vec![list(&root, &[5], &[number(1)]), of_ca],
            vec![(Rule::Revoked, CertificateRef::Untrusted(0))],
        ),
    ];
    for (lists, expected) in cases {
        assert_eq!(found(&leaf, &untrusted, &anchors, &lists), expected);
    }
}

#[test]
fn a_key_that_only_signs_crls_is_validated() {
    let (root, ca, signer) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=ca"));
    let anchors = [root.root()];
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&ca);
    let for_lists = |bits| {
        let mut draft = Draft::leaf(&signer).with(key_usage(bits));
        draft.serial = vec![9];
        draft.signed_by(&root)
    };
    let lists =
        |revoked: &[u8]| [list(&root, revoked, &[number(1)]), list(&signer, &[], &[number(1)])];
    let intermediate = Draft::ca(&ca).signed_by(&root);

    let cases = [
        ("may sign lists", for_lists(0b10), lists(&[]), true),
        ("may not sign lists", for_lists(0b1000_0000), lists(&[]), false),
        ("is revoked", for_lists(0b10), lists(&[9]), false),
        (
            "is of another CA",
            Draft::leaf(&signer).with(key_usage(2)).signed_by(&signer),
            lists(&[]),
            false,
        ),
    ];
    for (case, certificate, lists, good) in cases {
        let found = found(&leaf, &[intermediate.clone(), certificate], &anchors, &lists);
        let expected = if good { vec![] } else { vec![(Rule::Crl, CertificateRef::Leaf)] };
        assert_eq!(found, expected, "{case}");
    }
}
