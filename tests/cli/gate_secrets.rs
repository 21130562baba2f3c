//! `kubernetes.io/tls` Secrets, key by key, and ConfigMaps.

use serde_json::{Value, json};

use crate::{craft::Craft, sandbox::Sandbox};

fn base64(octets: &[u8]) -> String {
    let block = pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, octets).unwrap();
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

/// A Secret with these values, each in base64.
fn secret(name: &str, values: &[(&str, String)]) -> Value {
    let data =
        values.iter().map(|(key, value)| ((*key).to_owned(), base64(value.as_bytes()).into()));
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": { "name": name, "namespace": "prod" },
        "data": data.collect::<serde_json::Map<String, Value>>(),
    })
}

/// The values of a Secret, before they are encoded.
type Values = Vec<(&'static str, String)>;

struct Pki {
    sandbox: Sandbox,
    certificate: String,
    key: String,
    ca: String,
}

fn pki() -> Pki {
    let sandbox = Sandbox::with_gen("-d pki --key-type ecdsa:p256");
    sandbox.certctl("-d other gen --key-type ecdsa:p256 --cn other").code(0);
    sandbox.certctl("-d pki csr asked a.example").code(0);
    let [certificate, key, ca] =
        ["pki/server.pem", "pki/server.key", "pki/ca.pem"].map(|file| sandbox.text(file));
    Pki { sandbox, certificate, key, ca }
}

#[test]
fn each_fault_of_a_tls_secret_is_named() {
    let Pki { sandbox, certificate, key, ca } = pki();
    let [client_key, other_ca, request] =
        ["pki/client.key", "other/ca.pem", "pki/asked.csr"].map(|file| sandbox.text(file));
    let mut craft = Craft::new("old CA");
    craft.not_after = "20210101000000Z";
    let expired_ca = craft.pem();
    let c = || ("tls.crt", certificate.clone());
    let k = || ("tls.key", key.clone());
    let twice = |text: &str| base64(text.as_bytes());
    let pair = |crt: String, key: String| vec![("tls.crt", crt), ("tls.key", key)];
    let cases: Vec<(&str, &str, Values)> = vec![
        ("exchanged", "tls.crt", pair(key.clone(), certificate.clone())),
        ("no key", "tls.key", vec![c()]),
        ("empty key", "tls.key", vec![c(), ("tls.key", String::new())]),
        ("no certificate", "tls.crt", vec![k()]),
        ("nothing", "tls.crt", vec![]),
        ("certificate twice encoded", "tls.crt", pair(twice(&certificate), key.clone())),
        ("key twice encoded", "tls.key", pair(certificate.clone(), twice(&key))),
        ("key beside the certificate", "tls.crt", pair(certificate.clone() + &key, key.clone())),
        ("a request", "tls.crt", pair(request.clone(), key.clone())),
        ("a key only", "tls.crt", pair(key.clone(), key.clone())),
        ("two certificates", "tls.key", pair(certificate.clone(), certificate.clone())),
        ("another key", "tls", pair(certificate.clone(), client_key)),
        ("text", "tls.crt", pair("hello".to_owned(), key.clone())),
        (
            "a broken key",
            "tls.key",
            pair(certificate.clone(), key.replacen("-----\n", "-----\n!", 1)),
        ),
        (
            "a broken one behind",
            "tls.crt",
            pair(certificate.clone() + &certificate.replacen("MII", "M!I", 1), key.clone()),
        ),
        ("literal newlines", "tls.crt", pair(certificate.replace('\n', "\\n"), key.clone())),
        ("foreign ca.crt", "ca.crt", vec![c(), k(), ("ca.crt", other_ca.clone())]),
        ("expired ca.crt", "ca.crt", vec![c(), k(), ("ca.crt", expired_ca)]),
        ("ca.crt twice encoded", "ca.crt", vec![c(), k(), ("ca.crt", twice(&ca))]),
        ("ca.crt with a key", "ca.crt", vec![c(), k(), ("ca.crt", ca.clone() + &key)]),
        ("ca.crt is text", "ca.crt", vec![c(), k(), ("ca.crt", "hello".to_owned())]),
    ];
    let good = secret("good", &[c(), k()]);
    for (what, entry, values) in cases {
        let bad = secret("shop", &values);
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": [good, bad] });
        for (file, content) in [("s.json", bad.to_string()), ("l.json", list.to_string())] {
            sandbox.write(file, content);
            for form in ["text", "json", "junit", "sarif"] {
                let run = sandbox.certctl(&format!("check --ca pki/ca.pem {file} -o {form}"));
                let said = run.stdout() + &run.stderr();
                assert!(matches!(run.exit(), 1 | 4), "{what} in {form}: {said}");
                assert!(said.contains("shop") && said.contains(entry), "{what} in {form}: {said}");
                if form == "json" {
                    assert_eq!(run.json()["valid"], false, "{what}");
                }
            }
        }
    }
}

/// ingress-nginx, cert-manager and many charts read an Opaque Secret like one of `kubernetes.io/tls`.
#[test]
fn a_certificate_and_its_key_are_judged_in_a_secret_of_any_type() {
    let Pki { sandbox, certificate, key, ca } = pki();
    let client_key = sandbox.text("pki/client.key");
    let der = |text: &str| pem_rfc7468::decode_vec(text.as_bytes()).unwrap().1;
    let bytes = |text: &str| text.as_bytes().to_vec();
    let public = "-----BEGIN PUBLIC KEY-----\nMFkw!\n-----END PUBLIC KEY-----\n";
    let (c, k) = (bytes(&certificate), bytes(&key));
    let bad: Vec<(&str, Vec<u8>, Vec<u8>)> = vec![
        ("exchanged", k.clone(), c.clone()),
        ("another key", c.clone(), bytes(&client_key)),
        ("no key", c.clone(), b"hello".to_vec()),
        ("an empty key", c.clone(), Vec::new()),
        ("a broken key", c.clone(), bytes(&key.replacen("-----\n", "-----\n!", 1))),
        ("a public key", c.clone(), bytes(&public.replace('!', ""))),
        ("a broken public key", c.clone(), bytes(public)),
        ("a certificate as key", c.clone(), c.clone()),
        ("certificate in DER", der(&certificate), k.clone()),
        ("key in DER", c.clone(), der(&key)),
        ("the key is the second", c.clone(), bytes(&(client_key.clone() + &key))),
        ("a second key", c.clone(), bytes(&(key.clone() + &client_key))),
        ("the CA first", bytes(&(ca.clone() + &certificate)), k.clone()),
    ];
    let make = |kind: &str, names: [&str; 2], pair: [&[u8]; 2]| {
        json!({
            "apiVersion": "v1", "kind": "Secret", "type": kind, "metadata": { "name": "shop" },
            "data": { names[0]: base64(pair[0]), names[1]: base64(pair[1]), "password": "eA==" },
        })
        .to_string()
    };
    let kinds = ["kubernetes.io/tls", "Opaque", ""];
    let names = [["tls.crt", "tls.key"], ["web.crt", "web.key"], ["cert.pem", "key.pem"]];
    for kind in kinds {
        for names in names.iter().take(if kind == kinds[0] { 1 } else { 3 }) {
            for (what, crt, key) in &bad {
                sandbox.write("s.json", make(kind, *names, [crt, key]));
                let run = sandbox.certctl("check --ca pki/ca.pem s.json");
                let said = run.stdout() + &run.stderr();
                assert!(matches!(run.exit(), 1 | 4), "{kind} {names:?} {what}: {said}");
                assert!(said.contains("shop"), "{kind} {names:?} {what}: {said}");
            }
            sandbox.write("s.json", make(kind, *names, [&c, &k]));
            sandbox.certctl("check --ca pki/ca.pem s.json").code(0);
            let chain = bytes(&(certificate.clone() + &ca));
            sandbox.write("s.json", make(kind, *names, [&chain, &k]));
            sandbox.certctl("check --ca pki/ca.pem s.json").code(0);
        }
    }
    // Two pairs, whose keys are exchanged.
    let client = sandbox.text("pki/client.pem");
    for (a, b, code) in [(&key, &client_key, 0), (&client_key, &key, 4)] {
        let values = [("a.crt", &certificate), ("a.key", a), ("b.crt", &client), ("b.key", b)];
        let data = values.map(|(name, value)| (name.to_owned(), base64(value.as_bytes()).into()));
        let data: serde_json::Map<String, Value> = data.into_iter().collect();
        let object = json!({ "kind": "Secret", "metadata": { "name": "shop" }, "data": data });
        sandbox.write("s.json", object.to_string());
        sandbox.certctl("check --ca pki/ca.pem s.json").code(code);
    }
    // `ca.crt` that is the certificate itself: OpenSSL does not take it for an issuer.
    let own = [("tls.crt", certificate.clone()), ("tls.key", key), ("ca.crt", certificate)];
    sandbox.write("s.json", secret("shop", &own).to_string());
    sandbox.certctl("check --ca pki/ca.pem s.json").code(4).stdout_has("ca.crt");
}

/// An object with this value at the end of a path; `[]` is a list of one.
fn object_with(kind: &str, path: &str, value: &str) -> Value {
    let inner = path.rsplit('.').fold(json!(value), |inner, name| match name {
        "[]" => json!([inner]),
        name => json!({ name: inner }),
    });
    let mut object = json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": "shop" } });
    object.as_object_mut().unwrap().extend(inner.as_object().unwrap().clone());
    object
}

/// What is no base64 of PEM, made of what is.
fn damaged(good: &str) -> Vec<(&'static str, String)> {
    vec![
        ("letter", good.replacen("tLS", "t_LS", 1)),
        ("first letter", format!("-{good}")),
        ("cut", good[..good.len() - 3].to_owned()),
        ("text", base64(b"hello")),
        ("JKS", base64(b"\xFE\xED\xFE\xED\0\0\0\x02")),
        ("twice", base64(good.as_bytes())),
    ]
}

/// What the API has as base64 of PEM: a field that has anything else is named.
#[test]
fn base64_fields_of_the_api_have_what_they_promise() {
    let Pki { sandbox, certificate, key, ca } = pki();
    let [client, client_key, request] =
        ["pki/client.pem", "pki/client.key", "pki/asked.csr"].map(|file| sandbox.text(file));
    let webhook = "webhooks.[].clientConfig.caBundle";
    let conversion = "spec.conversion.webhook.clientConfig.caBundle";
    let fields = [
        ("Config", "clusters.[].cluster.certificate-authority-data", &ca),
        ("Config", "users.[].user.client-certificate-data", &client),
        ("Config", "users.[].user.client-key-data", &client_key),
        ("ValidatingWebhookConfiguration", webhook, &ca),
        ("MutatingWebhookConfiguration", webhook, &ca),
        ("APIService", "spec.caBundle", &ca),
        ("CustomResourceDefinition", conversion, &ca),
        ("ClusterIssuer", "spec.vault.caBundle", &ca),
        ("CertificateSigningRequest", "spec.request", &request),
        ("CertificateSigningRequest", "status.certificate", &certificate),
        ("CertificateRequest", "spec.request", &request),
        ("CertificateRequest", "status.ca", &ca),
    ];
    let command = "check --ca pki/ca.pem d";
    sandbox.sh("mkdir d && cp pki/server.pem pki/server.key d").code(0);
    for (kind, path, good) in fields {
        let field = path.rsplit('.').next().unwrap();
        let der = pem_rfc7468::decode_vec(good.as_bytes()).unwrap().1;
        let other = if good.contains("PRIVATE KEY") { &certificate } else { &key };
        let good = base64(good.as_bytes());
        sandbox.write("d/m.json", object_with(kind, path, &good).to_string());
        sandbox.certctl(command).code(0);
        let others = [("DER", base64(&der)), ("another", base64(other.as_bytes()))];
        for (what, bad) in damaged(&good).into_iter().chain(others) {
            let object = object_with(kind, path, &bad);
            let list = json!({ "apiVersion": "v1", "kind": "List", "items": [object] });
            for text in [object.to_string(), list.to_string()] {
                sandbox.write("d/m.json", text);
                let run = sandbox.certctl(command);
                let said = run.stdout() + &run.stderr();
                assert!(matches!(run.exit(), 1 | 4), "{field}, {what}: {said}");
                assert!(said.contains(field), "{field}, {what}: {said}");
            }
        }
    }
}

/// All lines of a manifest may be indented, as in a document that it was cut out of.
#[test]
fn an_indented_manifest_is_read() {
    let Pki { sandbox, certificate, key, .. } = pki();
    let client_key = sandbox.text("pki/client.key");
    for (key, code) in [(&key, 0), (&client_key, 4)] {
        let text = format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  tls.crt: {}\n  tls.key: {}\n",
            base64(certificate.as_bytes()),
            base64(key.as_bytes())
        );
        let text: String = text.lines().flat_map(|line| ["    ", line, "\n"]).collect();
        sandbox.write("m.yaml", "# cut out\n".to_owned() + &text);
        sandbox.certctl("check --ca pki/ca.pem m.yaml").code(code).stdout_has("a: tls.crt");
    }
}

#[test]
fn a_tls_secret_as_it_should_be_is_valid() {
    let Pki { sandbox, certificate, key, ca } = pki();
    let other_ca = sandbox.text("other/ca.pem");
    let c = || ("tls.crt", certificate.clone());
    let k = || ("tls.key", key.clone());
    let cases = [
        vec![c(), k()],
        vec![c(), k(), ("ca.crt", ca.clone())],
        // cert-manager's, for an issuer that does not give it.
        vec![c(), k(), ("ca.crt", String::new())],
        // Old and new CA, while a CA is replaced.
        vec![c(), k(), ("ca.crt", other_ca.clone() + &ca)],
        vec![("tls.crt", certificate.clone() + &ca), k(), ("ca.crt", ca.clone())],
    ];
    for values in cases {
        sandbox.write("s.json", secret("shop", &values).to_string());
        let run = sandbox.certctl("check --ca pki/ca.pem s.json");
        run.code(0).stdout_has("tls.crt: valid");
        sandbox.certctl("inspect s.json --expires-within 1d").code(0);
    }
    // What `k8s secret` writes, and a self-signed certificate with itself as `ca.crt`.
    sandbox.sh("$CERTCTL -d pki k8s secret server --type tls > k.yaml");
    sandbox.certctl("check --ca pki/ca.pem k.yaml").code(0);
    // Without its key the API server refuses it: shown, and not exit 0.
    sandbox.write("s.json", secret("shop", &[c()]).to_string());
    sandbox.certctl("inspect s.json --expires-within 1d").code(1).stdout_has("tls.crt");
}

#[test]
fn what_cannot_be_read_of_a_manifest_is_named() {
    let Pki { sandbox, certificate, key, .. } = pki();
    let good = secret("good", &[("tls.crt", certificate.clone()), ("tls.key", key)]);
    let block = base64(certificate.as_bytes());
    let of = |kind: &str, fields: Value| {
        let mut object =
            json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": "shop" } });
        for (name, value) in fields.as_object().unwrap() {
            object[name] = value.clone();
        }
        object
    };
    let cases = [
        (
            "mistyped",
            of("Secret", json!({ "data": { "a": block.replacen("LS0tL", "LS0tL!", 1) } })),
        ),
        ("plain in data", of("Secret", json!({ "data": { "server.pem": certificate } }))),
        ("twice", of("Secret", json!({ "stringData": { "a": block } }))),
        ("map in base64", of("ConfigMap", json!({ "data": { "ca": block } }))),
        (
            "map broken",
            of("ConfigMap", json!({ "data": { "ca": certificate.replacen("MII", "M!I", 1) } })),
        ),
        (
            "JKS",
            of("Secret", json!({ "data": { "k.jks": base64(b"\xFE\xED\xFE\xED\0\0\0\x02") } })),
        ),
        (
            "sealed",
            of("SealedSecret", json!({ "spec": { "encryptedData": { "tls.crt": "AgA" } } })),
        ),
        (
            "SOPS",
            of(
                "Secret",
                json!({ "data": { "tls.crt": "ENC[AES256_GCM,data:x]" }, "sops": { "mac": "x" } }),
            ),
        ),
    ];
    for (what, object) in cases {
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": [good, object] });
        sandbox.write("d/l.json", list.to_string());
        for command in ["check --ca pki/ca.pem d", "inspect d --expires-within 1d"] {
            let run = sandbox.certctl(command);
            let said = run.stdout() + &run.stderr();
            assert!(matches!(run.exit(), 1 | 4) && said.contains("shop"), "{what}: {said}");
        }
    }
    let plain = of("Secret", json!({ "data": { "password": base64(b"x"), "odd": "not base64!" } }));
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": [good, plain] });
    sandbox.write("d/l.json", list.to_string());
    sandbox.certctl("check --ca pki/ca.pem d").code(0);
}

#[test]
fn a_config_map_with_certificates_is_read() {
    let Pki { sandbox, ca, .. } = pki();
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    let map = |text: &str| {
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "trust" },
            "data": { "ca-bundle.crt": text, "notes": "text" },
        })
        .to_string()
    };
    for (text, code) in [(ca.clone(), 0), (ca + &craft.pem(), 4)] {
        sandbox.write("map.json", map(&text));
        sandbox.certctl("check --ca pki/ca.pem map.json").code(code).stdout_has("ca-bundle.crt");
        sandbox.certctl("inspect map.json --expires-within 1d").code(code).stdout_has("trust");
    }
}

#[test]
fn a_value_whose_name_promises_a_certificate_has_one() {
    let Pki { sandbox, .. } = pki();
    let object = |kind: &str, value: &str| {
        format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"{kind}\",\"metadata\":{{\"name\":\"a\"}},\"data\":{{{value}}}}}"
        )
    };
    for (name, code) in [("client.crt", 4), ("x.pem", 4), ("trust.jks", 4), ("notes.txt", 0)] {
        let secret = object("Secret", &format!("\"{name}\":\"{}\"", base64(b"garbage")));
        let map = object("ConfigMap", &format!("\"{name}\":\"garbage\""));
        for text in [secret, map] {
            sandbox.sh("rm -rf d && mkdir d && cp pki/server.pem d").code(0);
            sandbox.write("d/s.json", text);
            sandbox.certctl("check --ca pki/ca.pem d").code(code);
            sandbox.certctl("inspect d --expires-within 1d").code(code.min(1));
        }
    }
}

/// What `kubectl create secret` or a template made of a file that was not what it should be.
#[test]
fn a_value_that_is_not_what_its_name_says_is_an_error() {
    let Pki { sandbox, certificate, key, .. } = pki();
    sandbox.certctl("-d pki csr wanted b.example").code(0);
    let request = sandbox.text("pki/wanted.csr");
    let wide: Vec<u8> = "hello".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let values: [(&str, &str, Value); 12] = [
        ("gzip", "old.crt", base64(b"\x1F\x8B\x08\0\0").into()),
        ("UTF-16", "old.pem", base64(&[b"\xFF\xFE", &wide[..]].concat()).into()),
        ("HTML", "old.crt", base64(b"<!DOCTYPE html><p>404").into()),
        ("openssl enc", "old.crt", base64(b"Salted__12345678").into()),
        ("null", "old.crt", Value::Null),
        ("empty", "server.pem", "".into()),
        ("an empty keystore", "keystore.p12", "".into()),
        ("white space", "server.crt", base64(b" \n").into()),
        ("a request", "other.crt", base64(request.as_bytes()).into()),
        ("a key", "other.cer", base64(key.as_bytes()).into()),
        ("a number", "other.crt", 7.into()),
        ("a list", "other.crt", json!(["a"])),
    ];
    let object = |kind: &str, value: (&str, Value)| {
        let good = [("tls.crt", &certificate), ("tls.key", &key)];
        let mut data: serde_json::Map<String, Value> = good
            .map(|(name, pem)| (name.to_owned(), base64(pem.as_bytes()).into()))
            .into_iter()
            .collect();
        data.insert(value.0.to_owned(), value.1);
        json!({
            "apiVersion": "v1", "kind": "Secret", "type": kind,
            "metadata": { "name": "a" }, "data": data,
        })
    };
    for kind in ["Opaque", "kubernetes.io/tls"] {
        let optional = object(kind, ("ca.crt", "".into()));
        sandbox.write("good.json", optional.to_string());
        sandbox.certctl("check --ca pki/ca.pem good.json").code(0);
        for (what, name, value) in &values {
            sandbox.write("s.json", object(kind, (name, value.clone())).to_string());
            for command in ["check --ca pki/ca.pem s.json", "inspect s.json"] {
                let run = sandbox.certctl(command);
                let said = run.stdout() + &run.stderr();
                assert!(matches!(run.exit(), 1 | 4), "{what} in {kind}: {command}: {said}");
                assert!(said.contains(name), "{what} in {kind}: {command}: {said}");
            }
        }
    }
    let alone = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a" },
        "data": { "tls.crt": base64(request.as_bytes()) },
    });
    sandbox.write("s.json", alone.to_string());
    assert!(matches!(sandbox.certctl("check --ca pki/ca.pem s.json").exit(), 1 | 4));
    let good = object("Opaque", ("notes", base64(b"hello").into())).to_string();
    for second in ["hello", "- a", "apiVersion: v1\nkind: Secret\nstringData: {server.pem: ''}\n"] {
        sandbox.write("s.yaml", format!("{good}\n---\n{second}\n"));
        let code = sandbox.certctl("check --ca pki/ca.pem s.yaml").exit();
        assert!(matches!(code, 1 | 4), "{second}: {code}");
    }
}

/// A `ClusterResourceSet` of Cluster API and GitOps tools have manifests as values.
#[test]
fn manifests_within_values_are_read() {
    let Pki { sandbox, certificate, key, .. } = pki();
    let tls = secret("inner", &[("tls.crt", certificate.clone()), ("tls.key", key)]).to_string();
    let swapped = tls.replace("tls.key", "tls.Key").replace("tls.crt", "tls.key");
    let within = |text: &str, levels: usize| {
        (0..levels).fold(text.to_owned(), |text, level| {
            secret("outer", &[("a.yaml", text)]).to_string().replace(
                "kubernetes.io/tls",
                if level % 2 == 0 { "Opaque" } else { "addons.cluster.x-k8s.io/resource-set" },
            )
        })
    };
    for levels in 1..4 {
        sandbox.write("d/s.json", within(&tls, levels));
        sandbox.certctl("check --ca pki/ca.pem d").code(0).stdout_has("prod/inner: tls.crt");
        sandbox.write("d/s.json", within(&swapped, levels));
        let run = sandbox.certctl("check --ca pki/ca.pem d");
        assert_eq!(run.code(1).stderr().matches("is not valid in its Secret").count(), 2);
    }
    sandbox.write("d/s.json", within(&tls, 9));
    let run = sandbox.certctl("check --ca pki/ca.pem d");
    assert!(matches!(run.exit(), 1 | 4), "{}", run.stdout());
    let map = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "m" },
        "data": { "a.yaml": tls },
    });
    sandbox.write("d/s.json", map.to_string());
    sandbox.certctl("check --ca pki/ca.pem d").code(0).stdout_has("prod/inner: tls.crt");
    // The values of a release of Helm are compressed.
    let release = secret(
        "sh.helm.release.v1.a.v1",
        &[("release", base64(&[&b"\x1F\x8B\x08\0\0"[..], &[7; 80]].concat()))],
    );
    sandbox
        .write("d/s.json", release.to_string().replace("kubernetes.io/tls", "helm.sh/release.v1"));
    sandbox.write("d/server.pem", certificate);
    sandbox
        .certctl("check --ca pki/ca.pem d")
        .code(0)
        .stdout_has("d/s.json (a manifest with a gzip archive)");
}

/// Some programs take the first field of a name, others the last.
#[test]
fn a_field_that_stands_twice_is_an_error() {
    let Pki { sandbox, certificate, key, .. } = pki();
    let (certificate, key) = (base64(certificate.as_bytes()), base64(key.as_bytes()));
    let data = format!("{{\"tls.crt\":\"{certificate}\",\"tls.key\":\"{key}\"}}");
    let head = "\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"},\"type\":\"kubernetes.io/tls\"";
    let cases = [
        format!("{{{head},\"data\":{data},\"data\":{data}}}"),
        format!(
            "{{{head},\"data\":{{\"tls.crt\":\"{certificate}\",\"tls.crt\":\"{certificate}\",\"tls.key\":\"{key}\"}}}}"
        ),
    ];
    for text in cases {
        sandbox.write("s.json", &text);
        for line in ["check --ca pki/ca.pem s.json", "inspect s.json --expires-within 1d"] {
            sandbox.certctl(line).code(1).stderr_has("twice");
        }
    }
    sandbox.write("s.json", format!("{{{head},\"data\":{data}}}"));
    sandbox.certctl("check --ca pki/ca.pem s.json").code(0);
}
