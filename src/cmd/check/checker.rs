//! The check of one certificate: path, usage, names, key, and what clients are known to refuse.

use std::{collections::HashSet, num::NonZero, thread};

use pki::{
    verify::{
        allowed_subjects::AllowedSubjects,
        finding::Finding,
        lint::lint,
        lint_context::LintContext,
        names,
        path::{self, CertificateRef, PathQuery, PathResult},
        pem_form,
        rule::{Aspect, Rule, Severity},
        webpki,
    },
    x509::{certificate::Certificate, crl::Crl, san::GeneralName, usage::Usage, validity::date},
};
use time::OffsetDateTime;

use super::{
    hints,
    issuer_index::IssuerIndex,
    key,
    targets::{CheckTarget, Key, Trust},
};
use crate::{
    cli::CheckArgs,
    config::Settings,
    path_text::PathText as _,
    report::check_report::{AspectResult, Facts, Role, Verdict},
};

/// The minimum number of certificates for a second thread.
const MANY: usize = 16;

/// The context in which all certificates are checked.
pub(super) struct Checker<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) settings: &'a Settings,
    pub(super) trust: &'a Trust,
    pub(super) anchors: IssuerIndex<'a>,
    pub(super) at: OffsetDateTime,
    pub(super) admission: Option<&'a AllowedSubjects>,
    /// All targets of this run.
    pub(super) subjects: &'a [CheckTarget],
    /// The DER of those that can be read.
    pub(super) checked: HashSet<&'a [u8]>,
}

impl Checker<'_> {
    /// A verdict for each subject, in their order; many are shared among the cores.
    pub(super) fn check_all(&self) -> Vec<Verdict> {
        let check = |subjects: &[CheckTarget]| -> Vec<Verdict> {
            subjects.iter().map(|subject| self.check_one(subject)).collect()
        };
        if self.subjects.len() < MANY {
            return check(self.subjects);
        }
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let share = self.subjects.len().div_ceil(cores);
        thread::scope(|scope| {
            let shares = self.subjects.chunks(share);
            let workers: Vec<_> =
                shares.map(|subjects| scope.spawn(move || check(subjects))).collect();
            let done = workers.into_iter().map(thread::ScopedJoinHandle::join);
            done.flat_map(|verdicts| {
                verdicts.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
        })
    }

    fn check_one(&self, subject: &CheckTarget) -> Verdict {
        let mut verdict = match &subject.certificate {
            Ok(certificate) => self.check_readable(subject, certificate),
            Err(reason) => {
                let finding = Finding::new(Rule::Malformed, format!("cannot be read: {reason}"));
                Verdict::unread(subject.name.clone(), &subject.file, Aspect::Form, finding)
            }
        };
        verdict.findings = hints::on_all(verdict.findings, subject, self.at, self.settings);
        verdict
    }

    fn check_readable(&self, subject: &CheckTarget, certificate: &Certificate) -> Verdict {
        let usage = subject.usage.and_then(|(usage, _)| usage);
        let mut facts = Facts::of(certificate);
        let mut findings = Vec::new();

        let related = |indexes: &Vec<usize>| -> Vec<Certificate> {
            indexes.iter().filter_map(|index| subject.pool.get(*index).cloned()).collect()
        };
        let some = subject.possible_issuers.as_ref().map(related);
        let untrusted = some.as_ref().unwrap_or(&subject.pool).as_slice();
        let anchors = self.anchors.near(certificate, untrusted);
        let query = PathQuery {
            untrusted,
            revocation: &self.trust.revocation,
            usage,
            max_depth: self.args.max_depth,
            ..PathQuery::new(certificate, &anchors, self.at)
        };
        let result = if subject.is_anchor {
            let violations = path::validate_anchor(certificate, self.at);
            PathResult { path: vec![CertificateRef::Leaf], violations }
        } else {
            path::validate(&query)
        };
        let path: Vec<&Certificate> =
            result.path.iter().map(|link| query.certificate(*link)).collect();
        facts.path = path.iter().map(|one| one.subject().to_string()).collect();
        findings.extend(result.violations.into_iter().map(|violation| {
            let finding = Finding::new(violation.rule, violation.detail);
            match violation.link {
                CertificateRef::Leaf => finding,
                link => finding.above(query.certificate(link)),
            }
        }));
        self.lint_path(subject, usage, &path, &mut findings);
        findings.extend(self.lists_without_number(&path));
        if subject.usage.is_some() {
            self.names(subject, certificate, &mut findings);
        }
        key::check(subject, certificate, &mut findings);
        findings.extend(self.secret_ca(subject, certificate));
        // Not for a manifest or a pipe.
        let file = (subject.name == subject.file.shown() && subject.file.is_file())
            .then(|| subject.file.typed());
        findings.extend(pem_form::findings(&subject.form, file.as_deref()));
        findings.extend(subject.bundle.iter().flatten().cloned());
        findings.extend(subject.served.iter().flat_map(|(_, remarks)| remarks).cloned());
        if subject.usage.is_some() {
            // Redis Enterprise checks clients, not servers.
            let admission = self.admission.filter(|_| usage != Some(Usage::Server));
            findings.extend(admission.and_then(|admission| admission.check(certificate)));
            let hosts = &self.args.host;
            let verdict =
                webpki::second_opinion(certificate, untrusted, &anchors, self.at, usage, hosts);
            findings.extend(webpki_alone(&verdict, &findings));
            facts.webpki = Some(verdict);
        }

        let role = match subject.usage {
            Some((usage, known_from)) => Role::Leaf { usage, known_from },
            None if subject.is_anchor => Role::TrustAnchor,
            None => Role::Intermediate,
        };
        let mut aspects = self.aspects(subject, certificate, &facts, usage);
        let unreached = findings.iter().any(|finding| finding.rule == Rule::Chain);
        for aspect_result in &mut aspects {
            aspect_result.skipped |= unreached && aspect_result.aspect == Aspect::Signature;
        }
        // Each aspect that has a finding is listed.
        for finding in &findings {
            let aspect = finding.rule.aspect();
            if !aspects.iter().any(|aspect_result| aspect_result.aspect == aspect) {
                aspects.push(AspectResult::new(aspect, ""));
            }
        }
        let (name, file) = (subject.name.clone(), subject.file.to_string_lossy().into_owned());
        Verdict { name, file, facts: Some(facts), role, aspects, findings }
    }

    /// What clients are known to refuse along the path. What is checked on its own in this run is not
    /// reported again below it.
    fn lint_path(
        &self,
        subject: &CheckTarget,
        usage: Option<Usage>,
        path: &[&Certificate],
        findings: &mut Vec<Finding>,
    ) {
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
                usage: usage.filter(|_| own && subject.usage.is_some()),
                at: self.at,
                window: self.args.expires_within,
                strict: self.args.strict,
            });
            let placed = |one: Finding| if own { one } else { one.above(certificate) };
            findings.extend(of_one.into_iter().map(placed));
        }
    }

    /// What the users of a TLS Secret refuse, who trust its `ca.crt`.
    fn secret_ca(&self, subject: &CheckTarget, certificate: &Certificate) -> Option<Finding> {
        let anchors = subject.secret_ca.as_ref()?;
        let query =
            PathQuery { untrusted: &subject.pool, ..PathQuery::new(certificate, anchors, self.at) };
        let result = path::validate(&query);
        // A fault of the certificate itself is reported once.
        let violation = result.violations.iter().find(|violation| {
            !matches!(violation.link, CertificateRef::Leaf)
                || matches!(violation.rule, Rule::Chain | Rule::Signature)
        })?;
        let place = subject.name.trim_end_matches("tls.crt");
        let message =
            format!("is refused by clients that trust `{place}ca.crt`: {}", violation.detail);
        let mut finding = Finding::new(violation.rule, message);
        finding.above = true;
        finding.ca_key = Some(query.certificate(violation.link).public_key().spki().to_vec());
        Some(finding)
    }

    /// The revocation lists of the path's issuers that cannot be ordered by their number.
    fn lists_without_number(&self, path: &[&Certificate]) -> Option<Finding> {
        let is_of_path = |list: &&Crl| path.iter().any(|one| one.issuer() == list.issuer());
        let mut lists = self.trust.revocation.iter().filter(is_of_path);
        let list = lists.find(|list| list.number().is_none() && list.unusable().is_none())?;
        let message = format!(
            "has a revocation list of `{}` without crlNumber, which RFC 5280 section 5.2.3 \
            requires: of several lists the latest thisUpdate counts",
            list.issuer()
        );
        Some(Finding::new(Rule::CrlNumber, message))
    }

    fn names(&self, subject: &CheckTarget, certificate: &Certificate, findings: &mut Vec<Finding>) {
        let hosts = self
            .args
            .host
            .iter()
            .map(|host| (Rule::Host, host.clone(), names::host_matches(certificate, host)));
        let addresses = self.args.email.iter().map(|address| {
            let matched = names::email_matches(certificate, address);
            (Rule::Email, format!("email:{address}"), matched)
        });
        for (rule, name, matched) in hosts.chain(addresses) {
            if let Err(reason) = matched {
                let finding = Finding::new(rule, reason);
                findings.push(hints::on_name(finding, subject, &name, self.settings));
            }
        }
    }

    /// The aspects that were checked, with the facts.
    fn aspects(
        &self,
        subject: &CheckTarget,
        certificate: &Certificate,
        facts: &Facts,
        usage: Option<Usage>,
    ) -> Vec<AspectResult> {
        let is_leaf = subject.usage.is_some();
        let path_len = certificate.basic_constraints().and_then(|constraints| constraints.path_len);
        let ca = match (certificate.is_ca(), path_len) {
            (false, _) => "is not a CA".to_owned(),
            (true, None) => "is a CA".to_owned(),
            (true, Some(length)) => format!("is a CA, pathLen {length}"),
        };
        let mut aspects = vec![
            AspectResult::new(Aspect::Form, format!("version {}", certificate.version())),
            AspectResult::new(Aspect::Chain, facts.path.join(" <- ")),
            AspectResult::new(Aspect::Signature, "verified with its issuer's key"),
            AspectResult::new(Aspect::Algorithm, certificate.public_key().kind().to_string()),
            AspectResult::new(Aspect::Dates, dates(certificate, self.at)),
            AspectResult::new(Aspect::CaBits, ca),
            AspectResult::new(Aspect::Issuer, format!("`{}`", certificate.issuer())),
            AspectResult::new(Aspect::Serial, certificate.serial_text()),
        ];
        if is_leaf {
            let usage = usage.map_or("not requested", Usage::as_str);
            aspects.push(AspectResult::new(Aspect::Usage, usage));
            aspects.push(AspectResult::new(Aspect::Names, self.names_text(certificate)));
        }
        match &subject.key {
            Key::NotExpected => {}
            Key::Denied(path) => {
                let fact = format!("{} cannot be read by this user", path.shown());
                aspects.push(AspectResult::skipped(Aspect::Key, fact));
            }
            Key::Found { name, mode, .. } => {
                let mode = mode.map_or(String::new(), |mode| format!(", mode {mode:04o}"));
                aspects.push(AspectResult::new(Aspect::Key, format!("{name} belongs to it{mode}")));
            }
            Key::Missing(path) | Key::Unreadable(path, _) | Key::Unknown(path) => {
                aspects.push(AspectResult::new(Aspect::Key, path.shown()));
            }
        }
        if !self.args.crl.is_empty() {
            aspects.push(AspectResult::new(Aspect::Revocation, "not revoked"));
        }
        if subject.bundle.is_some() {
            aspects.push(AspectResult::new(Aspect::Bundle, "in order"));
        }
        if let Some((fact, _)) = &subject.served {
            aspects.push(AspectResult::new(Aspect::Served, fact.clone()));
        }
        if is_leaf && self.admission.is_some() && usage != Some(Usage::Server) {
            aspects.push(AspectResult::new(Aspect::Admission, "admitted"));
        }
        match &facts.webpki {
            None => {}
            Some(Ok(())) => aspects.push(AspectResult::new(Aspect::Webpki, "accepts it")),
            Some(Err(error)) => aspects
                .push(AspectResult::skipped(Aspect::Webpki, format!("refuses it, too: {error}"))),
        }
        aspects
    }

    fn names_text(&self, certificate: &Certificate) -> String {
        let names: Vec<String> = certificate.names().iter().map(GeneralName::to_string).collect();
        let asked: Vec<&str> =
            self.args.host.iter().chain(&self.args.email).map(String::as_str).collect();
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
        finding.severity() == Severity::Error
            || matches!(finding.rule, Rule::NameEncoding | Rule::LeafIsCa)
    };
    (!findings.iter().any(explained)).then(|| {
        let message = format!(
            "is valid by RFC 5280, and clients and servers on rustls (Qdrant is one) refuse it: \
            {error}"
        );
        Finding::new(Rule::Webpki, message)
    })
}
