//! The verdicts as SARIF 2.1.0, which GitHub's code scanning and other tools read.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    os::unix::ffi::OsStrExt,
    path::Path,
};

use pki::verify::{finding::Finding, rule::Rule};
use serde_json::{Value, json};

use super::{
    Checkup, Verdict,
    ci::{remark, said, sentence},
};
use crate::{
    error::Error,
    report::{Level, Note},
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

impl Checkup {
    /// One run: a result for each finding. The notifications are the files that could not be read, and the
    /// notes.
    pub(crate) fn sarif(&self) -> Vec<u8> {
        let findings = self.verdicts.iter().flat_map(|verdict| &verdict.findings);
        let rules: BTreeSet<Rule> = findings.map(|finding| finding.rule).collect();
        let results: Vec<Value> =
            self.verdicts.iter().flat_map(|verdict| self.results(verdict, &rules)).collect();
        let failures = self.errors.iter().map(failure);
        let notifications: Vec<Value> = failures.chain(self.notes.iter().map(notice)).collect();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {
                    "driver": {
                        "name": "certctl",
                        "version": env!("CARGO_PKG_VERSION"),
                        "rules": rules.iter().copied().map(descriptor).collect::<Vec<_>>(),
                    },
                },
                "invocations": [{
                    "executionSuccessful": self.errors.is_empty(),
                    "exitCode": self.exit() as u8,
                    "toolExecutionNotifications": notifications,
                }],
                "results": results,
            }],
        });
        let mut text = serde_json::to_vec_pretty(&log).unwrap_or_default();
        text.push(b'\n');
        text
    }

    fn results(&self, verdict: &Verdict, rules: &BTreeSet<Rule>) -> Vec<Value> {
        // GitHub requires a line.
        let location = json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&verdict.file) },
                "region": { "startLine": 1 },
            },
        });
        let locations: Vec<Value> =
            Some(location).filter(|_| verdict.file != Path::new("-")).into_iter().collect();
        let sha256 = verdict.facts.as_ref().and_then(|facts| facts.certificate.sha256.as_ref());
        let certificate = sha256.unwrap_or(&verdict.name);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let result = |finding: &Finding| {
            let defect = finding.defect.id();
            let count = counts.entry(defect).or_default();
            *count += 1;
            json!({
                "ruleId": finding.rule.id(),
                "ruleIndex": rules.iter().position(|rule| *rule == finding.rule),
                "level": self.level(finding),
                "message": { "text": format!("{} {}", verdict.name, sentence(finding)) },
                "locations": locations,
                // The only one that GitHub reads. It has no message, which can count days.
                "partialFingerprints": {
                    "primaryLocationLineHash": format!("{defect}:{certificate}:{count}"),
                },
                "properties": { "defect": defect, "severity": finding.severity().as_str() },
            })
        };
        verdict.findings.iter().map(result).collect()
    }
}

fn descriptor(rule: Rule) -> Value {
    json!({
        "id": rule.id(),
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": rule.meaning() },
        "help": { "text": rule.fix() },
        "properties": { "source": rule.source() },
    })
}

fn failure(error: &Error) -> Value {
    json!({ "level": "error", "message": { "text": said(error) } })
}

fn notice(note: &Note) -> Value {
    let level = if note.level == Level::Warning { "warning" } else { "note" };
    json!({ "level": level, "message": { "text": remark(note) } })
}

/// A path as a URI (RFC 3986): relative, or of the scheme `file`.
fn uri(path: &Path) -> String {
    let mut uri = if path.is_absolute() { "file://" } else { "" }.to_owned();
    for octet in path.strip_prefix(".").unwrap_or(path).as_os_str().as_bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~/".contains(octet) {
            uri.push(char::from(*octet));
        } else {
            let _ = write!(uri, "%{octet:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn a_uri_has_every_octet_of_the_path() {
        let cases: [(&[u8], &str); 6] = [
            (b"pki/server.pem", "pki/server.pem"),
            (b"./pki/../a.pem", "pki/../a.pem"),
            (b"/etc/a b.pem", "file:///etc/a%20b.pem"),
            (b"c:d%20?#.pem", "c%3Ad%2520%3F%23.pem"),
            (b"\"\n\x1b\xff.pem", "%22%0A%1B%FF.pem"),
            ("ü.pem".as_bytes(), "%C3%BC.pem"),
        ];

        for (path, expected) in cases {
            assert_eq!(uri(Path::new(OsStr::from_bytes(path))), expected);
        }
    }
}
