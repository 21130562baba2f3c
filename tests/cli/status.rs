//! `certctl status`, and that `status`, `check` and `renew` agree on every state.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{due::expired, sandbox::Sandbox};

const PLAN: &str = r#"
[[certificate]]
name = "planned"
san = "planned.example"

[[certificate]]
name = "differs"
common_name = "differs.example"
san = "new.example"
days = 100

[[certificate]]
name = "never"
san = "never.example"
days = 30
"#;

/// Every state that a certificate can be in.
fn every_state() -> Sandbox {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    for line in [
        "issue planned planned.example --days 400",
        "issue differs differs.example --days 400",
        "issue soon soon.example --days 5",
        "issue stray stray.example --days 400",
        "issue guest guest.example --days 400",
        "issue web web.example --days 5",
    ] {
        sandbox.certctl(&format!("{line} --key-type ed25519")).code(0);
    }
    sandbox.write("old.pem", expired(&sandbox, "server.pem"));
    sandbox.write("old.key", sandbox.read("server.key"));
    for file in ["server.pem", "server.key", "client.pem", "client.key", "guest.key"] {
        sandbox.remove(file);
    }
    sandbox.write("issued/web.crt", sandbox.read("web.pem"));
    sandbox.write("private/web.key", sandbox.read("web.key"));
    sandbox.remove("web.pem");
    sandbox.remove("web.key");
    sandbox.write("certctl.toml", PLAN);
    sandbox
}

/// By name or file: what `field` says.
fn by_name(json: &Value, field: &str) -> BTreeMap<String, String> {
    let list = json["certificates"].as_array().unwrap().iter();
    let name = |one: &Value| one["name"].as_str().or(one["file"].as_str()).unwrap().to_owned();
    list.map(|one| (name(one), one[field].as_str().unwrap_or_default().to_owned())).collect()
}

#[test]
fn every_state_is_shown() {
    let sandbox = every_state();
    let before = sandbox.digest();

    let run = sandbox.certctl("-o json status --expires-within 30d");
    let json = run.code(4).json();
    assert_eq!(json["schema"], "certctl.status/2");
    assert_eq!(json["ca"]["subject"], "CN=localhost CA");
    assert_eq!(json["ca"]["state"], "ok");
    let expected = [
        ("planned", "ok"),
        ("differs", "differs: san, days"),
        ("soon", "due"),
        ("stray", "unmanaged"),
        ("guest", "no key"),
        ("old", "expired"),
        ("never", "missing"),
        ("issued/web.crt", "due"),
    ];
    let expected: BTreeMap<String, String> =
        expected.into_iter().map(|(name, state)| (name.to_owned(), state.to_owned())).collect();
    assert_eq!(by_name(&json, "state"), expected);

    for alias in ["status", "list", "ls"] {
        let run = sandbox.certctl(&format!("{alias} --expires-within 30d"));
        run.code(4).stdout_has("CA CN=localhost CA, 36").stdout_has(" days left, until ");
        run.stdout_has("due; other layout").stdout_has("differs: san, days");
    }
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn the_exit_code_is_that_of_the_worst_state() {
    let sandbox = every_state();
    sandbox.certctl("status").code(4);
    sandbox.remove("old.pem");
    sandbox.certctl("status").code(3).stdout_has("missing").stdout_has("differs");
    sandbox.write("certctl.toml", PLAN.split("[[certificate]]\nname = \"never\"").next().unwrap());
    sandbox.certctl("status").code(3).stdout_lacks("missing").stdout_has("differs");
    sandbox.write("certctl.toml", "[[certificate]]\nname = 'planned'\nsan = 'planned.example'\n");
    sandbox.certctl("status").code(0);
    sandbox.certctl("status --expires-within 30d").code(3);
    sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    sandbox.write("broken.key", "");
    sandbox.certctl("status").code(1).stderr_has("broken.pem");
}

#[test]
fn status_check_and_renew_agree_on_every_state() {
    let sandbox = every_state();
    let window = "--expires-within 30d";
    let status = sandbox.certctl(&format!("-o json status {window}")).code(4).json();
    let check = sandbox.certctl(&format!("-o json check -r {window}")).code(4).json();
    let dry = sandbox.certctl(&format!("-o json renew --dry-run {window}")).code(3).json();

    let actions = by_name(&dry, "action");
    let errors = |name: &str| {
        let list = dry["certificates"].as_array().unwrap();
        let item = list.iter().find(|item| item["name"] == name).unwrap();
        item["error"]["exit"].as_u64()
    };
    for one in status["certificates"].as_array().unwrap() {
        let file = one["file"].as_str().unwrap();
        let name = one["name"].as_str().unwrap_or(file);
        let exit = one["exit"].as_u64().unwrap();
        let (action, error) = match one["state"].as_str().unwrap() {
            "ok" | "no key" => ("unchanged", None),
            "unmanaged" => ("unmanaged", None),
            "missing" => ("missing", None),
            "due" if name == file => ("skipped", Some(3)),
            _ => ("renewed", None),
        };
        let action = if name == "guest" { "unmanaged" } else { action };
        assert_eq!((actions[name].as_str(), errors(name)), (action, error), "{name}");

        let verdict = check["certificates"]
            .as_array()
            .unwrap()
            .iter()
            .find(|verdict| verdict["file"].as_str().unwrap().ends_with(file))
            .unwrap_or_else(|| panic!("check has no verdict on {file}"));
        let worst = verdict["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| match finding["severity"].as_str().unwrap() {
                "error" => 4,
                "due" => 3,
                _ => 0,
            })
            .max();
        assert_eq!(worst.unwrap_or(0), exit, "{name}: {verdict:#}");
    }

    // What is renewed is what the dry run said, and then `status` has nothing to say about it.
    let run = sandbox.certctl(&format!("-o json renew {window}"));
    assert_eq!(by_name(&run.code(3).json(), "action"), actions);
    let after = sandbox.certctl("-o json status").code(3).json();
    let now = by_name(&after, "state");
    for name in ["planned", "differs"] {
        assert_eq!(now[name], "ok", "{name}");
    }
    assert_eq!(now["old"], "unmanaged");
}

#[test]
fn drift_is_seen_without_the_key_of_the_ca() {
    let sandbox = every_state();
    sandbox.remove("ca.key");

    sandbox.certctl("status").code(4).stdout_has("differs: san, days");
    let run = sandbox.certctl("check differs");
    run.code(3).stdout_has("[plan-drift]").stdout_has("days is `400`, planned is `100`");
    run.stdout_has("hint: certctl renew differs");
    sandbox.certctl("check").code(4).stdout_has("[plan-missing]").stdout_has("[unmanaged]");
    sandbox.certctl("renew --dry-run --expires-within 1d").stdout_has("san: ");
}

#[test]
fn flags_that_the_plan_would_undo_name_the_entry() {
    let sandbox = every_state();
    let before = sandbox.digest();
    for flags in ["--san x.example", "--drop-san planned.example", "--usage peer"] {
        let run = sandbox.certctl(&format!("renew planned {flags}"));
        run.code(2)
            .stderr_has("the next run would undo `--")
            .stderr_has("[[certificate]] `planned`");
        run.stderr_has("certctl.toml, line 2");
    }
    sandbox.certctl("renew --days 9").code(2).stderr_has("`days` of the [[certificate]] `differs`");
    assert_eq!(sandbox.digest(), before);

    // What the plan leaves open is for flags.
    sandbox.certctl("renew planned --days 9").code(0);
    sandbox.certctl("renew stray --san other.example").code(0);
    sandbox.write("certctl.toml", format!("[defaults]\nkey_type = 'ed25519'\n{PLAN}"));
    sandbox.certctl("renew planned --key-type ecdsa:p256").code(2).stderr_has("`key_type` of ");

    // What is not as planned is brought back, not edited.
    let plan = PLAN.replace("\"planned.example\"", "\"planned.example\"\nusage = \"client\"");
    sandbox.write("certctl.toml", plan);
    sandbox.certctl("check planned").code(4).stdout_has("hint: certctl renew planned\n");
    sandbox.write("certctl.toml", PLAN);

    // Hints name the entry, too.
    let run = sandbox.certctl("check planned --host other.example");
    run.code(4).stdout_has("change `san` of the [[certificate]] `planned`");
}

#[test]
fn a_pending_hook_is_a_state() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("renew server --exec false").code(1);

    let run = sandbox.certctl("status");

    run.code(3).stdout_has("hook pending").stderr_is("exit code 3: 1 due or not as planned\n");
    let json = sandbox.certctl("status -o json").code(3).json();
    let states: Vec<&str> = json["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["ok", "hook pending"]);
    sandbox.certctl("renew server --exec true --expires-within 1/3").code(0);
    sandbox.certctl("status -q").code(0).stdout_is("").stderr_is("");
}

#[test]
fn a_lifetime_of_the_plan_that_does_not_fit_names_the_entry() {
    let sandbox = Sandbox::with_gen("--key-type ed25519 --ca-days 40 --days 10");
    let plan = "[defaults]\ndays = 90\n\n[[certificate]]\nname = 'server'\nsan = 'localhost'\n";
    sandbox.write("certctl.toml", plan);

    let run = sandbox.certctl("renew server");
    run.code(1).stderr_has("`server` would expire after its CA");
    run.stderr_has(
        "hint: extend the validity of the CA: `certctl renew ca --days 91`; or change `days`",
    );
    run.stderr_has("`days` of the [[certificate]] `server` (certctl.toml, line 4)");
    run.stderr_lacks("`--days");
}

#[test]
fn an_identity_of_another_ca_has_the_dates_that_check_reports() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let other = Sandbox::with_gen("--key-type ed25519");
    other.certctl("issue soon soon.example --days 5 --key-type ed25519").code(0);
    other.write("old.pem", expired(&other, "server.pem"));
    other.write("old.key", other.read("server.key"));
    for (name, flags, exit, state) in [
        ("client", "--expires-within 30d", 0, "other CA"),
        ("soon", "", 0, "other CA"),
        ("soon", "--expires-within 30d", 3, "due; other CA"),
        ("old", "", 4, "expired; other CA"),
    ] {
        sandbox.write("x.pem", other.read(&format!("{name}.pem")));
        sandbox.write("x.key", other.read(&format!("{name}.key")));

        sandbox.certctl(&format!("status {flags}")).code(exit).stdout_has(&format!(" {state}\n"));
        other.write("x.pem", other.read(&format!("{name}.pem")));
        other.certctl(&format!("check x {flags}")).code(exit);

        sandbox.write("certctl.toml", "[[certificate]]\nname = 'x'\nsan = 'x.example'\n");
        let state = state.replace("other CA", "differs: issuer");
        let run = sandbox.certctl(&format!("status {flags}"));
        run.code(exit.max(3)).stdout_has(&format!(" {state}\n"));
        sandbox.remove("certctl.toml");
    }
}
