//! `explain`: every rule and every claim, and commands that parse.

use pki::verify::{clients::Defect, rule::Rule};
use serde_json::Value;

use crate::sandbox::Sandbox;

fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn the_list_has_every_rule_in_order() {
    let sandbox = Sandbox::new();

    let list = sandbox.certctl("explain").code(0).stderr_is("").stdout();

    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[0].starts_with("RULE ") && lines[0].ends_with("SEVERITY  MEANING"), "{list}");
    let end = "`certctl explain RULE` shows how to fix it, and which clients refuse it.";
    assert_eq!(lines[lines.len() - 2..], ["", end]);
    let listed: Vec<&str> =
        lines[1..lines.len() - 2].iter().map(|line| line.split(' ').next().unwrap()).collect();
    let ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(listed, ids);
}

#[test]
fn a_rule_has_its_meaning_its_fix_its_source_and_its_clients() {
    let sandbox = Sandbox::new();

    // A requested text, so `-q` does not silence it.
    sandbox.certctl("explain key-type/p521 -q").code(0).stderr_is("").stdout_is(
        "key-type (note)
A well-known client refuses keys of this type.

Fix:     If such clients connect: `certctl renew NAME --key-type ecdsa:p256`.
Source:  RFC 8446 section 4.2.3

key-type/p521: The leaf has a key on P-521.
  refused by   gRPC (BoringSSL) (by documentation)
  accepted by  OpenSSL, GnuTLS, NSS, Go, Java, Python, pyca, Node, curl, rustls with aws-lc-rs

Tried:   OpenSSL 3.0.19, and 3.5.9 in Node 24; GnuTLS 3.7.9; NSS 3.87; Go 1.19.8 and 1.27.3; Java
         17.0.15; Python 3.11.2, and with the flags of 3.13; pyca 50.0.2; Node 20.20.2 and 24.22.3;
         curl 7.88.1; rustls 0.23 with ring and with aws-lc-rs.
",
    );
    // Without clients there is nothing more to say.
    sandbox.certctl("explain key-mode").code(0).stdout_is(
        "key-mode (warning)
Other users can read the private key.

Fix:     Take the right away: `chmod 600 FILE`.
Source:  chmod(1)
",
    );
    for rule in Rule::ALL {
        let text = sandbox.certctl(&format!("explain {rule}")).code(0).stdout();
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let begin = format!("{rule} ({}) {} ", rule.severity(), rule.meaning());
        assert!(joined.starts_with(&begin), "{joined}");
        for part in [rule.meaning(), rule.fix(), rule.source()] {
            assert!(!part.is_empty() && joined.contains(part), "{rule}: {part}");
        }
        assert!(rule.meaning().ends_with('.') && rule.fix().ends_with('.'), "{rule}");
        for defect in Defect::ALL.iter().filter(|defect| defect.rule() == *rule) {
            let is_shown = defect.claims().next().is_some() || defect.id() != rule.id();
            let line = format!("{}: {}", defect.id(), defect.meaning());
            assert_eq!(joined.contains(&line), is_shown, "{line}");
        }
    }
}

#[test]
fn an_unknown_rule_is_a_usage_error_with_the_nearest_one() {
    let sandbox = Sandbox::new();
    let list = "`certctl explain` lists the rules\n";
    let nearest = [
        ("usge", "usage"),
        ("USAGE", "usage"),
        ("key_mode", "key-mode"),
        ("usage/sever", "usage/server"),
        ("bundle-ordr", "bundle-order"),
    ];

    for (typed, known) in nearest {
        sandbox.certctl(&format!("explain {typed}")).code(2).stdout_is("").stderr_is(&format!(
            "error: rule `{typed}` does not exist\nhint: try `certctl explain {known}`; {list}"
        ));
        sandbox.certctl(&format!("explain {known}")).code(0);
    }
    for typed in ["nothing", "x", "xe", "certificate"] {
        sandbox
            .certctl(&format!("explain {typed}"))
            .code(2)
            .stderr_is(&format!("error: rule `{typed}` does not exist\nhint: {list}"));
    }
    let odd = sandbox.certctl_args(&["explain", "a\u{1b}[2J\n"]);
    odd.code(2).stderr_has(r"rule `a\u{1b}[2J\n` does not exist");
    let json = sandbox.certctl("explain usge -o json").code(2).json();
    assert_eq!(json["error"]["message"], "rule `usge` does not exist");
}

#[test]
fn json_has_every_claim() {
    let sandbox = Sandbox::new();

    let whole = sandbox.certctl("explain -o json").code(0).json();

    assert_eq!(whole["schema"], "certctl.explain/2");
    let rules = items(&whole["rules"]);
    assert_eq!(rules.len(), Rule::ALL.len());
    let mut defects = 0;
    for (rule, expected) in rules.iter().zip(Rule::ALL) {
        assert_eq!(rule["rule"], expected.id());
        for field in ["severity", "aspect", "meaning", "fix", "source"] {
            assert!(!rule[field].as_str().unwrap().is_empty(), "{expected}: {field}");
        }
        for found in items(&rule["defects"]) {
            let id = found["defect"].as_str().unwrap();
            let defect = Defect::ALL.iter().find(|defect| defect.id() == id).unwrap();
            assert_eq!(found["meaning"], defect.meaning());
            assert_eq!(items(&found["claims"]).len(), defect.claims().count(), "{id}");
            for (claim, expected) in items(&found["claims"]).iter().zip(defect.claims()) {
                assert_eq!(claim["id"], expected.id(*defect));
                assert_eq!(claim["client"], expected.client.as_str());
                assert_eq!(claim["versions"], expected.versions());
                assert_eq!(claim["refuses"], expected.refuses());
                assert!(claim["message"].is_null() || expected.refuses(), "{claim}");
                assert!(matches!(claim["evidence"].as_str(), Some("test" | "documentation")));
                let known = |client: &Value| client["client"] == claim["client"];
                assert!(items(&whole["clients"]).iter().any(known), "{claim}");
            }
            defects += 1;
        }
    }
    assert_eq!(defects, Defect::ALL.len());

    let one = sandbox.certctl("explain usage/server -o json").code(0).json();
    assert_eq!(items(&one["rules"]).len(), 1);
    assert_eq!(one["rules"][0]["rule"], "usage");
    assert_eq!(items(&one["rules"][0]["defects"]).len(), 1);
    assert_eq!(one["rules"][0]["defects"][0]["defect"], "usage/server");
}

#[test]
fn every_command_of_a_fix_parses() {
    let sandbox = Sandbox::new();
    let mut count = 0;
    for rule in Rule::ALL {
        for quoted in rule.fix().split('`').skip(1).step_by(2) {
            // A flag alone is one of `check`.
            let line = match quoted.strip_prefix("certctl ") {
                Some(line) => line.to_owned(),
                None if quoted.starts_with("--") && quoted.contains(' ') => {
                    format!("check {quoted}")
                }
                None => continue,
            };
            let values = [
                ("NAME", "db"),
                ("HOST", "db.example"),
                ("FILE", "a.pem"),
                ("ADDRESS", "a@b.example"),
            ];
            let line = values.iter().fold(line, |line, (name, value)| line.replace(name, value));
            assert!(!line.chars().any(char::is_uppercase), "{rule}: {line}");
            sandbox.certctl(&format!("{line} --help")).code(0);
            // `--help` does not hide what is wrong before it.
            sandbox.certctl(&format!("{line} --no-such-flag --help")).code(2);
            count += 1;
        }
    }
    assert!(count > Rule::ALL.len() / 2, "{count}");
}
