//! Every hint of a finding of `check` works as typed, and ends the finding.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    craft::{NAMES, extension},
    due::{dated, expired},
    forge::{Forge, Tbs, pem, tlv},
    hint_table::{Place, SETUP, at, commands_of, sh, with_flag},
    sandbox::{Run, Sandbox, fixtures},
};

/// A directory, a line of `check` in it, and what stands for the placeholders of the hints. `@` is the
/// directory of the PKI, with a slash.
struct Row {
    /// The rule whose finding must have a hint.
    rule: &'static str,
    /// A shell script, run in the directory of the PKI.
    setup: &'static str,
    /// Changes certificates then.
    forge: fn(&Sandbox),
    line: &'static str,
    fill: &'static [(&'static str, &'static str)],
    /// The change of the plan that a hint asks for: a script; `$PLAN` is the file.
    edit: &'static str,
}

const ROW: Row =
    Row { rule: "", setup: "gen", forge: |_| {}, line: "check server", fill: FILL, edit: "" };

const FILL: &[(&str, &str)] = &[
    ("HOST", "a.example"),
    ("NAME", "Other"),
    ("COMMAND", "true"),
    ("--ca FILE", "--ca @other/ca.pem"),
];

/// The directory is not that of the call, and its name needs quotes in a shell.
const FLAG: Place =
    Place { dir: "it's my pki", is_within: false, flag: "-d \"it's my pki\"", variable: "" };
const PLACES: [Place; 4] = [
    Place { dir: "pki", is_within: true, flag: "", variable: "" },
    FLAG,
    Place { flag: "", variable: "it's my pki", ..FLAG },
    Place { flag: "-d \"it's my pki\" --config \"a plan.toml\"", ..FLAG },
];

const ED25519: &str = "certctl gen --key-type ed25519";
const PLAN: &str = "[[certificate]]\nname = 'web'\nsan = 'web.example'\n";
const PLANNED: &str = "gen; web; printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\nusage = 'server'\\ndays = 20\\n\" > certctl.toml";

const ROWS: &[Row] = &[
    Row { rule: "expired", setup: ED25519, forge: |it| forge_expired(it, &["server"]), ..ROW },
    Row {
        rule: "expired",
        setup: ED25519,
        forge: |it| forge_expired(it, &["ca"]),
        line: "check ca",
        ..ROW
    },
    Row { rule: "expired", setup: ED25519, forge: |it| forge_expired(it, &["ca"]), ..ROW },
    Row {
        rule: "expired",
        setup: ED25519,
        forge: |it| forge_expired(it, &["ca", "server"]),
        ..ROW
    },
    Row { rule: "expired", line: "check server --at 2040-01-01T00:00:00Z", ..ROW },
    Row { rule: "expired", line: "check ca --at 2140-01-01T00:00:00Z", ..ROW },
    Row { rule: "expires-soon", setup: "gen; web", line: "check web --expires-within 30d", ..ROW },
    Row {
        rule: "expires-soon",
        setup: "gen; web; rm web.key",
        line: "check web --expires-within 19d --at 2026-12-01T00:00:00Z",
        ..ROW
    },
    Row {
        rule: "expires-soon",
        setup: "gen --ca-days 20 --days 10",
        line: "check --expires-within 30d",
        ..ROW
    },
    Row {
        rule: "expires-soon",
        setup: PLANNED,
        line: "check web --expires-within 30d",
        edit: "sed -i 's/days = 20/days = 60/' \"$PLAN\"",
        ..ROW
    },
    Row {
        rule: "usage",
        setup: "gen; certctl renew client --usage server",
        line: "check client",
        ..ROW
    },
    Row {
        rule: "usage",
        setup: PLANNED,
        line: "check web --usage client",
        edit: "sed -i 's/server/client/' \"$PLAN\"",
        ..ROW
    },
    Row {
        rule: "usage",
        setup: "gen; certctl issue app app.example --days 9; printf \"[[certificate]]\\nname = 'app'\\nsan = 'app.example'\\nusage = 'client'\\n\" > certctl.toml",
        line: "check app",
        ..ROW
    },
    Row {
        rule: "poses-as-server",
        setup: "gen; certctl renew client --usage peer --san localhost",
        line: "check",
        ..ROW
    },
    Row {
        rule: "key-type",
        setup: "gen; certctl issue web web.example --key-type ed25519",
        line: "check web",
        ..ROW
    },
    Row { rule: "weak-key", setup: ED25519, forge: forge_weak_key, ..ROW },
    Row { rule: "no-names", setup: ED25519, forge: |it| forge_names(it, None), ..ROW },
    Row { rule: "host", line: "check server --host b.example", ..ROW },
    Row {
        rule: "host",
        setup: PLANNED,
        line: "check web --host b.example",
        edit: "sed -i \"s/'web.example'/['web.example', 'b.example']/\" \"$PLAN\"",
        ..ROW
    },
    Row { rule: "email", line: "check server --email \"o'brienATb.example\"", ..ROW },
    Row {
        rule: "unmatchable-name",
        setup: ED25519,
        forge: |it| forge_names(it, Some(&[b"127.0.0.1", b"10.0.0.1", b"localhost"])),
        ..ROW
    },
    Row { rule: "one-subject", setup: "", forge: gen_sh, ..ROW },
    Row {
        rule: "looks-self-signed",
        setup: ED25519,
        forge: |it| forge(it, |tbs| without_key_id(&tbs).with(5, tbs.0[3].clone())),
        ..ROW
    },
    Row {
        rule: "authority-key-id",
        setup: ED25519,
        forge: |it| forge(it, |tbs| without_key_id(&tbs)),
        ..ROW
    },
    Row {
        rule: "serial",
        setup: ED25519,
        forge: |it| forge(it, |tbs| tbs.with(1, vec![2, 1, 0])),
        ..ROW
    },
    Row {
        rule: "serial-repeated",
        setup: ED25519,
        forge: |it| {
            let serial = Tbs::read(it, "client.pem").0[1].clone();
            forge(it, |tbs| tbs.with(1, serial.clone()));
        },
        line: "check",
        ..ROW
    },
    Row { rule: "name-encoding", setup: ED25519, forge: forge_issuer, ..ROW },
    Row {
        rule: "outlives-ca",
        setup: ED25519,
        forge: |it| it.write("ca.pem", dated(it, "ca.pem", ["200101000000Z", "301201000000Z"])),
        ..ROW
    },
    Row { rule: "lifetime", ..ROW },
    Row {
        rule: "lifetime",
        setup: ED25519,
        forge: |it| it.write("ca.pem", dated(it, "ca.pem", ["200101000000Z", "270301000000Z"])),
        ..ROW
    },
    Row {
        rule: "plan-drift",
        setup: "gen; web; printf \"[[certificate]]\\nname = 'web'\\nsan = 'b.example'\\n\" > certctl.toml",
        line: "check web",
        ..ROW
    },
    Row {
        rule: "plan-drift",
        setup: "gen --ca-days 30 --days 9; certctl issue web web.example --days 20; printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\ndays = 90\\n\" > certctl.toml",
        line: "check web",
        ..ROW
    },
    Row {
        rule: "plan-missing",
        setup: "gen; printf \"[[certificate]]\\nname = 'web'\\nsan = 'b.example'\\n\" > certctl.toml",
        line: "check",
        ..ROW
    },
    Row {
        rule: "hook-pending",
        setup: "gen; certctl renew server --exec false || true",
        line: "check",
        ..ROW
    },
    Row { rule: "key", setup: "gen; cp client.key server.key", ..ROW },
    Row {
        rule: "key",
        setup: "gen; mv client.key x; mv server.key client.key; mv x server.key",
        ..ROW
    },
    Row { rule: "key-missing", setup: "gen; echo x > server.key", ..ROW },
    Row { rule: "host", setup: "gen; rm server.key", line: "check server --host b.example", ..ROW },
    Row {
        rule: "key",
        setup: "gen; gen -d other; cp other/ca.key ca.key",
        line: "check ca",
        ..ROW
    },
    Row { rule: "key-mode", setup: "gen; chmod 644 server.key", ..ROW },
    Row {
        rule: "chain",
        setup: "gen; gen -d other --ca-cn Other; cp other/server.pem web.pem; cp other/server.key web.key",
        line: "check web",
        ..ROW
    },
    Row {
        rule: "signature",
        setup: "certctl gen --key-type ed25519; certctl gen -d other --key-type ed25519",
        forge: |it| {
            let other = Sandbox::new();
            other.write("ca.key", it.read("other/ca.key"));
            let tbs = without_key_id(&Tbs::read(it, "other/server.pem"));
            it.write("server.pem", pem("CERTIFICATE", &Forge::of(&other).sign(&tbs)));
            it.write("server.key", it.read("other/server.key"));
        },
        ..ROW
    },
    Row { rule: "ca-key-usage", setup: "", forge: gen_sh, line: "check ca", ..ROW },
    Row { rule: "issuer-not-ca", setup: "", forge: |it| foreign_ca(it, "ca/not-a-ca.pem"), ..ROW },
    Row { rule: "key-usage", setup: "", forge: |it| foreign_ca(it, "ca/may-not-sign.pem"), ..ROW },
    Row { rule: "pem-form", setup: "gen; sed -i 's/^/  /' server.pem", ..ROW },
    Row {
        rule: "pem-form",
        setup: "gen; (printf %s \"$(cat server.pem)\"; cat ca.pem) > both; mv both server.pem",
        ..ROW
    },
];

/// Rules in `hints.rs` without a row: why.
const WITHOUT_ROW: [(&str, &str); 2] = [
    ("algorithm", "certctl signs nothing with SHA-1; the hint is that of `chain`"),
    ("profile", "certctl creates no such CA; the hint is that of `issuer-not-ca`"),
];

fn forge_expired(sandbox: &Sandbox, names: &[&str]) {
    for name in names {
        let file = format!("{name}.pem");
        sandbox.write(&file, expired(sandbox, &file));
    }
}

/// Signs the changed certificate of the server.
fn forge(sandbox: &Sandbox, change: impl Fn(Tbs) -> Tbs) {
    let tbs = change(Tbs::read(sandbox, "server.pem"));
    sandbox.write("server.pem", pem("CERTIFICATE", &Forge::of(sandbox).sign(&tbs)));
}

/// Without the extensions 2.5.29.N.
fn without(tbs: &Tbs, arcs: &[u8]) -> Tbs {
    let mut extensions = tbs.extensions();
    extensions.retain(|one| !arcs.iter().any(|arc| one[2..7] == [6, 3, 0x55, 0x1D, *arc]));
    tbs.clone().with_extensions(&extensions)
}

fn without_key_id(tbs: &Tbs) -> Tbs {
    without(tbs, &[35])
}

fn forge_names(sandbox: &Sandbox, names: Option<&[&[u8]]>) {
    forge(sandbox, |tbs| {
        let tbs = without(&tbs, &[NAMES]);
        let Some(names) = names else { return tbs };
        let names: Vec<u8> = names.iter().flat_map(|name| tlv(0x82, name)).collect();
        let extensions = [tbs.extensions(), vec![extension(NAMES, false, &tlv(0x30, &names))]];
        tbs.with_extensions(&extensions.concat())
    });
}

/// A key of RSA with 1024 bits.
fn forge_weak_key(sandbox: &Sandbox) {
    let modulus = tlv(2, &[&[0][..], &[0xC1; 128]].concat());
    let key = tlv(0x30, &[modulus, tlv(2, &[1, 0, 1])].concat());
    let rsa = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0];
    let key = tlv(3, &[&[0][..], &key].concat());
    let key = tlv(0x30, &[tlv(0x30, &rsa), key].concat());
    forge(sandbox, |tbs| tbs.with(6, key.clone()));
}

/// The issuer as a PrintableString.
fn forge_issuer(sandbox: &Sandbox) {
    forge(sandbox, |tbs| {
        let mut issuer = tbs.0[3].clone();
        let oid = issuer.windows(4).position(|octets| octets == [0x55, 4, 3, 0x0C]).unwrap();
        issuer[oid + 3] = 0x13;
        tbs.with(3, issuer)
    });
}

/// The set of gen.sh.
fn gen_sh(sandbox: &Sandbox) {
    for entry in fs::read_dir(fixtures().join("gen-sh")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        sandbox.put(&format!("gen-sh/{file}"), &file);
    }
}

/// A server of a CA whose certificate is another one then.
fn foreign_ca(sandbox: &Sandbox, fixture: &str) {
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/good.pem", "ca.pem");
    sandbox.certctl("issue server localhost --key-type ecdsa:p256").code(0);
    sandbox.put(fixture, "ca.pem");
}

#[test]
fn of_findings() {
    let mut tried = BTreeSet::new();
    let mut failures = Vec::new();
    for (number, row) in ROWS.iter().enumerate() {
        let template = Sandbox::new();
        let here = Place { dir: "", ..PLACES[0] };
        sh(&template, &format!("{SETUP}{}", row.setup), here, "").code(0);
        (row.forge)(&template);
        for place in [PLACES[0], PLACES[1 + number % 3]] {
            match try_row(row, &template, place) {
                Ok(rules) => tried.extend(rules),
                Err(failure) => failures.push(failure),
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));

    // Each rule that has a hint was tried.
    let source = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    let rules = source("crates/pki/src/verify/rule.rs").unwrap();
    let hints = source("src/cmd/check/hints.rs").unwrap();
    let is_word = |c: char| c.is_alphanumeric();
    for variant in hints.split("Rule::").skip(1) {
        let variant = variant.split(|c| !is_word(c)).next().unwrap();
        let id = rules.split(&format!("    {variant} \"")).nth(1);
        let id = id.unwrap_or_else(|| panic!("{variant}")).split('"').next().unwrap();
        let is_left = WITHOUT_ROW.iter().any(|(rule, _)| *rule == id);
        assert!(tried.contains(id) != is_left, "a row for the hint of {id}");
    }
    for id in ["plan-missing", "hook-pending", "pem-form"] {
        assert!(tried.contains(id), "a row for the hint of {id}");
    }
}

/// The rules whose hints were tried, or what fails.
fn try_row(row: &Row, template: &Sandbox, place: Place) -> Result<Vec<String>, String> {
    let sandbox = situation(template, place);
    let run = check(&sandbox, row.line, place, " -o json");
    let found = hints(&run);
    let shown = |what: &str| Err(format!("{}: {} {}: {what}", row.rule, row.line, place.flag));
    if !found.iter().any(|(rule, ..)| rule == row.rule) {
        return shown(&format!("no hint\n{}{}", run.stdout(), run.stderr()));
    }
    let text = check(&sandbox, row.line, place, "").stdout();
    for (rule, file, hint) in &found {
        if !text.contains(&format!("hint: {hint}")) {
            return shown(&format!("not in the text: {hint}\n{text}"));
        }
        // The findings that all rows have.
        if rule != row.rule && !place.is_within {
            continue;
        }
        let before = count(&run, rule, file);
        for way in ways(hint, row.edit) {
            let sandbox = situation(template, place);
            let mut line = row.line.to_owned();
            for command in way {
                let fill = |command: String, (name, value): &(&str, &str)| {
                    command.replace(name, &at(value, place))
                };
                let command = row.fill.iter().fold(command, fill);
                if command.starts_with("--") {
                    line = with_flag(&line, &command);
                    continue;
                }
                let plan = plan_of(place);
                let run = sh(&sandbox, &format!("PLAN={plan}; {command}"), place, "");
                if run.status() != 0 {
                    let (out, err) = (run.stdout(), run.stderr());
                    return shown(&format!("{hint}\n{command}: {}\n{out}{err}", run.status()));
                }
            }
            let again = check(&sandbox, &line, place, " -o json");
            if count(&again, rule, file) >= before {
                return shown(&format!("{hint}\nthe finding stays\n{}", again.stdout()));
            }
        }
    }
    Ok(found.into_iter().map(|(rule, ..)| rule).collect())
}

/// The commands of each way of a hint; a change of the plan is that of the row.
fn ways(hint: &str, edit: &str) -> Vec<Vec<String>> {
    if hint.contains("change `") {
        let renew = hint.split('`').skip(1).step_by(2).last().unwrap();
        return vec![vec![edit.to_owned(), renew.to_owned()]];
    }
    commands_of(hint).into_iter().map(|(_, commands)| commands).collect()
}

/// Rule, certificate and hint of each finding that has a hint.
fn hints(run: &Run) -> Vec<(String, String, String)> {
    let report = run.json();
    let mut hints = Vec::new();
    for certificate in report["certificates"].as_array().unwrap() {
        for finding in certificate["findings"].as_array().unwrap() {
            let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
            let Some(hint) = text(&finding["hint"]) else { continue };
            let (rule, file) = (text(&finding["rule"]), text(&certificate["name"]));
            hints.push((rule.unwrap(), file.unwrap(), hint));
        }
    }
    hints
}

/// How many findings of a rule a certificate has.
fn count(run: &Run, rule: &str, file: &str) -> usize {
    let report = run.json();
    let all = report["certificates"].as_array().unwrap().iter();
    let findings = all.filter(|one| one["name"] == file).flat_map(|one| {
        one["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule)
    });
    findings.count()
}

/// A copy of the template in its place.
fn situation(template: &Sandbox, place: Place) -> Sandbox {
    let sandbox = Sandbox::new();
    let from = template.dir().display();
    sandbox.sh(&format!("cp -a '{from}' \"{}\"", place.dir)).code(0);
    if place.flag.contains("--config") {
        let own = format!("{}/certctl.toml", place.dir);
        let plan = fs::read(sandbox.path(&own)).unwrap_or_default();
        sandbox.write("a plan.toml", plan);
        let _ = fs::remove_file(sandbox.path(&own));
    }
    sandbox
}

/// The file of the plan, quoted.
fn plan_of(place: Place) -> String {
    match (place.is_within, place.flag.contains("--config")) {
        (true, _) => "certctl.toml".to_owned(),
        (false, true) => "'a plan.toml'".to_owned(),
        (false, false) => format!("\"{}/certctl.toml\"", place.dir),
    }
}

fn check(sandbox: &Sandbox, line: &str, place: Place, form: &str) -> Run {
    let line = at(line, place).replace("AT", "@");
    let line = format!("certctl {} {line}{form}", place.flag);
    sh(sandbox, &line, place, place.variable)
}

#[test]
fn a_certificate_of_another_ca_is_not_renewed() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("-d other gen --key-type ecdsa:p256 --ca-cn Other --days 20").code(0);
    sandbox.write("web.pem", sandbox.read("other/server.pem"));
    sandbox.write("web.key", sandbox.read("other/server.key"));
    sandbox.write("root.pem", sandbox.read("other/ca.pem"));
    let lines = [
        "check web --expires-within 30d",
        "check web --expires-within 30d --ca root.pem",
        "check web --expires-within 30d --ca root.pem --ca ca.pem",
        "check web --host b.example --ca other/ca.pem --ca ca.pem",
    ];
    for line in lines {
        let run = sandbox.certctl(line);
        assert_ne!(run.status(), 0, "{line}");
        run.stdout_lacks("renew");
    }
    // The same CA with its key is one that can sign.
    sandbox
        .certctl("check web --expires-within 30d --ca other/ca.pem")
        .stdout_has("hint: certctl --ca other/ca.pem renew web --days ");
    // Its own certificates are renewed under any number of trust anchors.
    sandbox
        .certctl("check server --host b.example --ca root.pem --ca ca.pem")
        .stdout_has("hint: certctl renew server --san 'b.example'");
}

/// What each command says if a file of the CA is lost or is another one.
#[test]
fn what_is_lost_of_the_ca_has_its_own_diagnosis() {
    let issued = "what the CA issued is valid until it expires";
    let new = "`certctl gen --replace-ca` (the old files go to archive/; services need new \
               certificates, and clients the new CA)";
    let lines = ["renew server", "renew ca", "renew", "issue web web.example", "status", "check"];
    let template = Sandbox::with_gen("--key-type ecdsa:p256");
    template.certctl("-d other gen --key-type ecdsa:p256").code(0);
    let cases = [
        (
            "rm ca.pem",
            "the CA certificate is lost: `ca.pem` does not exist, and its private key `ca.key` \
             does",
            "put `ca.pem` back from a backup, or from a client that trusts it",
        ),
        (
            "rm ca.key",
            "the private key of the CA is not here: `ca.key` does not exist",
            "put `ca.key` back from a backup",
        ),
        ("cp other/ca.key ca.key", "", "put `ca.key` back from a backup"),
    ];
    for (lose, error, restore) in cases {
        for line in lines {
            let place = PLACES[0];
            let sandbox = situation(&template, place);
            sh(&sandbox, lose, place, "").code(0);
            let run = sh(&sandbox, &format!("certctl {line}"), place, "");
            let shown = run.stdout() + &run.stderr();
            for part in [error, restore, issued, new] {
                assert!(shown.contains(part), "{lose}: {line}: {part}\n{shown}");
            }
            // A key that is not here can be on another machine.
            let is_note = lose == "rm ca.key" && (line == "status" || line == "check");
            assert_eq!(run.status() == 0, is_note, "{lose}: {line}\n{shown}");
            assert!(is_note || !shown.contains("certctl renew"), "{lose}: {line}\n{shown}");
        }
    }
}

#[test]
fn a_ca_that_is_used_as_a_server_leaves_its_intermediate_alone() {
    let sandbox = Sandbox::with_gen("--key-type ed25519 --client-cn Intermediate");
    let forge = Forge::of(&sandbox);
    // CA:TRUE, and no keyUsage.
    let is_ca = extension(19, true, &tlv(0x30, &[1, 1, 0xFF]));
    let ca = |tbs: &Tbs| {
        let extensions = [without(tbs, &[19, 15]).extensions(), vec![is_ca.clone()]].concat();
        tbs.clone().with_extensions(&extensions)
    };
    // Its own allows no intermediate.
    let root = ca(&Tbs::read(&sandbox, "ca.pem"));
    sandbox.write("ca.pem", pem("CERTIFICATE", &forge.sign(&root)));
    // With an extendedKeyUsage, as those of public CAs.
    sandbox.certctl("renew client --usage peer").code(0);
    let peer = Tbs::read(&sandbox, "client.pem");
    let intermediate = ca(&peer);
    let subject = intermediate.0[5].clone();
    let chain = pem("CERTIFICATE", &forge.sign(&intermediate));
    let below = Sandbox::new();
    below.write("ca.key", sandbox.read("client.key"));
    let leaf = without_key_id(&ca(&Tbs::read(&sandbox, "server.pem"))).with(3, subject);
    let leaf = pem("CERTIFICATE", &Forge::of(&below).sign(&leaf));
    sandbox.write("server.pem", format!("{leaf}{chain}"));
    sandbox.write("tls.pem", format!("{leaf}{chain}"));
    sandbox.write("tls.key", sandbox.read("server.key"));

    for line in ["check server", "check tls.pem", "check tls.pem --usage server --host localhost"] {
        let run = sandbox.certctl(&format!("{line} -o json"));
        run.code(0);
        let report = run.json();
        assert_eq!(report["certificates"].as_array().unwrap().len(), 1, "{line}\n{report}");
    }
    // The other order is that of a file of CAs.
    sandbox.write("cas.pem", format!("{}{chain}", sandbox.text("ca.pem")));
    let report = sandbox.certctl("check cas.pem -o json").json();
    assert_eq!(report["certificates"].as_array().unwrap().len(), 2);
}

#[test]
fn the_name_of_a_file_is_that_of_its_identity() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for name in ["server.pem", "./server.pem", "server.key", "./server.key", "./server"] {
        sandbox.certctl(&format!("renew {name}")).code(0).stdout_has("Renewed 1 certificate");
    }
    for name in ["ca.pem", "./ca.pem", "ca.key"] {
        sandbox.certctl(&format!("renew {name}")).code(0).stdout_has("the CA certificate");
    }
}

#[test]
fn hints_name_the_client_of_the_plan() {
    let sandbox = Sandbox::new();
    let plan =
        PLAN.to_owned() + "[[certificate]]\nname = 'app'\nsan = 'app.example'\nusage = 'client'\n";
    sandbox.write("certctl.toml", plan.replace("'web'", "'server'"));
    sandbox.certctl("gen --key-type ecdsa:p256").code(0);
    for service in ["milvus compose", "qdrant config", "redis conf", "redis-cli", "curl"] {
        let line = format!("render {service} --mutual");
        let run = sandbox.certctl(&line);
        assert_ne!(run.status(), 0, "{service}");
        run.stderr_has("`--client app`").stderr_lacks("--client client");
        sandbox.certctl(&format!("{line} --client app")).code(0);
    }
}

#[test]
fn renew_ca_does_not_hint_at_itself() {
    for lost in ["", "ca.key"] {
        let sandbox = Sandbox::with_fixtures("gen-sh");
        if !lost.is_empty() {
            sandbox.remove(lost);
        }
        let run = sandbox.certctl("renew ca --dry-run");
        run.code(0).stdout_has("Would renew the CA certificate").stderr_lacks("renew ca");
    }
}
