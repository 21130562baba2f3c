//! Name constraints: each kind of name with its boundary.

use super::certificate_builder::{Draft, Holder, constraints, identifier, raw_names, rules, tlv};
use crate::{
    verify::{path::CertificateRef, rule::Rule},
    x509::name::Name,
};

const MAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const OTHER: u8 = 0xA0;
const DIRECTORY: u8 = 0xA4;
const URI: u8 = 0x86;
const IP: u8 = 0x87;
const REGISTERED: u8 = 0x88;

fn directory(text: &str) -> Vec<u8> {
    text.parse::<Name>().unwrap().der().to_vec()
}

/// Whether a leaf with that one name is allowed where that base is permitted, and where it is excluded.
fn verdicts(tag: u8, base: &[u8], name_tag: u8, name: &[u8]) -> (bool, bool) {
    let root = Holder::new("CN=r");
    let leaf = Draft::leaf(&Holder::new("CN=leaf"))
        .with(raw_names(&[tlv(name_tag, name)]))
        .signed_by(&root);
    let base = [tlv(tag, base)];
    let [permitted, excluded] =
        [(&base[..], &[][..]), (&[], &base)].map(|(permitted, excluded)| {
            let anchor = Draft::ca(&root).with(constraints(permitted, excluded)).signed_by(&root);
            let mut found = rules(&leaf, &[], &[anchor]);
            // Some of the names and bases are malformed besides.
            found.retain(|(rule, _)| *rule != Rule::Malformed);
            assert!(
                found.is_empty() || found == [(Rule::NameConstraints, CertificateRef::Leaf)],
                "{found:?}"
            );
            found.is_empty()
        });
    (permitted, excluded)
}

#[test]
fn names_are_within_a_base_or_not() {
    let cases: [(u8, &[u8], &[u8], bool); 44] = [
        (DNS, b"example.com", b"example.com", true),
        (DNS, b"example.com", b"EXAMPLE.com", true),
        (DNS, b"example.com", b"a.b.example.com", true),
        (DNS, b"example.com", b"notexample.com", false),
        (DNS, b"example.com", b"com", false),
        (DNS, b"host.example.com", b"example.com", false),
        (DNS, b".example.com", b"a.example.com", true),
        (DNS, b".example.com", b"example.com", false),
        (DNS, b"", b"anything.at.all", true),
        (DNS, b"example.com", b"*.example.com", true),
        (DNS, b"b.example.com", b"*.b.example.com", true),
        (DNS, b"a.b.example.com", b"*.example.com", false),
        (MAIL, b"example.com", b"a@example.com", true),
        (MAIL, b"example.com", b"a@EXAMPLE.com", true),
        (MAIL, b"example.com", b"a@b.example.com", false),
        (MAIL, b".example.com", b"a@b.example.com", true),
        (MAIL, b".example.com", b"a@example.com", false),
        (MAIL, b"a@example.com", b"a@example.com", true),
        (MAIL, b"a@example.com", b"A@example.com", false),
        (MAIL, b"a@example.com", b"b@example.com", false),
        (MAIL, b"*@example.com", b"a@example.com", false),
        (URI, b"example.com", b"https://example.com/x", true),
        (URI, b"example.com", b"https://user@example.com:8443?q", true),
        (URI, b"example.com", b"https://a.example.com/", false),
        (URI, b".example.com", b"https://a.example.com/", true),
        (URI, b".example.com", b"https://example.com/", false),
        (IP, &[10, 1, 0, 0, 255, 255, 0, 0], &[10, 1, 2, 3], true),
        (IP, &[10, 1, 0, 0, 255, 255, 0, 0], &[10, 2, 2, 3], false),
        (IP, &[10, 1, 0, 0, 255, 254, 0, 0], &[10, 0, 2, 3], true),
        (IP, &[0; 8], &[1, 2, 3, 4], true),
        (IP, &[0; 8], &[0; 16], false),
        (IP, &[0; 32], &[0; 16], true),
        (IP, &[1, 2, 3, 4, 255, 255, 255, 255], &[1, 2, 3, 4], true),
        (IP, &[1, 2, 3, 4, 255, 255, 255, 255], &[1, 2, 3, 5], false),
        (DNS, b"a.example.com", b"b.example.com", false),
        (DNS, b"com", b"a.com", true),
        (DNS, b"e.com", b"example.e.com", true),
        (URI, b"example.com", b"ftp://EXAMPLE.com", true),
        (URI, b"example.com", b"https://example.com.evil.net/", false),
        (URI, b"example.com", b"https://evil.net/example.com", false),
        (URI, b"example.com", b"https://example.com@evil.net/", false),
        (MAIL, b"example.com", b"\"a@b\"@example.com", true),
        (MAIL, b"b", b"a@b", true),
        (MAIL, b"b", b"a@c", false),
    ];

    for (tag, base, name, within) in cases {
        let shown = (String::from_utf8_lossy(base), String::from_utf8_lossy(name));
        assert_eq!(verdicts(tag, base, tag, name), (within, !within), "{shown:?}");
    }
    let names = [
        ("CN=c,O=a", "O=a", true),
        ("CN=c,O=A ", "O=a", true),
        ("O=a", "CN=c,O=a", false),
        ("CN=c,O=b", "O=a", false),
    ];
    for (name, base, within) in names {
        let root = Holder::new("CN=r");
        let leaf = Draft::leaf(&Holder::new(name)).signed_by(&root);
        let base = [tlv(DIRECTORY, &directory(base))];
        for (extension, good) in
            [(constraints(&base, &[]), within), (constraints(&[], &base), !within)]
        {
            let anchor = Draft::ca(&root).with(extension).signed_by(&root);
            assert_eq!(rules(&leaf, &[], &[anchor]).is_empty(), good, "{name} in {base:?}");
        }
    }
}

#[test]
fn a_malformed_name_is_neither_permitted_nor_exempt_from_exclusion() {
    let cases: [(u8, &[u8], &[u8]); 16] = [
        (URI, b"example.com", b"javascript:alert('://example.com/')"),
        (URI, b"example.com", b"://example.com/"),
        (URI, b"example.com", b"mailto:a@example.com"),
        (URI, b"", b"urn:x"),
        (DNS, b"example.com", b".example.com"),
        (DNS, b"example.com", b"a..example.com"),
        (DNS, b"example.com", b"f*o.example.com"),
        (DNS, b"example.com", b"a.example.com."),
        (MAIL, b"example.com", b"example.com"),
        (MAIL, b"example.com", b"a@b@example.com"),
        (URI, b"example.com", b"urn:example.com"),
        (URI, b"example.com", b"https://10.0.0.1/"),
        (URI, b"example.com", b"https://[::1]/"),
        (IP, &[10, 0, 0, 0, 255, 0, 0, 0], &[10, 0, 0, 0, 255, 0, 0, 0]),
        (IP, &[10, 0, 0, 0, 255, 0, 0, 0], &[]),
        (REGISTERED, &[0x2A, 3], &[0x2A, 3]),
    ];

    for (tag, base, name) in cases {
        let shown = String::from_utf8_lossy(name);
        assert_eq!(verdicts(tag, base, tag, name), (false, false), "{shown}");
    }
}

/// Tag of the string, constraint, address, and whether it is allowed where that is permitted, excluded.
type Case<'a> = (u8, &'a [u8], &'a [u8], (bool, bool));

#[test]
fn an_email_address_in_utf_8_is_within_the_constraints_on_email_addresses() {
    let other_name = |tag: u8, address: &[u8]| {
        let kind = identifier("1.3.6.1.5.5.7.8.9");
        [kind, tlv(0xA0, &tlv(tag, address))].concat()
    };
    let cases: [Case<'_>; 7] = [
        (0x0C, b"example.com", "jörg@example.com".as_bytes(), (true, false)),
        (0x0C, b"example.com", "jörg@a.example.com".as_bytes(), (false, true)),
        (0x0C, b".example.com", "jörg@a.example.com".as_bytes(), (true, false)),
        (0x0C, b"a@example.com", "jörg@example.com".as_bytes(), (false, true)),
        (0x0C, b"example.com", "jörg@bücher.example".as_bytes(), (false, false)),
        (0x0C, b"example.com", b"example.com", (false, false)),
        (0x16, b"example.com", b"a@example.com", (false, false)),
    ];
    for (string, base, address, expected) in cases {
        let shown = String::from_utf8_lossy(address);
        let name = other_name(string, address);
        assert_eq!(verdicts(MAIL, base, OTHER, &name), expected, "{shown}");
    }
    let name = other_name(0x0C, "jörg@example.com".as_bytes());
    assert_eq!(verdicts(DNS, b"example.com", OTHER, &name), (true, true));
}

#[test]
fn a_malformed_base_permits_no_name_of_its_type() {
    let cases: [(u8, &[u8], &[u8]); 5] = [
        (DNS, b"*.example.com", b"a.example.com"),
        (MAIL, b"a@b@example.com", b"a@example.com"),
        (IP, &[10, 0, 0, 0], &[10, 0, 0, 0]),
        (IP, &[10, 0, 0, 0, 255, 0, 255, 0], &[10, 0, 0, 0]),
        (IP, &[10, 0, 0, 0, 254, 1, 0, 0], &[10, 0, 0, 0]),
    ];

    for (tag, base, name) in cases {
        assert_eq!(verdicts(tag, base, tag, name), (false, false), "{base:?}");
    }
}

#[test]
fn constraints_of_one_type_do_not_constrain_names_of_others() {
    for (tag, name) in [(DNS, &b"a.b"[..]), (MAIL, b"a@b"), (IP, &[1, 2, 3, 4]), (URI, b"urn:x")] {
        for (other, base) in [(DNS, &b"z"[..]), (MAIL, b"z"), (URI, b"z"), (IP, &[9; 8])] {
            if tag != other {
                assert_eq!(verdicts(other, base, tag, name), (true, true), "{tag:x} and {other:x}");
            }
        }
    }
}

#[test]
fn a_wildcard_that_matches_an_excluded_host_is_excluded() {
    let cases = [
        ("bar.example.com", "*.example.com", true),
        ("a.bar.example.com", "*.example.com", false),
        ("example.com", "*.example.com", true),
        ("bar.example.com", "*.example.net", false),
    ];
    for (base, name, excluded) in cases {
        let (_, passes) = verdicts(DNS, base.as_bytes(), DNS, name.as_bytes());
        assert_eq!(passes, !excluded, "{name} with {base} excluded");
    }
    assert!(!verdicts(DNS, b"bar.example.com", DNS, b"*.example.com").0);
}

#[test]
fn excluded_outweighs_permitted_and_one_of_several_bases_is_enough() {
    let root = Holder::new("CN=r");
    let leaf = Draft::leaf(&Holder::new("CN=leaf"))
        .with(raw_names(&[tlv(DNS, b"a.example.com"), tlv(DNS, b"b.example.net")]))
        .signed_by(&root);
    let bases = |names: &[&str]| -> Vec<Vec<u8>> {
        names.iter().map(|name| tlv(DNS, name.as_bytes())).collect()
    };
    let cases: [(&[&str], &[&str], bool); 5] = [
        (&["example.com", "example.net"], &[], true),
        (&["example.com"], &[], false),
        (&["example.com", "example.net"], &["b.example.net"], false),
        (&[], &["example.org"], true),
        (&["example.com", "example.net"], &["c.example.net"], true),
    ];
    for (permitted, excluded, good) in cases {
        let extension = constraints(&bases(permitted), &bases(excluded));
        let anchor = Draft::ca(&root).with(extension).signed_by(&root);
        assert_eq!(rules(&leaf, &[], &[anchor]).is_empty(), good, "{permitted:?} {excluded:?}");
    }
}

#[test]
fn all_below_a_ca_are_bound_but_self_issued_intermediates() {
    let (root, old, new) = (Holder::new("CN=r"), Holder::new("CN=ca"), Holder::new("CN=ca"));
    let permitted = constraints(&[tlv(DNS, b"example.com")], &[]);
    let anchors = [Draft::ca(&root).with(permitted).signed_by(&root)];
    let outside = raw_names(&[tlv(DNS, b"example.net")]);

    let leaf = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&new);
    let rollover =
        [Draft::ca(&old).signed_by(&root), Draft::ca(&new).with(outside.clone()).signed_by(&old)];
    assert_eq!(rules(&leaf, &rollover, &anchors), []);

    let leaf_of_old = Draft::leaf(&Holder::new("CN=leaf")).signed_by(&old);
    let named = [Draft::ca(&old).with(outside.clone()).signed_by(&root)];
    let found = rules(&leaf_of_old, &named, &anchors);
    assert_eq!(found, [(Rule::NameConstraints, CertificateRef::Untrusted(0))]);

    let self_issued_leaf = Draft::leaf(&Holder::new("CN=r")).with(outside).signed_by(&root);
    assert_eq!(
        rules(&self_issued_leaf, &[], &anchors),
        [(Rule::NameConstraints, CertificateRef::Leaf)]
    );
}

#[test]
fn an_email_address_in_the_subject_is_constrained_too() {
    let root = Holder::new("CN=r");
    let anchor =
        Draft::ca(&root).with(constraints(&[tlv(MAIL, b"example.com")], &[])).signed_by(&root);
    for (name, good) in [("CN=x,emailAddress=a@example.com", true), ("emailAddress=a@b.c", false)] {
        let leaf = Draft::leaf(&Holder::new(name)).signed_by(&root);
        assert_eq!(rules(&leaf, &[], std::slice::from_ref(&anchor)).is_empty(), good, "{name}");
    }
}

#[test]
fn names_by_the_thousand_are_not_compared_for_ever() {
    let root = Holder::new("CN=r");
    let many = |count: usize, host: &str| -> Vec<Vec<u8>> {
        (0..count).map(|at| tlv(DNS, format!("a{at}.{host}").as_bytes())).collect()
    };
    for (count, good) in [(500, true), (1500, false)] {
        let leaf = Draft::leaf(&Holder::new("CN=leaf"))
            .with(raw_names(&many(count, "example.com")))
            .signed_by(&root);
        let excluded = constraints(&[], &many(count, "example.net"));
        let anchor = Draft::ca(&root).with(excluded).signed_by(&root);
        assert_eq!(rules(&leaf, &[], &[anchor]).is_empty(), good, "{count}");
    }
}
