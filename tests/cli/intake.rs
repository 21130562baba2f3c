//! What `inspect` recognises, from outside: every form, every source, and no octet of a key.

use std::{fs, os::unix::fs::symlink};

use crate::sandbox::{Sandbox, fixtures};

fn base64(octets: &[u8]) -> String {
    let block = pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, octets).unwrap();
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

/// A Secret in YAML with the pair of `tests/fixtures/keys`.
fn secret(name: &str) -> String {
    let value = |file| base64(&fs::read(fixtures().join("keys").join(file)).unwrap());
    format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: prod\n\
         data:\n  tls.crt: {}\n  tls.key: {}\n",
        value("good.pem"),
        value("good.key"),
    )
}

#[test]
fn a_pipe_and_standard_input_are_read_like_a_file() {
    let sandbox = Sandbox::new();
    sandbox.put("keys/good.pem", "good.pem");
    sandbox.write("secret.yaml", secret("certs"));
    for script in [
        "\"$CERTCTL\" inspect good.pem",
        "\"$CERTCTL\" inspect - < good.pem",
        "cat good.pem | \"$CERTCTL\" inspect -",
        "cat good.pem | \"$CERTCTL\" inspect /dev/stdin",
        "mkfifo p; cat good.pem > p & \"$CERTCTL\" inspect p",
        "\"$CERTCTL\" inspect secret.yaml",
        "base64 good.pem | \"$CERTCTL\" inspect -",
    ] {
        sandbox.sh(script).code(0).stdout_has("CN=Key CA");
    }
}

#[test]
fn devices_and_what_is_too_large_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("large.pem", vec![b'x'; (16 << 20) + 1]);
    sandbox.certctl("inspect /dev/zero").code(1).stderr_has("a device");
    sandbox.certctl("inspect large.pem").code(1).stderr_has("larger than");
    sandbox.sh("\"$CERTCTL\" inspect - < /dev/zero").code(1).stderr_has("larger than");
}

#[test]
fn a_secret_shows_its_certificate_and_never_its_key() {
    let sandbox = Sandbox::new();
    let key = fs::read_to_string(fixtures().join("keys/good.key")).unwrap();
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    sandbox.write("secrets.yaml", secret("a") + "---\n" + &secret("b"));
    for format in ["text", "json"] {
        let run = sandbox.certctl(&format!("inspect secrets.yaml -o {format}"));
        run.code(0).stdout_has("prod/a").stdout_has("prod/b").stdout_has("CN=Key CA");
        let (encoded, said) = (base64(key.as_bytes()), run.stdout() + &run.stderr());
        for octets in [&body, &encoded] {
            for start in 0..octets.len() - 24 {
                // What all keys of this kind begin with is no secret.
                let part = &octets[start..start + 24];
                assert!(!said.contains(part), "{part} in {format}");
            }
        }
    }
}

#[test]
fn what_is_foreign_is_named_and_exits_with_1() {
    let sandbox = Sandbox::new();
    for (file, content, name) in [
        ("a.jks", &b"\xFE\xED\xFE\xED\0\0\0\x02"[..], "a Java keystore"),
        ("a.html", b"<!DOCTYPE html>", "HTML"),
        ("a.gz", b"\x1F\x8B\x08", "a gzip archive"),
        ("empty", b"", "it is empty"),
        ("text", b"hello", "it holds no certificate"),
    ] {
        sandbox.write(file, content);
        sandbox.certctl(&format!("inspect {file}")).code(1).stderr_has(name);
    }
    sandbox.put("intake/pkcs7.p7b", "a.p7b");
    sandbox.certctl("inspect a.p7b").code(1).stderr_has("PKCS#7");
}

#[test]
fn directories_are_read_past_links_that_go_round_and_files_of_others() {
    let sandbox = Sandbox::new();
    sandbox.put("keys/good.pem", "top.pem");
    sandbox.put("keys/good.pem", "sub/deep.pem");
    sandbox.put("keys/good.pem", "archive/old.pem");
    for file in ["README", "ca.srl", ".env", "values.yaml"] {
        sandbox.write(file, "a: b\n");
    }
    sandbox.write("certctl.toml", "# nothing\n");

    let flat = sandbox.certctl("inspect . -o json");
    flat.code(0).stdout_has("top.pem").stdout_lacks("deep.pem");
    let report = flat.json();
    assert_eq!(report["files"].as_array().unwrap().len(), 1);
    let skipped: Vec<&str> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"].as_str().unwrap())
        .collect();
    assert_eq!(skipped, [".env", "README", "values.yaml"]);
    let deep = sandbox.certctl("inspect -r . -o json");
    deep.code(0).stdout_has("deep.pem").stdout_lacks("old.pem");

    symlink("..", sandbox.path("sub/up")).unwrap();
    sandbox.certctl("inspect -r .").code(1).stdout_has("deep.pem").stderr_has("sub/up");
}

#[test]
fn a_keystore_opens_with_its_password() {
    let sandbox = Sandbox::new();
    sandbox.put("intake/modern.p12", "store.p12");
    sandbox.write("password", "fixture\n");
    sandbox.certctl("inspect store.p12").stderr_has("--password-file");
    sandbox
        .certctl("inspect store.p12 --password-file password")
        .code(0)
        .stdout_has("CN=Key CA")
        .stdout_has("ecdsa:p256");
}
