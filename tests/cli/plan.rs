//! `[[certificate]]` makes certctl.toml a plan: what is missing, what differs, what is unmanaged.

use std::fmt::Write as _;

use crate::{
    cert::{CLIENT_AUTH, Cert, SERVER_AUTH},
    sandbox::Sandbox,
};

/// The purposes of a peer.
const BOTH: &str = "1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2";

const THREE: &str = r#"
[defaults]
key_type = "ecdsa:p256"
days = 90

[[certificate]]
name = "milvus"
san = ["milvus.internal", "10.0.0.5"]

[[certificate]]
name = "backup-job"
usage = "client"

[[certificate]]
name = "qdrant-0"
common_name = "qdrant-0.example"
san = "qdrant-0.headless"
usage = "peer"
days = 30
"#;

fn with_config(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("certctl.toml", text);
    sandbox
}

#[test]
fn names_that_are_no_names_of_files_are_refused_before_anything_is_made() {
    let long = "x".repeat(300);
    let names =
        ["../x", "/abs", "a/b", "..", "", "a\\u0000b", "CON", &long, "-x", "ca", "Archive", "ä"];

    for name in names {
        let sandbox = with_config(&format!("[[certificate]]\nname = \"{name}\"\nsan = \"a.b\"\n"));
        sandbox.certctl("gen").code(1).stderr_has("certctl.toml");
        assert_eq!(sandbox.files(), ["certctl.toml"], "{name:?}");
    }
}

#[test]
fn names_that_differ_in_case_only_are_refused() {
    let sandbox = with_config("[[certificate]]\nname = 'Redis'\n[[certificate]]\nname = 'redis'\n");

    sandbox.certctl("gen").code(1).stderr_has("`Redis` and `redis`");

    assert_eq!(sandbox.files(), ["certctl.toml"]);
}

#[test]
fn one_bad_entry_of_twenty_and_nothing_is_issued() {
    for bad in ["san = 'a..b'", "common_name = 'a b'", "country = 'US'", "days = 3000000"] {
        let mut text = String::from("[defaults]\nkey_type = 'ecdsa:p256'\n");
        for number in 1..=20 {
            let rest = if number == 7 { bad } else { "days = 9" };
            let _ = write!(text, "[[certificate]]\nname = 'n{number}'\n{rest}\n");
        }
        let sandbox = with_config(&text);

        sandbox.certctl("gen").code(1).stderr_has("certctl.toml");

        assert_eq!(sandbox.files(), ["certctl.toml"], "{bad}");
    }
}

#[test]
fn a_plan_takes_the_place_of_server_and_client() {
    let sandbox = with_config(THREE);
    sandbox.certctl("gen").code(0).stdout_has("Made a CA and 3 certificates");

    assert_eq!(
        sandbox.files(),
        [
            "backup-job.key",
            "backup-job.pem",
            "ca.key",
            "ca.pem",
            "ca.srl",
            "certctl.toml",
            "milvus.key",
            "milvus.pem",
            "qdrant-0.key",
            "qdrant-0.pem",
        ]
    );
    let rows = [
        ("milvus.pem", "milvus.internal", "DNS:milvus.internal,IP:10.0.0.5", SERVER_AUTH, 90),
        ("backup-job.pem", "backup-job", "DNS:backup-job", CLIENT_AUTH, 90),
        (
            "qdrant-0.pem",
            "qdrant-0.example",
            "DNS:qdrant-0.example,DNS:qdrant-0.headless",
            BOTH,
            30,
        ),
    ];
    for (file, common_name, names, purposes, days) in rows {
        let cert = Cert::read(&sandbox, file);
        assert_eq!(cert.common_name(), common_name, "{file}");
        assert_eq!(cert.names().join(","), names, "{file}");
        assert_eq!(cert.purposes().join(","), purposes, "{file}");
        assert_eq!(cert.seconds(), days * 86_400 + 300, "{file}");
    }
}

#[test]
fn only_what_is_missing_is_made_under_the_ca_that_is_there() {
    let sandbox = with_config(THREE);
    sandbox.certctl("gen").code(0);
    let before = sandbox.digest();
    sandbox.certctl("gen").code(0).stdout_has("Nothing is missing");
    assert_eq!(sandbox.digest(), before);

    sandbox.remove("milvus.pem");
    sandbox.remove("milvus.key");
    sandbox
        .certctl("gen --dry-run")
        .code(0)
        .stdout_has("Would make 1 certificate")
        .stdout_has("milvus");
    assert!(!sandbox.path("milvus.key").exists());
    sandbox.certctl("gen").code(0).stdout_has("Made 1 certificate").stdout_has("milvus");

    let after = sandbox.digest();
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for (file, content) in &after {
        let is_new = ["milvus.key", "milvus.pem", "ca.srl"].contains(&file.as_str());
        assert_eq!(*content != before[file], is_new, "{file}");
    }
    let ca = Cert::read(&sandbox, "ca.pem");
    assert_eq!(Cert::read(&sandbox, "milvus.pem").serves_below(&ca), Ok(()));
}

#[test]
fn a_key_without_its_certificate_is_not_overwritten() {
    let sandbox = with_config(THREE);
    sandbox.certctl("gen").code(0);
    sandbox.remove("milvus.pem");
    let before = sandbox.digest();

    sandbox.certctl("gen").code(1).stderr_has("`milvus.key` already exists");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_plan_names_its_own_hosts() {
    let sandbox = with_config(THREE);
    for flags in ["host.example", "--san host.example", "--client-cn x"] {
        sandbox.certctl(&format!("gen {flags}")).code(2).stderr_has("has a plan");
    }
    assert_eq!(sandbox.files(), ["certctl.toml"]);
}

#[test]
fn renew_brings_back_what_differs_from_the_plan() {
    let cases: [(&str, &str, &str); 6] = [
        ("\"10.0.0.5\"", "\"10.0.0.6\"", "san: "),
        (
            "name = \"milvus\"",
            "name = \"milvus\"\ncommon_name = \"other.example\"",
            "common_name: ",
        ),
        ("usage = \"client\"", "usage = \"peer\"", "usage: client becomes peer"),
        ("usage = \"peer\"\ndays = 30", "usage = \"peer\"\ndays = 31", "days: 30 becomes 31"),
        (
            "name = \"milvus\"",
            "name = \"milvus\"\nkey_type = \"ecdsa:p384\"",
            "key_type: ecdsa:p256 becomes ecdsa:p384",
        ),
        ("usage = \"peer\"", "usage = \"server\"", "usage: peer becomes server"),
    ];

    for (old, new, change) in cases {
        let sandbox = with_config(THREE);
        sandbox.certctl("gen").code(0);
        sandbox.write("certctl.toml", THREE.replacen(old, new, 1));
        let before = sandbox.digest();

        let dry = sandbox.certctl("renew --expires-within 1d --dry-run");
        dry.code(0).stdout_has("Would renew 1 certificate").stdout_has(change);
        assert_eq!(sandbox.digest(), before, "{change}");
        sandbox.certctl("renew --expires-within 1d").code(0).stdout_has(change);
        sandbox.certctl("renew --expires-within 1d").code(0).stdout_has("Nothing is due");
    }
}

#[test]
fn a_dry_run_shows_missing_due_and_unmanaged() {
    let sandbox = with_config(THREE);
    sandbox.certctl("gen").code(0);
    sandbox.certctl("issue extra extra.example --key-type ecdsa:p256").code(0);
    sandbox.remove("milvus.pem");
    sandbox.remove("milvus.key");

    let run = sandbox.certctl("-o json renew --dry-run --expires-within 40d");
    let json = run.code(0).json();
    let actions: Vec<(&str, &str)> = json["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["name"].as_str().unwrap(), item["action"].as_str().unwrap()))
        .collect();
    assert_eq!(
        actions,
        [
            ("backup-job", "unchanged"),
            ("extra", "unmanaged"),
            ("qdrant-0", "renewed"),
            ("milvus", "missing"),
        ]
    );
}
