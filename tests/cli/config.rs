//! certctl.toml: `init` writes it, flags win over it, and what it cannot say is an error.

use crate::{
    cert::{CLIENT_AUTH, Cert},
    sandbox::Sandbox,
};

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
        ("[defaults]\ndays = 0\n", "line 2, column 8", "0 is not a valid number of days"),
        ("[defaults]\ndays = -1\n", "line 2, column 8", "-1"),
        ("[defaults]\ndays = 1234567890123456789012345678901234567890\n", "line 2, column 8", ""),
        ("[defaults]\nkey_type = 'rsa:1024'\n", "line 2, column 12", "rsa:1024"),
        ("[defaults]\nsan = ['ok', 'a..b']\n", "line 2", "a..b"),
        ("[defaults]\nsan = [\"a\\u0000b\"]\n", "line 2", "U+0000"),
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
fn another_configuration_can_be_named() {
    let sandbox = with_config("not toml at all");
    sandbox.write("conf/other.toml", "[defaults]\ncn = 'other'\nkey_type = 'ecdsa:p256'\n");

    sandbox.certctl("gen --config conf/other.toml").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").common_name(), "other");
    sandbox.certctl("renew --config missing.toml").code(1).stderr_has("`missing.toml`");
}

#[test]
fn names_of_the_file_give_way_to_those_of_the_flags() {
    for (words, names) in [
        ("", "DNS:first.example,DNS:file.example"),
        ("flag.example", "DNS:flag.example"),
        ("--san flag.example", "DNS:first.example,DNS:flag.example"),
    ] {
        let sandbox = with_config(
            "[defaults]\ncn = 'first.example'\nsan = 'file.example'\nkey_type = 'ecdsa:p256'\n",
        );
        sandbox.certctl(&format!("gen {words}")).code(0);
        assert_eq!(Cert::read(&sandbox, "server.pem").names().join(","), names, "gen {words}");
    }
}
