//! `certctl k8s issuer`: the CA and its identities for cert-manager.

use serde_json::{Value, json};

use crate::{
    cert::Cert,
    k8s::data,
    sandbox::{Run, Sandbox},
    secrets::secrets,
};

const FLAGS: &str = "-o json k8s issuer --out-file issuer.json";

fn p256() -> Sandbox {
    Sandbox::with_gen("--cn localhost --key-type ecdsa:p256")
}

/// The objects, and what was said.
fn issuer(sandbox: &Sandbox, flags: &str) -> (Vec<Value>, Run) {
    let run = sandbox.certctl(&format!("{FLAGS} {flags}"));
    run.code(0).stdout_is("");
    let list: Value = serde_json::from_str(&sandbox.text("issuer.json")).unwrap();
    assert_eq!((&list["apiVersion"], &list["kind"]), (&json!("v1"), &json!("List")));
    secrets(sandbox).assert_kept(&run);
    (list["items"].as_array().unwrap().clone(), run)
}

/// A key type, and what cert-manager calls it.
const KEYS: [(&str, &str, Option<u32>); 4] = [
    ("rsa:2048", "RSA", Some(2048)),
    ("ecdsa:p256", "ECDSA", Some(256)),
    ("ecdsa:p384", "ECDSA", Some(384)),
    ("ed25519", "Ed25519", None),
];

#[test]
fn the_ca_is_the_secret_of_an_issuer_of_its_name() {
    let sandbox = p256();
    let (objects, _) = issuer(&sandbox, "--name root.ca -n db");

    assert_eq!(sandbox.mode("issuer.json"), 0o600);
    let [secret, issuer, client, server] = &objects[..] else { panic!("{objects:#?}") };
    let metadata = json!({ "name": "root.ca", "namespace": "db" });
    assert_eq!((&secret["metadata"], &secret["type"]), (&metadata, &json!("kubernetes.io/tls")));
    let files = [("tls.crt", "ca.pem"), ("tls.key", "ca.key")];
    assert!(data(secret) == files.map(|(key, file)| (key.to_owned(), sandbox.read(file))));
    assert_eq!(
        *issuer,
        json!({
            "apiVersion": "cert-manager.io/v1",
            "kind": "Issuer",
            "metadata": metadata,
            "spec": { "ca": { "secretName": "root.ca" } },
        })
    );
    let reference = json!({ "name": "root.ca", "kind": "Issuer", "group": "cert-manager.io" });
    for (certificate, name) in [(client, "client"), (server, "server")] {
        assert_eq!(certificate["kind"], "Certificate");
        assert_eq!(certificate["metadata"], json!({ "name": name, "namespace": "db" }));
        assert_eq!(certificate["spec"]["issuerRef"], reference);
        assert_eq!(certificate["spec"]["secretName"], format!("{name}-tls"));
    }
}

#[test]
fn a_cluster_issuer_keeps_its_ca_where_cert_manager_looks() {
    let sandbox = p256();
    for (flags, namespace) in [("--cluster", "cert-manager"), ("--cluster -n own", "own")] {
        let (objects, run) = issuer(&sandbox, flags);
        assert_eq!(objects[0]["metadata"], json!({ "name": "certctl-ca", "namespace": namespace }));
        assert_eq!(objects[1]["kind"], "ClusterIssuer");
        assert_eq!(objects[1]["metadata"], json!({ "name": "certctl-ca" }));
        assert_eq!(objects[2]["metadata"], json!({ "name": "client" }));
        assert_eq!(objects[2]["spec"]["issuerRef"]["kind"], "ClusterIssuer");
        run.stderr_has("kubectl config set-context --current --namespace NAMESPACE");
    }
    let (objects, _) = issuer(&sandbox, "");
    assert!(objects.iter().all(|object| object["metadata"].get("namespace").is_none()));
}

#[test]
fn a_certificate_says_what_the_identity_is() {
    for (key_type, algorithm, size) in KEYS {
        let sandbox = Sandbox::with_gen(&format!("--cn localhost --key-type {key_type}"));
        let names = "db.example,10.0.0.5,spiffe://db/a,ops@db.example,*.db.example";
        let line = format!("issue db --usage peer --san {names} --days 90 --key-type {key_type}");
        sandbox.certctl(&line).code(0);
        let (objects, _) = issuer(&sandbox, "");
        let [_, _, client, db, server] = &objects[..] else { panic!("{objects:#?}") };

        let mut key =
            json!({ "algorithm": algorithm, "encoding": "PKCS8", "rotationPolicy": "Always" });
        if let Some(size) = size {
            key["size"] = json!(size);
        }
        for certificate in [client, db, server] {
            assert_eq!(certificate["spec"]["privateKey"], key, "{key_type}");
            assert_eq!(certificate["spec"]["isCA"], false);
        }
        let spec = &db["spec"];
        assert_eq!(spec["commonName"], "db");
        assert_eq!(spec["dnsNames"], json!(["db", "db.example", "*.db.example"]));
        assert_eq!(spec["ipAddresses"], json!(["10.0.0.5"]));
        assert_eq!(spec["uris"], json!(["spiffe://db/a"]));
        assert_eq!(spec["emailAddresses"], json!(["ops@db.example"]));
        let usages = |roles: &[&str]| {
            let encipherment = (algorithm == "RSA").then_some("key encipherment");
            let mut usages = vec!["digital signature"];
            usages.extend(encipherment.into_iter().chain(roles.iter().copied()));
            json!(usages)
        };
        assert_eq!(spec["usages"], usages(&["server auth", "client auth"]));
        assert_eq!(client["spec"]["usages"], usages(&["client auth"]));
        assert_eq!(server["spec"]["usages"], usages(&["server auth"]));
        for (file, certificate) in [("db.pem", db), ("server.pem", server)] {
            let seconds = Cert::read(&sandbox, file).seconds();
            let text = |seconds: i64| {
                format!("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60)
            };
            assert_eq!(certificate["spec"]["duration"], text(seconds));
            assert_eq!(certificate["spec"]["renewBefore"], text(seconds / 3));
        }
    }
}

#[test]
fn subjects_take_the_fields_or_stay_literal() {
    let sandbox =
        Sandbox::with_gen("--cn localhost --key-type ecdsa:p256 --org-unit a --org-unit b");
    let (objects, run) = issuer(&sandbox, "");
    for certificate in &objects[2..] {
        assert_eq!(
            certificate["spec"]["literalSubject"].as_str().unwrap().matches("OU=").count(),
            2
        );
        assert!(certificate["spec"].get("commonName").is_none());
        assert!(certificate["spec"].get("subject").is_none());
    }
    run.stderr_has("LiteralCertificateSubject");

    let sandbox =
        Sandbox::with_gen("--key-type ecdsa:p256 --subject /C=US/ST=CA/O=zilliz/OU=devops/CN=db");
    let (objects, run) = issuer(&sandbox, "");
    let subject = json!({
        "countries": ["US"],
        "organizations": ["zilliz"],
        "organizationalUnits": ["devops"],
        "provinces": ["CA"],
    });
    assert_eq!(objects[3]["spec"]["subject"], subject);
    assert_eq!(objects[3]["spec"]["commonName"], "db");
    run.stderr_has("in cert-manager's order");
}

#[test]
fn a_plan_says_what_cert_manager_is_to_keep() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let plan = "[[certificate]]\nname = \"Milvus_0\"\nsan = \"milvus.internal\"\nkey_type = \"rsa:3072\"\ndays = 90\n\
                [[certificate]]\nname = \"client\"\nusage = \"client\"\ncommon_name = \"localhost\"\n";
    sandbox.write("certctl.toml", plan);
    let (objects, _) = issuer(&sandbox, "");

    let [_, _, milvus, client] = &objects[..] else { panic!("{objects:#?}") };
    assert_eq!(milvus["metadata"]["name"], "milvus-0");
    assert_eq!(milvus["spec"]["secretName"], "milvus-0-tls");
    assert_eq!(milvus["spec"]["dnsNames"], json!(["milvus.internal"]));
    assert_eq!(milvus["spec"]["privateKey"]["size"], 3072);
    assert_eq!(
        (&milvus["spec"]["duration"], &milvus["spec"]["renewBefore"]),
        (&json!("2160h0m0s"), &json!("720h0m0s"))
    );
    // What is there already says what the plan does not.
    assert_eq!(client["spec"]["privateKey"]["algorithm"], "ECDSA");
    assert_eq!(client["spec"]["duration"], "87600h5m0s");
}

#[test]
fn only_into_a_file_and_only_a_ca_that_may_sign() {
    let sandbox = p256();
    let before = sandbox.digest();
    for line in ["k8s issuer", "-o json k8s issuer", "-o yaml -q k8s issuer --cluster"] {
        let run = sandbox.certctl(line);
        run.code(2).stderr_has("--out-file issuer.yaml").stdout_lacks("tls.key");
        secrets(&sandbox).assert_kept(&run);
    }
    assert_eq!(sandbox.digest(), before);
    for (ca, said) in [
        ("not-a-ca", "is not a CA certificate"),
        ("may-not-sign", "without keyCertSign"),
        ("expired", "expired"),
        ("future", "not valid before"),
        ("other", "does not belong"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.put("ca/ca.key", "ca.key");
        sandbox.put(&format!("ca/{ca}.pem"), "ca.pem");
        let run = sandbox.certctl("k8s issuer --out-file issuer.yaml");
        run.code(1).stdout_is("").stderr_has(said);
        assert_eq!(sandbox.files(), ["ca.key", "ca.pem"], "{ca}");
    }
}

#[test]
fn a_ca_elsewhere_and_a_key_in_another_form_are_handed_over() {
    let sandbox = p256();
    let pem = [sandbox.read("ca.key"), sandbox.read("ca.pem")].concat();
    sandbox.write("far/both.pem", pem);
    let (objects, _) = issuer(&sandbox, "--ca far/both.pem --ca-key far/both.pem");
    let files = data(&objects[0]);
    assert_eq!(
        String::from_utf8(files[0].1.clone()).unwrap(),
        sandbox.text("ca.pem"),
        "no key in tls.crt"
    );
    assert_eq!(objects.len(), 4);
}

#[test]
fn what_cert_manager_cannot_make_is_told_before_anything_is_written() {
    let sandbox = p256();
    let long = "ü".repeat(40);
    sandbox.certctl_args(&["issue", "long", "a.example", "--cn", &long]).code(0);
    sandbox.certctl_args(&["issue", "mail", "--cn", "m", "--san", "m.example"]).code(0);
    let before = sandbox.digest();
    let run = sandbox.certctl("k8s issuer --out-file issuer.yaml");
    run.code(1).stdout_is("").stderr_has("`long` has a common name of 80 bytes");
    assert_eq!(sandbox.digest(), before);
    for file in ["long.pem", "long.key"] {
        sandbox.remove(file);
    }
    // The Secret that cert-manager fills is never the CA's own.
    let run = sandbox.certctl("k8s issuer --name server-tls --out-file issuer.yaml");
    run.code(1).stderr_has("would be in the Secret `server-tls` of the CA");
}

#[test]
fn what_stays_here_is_said() {
    let sandbox = p256();
    sandbox.certctl("issue gone localhost --key-type ecdsa:p256").code(0);
    sandbox.remove("gone.key");
    let (objects, run) = issuer(&sandbox, "");
    assert_eq!(objects.len(), 4);
    run.stderr_has("gone.pem was signed for a key that is not here: left out")
        .stderr_has("ca.srl")
        .stderr_has("kubectl apply --server-side -f issuer.json")
        .stderr_has("shred -u issuer.json");
    let quiet = sandbox.certctl("-q k8s issuer --out-file issuer.yaml");
    quiet.code(0).stderr_is("");

    let sandbox = Sandbox::with_fixtures("gen-sh");
    let (objects, run) = issuer(&sandbox, "");
    assert_eq!(objects[2]["spec"]["usages"][2], "server auth", "as gen.sh made it");
    run.stderr_has("has no keyUsage");
    let short = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 400 --days 390");
    short.certctl("-q -o json k8s issuer --out-file x.json").code(0);
}

#[test]
fn a_name_in_the_certificate_stays_a_name() {
    let sandbox = Sandbox::new();
    let hostile = r#"a": "b" # {{ x }} --- !!python/object '"#;
    sandbox
        .certctl_args(&["gen", "--key-type", "ecdsa:p256", "--cn", hostile, "h.example"])
        .code(0);
    let (objects, _) = issuer(&sandbox, "");
    assert_eq!(objects[3]["spec"]["commonName"], hostile);
    sandbox.certctl("-q k8s issuer --out-file issuer.yaml").code(0);
    let text = sandbox.text("issuer.yaml");
    assert_eq!(text.matches("\n---\n").count(), 3, "{text}");
}
