//! The section "In CI" of the README: its files parse, and their commands gate what they are to gate.

use std::{collections::BTreeSet, path::Path};

use quick_xml::{Reader, XmlVersion, events::Event};
use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

const README: &str = include_str!("../../README.md");

/// What lies in `pki/` of a checkout, and what a gate has to say of it.
const STATES: [(&str, State, i32); 5] = [
    ("a fresh set", fresh, 0),
    ("a checkout, which holds no keys", without_keys, 0),
    ("a set that ends within the window", short_lived, 3),
    ("a certificate of another CA", strange_server, 4),
    ("the set of gen.sh", from_gen_sh, 4),
];

type State = fn(&Sandbox);

#[test]
fn the_workflow_for_github_gates_and_annotates() {
    let workflow = block("GitHub Actions");
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let [install, check] = runs[..] else { panic!("{runs:?}") };
    assert!(install.starts_with("cargo install --locked "), "{install}");
    assert!(workflow["on"].get("schedule").is_some(), "nothing is pushed when a certificate ends");

    for (state, sandbox, code) in in_each_state() {
        let run = typed(&sandbox, check);

        assert_eq!(run.code(code).stderr().lines().count(), usize::from(code > 0), "{state}");
        let annotations: Vec<Annotation> =
            run.stdout().lines().map(|line| Annotation::parse(line).expect(line)).collect();
        let failed = annotations.iter().any(|one| one.command == "error");
        assert_eq!(failed, code == 4, "{state}: {annotations:?}");
        if code == 3 {
            assert!(annotations.iter().any(|one| one.command == "warning"), "{annotations:?}");
        }
        for Annotation { file, title, message, .. } in &annotations {
            // The path is one of the repository, so that the annotation is shown beside the file.
            assert!(sandbox.path(file).is_file(), "{state}: {file}");
            assert!(
                title.starts_with("certctl ") && message.starts_with(file.as_str()),
                "{message}"
            );
        }
    }
}

#[test]
fn the_job_for_gitlab_gates_and_leaves_its_report() {
    let job = block("GitLab")["certificates"].clone();
    let script: Vec<&str> =
        job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let [install, check] = script[..] else { panic!("{script:?}") };
    assert!(install.starts_with("cargo install --locked "), "{install}");
    let report = job["artifacts"]["reports"]["junit"].as_str().unwrap();
    assert_eq!(job["artifacts"]["when"], "always", "a job that fails has a report, too");

    for (state, sandbox, code) in in_each_state() {
        let said = typed(&sandbox, check).code(code).stdout_is("").stderr();
        assert_eq!(said.lines().count(), usize::from(code > 0), "{said}");

        let failures = failures(&sandbox.text(report));
        assert_eq!(failures.is_empty(), code == 0, "{state}: {failures:?}");
        assert!(code != 3 || failures.iter().all(|rule| rule == "expires-soon"), "{failures:?}");
    }
}

#[test]
fn the_hook_for_pre_commit_gates_whatever_was_changed() {
    let config = block("pre-commit, in");
    let hook = &config["repos"][0]["hooks"][0];
    assert_eq!(config["repos"][0]["repo"], "local");
    assert_eq!(hook["language"], "system");
    let with_names = hook["pass_filenames"].as_bool().unwrap_or(true);

    for (state, sandbox, code) in in_each_state() {
        let files = sandbox
            .files()
            .into_iter()
            .filter(|file| Path::new(file).extension().is_some_and(|end| end == "pem"));
        let names = if with_names { files.collect::<Vec<_>>().join(" ") } else { String::new() };

        // It knows no window: what is due may be committed.
        let expected = if code == 3 { 0 } else { code };
        let run = typed(&sandbox, &format!("{} {names}", hook["entry"].as_str().unwrap()));
        println!("{state}");
        assert_eq!(run.code(expected).stderr().lines().count(), usize::from(expected > 0));
    }
}

#[test]
fn a_workflow_command_is_read_as_the_runner_reads_it() {
    let cases = [
        ("::error::plain", Some(("error", "", "", "plain"))),
        ("  ::error file=a,title=b::c::d", Some(("error", "a", "b", "c::d"))),
        ("::notice file=a%2Cb%3A%25%0A::%25%0A%3A", Some(("notice", "a,b:%\n", "", "%\n%3A"))),
        ("error::plain", None),
        ("::error file=a", None),
    ];

    for (line, expected) in cases {
        let read = Annotation::parse(line);
        let read = read.as_ref().map(|one| {
            (one.command.as_str(), one.file.as_str(), one.title.as_str(), one.message.as_str())
        });
        assert_eq!(read, expected, "{line}");
    }
}

fn fresh(sandbox: &Sandbox) {
    sandbox.certctl("-d pki gen --cn localhost --key-type ecdsa:p256 --days 800").code(0);
}

fn without_keys(sandbox: &Sandbox) {
    fresh(sandbox);
    for key in ["pki/ca.key", "pki/server.key", "pki/client.key"] {
        sandbox.remove(key);
    }
}

fn short_lived(sandbox: &Sandbox) {
    sandbox.certctl("-d pki gen --cn localhost --key-type ecdsa:p256 --days 29").code(0);
}

fn strange_server(sandbox: &Sandbox) {
    fresh(sandbox);
    let other = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox.write("pki/server.pem", other.read("server.pem"));
    sandbox.write("pki/server.key", other.read("server.key"));
}

fn from_gen_sh(sandbox: &Sandbox) {
    for file in ["ca.pem", "server.pem", "client.pem"] {
        sandbox.put(&format!("gen-sh/{file}"), &format!("pki/{file}"));
    }
}

fn in_each_state() -> impl Iterator<Item = (&'static str, Sandbox, i32)> {
    STATES.into_iter().map(|(name, make, code)| {
        let sandbox = Sandbox::new();
        make(&sandbox);
        (name, sandbox, code)
    })
}

/// A command line of the README, as a shell runs it.
fn typed(sandbox: &Sandbox, line: &str) -> Run {
    let command = line.strip_prefix("certctl ").unwrap_or_else(|| panic!("{line}"));
    sandbox.sh(&format!("unset CERTCTL_DIR CERTCTL_CONFIG CERTCTL_OUTPUT; \"$CERTCTL\" {command}"))
}

/// The YAML below a line of the README that begins so.
fn block(heading: &str) -> Value {
    let section = README.split("### In CI").nth(1).unwrap().split("\n## ").next().unwrap();
    let (_, below) = section.split_once(&format!("\n{heading}")).expect(heading);
    let yaml = below.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{heading} {error}\n{yaml}"))
}

/// The types of the failures in a JUnit report.
fn failures(report: &str) -> BTreeSet<String> {
    let mut reader = Reader::from_str(report);
    let mut types = BTreeSet::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return types,
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == "failure" => {
                let found = start.try_get_attribute("type").unwrap().unwrap();
                types.insert(found.normalized_value(XmlVersion::Explicit1_0).unwrap().into_owned());
            }
            _ => {}
        }
    }
}

/// What the runner of GitHub Actions makes of a line: `::COMMAND KEY=VALUE,…::MESSAGE`.
#[derive(Debug)]
struct Annotation {
    command: String,
    file: String,
    title: String,
    message: String,
}

impl Annotation {
    /// Between the first two `::` stand command and properties; what follows is the message. In both the
    /// runner turns `%0D`, `%0A` and `%25` back, in properties `%3A` and `%2C` as well.
    fn parse(line: &str) -> Option<Self> {
        let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (command, properties) = head.split_once(' ').unwrap_or((head, ""));
        let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
        let property = |name: &str| {
            let mut pairs = properties.split(',').filter_map(|pair| pair.split_once('='));
            let value = pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value);
            plain(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        };
        Some(Self {
            command: command.to_owned(),
            file: property("file"),
            title: property("title"),
            message: plain(message).replace("%25", "%"),
        })
    }
}
