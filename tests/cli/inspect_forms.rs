//! `inspect -o json` and `-o prometheus`: what programs read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    cert::Cert,
    craft::{Craft, NAMES, UTF8, attribute, extension, pem, revocation_list, tlv},
    sandbox::Sandbox,
};

/// A directory with a thing of each kind.
fn all_kinds() -> Sandbox {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 bücher.example");
    let mut craft = Craft::new("odd");
    craft.extensions = vec![extension(NAMES, false, &tlv(0x30, &tlv(0x82, b"127.0.0.1")))];
    craft.not_after = "20210101000000Z";
    sandbox.write("odd.pem", craft.pem());
    sandbox.write("a.crl", pem("X509 CRL", &revocation_list(&[1, 2])));
    let params = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let request = params.serialize_request(&key).unwrap();
    sandbox.write("a.csr", pem("CERTIFICATE REQUEST", request.der()));
    sandbox.put("keys/public.key", "public.pem");
    sandbox.put("keys/encrypted.key", "encrypted.pem");
    sandbox.put("keys/rsa.key", "rsa.key");
    sandbox.write("broken.pem", pem("CERTIFICATE", b"x"));
    let data = sandbox.text("server.pem").replace('\n', "\n    ");
    sandbox.write(
        "secret.yaml",
        format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: certs\nstringData:\n  tls.crt: |\n    {data}\n"),
    );
    sandbox
}

/// Every field with the path to it: `files.objects.subject`.
fn fields(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}.{name}").trim_start_matches('.').to_owned();
                // Its names are those of the certificate.
                if name != "names_unicode" {
                    fields(value, &path, found);
                }
                found.insert(path);
            }
        }
        Value::Array(array) => array.iter().for_each(|value| fields(value, path, found)),
        _ => {}
    }
}

#[test]
fn each_field_is_documented_and_each_documented_field_is_there() {
    let sandbox = all_kinds();
    sandbox.write("notes", "nothing\n");
    let json = sandbox.certctl("inspect -o json --expires-within 30d").json();
    let mut found = BTreeSet::new();
    fields(&json, "", &mut found);

    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/inspect-json.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let documented: BTreeSet<String> = rows.map(|(field, _)| field.to_owned()).collect();
    // A live server is looked at elsewhere.
    let live = |field: &&String| !field.starts_with("files.server");
    let missing: Vec<_> = found.difference(&documented).collect();
    let idle: Vec<_> = documented.difference(&found).filter(live).collect();
    assert!(missing.is_empty() && idle.is_empty(), "undocumented {missing:?}, unseen {idle:?}");
}

#[test]
fn the_facts_are_those_of_the_certificate() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --organization O a.example 10.0.0.1");
    let json = sandbox.certctl("inspect -o json").code(0).json();
    assert_eq!(json["schema"], "certctl.inspect/2");
    let form = time::format_description::well_known::Rfc3339;
    for file in ["server.pem", "client.pem", "ca.pem"] {
        let cert = Cert::read(&sandbox, file);
        let files = json["files"].as_array().unwrap();
        let thing = &files.iter().find(|it| it["path"] == file).unwrap()["objects"][0];
        let digest = ring::digest::digest(&ring::digest::SHA256, &cert.der);
        assert_eq!(thing["sha256"], crate::cert::hex(digest.as_ref()).to_lowercase());
        assert_eq!(thing["serial"], cert.serial_octets().to_lowercase());
        assert_eq!(thing["not_before"], cert.not_before().format(&form).unwrap());
        assert_eq!(thing["not_after"], cert.not_after().format(&form).unwrap());
        assert_eq!(thing["names"], serde_json::json!(cert.names()));
        assert_eq!(thing["ca"], file == "ca.pem");
        assert_eq!(thing["subject_attributes"][0]["value"], "O");
        assert_eq!(thing["extensions"].as_array().unwrap().len(), cert.extensions().len());
    }
}

#[test]
fn an_error_and_a_note_stand_in_the_document_too() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.pem", "");
    let mut craft = Craft::new("x");
    craft.not_after = "20210101000000Z";
    sandbox.write("past.pem", craft.pem());
    let json = sandbox.certctl("inspect -o json empty.pem past.pem").code(1).json();
    assert_eq!(json["errors"][0]["path"], "empty.pem");
    assert_eq!(json["errors"][0]["exit"], 1);
    assert_eq!(json["files"][0]["objects"][0]["state"], "expired");
    assert_eq!(json["notes"][0]["level"], "note");
}

/// The exposition format, read strictly: metric to its samples, labels to value.
fn exposition(text: &str) -> BTreeMap<String, BTreeMap<BTreeMap<String, String>, i64>> {
    let mut metrics: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut current = String::new();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            help.split(' ').next().unwrap().clone_into(&mut current);
            assert!(metrics.insert(current.clone(), BTreeMap::new()).is_none(), "{current} twice");
            continue;
        }
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            assert_eq!(kind, format!("{current} gauge"));
            continue;
        }
        let rest = line.strip_prefix(&current).and_then(|it| it.strip_prefix('{')).unwrap();
        let (labels, value) = labels(rest);
        let before = metrics.get_mut(&current).unwrap().insert(labels, value.parse().unwrap());
        assert_eq!(before, None, "the same labels twice: {line}");
    }
    metrics
}

/// `a="b",c="d"} 1`.
fn labels(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut labels = BTreeMap::new();
    loop {
        let (name, value) = rest.split_once("=\"").unwrap();
        let is_name = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_');
        assert!(is_name && !name.starts_with(|first: char| first.is_ascii_digit()), "{name:?}");
        let mut text = String::new();
        let mut letters = value.char_indices();
        let end = loop {
            match letters.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => match letters.next().unwrap().1 {
                    'n' => text.push('\n'),
                    escaped @ ('\\' | '"') => text.push(escaped),
                    other => panic!("\\{other}"),
                },
                (_, letter) => text.push(letter),
            }
        };
        assert!(labels.insert(name.to_owned(), text).is_none(), "{name} twice");
        rest = &value[end + 1..];
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return (labels, rest.strip_prefix("} ").unwrap()),
        }
    }
}

#[test]
fn prometheus_reads_the_metrics() {
    let sandbox = all_kinds();
    let mut craft = Craft::new("quote \" backslash \\ line\n");
    craft.subject.extend([attribute(11, UTF8, b"one"), attribute(11, UTF8, b"two")]);
    sandbox.write("sub/hostile.pem", craft.pem() + &craft.pem());
    let run = sandbox.certctl("inspect -r -o prometheus");
    let metrics = exposition(&run.code(1).stdout());

    let names: Vec<&str> = metrics.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "x509_cert_error",
            "x509_cert_expired",
            "x509_cert_expires_in_seconds",
            "x509_cert_not_after",
            "x509_cert_not_before"
        ]
    );
    let of = |metric: &str, file: &str| {
        let samples = metrics[metric].iter().filter(|(labels, _)| labels["filename"] == file);
        samples.map(|(labels, value)| (labels.clone(), *value)).collect::<Vec<_>>()
    };
    let cert = Cert::read(&sandbox, "server.pem");
    let [(labels, value)] = &of("x509_cert_not_after", "server.pem")[..] else { panic!("one") };
    assert_eq!(*value, cert.not_after().unix_timestamp());
    assert_eq!(labels["filepath"], "server.pem");
    assert_eq!(labels["subject_CN"], cert.common_name());
    assert_eq!(labels["issuer_CN"], format!("{} CA", cert.common_name()));
    assert!(labels["serial_number"].bytes().all(|octet| octet.is_ascii_digit()));

    assert_eq!(of("x509_cert_expired", "server.pem")[0].1, 0);
    assert_eq!(of("x509_cert_expired", "odd.pem")[0].1, 1);
    assert!(of("x509_cert_expires_in_seconds", "odd.pem")[0].1 < 0);
    assert_eq!(of("x509_cert_error", "server.pem")[0].1, 0);
    assert_eq!(of("x509_cert_error", "broken.pem")[0].1, 1);
    let hostile = of("x509_cert_not_before", "hostile.pem");
    assert_eq!(hostile.len(), 1, "the same labels stand once");
    assert_eq!(hostile[0].0["subject_CN"], r#"quote " backslash \\ line\n"#);
    assert_eq!(hostile[0].0["subject_OU"], "one, two");
    assert_eq!(of("x509_cert_not_after", "secret.yaml")[0].0["within"], "certs: tls.crt");
}

#[test]
fn no_form_shows_a_key() {
    let sandbox = all_kinds();
    let secrets = crate::secrets::secrets(&sandbox);
    for form in ["text", "json", "prometheus"] {
        for file in ["", "server.key", "rsa.key", "encrypted.pem", "ca.key"] {
            let run = sandbox.certctl(&format!("inspect -o {form} {file}"));
            secrets.assert_kept(&run);
        }
    }
}
