//! What `check` found: verdicts, their exit code, and their JSON.

mod ci;
mod sarif;
mod text;

use std::path::{Path, PathBuf};

use pki::{
    verify::{
        check::CheckRole,
        clients::{Claim, Defect},
        finding::{AspectResult, Finding},
        rule::{Aspect, Severity},
    },
    x509::{certificate::Certificate, usage::Usage, validity::rfc3339},
};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    certificate_summary::CertificateSummary,
    json::{error_json, merged},
    note::Note,
    skipped::Skipped,
    words::reason,
};
use crate::error::{Error, Exit};

/// The result of `check`.
#[derive(Debug)]
pub(crate) struct Checkup {
    pub(crate) verdicts: Vec<Verdict>,
    /// The time of the check.
    pub(crate) at: OffsetDateTime,
    /// Warnings count as errors.
    pub(crate) strict: bool,
    /// The text has every aspect, not the findings alone.
    pub(crate) verbose: bool,
    /// Files that could not be read; they did not stop the rest.
    pub(crate) errors: Vec<Error>,
    pub(crate) notes: Vec<Note>,
    /// Files of directories that have no certificate.
    pub(crate) skipped: Vec<Skipped>,
}

/// The result for one certificate.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The file, and where in it; escaped.
    pub(crate) name: String,
    /// The file alone; `-` for standard input.
    pub(crate) file: PathBuf,
    /// `None` if its DER cannot be read.
    pub(crate) facts: Option<Facts>,
    pub(crate) role: CheckRole,
    /// The aspects that were checked, in order.
    pub(crate) aspects: Vec<AspectResult>,
    pub(crate) findings: Vec<Finding>,
}

impl Verdict {
    /// One finding on a file without a certificate that can be read.
    pub(crate) fn unread(name: String, file: &Path, aspect: Aspect, finding: Finding) -> Self {
        Self {
            name,
            file: file.to_owned(),
            facts: None,
            role: CheckRole::Unknown,
            aspects: vec![AspectResult::new(aspect, "")],
            findings: vec![finding],
        }
    }
}

/// Facts of the certificate that was checked.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) certificate: Box<CertificateSummary>,
    /// The subjects of the best path, the leaf first.
    pub(crate) path: Vec<String>,
    /// The result of webpki, if it was checked with it.
    pub(crate) webpki: Option<Result<(), String>>,
}

impl Facts {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        Self { certificate: CertificateSummary::of(certificate), path: Vec::new(), webpki: None }
    }
}

impl Verdict {
    /// Whether no client refuses it for the usage, the host and the time asked for.
    pub(crate) fn is_valid(&self, strict: bool) -> bool {
        self.exit(strict) != Exit::Invalid
    }

    fn exit(&self, strict: bool) -> Exit {
        let exit = |finding: &Finding| match finding.severity() {
            Severity::Error => Exit::Invalid,
            Severity::Warning if strict => Exit::Invalid,
            Severity::Due => Exit::Due,
            Severity::Warning | Severity::Note => Exit::Done,
        };
        self.findings.iter().map(exit).fold(Exit::Done, Exit::worst)
    }

    /// The findings of one aspect.
    fn findings_on(&self, aspect: Aspect) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.rule.aspect() == aspect)
    }

    fn json(&self, strict: bool) -> Value {
        let (usage, known_from) = match self.role {
            CheckRole::Leaf { usage, known_from } => (usage.map(Usage::as_str), Some(known_from)),
            _ => (None, None),
        };
        let mut value = json!({
            "name": self.name,
            "file": self.file.to_string_lossy(),
            "valid": self.is_valid(strict),
            "role": self.role.as_str(),
            "usage": usage,
            "usage_from": known_from,
        });
        if let Some(facts) = &self.facts {
            let certificate = &facts.certificate;
            let webpki = facts.webpki.as_ref();
            let more = json!({
                "subject": certificate.subject,
                "issuer": certificate.issuer,
                "serial": certificate.serial,
                "sha256": certificate.sha256,
                "not_before": certificate.not_before,
                "not_after": certificate.not_after,
                "path": facts.path,
                "webpki":
                    webpki.map(|it| json!({ "valid": it.is_ok(), "says": it.as_ref().err() })),
            });
            value = merged(value, &more);
        }
        value["checks"] = self.aspects.iter().map(|checked| self.check_json(checked)).collect();
        value["findings"] = self.findings.iter().map(finding_json).collect();
        value
    }

    fn check_json(&self, checked: &AspectResult) -> Value {
        let worst = self.findings_on(checked.aspect).map(Finding::severity).max();
        let otherwise = if checked.skipped { "skipped" } else { "ok" };
        let result = worst.map_or(otherwise, Severity::as_str);
        json!({ "aspect": checked.aspect.as_str(), "result": result })
    }
}

fn finding_json(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id(),
        "severity": finding.severity().as_str(),
        "aspect": finding.rule.aspect().as_str(),
        "defect": finding.defect.id(),
        "message": finding.message,
        "refused_by": refused_by(finding.defect),
        "hint": finding.hint,
    })
}

/// The ids of the claims in the table of clients (`certctl explain RULE -o json`).
fn refused_by(defect: Defect) -> Vec<String> {
    defect.claims().filter(Claim::refuses).map(|claim| claim.id(defect)).collect()
}

impl Checkup {
    pub(crate) fn exit(&self) -> Exit {
        let checked = self.verdicts.iter().map(|verdict| verdict.exit(self.strict));
        checked.chain(self.errors.iter().map(Error::exit)).fold(Exit::Done, Exit::worst)
    }

    /// The number of certificates with this exit code.
    fn count(&self, exit: Exit) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.exit(self.strict) == exit).count()
    }

    /// Of a command that ended with an error.
    pub(crate) fn failed(error: Error) -> Self {
        let (verdicts, notes) = (Vec::new(), Vec::new());
        let at = OffsetDateTime::UNIX_EPOCH;
        let errors = vec![error];
        let skipped = Vec::new();
        Self { verdicts, at, strict: false, verbose: false, errors, skipped, notes }
    }

    /// Why the exit code is not 0.
    pub(crate) fn reason(&self) -> String {
        reason(&[
            (self.count(Exit::Invalid), "not valid"),
            (self.count(Exit::Due), "due"),
            (self.errors.len(), "cannot be checked"),
        ])
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            // A file that was not read is not valid.
            "valid": !matches!(self.exit(), Exit::Invalid | Exit::Failed),
            "exit": self.exit() as u8,
            "at": rfc3339(self.at),
            "strict": self.strict,
            "certificates":
                self.verdicts.iter().map(|verdict| verdict.json(self.strict)).collect::<Vec<_>>(),
            "skipped": self.skipped,
            "notes": self.notes,
            "errors": self.errors.iter().map(error_json).collect::<Vec<_>>(),
        })
    }
}
