//! Certificate policies.

use super::certificate_builder::{Draft, Holder, identifier, rules, tlv};
use crate::{
    verify::rule::Rule,
    x509::{
        certificate::{Certificate, Extension},
        der, oid,
    },
};

const ANY: &str = "2.5.29.32.0";

/// What one certificate of a chain says.
#[derive(Clone, Default)]
struct Says {
    policies: &'static [&'static str],
    mappings: &'static [(&'static str, &'static str)],
    explicit: Option<u8>,
    no_mapping: Option<u8>,
    no_any: Option<u8>,
    self_issued: bool,
}

impl Says {
    fn extend(&self, mut draft: Draft) -> Draft {
        let sequence = |parts: Vec<Vec<u8>>| der::sequence(&parts);
        if !self.policies.is_empty() {
            let policies = self.policies.iter().map(|oid| sequence(vec![identifier(oid)]));
            let value = sequence(policies.collect());
            draft = draft.with(Extension::new(oid::CERTIFICATE_POLICIES, false, value));
        }
        if !self.mappings.is_empty() {
            let pair = |(from, to): &(&str, &str)| sequence(vec![identifier(from), identifier(to)]);
            let value = sequence(self.mappings.iter().map(pair).collect());
            draft = draft.with(Extension::new(oid::POLICY_MAPPINGS, true, value));
        }
        let limits: Vec<Vec<u8>> = [(0x80, self.explicit), (0x81, self.no_mapping)]
            .into_iter()
            .filter_map(|(tag, limit)| limit.map(|limit| tlv(tag, &[limit])))
            .collect();
        if !limits.is_empty() {
            draft = draft.with(Extension::new(oid::POLICY_CONSTRAINTS, true, sequence(limits)));
        }
        if let Some(limit) = self.no_any {
            draft = draft.with(Extension::new(oid::INHIBIT_ANY_POLICY, true, tlv(2, &[limit])));
        }
        draft
    }
}

/// Whether a chain is good, from below the root to the leaf.
fn is_good(chain: &[Says]) -> bool {
    let root = Holder::new("CN=r");
    let anchor = root.root();
    let mut issuer = root;
    let mut certificates: Vec<Certificate> = Vec::new();
    for (at, says) in chain.iter().enumerate() {
        let name = if says.self_issued { issuer.name.to_string() } else { format!("CN=c{at}") };
        let holder = Holder::new(&name);
        let is_leaf = at + 1 == chain.len();
        let draft = if is_leaf { Draft::leaf(&holder) } else { Draft::ca(&holder) };
        certificates.push(says.extend(draft).signed_by(&issuer));
        issuer = holder;
    }
    let leaf = certificates.pop().unwrap();
    let found = rules(&leaf, &certificates, &[anchor]);
    assert!(found.iter().all(|(rule, _)| *rule == Rule::Policy), "{found:?}");
    found.is_empty()
}

#[test]
fn policies_are_validated_by_rfc_5280() {
    const A: &str = "1.2.3.1";
    const B: &str = "1.2.3.2";
    const C: &str = "1.2.3.3";
    let says = Says::default;
    let of = |policies| Says { policies, ..Says::default() };
    let required = |policies| Says { explicit: Some(0), ..of(policies) };

    let cases: Vec<(&str, Vec<Says>, bool)> = vec![
        ("nothing said, nothing required", vec![says(), says()], true),
        ("different, not required", vec![of(&[A]), of(&[B])], true),
        ("required and there", vec![required(&[A]), of(&[A])], true),
        ("required and missing", vec![required(&[A]), says()], false),
        ("required and different", vec![required(&[A]), of(&[B])], false),
        ("required by the leaf itself", vec![of(&[A]), required(&[B])], false),
        ("required by the leaf and there", vec![of(&[A]), required(&[A])], true),
        ("required later than there are", vec![Says { explicit: Some(2), ..says() }, says()], true),
        (
            "required from the second on",
            vec![Says { explicit: Some(1), ..says() }, says(), says()],
            false,
        ),
        (
            "self-issued ones do not count",
            vec![
                Says { explicit: Some(2), ..says() },
                Says { self_issued: true, ..says() },
                says(),
            ],
            true,
        ),
        ("any above", vec![required(&[ANY]), of(&[A])], true),
        ("any below", vec![required(&[A]), of(&[ANY])], true),
        ("any is inhibited", vec![Says { no_any: Some(0), ..required(&[A]) }, of(&[ANY])], false),
        (
            "any is inhibited one later",
            vec![Says { no_any: Some(1), ..required(&[A]) }, of(&[ANY]), of(&[ANY])],
            false,
        ),
        (
            "any is not inhibited for a self-issued CA",
            vec![
                Says { no_any: Some(0), ..required(&[A]) },
                Says { self_issued: true, ..of(&[ANY]) },
                of(&[A]),
            ],
            true,
        ),
        ("mapped", vec![Says { mappings: &[(A, B)], ..required(&[A]) }, of(&[B])], true),
        ("mapped away", vec![Says { mappings: &[(A, B)], ..required(&[A]) }, of(&[A])], false),
        (
            "mapped twice",
            vec![
                Says { mappings: &[(A, B)], ..required(&[A]) },
                Says { mappings: &[(B, C)], ..of(&[B]) },
                of(&[C]),
            ],
            true,
        ),
        (
            "mapping is inhibited",
            vec![
                Says { no_mapping: Some(0), ..required(&[A]) },
                Says { mappings: &[(A, B)], ..of(&[A]) },
                of(&[B]),
            ],
            false,
        ),
        ("mapped from any", vec![Says { mappings: &[(ANY, A)], ..of(&[ANY]) }, of(&[A])], false),
        (
            "mapped out of any's space",
            vec![Says { mappings: &[(A, B)], ..required(&[ANY]) }, of(&[B])],
            true,
        ),
    ];
    for (case, chain, good) in cases {
        assert_eq!(is_good(&chain), good, "{case}");
    }
}

#[test]
fn mappings_cannot_make_the_work_explode() {
    // In a tree, each level would have twice the nodes of the one above it.
    let both: &'static [(&str, &str)] = &[
        ("1.2.3.1", "1.2.3.1"),
        ("1.2.3.1", "1.2.3.2"),
        ("1.2.3.2", "1.2.3.1"),
        ("1.2.3.2", "1.2.3.2"),
    ];
    let says = Says { policies: &["1.2.3.1", "1.2.3.2"], mappings: both, ..Says::default() };
    let mut chain = vec![says; 40];
    chain[39].mappings = &[];
    chain[0].explicit = Some(0);
    assert!(is_good(&chain));
}
