//! The certificates of a query, and their possible issuers by name.

use std::{
    cell::OnceCell,
    collections::{HashMap, HashSet, VecDeque},
};

use time::OffsetDateTime;

use super::{CertificateRef, PathQuery, Violation, certificate_rules};
use crate::x509::{
    certificate::Certificate,
    name::ComparableName,
    name_constraints::{NameConstraints, SubjectName},
    oid,
};

/// A certificate and its cached properties.
pub(super) struct IssuerGraph<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) link: CertificateRef,
    /// A number for its public key: equal for equal keys.
    pub(super) key: usize,
    pub(super) subject: ComparableName,
    pub(super) issuer: ComparableName,
    names: OnceCell<Option<Vec<SubjectName>>>,
    constraints: OnceCell<Option<NameConstraints>>,
    faults: OnceCell<Vec<Violation>>,
}

impl<'a> IssuerGraph<'a> {
    fn new(certificate: &'a Certificate, link: CertificateRef) -> Self {
        Self {
            certificate,
            link,
            key: 0,
            subject: certificate.subject().into(),
            issuer: certificate.issuer().into(),
            names: OnceCell::new(),
            constraints: OnceCell::new(),
            faults: OnceCell::new(),
        }
    }

    /// Its violations at any place of a path; `at` is the same for all of a search.
    pub(super) fn faults(&self, at: OffsetDateTime) -> &[Violation] {
        self.faults.get_or_init(|| certificate_rules::check(self.certificate, self.link, at))
    }

    /// Whether issuer and subject are one name (RFC 5280 section 6.1).
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    pub(super) fn is_anchor(&self) -> bool {
        matches!(self.link, CertificateRef::Anchor(_))
    }

    /// `None` where the subjectAltName cannot be read.
    pub(super) fn names(&self) -> Option<&[SubjectName]> {
        self.names.get_or_init(|| SubjectName::all_of(self.certificate)).as_deref()
    }

    /// Without the extension and with one that cannot be read: none; that is a finding of its own.
    pub(super) fn constraints(&self) -> Option<&NameConstraints> {
        let read = || {
            let extension = self.certificate.extension(oid::NAME_CONSTRAINTS)?;
            NameConstraints::from_der(&extension.value)
        };
        self.constraints.get_or_init(read).as_ref()
    }

    /// Whether both are one certified key: the same subject over the same public key. No path goes
    /// through such a one twice (RFC 4158 section 5.2).
    pub(super) fn is_same_entity(&self, other: &Self) -> bool {
        self.key == other.key && self.subject == other.subject
    }
}

/// All certificates of a query; the first is the leaf.
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<IssuerGraph<'a>>,
    by_subject: HashMap<ComparableName, Vec<usize>>,
    /// The number of issuers between the certificate and the nearest anchor, by their names.
    distance: Vec<Option<usize>>,
}

/// The index of the leaf.
pub(super) const LEAF: usize = 0;

impl<'a> Graph<'a> {
    pub(super) fn of(question: &PathQuery<'a>) -> Self {
        let mut nodes = vec![IssuerGraph::new(question.leaf, CertificateRef::Leaf)];
        let mut seen = HashSet::new();
        for (at, anchor) in question.anchors.iter().enumerate() {
            if seen.insert(anchor.der()) {
                nodes.push(IssuerGraph::new(anchor, CertificateRef::Anchor(at)));
            }
        }
        seen.insert(question.leaf.der());
        for (at, certificate) in question.untrusted.iter().enumerate() {
            if seen.insert(certificate.der()) {
                nodes.push(IssuerGraph::new(certificate, CertificateRef::Untrusted(at)));
            }
        }

        let mut keys = HashMap::new();
        for node in &mut nodes {
            let number = keys.len();
            node.key = *keys.entry(node.certificate.public_key().spki()).or_insert(number);
        }
        let mut by_subject: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, node) in nodes.iter().enumerate().skip(1) {
            by_subject.entry(node.subject.clone()).or_default().push(at);
        }
        let distance = distances(&nodes);
        Self { nodes, by_subject, distance }
    }

    /// All but the leaf with this subject.
    pub(super) fn named(&self, subject: &ComparableName) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Those that may have issued a certificate, by their names.
    pub(super) fn issuers(&self, of: usize) -> &[usize] {
        self.nodes.get(of).map_or(&[], |node| self.named(&node.issuer))
    }

    pub(super) fn distance(&self, of: usize) -> Option<usize> {
        self.distance.get(of).copied().flatten()
    }

    /// The anchors that certify the same key of the same name.
    pub(super) fn anchors_of<'s>(
        &'s self,
        entity: &'s IssuerGraph<'a>,
    ) -> impl Iterator<Item = &'s IssuerGraph<'a>> {
        let nodes = self.named(&entity.subject).iter().filter_map(|at| self.nodes.get(*at));
        nodes.filter(|node| node.is_anchor() && node.is_same_entity(entity))
    }

    /// The anchor that is the leaf itself.
    pub(super) fn anchored_leaf(&self) -> Option<usize> {
        let leaf = self.nodes.first()?.certificate.der();
        self.nodes.iter().position(|node| node.is_anchor() && node.certificate.der() == leaf)
    }
}

fn distances(nodes: &[IssuerGraph<'_>]) -> Vec<Option<usize>> {
    let mut by_issuer: HashMap<&ComparableName, Vec<usize>> = HashMap::new();
    for (at, node) in nodes.iter().enumerate().filter(|(_, node)| !node.is_anchor()) {
        by_issuer.entry(&node.issuer).or_default().push(at);
    }
    let mut distance: Vec<Option<usize>> =
        nodes.iter().map(|node| node.is_anchor().then_some(0)).collect();
    let mut queue: VecDeque<usize> =
        nodes.iter().enumerate().filter(|(_, node)| node.is_anchor()).map(|(at, _)| at).collect();
    while let Some(at) = queue.pop_front() {
        let next = distance[at].map(|steps| steps + 1);
        // Removed, so that each certificate is visited once.
        for issued in by_issuer.remove(&nodes[at].subject).unwrap_or_default() {
            if distance[issued].is_none() {
                distance[issued] = next;
                queue.push_back(issued);
            }
        }
    }
    distance
}
