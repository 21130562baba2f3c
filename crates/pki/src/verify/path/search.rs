//! The search for the best path: best first, by what the path breaks so far.
//!
//! The cost of a path only grows as the path grows, so the first path that reaches an anchor is
//! the best one but for policies and revocation, which are validated at its end. A signature is verified
//! when its path is next in the queue: most certificates with the same name are never verified.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use super::{
    PathQuery, PathResult, Violation, certificate_rules, constraints,
    issuer_graph::{Graph, IssuerGraph, LEAF},
    issuer_rules, policy,
    revocation::{self, CrlIndex},
};
use crate::{
    verify::{clients::Defect, rule::Rule},
    x509::{
        certificate::Certificate,
        key::PublicKeyType,
        signature::{Algorithm, SignatureError},
    },
};

/// Signatures verified in one search: half a second where they are slow.
const SIGNATURES: usize = 1_500;
/// Paths begun or continued in one search.
const STEPS: usize = 40_000;
/// The maximum number of complete paths that are validated.
const PATHS: usize = 500;

/// A certificate at its place in a path. Paths share what is below.
struct PathStep {
    node: usize,
    below: Option<usize>,
    violations: Vec<Violation>,
    cost: usize,
    /// Intermediates up to and with this one, those that are self-issued aside.
    intermediates: usize,
    length: usize,
}

/// An entry of the queue.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum QueueItem {
    /// To validate: this node above that step.
    Candidate { node: usize, below: usize },
    /// Validated, with a cost that is higher than that of others in the queue.
    Validated(usize),
}

/// The order of the queue: cost of the violations, mismatch of the key identifiers, minimum length of
/// the path, order of insertion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    cost: usize,
    unmet: usize,
    length: usize,
    order: usize,
}

pub(super) struct Search<'s, 'q> {
    question: &'s PathQuery<'q>,
    graph: &'s Graph<'q>,
    steps: Vec<PathStep>,
    queue: BinaryHeap<Reverse<(Rank, QueueItem)>>,
    /// By certificate and key.
    verified: HashMap<(usize, usize), Result<(), SignatureError>>,
    signatures: usize,
    pushes: usize,
    comparisons: usize,
    crl_index: CrlIndex<'s, 'q>,
}

/// A path with a trust anchor, fully validated.
struct CompletePath {
    result: PathResult,
    cost: usize,
}

impl<'s, 'q> Search<'s, 'q> {
    /// `pending` are the signers of CRLs that this search validates.
    pub(super) fn new(
        question: &'s PathQuery<'q>,
        graph: &'s Graph<'q>,
        pending: &[&'q Certificate],
    ) -> Self {
        Self {
            question,
            graph,
            steps: Vec::new(),
            queue: BinaryHeap::new(),
            verified: HashMap::new(),
            signatures: SIGNATURES,
            pushes: STEPS,
            comparisons: constraints::COMPARISONS,
            crl_index: CrlIndex::new(question, graph, pending),
        }
    }

    pub(super) fn run(mut self) -> PathResult {
        let mut best = self.graph.anchored_leaf().map(|anchor| self.trusted_leaf(anchor));
        self.start();
        let mut paths = PATHS;
        while let Some(Reverse((rank, turn))) = self.queue.pop() {
            if best.as_ref().is_some_and(|best| best.cost <= rank.cost)
                || self.is_spent()
                || paths == 0
            {
                break;
            }
            let step = match turn {
                QueueItem::Validated(step) => step,
                QueueItem::Candidate { node, below } => self.climb(node, below),
            };
            let cost = self.steps[step].cost;
            if self.node(step).is_anchor() {
                // At once, so that a result exists when the search reaches a limit.
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    paths -= 1;
                    let found = self.finish(step);
                    if best.as_ref().is_none_or(|best| found.cost < best.cost) {
                        best = Some(found);
                    }
                }
            } else if cost > rank.cost {
                self.queue.push(Reverse((Rank { cost, ..rank }, QueueItem::Validated(step))));
            } else {
                self.branch(step, rank.unmet);
            }
        }
        best.map_or_else(|| self.incomplete(), |best| best.result)
    }

    /// The leaf. Every path has its violations, so they do not change the order of the paths.
    fn start(&mut self) {
        let violations = self.of_leaf(&self.graph.nodes[LEAF]);
        let cost = violations.iter().map(weight).sum();
        self.steps.push(PathStep {
            node: LEAF,
            below: None,
            violations,
            cost,
            intermediates: 0,
            length: 0,
        });
        let rank = Rank { cost, unmet: 0, length: 0, order: 0 };
        self.queue.push(Reverse((rank, QueueItem::Validated(0))));
    }

    /// A leaf that is itself a trust anchor needs no issuer.
    fn trusted_leaf(&self, anchor: usize) -> CompletePath {
        let node = &self.graph.nodes[anchor];
        let violations = self.of_leaf(node);
        let cost = violations.iter().map(weight).sum();
        CompletePath { result: PathResult { path: vec![node.link], violations }, cost }
    }

    /// What the first certificate of a path breaks.
    fn of_leaf(&self, node: &IssuerGraph<'_>) -> Vec<Violation> {
        let mut violations = node.faults(self.question.at).to_vec();
        if let Some(usage) = self.question.usage {
            violations.extend(certificate_rules::check_leaf(node.certificate, node.link, usage));
        }
        violations
    }

    /// Puts every possible issuer of a path's last certificate into the queue.
    fn branch(&mut self, step: usize, unmet: usize) {
        let PathStep { node, cost, length, .. } = self.steps[step];
        for &issuer in self.graph.issuers(node) {
            let Some(distance) = self.graph.distance(issuer) else { continue };
            if self.pushes == 0 || self.is_on_path(issuer, step) {
                continue;
            }
            self.pushes -= 1;
            let rank = Rank {
                cost,
                unmet: unmet + mismatch(&self.graph.nodes[node], &self.graph.nodes[issuer]),
                length: length + 1 + distance,
                // The first pushed comes first.
                order: STEPS - self.pushes,
            };
            self.queue.push(Reverse((rank, QueueItem::Candidate { node: issuer, below: step })));
        }
    }

    /// Validates an issuer above a path, and the last signature of that path with it.
    fn climb(&mut self, node: usize, below: usize) -> usize {
        let graph = self.graph;
        let (child, intermediates, length) =
            (self.steps[below].node, self.steps[below].intermediates, self.steps[below].length);
        let issuer = &graph.nodes[node];
        let mut violations: Vec<Violation> =
            self.signature_violation(child, node).into_iter().collect();
        violations.extend(issuer_rules::check(self.question, graph, issuer, intermediates));
        let mut comparisons = self.comparisons;
        let path = self.path(below).into_iter().rev().map(|at| &graph.nodes[at]);
        violations.extend(constraints::check(issuer, path, &mut comparisons));
        self.comparisons = comparisons;

        let cost = self.steps[below].cost + violations.iter().map(weight).sum::<usize>();
        let counts = !issuer.is_anchor() && !issuer.is_self_issued();
        self.steps.push(PathStep {
            node,
            below: Some(below),
            violations,
            cost,
            intermediates: intermediates + usize::from(counts),
            length: length + 1,
        });
        self.steps.len() - 1
    }

    fn signature_violation(&mut self, child: usize, issuer: usize) -> Option<Violation> {
        let (certificate, link) =
            (self.graph.nodes[child].certificate, self.graph.nodes[child].link);
        let by = self.graph.nodes[issuer].certificate;
        let signatures = &mut self.signatures;
        let verified =
            self.verified.entry((child, self.graph.nodes[issuer].key)).or_insert_with(|| {
                *signatures = signatures.saturating_sub(1);
                certificate.check_signature(by.public_key())
            });
        let error = verified.as_ref().err()?;
        let detail = format!("has a signature that {error}");
        Some(if matches!(error, SignatureError::Algorithm(_)) {
            let key = by.public_key().kind();
            Violation::new(algorithm_defect(certificate.signature_algorithm(), &key), link, detail)
        } else {
            let detail = format!("{detail} of `{}`", by.subject());
            Violation::new(Defect::Signature, link, detail)
        })
    }

    /// A path that reached an anchor: the rules that need the whole path.
    fn finish(&mut self, step: usize) -> CompletePath {
        let mut cost = self.steps[step].cost;
        let nodes = self.path(step);
        let graph = self.graph;
        let path: Vec<&IssuerGraph<'_>> = nodes.iter().map(|at| &graph.nodes[*at]).collect();
        let mut late: Vec<Violation> = policy::check(&path[1..]).into_iter().collect();
        late.extend(self.crl_index.check(&nodes));
        cost += late.iter().map(weight).sum::<usize>();
        let mut violations = self.violations(step);
        violations.append(&mut late);
        let path = path.iter().rev().map(|node| node.link).collect();
        CompletePath { result: PathResult { path, violations }, cost }
    }

    /// No anchor was reached: the path up to the last verified signature.
    fn incomplete(&mut self) -> PathResult {
        let graph = self.graph;
        let spent = self.is_spent();
        self.signatures = SIGNATURES / 4;
        let mut top = LEAF;
        let mut step = 0;
        let reason = loop {
            let mut candidates: Vec<usize> = graph.issuers(top).to_vec();
            if candidates.is_empty() {
                break format!(
                    "has the issuer `{}`, which is not available",
                    graph.nodes[top].certificate.issuer()
                );
            }
            candidates.sort_by_key(|at| mismatch(&graph.nodes[top], &graph.nodes[*at]));
            candidates.retain(|at| !self.is_on_path(*at, step));
            let issuer = candidates
                .into_iter()
                .find(|at| self.signatures > 0 && self.signature_violation(top, *at).is_none());
            let Some(issuer) = issuer else {
                break if graph.nodes[top].is_self_issued() {
                    "is not a trust anchor, and no issuer of it is available".to_owned()
                } else {
                    format!(
                        "is not signed by any available CA with the name `{}`",
                        graph.nodes[top].certificate.issuer()
                    )
                };
            };
            step = self.climb(issuer, step);
            top = issuer;
        };
        let reason = if spent {
            format!("leads to no trust anchor within {SIGNATURES} signatures and {STEPS} steps")
        } else {
            reason
        };
        let mut violations = self.violations(step);
        violations.push(Violation::new(Defect::Chain, graph.nodes[top].link, reason));
        let path = self.path(step).into_iter().rev().map(|at| graph.nodes[at].link).collect();
        PathResult { path, violations }
    }

    fn node(&self, step: usize) -> &'s IssuerGraph<'q> {
        &self.graph.nodes[self.steps[step].node]
    }

    /// The nodes of a path, from the step down to the leaf.
    fn path(&self, step: usize) -> Vec<usize> {
        let mut path = Vec::with_capacity(self.steps[step].length + 1);
        let mut next = Some(step);
        while let Some(at) = next {
            path.push(self.steps[at].node);
            next = self.steps[at].below;
        }
        path
    }

    /// The violations of a path, the leaf's first.
    fn violations(&self, step: usize) -> Vec<Violation> {
        let mut steps = vec![step];
        while let Some(below) = self.steps[steps[steps.len() - 1]].below {
            steps.push(below);
        }
        steps.iter().rev().flat_map(|at| self.steps[*at].violations.clone()).collect()
    }

    fn is_on_path(&self, node: usize, step: usize) -> bool {
        let node = &self.graph.nodes[node];
        let is_same = |at: &usize| self.graph.nodes[*at].is_same_entity(node);
        !node.is_anchor() && self.path(step).iter().any(is_same)
    }

    fn is_spent(&self) -> bool {
        self.signatures == 0 || self.pushes == 0
    }
}

impl CrlIndex<'_, '_> {
    /// A signer beside the path has a path of its own to the same anchor, and is not revoked.
    pub(super) fn is_trusted(&self, signer: usize, anchor: usize) -> bool {
        let signer_node = &self.graph.nodes[signer];
        let certificate = signer_node.certificate;
        if signer_node.is_anchor()
            || self.pending.len() >= revocation::DEPTH
            || self.pending.contains(&certificate)
        {
            return false;
        }
        if let Some(known) = self.trusted.borrow().get(&(signer, anchor)) {
            return *known;
        }
        let question = PathQuery {
            leaf: certificate,
            anchors: std::slice::from_ref(self.graph.nodes[anchor].certificate),
            usage: None,
            ..*self.question
        };
        let graph = Graph::of(&question);
        let pending = [&self.pending[..], &[certificate]].concat();
        let result = Search::new(&question, &graph, &pending).run();
        let trusted = result.violations.is_empty();
        self.trusted.borrow_mut().insert((signer, anchor), trusted);
        trusted
    }
}

/// How clients treat an algorithm that is not accepted here.
fn algorithm_defect(algorithm: &Algorithm, key: &PublicKeyType) -> Defect {
    match algorithm.name() {
        "md5WithRSAEncryption" => Defect::Md5,
        "sha1WithRSAEncryption" | "sha1WithRSASignature" | "ecdsa-with-SHA1" => Defect::Sha1,
        "sha224WithRSAEncryption" | "ecdsa-with-SHA224" => Defect::Sha224,
        "Ed448" => Defect::Ed448Signature,
        "rsassaPss" => Defect::PssParameters,
        "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" => Defect::MlDsaSignature,
        "ecdsa-with-SHA256" | "ecdsa-with-SHA384" if *key == PublicKeyType::EcdsaP521 => {
            Defect::BeyondRing
        }
        "ecdsa-with-SHA512"
            if matches!(
                key,
                PublicKeyType::EcdsaP256 | PublicKeyType::EcdsaP384 | PublicKeyType::EcdsaP521
            ) =>
        {
            Defect::BeyondRing
        }
        _ => Defect::Algorithm,
    }
}

/// The cost of a violation: a wrong signature costs most, as a chain needs it.
fn weight(violation: &Violation) -> usize {
    if violation.rule() == Rule::Signature { 1_000 } else { 1 }
}

/// The mismatch of the issuer's key identifier and the authorityKeyIdentifier of the certificate. It is a hint
/// for path building (RFC 5280 section 4.2.1.1), not a proof against a candidate.
fn mismatch(certificate: &IssuerGraph<'_>, issuer: &IssuerGraph<'_>) -> usize {
    let wanted = certificate.certificate.authority_key_id();
    match (wanted, issuer.certificate.subject_key_id()) {
        (Some(wanted), Some(has)) if wanted == has => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    }
}
