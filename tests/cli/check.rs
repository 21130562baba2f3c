//! `check`: who would refuse a certificate, and why; exit codes and the rules of one directory.

use serde_json::Value;

use crate::{
    cert::Cert,
    interrupted::write_record,
    sandbox::{Run, Sandbox},
};

/// The rules that a report finds broken: `file rule`, of these severities.
pub fn findings(run: &Run, severities: &[&str]) -> Vec<String> {
    let report = run.json();
    let mut found = Vec::new();
    for certificate in report["certificates"].as_array().unwrap() {
        for finding in certificate["findings"].as_array().unwrap() {
            if severities.contains(&finding["severity"].as_str().unwrap()) {
                let name = certificate["name"].as_str().unwrap();
                found.push(format!("{name} {}", finding["rule"].as_str().unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn grave(run: &Run) -> Vec<String> {
    findings(run, &["error", "due", "warning"])
}

fn message(run: &Run, rule: &str) -> String {
    let report = run.json();
    let all = report["certificates"].as_array().unwrap().iter();
    let mut findings = all.flat_map(|one| one["findings"].as_array().unwrap().clone());
    let finding: Value = findings.find(|finding| finding["rule"] == rule).unwrap();
    format!("{} hint: {}", finding["message"].as_str().unwrap(), finding["hint"])
}

#[test]
fn a_fresh_set_has_no_error_and_no_warning() {
    let cases = [
        "",
        "--cn localhost --key-type ecdsa:p384",
        "--key-type ed25519 10.0.0.5 *.db.example",
        "--cn 127.0.0.1 --key-type ecdsa:p256",
        "--key-type ecdsa:p256 --subject /C=US/ST=CA/L=City/O=x/OU=a/OU=b/CN=db.example",
        "--key-type ecdsa:p256 --client-cn ops@example.com --days 90 DB.Example",
    ];

    for flags in cases {
        let sandbox = Sandbox::with_gen(flags);
        for strict in ["", "--strict"] {
            let run = sandbox.certctl(&format!("check -o json {strict}"));
            run.code(0);
            assert_eq!(grave(&run), Vec::<String>::new(), "{flags} {strict}");
            let report = run.json();
            assert_eq!(report["schema"], "certctl.check/2");
            assert_eq!(report["valid"], true);
            let certificates = report["certificates"].as_array().unwrap();
            assert_eq!(certificates.len(), 3, "{flags}");
            for certificate in certificates {
                assert_eq!(certificate["valid"], true, "{flags}: {certificate}");
                if certificate["role"] == "leaf" {
                    assert_eq!(certificate["webpki"]["valid"], true, "{flags}: {certificate}");
                }
            }
        }
    }
}

#[test]
fn the_verdict_has_a_line_for_each_thing_it_looked_at() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256 --days 90");

    let short = sandbox.certctl("check server").code(0).stderr_is("").stdout();
    assert!(short.starts_with("server.pem: valid as server (assumed from its name), until "));
    assert_eq!(short.lines().count(), 1, "a certificate without a finding is one line");

    let run = sandbox.certctl("check server -v");

    run.code(0).stderr_is("");
    run.stdout_has("server.pem: valid as server (assumed from its name), until ");
    for aspect in [
        "form",
        "chain",
        "signature",
        "algorithm",
        "dates",
        "usage",
        "names",
        "ca-bits",
        "issuer",
        "serial",
        "key",
        "webpki",
    ] {
        let line = format!("  ok       {aspect:10} ");
        assert!(
            run.stdout().lines().any(|one| one.starts_with(&line)),
            "{aspect}: {}",
            run.stdout()
        );
    }
}

#[test]
fn what_gen_sh_made_is_told_and_each_cure_takes_its_finding_alone() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let before = sandbox.digest();

    let run = sandbox.certctl("check -o json");

    run.code(4);
    let told = [
        "ca.pem ca-key-usage",
        "client.pem one-subject",
        "client.pem poses-as-server",
        "client.pem usage",
        "server.pem one-subject",
    ];
    assert_eq!(grave(&run), told);
    assert_eq!(sandbox.digest(), before, "check writes nothing");
    let usage = message(&run, "usage");
    for part in [
        "allows serverAuth only",
        "every client",
        "Go",
        "OpenSSL",
        "unsuitable certificate purpose",
        "certctl renew client --usage client",
    ] {
        assert!(usage.contains(part), "{part}: {usage}");
    }
    assert!(message(&run, "ca-key-usage").contains("certctl renew ca"));
    assert!(message(&run, "one-subject").contains("error 18"));

    let cures: [(&str, i32, &[&str]); 3] = [
        ("renew ca", 4, &["ca.pem ca-key-usage"]),
        ("renew client --usage peer", 0, &["client.pem usage"]),
        ("renew client --usage client", 0, &["client.pem poses-as-server", "client.pem usage"]),
    ];
    for (cure, code, gone) in cures {
        let sandbox = Sandbox::with_fixtures("gen-sh");
        sandbox.certctl(cure).code(0);
        let run = sandbox.certctl("check -o json");
        run.code(code);
        let left: Vec<&str> = told.into_iter().filter(|one| !gone.contains(one)).collect();
        assert_eq!(grave(&run), left, "{cure}");
    }
    sandbox.certctl("gen --replace-ca --cn localhost").code(0);
    assert_eq!(grave(&sandbox.certctl("check -o json")), Vec::<String>::new());
}

#[test]
fn a_client_that_can_serve_is_named_with_the_host_that_both_have() {
    let sandbox =
        Sandbox::with_gen("--cn db.example --client-cn app.example --key-type ecdsa:p256");
    sandbox.certctl("renew client --usage peer --san db.example").code(0);

    let found = message(&sandbox.certctl("check -o json"), "poses-as-server");
    assert!(found.contains("server.pem (db.example)"), "{found}");
}

/// So many that they are found by name: none is left out, and each verdict is that of few.
#[test]
fn one_anchor_of_many_is_found_by_its_name() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90");
    let mut anchors = String::new();
    for number in 0..12 {
        sandbox
            .certctl(&format!("-d ca{number} gen --ca-cn CA{number} --key-type ecdsa:p256"))
            .code(0);
        anchors += &sandbox.text(&format!("ca{number}/ca.pem"));
    }
    sandbox.write("others.pem", &anchors);
    sandbox.write("all.pem", anchors + &sandbox.text("ca.pem"));

    sandbox.certctl("check --ca all.pem server.pem client.pem").code(0);
    let run = sandbox.certctl("check --ca others.pem server.pem -o json");
    let few = sandbox.certctl("check --ca ca1/ca.pem server.pem -o json");
    let said = |run: &Run| message(run, "chain").split(" hint:").next().unwrap().to_owned();
    assert_eq!(said(run.code(4)), said(few.code(4)));
    sandbox.certctl("check --ca all.pem ca3/server.pem").code(0);
}

#[test]
fn what_is_asked_decides() {
    let sandbox = Sandbox::with_gen("db.example 10.0.0.5 --key-type ecdsa:p256 --days 90");
    let cases = [
        ("server", 0, ""),
        ("server --usage server", 0, ""),
        ("server --usage client", 4, "usage"),
        ("server --usage peer", 4, "usage"),
        ("client --usage server", 4, "usage"),
        ("server --host db.example", 0, ""),
        ("server --host DB.Example.", 0, ""),
        ("server --host 10.0.0.5", 0, ""),
        ("server --host a.db.example", 4, "host"),
        ("server --host 10.0.0.6", 4, "host"),
        ("server --host db.example --host other.example", 4, "host"),
        ("server --email ops@example.com", 4, "email"),
        ("server --at 2020-01-01T00:00:00Z", 4, "not-yet-valid"),
        ("server --at 2999-01-01T00:00:00.5+01:00", 4, "expired"),
        ("server --expires-within 80d", 0, ""),
        ("server --expires-within 91d", 3, "expires-soon"),
        ("server --expires-within 100%", 3, "expires-soon"),
        ("server --max-depth 0", 0, ""),
        ("server.pem", 0, ""),
        ("ca", 0, ""),
        // RFC 5280 allows it, rustls does not.
        ("ca --usage server", 0, ""),
    ];

    for (question, code, rule) in cases {
        let run = sandbox.certctl(&format!("check -o json {question}"));
        run.code(code);
        let broken = findings(&run, &["error", "due"]);
        let found = broken.iter().any(|finding| finding.ends_with(&format!(" {rule}")));
        assert_eq!(found, !rule.is_empty(), "{question}: {broken:?}");
    }
}

#[test]
fn the_ends_of_a_validity_are_inclusive() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90 --ca-days 900");
    let report = sandbox.certctl("check server -o json").json();
    let ends = |field: &str| report["certificates"][0][field].as_str().unwrap().to_owned();
    let second = |moment: &str, offset: &str| {
        let run = sandbox.sh(&format!("date -u -d '{moment} {offset}' +%Y-%m-%dT%H:%M:%SZ"));
        run.stdout().trim().to_owned()
    };
    let cases = [
        (ends("not_after"), 0),
        (second(&ends("not_after"), "1 second"), 4),
        (ends("not_before"), 0),
        (second(&ends("not_before"), "1 second ago"), 4),
    ];

    for (moment, code) in cases {
        sandbox.certctl(&format!("check server --at {moment}")).code(code);
    }
    sandbox.certctl("check server --at yesterday").code(2).stderr_has("RFC 3339");
}

#[test]
fn the_worst_of_many_is_the_exit_code() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90");
    sandbox.certctl("issue short short.example --days 2 --key-type ecdsa:p256").code(0);
    sandbox.write("note.txt", "hello");
    let cases = [
        ("server client", 0),
        ("server short --expires-within 30d", 3),
        ("server short note.txt --expires-within 30d", 1),
        ("server absent", 1),
        ("client.pem server --usage client note.txt", 4),
    ];

    for (targets, code) in cases {
        let run = sandbox.certctl(&format!("check {targets}"));
        run.code(code).stdout_has("server.pem: ");
    }
    sandbox.certctl("check absent").stderr_has("`absent`").stderr_has("hint: ");
}

#[test]
fn a_certificate_that_breaks_three_rules_has_three_findings() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90");

    let run = sandbox.certctl(
        "check -o json server --usage client --host other.example --at 2999-01-01T00:00:00Z",
    );

    run.code(4);
    let errors = findings(&run, &["error"]);
    for rule in ["server.pem usage", "server.pem host", "server.pem expired"] {
        assert!(errors.contains(&rule.to_owned()), "{rule}: {errors:?}");
    }
}

#[test]
fn a_key_of_another_certificate_is_told_by_both_fingerprints() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let key = sandbox.text("client.key");
    sandbox.write("server.key", &key);
    sandbox.set_mode("server.key", 0o600);

    let run = sandbox.certctl("check server -o json");

    run.code(4);
    assert_eq!(findings(&run, &["error"]), ["server.pem key"]);
    let said = message(&run, "key");
    assert!(said.contains("certctl renew server"), "{said}");
    let fingerprints = said.split(|c: char| !c.is_ascii_hexdigit()).filter(|word| word.len() >= 40);
    assert_eq!(fingerprints.count(), 2, "{said}");
    let secret: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    run.stdout_lacks(&secret[20..36]);

    sandbox.certctl("check server --key server.key").code(4);
    sandbox.certctl("check client --key server.key").code(0);
}

#[test]
fn a_lax_mode_of_a_key_is_a_warning_and_a_missing_key_a_note() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.set_mode("server.key", 0o604);
    sandbox.remove("client.key");

    let run = sandbox.certctl("check -o json");

    run.code(0);
    assert_eq!(grave(&run), ["server.pem key-mode"]);
    assert!(message(&run, "key-mode").contains("chmod 600 server.key"));
    assert!(findings(&run, &["note"]).contains(&"client.pem key-missing".to_owned()));
    sandbox.certctl("check --strict").code(4);
}

#[test]
fn trust_is_exactly_what_is_named() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("-d other gen --key-type ecdsa:p256").code(0);
    let cases = [
        ("check server.pem", 0),
        ("check server.pem --ca other/ca.pem", 4),
        ("check server.pem --ca other/ca.pem --ca ca.pem", 0),
        ("-d other check server.pem", 4),
        ("-d other check client", 0),
        ("check other/server.pem --ca other/ca.pem", 0),
        ("check server.pem --ca absent.pem", 1),
    ];

    for (line, code) in cases {
        sandbox.certctl(line).code(code);
    }
    sandbox.certctl("check server.pem --ca other/ca.pem -o json").stdout_has("\"chain\"");
    sandbox.certctl("renew --ca ca.pem --ca other/ca.pem").code(2).stderr_has("--ca");
    sandbox.remove("ca.pem");
    sandbox.certctl("check server.pem").code(1).stderr_has("--ca FILE");
}

#[test]
fn one_serial_below_one_issuer_is_told() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let serial = sandbox.text("ca.srl");
    sandbox.certctl("issue a a.example --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d copy gen --key-type ecdsa:p256").code(0);
    // The same CA with its serial file put back, in a directory that does not know `a`.
    for file in ["ca.pem", "ca.key"] {
        sandbox.write(&format!("copy/{file}"), sandbox.read(file));
    }
    for file in ["server.pem", "server.key", "client.pem", "client.key"] {
        sandbox.remove(&format!("copy/{file}"));
    }
    sandbox.write("copy/ca.srl", serial);
    sandbox.certctl("-d copy issue b b.example --key-type ecdsa:p256").code(0);

    let run = sandbox.certctl("check a.pem copy/b.pem -o json");

    run.code(4);
    assert_eq!(findings(&run, &["error"]), ["copy/b.pem serial-repeated"]);
    sandbox.certctl("check a.pem a.pem").code(0);
}

#[test]
fn a_file_in_another_order_is_told_and_judged_all_the_same() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("-d other gen --cn stranger --key-type ecdsa:p256").code(0);
    let [server, ca, stranger] =
        ["server.pem", "ca.pem", "other/ca.pem"].map(|file| sandbox.text(file));
    let broken = server.replacen("MII", "MIX", 1);
    let cases: [(&str, String, &[&str]); 4] = [
        ("with-root", format!("{server}{ca}"), &["bundle-unexpected"]),
        ("reversed", format!("{ca}{server}"), &["bundle-order", "bundle-unexpected"]),
        ("stranger", format!("{server}{stranger}"), &["bundle-unexpected"]),
        ("key-inside", format!("{}{server}", sandbox.text("server.key")), &[]),
    ];

    for (name, content, expected) in cases {
        let file = format!("{name}.pem");
        sandbox.write(&file, content);
        let run = sandbox.certctl(&format!("check {file} -o json --usage server"));
        run.code(0);
        let mut found = findings(&run, &["warning", "note"]);
        found.retain(|finding| finding.contains("bundle"));
        let expected: Vec<String> = expected.iter().map(|rule| format!("{file} {rule}")).collect();
        assert_eq!(found, expected, "{name}");
    }
    for content in [format!("{server}{broken}"), format!("{broken}{server}")] {
        sandbox.write("broken.pem", content);
        let run = sandbox.certctl("check broken.pem -o json --usage server");
        run.code(4);
        let expected = ["broken.pem: certificate that cannot be read malformed"];
        assert_eq!(findings(&run, &["error"]), expected);
        assert_eq!(run.json()["certificates"][0]["valid"], true);
    }
}

#[test]
fn broken_der_is_not_valid_and_does_not_hide_the_rest() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let server = sandbox.text("server.pem");
    sandbox.write("a-broken.pem", server.replacen("MII", "MIX", 1));

    let run = sandbox.certctl("check -o json a-broken.pem server.pem");

    run.code(4);
    assert_eq!(findings(&run, &["error"]), ["a-broken.pem malformed"]);
    let report = run.json();
    assert_eq!(report["certificates"][0]["valid"], false);
    assert_eq!(report["certificates"][1]["valid"], true);
}

#[test]
fn the_plan_says_what_an_identity_is_for() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "certctl.toml",
        "[[certificate]]\nname = \"redis\"\nsan = [\"redis.example\"]\nusage = \"server\"\n",
    );
    sandbox.certctl("gen --key-type ecdsa:p256").code(0);
    sandbox.certctl("check redis").code(0).stdout_has("valid as server (from the plan)");

    let plan = sandbox.text("certctl.toml").replace("server", "peer");
    sandbox.write("certctl.toml", plan);

    sandbox.certctl("check redis").code(4).stdout_has("as peer (from the plan)");
}

#[test]
fn redis_enterprise_admits_by_cn_or_by_the_full_subject() {
    let sandbox =
        Sandbox::with_gen("--key-type ecdsa:p256 --subject /C=US/O=x/OU=a/OU=b/CN=db.example");
    let cases = [
        ("CN=db.example", 0),
        ("# the client\n\nCN=db.example\n", 0),
        ("CN=DB.example", 4),
        ("CN=other", 4),
        ("CN=other\nCN=db.example", 0),
        ("CN=db.example,OU=b,OU=a,O=x,C=US", 0),
        ("CN=db.example,OU=a,O=x,C=US", 4),
        ("CN=db.example,O=x", 4),
        ("CN=db.example,OU=a,OU=b,O=x,C=US,L=y", 4),
        ("O=x", 1),
        ("CN=a,CN=b", 1),
        ("CN=a,DC=b", 1),
        ("hello", 1),
        ("", 1),
    ];

    for (lines, code) in cases {
        sandbox.write("admitted.txt", lines);
        let run = sandbox.certctl("check client --allow-subject admitted.txt -o json");
        run.code(code);
        if code == 4 {
            assert_eq!(findings(&run, &["error"]), ["client.pem not-admitted"], "{lines}");
        }
    }
    sandbox.certctl("check client --allow-subject absent").code(1).stderr_has("`absent`");
}

#[test]
fn standard_input_is_judged() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");

    let run = sandbox.sh("cat server.pem | \"$CERTCTL\" check - --usage server");

    run.code(0).stdout_has("-: valid as server (as asked)");
}

#[test]
fn an_unfinished_commit_is_named_and_its_files_are_checked() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let other = Sandbox::new();
    for file in sandbox.files() {
        other.write(&file, sandbox.read(&file));
    }
    other.certctl("renew server").code(0);
    let (key, certificate) = (other.read("server.key"), other.read("server.pem"));
    // Of a renewed pair the key is in its place, the certificate is not.
    sandbox.write("server.key", &key);
    write_record(&sandbox, &[("server.pem", &certificate, 0o644)]);
    let before = sandbox.digest();

    sandbox.certctl("check").code(0).stderr_has("killed during its commit");
    sandbox.certctl("check server").code(0).stderr_has("killed during its commit");
    let run = sandbox.certctl("-o json inspect server");
    run.code(0).stderr_has("killed during its commit");
    let serial = Cert::all(&certificate)[0].serial().to_lowercase();
    run.stdout_has(&serial);
    sandbox.certctl("export server --to out").code(0).stderr_has("killed during its commit");
    assert_eq!(sandbox.read("out/server.pem"), certificate);
    sandbox.sh("rm -r out").code(0);

    assert_eq!(sandbox.digest(), before);
}
