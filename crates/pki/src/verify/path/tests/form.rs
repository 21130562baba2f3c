//! Form, dates, keys and usage of one certificate, wherever it stands on the path.

use time::{Duration, OffsetDateTime};

use super::certificate_builder::{
    BEGIN, Draft, END, Holder, key_usage, question, raw_names, rules, tlv,
};
use crate::{
    verify::{
        path::{CertificateRef, Violation, validate, validate_anchor},
        rule::Rule,
    },
    x509::{
        certificate::{Certificate, Extension},
        der, oid,
        usage::Usage,
    },
};

type Change = Box<dyn Fn(Draft) -> Draft>;

/// Validates a chain of three with a change at one place.
fn with_change(
    link: CertificateRef,
    change: &dyn Fn(Draft) -> Draft,
) -> Vec<(Rule, CertificateRef)> {
    let (root, ca, leaf) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=leaf"));
    let changed = |at, draft: Draft| if at == link { change(draft) } else { draft };
    let anchor = changed(CertificateRef::Anchor(0), Draft::ca(&root)).signed_by(&root);
    let intermediate = changed(CertificateRef::Untrusted(0), Draft::ca(&ca)).signed_by(&root);
    let certificate = changed(CertificateRef::Leaf, Draft::leaf(&leaf)).signed_by(&ca);
    rules(&certificate, &[intermediate], &[anchor])
}

#[test]
fn every_certificate_of_a_path_has_to_be_well_formed() {
    let cases: Vec<(Rule, Change)> = vec![
        (Rule::Version, Box::new(|draft| Draft { version: 4, ..draft })),
        (
            Rule::Version,
            Box::new(|draft| {
                let inner_algorithm =
                    der::sequence(&[super::certificate_builder::identifier("1.2.3")]);
                Draft { inner_algorithm, ..draft }
            }),
        ),
        (
            Rule::DuplicateExtension,
            Box::new(|draft| {
                let policy = Extension::new("1.2.3.4", false, vec![5, 0]);
                draft.with(policy.clone()).with_another(policy)
            }),
        ),
        (
            Rule::CriticalExtension,
            Box::new(|draft| draft.with(Extension::new("1.2.3.4", true, vec![5, 0]))),
        ),
        (
            Rule::Malformed,
            Box::new(|draft| draft.with(Extension::new(oid::SUBJECT_ALT_NAME, false, vec![5]))),
        ),
        (
            Rule::Malformed,
            Box::new(|draft| {
                draft.with(Extension::new(oid::SUBJECT_KEY_ID, false, vec![4, 1, 7, 0]))
            }),
        ),
        (
            Rule::Malformed,
            Box::new(|draft| draft.with(Extension::new(oid::NAME_CONSTRAINTS, true, vec![5, 0]))),
        ),
        (
            Rule::Malformed,
            Box::new(|draft| draft.with(Extension::new(oid::POLICY_CONSTRAINTS, true, vec![5, 0]))),
        ),
        (Rule::Expired, Box::new(|draft| Draft { not_after: BEGIN, ..draft })),
        (Rule::NotYetValid, Box::new(|draft| Draft { not_before: END, ..draft })),
    ];

    for link in [CertificateRef::Leaf, CertificateRef::Untrusted(0), CertificateRef::Anchor(0)] {
        assert_eq!(with_change(link, &|draft| draft), []);
        for (rule, change) in &cases {
            assert_eq!(with_change(link, change), [(*rule, link)]);
        }
    }
}

#[test]
fn an_extension_that_is_known_may_be_critical() {
    for oid in [oid::SUBJECT_ALT_NAME, oid::OCSP_NO_CHECK] {
        let value = if oid == oid::OCSP_NO_CHECK { vec![5, 0] } else { vec![0x30, 0] };
        let change = |draft: Draft| draft.with(Extension::new(oid, true, value.clone()));
        assert_eq!(with_change(CertificateRef::Leaf, &change), [], "{oid}");
    }
}

#[test]
fn both_ends_of_the_validity_are_inclusive_for_all_of_a_path() {
    let (root, leaf) = (Holder::new("CN=r"), Holder::new("CN=leaf"));
    let (anchors, certificate) = ([root.root()], Draft::leaf(&leaf).signed_by(&root));

    let cases: [(OffsetDateTime, Option<Rule>); 6] = [
        (BEGIN - Duration::SECOND, Some(Rule::NotYetValid)),
        (BEGIN, None),
        (END, None),
        (END + Duration::milliseconds(999), None),
        (END + Duration::SECOND, Some(Rule::Expired)),
        (END + Duration::days(400), Some(Rule::Expired)),
    ];

    for (at, rule) in cases {
        let mut asked = question(&certificate, &[], &anchors);
        asked.at = at;
        let found: Vec<_> =
            validate(&asked).violations.iter().map(|one| (one.rule(), one.link)).collect();
        let links = [CertificateRef::Leaf, CertificateRef::Anchor(0)];
        let expected: Vec<_> =
            rule.iter().flat_map(|rule| links.map(|link| (*rule, link))).collect();
        assert_eq!(found, expected, "at {at}");
    }
}

#[test]
fn an_issuer_has_to_be_a_ca_that_may_sign_certificates() {
    let not_a_ca = Extension::new(oid::BASIC_CONSTRAINTS, true, vec![0x30, 0]);
    let cases: Vec<(&str, Option<Rule>, Change)> = vec![
        ("CA:FALSE", Some(Rule::IssuerNotCa), {
            let not_a_ca = not_a_ca.clone();
            Box::new(move |draft| draft.with(not_a_ca.clone()))
        }),
        (
            "no constraints",
            Some(Rule::IssuerNotCa),
            Box::new(|d| d.without(oid::BASIC_CONSTRAINTS)),
        ),
        ("cRLSign alone", Some(Rule::KeyUsage), Box::new(|d| d.with(key_usage(0b10)))),
        ("no keyUsage", None, Box::new(|d| d.without(oid::KEY_USAGE))),
    ];

    for link in [CertificateRef::Untrusted(0), CertificateRef::Anchor(0)] {
        for (case, rule, change) in &cases {
            let expected: Vec<_> = rule.iter().map(|rule| (*rule, link)).collect();
            assert_eq!(with_change(link, change), expected, "{case} at {link:?}");
        }
    }
    let old = |draft: Draft| {
        let draft = draft.without(oid::BASIC_CONSTRAINTS).without(oid::KEY_USAGE);
        Draft { version: 1, ..draft }
    };
    assert_eq!(
        with_change(CertificateRef::Anchor(0), &old),
        [],
        "an anchor of version 1 is a CA because it is trusted"
    );
    let found = with_change(CertificateRef::Untrusted(0), &old);
    assert_eq!(found, [(Rule::IssuerNotCa, CertificateRef::Untrusted(0))]);
}

#[test]
fn an_anchor_has_the_same_violations_alone_and_above_others() {
    let root = Holder::new("CN=r");
    assert_eq!(validate_anchor(&root.root(), BEGIN), []);
    let bad = Draft::ca(&root).without(oid::BASIC_CONSTRAINTS).signed_by(&root);
    let found: Vec<Rule> =
        validate_anchor(&bad, END + Duration::SECOND).iter().map(Violation::rule).collect();
    assert_eq!(found, [Rule::Expired, Rule::IssuerNotCa]);
}

#[test]
fn extended_key_usage_binds_the_leaf_and_all_above_it() {
    let purposes = |oids: &[&str]| {
        let oids: Vec<Vec<u8>> =
            oids.iter().map(|oid| super::certificate_builder::identifier(oid)).collect();
        Extension::new(oid::EXTENDED_KEY_USAGE, false, der::sequence(&oids))
    };
    let code_signing = "1.3.6.1.5.5.7.3.3";
    let cases: [(&[&str], Usage, bool); 8] = [
        (&[oid::SERVER_AUTH], Usage::Server, true),
        (&[oid::SERVER_AUTH], Usage::Client, false),
        (&[oid::CLIENT_AUTH], Usage::Server, false),
        (&[oid::SERVER_AUTH], Usage::Peer, false),
        (&[oid::SERVER_AUTH, oid::CLIENT_AUTH], Usage::Peer, true),
        (&[oid::SERVER_AUTH, oid::CLIENT_AUTH], Usage::Client, true),
        (&[oid::ANY_USAGE, oid::SERVER_AUTH], Usage::Server, true),
        (&[code_signing], Usage::Server, false),
    ];

    for (oids, usage, good) in cases {
        for link in [CertificateRef::Leaf, CertificateRef::Untrusted(0), CertificateRef::Anchor(0)]
        {
            let (root, ca) = (Holder::new("CN=r"), Holder::new("CN=ca"));
            let at =
                |here, draft: Draft| if here == link { draft.with(purposes(oids)) } else { draft };
            let anchors = [at(CertificateRef::Anchor(0), Draft::ca(&root)).signed_by(&root)];
            let untrusted = [at(CertificateRef::Untrusted(0), Draft::ca(&ca)).signed_by(&root)];
            let leaf =
                at(CertificateRef::Leaf, Draft::leaf(&Holder::new("CN=leaf"))).signed_by(&ca);
            let mut asked = question(&leaf, &untrusted, &anchors);
            asked.usage = Some(usage);
            let found: Vec<_> =
                validate(&asked).violations.iter().map(|b| (b.rule(), b.link)).collect();
            let expected = if good { vec![] } else { vec![(Rule::Usage, link)] };
            assert_eq!(found, expected, "{oids:?} as {usage} at {link:?}");

            asked.usage = None;
            assert_eq!(validate(&asked).violations, [], "{oids:?} at {link:?}, no usage asked");
        }
    }
}

#[test]
fn the_key_of_a_leaf_has_to_do_what_tls_does_with_it() {
    let cases = [
        (0b1000_0000, Usage::Peer, true),
        (0b0010_0000, Usage::Server, true),
        (0b0010_0000, Usage::Client, false),
        (0b0100_0000, Usage::Server, false),
        (0b0000_1000, Usage::Peer, true),
    ];

    for (bits, usage, good) in cases {
        let root = Holder::new("CN=r");
        let leaf = Draft::leaf(&Holder::new("CN=leaf")).with(key_usage(bits)).signed_by(&root);
        let anchors = [root.root()];
        let mut asked = question(&leaf, &[], &anchors);
        asked.usage = Some(usage);
        let found: Vec<Rule> = validate(&asked).violations.iter().map(Violation::rule).collect();
        let expected = if good { vec![] } else { vec![Rule::KeyUsage] };
        assert_eq!(found, expected, "{bits:08b} as {usage}");
    }
}

#[test]
fn a_ca_as_the_leaf_is_what_rfc_5280_allows() {
    let (root, ca) = (Holder::new("CN=r"), Holder::new("CN=ca"));
    let certificate = Draft::ca(&ca).signed_by(&root);
    assert_eq!(rules(&certificate, &[], &[root.root()]), []);
}

#[test]
fn an_empty_issuer_is_malformed() {
    let other = Holder::new("CN=other");
    let mut draft = Draft::ca(&other);
    let empty = crate::x509::name::Name::from_der(&[0x30, 0]).unwrap();
    draft.subject = empty.clone();
    let holder = Holder { name: empty, ..other };
    let anchor = draft.signed_by(&holder);
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&holder);
    let found = rules(&leaf, &[], &[anchor]);
    assert_eq!(
        found,
        [(Rule::Malformed, CertificateRef::Leaf), (Rule::Malformed, CertificateRef::Anchor(0))]
    );
}

#[test]
fn names_that_differ_in_case_space_and_string_type_chain() {
    let root = Holder::new("CN=Good Root,O=Example");
    let anchors = [root.root()];
    let root = root.called("CN=good  ROOT ,O= example");
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&root);
    assert_eq!(rules(&leaf, &[], &anchors), []);

    let other = root.called("CN=goodroot,O=example");
    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&other);
    assert_eq!(rules(&leaf, &[], &anchors), [(Rule::Chain, CertificateRef::Leaf)]);
}

#[test]
fn no_truncation_and_no_flipped_bit_of_a_leaf_is_a_panic_or_accepted() {
    let (root, ca) = (Holder::new("CN=r"), Holder::new("CN=ca"));
    let anchors = [root.root()];
    let intermediate = Draft::ca(&ca).signed_by(&root);
    let leaf = Draft::leaf(&Holder::new("CN=leaf"))
        .with(raw_names(&[tlv(0x82, b"a.b"), tlv(0x87, &[1, 2, 3, 4])]))
        .signed_by(&ca);
    for bit in 0..leaf.der().len() * 8 {
        let mut flipped = leaf.der().to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let Ok(flipped) = Certificate::from_der(flipped) else { continue };
        let found = rules(&flipped, std::slice::from_ref(&intermediate), &anchors);
        assert_ne!(found, [], "bit {bit}");
    }
}
