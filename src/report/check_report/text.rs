//! The verdicts as text: a line for each certificate, and one for each finding.

use std::fmt;

use anstyle::{AnsiColor, Style};
use pki::{
    verify::{check::CheckRole, finding::Finding, rule::Severity},
    x509::escape::shorten,
};

use super::{Checkup, Verdict};
use crate::{error::Exit, report::skipped};

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = AnsiColor::Cyan.on_default();

/// The most characters of a fact, and of a message: names in certificates can be long.
const FACT: usize = 200;
const MESSAGE: usize = 800;

impl fmt::Display for Checkup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for verdict in &self.verdicts {
            headline(f, verdict, self.strict)?;
            lines(f, verdict, self.verbose)?;
        }
        match self.verdicts.len() {
            // The errors are enough.
            0 => return Ok(()),
            1 => {}
            count => summary(f, self, count)?,
        }
        skipped::list(&self.skipped).map_or(Ok(()), |list| writeln!(f, "Skipped: {list}"))
    }
}

fn headline(f: &mut fmt::Formatter<'_>, verdict: &Verdict, strict: bool) -> fmt::Result {
    let (style, word) = match verdict.exit(strict) {
        Exit::Invalid => (BAD, "NOT VALID"),
        Exit::Due => (DOUBTFUL, "due"),
        _ => (GOOD, "valid"),
    };
    write!(f, "{}: {style}{word}{style:#}", verdict.name)?;
    match &verdict.role {
        CheckRole::Leaf { usage, known_from } => {
            let usage = usage.map_or("anything", |usage| usage.as_str());
            write!(f, " as {usage} ({known_from})")?;
        }
        CheckRole::Intermediate => f.write_str(" as an intermediate CA")?,
        CheckRole::TrustAnchor => f.write_str(" as a trust anchor")?,
        CheckRole::Unknown => {}
    }
    if let Some(facts) = &verdict.facts {
        write!(f, ", until {}", facts.certificate.until)?;
    }
    writeln!(f)
}

fn lines(f: &mut fmt::Formatter<'_>, verdict: &Verdict, verbose: bool) -> fmt::Result {
    for checked in &verdict.aspects {
        let mut findings = verdict.findings_on(checked.aspect).peekable();
        if verbose && findings.peek().is_none() {
            let (fact, aspect) = (shorten(&checked.fact, FACT), checked.aspect.as_str());
            let (style, word) = if checked.skipped { (Style::new(), "-") } else { (GOOD, "ok") };
            writeln!(f, "  {style}{word:8}{style:#} {aspect:10} {fact}")?;
        }
        for finding in findings {
            finding_lines(f, finding)?;
        }
    }
    Ok(())
}

fn finding_lines(f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
    let severity = finding.severity();
    let style = match severity {
        Severity::Error => BAD,
        Severity::Due | Severity::Warning => DOUBTFUL,
        Severity::Note => FAINT,
    };
    let (word, aspect) = (severity.as_str(), finding.rule.aspect().as_str());
    let message = shorten(&finding.message, MESSAGE);
    writeln!(f, "  {style}{word:8}{style:#} {aspect:10} {message} [{}]", finding.rule)?;
    match &finding.hint {
        Some(hint) => writeln!(f, "  {:8} {:10} {FAINT}hint:{FAINT:#} {}", "", "", hint),
        None => Ok(()),
    }
}

fn summary(f: &mut fmt::Formatter<'_>, checkup: &Checkup, count: usize) -> fmt::Result {
    let (invalid, due) = (checkup.count(Exit::Invalid), checkup.count(Exit::Due));
    write!(f, "{count} certificates: {} valid", count - invalid - due)?;
    if due > 0 {
        write!(f, ", {due} due")?;
    }
    if invalid > 0 {
        write!(f, ", {invalid} not valid")?;
    }
    writeln!(f)
}
