//! pkilint's verdict on everything that is issued.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{
    peer::installed,
    sandbox::{Run, Sandbox},
};

/// What `lint_pkix_cert` does for one file, for many at once: loading it takes most of a second.
const LINT: &str = "
import sys
from pkilint.bin.lint_pkix_cert import main
for file in sys.argv[1:]:
    main(['lint', '-s', 'WARNING', '-f', 'JSON', file])
";

/// pkilint knows only what a public CA's DNS name looks like (RFC 5280 section 4.2.1.6). `localhost`
/// is what a private one is for, and wildcards are RFC 9525's.
const DNS_NAME: &str = "pkix.invalid_domain_name_syntax";

const OTHER_NAMES: &str = "db.example.com,*.apps.example.com,bücher.example,10.0.0.1,\
    2001:db8::1,URI:https://example.com/db,email:db@example.com";

#[test]
fn pkilint_finds_nothing_in_what_gen_issue_and_renew_make() {
    let Some(python) = installed("venv/bin/python", "pkilint") else { return };
    for kind in ["rsa:2048", "rsa:3072", "ecdsa:p256", "ecdsa:p384", "ed25519"] {
        let sandbox = Sandbox::new();
        for line in [
            format!(
                "gen --cn localhost --key-type {kind} --days 825 --org-unit a --org-unit b \
                 --country DE --state x --locality y --organization z"
            ),
            format!("issue db db.example.com --san {OTHER_NAMES} --key-type {kind}"),
            format!("issue peer 10.0.0.2 --usage peer --key-type {kind}"),
            format!("issue app app.example.com --usage client --key-type {kind}"),
            format!(
                "-d whole gen --key-type {kind} \
                 --subject DC=com,DC=example,OU=a,OU=b,O=z,C=DE,CN=db.example.com"
            ),
            format!("-d one gen db.example.com --key-type {kind}"),
            "-d one renew".to_owned(),
            "-d one renew ca server --days 36500".to_owned(),
            "-d one renew client --usage peer --san a.example.com".to_owned(),
        ] {
            sandbox.certctl(&line).code(0);
        }
        for common_name in [64, 63] {
            let name = "x".repeat(common_name);
            sandbox
                .certctl(&format!("-d cn{common_name} gen --cn {name} --san db.example.com"))
                .code(0);
        }
        lint(&sandbox, &python, kind);
    }
}

fn lint(sandbox: &Sandbox, python: &Path, kind: &str) {
    let is_pem = |file: &String| Path::new(file).extension().is_some_and(|kind| kind == "pem");
    let files: Vec<String> = sandbox.files().into_iter().filter(is_pem).collect();
    assert!(files.len() >= 12, "{files:?}");
    let mut command = Command::new(python);
    command.args(["-c", LINT]).args(&files).current_dir(sandbox.dir());
    let answer = Run::of(&mut command).code(0).stdout();

    let verdicts: Vec<Value> =
        answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), files.len(), "{answer}");
    let mut meant = 0;
    for (file, verdict) in files.iter().zip(&verdicts) {
        for result in verdict["results"].as_array().unwrap() {
            for finding in result["finding_descriptions"].as_array().unwrap() {
                assert!(is_meant(finding), "{kind}, {file}: {result:#}");
                meant += 1;
            }
        }
    }
    assert!(meant > 0, "it does look at localhost");
}

fn is_meant(finding: &Value) -> bool {
    let message = finding["message"].as_str().unwrap_or_default();
    let name = message.split('"').nth(1).unwrap_or_default();
    finding["code"] == DNS_NAME && (!name.contains('.') || name.starts_with("*."))
}
