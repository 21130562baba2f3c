//! `check` for CI servers: JUnit, annotations of GitHub Actions, SARIF; forms that others lack.

use std::{
    collections::{BTreeSet, HashSet},
    fs::File,
};

use quick_xml::{Reader, XmlVersion, events::Event};
use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox};

/// The attributes of each element of a name, and the text inside of it.
fn elements(xml: &str, name: &str) -> Vec<(Vec<(String, String)>, String)> {
    let mut reader = Reader::from_str(xml);
    let mut found: Vec<(Vec<(String, String)>, String)> = Vec::new();
    let mut open = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return found,
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == name => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    (key, attribute.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned())
                });
                found.push((attributes.collect(), String::new()));
                open = true;
            }
            Event::Text(text) if open => {
                found.last_mut().unwrap().1.push_str(&text);
            }
            Event::End(end) if end.name().as_ref() == name => open = false,
            _ => {}
        }
    }
}

fn attribute<'a>(element: &'a (Vec<(String, String)>, String), name: &str) -> &'a str {
    let found = element.0.iter().find(|(key, _)| key == name);
    &found.unwrap_or_else(|| panic!("no {name} in {element:?}")).1
}

#[test]
fn junit_has_a_suite_for_each_certificate_and_a_case_for_each_aspect() {
    let sandbox = Sandbox::with_fixtures("gen-sh");

    let run = sandbox.certctl("check -o junit");

    run.code(4);
    let xml = run.stdout();
    let suites = elements(&xml, "testsuite");
    let names: Vec<&str> = suites.iter().map(|suite| attribute(suite, "name")).collect();
    assert_eq!(names, ["ca.pem", "client.pem", "server.pem"]);
    let whole = &elements(&xml, "testsuites")[0];
    let cases = elements(&xml, "testcase");
    let failures = elements(&xml, "failure");
    assert_eq!(attribute(whole, "tests"), cases.len().to_string());
    assert_eq!(attribute(whole, "failures"), "1");
    assert_eq!(failures.len(), 1);
    assert_eq!(attribute(&failures[0], "type"), "usage");
    assert!(attribute(&failures[0], "message").contains("serverAuth"));
    assert!(failures[0].1.contains("hint: certctl renew client --usage client"));
    // Warnings do not fail, and are not lost.
    let remarks: String = elements(&xml, "system-out").into_iter().map(|(_, text)| text).collect();
    assert!(remarks.contains("warning ca-key-usage"), "{remarks}");

    let strict = sandbox.certctl("check -o junit --strict");
    strict.code(4);
    assert_eq!(attribute(&elements(&strict.stdout(), "testsuites")[0], "failures"), "4");
}

#[test]
fn junit_holds_files_that_cannot_be_read_and_what_strangers_wrote() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.write("a<b>&\"c\u{1}.pem", sandbox.read("server.pem"));

    let run = sandbox.certctl_args(&["check", "absent.pem", "a<b>&\"c\u{1}.pem", "-o", "junit"]);

    run.code(1);
    let xml = run.stdout();
    let errors = elements(&xml, "error");
    assert_eq!(errors.len(), 1);
    assert!(attribute(&errors[0], "message").contains("absent.pem"));
    let suites = elements(&xml, "testsuite");
    assert_eq!(attribute(&suites[0], "name"), "a<b>&\"c\\u{1}.pem");
}

#[test]
fn github_has_an_annotation_for_each_finding() {
    let sandbox = Sandbox::with_fixtures("gen-sh");

    let run = sandbox.certctl("check client -o github");

    run.code(4);
    let text = run.stdout();
    let usage = text.lines().find(|line| line.contains("certctl usage")).unwrap();
    assert!(
        usage.starts_with("::error file=client.pem,title=certctl usage::client.pem "),
        "{usage}"
    );
    assert!(text.lines().any(|line| line.starts_with("::warning file=client.pem,")), "{text}");
    assert!(text.lines().all(|line| line.starts_with("::")), "{text}");

    sandbox.certctl("check client --strict -o github").stdout_lacks("::warning");
    sandbox.certctl("check absent -o github").code(1).stdout_has("::error title=certctl::");
}

#[test]
fn github_escapes_what_would_end_an_annotation() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let name = "a,b:c%\n::error::x.pem";
    sandbox.write(name, sandbox.read("server.pem"));

    let run = sandbox.certctl_args(&["check", name, "-o", "github"]);

    let text = run.code(0).stdout();
    let place = "file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.pem,";
    assert!(
        text.lines().all(|line| line.starts_with("::notice ") && line.contains(place)),
        "{text}"
    );
}

#[test]
fn a_report_goes_into_a_file_and_the_exit_code_stays() {
    let sandbox = Sandbox::with_fixtures("gen-sh");

    sandbox.certctl("check -o junit --out-file report.xml").code(4).stdout_is("");

    assert!(sandbox.text("report.xml").starts_with("<?xml"));
}

#[test]
fn forms_that_a_command_lacks_are_refused() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let cases = [
        ("check -o prometheus", "`text`, `json`, `junit`, `github`"),
        ("inspect -o junit", "`text`, `json`, `prometheus`"),
        ("renew -o github", "`text`, `json`"),
    ];

    for (line, forms) in cases {
        sandbox.certctl(line).code(2).stderr_has("has no output format").stderr_has(forms);
    }
}

#[test]
fn sarif_has_a_run_with_the_rules_that_occur_and_a_result_for_each_finding() {
    let sandbox = Sandbox::with_fixtures("gen-sh");

    let run = sandbox.certctl("check ca -o sarif");

    let finding = "ca.pem is a CA without keyUsage: what it signs is refused by `openssl verify \
                   -x509_strict`, Python 3.13 and later and pyca (OpenSSL: `does not include key \
                   usage extension`); hint: certctl renew ca";
    let fingerprint =
        "ca-key-usage:5f14d9861011899a7abae3a9b24490da47cd00dfb9eb8f5ddeb4e3a699d2ace0:1";
    let expected = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "certctl",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": [{
                        "id": "ca-key-usage",
                        "shortDescription": { "text": "A CA certificate has no keyUsage" },
                        "fullDescription": { "text": "A CA certificate has no keyUsage." },
                        "help": { "text": "Renew the CA: `certctl renew ca`." },
                        "properties": { "source": "RFC 5280 section 4.2.1.3" },
                    }],
                },
            },
            "invocations": [{
                "executionSuccessful": true,
                "exitCode": 0,
                "toolExecutionNotifications": [],
            }],
            "results": [{
                "ruleId": "ca-key-usage",
                "ruleIndex": 0,
                "level": "warning",
                "message": { "text": finding },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": "ca.pem" },
                        "region": { "startLine": 1 },
                    },
                }],
                "partialFingerprints": { "primaryLocationLineHash": fingerprint },
                "properties": { "defect": "ca-key-usage", "severity": "warning" },
            }],
        }],
    });
    assert_eq!(run.code(0).stderr_is("").json(), expected);
    // The same again, so that each finding is known again.
    assert_eq!(sandbox.certctl("check ca -o sarif").json(), expected);
}

#[test]
fn sarif_has_the_levels_of_the_exit_code() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let levels = |line: &str| -> Vec<(String, String)> {
        let log = sandbox.certctl(&format!("check {line} -o sarif")).json();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let mut prints = HashSet::new();
        for result in results {
            let rule = format!("/tool/driver/rules/{}/id", result["ruleIndex"]);
            assert_eq!(run.pointer(&rule), Some(&result["ruleId"]));
            assert!(prints.insert(result["partialFingerprints"].to_string()), "{result}");
        }
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let level = |one: &Value| (text(&one["properties"]["severity"]), text(&one["level"]));
        results.iter().map(level).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(severity, level)| ((*severity).into(), (*level).into())).collect()
    };

    // Two findings of one defect differ in their fingerprints.
    let all = [("due", "warning"), ("error", "error"), ("note", "note"), ("warning", "warning")];
    assert_eq!(levels("--expires-within 100y --host a.example --host b.example"), pairs(&all));
    let strict = [("error", "error"), ("note", "note"), ("warning", "error")];
    assert_eq!(levels("--strict"), pairs(&strict));
}

#[test]
fn sarif_has_files_that_cannot_be_read_and_names_as_uris() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let name = "a b%\n\"\u{1b}.pem";
    sandbox.write(name, sandbox.read("server.pem"));

    let args = ["check", "absent.pem", name, "--at", "2199-01-01T00:00:00Z", "-o", "sarif"];
    let run = sandbox.certctl_args(&args);

    let log = run.code(4).json();
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["exitCode"], 4);
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["level"], "error");
    assert!(notification["message"]["text"].as_str().unwrap().contains("absent.pem"));
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "a%20b%25%0A%22%1B.pem");
    let said = result["message"]["text"].as_str().unwrap();
    assert!(
        said.starts_with("a b%\\n\\\"\\u{1b}.pem ") || said.starts_with("a b%\\n\"\\u{1b}.pem "),
        "{said}"
    );

    // Standard input has no place.
    let mut check = sandbox.command();
    check.args(["check", "-", "--ca", "ca.pem", "--at", "2199-01-01T00:00:00Z", "-o", "sarif"]);
    check.stdin(File::open(sandbox.path("server.pem")).unwrap());
    let log = Run::of(&mut check).code(4).json();
    assert_eq!(log["runs"][0]["results"][0]["locations"], json!([]));
}
