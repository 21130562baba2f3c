//! Path building and path validation (RFC 5280 section 6).

mod certificate_rules;
mod constraints;
mod issuer_graph;
mod issuer_rules;
mod policy;
mod query;
mod revocation;
mod search;
#[cfg(test)]
mod tests;

use time::OffsetDateTime;

pub use self::query::{CertificateRef, PathQuery, PathResult, Violation};
use self::{issuer_graph::Graph, search::Search};
use crate::x509::certificate::Certificate;

/// Builds paths from the leaf to a trust anchor and validates them by RFC 5280 section 6. The
/// result is the first path without a violation, else the path with the fewest and least severe
/// ones; a complete path comes before an incomplete one.
///
/// A leaf that is itself an anchor is a path alone: `[CertificateRef::Anchor(_)]`. The work is bounded: no
/// set of certificates takes longer than about a second.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use certctl_pki::{
///     verify::{
///         path::{CertificateRef, PathQuery, validate},
///         rule::Rule,
///     },
///     x509::certificate::Certificate,
/// };
/// use time::macros::datetime;
///
/// # let server_pem = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
/// # let ca_pem = include_bytes!("../../../../tests/fixtures/gen-sh/ca.pem");
/// let chain = Certificate::all_from_pem(server_pem)?;
/// let anchors = Certificate::all_from_pem(ca_pem)?;
/// let (leaf, untrusted) = chain.split_first().ok_or("no certificate")?;
///
/// let at = datetime!(2099-01-01 0:00 UTC);
/// let query = PathQuery { untrusted, ..PathQuery::new(leaf, &anchors, at) };
/// let result = validate(&query);
/// for violation in &result.violations {
///     println!("`{}` {violation}", query.certificate(violation.link).subject());
/// }
/// // The CA is still valid then.
/// assert_eq!(result.violations[0].rule(), Rule::Expired);
/// assert_eq!(result.path, [CertificateRef::Leaf, CertificateRef::Anchor(0)]);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn validate(question: &PathQuery<'_>) -> PathResult {
    let graph = Graph::of(question);
    Search::new(question, &graph, &[]).run()
}

/// Validates a trust anchor alone: form, dates, and whether it may issue certificates. Every
/// violation has [`CertificateRef::Leaf`].
pub fn validate_anchor(anchor: &Certificate, at: OffsetDateTime) -> Vec<Violation> {
    let mut violations = certificate_rules::check(anchor, CertificateRef::Leaf, at);
    violations.extend(issuer_rules::fitness(anchor, CertificateRef::Leaf, true));
    violations
}
