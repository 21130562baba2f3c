//! Secrets and kubeconfigs before kubectl: what it refuses, `check` reports.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    peer::installed,
    sandbox::{Run, Sandbox},
};

fn kubectl() -> Option<PathBuf> {
    installed("kube/kubectl", "kubectl")
}

fn run(sandbox: &Sandbox, program: &std::path::Path, line: &str) -> Run {
    let words: Vec<&str> = line.split_whitespace().collect();
    sandbox.run(program.to_str().unwrap(), &words)
}

fn base64(octets: &[u8]) -> String {
    let block = pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, octets).unwrap();
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

fn der(pem: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(pem.as_bytes()).unwrap().1
}

#[test]
fn a_pair_that_kubectl_refuses_is_not_valid() {
    let Some(kubectl) = kubectl() else { return };
    let sandbox = Sandbox::with_gen("-d pki --key-type ecdsa:p256");
    let [ca, crt, key, other] = ["ca.pem", "server.pem", "server.key", "client.key"]
        .map(|file| sandbox.text(&format!("pki/{file}")));
    let text = |text: &str| text.as_bytes().to_vec();
    let cases = [
        ("right", text(&crt), text(&key), true),
        ("with the CA", text(&(crt.clone() + &ca)), text(&key), true),
        ("exchanged", text(&key), text(&crt), false),
        ("certificate in DER", der(&crt), text(&key), false),
        ("key in DER", text(&crt), der(&key), false),
        ("the CA first", text(&(ca + &crt)), text(&key), false),
        ("the key is the second", text(&crt), text(&(other.clone() + &key)), false),
        ("another key", text(&crt), text(&other), false),
        ("a certificate as key", text(&crt), text(&crt), false),
        ("no key", text(&crt), text("hello"), false),
        ("a broken key", text(&crt), text(&key.replacen("-----\n", "-----\n!", 1)), false),
        ("under another label", text(&crt), text(&key.replace("PRIVATE", "PUBLIC")), false),
    ];
    for (what, crt, key, is_right) in cases {
        sandbox.write("c", &crt);
        sandbox.write("k", &key);
        let line = "create secret tls a --cert=c --key=k --dry-run=client -o name";
        let theirs = run(&sandbox, &kubectl, line);
        assert_eq!(theirs.exit() == 0, is_right, "{what}: {}", theirs.stderr());
        for kind in ["kubernetes.io/tls", "Opaque"] {
            let data = json!({ "tls.crt": base64(&crt), "tls.key": base64(&key) });
            let object = json!({
                "apiVersion": "v1", "kind": "Secret", "type": kind,
                "metadata": { "name": "a" }, "data": data,
            });
            sandbox.write("s.json", object.to_string());
            let ours = sandbox.certctl("check --ca pki/ca.pem s.json");
            assert_eq!(ours.exit() == 0, is_right, "{what} in {kind}: {}", ours.stderr());
        }
    }
}

#[test]
fn a_kubeconfig_that_kubectl_does_not_load_is_not_valid() {
    let Some(kubectl) = kubectl() else { return };
    let sandbox = Sandbox::with_gen("-d pki --key-type ecdsa:p256");
    let [ca, crt, key, other] = ["ca.pem", "client.pem", "client.key", "server.key"]
        .map(|file| sandbox.text(&format!("pki/{file}")));
    let b = |text: &str| base64(text.as_bytes());
    let right = [b(&ca), b(&crt), b(&key)];
    let mut cases = vec![("right", right.clone(), true)];
    for field in 0..3 {
        let of = |what, value: String| {
            let mut values = right.clone();
            values[field] = value;
            (what, values, false)
        };
        let good = &right[field];
        cases.push(of("letter", good.replacen("tLS", "t_LS", 1)));
        cases.push(of("cut", good[..good.len() - 3].to_owned()));
        cases.push(of("text", base64(b"hello")));
        cases.push(of("twice", base64(good.as_bytes())));
        cases.push(of("DER", base64(&der([&ca, &crt, &key][field]))));
        cases.push(of("another key", b(&other)));
    }
    for (what, [ca, crt, key], is_right) in cases {
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "contexts": [{ "name": "c", "context": { "cluster": "a", "user": "u" } }],
            "clusters": [{ "name": "a", "cluster": {
                "server": "https://127.0.0.1:1", "certificate-authority-data": ca,
            } }],
            "users": [{ "name": "u", "user": {
                "client-certificate-data": crt, "client-key-data": key,
            } }],
        });
        sandbox.write("config.json", config.to_string());
        let theirs = run(&sandbox, &kubectl, "--kubeconfig config.json get --raw /x");
        // One that is loaded comes as far as the port, where no server is.
        let is_loaded = theirs.stderr().contains("refused");
        assert_eq!(is_loaded, is_right, "{what}: {}", theirs.stderr());
        let ours = sandbox.certctl("check --ca pki/ca.pem config.json");
        assert_eq!(ours.exit() == 0, is_right, "{what}: {}{}", ours.stdout(), ours.stderr());
    }
}
