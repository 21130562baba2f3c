//! Python's `cryptography`: what it reads in other people's certificates, good and bad, `inspect`
//! reads alike; what it refuses ends in a message.

use std::{collections::HashMap, path::Path, process::Command};

use serde_json::Value;

use crate::{
    peer::{fixture, installed, skip},
    sandbox::{Run, Sandbox},
};

const FACTS: [&str; 5] = ["sha256", "serial", "not_before", "not_after", "names"];

#[test]
fn what_cryptography_reads_in_a_certificate_inspect_reads_alike() {
    let Some((sandbox, python)) = python() else { return };
    let rows = sandbox.run(&python, &[&fixture("vectors.py"), "."]).code(0).json();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() > 700, "the packages hold more than {} certificates", rows.len());

    let report = inspect(&sandbox, &[]).json();
    let read = certificates(&report);
    let mut alike = 0;
    for row in rows {
        let (file, theirs) = (row["file"].as_str().unwrap(), &row["facts"]);
        let ours = read.get(file);
        if theirs.is_null() {
            continue;
        }
        let ours = ours.unwrap_or_else(|| panic!("{} is not read", row["source"]));
        for fact in FACTS.iter().filter(|fact| !theirs[fact].is_null()) {
            assert_eq!(ours[fact], theirs[fact], "{fact} of {}", row["source"]);
        }
        alike += 1;
    }
    println!("{alike} of {} certificates are read by both, and alike", rows.len());
    assert!(alike > 600, "{alike}");
}

#[test]
fn no_file_of_the_packages_ends_inspect_or_check() {
    let Some((sandbox, python)) = python() else { return };
    let ask = "import certifi, cryptography_vectors as v; print(v.__path__[0], certifi.where())";
    let places = sandbox.run(&python, &["-c", ask]).code(0).stdout();

    // Keys, requests, lists, PKCS#7, PKCS#12 and mail are among them.
    let report = inspect(&sandbox, &places.split_whitespace().collect::<Vec<_>>()).json();
    for (kind, least) in [("certificates", 600), ("others", 500)] {
        assert!(report["counts"][kind].as_u64().unwrap() > least, "{}", report["counts"]);
    }
    for path in places.split_whitespace() {
        let run = sandbox.certctl_args(&["check", "-o", "json", path]);
        assert!(run.json()["schema"].is_string());
        run.stderr_lacks("panicked");
    }
}

/// A sandbox, and the Python that has the packages.
fn python() -> Option<(Sandbox, String)> {
    let sandbox = Sandbox::new();
    let python = installed("venv/bin/python", "cryptography_vectors")?.display().to_string();
    let import = ["-c", "import certifi, cryptography_vectors"];
    let has_them = Command::new(&python).args(import).output().unwrap().status.success();
    if !has_them && !skip("cryptography_vectors") {
        return None;
    }
    Some((sandbox, python))
}

/// `inspect` of the directory or of these paths, to its end.
fn inspect(sandbox: &Sandbox, paths: &[&str]) -> Run {
    let paths = if paths.is_empty() { &["."] } else { paths };
    let run = sandbox.certctl_args(&[&["inspect", "-r", "-o", "json"], paths].concat());
    run.stderr_lacks("panicked").code(1);
    run
}

/// The certificates that are alone in their file, by the file's name.
fn certificates(report: &Value) -> HashMap<&str, &Value> {
    let mut certificates = HashMap::new();
    for file in report["files"].as_array().unwrap() {
        let path = Path::new(file["path"].as_str().unwrap());
        if let [only] = file["objects"].as_array().unwrap().as_slice()
            && only["kind"] == "certificate"
        {
            certificates.insert(path.file_name().unwrap().to_str().unwrap(), only);
        }
    }
    certificates
}
