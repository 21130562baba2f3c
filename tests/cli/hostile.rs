//! What no honest program writes: cut off, bit by bit turned over, forged. Each gets a message or a
//! finding, and nothing ends the program.

use std::collections::{HashMap, HashSet};

use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use serde_json::Value;

use crate::{
    cert::elements,
    forge::{Forge, SEQUENCE, Tbs, der, pem, tlv},
    sandbox::{Run, Sandbox},
    secrets::Secrets,
};

/// Every file of a run, in one command line: what a directory holds besides is passed over, but what
/// is named must be answered for.
fn write_all(sandbox: &Sandbox, folder: &str, kind: &str, mutants: &[Vec<u8>]) -> Vec<String> {
    let name = |number: usize| format!("{folder}/{number}.{kind}");
    for (number, mutant) in mutants.iter().enumerate() {
        sandbox.write(&name(number), mutant);
    }
    (0..mutants.len()).map(name).collect()
}

/// All but the last octets, for every number of them.
fn truncated(content: &[u8]) -> Vec<Vec<u8>> {
    (0..content.len()).map(|length| content[..length].to_vec()).collect()
}

/// The content with one bit turned over, for every bit.
fn flipped(content: &[u8]) -> Vec<Vec<u8>> {
    let turned = |bit: usize| {
        let mut mutant = content.to_vec();
        mutant[bit / 8] ^= 1 << (bit % 8);
        mutant
    };
    (0..content.len() * 8).map(turned).collect()
}

fn certctl(sandbox: &Sandbox, line: &[&str], paths: &[String]) -> Run {
    let mut command = sandbox.command();
    command.env("RUST_BACKTRACE", "full").args(line).args(paths);
    let run = Run::of(&mut command);
    run.stderr_lacks("panicked");
    run
}

/// The fingerprint that `inspect -o json` shows of each file where it reads something in it. A file of
/// which it says nothing at all fails the test.
fn inspected(report: &Value, paths: &[String]) -> Vec<Option<String>> {
    let by_path = |list: &str| -> HashMap<String, Value> {
        let list = report[list].as_array().unwrap().iter();
        list.map(|one| (one["path"].as_str().unwrap().to_owned(), one.clone())).collect()
    };
    let (files, errors) = (by_path("files"), by_path("errors"));
    let fingerprint = |path: &String| {
        let file = files.get(path);
        assert!(file.is_some() || errors.contains_key(path), "nothing is said of {path}");
        let objects = file?["objects"].as_array().unwrap();
        objects.iter().find_map(|object| object["sha256"].as_str()).map(str::to_owned)
    };
    paths.iter().map(fingerprint).collect()
}

#[test]
fn a_certificate_that_is_cut_or_has_one_bit_wrong_is_never_taken_for_the_whole_one() {
    for kind in ["rsa:2048", "ecdsa:p256"] {
        let sandbox = Sandbox::with_gen(&format!("--key-type {kind}"));
        let whole = der(&sandbox, "server.pem");
        sandbox.write("server.der", &whole);
        let report = certctl(&sandbox, &["inspect", "-o", "json"], &["server.der".into()]);
        let original = inspected(&report.code(0).json(), &["server.der".into()]).remove(0);
        assert!(original.is_some());

        for (form, content) in [("der", whole), ("pem", sandbox.read("server.pem"))] {
            let cut = write_all(&sandbox, "cut", form, &truncated(&content));
            let bits = if form == "pem" && kind == "rsa:2048" { vec![] } else { flipped(&content) };
            let turned = write_all(&sandbox, "turned", form, &bits);
            let all = [cut.as_slice(), &turned].concat();
            let report = certctl(&sandbox, &["inspect", "-o", "json"], &all).code(1).json();
            let same: Vec<&String> = all
                .iter()
                .zip(inspected(&report, &all))
                .filter_map(|(path, found)| (found == original).then_some(path))
                .collect();
            // Around the base64 of a PEM block there is room for other letters.
            assert!(form == "pem" || same.is_empty(), "{kind}: {same:?}");
            certctl(&sandbox, &["inspect"], &cut).code(1);
            certctl(&sandbox, &["inspect", "-r", "-o", "prometheus"], &["cut".into()]);
        }
    }
}

#[test]
fn a_certificate_with_one_bit_wrong_is_refused() {
    for kind in ["rsa:2048", "ecdsa:p256"] {
        let sandbox = Sandbox::with_gen(&format!("--key-type {kind}"));
        let paths = write_all(&sandbox, "turned", "der", &flipped(&der(&sandbox, "server.pem")));
        let report = certctl(&sandbox, &["check", "-o", "json"], &paths).code(4).json();
        assert_eq!(report["valid"], false);
        let mut refused: HashSet<&str> = HashSet::new();
        for error in report["errors"].as_array().unwrap() {
            // `turned/7.der` holds nothing …
            refused.extend(error["message"].as_str().unwrap().split('`').nth(1));
        }
        for judged in report["certificates"].as_array().unwrap() {
            assert_eq!(judged["valid"], false, "{kind}: {judged:#}");
            refused.insert(judged["file"].as_str().unwrap());
        }
        let missing: Vec<&String> =
            paths.iter().filter(|path| !refused.contains(path.as_str())).collect();
        assert!(missing.is_empty(), "{kind}: {missing:?}");
    }
}

#[test]
fn a_key_that_is_cut_or_has_one_bit_wrong_is_not_shown() {
    for kind in ["rsa:2048", "ecdsa:p256", "ed25519"] {
        let sandbox = Sandbox::with_gen(&format!("--key-type {kind}"));
        let text = sandbox.read("server.key");
        let secrets = Secrets::of(std::slice::from_ref(&text));
        let octets = PrivateKeyDer::from_pem_slice(&text).unwrap().secret_der().to_vec();
        let mut mutants = [truncated(&text), truncated(&octets), flipped(&octets)].concat();
        if kind != "rsa:2048" {
            mutants.extend(flipped(&text));
        }
        let paths = write_all(&sandbox, "mutants", "key", &mutants);
        for form in ["json", "text"] {
            let run = certctl(&sandbox, &["inspect", "-o", form], &paths);
            run.code(1);
            secrets.assert_kept(&run);
            if form == "json" {
                inspected(&run.json(), &paths);
            }
        }
    }
}

#[test]
fn what_der_and_rfc_5280_do_not_allow_is_a_finding() {
    let mut missing = Vec::new();
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ed25519");
    for (file, tbs, _, rule) in forgeries(&sandbox) {
        sandbox.write(file, pem("CERTIFICATE", &Forge::of(&sandbox).sign(&tbs)));
        let report = certctl(&sandbox, &["check", "-o", "json"], &[file.into()]).json();
        let findings = report["certificates"][0]["findings"].as_array().unwrap();
        let rules: Vec<&str> = findings.iter().filter_map(|one| one["rule"].as_str()).collect();
        if !rules.contains(&rule) {
            missing.push(format!("{file}: no {rule} among {rules:?}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_certctl_does_not_read_is_called_by_its_name() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("page.pem", b"<!DOCTYPE html>\n<html><body>404</body></html>\n", "HTML"),
        ("packed.pem", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", "gzip"),
        ("store.jks", b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\0", "JKS"),
        ("signed.p7b", b"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", "PKCS#7"),
        ("signed.p7c", b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\0", "PKCS#7"),
    ];
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for (file, content, name) in cases {
        sandbox.write(file, content);
        for command in ["inspect", "check"] {
            let run = certctl(&sandbox, &[command], &[file.into()]);
            run.code(1).stderr_has(file).stderr_has(name).stderr_has("hint: ");
        }
    }
}

#[test]
fn a_thousand_certificates_of_one_name_are_done_within_a_second() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ed25519");
    let forge = Forge::of(&sandbox);
    // All of one name and one key, each issued by every other: an endless tree of cycles.
    let ca = Tbs::read(&sandbox, "ca.pem");
    let stranger = Tbs::read(&sandbox, "server.pem").0.remove(5);
    let serial = |number: u32| tlv(2, &[&[1][..], &number.to_be_bytes()].concat());
    let same = |number| {
        ca.clone().with(1, serial(number)).with(3, stranger.clone()).with(5, stranger.clone())
    };
    let bundle: String =
        (0..1000).map(|number| pem("CERTIFICATE", &forge.sign(&same(number)))).collect();
    sandbox.write("bundle.pem", bundle);
    let leaf = Tbs::read(&sandbox, "server.pem").with(3, stranger.clone());
    sandbox.write("leaf.pem", pem("CERTIFICATE", &forge.sign(&leaf)));

    for (line, code) in [
        ("check --untrusted bundle.pem leaf.pem", 4),
        ("inspect bundle.pem leaf.pem", 0),
        ("inspect -o json bundle.pem leaf.pem", 0),
    ] {
        sandbox.certctl_in(5, line).code(code);
    }
}

/// A run that ends for want of memory in the middle of its work, wherever that is.
#[test]
fn a_run_that_breaks_down_shows_no_key() {
    let sandbox = Sandbox::with_gen("--key-type rsa:2048");
    let secrets = Secrets::of(&["ca.key", "server.key", "client.key"].map(|key| sandbox.read(key)));
    let mut broke_down = 0;
    for command in ["inspect server.key", "check server", "renew --reuse-key --dry-run"] {
        for megabytes in [4, 6, 8, 10, 12, 14, 16, 20, 24, 32] {
            let run = sandbox.sh(&format!(
                "export RUST_BACKTRACE=full; (ulimit -v {}; \"$CERTCTL\" {command}) 2>&1 || echo broke down",
                megabytes * 1024
            ));
            broke_down += usize::from(run.stdout().contains("broke down"));
            secrets.assert_kept(&run);
        }
    }
    assert!(broke_down > 0);
}

#[test]
fn a_key_on_standard_input_is_in_no_list_of_processes() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let secrets = Secrets::of(&[sandbox.read("server.key")]);
    // It cannot end before it has read to the end, and that does not come before `cat` is through.
    let run = sandbox
        .sh("mkfifo pipe; \"$CERTCTL\" inspect - < pipe & pid=$!; exec 3> pipe; cat server.key >&3
         cat /proc/$pid/cmdline /proc/$pid/environ | tr '\\0' ' '; exec 3>&-; wait $pid");
    run.stdout_has("inspect -").stdout_has("ecdsa:p256");
    secrets.assert_kept(&run);
}

#[test]
fn what_der_and_rfc_5280_do_not_allow_is_an_anomaly() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ed25519");
    for (file, tbs, anomaly, _) in forgeries(&sandbox) {
        sandbox.write(file, pem("CERTIFICATE", &Forge::of(&sandbox).sign(&tbs)));
        let run = certctl(&sandbox, &["inspect", "-o", "json"], &[file.into()]);
        let report = run.code(0).json();
        let anomalies = report["files"][0]["objects"][0]["anomalies"].as_array().unwrap();
        let ids: Vec<&str> = anomalies.iter().filter_map(|one| one["id"].as_str()).collect();
        assert!(ids.contains(&anomaly), "{file}: {ids:?}");
    }
}

/// File, what is signed, the id of `inspect`'s anomaly and of `check`'s rule.
fn forgeries(sandbox: &Sandbox) -> Vec<(&'static str, Tbs, &'static str, &'static str)> {
    const INTEGER: u8 = 2;
    const FALSE: [u8; 3] = [1, 1, 0];
    let good = Tbs::read(sandbox, "server.pem");
    let serial = |content: &[u8]| good.clone().with(1, tlv(INTEGER, content));
    let extensions = good.extensions();
    let twice = [extensions.as_slice(), &extensions[..1]].concat();
    // The first extension that is not critical: its identifier, FALSE, its value.
    let spelled_out: Vec<Vec<u8>> = extensions
        .iter()
        .map(|extension| match &elements(&elements(extension)[0].content)[..] {
            [oid, value] => tlv(SEQUENCE, &[&oid.whole, &FALSE[..], &value.whole].concat()),
            _ => extension.clone(),
        })
        .collect();
    let mut version_1 = good.clone();
    version_1.0.remove(0);
    let mut bare = version_1.clone();
    bare.0.pop();
    vec![
        ("negative.pem", serial(&[0x80]), "serial-negative", "serial"),
        ("zero.pem", serial(&[0]), "serial-zero", "serial"),
        ("long.pem", serial(&[1; 21]), "serial-long", "serial"),
        ("not-minimal.pem", serial(&[0, 0, 1]), "serial-not-minimal", "serial"),
        (
            "twice.pem",
            good.clone().with_extensions(&twice),
            "duplicate-extension",
            "duplicate-extension",
        ),
        ("false.pem", good.with_extensions(&spelled_out), "explicit-false", "profile"),
        ("version-1.pem", version_1, "version", "version"),
        ("bare.pem", bare, "version", "webpki"),
    ]
}
