//! Kubernetes manifests, and text that pretends to be one.

use std::fmt::Write;

use super::{Samples, base64, read_words, samples};
use crate::{cpu_time::within, x509::pem::encode};

/// A Secret in YAML whose `data` holds this.
fn secret(name: &str, data: &[(&str, String)]) -> String {
    let mut text = "apiVersion: v1\nkind: Secret\nmetadata:\n  namespace: prod\n".to_owned();
    text.extend(["  name: ", name, "\ndata:\n"]);
    for (key, value) in data {
        text.extend(["  ", key, ": ", value, "\n"]);
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().flat_map(|line| ["    ", line, "\n"]).collect()
}

#[test]
fn every_document_of_a_yaml_stream_is_read() {
    let Samples { certificate, key, .. } = samples();
    let certificate = encode("CERTIFICATE", &certificate);
    let key = encode("PRIVATE KEY", &key);
    let pair = [
        ("tls.crt", base64((certificate.clone() + &certificate).as_bytes())),
        ("tls.key", base64(key.as_bytes())),
        ("password", base64(b"hunter2")),
        ("release", base64(b"\x1F\x8B\x08\0zipped")),
        ("empty", "\"\"".to_owned()),
        ("number", "12".to_owned()),
    ];
    let plain = format!(
        "kind: Secret\nmetadata: {{name: plain}}\nstringData:\n  ca.crt: |\n{}  note: text\n",
        indented(&certificate)
    );
    let map = format!(
        "kind: ConfigMap\nmetadata: {{name: map}}\ndata:\n  ca.crt: |\n{}binaryData:\n  der: {}\n",
        indented(&certificate),
        base64(certificate.as_bytes())
    );
    let stream = format!(
        "# made by kubectl\n---\n{}---\n{plain}---\n\n--- # nothing\n---\n{map}...\n",
        secret("certs", &pair)
    );

    let expected = [
        "prod/certs: tls.crt = certificate",
        "prod/certs: tls.crt = certificate",
        "prod/certs: tls.key = PKCS#8 ecdsa:p256",
        "plain: ca.crt = certificate",
        "map: der = certificate",
        "map: ca.crt = certificate",
    ];
    assert_eq!(read_words(&stream), expected);
    assert_eq!(read_words(stream.replace('\n', "\r\n")), expected);
    assert_eq!(read_words("\u{feff}".to_owned() + &stream), expected);
}

#[test]
fn lists_in_json_are_read_with_all_that_kubectl_puts_around() {
    let Samples { certificate, .. } = samples();
    let block = base64(encode("CERTIFICATE", &certificate).as_bytes());
    let item = |name: &str, kind: &str| {
        serde_json::json!({
            "apiVersion": "v1", "kind": kind, "type": "Opaque", "immutable": null,
            "metadata": {
                "name": name, "namespace": "default", "generation": 1e300, "uid": 18_446_744_073_709_551_615_u64,
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": format!("-----BEGIN {block}")},
                "managedFields": [{"fieldsV1": {"f:data": {}}}],
            },
            "data": {"tls.crt": block, "empty": "", "odd": 7},
        })
    };
    let mut bare = item("bare", "Secret");
    bare.as_object_mut().unwrap().remove("kind");
    let list = serde_json::json!({
        "apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""},
        "items": [item("a", "Secret"), item("b", "Pod"), {"kind": "SecretList", "items": [bare]}],
    });

    let expected = [
        "default/a: tls.crt = certificate",
        "default/b: data.tls.crt = certificate",
        "default/bare: tls.crt = certificate",
    ];
    assert_eq!(read_words(list.to_string()), expected);
    assert_eq!(read_words(serde_json::to_string_pretty(&list).unwrap()), expected);
    let two = format!("{0}\n{0}", item("a", "Secret"));
    assert_eq!(read_words(two), [expected[0]; 2]);
}

#[test]
fn pem_is_found_in_objects_of_any_kind() {
    let Samples { certificate, key, request, .. } = samples();
    let [certificate, key, request] =
        [("CERTIFICATE", certificate), ("EC PRIVATE KEY", key), ("CERTIFICATE REQUEST", request)]
            .map(|(label, der)| base64(encode(label, &der).as_bytes()));
    let config = format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: kind\n  cluster:\n    \
         certificate-authority-data: {certificate}\nusers:\n- user:\n    client-key-data: {key}\n"
    );
    let asked = format!(
        "kind: CertificateSigningRequest\nmetadata: {{name: jane}}\nspec:\n  request: {request}\n"
    );

    assert_eq!(
        read_words(config),
        [
            "clusters[0].cluster.certificate-authority-data = certificate",
            "users[0].user.client-key-data = PKCS#8 ecdsa:p256",
        ]
    );
    assert_eq!(read_words(asked), ["jane: spec.request = request"]);
}

#[test]
fn a_fault_in_a_manifest_is_reported_and_hides_no_other_object() {
    let Samples { certificate, .. } = samples();
    let block = encode("CERTIFICATE", &certificate);
    let good = secret("good", &[("tls.crt", base64(block.as_bytes()))]);
    let cut = secret("cut", &[("tls.crt", base64(&block.as_bytes()[..80]))]);
    let plain = secret("plain", &[("tls.crt", format!("|\n{}", indented(&block)))]);
    let said = "broken Secret: it is plain text where base64 belongs (`stringData` takes text)";

    let cases = [
        (
            cut,
            vec![
                "prod/cut: tls.crt = broken certificate: its END line is missing \
                 (PEM block at line 1)"
                    .to_owned(),
            ],
        ),
        (plain, vec![format!("prod/plain: tls.crt = {said}")]),
        (
            format!("kind: Secret\ndata: {{a\n---\n{good}"),
            vec![
                "prod/good: tls.crt = certificate".to_owned(),
                "broken manifest: it cannot be read from line 2 on".to_owned(),
            ],
        ),
        (
            format!(
                "{{\"kind\": \"Secret\",\n\"data\": {{\"a\": \"{}\"}}",
                base64(block.as_bytes())
            ),
            vec!["broken manifest: it cannot be read from line 2 on".to_owned()],
        ),
        // Neither is a manifest for having such a line.
        (format!("kind: [\n{block}"), vec!["certificate".to_owned()]),
        (format!("kind regards\n{block}"), vec!["certificate".to_owned()]),
    ];
    for (text, expected) in cases {
        assert_eq!(read_words(&text), expected, "{text}");
    }
}

#[test]
fn names_are_escaped() {
    let Samples { certificate, .. } = samples();
    let block = encode("CERTIFICATE", &certificate);
    let text = format!(
        "kind: Secret\nmetadata: {{name: \"a\\e[31m\\n\"}}\nstringData:\n  \"k\\u202e\": |\n{}",
        indented(&block)
    );

    assert_eq!(read_words(text), [r"a\u{1b}[31m\n: k\u{202e} = certificate"]);
}

#[test]
fn bombs_go_off_soon_and_without_effect() {
    let mut aliases = "kind: Secret\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let row = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(aliases, "a{level}: &a{level} [{row}]").unwrap();
    }
    let large = "kind: Secret\nlarge: &l \"".to_owned()
        + &"x".repeat(1 << 20)
        + "\"\nrows: ["
        + &"*l, ".repeat(900)
        + "]\n";
    let deep = "{\"kind\":".repeat(100_000);
    let deep_yaml = "kind: ".to_owned() + &"[".repeat(100_000);
    let deep_block = (0..2_000).map(|depth| " ".repeat(depth) + "kind:\n").collect::<String>();
    let wide = "{\"kind\":[".to_owned() + &"0,".repeat(2_000_000) + "0]}";
    let wide_yaml = "kind: [".to_owned() + &"0,".repeat(2_000_000) + "0]";
    let documents = "---\n".repeat(100_000) + "kind: x\n";
    let small = "---\na: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nkind: [*b,*b,*b,*b]\n".repeat(20_000);
    let merges = "kind: x\n".to_owned() + &"<<: {a: 1}\n".repeat(20_000);

    for (name, text) in [
        ("aliases", aliases),
        ("a large alias", large),
        ("deep JSON", deep),
        ("deep YAML", deep_yaml),
        ("deep blocks", deep_block),
        ("wide JSON", wide),
        ("wide YAML", wide_yaml),
        ("documents", documents),
        ("many small bombs", small),
        ("merges", merges),
    ] {
        let words = within(5, name, || read_words(&text));
        assert_eq!(words.len(), 1, "{name}: {words:?}");
    }
}
