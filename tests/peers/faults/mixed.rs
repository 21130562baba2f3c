//! Sixty-four commands of all kinds at once: on one directory, on two, under one CA and two.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::{Child, Stdio},
};

use super::set::{leftovers, matches, serial};
use crate::sandbox::Sandbox;

const GEN: &str = "gen --cn localhost --key-type ecdsa:p256";
const AT_ONCE: usize = 64;

/// What one command said that it issued: the directory, and the serial of each certificate by name.
struct Said {
    line: String,
    directory: String,
    serials: BTreeMap<String, String>,
    renewed: bool,
}

/// Two CAs, and a third directory that uses the first CA by a copy of its key.
fn ground() -> Sandbox {
    let sandbox = Sandbox::new();
    for line in [
        format!("-d pki {GEN}"),
        format!("-d other {GEN} --ca-cn Other"),
        "-d pki issue redis localhost --usage peer --key-type ecdsa:p256".to_owned(),
        "-d pki csr app localhost --key-type ecdsa:p256".to_owned(),
    ] {
        sandbox.certctl(&line).code(0);
    }
    sandbox.sh("mkdir copy && cp -p pki/ca.key copy/other.key && mv pki/app.csr app.csr").code(0);
    sandbox
}

/// Starts the commands all at once. `{}` in a line becomes the number of the command.
fn run(sandbox: &Sandbox, lines: &[&str]) -> Vec<Said> {
    let start = |number: usize| {
        let line = lines[number % lines.len()].replace("{}", &number.to_string());
        let mut command = sandbox.command();
        command.args(["-o", "json"]).args(line.split_whitespace());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        (line, child)
    };
    let children: Vec<(String, Child)> = (0..AT_ONCE).map(start).collect();
    children.into_iter().map(|(line, child)| answer(line, child)).collect()
}

fn answer(line: String, child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "`{line}`: {stderr}");
    let directory = line.split_whitespace().nth(1).unwrap().to_owned();
    let renewed = line.contains(" renew");
    let mut serials = BTreeMap::new();
    if line.contains(" renew") || line.contains(" issue ") || line.contains(" sign ") {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        for item in report["certificates"].as_array().unwrap() {
            let name = item["name"].as_str().unwrap().to_owned();
            // Another command may have issued it under another CA: then it is not renewed here.
            if item["action"] == "renewed" || item["action"] == "created" {
                serials.insert(name, item["serial"].as_str().unwrap().to_owned());
            }
        }
    }
    Said { line, directory, serials, renewed }
}

/// No serial was issued twice by one CA, and every identity has the certificate that the last of the
/// commands reported which renewed it.
fn assert_true(sandbox: &Sandbox, said: &[Said], ca_of: impl Fn(&Said) -> &'static str) {
    let mut issued: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in said {
        for serial in one.serials.values() {
            let is_new = issued.entry(ca_of(one)).or_default().insert(serial);
            assert!(is_new, "`{}`: serial {serial} is issued twice", one.line);
        }
        assert!(!one.renewed || !one.serials.is_empty(), "`{}` renewed nothing", one.line);
    }
    for one in said {
        for (name, reported) in &one.serials {
            let file = format!("{}/{name}", one.directory);
            let certificate = sandbox.read(&format!("{file}.pem"));
            let now = serial(&certificate).replace(':', "");
            // Serials of one CA count up: a later command has a higher one.
            let order = |text: &str| (text.trim_start_matches('0').len(), text.to_owned());
            let at_least =
                order(now.trim_start_matches('0')) >= order(reported.trim_start_matches('0'));
            assert!(at_least, "`{}` reported {reported} for {file}, which has {now}", one.line);
        }
    }
    for directory in ["pki", "other", "second", "third"] {
        if !sandbox.path(directory).exists() {
            continue;
        }
        for file in sandbox.files() {
            let Some(name) =
                file.strip_prefix(directory).and_then(|file| file.strip_suffix(".key"))
            else {
                continue;
            };
            let name = name.trim_start_matches('/');
            let pair = ["key", "pem"].map(|kind| format!("{directory}/{name}.{kind}"));
            if name.starts_with("archive/") || !sandbox.path(&pair[1]).exists() {
                continue;
            }
            assert!(matches(&sandbox.read(&pair[0]), &sandbox.read(&pair[1])), "{pair:?}");
        }
        assert!(!sandbox.path(&format!("{directory}/.certctl")).exists(), "{directory}");
    }
    assert_eq!(leftovers(sandbox), [""; 0]);
}

#[test]
fn all_commands_in_one_directory_under_two_cas() {
    let sandbox = ground();

    let said = run(
        &sandbox,
        &[
            "-d pki renew server client",
            "-d pki --ca other/ca.pem --ca-key other/ca.key issue foreign{} localhost --key-type ecdsa:p256",
            "-d pki issue own{} localhost --key-type ecdsa:p256",
            "-d pki renew ca redis",
            "-d pki csr request{} localhost --key-type ecdsa:p256",
            "-d pki sign app.csr --usage server --accept-names --name signed{}",
            "-d pki export server --to out",
            "-d pki render milvus compose --out-dir settings{}",
            "-d pki k8s secret server --out-file pki/secret.yaml",
            "-d pki inspect --out-file pki/report.json",
            "-d other renew",
        ],
    );

    assert_true(&sandbox, &said, |said| if said.line.contains("other") { "other" } else { "pki" });
    // The copy for the service is one of the pairs that were there, whole.
    assert!(matches(&sandbox.read("out/server.key"), &sandbox.read("out/server.pem")));
}

#[test]
fn one_ca_for_two_directories_and_two_copies_of_its_key() {
    let sandbox = ground();

    let said = run(
        &sandbox,
        &[
            "-d second --ca pki/ca.pem issue a{} localhost --key-type ecdsa:p256",
            "-d third --ca pki/ca.pem --ca-key copy/other.key issue b{} localhost --key-type ecdsa:p256",
            "-d pki renew",
            "-d pki --ca pki/ca.pem --ca-key copy/other.key renew server",
            "-d pki issue c{} localhost --key-type ecdsa:p256",
        ],
    );

    assert_true(&sandbox, &said, |_| "pki");
}

#[test]
fn a_ca_that_is_replaced_meanwhile() {
    let sandbox = ground();

    let said = run(
        &sandbox,
        &[
            "-d pki renew server client",
            "-d pki gen --replace-ca --cn localhost --key-type ecdsa:p256",
            "-d pki issue own{} localhost --key-type ecdsa:p256",
            "-d pki renew ca",
        ],
    );

    assert_eq!(said.len(), AT_ONCE);
    // Whichever came last: what is there was signed by the CA that is there.
    sandbox.certctl("-d pki renew --dry-run").code(0);
    for name in ["server", "client"] {
        let pair = ["key", "pem"].map(|kind| sandbox.read(&format!("pki/{name}.{kind}")));
        assert!(matches(&pair[0], &pair[1]), "{name}");
    }
    sandbox.certctl("-d pki check server client").code(0);
    assert!(!sandbox.path("pki/.certctl").exists());
}
