//! The check of one certificate by every rule: its path, usage, names, private key and file, and what
//! clients are known to refuse.

mod subject;

use std::{borrow::Cow, collections::HashSet};

use time::OffsetDateTime;

pub use self::subject::{CheckRole, CheckSubject};

use super::{
    allowed_subjects::AllowedSubjects,
    anchor,
    clients::{Claim, Client, Defect},
    finding::{AspectResult, Finding},
    issuer_index::IssuerIndex,
    lint::lint,
    lint_context::LintContext,
    names,
    path::{self, CertificateRef, PathQuery, PathResult},
    rule::{Aspect, Rule, Severity},
    webpki,
};
use crate::x509::{
    certificate::Certificate,
    crl::Crl,
    escape::escape_line,
    san::GeneralName,
    usage::Usage,
    validity::{ExpiryWindow, date},
};

/// What certificates are checked against.
///
/// ```
/// use std::{collections::HashSet, sync::Arc};
///
/// use certctl_pki::{
///     verify::{
///         check::{CheckContext, CheckRole, CheckSubject},
///         issuer_index::IssuerIndex,
///         rule::Rule,
///     },
///     x509::{certificate::Certificate, usage::Usage},
/// };
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let ca = include_bytes!("../../../../tests/fixtures/gen-sh/ca.pem");
/// # let server = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
/// let anchors = Certificate::all_from_pem(ca)?;
/// let server = Certificate::all_from_pem(server)?.remove(0);
/// let context = CheckContext {
///     anchors: IssuerIndex::new(&anchors),
///     revocation: None,
///     at: server.not_after() + time::Duration::DAY,
///     window: None,
///     strict: false,
///     max_depth: None,
///     hosts: &["localhost".to_owned()],
///     emails: &[],
///     admission: None,
///     checked: HashSet::new(),
/// };
///
/// let role = CheckRole::Leaf { usage: Some(Usage::Server), known_from: "as asked" };
/// let subject = CheckSubject::new("server.pem".to_owned(), Ok(server), Arc::default());
/// let result = context.check(&CheckSubject { role, ..subject });
///
/// assert_eq!(result.path.len(), 2);
/// assert!(result.findings.iter().any(|finding| finding.rule == Rule::Expired));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CheckContext<'a> {
    /// The trust anchors.
    pub anchors: IssuerIndex<'a>,
    /// The CRLs; `None` if revocation is not checked. If there are any, every issuer on a path must have one.
    pub revocation: Option<&'a [Crl]>,
    /// The time at which the certificates must be valid.
    pub at: OffsetDateTime,
    /// The expiry window.
    pub window: Option<ExpiryWindow>,
    /// Whether the rules of the CA/Browser Forum for issuers apply.
    pub strict: bool,
    /// The maximum number of intermediates on a path.
    pub max_depth: Option<usize>,
    /// DNS names and IP addresses that each end-entity certificate must have.
    pub hosts: &'a [String],
    /// Email addresses that each end-entity certificate must have.
    pub emails: &'a [String],
    /// The allowed subjects of Redis Enterprise, for the certificates of clients.
    pub admission: Option<&'a AllowedSubjects>,
    /// The DER of all certificates that are checked: they are not reported again as CAs of others.
    pub checked: HashSet<&'a [u8]>,
}

/// The result of the check of one certificate.
#[derive(Debug)]
pub struct CheckResult {
    /// The subjects of the best path, the leaf first.
    pub path: Vec<String>,
    /// The result of rustls-webpki for an end-entity certificate.
    pub webpki: Option<Result<(), String>>,
    /// The aspects that were checked. Each that has a finding is among them.
    pub aspects: Vec<AspectResult>,
    /// Every rule that is broken.
    pub findings: Vec<Finding>,
}

impl CheckContext<'_> {
    /// Checks one certificate.
    #[must_use]
    pub fn check(&self, subject: &CheckSubject) -> CheckResult {
        let certificate = match &subject.certificate {
            Ok(certificate) => certificate,
            Err(reason) => {
                let finding = Finding::new(Defect::Malformed, format!("cannot be read: {reason}"));
                let aspects = vec![AspectResult::new(Aspect::Form, "")];
                return CheckResult {
                    path: vec![],
                    webpki: None,
                    aspects,
                    findings: vec![finding],
                };
            }
        };
        let untrusted = match &subject.possible_issuers {
            Some(indexes) => {
                indexes.iter().filter_map(|index| subject.pool.get(*index).cloned()).collect()
            }
            None => Cow::Borrowed(subject.pool.as_slice()),
        };
        let anchors = self.anchors.near(certificate, &untrusted);
        let query = PathQuery {
            untrusted: &untrusted,
            revocation: self.revocation.unwrap_or_default(),
            usage: subject.role.usage(),
            max_depth: self.max_depth,
            ..PathQuery::new(certificate, &anchors, self.at)
        };
        let is_leaf = subject.role.is_leaf();
        let result = if subject.role == CheckRole::TrustAnchor {
            let violations = path::validate_anchor(certificate, self.at);
            PathResult { path: vec![CertificateRef::Leaf], violations }
        } else {
            path::validate(&query)
        };
        let path: Vec<&Certificate> =
            result.path.iter().map(|link| query.certificate(*link)).collect();
        let placed = |violation: path::Violation| {
            let finding = Finding::new(violation.defect, violation.detail);
            match violation.link {
                CertificateRef::Leaf => finding,
                link => finding.above(query.certificate(link)),
            }
        };
        let mut findings: Vec<Finding> = result.violations.into_iter().map(placed).collect();
        self.lint_path(subject.role, &path, &mut findings);
        if let Some(CertificateRef::Anchor(_)) = result.path.last() {
            findings.extend(anchor::check(&self.anchors, &self.checked, is_leaf, &path));
        }
        findings.extend(self.lists_without_number(&path));
        if is_leaf {
            findings.extend(self.missing_names(certificate));
        }
        findings.extend(subject.key.findings(certificate));
        findings.extend(self.secret_ca(subject, certificate));
        findings.extend_from_slice(&subject.form);
        findings.extend(subject.bundle.iter().flatten().cloned());
        findings.extend(subject.served.iter().flat_map(|served| &served.findings).cloned());
        let mut webpki = None;
        if is_leaf {
            findings.extend(self.admission(query.usage).and_then(|list| list.check(certificate)));
            let (usage, hosts) = (query.usage, self.hosts);
            let verdict =
                webpki::second_opinion(certificate, &untrusted, &anchors, self.at, usage, hosts);
            findings.extend(webpki_alone(&verdict, &findings));
            webpki = Some(verdict);
        }
        let path: Vec<String> = path.iter().map(|one| one.subject().to_string()).collect();
        let aspects = self.aspects(subject, certificate, (&path, webpki.as_ref()), &findings);
        CheckResult { path, webpki, aspects, findings }
    }

    /// Redis Enterprise checks clients, not servers.
    fn admission(&self, usage: Option<Usage>) -> Option<&AllowedSubjects> {
        self.admission.filter(|_| usage != Some(Usage::Server))
    }

    /// What clients are known to refuse along the path. What is checked on its own in this run is not
    /// reported again below it.
    fn lint_path(&self, role: CheckRole, path: &[&Certificate], findings: &mut Vec<Finding>) {
        // Without a path, findings about the CAs are of no use.
        let leads_nowhere = findings.iter().any(|finding| finding.rule == Rule::Chain);
        let path = if leads_nowhere { path.get(..1).unwrap_or_default() } else { path };
        for (depth, &certificate) in path.iter().enumerate() {
            let own = depth == 0;
            if !own && self.checked.contains(certificate.der()) {
                continue;
            }
            let of_one = lint(&LintContext {
                certificate,
                issuer: path.get(depth + 1).copied(),
                usage: role.usage().filter(|_| own),
                at: self.at,
                window: self.window,
                strict: self.strict,
            });
            let placed = |one: Finding| if own { one } else { one.above(certificate) };
            findings.extend(of_one.into_iter().map(placed));
        }
    }

    /// What the users of a TLS Secret refuse, who trust its `ca.crt`.
    fn secret_ca(&self, subject: &CheckSubject, certificate: &Certificate) -> Option<Finding> {
        let anchors = subject.secret_ca.as_ref()?;
        let query =
            PathQuery { untrusted: &subject.pool, ..PathQuery::new(certificate, anchors, self.at) };
        let result = path::validate(&query);
        // A fault of the certificate itself is reported once.
        let violation = result.violations.iter().find(|violation| {
            !matches!(violation.link, CertificateRef::Leaf)
                || matches!(violation.rule(), Rule::Chain | Rule::Signature)
        })?;
        let place = subject.name.trim_end_matches("tls.crt");
        let message =
            format!("is refused by clients that trust `{place}ca.crt`: {}", violation.detail);
        let mut finding = Finding::new(violation.defect, message);
        finding.above = true;
        finding.ca_key = Some(query.certificate(violation.link).public_key().spki().to_vec());
        Some(finding)
    }

    /// The revocation lists of the path's issuers that cannot be ordered by their number.
    fn lists_without_number(&self, path: &[&Certificate]) -> Option<Finding> {
        let is_of_path = |list: &&Crl| path.iter().any(|one| one.issuer() == list.issuer());
        let mut lists = self.revocation.into_iter().flatten().filter(is_of_path);
        let list = lists.find(|list| list.number().is_none() && list.unusable().is_none())?;
        let message = format!(
            "has a revocation list of `{}` without crlNumber, which RFC 5280 section 5.2.3 \
            requires: of several lists the latest thisUpdate counts",
            list.issuer()
        );
        Some(Finding::new(Defect::CrlNumber, message))
    }

    /// The requested names that the certificate does not have.
    fn missing_names(&self, certificate: &Certificate) -> impl Iterator<Item = Finding> {
        let named = |name: String| {
            move |(defect, message): (Defect, String)| {
                let mut finding = Finding::new(defect, message);
                finding.name = Some(name.clone());
                finding
            }
        };
        let hosts = self.hosts.iter().filter_map(move |host| {
            let mismatch = names::host_mismatch(certificate, host);
            let with_dot = || {
                let message = format!("matches `{}` without the dot at its end", escape_line(host));
                host.ends_with('.').then(|| Finding::new(Defect::HostDot, message))
            };
            mismatch.map(named(host.clone())).or_else(with_dot)
        });
        let addresses = self.emails.iter().filter_map(move |address| {
            let message = names::email_matches(certificate, address).err()?;
            Some(named(format!("email:{address}"))((Defect::Email, message)))
        });
        hosts.chain(addresses)
    }

    /// The aspects that were checked, with the facts.
    fn aspects(
        &self,
        subject: &CheckSubject,
        certificate: &Certificate,
        (path, webpki): (&[String], Option<&Result<(), String>>),
        findings: &[Finding],
    ) -> Vec<AspectResult> {
        let path_len = certificate.basic_constraints().and_then(|constraints| constraints.path_len);
        let ca = match (certificate.is_ca(), path_len) {
            (false, _) => "is not a CA".to_owned(),
            (true, None) => "is a CA".to_owned(),
            (true, Some(length)) => format!("is a CA, pathLen {length}"),
        };
        let is_unreached = findings.iter().any(|finding| finding.rule == Rule::Chain);
        let mut aspects = vec![
            AspectResult::new(Aspect::Form, format!("version {}", certificate.version())),
            AspectResult::new(Aspect::Chain, path.join(" <- ")),
            AspectResult {
                skipped: is_unreached,
                ..AspectResult::new(Aspect::Signature, "verified with its issuer's key")
            },
            AspectResult::new(Aspect::Algorithm, certificate.public_key().kind().to_string()),
            AspectResult::new(Aspect::Dates, dates(certificate, self.at)),
            AspectResult::new(Aspect::CaBits, ca),
            AspectResult::new(Aspect::Issuer, format!("`{}`", certificate.issuer())),
            AspectResult::new(Aspect::Serial, certificate.serial_text()),
        ];
        let usage = subject.role.usage();
        if subject.role.is_leaf() {
            let usage = usage.map_or("not requested", Usage::as_str);
            aspects.push(AspectResult::new(Aspect::Usage, usage));
            aspects.push(AspectResult::new(Aspect::Names, self.names_text(certificate)));
        }
        aspects.extend(subject.key.aspect());
        if self.revocation.is_some() {
            aspects.push(AspectResult::new(Aspect::Revocation, "not revoked"));
        }
        if subject.bundle.is_some() {
            aspects.push(AspectResult::new(Aspect::Bundle, "in order"));
        }
        if let Some(served) = &subject.served {
            aspects.push(AspectResult::new(Aspect::Served, served.fact.clone()));
        }
        if subject.role.is_leaf() && self.admission(usage).is_some() {
            aspects.push(AspectResult::new(Aspect::Admission, "admitted"));
        }
        match webpki {
            None => {}
            Some(Ok(())) => aspects.push(AspectResult::new(Aspect::Webpki, "accepts it")),
            Some(Err(error)) => aspects
                .push(AspectResult::skipped(Aspect::Webpki, format!("refuses it, too: {error}"))),
        }
        for finding in findings {
            let aspect = finding.rule.aspect();
            if !aspects.iter().any(|result| result.aspect == aspect) {
                aspects.push(AspectResult::new(aspect, ""));
            }
        }
        aspects
    }

    fn names_text(&self, certificate: &Certificate) -> String {
        let names: Vec<String> = certificate.names().iter().map(GeneralName::to_string).collect();
        let asked: Vec<&str> = self.hosts.iter().chain(self.emails).map(String::as_str).collect();
        match (asked.is_empty(), names.is_empty()) {
            (false, _) => format!("has {}", asked.join(", ")),
            (true, true) => "none, and none requested".to_owned(),
            (true, false) => names.join(", "),
        }
    }
}

fn dates(certificate: &Certificate, at: OffsetDateTime) -> String {
    let validity = certificate.validity();
    format!(
        "{} to {}, {} days left",
        date(validity.not_before),
        date(validity.not_after),
        (validity.not_after - at).whole_days()
    )
}

/// A finding if webpki refuses a certificate without other errors.
fn webpki_alone(verdict: &Result<(), String>, findings: &[Finding]) -> Option<Finding> {
    let error = verdict.as_ref().err()?;
    let explained = |finding: &Finding| {
        let refuses = |claim: Claim| claim.refuses();
        finding.severity() == Severity::Error
            || finding.defect.claims_of(&[Client::Rustls]).any(refuses)
    };
    (!findings.iter().any(explained)).then(|| {
        let message = format!("is valid by RFC 5280, and rustls (Qdrant) says {error}");
        Finding::new(Defect::Webpki, message)
    })
}
