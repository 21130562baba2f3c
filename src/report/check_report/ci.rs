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
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        let head = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
        let written = writer.write_event(head).and_then(|()| self.suites().write(&mut writer));
        // Writing into memory does not fail.
        let mut report = written.map_or_else(|_| Vec::new(), |()| writer.into_inner());
        report.push(b'\n');
        report
    }

    /// Workflow commands of GitHub Actions, one for each finding.
    pub(crate) fn github(&self) -> Vec<u8> {
        let mut text = String::new();
        for verdict in &self.verdicts {
            for finding in &verdict.findings {
                let command = match self.level(finding) {
                    "note" => "notice",
                    level => level,
                };
                let message = format!("{} {}", verdict.name, sentence(finding));
                let title = format!("certctl {}", finding.rule);
                annotate(&mut text, command, &verdict.file.to_string_lossy(), &title, &message);
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

    /// The severity as CI servers know it: `error`, `warning` or `note`.
    pub(super) fn level(&self, finding: &Finding) -> &'static str {
        match finding.severity() {
            Severity::Error => "error",
            Severity::Warning if self.strict => "error",
            Severity::Due | Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }

    fn suites(&self) -> XmlElement {
        let mut suites: Vec<_> = self.verdicts.iter().map(|verdict| self.suite(verdict)).collect();
        if !self.errors.is_empty() {
            let cases: Vec<_> = self.errors.iter().map(unreadable).collect();
            let counts = [cases.len(), 0, cases.len()];
            suites.push(suite("files that could not be read", counts, cases));
        }
        if !self.notes.is_empty() {
            // They fail nothing.
            let lines: Vec<String> = self.notes.iter().map(remark).collect();
            suites.push(suite("notes", [0; 3], vec![system_out(&lines)]));
        }
        let cases: usize = self.verdicts.iter().map(|verdict| verdict.aspects.len()).sum();
        let failed = self.verdicts.iter().map(|verdict| self.failures(verdict)).sum();
        let counts = [cases + self.errors.len(), failed, self.errors.len()];
        XmlElement { name: "testsuites", ..suite("certctl check", counts, suites) }
    }

    fn suite(&self, verdict: &Verdict) -> XmlElement {
        let cases: Vec<_> =
            verdict.aspects.iter().map(|checked| self.case(verdict, checked)).collect();
        suite(&verdict.name, [cases.len(), self.failures(verdict), 0], cases)
    }

    fn case(&self, verdict: &Verdict, checked: &AspectResult) -> XmlElement {
        let (failures, rest): (Vec<&Finding>, Vec<&Finding>) =
            verdict.findings_on(checked.aspect).partition(|finding| self.fails(finding));
        let mut content = Vec::new();
        // One for a case: Jenkins reads the first alone.
        if let Some(worst) = failures.iter().rev().max_by_key(|one| one.severity()) {
            let messages: Vec<&str> =
                failures.iter().map(|finding| finding.message.as_str()).collect();
            let texts: Vec<String> = failures.iter().map(|finding| sentence(finding)).collect();
            let attributes = [("type", worst.rule.id()), ("message", &messages.join("; "))];
            content.push(XmlElement::new("failure", &attributes, Content::text(&texts)));
        }
        if !rest.is_empty() {
            let line = |one: &&Finding| {
                format!("{} {}: {}", one.severity().as_str(), one.rule, sentence(one))
            };
            content.push(system_out(&rest.iter().map(line).collect::<Vec<_>>()));
        }
        if content.is_empty() && checked.skipped {
            let attributes = [("message", checked.fact.as_str())];
            content.push(XmlElement::new("skipped", &attributes, Content::Empty));
        }
        let attributes = [("classname", verdict.name.as_str()), ("name", checked.aspect.as_str())];
        let is_empty = content.is_empty();
        let content = if is_empty { Content::Empty } else { Content::Elements(content) };
        XmlElement::new("testcase", &attributes, content)
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

/// An element of the report, whose texts have no character that XML does not allow.
struct XmlElement {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    content: Content,
}

enum Content {
    Empty,
    Text(String),
    Elements(Vec<XmlElement>),
}

impl Content {
    fn text(lines: &[String]) -> Self {
        Self::Text(printable(&lines.join("\n")))
    }
}

impl XmlElement {
    fn new(name: &'static str, attributes: &[(&'static str, &str)], content: Content) -> Self {
        let attributes = attributes.iter().map(|(name, value)| (*name, printable(value)));
        Self { name, attributes: attributes.collect(), content }
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let attributes = self.attributes.iter().map(|(name, value)| (*name, value.as_str()));
        let element = writer.create_element(self.name).with_attributes(attributes);
        match &self.content {
            Content::Empty => element.write_empty(),
            Content::Text(text) => element.write_text_content(BytesText::new(text)),
            Content::Elements(elements) => element.write_inner_content(|writer| {
                elements.iter().try_for_each(|element| element.write(writer))
            }),
        }
        .map(drop)
    }
}

/// A suite with the numbers of its tests, failures and errors.
fn suite(name: &str, counts: [usize; 3], content: Vec<XmlElement>) -> XmlElement {
    let [tests, failures, errors] = counts.map(|count| count.to_string());
    let attributes =
        [("name", name), ("tests", &tests), ("failures", &failures), ("errors", &errors)];
    XmlElement::new("testsuite", &attributes, Content::Elements(content))
}

fn system_out(lines: &[String]) -> XmlElement {
    XmlElement::new("system-out", &[], Content::text(lines))
}

/// The case of a file that could not be read.
fn unreadable(error: &Error) -> XmlElement {
    let name = error.to_string();
    let attributes = [("message", name.as_str())];
    let cause = XmlElement::new("error", &attributes, Content::text(&[said(error)]));
    let attributes = [("classname", "unreadable"), ("name", &name)];
    XmlElement::new("testcase", &attributes, Content::Elements(vec![cause]))
}

/// The message and the hint.
pub(super) fn sentence(finding: &Finding) -> String {
    match &finding.hint {
        Some(hint) => format!("{}; hint: {}", finding.message, hint),
        None => finding.message.clone(),
    }
}

pub(super) fn remark(note: &Note) -> String {
    let message = as_typed(&note.message);
    match &note.hint {
        Some(hint) => format!("{message}; hint: {}", as_typed(hint)),
        None => message,
    }
}

pub(super) fn said(error: &Error) -> String {
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
