//! certctl.toml: `init` writes it, flags win over it, and `[[certificate]]` makes it a plan.

use crate::{
    cert::{CLIENT_AUTH, Cert, SERVER_AUTH},
    sandbox::Sandbox,
};

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
fn init_writes_an_example_that_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.certctl("init").code(0).stdout_is(
        "Wrote certctl.toml. All values are commented out: edit it, then run `certctl gen`.\n",
    );

    let example = sandbox.text("certctl.toml");
    let mut values =
        example.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
    assert_eq!(values.next(), None, "a value that is not commented out");
    for value in ["US", "Redwood City", "zilliz", "devops"] {
        assert!(example.contains(value), "the Milvus value {value}");
    }
    sandbox.certctl("gen --key-type ecdsa:p256").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").attributes().len(), 1);
}

#[test]
fn the_example_of_init_is_valid_once_its_values_are_uncommented() {
    let sandbox = Sandbox::new();
    sandbox.certctl("init").code(0);
    let mut text = String::new();
    for line in sandbox.text("certctl.toml").lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let is_setting = bare.starts_with("[[") || bare.split(' ').nth(1) == Some("=");
        text += if is_setting { bare } else { line };
        text += "\n";
    }
    sandbox.write("certctl.toml", text.replace("rsa:2048", "ecdsa:p256"));

    sandbox.certctl("gen").code(0);

    let milvus = Cert::read(&sandbox, "milvus.pem");
    assert_eq!(milvus.names(), ["DNS:milvus.internal", "IP:10.0.0.5"]);
    assert_eq!(milvus.values("2.5.4.11"), ["devops"]);
    assert_eq!(Cert::read(&sandbox, "backup-job.pem").purposes(), [CLIENT_AUTH]);
}

#[test]
fn init_overwrites_nothing_and_goes_where_it_is_told() {
    let sandbox = with_config("# mine\n");
    sandbox.certctl("init").code(1).stderr_has("`certctl.toml` already exists");
    assert_eq!(sandbox.text("certctl.toml"), "# mine\n");

    sandbox.certctl("init -d made/here").code(0).stdout_has("Wrote made/here/certctl.toml");
    sandbox.certctl("init --config other.toml").code(0).stdout_has("Wrote other.toml");
    assert_eq!(sandbox.files(), ["certctl.toml", "made/here/certctl.toml", "other.toml"]);
}

#[test]
fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
    let sandbox = with_config(
        r#"
        [subject]
        organization = "file"
        org_unit = ["one", "two"]
        domain_component = ["corp", "example"]
        [defaults]
        cn = "file.example"
        client_cn = "client.example"
        ca_cn = "File CA"
        san = "more.example"
        days = 40
        ca_days = 50
        key_type = "ecdsa:p384"
        "#,
    );
    sandbox.certctl("gen").code(0);
    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.common_name(), "file.example");
    assert_eq!(server.names(), ["DNS:file.example", "DNS:more.example"]);
    assert_eq!(server.values("2.5.4.10"), ["file"]);
    assert_eq!(server.values("2.5.4.11"), ["one", "two"]);
    assert_eq!(server.values("0.9.2342.19200300.100.1.25"), ["corp", "example"]);
    assert_eq!(server.seconds(), 40 * 86_400 + 300);
    assert_eq!(server.key_bits().len(), 97, "P-384");
    assert_eq!(Cert::read(&sandbox, "client.pem").common_name(), "client.example");
    let ca = Cert::read(&sandbox, "ca.pem");
    assert_eq!((ca.common_name(), ca.seconds()), ("File CA".into(), 50 * 86_400 + 300));

    sandbox
        .certctl(
            "gen --replace-ca --cn flag --client-cn c --ca-cn F --organization flag --org-unit three \
             --days 5 --ca-days 6 --key-type ecdsa:p256",
        )
        .code(0);
    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.common_name(), "flag");
    assert_eq!(server.values("2.5.4.10"), ["flag"]);
    assert_eq!(server.values("2.5.4.11"), ["three"]);
    assert_eq!(server.seconds(), 5 * 86_400 + 300);
    assert_eq!(server.key_bits().len(), 65, "P-256");
    assert_eq!(Cert::read(&sandbox, "client.pem").common_name(), "c");
    assert_eq!(Cert::read(&sandbox, "ca.pem").common_name(), "F");
}

#[test]
fn what_the_file_cannot_say_is_an_error_with_line_and_column() {
    let cases = [
        ("[subjekt]\n", "line 1, column 2", "subjekt"),
        ("\n[defaults]\n  cnn = 'x'\n", "line 3, column 3", "cnn"),
        ("[defaults]\ncn = 'a'\ncn = 'b'\n", "line 3, column 1", "duplicate key"),
        ("[defaults]\ncn = 7\n", "line 2, column 6", "string"),
        ("[defaults]\ndays = 'ten'\n", "line 2, column 8", "ten"),
        ("[defaults]\ndays = 0\n", "line 2, column 8", "0 is no number of days"),
        ("[defaults]\ndays = -1\n", "line 2, column 8", "-1"),
        ("[defaults]\ndays = 1234567890123456789012345678901234567890\n", "line 2, column 8", ""),
        ("[defaults]\nkey_type = 'rsa:1024'\n", "line 2, column 12", "rsa:1024"),
        ("[defaults]\nsan = ['ok', 'a..b']\n", "line 2", "a..b"),
        ("[subject]\ncountry = [\n", "line", ""),
        ("dir = '/etc'\n", "line 1, column 1", "dir"),
        ("ca = 'x.pem'\n", "line 1, column 1", "ca"),
        ("[defaults]\nca-key = 'x'\n", "line 2, column 1", "ca-key"),
        ("[defaults]\nexec = 'reboot'\n", "line 2, column 1", "exec"),
        ("[[certificate]]\nexec = 'reboot'\n", "line 2, column 1", "exec"),
        ("[[certificate]]\nname = '../x'\n", "line 2, column 8", "../x"),
        ("[[certificate]]\nname = 'x'\nusage = 'both'\n", "line 3, column 9", "both"),
        ("[[certificate]]\nsan = 'a'\n", "line 1", "name"),
    ];

    for (text, place, named) in cases {
        let sandbox = with_config(text);
        for command in ["gen", "renew", "issue x"] {
            let run = sandbox.certctl(command);
            run.code(1).stdout_is("").stderr_has("`certctl.toml`").stderr_has(place);
            run.stderr_has(named).stderr_has("hint: `certctl init`");
        }
        assert_eq!(sandbox.files(), ["certctl.toml"], "{text}");
    }
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
            text += &format!("[[certificate]]\nname = 'n{number}'\n{rest}\n");
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
    let rows: [(&str, &str, &[&str], &[&str], i64); 3] = [
        (
            "milvus.pem",
            "milvus.internal",
            &["DNS:milvus.internal", "IP:10.0.0.5"],
            &[SERVER_AUTH],
            90,
        ),
        ("backup-job.pem", "backup-job", &["DNS:backup-job"], &[CLIENT_AUTH], 90),
        (
            "qdrant-0.pem",
            "qdrant-0.example",
            &["DNS:qdrant-0.example", "DNS:qdrant-0.headless"],
            &[SERVER_AUTH, CLIENT_AUTH],
            30,
        ),
    ];
    for (file, common_name, names, purposes, days) in rows {
        let cert = Cert::read(&sandbox, file);
        assert_eq!(cert.common_name(), common_name, "{file}");
        assert_eq!(cert.names(), names, "{file}");
        assert_eq!(cert.purposes(), purposes, "{file}");
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
fn a_dry_run_shows_missing_due_and_stray() {
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
            ("extra", "stray"),
            ("qdrant-0", "renewed"),
            ("milvus", "missing"),
        ]
    );
}

#[test]
fn another_configuration_can_be_named() {
    let sandbox = with_config("not toml at all");
    sandbox.write("conf/other.toml", "[defaults]\ncn = 'other'\nkey_type = 'ecdsa:p256'\n");

    sandbox.certctl("gen --config conf/other.toml").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").common_name(), "other");
    sandbox.certctl("renew --config missing.toml").code(1).stderr_has("`missing.toml`");
}
