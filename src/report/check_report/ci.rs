//! The verdicts for CI servers: JUnit, and the annotations of GitHub Actions.

use std::{fmt::Write as _, io};

use pki::{
    verify::{
        finding::{AspectResult, Finding},
        rule::{Aspect, Severity},
    },
    x509::escape::{escape_line, is_hidden},
};
use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{Checkup, Verdict};
use crate::{
    error::Error,
    report::{Level, Note, as_typed},
};

impl Checkup {
    /// A JUnit report: a suite for each certificate, a case for each aspect that was checked. What
    /// makes the exit code other than 0 is a failure; files that could not be read are errors.
    pub(crate) fn junit(&self) -> Vec<u8> {
        // Writing into memory does not fail.
        let mut report = self.write_junit().unwrap_or_default();
        report.push(b'\n');
        report
    }

    /// Workflow commands of GitHub Actions, one for each finding.
    pub(crate) fn github(&self) -> Vec<u8> {
        let mut text = String::new();
        for verdict in &self.verdicts {
            for finding in &verdict.findings {
                let command = match finding.severity() {
                    Severity::Error => "error",
                    Severity::Warning if self.strict => "error",
                    Severity::Due | Severity::Warning => "warning",
                    Severity::Note => "notice",
                };
                let message = format!("{} {}", verdict.name, sentence(finding));
                let title = format!("certctl {}", finding.rule);
                annotate(&mut text, command, &verdict.file, &title, &message);
            }
        }
        for error in &self.errors {
            annotate(&mut text, "error", "", "certctl", &said(error));
        }
        for note in &self.notes {
            let command = if note.level == Level::Warning { "warning" } else { "notice" };
            annotate(&mut text, command, "", "certctl", &remark(note));
        }
        text.into_bytes()
    }

    fn write_junit(&self) -> io::Result<Vec<u8>> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let cases = self.verdicts.iter().map(|verdict| verdict.aspects.len());
        let failed = self.verdicts.iter().map(|verdict| self.failures(verdict));
        let counts = [
            ("tests", (cases.sum::<usize>() + self.errors.len()).to_string()),
            ("failures", failed.sum::<usize>().to_string()),
            ("errors", self.errors.len().to_string()),
        ];
        let suites = writer
            .create_element("testsuites")
            .with_attribute(("name", "certctl check"))
            .with_attributes(counts.iter().map(|(name, value)| (*name, value.as_str())));
        suites.write_inner_content(|writer| {
            for verdict in &self.verdicts {
                self.suite(writer, verdict)?;
            }
            if !self.errors.is_empty() {
                self.unreadable(writer)?;
            }
            if self.notes.is_empty() { Ok(()) } else { self.remarks(writer) }
        })?;
        Ok(writer.into_inner())
    }

    fn suite(&self, writer: &mut Writer<Vec<u8>>, verdict: &Verdict) -> io::Result<()> {
        let name = printable(&verdict.name);
        let tests = verdict.aspects.len().to_string();
        let failures = self.failures(verdict).to_string();
        let suite = writer.create_element("testsuite").with_attributes([
            ("name", name.as_str()),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", "0"),
        ]);
        suite.write_inner_content(|writer| {
            for checked in &verdict.aspects {
                self.case(writer, verdict, checked, &name)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn case(
        &self,
        writer: &mut Writer<Vec<u8>>,
        verdict: &Verdict,
        checked: &AspectResult,
        name: &str,
    ) -> io::Result<()> {
        let case = writer
            .create_element("testcase")
            .with_attributes([("classname", name), ("name", checked.aspect.as_str())]);
        let findings: Vec<&Finding> = verdict.findings_on(checked.aspect).collect();
        if findings.is_empty() && checked.skipped {
            let said = printable(&checked.fact);
            case.write_inner_content(|writer| {
                let skipped = writer.create_element("skipped");
                skipped.with_attribute(("message", said.as_str())).write_empty()?;
                Ok(())
            })?;
            return Ok(());
        }
        if findings.is_empty() {
            case.write_empty()?;
            return Ok(());
        }
        case.write_inner_content(|writer| {
            let (failures, rest): (Vec<&Finding>, Vec<&Finding>) =
                findings.iter().partition(|finding| self.fails(finding));
            // One for a case: Jenkins reads the first alone.
            if let Some(worst) = failures.iter().rev().max_by_key(|one| one.severity()) {
                let messages: Vec<&str> =
                    failures.iter().map(|finding| finding.message.as_str()).collect();
                let texts: Vec<String> = failures.iter().map(|finding| sentence(finding)).collect();
                let message = printable(&messages.join("; "));
                writer
                    .create_element("failure")
                    .with_attributes([("type", worst.rule.id()), ("message", &message)])
                    .write_text_content(BytesText::new(&printable(&texts.join("\n"))))?;
            }
            if !rest.is_empty() {
                let lines: Vec<String> = rest
                    .iter()
                    .map(|one| {
                        format!("{} {}: {}", one.severity().as_str(), one.rule, sentence(one))
                    })
                    .collect();
                writer
                    .create_element("system-out")
                    .write_text_content(BytesText::new(&printable(&lines.join("\n"))))?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn unreadable(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let count = self.errors.len().to_string();
        let suite = writer.create_element("testsuite").with_attributes([
            ("name", "files that could not be read"),
            ("tests", &count),
            ("failures", "0"),
            ("errors", &count),
        ]);
        suite.write_inner_content(|writer| {
            for error in &self.errors {
                let name = printable(&error.to_string());
                let said = printable(&said(error));
                writer
                    .create_element("testcase")
                    .with_attributes([("classname", "unreadable"), ("name", name.as_str())])
                    .write_inner_content(|writer| {
                        writer
                            .create_element("error")
                            .with_attribute(("message", name.as_str()))
                            .write_text_content(BytesText::new(&said))?;
                        Ok(())
                    })?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The notes, which fail nothing.
    fn remarks(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let lines: Vec<String> = self.notes.iter().map(remark).collect();
        let suite = writer.create_element("testsuite").with_attributes([
            ("name", "notes"),
            ("tests", "0"),
            ("failures", "0"),
            ("errors", "0"),
        ]);
        suite.write_inner_content(|writer| {
            writer
                .create_element("system-out")
                .write_text_content(BytesText::new(&printable(&lines.join("\n"))))?;
            Ok(())
        })?;
        Ok(())
    }

    /// Whether a finding makes the exit code other than 0.
    fn fails(&self, finding: &Finding) -> bool {
        match finding.severity() {
            Severity::Error | Severity::Due => true,
            Severity::Warning => self.strict,
            Severity::Note => false,
        }
    }

    /// How many cases of a suite have failed.
    fn failures(&self, verdict: &Verdict) -> usize {
        let failed =
            |aspect: Aspect| verdict.findings_on(aspect).any(|finding| self.fails(finding));
        verdict.aspects.iter().filter(|checked| failed(checked.aspect)).count()
    }
}

/// The message and the hint.
fn sentence(finding: &Finding) -> String {
    match &finding.hint {
        Some(hint) => format!("{}; hint: {}", finding.message, hint),
        None => finding.message.clone(),
    }
}

fn remark(note: &Note) -> String {
    let message = as_typed(&note.message);
    match &note.hint {
        Some(hint) => format!("{message}; hint: {}", as_typed(hint)),
        None => message,
    }
}

fn said(error: &Error) -> String {
    let mut said = error.to_string();
    for cause in error.causes() {
        let _ = write!(said, ", because {cause}");
    }
    if let Some(hint) = error.hint() {
        let _ = write!(said, "; hint: {}", as_typed(&hint));
    }
    said
}

/// Characters that XML 1.0 does not allow are omitted; names and messages are escaped before.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| matches!(c, '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..))
        .collect()
}

/// One workflow command. `%`, line ends, and in properties `:` and `,` are escaped as GitHub's runner
/// reads them.
fn annotate(text: &mut String, command: &str, file: &str, title: &str, message: &str) {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let title = property(title);
    let place = if file.is_empty() || file == "-" {
        format!("title={title}")
    } else {
        // A name with hidden characters is not a path that a reviewer can open.
        let is_hidden = |c: char| is_hidden(c) && !matches!(c, '\n' | '\r');
        let file = if file.contains(is_hidden) { escape_line(file) } else { file.to_owned() };
        format!("file={},title={title}", property(&file))
    };
    let _ = writeln!(text, "::{command} {place}::{}", data(message));
}
