//! Certificates to order, put together octet by octet so that each rule can be broken alone.

use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use time::{OffsetDateTime, macros::datetime};

use crate::{
    verify::{
        path::{CertificateRef, PathQuery, Violation, validate},
        rule::Rule,
    },
    x509::{
        certificate::{Certificate, Extension},
        crl::Crl,
        der,
        name::Name,
        oid,
        san::San,
        usage::Usage,
    },
};

pub(super) const BEGIN: OffsetDateTime = datetime!(2030-01-01 0:00 UTC);
pub(super) const NOW: OffsetDateTime = datetime!(2030-06-01 0:00 UTC);
pub(super) const END: OffsetDateTime = datetime!(2031-01-01 0:00 UTC);

const SIGN_CERTIFICATES: u8 = 0b0000_0100;
const SIGN_LISTS: u8 = 0b0000_0010;
const SIGN: u8 = 0b1000_0000;

/// A key and the name that it certifies by.
pub(super) struct Holder {
    pub(super) name: Name,
    pub(super) key: Ed25519KeyPair,
}

impl Holder {
    pub(super) fn new(name: &str) -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let key = Ed25519KeyPair::from_pkcs8(key.as_ref()).unwrap();
        Self { name: name.parse().unwrap(), key }
    }

    /// The same key by another name.
    pub(super) fn called(self, name: &str) -> Self {
        Self { name: name.parse().unwrap(), ..self }
    }

    /// A self-signed CA certificate.
    pub(super) fn root(&self) -> Certificate {
        Draft::ca(self).signed_by(self)
    }

    pub(super) fn sign(&self, tbs: Vec<u8>) -> Vec<u8> {
        let signature = der::bit_string(self.key.sign(&tbs).as_ref());
        der::sequence(&[tbs, algorithm(), signature])
    }
}

/// A certificate in the making.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) version: u8,
    pub(super) serial: Vec<u8>,
    pub(super) subject: Name,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    pub(super) inner_algorithm: Vec<u8>,
    pub(super) spki: Vec<u8>,
    pub(super) extensions: Vec<Extension>,
}

impl Draft {
    pub(super) fn ca(holder: &Holder) -> Self {
        Self::new(holder).with(path_length(None)).with(key_usage(SIGN_CERTIFICATES | SIGN_LISTS))
    }

    pub(super) fn leaf(holder: &Holder) -> Self {
        Self::new(holder).with(key_usage(SIGN)).with(names("host.example.com"))
    }

    fn new(holder: &Holder) -> Self {
        let key = der::bit_string(holder.key.public_key().as_ref());
        Self {
            version: 3,
            serial: vec![1],
            subject: holder.name.clone(),
            not_before: BEGIN,
            not_after: END,
            inner_algorithm: algorithm(),
            spki: der::sequence(&[algorithm(), key]),
            extensions: Vec::new(),
        }
    }

    /// Adds an extension, in the place of one of its kind.
    pub(super) fn with(self, extension: Extension) -> Self {
        self.without(&extension.oid.clone()).with_another(extension)
    }

    pub(super) fn with_another(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    pub(super) fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|extension| extension.oid != oid);
        self
    }

    pub(super) fn signed_by(self, issuer: &Holder) -> Certificate {
        Certificate::from_der(issuer.sign(self.tbs(&issuer.name))).unwrap()
    }

    fn tbs(&self, issuer: &Name) -> Vec<u8> {
        let mut fields = Vec::new();
        if self.version > 1 {
            fields.push(der::explicit(0, &[2, 1, self.version - 1]));
        }
        fields.push(tlv(0x02, &self.serial));
        fields.push(self.inner_algorithm.clone());
        fields.push(issuer.der().to_vec());
        fields.push(der::sequence(&[utc_time(self.not_before), utc_time(self.not_after)]));
        fields.push(self.subject.der().to_vec());
        fields.push(self.spki.clone());
        if !self.extensions.is_empty() {
            let raw: Vec<&[u8]> = self.extensions.iter().map(|one| one.der.as_slice()).collect();
            fields.push(der::explicit(3, &der::sequence(&raw)));
        }
        der::sequence(&fields)
    }
}

/// Validates at [`NOW`], as a server, without revocation lists.
pub(super) fn violations(
    leaf: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
) -> Vec<Violation> {
    validate(&question(leaf, untrusted, anchors)).violations
}

/// The rules that are broken, with the place.
pub(super) fn rules(
    leaf: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
) -> Vec<(Rule, CertificateRef)> {
    let violations = violations(leaf, untrusted, anchors);
    violations.iter().map(|violation| (violation.rule(), violation.link)).collect()
}

pub(super) fn question<'a>(
    leaf: &'a Certificate,
    untrusted: &'a [Certificate],
    anchors: &'a [Certificate],
) -> PathQuery<'a> {
    PathQuery {
        leaf,
        untrusted,
        anchors,
        revocation: &[],
        at: NOW,
        usage: Some(Usage::Server),
        max_depth: None,
    }
}

/// A list of one issuer that revokes these serials, with further extensions.
pub(super) fn list(issuer: &Holder, revoked: &[u8], extensions: &[Extension]) -> Crl {
    write_list(issuer, revoked, Some(extensions), BEGIN)
}

/// A list of version 1, which has no extensions.
pub(super) fn old_list(issuer: &Holder, revoked: &[u8], since: OffsetDateTime) -> Crl {
    write_list(issuer, revoked, None, since)
}

fn write_list(
    issuer: &Holder,
    revoked: &[u8],
    extensions: Option<&[Extension]>,
    since: OffsetDateTime,
) -> Crl {
    let entry = |serial: &u8| der::sequence(&[tlv(0x02, &[*serial]), utc_time(BEGIN)]);
    let mut fields = vec![
        extensions.map_or(Vec::new(), |_| vec![2, 1, 1]),
        algorithm(),
        issuer.name.der().to_vec(),
        utc_time(since),
        utc_time(END),
    ];
    let extensions = extensions.unwrap_or_default();
    if !revoked.is_empty() {
        fields.push(der::sequence(&revoked.iter().map(entry).collect::<Vec<_>>()));
    }
    let raw: Vec<&[u8]> = extensions.iter().map(|one| one.der.as_slice()).collect();
    if !raw.is_empty() {
        fields.push(der::explicit(0, &der::sequence(&raw)));
    }
    Crl::from_der(issuer.sign(der::sequence(&fields))).unwrap()
}

/// basicConstraints of a CA.
pub(super) fn path_length(limit: Option<u8>) -> Extension {
    let mut fields = vec![vec![1, 1, 0xFF]];
    fields.extend(limit.map(|limit| vec![2, 1, limit]));
    Extension::new(oid::BASIC_CONSTRAINTS, true, der::sequence(&fields))
}

/// The bits of one octet, digitalSignature highest.
pub(super) fn key_usage(bits: u8) -> Extension {
    let unused = u8::try_from(bits.trailing_zeros()).unwrap();
    Extension::new(oid::KEY_USAGE, true, vec![3, 2, unused, bits])
}

/// A subjectAltName of names as `--san` takes them.
pub(super) fn names(list: &str) -> Extension {
    let sans = San::parse_list(list).unwrap();
    Extension::new(oid::SUBJECT_ALT_NAME, false, San::extension_value(&sans))
}

/// A subjectAltName of raw names.
pub(super) fn raw_names(names: &[Vec<u8>]) -> Extension {
    Extension::new(oid::SUBJECT_ALT_NAME, false, der::sequence(names))
}

/// Permitted and excluded bases, each a GeneralName.
pub(super) fn constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Extension {
    let subtrees = |tag, bases: &[Vec<u8>]| {
        let subtrees: Vec<u8> = bases.iter().flat_map(|base| der::sequence(&[base])).collect();
        if bases.is_empty() { Vec::new() } else { tlv(tag, &subtrees) }
    };
    let value = der::sequence(&[subtrees(0xA0, permitted), subtrees(0xA1, excluded)]);
    Extension::new(oid::NAME_CONSTRAINTS, true, value)
}

/// One element of DER, up to 65,535 octets.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let sequence = der::sequence(&[content]);
    [&[tag], &sequence[1..]].concat()
}

/// An OBJECT IDENTIFIER.
pub(super) fn identifier(dotted: &str) -> Vec<u8> {
    let extension = Extension::new(dotted, false, Vec::new());
    der::elements(&extension.der).unwrap().remove(0)
}

/// Ed25519, as an AlgorithmIdentifier.
fn algorithm() -> Vec<u8> {
    der::sequence(&[identifier("1.3.101.112")])
}

fn utc_time(moment: OffsetDateTime) -> Vec<u8> {
    let text = format!(
        "{:02}{:02}{:02}{:02}{:02}{:02}Z",
        moment.year() % 100,
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute(),
        moment.second()
    );
    tlv(0x17, text.as_bytes())
}
