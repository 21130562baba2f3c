//! A query for a path, and its result.

use std::fmt;

use time::OffsetDateTime;

use crate::{
    verify::{clients::Defect, rule::Rule},
    x509::{certificate::Certificate, crl::Crl, usage::Usage},
};

/// What to validate: a leaf, the trust anchors, the time. [`PathQuery::new`] has the defaults.
#[derive(Clone, Copy, Debug)]
pub struct PathQuery<'a> {
    /// The certificate to validate.
    pub leaf: &'a Certificate,
    /// Certificates that may be part of a path, in any order. Unrelated ones are ignored, and none
    /// is trusted.
    pub untrusted: &'a [Certificate],
    /// The trust anchors. Subject, public key and extensions of an anchor are used; its signature
    /// is not.
    pub anchors: &'a [Certificate],
    /// The CRLs. If there are any, every issuer on the path must have one.
    pub revocation: &'a [Crl],
    /// The time at which the path must be valid.
    pub at: OffsetDateTime,
    /// What the leaf must allow; `None` for any usage.
    pub usage: Option<Usage>,
    /// The maximum number of intermediates on a path, self-issued ones not counted; `None`
    /// without a limit.
    pub max_depth: Option<usize>,
}

impl<'a> PathQuery<'a> {
    /// A query without further certificates, CRLs, usage and limit.
    ///
    /// Other fields are set by struct update: `PathQuery { untrusted, ..PathQuery::new(…) }`.
    pub const fn new(
        leaf: &'a Certificate,
        anchors: &'a [Certificate],
        at: OffsetDateTime,
    ) -> Self {
        Self { leaf, untrusted: &[], anchors, revocation: &[], at, usage: None, max_depth: None }
    }

    /// The certificate of a link in the result of this query.
    ///
    /// # Panics
    ///
    /// If the link is from another query and its index is out of range.
    #[must_use]
    pub fn certificate(&self, link: CertificateRef) -> &'a Certificate {
        match link {
            CertificateRef::Leaf => self.leaf,
            CertificateRef::Untrusted(index) => &self.untrusted[index],
            CertificateRef::Anchor(index) => &self.anchors[index],
        }
    }
}

/// A certificate of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateRef {
    /// [`PathQuery::leaf`].
    Leaf,
    /// An index into [`PathQuery::untrusted`].
    Untrusted(usize),
    /// An index into [`PathQuery::anchors`].
    Anchor(usize),
}

/// A violation: one rule that one certificate of the path breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What breaks a rule.
    pub defect: Defect,
    /// The certificate that breaks it.
    pub link: CertificateRef,
    /// What is wrong: a lower-case fragment that follows the name of the certificate. Safe on a
    /// terminal.
    pub detail: String,
}

impl Violation {
    /// A violation by a certificate of the path.
    pub(super) fn new(defect: Defect, link: CertificateRef, detail: impl Into<String>) -> Self {
        let is_anchor = matches!(link, CertificateRef::Anchor(_));
        let defect = if is_anchor { defect.at_anchor() } else { defect };
        Self { defect, link, detail: detail.into() }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.defect.rule()
    }
}

/// The detail and the id of the rule: `has been expired since 2026-01-01T00:00:00Z (expired)`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.detail, self.rule())
    }
}

/// The result of [`validate`](super::validate).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathResult {
    /// The best path, the leaf first. Its last element is a trust anchor, unless none was reached.
    pub path: Vec<CertificateRef>,
    /// Every rule that the best path breaks, the violations of the leaf first. Empty if the path is
    /// valid.
    pub violations: Vec<Violation>,
}

impl PathResult {
    /// Whether the path is valid: it breaks no rule.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }
}
