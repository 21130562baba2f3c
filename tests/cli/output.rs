//! Forms of the result: text, JSON, files, colours; what the environment may say; exit codes.

use serde_json::{Value, json};

use crate::{
    cert::Cert,
    sandbox::{Run, Sandbox},
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

fn with_variables(sandbox: &Sandbox, variables: &[(&str, &str)], line: &str) -> Run {
    let mut command = sandbox.command();
    command.envs(variables.iter().copied()).args(line.split(' '));
    Run::of(&mut command)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Asserts that the facts of a JSON item are those of the certificate in the file.
#[track_caller]
fn assert_facts(item: &Value, sandbox: &Sandbox, file: &str) {
    let cert = Cert::read(sandbox, file);
    let digest = ring::digest::digest(&ring::digest::SHA256, &cert.der);
    let form = time::format_description::well_known::Rfc3339;
    assert_eq!(item["serial"], cert.serial().to_lowercase());
    assert_eq!(item["sha256"], crate::cert::hex(digest.as_ref()).to_lowercase());
    assert_eq!(item["not_before"], cert.not_before().format(&form).unwrap());
    assert_eq!(item["not_after"], cert.not_after().format(&form).unwrap());
    assert_eq!(item["names"], json!(cert.names()));
    assert_eq!(item["certificate"], file);
    assert_eq!(item["key"], file.replace(".pem", ".key"));
}

#[test]
fn gen_answers_with_a_document() {
    let sandbox = Sandbox::new();
    let run = sandbox.certctl("-o json gen --cn localhost --organization O --key-type ecdsa:p256");
    let json = run.code(0).json();

    assert_eq!(json["schema"], "certctl.gen/2");
    assert_eq!(
        keys(&json),
        ["schema", "dry_run", "directory", "ca", "certificates", "notes", "ca_due"]
    );
    assert_eq!((&json["dry_run"], &json["directory"]), (&json!(false), &json!(".")));
    let ca = &json["ca"];
    assert_facts(ca, &sandbox, "ca.pem");
    assert_eq!((&ca["name"], &ca["action"]), (&json!("ca"), &json!("created")));
    assert_eq!(ca["subject"], "CN=localhost CA,O=O");
    for (index, name) in ["server", "client"].into_iter().enumerate() {
        let item = &json["certificates"][index];
        assert_facts(item, &sandbox, &format!("{name}.pem"));
        assert_eq!(item["name"], name);
        assert_eq!(item["action"], "created");
        assert_eq!(item["usage"], name);
        assert_eq!(item["key_type"], "ecdsa:p256");
        assert_eq!(item["new_key"], true);
        assert_eq!(item["subject"], "CN=localhost,O=O");
        assert_eq!(item["issuer"], "CN=localhost CA,O=O");
    }
    assert_eq!(json["notes"][0]["level"], "note");
    assert!(json["notes"][0]["message"].as_str().unwrap().contains("Apple"));
}

#[test]
fn renew_answers_with_what_was_before() {
    let sandbox = with_ca();
    let old = Cert::read(&sandbox, "server.pem");
    let json = sandbox.certctl("-o json renew server --reuse-key").code(0).json();

    assert_eq!(json["schema"], "certctl.renew/2");
    assert_eq!(json["ca"]["action"], "unchanged");
    let item = &json["certificates"][0];
    assert_facts(item, &sandbox, "server.pem");
    assert_eq!((&item["action"], &item["new_key"]), (&json!("renewed"), &json!(false)));
    assert_eq!(item["previous"]["serial"], old.serial().to_lowercase());
    assert_eq!(json["certificates"].as_array().unwrap().len(), 1);

    let json = sandbox.certctl("-o json issue redis --key-type ecdsa:p256").code(0).json();
    assert_eq!(json["schema"], "certctl.issue/2");
    assert_facts(&json["certificates"][0], &sandbox, "redis.pem");

    let json = sandbox.certctl("-o json gen --replace-ca --key-type ecdsa:p256").code(0).json();
    assert!(json["archive"].as_str().unwrap().starts_with("archive/"));
}

#[test]
fn a_dry_run_knows_neither_serial_nor_fingerprint() {
    let sandbox = with_ca();
    for line in ["gen --replace-ca --dry-run", "renew --dry-run", "renew ca --dry-run"] {
        let json = sandbox.certctl(&format!("-o json {line}")).code(0).json();
        assert_eq!(json["dry_run"], true, "{line}");
        let planned = json["certificates"].as_array().unwrap().iter().chain([&json["ca"]]);
        for item in planned.filter(|item| item["action"] != "unchanged") {
            assert!(item.get("serial").is_none() && item.get("sha256").is_none(), "{line}: {item}");
            assert!(item["not_after"].is_string(), "{line}: {item}");
        }
    }
}

#[test]
fn small_commands_have_documents_too() {
    let sandbox = Sandbox::new();
    let version = env!("CARGO_PKG_VERSION");
    sandbox.certctl("version").code(0).stdout_is(&format!("certctl {version}\n"));
    sandbox.certctl("--version").code(0).stdout_is(&format!("certctl {version}\n"));
    let json = sandbox.certctl("-o json version").code(0).json();
    assert_eq!(json, json!({ "schema": "certctl.version/2", "version": version }));
    let json = sandbox.certctl("-o json init").code(0).json();
    assert_eq!(json, json!({ "schema": "certctl.init/2", "path": "certctl.toml" }));
}

#[test]
fn an_error_is_in_the_document_and_on_standard_error() {
    let sandbox = with_ca();
    let cases = [
        ("gen", 1, "already exist"),
        ("issue server", 1, "already exist"),
        ("renew --config missing.toml", 1, "missing.toml"),
        ("-d nowhere renew", 1, "no CA in this directory"),
        ("renew --cn x", 2, "--cn"),
        ("init --config ca.pem", 1, "already exists"),
        ("man nothing", 2, "nothing"),
    ];

    for (line, code, message) in cases {
        let run = sandbox.certctl(&format!("-o json {line}"));
        let json = run.code(code).stderr_has("error: ").stderr_has(message).json();
        let error = &json["error"];
        assert_eq!(keys(&json), ["schema", "error"], "{line}");
        assert_eq!(error["exit"], code, "{line}");
        assert!(error["message"].as_str().unwrap().contains(message), "{line}: {error}");
        assert!(error["causes"].is_array() && error["hint"].is_string(), "{line}: {error}");
    }
}

#[test]
fn the_error_of_one_certificate_stands_beside_it() {
    let sandbox = with_ca();
    sandbox.write("server.pem", "");
    let json = sandbox.certctl("-o json renew").code(1).json();

    let actions: Vec<_> =
        json["certificates"].as_array().unwrap().iter().map(|item| &item["action"]).collect();
    assert_eq!(actions, ["renewed", "failed"]);
    let error = &json["certificates"][1]["error"];
    assert!(error["message"].as_str().unwrap().contains("server.pem"));
    assert_eq!(error["causes"], json!(["it is empty"]));
    assert_eq!(error["exit"], 1);
}

#[test]
fn the_result_goes_to_a_file_if_told() {
    let sandbox = with_ca();
    sandbox.write("out/result", "old");
    sandbox.set_mode("out/result", 0o640);

    sandbox.certctl("version --out-file out/result").code(0).stdout_is("").stderr_is("");
    assert!(sandbox.text("out/result").starts_with("certctl "));
    assert_eq!(sandbox.mode("out/result"), 0o640);
    let run = sandbox.certctl("-o json renew server --out-file out/new.json");
    run.code(0).stdout_is("").stderr_has("note: ");
    let json: Value = serde_json::from_str(&sandbox.text("out/new.json")).unwrap();
    assert_eq!(json["schema"], "certctl.renew/2");
    sandbox.certctl("-o json gen --out-file out/error.json").code(1).stdout_is("");
    assert!(sandbox.text("out/error.json").contains("already exist"));
    sandbox.certctl("completions bash --out-file out/certctl.bash").code(0).stdout_is("");
    assert!(sandbox.text("out/certctl.bash").contains("certctl"));
    let out: Vec<String> =
        sandbox.files().into_iter().filter(|file| file.starts_with("out/")).collect();
    assert_eq!(out.len(), 4, "no temporary is left: {out:?}");

    std::os::unix::fs::symlink("result", sandbox.path("out/link")).unwrap();
    let before = sandbox.digest();
    for file in ["missing/result", "out/link", "out"] {
        let run = sandbox.certctl(&format!("version --out-file {file}"));
        run.code(1).stdout_is("").stderr_has(file).stderr_has("hint: ");
        assert_eq!(sandbox.digest(), before, "{file}");
    }
}

#[test]
fn quiet_silences_all_but_errors() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    sandbox.certctl("-q renew").code(0).stdout_is("").stderr_is("");
    sandbox.certctl("renew missing -q").code(1).stdout_is("").stderr_has("error: ");
    sandbox.certctl("-q gen").code(1).stdout_is("").stderr_has("error: ");
    assert!(!sandbox.certctl("-q completions bash").code(0).stdout().is_empty());
    sandbox.certctl("-q -o json renew").code(0).stderr_is("").json();
    // A file that was asked for is no noise.
    sandbox.certctl("-q renew --out-file report").code(0).stdout_is("").stderr_is("");
    assert!(sandbox.text("report").contains("Renewed 2 certificates"));
}

#[test]
fn colour_is_for_terminals_or_when_told() {
    let sandbox = with_ca();
    let cases = [
        (&[][..], "renew missing", false),
        (&[][..], "renew missing --color auto", false),
        (&[][..], "renew missing --color always", true),
        (&[][..], "renew missing --color never", false),
        (&[("CLICOLOR_FORCE", "1")][..], "renew missing", true),
        (&[("CLICOLOR_FORCE", "1")][..], "renew missing --color never", false),
        (&[("NO_COLOR", "1")][..], "renew missing", false),
    ];

    for (variables, line, colored) in cases {
        let run = with_variables(&sandbox, variables, line);
        let stderr = run.code(1).stderr();
        assert_eq!(stderr.contains('\u{1b}'), colored, "{variables:?} {line}: {stderr}");
    }
    sandbox.certctl("renew --color sometimes").code(2);
    let run = with_variables(&sandbox, &[("CLICOLOR_FORCE", "1")], "-o json version");
    run.code(0).json();
}

#[test]
fn the_environment_says_where_and_how_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.write("conf/env.toml", "[defaults]\ncn = 'env'\nkey_type = 'ecdsa:p256'\n");
    sandbox.write("conf/flag.toml", "[defaults]\ncn = 'flag'\nkey_type = 'ecdsa:p256'\n");
    let variables = [
        ("CERTCTL_DIR", "by-env"),
        ("CERTCTL_CONFIG", "conf/env.toml"),
        ("CERTCTL_OUTPUT", "json"),
        ("CERTCTL_DAYS", "0"),
        ("CERTCTL_KEY_TYPE", "rsa:1"),
        ("CERTCTL_CA", "/nowhere/ca.pem"),
        ("CERTCTL_CA_KEY", "/nowhere/ca.key"),
        ("CERTCTL_CN", "ignored"),
        ("CERTCTL_QUIET", "1"),
        ("CERTCTL_LOCK_TIMEOUT", "x"),
    ];
    let json = with_variables(&sandbox, &variables, "gen").code(0).json();
    assert_eq!(json["directory"], "by-env");
    assert_eq!(Cert::read(&sandbox, "by-env/server.pem").common_name(), "env");

    let line = "gen -d by-flag --config conf/flag.toml -o text";
    with_variables(&sandbox, &variables, line).code(0).stdout_has("by-flag");
    assert_eq!(Cert::read(&sandbox, "by-flag/server.pem").common_name(), "flag");

    // Set and empty is not set.
    let empty = [("CERTCTL_DIR", ""), ("CERTCTL_CONFIG", ""), ("CERTCTL_OUTPUT", "")];
    with_variables(&sandbox, &empty, "gen --key-type ecdsa:p256").code(0).stdout_has("Made");
    assert!(sandbox.path("server.pem").exists());
}

#[test]
fn a_form_that_does_not_exist_is_a_usage_error() {
    let sandbox = with_ca();
    for value in ["xml", "JSON", "text "] {
        let run = with_variables(&sandbox, &[("CERTCTL_OUTPUT", value)], "renew --dry-run");
        run.code(2).stderr_has("CERTCTL_OUTPUT").stderr_has("`text` and `json`");
        sandbox.certctl_args(&["renew", "-o", value]).code(2);
    }
    let run = with_variables(&sandbox, &[("CERTCTL_OUTPUT", "xml")], "-o text version");
    run.code(0);
}

#[test]
fn a_wrong_command_line_is_exit_2_and_touches_nothing() {
    let sandbox = with_ca();
    let before = sandbox.digest();
    let lines = [
        "",
        "frobnicate",
        "help",
        "gen --frobnicate",
        "gen --key-type rsa:1024",
        "gen --key-type RSA:2048",
        "gen --days",
        "issue",
        "issue redis --usage both",
        "issue redis --usage Server",
        "renew --lock-timeout -1",
        "renew --lock-timeout never",
        "completions",
        "completions tcsh",
        "man renew extra",
        "version extra",
        "init extra",
        "-d",
    ];
    for line in lines {
        let run = sandbox.certctl(line);
        run.code(2).stdout_is("");
        assert!(!run.stderr().is_empty(), "{line}");
        assert_eq!(sandbox.digest(), before, "{line}");
    }
}

#[test]
fn a_wrong_command_line_is_in_the_document_too() {
    let sandbox = Sandbox::new();
    for (line, schema) in [
        ("gen --days 0", "certctl.gen/2"),
        ("issue", "certctl.issue/2"),
        ("renew --frobnicate", "certctl.renew/2"),
    ] {
        let run = sandbox.certctl(&format!("-o json {line}"));
        let json = run.code(2).stderr_has("error: ").json();
        assert_eq!(
            (&json["schema"], &json["error"]["exit"]),
            (&json!(schema), &json!(2)),
            "{line}"
        );
        assert!(json["error"]["message"].is_string(), "{line}");
    }
}

#[test]
fn every_command_has_help_and_a_manual_page() {
    let sandbox = Sandbox::new();
    let help = sandbox.certctl("--help").code(0).stderr_is("").stdout();
    for command in ["init", "gen", "issue", "renew", "csr", "sign", "completions", "man", "version"]
    {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        sandbox.certctl(&format!("{command} --help")).code(0).stdout_has("Usage: ");
        sandbox
            .certctl(&format!("man {command}"))
            .code(0)
            .stdout_has(".TH ")
            .stdout_has(&format!("certctl\\-{command}"));
    }
    sandbox.certctl("man").code(0).stdout_has(".TH ").stdout_has("certctl\\-renew");
    assert!(sandbox.files().is_empty());
}

#[test]
fn the_worst_of_several_exit_codes_wins() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 30 --days 10");
    sandbox.certctl("renew --expires-within 40d").code(3);
    sandbox
        .certctl("renew server missing --expires-within 40d")
        .code(1)
        .stderr_has("the CA itself");
    let hook = ["renew", "--expires-within", "40d", "--exec", "/bin/sh -c 'exit 3'"];
    sandbox.certctl_args(&hook).code(1);
}

#[test]
fn a_path_is_relative_to_where_one_stands() {
    let sandbox = Sandbox::new();
    sandbox.certctl("-d pki gen --key-type ecdsa:p256").code(0);
    sandbox.write("conf.toml", "[defaults]\ndays = 9\n");
    let line = "-d other issue redis --key-type ecdsa:p256 --ca pki/ca.pem --config conf.toml";
    sandbox.certctl(line).code(0);

    let cert = Cert::read(&sandbox, "other/redis.pem");
    assert_eq!(cert.seconds(), 9 * 86_400 + 300);
    sandbox
        .certctl("-d other issue kafka --ca ca.pem")
        .code(1)
        .stderr_has("`ca.pem` does not exist");
    sandbox.certctl("-d pki renew --out-file report").code(0);
    assert!(sandbox.path("report").exists());
}

#[test]
fn the_form_of_the_environment_is_for_the_commands_that_have_it() {
    let sandbox = Sandbox::new();

    let run = with_variables(&sandbox, &[("CERTCTL_OUTPUT", "prometheus")], "version");
    run.code(0).stdout_has("certctl ");
    sandbox.certctl("-o prometheus version").code(2).stderr_has("no output format `prometheus`");
}

#[test]
fn an_error_names_the_command_that_was_typed() {
    let sandbox = Sandbox::new();

    for (command, schema) in [
        ("issue gen --bogus -o json", "certctl.issue/2"),
        ("-d gen renew --bogus -o json", "certctl.renew/2"),
        ("-o json --bogus", "certctl.certctl/2"),
    ] {
        let run = sandbox.certctl(command);
        run.code(2);
        assert!(run.stdout().contains(schema), "{command}: {}", run.stdout());
    }
}
