//! The table of clients (`pki::verify::clients`) put to the clients: a row of `claims/rows.txt` is a set with
//! known defects. Each client must refuse it in the words of the table, or accept it, as the table says; and
//! `check` must report those defects and no other that a client refuses.

use std::{collections::HashSet, fs, path::PathBuf, process::Command, sync::Mutex, thread};

use pki::verify::clients::{Claim, Client, Defect, Evidence, When};
use serde_json::Value;

use crate::{
    peer::{fixture, have, installed},
    sandbox::{Run, Sandbox},
};

/// A line of `rows.txt`.
struct Row {
    defects: Vec<Defect>,
    /// `server` or `client`.
    purpose: String,
    host: String,
    make: String,
}

/// The programs that are not on the PATH.
struct Judges {
    sandbox: Sandbox,
    python: PathBuf,
    node: PathBuf,
    rustls: PathBuf,
}

/// The judges of `judges.sh`, with the client and version that each stands for.
const JUDGES: [(&str, Client, When); 15] = [
    ("openssl", Client::OpenSsl, When::Only("3.0")),
    ("openssl-strict", Client::OpenSsl, When::Strict),
    ("gnutls", Client::GnuTls, When::Always),
    ("nss", Client::Nss, When::Always),
    ("go-1.19", Client::Go, When::Only("1.19")),
    ("go-1.27", Client::Go, When::Only("1.27")),
    ("java", Client::Java, When::Always),
    ("python", Client::Python, When::Only("3.11")),
    ("python-3.13", Client::Python, When::Only("3.13")),
    ("pyca", Client::Pyca, When::Always),
    ("node-20", Client::Node, When::Only("20")),
    ("node-24", Client::Node, When::Only("24")),
    ("ring", Client::Rustls, When::With("ring")),
    ("aws-lc-rs", Client::Rustls, When::With("aws-lc-rs")),
    ("curl", Client::Curl, When::Always),
];

#[test]
fn each_client_does_what_the_table_says() {
    let (Some(python), Some(node), Some(go), Some(rustls)) = (
        installed("venv/bin/python", "cryptography"),
        installed("node/bin/node", "Node 24"),
        installed("go/go/bin/go", "Go 1.27"),
        installed("rustls/bin/rustls-verdicts", "rustls with aws-lc-rs"),
    ) else {
        return;
    };
    if !have(&[
        "openssl", "certtool", "certutil", "go", "java", "javac", "node", "curl", "faketime",
    ]) {
        return;
    }
    let judges = Judges { sandbox: Sandbox::new(), python, node, rustls };
    judges.build(&go);
    let rows = rows();
    let shown: HashSet<&str> =
        rows.iter().flat_map(|row| &row.defects).map(|one| one.id()).collect();
    let is_tried = |defect: &&Defect| defect.claims().any(|it| it.evidence == Evidence::Test);
    let missing = Defect::ALL.iter().filter(is_tried).map(|defect| defect.id());
    let missing: Vec<&str> = missing.filter(|id| !shown.contains(id)).collect();
    assert!(missing.is_empty(), "no row shows {missing:?}");

    let wrong = Mutex::new(Vec::new());
    let next = Mutex::new(rows.iter());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, |cores| cores.get() + 1) {
            scope.spawn(|| {
                loop {
                    let Some(row) = next.lock().unwrap().next() else { return };
                    let found = judges.try_row(row);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });

    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} claims:\n{}", wrong.len(), wrong.join("\n"));
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(fixture("claims/rows.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let [defects, target, make] =
                line.splitn(3, '|').map(str::trim).collect::<Vec<_>>().try_into().unwrap();
            let (purpose, host) = target.split_once(' ').unwrap_or((target, "localhost"));
            let defect = |id: &str| {
                let known = Defect::ALL.iter().find(|defect| defect.id() == id);
                *known.unwrap_or_else(|| panic!("no defect {id}"))
            };
            Row {
                defects: defects.split_whitespace().map(defect).collect(),
                purpose: purpose.to_owned(),
                host: host.to_owned(),
                make: make.replace("ca @", "ca '/CN=Test CA'"),
            }
        })
        .collect()
}

impl Judges {
    fn build(&self, new_go: &PathBuf) {
        let out = |name| self.sandbox.path(name);
        for (go, program) in [(&PathBuf::from("go"), "old"), (new_go, "new")] {
            let mut command = Command::new(go);
            command.args(["build", "-o"]).arg(out(program)).arg(fixture("claims/verify.go"));
            command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod");
            Run::of(command.current_dir(self.sandbox.dir())).code(0);
        }
        let mut javac = Command::new("javac");
        javac.args(["--add-exports", "java.base/sun.security.util=ALL-UNNAMED", "-d"]);
        Run::of(javac.arg(self.sandbox.dir()).arg(fixture("claims/Verify.java"))).code(0);
    }

    /// What is not as the table says.
    fn try_row(&self, row: &Row) -> Vec<String> {
        let sandbox = Sandbox::new();
        let Row { defects, purpose, host, make } = row;
        let mut wrong = Vec::new();
        let ids: Vec<&str> = defects.iter().map(|defect| defect.id()).collect();
        let mut say =
            |text: String| wrong.push(format!("{} ({purpose}: {make}): {text}", ids.join(" ")));
        let scripts = fixture("claims");
        let [python, node, rustls] =
            [&self.python, &self.node, &self.rustls].map(|it| it.display());
        let [old, new, java] =
            ["old", "new", ""].map(|it| self.sandbox.path(it).display().to_string());
        let script = format!(
            "export PYTHON={python} NODE_24={node} RUSTLS={rustls} SCRIPTS={scripts} GO_OLD={old} \
             GO_NEW={new} JAVA_CLASSES={java}
             . {scripts}/defects.sh; {{ {make}; }} > made 2>&1; chmod 600 ./*.key
             exec bash {scripts}/judges.sh {purpose} {host}"
        );
        let said = sandbox.run("bash", &["-c", &script]).code(0).stdout();

        for (name, client, version) in JUDGES {
            let verdict = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            let Some(verdict) = verdict else {
                if !(name == "curl" && purpose == "client") {
                    say(format!("{name} says nothing: {said}"));
                }
                continue;
            };
            for defect in defects {
                if let Some(text) = contradiction(*defect, client, version, verdict) {
                    say(format!("{name}: {text}"));
                }
            }
            if defects.is_empty() && verdict != "ok" {
                say(format!("{name} refuses what has no defect: {verdict}"));
            }
        }
        let host = if purpose == "server" { format!("--host {host} ") } else { String::new() };
        let other = if sandbox.path("other.pem").exists() { "other " } else { "" };
        let report = sandbox.certctl(&format!("check {purpose} {other}{host}-o json")).json();
        wrong.extend(self::reported(row, &report["certificates"], &said));
        wrong
    }
}

/// What the table says and this verdict does not.
fn contradiction(defect: Defect, client: Client, version: When, verdict: &str) -> Option<String> {
    let claim = claim(defect, client, version)?;
    match claim.refusal {
        _ if claim.evidence == Evidence::Documentation => None,
        None => (verdict != "ok").then(|| format!("says `{verdict}`, and the table has: accept")),
        Some(words) => (verdict == "ok" || !verdict.contains(words))
            .then(|| format!("says `{verdict}`, and the table has: refuse `{words}`")),
    }
}

/// The claim of the table about this client in this version.
fn claim(defect: Defect, client: Client, version: When) -> Option<Claim> {
    let number =
        |text: &str| -> Vec<u32> { text.split('.').map(|it| it.parse().unwrap()).collect() };
    let holds = |claim: &Claim| {
        claim.client == client
            && match (claim.when, version) {
                (When::Strict, _) | (_, When::Strict) => claim.when == version,
                (When::Always, _) => true,
                (When::With(one), When::With(other)) | (When::Only(one), When::Only(other)) => {
                    one == other
                }
                (When::From(first), When::Only(one)) => number(one) >= number(first),
                (When::Before(first), When::Only(one)) => number(one) < number(first),
                (when, _) => unreachable!("{client}: {when:?}"),
            }
    };
    defect.claims().find(holds)
}

/// Whether `check` reports the defects of the row, and says of no client that it refuses what it accepts.
fn reported(row: &Row, verdicts: &Value, said: &str) -> Vec<String> {
    let ids: Vec<&str> = row.defects.iter().map(|defect| defect.id()).collect();
    let mut wrong = Vec::new();
    let verdicts = verdicts.as_array().unwrap();
    let findings: Vec<&Value> =
        verdicts.iter().flat_map(|verdict| verdict["findings"].as_array().unwrap()).collect();
    for id in &ids {
        if !findings.iter().any(|finding| finding["defect"] == **id) {
            wrong.push(format!("{id} ({}): check does not report it: {findings:#?}", row.make));
        }
    }
    for finding in &findings {
        let Some(id) = finding["defect"].as_str() else { continue };
        let defect = *Defect::ALL.iter().find(|defect| defect.id() == id).unwrap();
        for (name, client, version) in JUDGES {
            let verdict = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            let claim = claim(defect, client, version);
            let is_refused = claim.is_some_and(|it| it.refuses() && it.evidence == Evidence::Test);
            if is_refused && verdict == Some("ok") {
                wrong.push(format!(
                    "{} ({}): {name} accepts it, and check: {finding}",
                    ids.join(" "),
                    row.make
                ));
            }
        }
    }
    wrong
}
