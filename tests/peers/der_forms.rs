//! Certificates that are wrong in one place of their DER: what OpenSSL or Go do not load is never valid.

use crate::{
    peer::{self, fixture, have, installed},
    pem_forms::{go_program, lines},
    sandbox::Sandbox,
};

#[test]
fn what_openssl_or_go_does_not_load_is_never_valid() {
    let Some(python) = installed("venv/bin/python", "cryptography") else { return };
    if !have(&["openssl", "go"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let script = fixture("der_forms.py");
    let made = sandbox.run(python.to_str().unwrap(), &["-B", &script, "ca.key", "server.pem", "."]);
    let made = made.code(0).stdout();
    let rows: Vec<(&str, &str)> = made.lines().map(|line| line.split_once(' ').unwrap()).collect();
    assert!(rows.len() > 100, "{made}");
    let files: Vec<String> = rows.iter().map(|(name, _)| format!("{name}.der")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let go = lines(&sandbox.run(&go_program(&sandbox, "forms/parse.go"), &files));

    let mut wrong = Vec::new();
    for ((name, kind), go) in rows.into_iter().zip(go) {
        pem(&sandbox, name);
        let load = format!("openssl x509 -inform DER -in {name}.der -noout -pubkey");
        let openssl = peer::ask(&sandbox, &load, "");
        let loaded = openssl.content && go == "ok";
        let said = || format!("{name}\nOpenSSL: {}\nGo: {go}", openssl.text);
        let forms = match kind {
            "sound" => {
                assert!(loaded, "{}", said());
                sandbox.certctl(&format!("check --usage server {name}.der")).code(0);
                continue;
            }
            "key" => every_form(&sandbox, name),
            _ => vec![format!("{name}.der")],
        };
        for form in forms {
            let run = sandbox.certctl(&format!("check --usage server -o json {form}"));
            let report = run.json();
            let is_valid =
                report["certificates"].as_array().unwrap().iter().all(|it| it["valid"] == true);
            let has_errors = !report["errors"].as_array().unwrap().is_empty();
            assert!(!is_valid || has_errors, "{form} is valid\n{}", said());
            let verify = format!("openssl verify -CAfile ca.pem {name}.pem");
            let verified = || peer::ask(&sandbox, &verify, "").content;
            let findings = report["certificates"][0]["findings"].as_array().into_iter().flatten();
            for finding in findings.filter(|finding| finding["rule"] == "malformed") {
                let message = finding["message"].as_str().unwrap();
                let claims = |words: &str| message.contains(words);
                let go_loads = go == "ok";
                let is_wrong = claims(": Go does not load it") && go_loads
                    || claims("OpenSSL or Go does not load it") && go_loads && verified();
                if is_wrong {
                    wrong.push(format!("{message}\n{}", said()));
                }
            }
            assert!(run.status() == 4 || run.status() == 1, "{form}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The same certificate as DER, as PEM, and in a Secret.
fn every_form(sandbox: &Sandbox, name: &str) -> Vec<String> {
    sandbox.sh(&format!(
        "printf 'apiVersion: v1\\nkind: Secret\\nmetadata: {{name: a}}\\ndata:\\n  tls.crt: %s\\n' $(base64 -w0 {name}.pem) > {name}.yaml"
    ))
    .code(0);
    ["der", "pem", "yaml"].map(|form| format!("{name}.{form}")).into()
}

fn pem(sandbox: &Sandbox, name: &str) {
    sandbox.sh(&format!(
        "{{ echo -----BEGIN CERTIFICATE-----; base64 -w64 {name}.der; echo -----END CERTIFICATE-----; }} > {name}.pem"
    ))
    .code(0);
}
