//! `docs/rules.md`: made from `certctl explain -o json`, committed, and kept true here.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use pki::verify::rule::Rule;
use serde_json::Value;

use crate::sandbox::Sandbox;

const HEAD: &str = "\
# The rules of `certctl check`

`certctl explain RULE` prints the same as text, and `certctl explain -o json` as JSON. This page is made
from the latter: `CERTCTL_BLESS=1 cargo test --test cli rules_page` writes it.

The exit code of `certctl check` is 4 with an error, 3 with `due`, and 0 with warnings and notes alone.
With `--strict` a warning makes it 4, too. A finding can be more or less severe than its rule: that
depends on which clients refuse its defect.

";

/// `CERTCTL_BLESS=1 cargo test --test cli rules_page` writes it.
#[test]
fn the_committed_page_is_that_of_explain() {
    let page = page(&Sandbox::new().certctl("explain -o json").code(0).json());
    let path = path();
    if std::env::var_os("CERTCTL_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/rules.md is old: `CERTCTL_BLESS=1 cargo test --test cli rules_page`"
    );
}

#[test]
fn the_page_has_a_line_and_a_section_for_every_rule_and_no_other() {
    let page = fs::read_to_string(path()).unwrap();
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| [`")).collect();
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();

    for rule in Rule::ALL {
        let (id, severity) = (rule.id(), rule.severity().as_str());
        let begin = format!("| [`{id}`](#{id}) | {severity} | ");
        assert!(listed.iter().any(|line| line.starts_with(&begin)), "{begin}");
        assert!(sections.contains(&id), "{id}");
    }
    assert_eq!(listed.len(), Rule::ALL.len());
    assert_eq!(sections.len(), Rule::ALL.len());
    let readme = include_str!("../../README.md");
    let section = readme.split("### The rules").nth(1).unwrap().split("### ").next().unwrap();
    assert!(section.contains("](docs/rules.md)"), "{section}");
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md")
}

fn page(explained: &Value) -> String {
    let clients = items(&explained["clients"]);
    let mut page = HEAD.to_owned();
    page.push_str("| rule | severity | what breaks it |\n| --- | --- | --- |\n");
    for rule in items(&explained["rules"]) {
        let (id, severity) = (text(&rule["rule"]), text(&rule["severity"]));
        writeln!(page, "| [`{id}`](#{id}) | {severity} | {} |", cell(&rule["meaning"])).unwrap();
    }
    page.push_str(
        "\n## How to fix it, and which clients refuse it\n\nA test puts such a certificate to \
         each client; “by documentation” is a claim from the client's\ndocumentation or from public \
         reports. A client that is left out was not tried, or depends on more than\nthe certificate.\n",
    );
    for rule in items(&explained["rules"]) {
        let field = |name: &str| text(&rule[name]);
        write!(
            page,
            "\n### {}\n\n{}\n\n- Fix: {}\n- Source: {}\n",
            field("rule"),
            field("meaning"),
            field("fix"),
            field("source")
        )
        .unwrap();
        let is_known = |defect: &&Value| !items(&defect["claims"]).is_empty();
        let known: Vec<&Value> = items(&rule["defects"]).iter().filter(is_known).collect();
        if known.is_empty() {
            continue;
        }
        page.push_str("\n| defect | refused by | accepted by |\n| --- | --- | --- |\n");
        for defect in known {
            let claims = |refuses| claims(defect, clients, refuses);
            let (id, meaning) = (text(&defect["defect"]), cell(&defect["meaning"]));
            writeln!(page, "| `{id}`: {meaning} | {} | {} |", claims(true), claims(false)).unwrap();
        }
    }
    page.push_str(
        "\n## The clients\n\n`certctl check --client CLIENT` reports only what this client refuses.\n\n\
         | client | name | versions tried |\n| --- | --- | --- |\n",
    );
    for client in clients {
        let (id, name) = (text(&client["client"]), cell(&client["name"]));
        writeln!(page, "| `{id}` | {name} | {} |", cell(&client["tried"])).unwrap();
    }
    page
}

/// The clients that refuse, or accept, a defect; those with the same message together.
fn claims(defect: &Value, clients: &[Value], refuses: bool) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for claim in items(&defect["claims"]).iter().filter(|claim| claim["refuses"] == refuses) {
        let client = clients.iter().find(|client| client["client"] == claim["client"]).unwrap();
        let name = format!("{} {}", text(&client["name"]), text(&claim["versions"]));
        let message = claim["message"].as_str().map(|words| format!(": `{words}`"));
        let source = if claim["evidence"] == "test" { "" } else { " (by documentation)" };
        let end = message.unwrap_or_default() + source;
        match groups.iter_mut().find(|(known, _)| *known == end) {
            Some((_, names)) => names.push(name.trim().to_owned()),
            None => groups.push((end, vec![name.trim().to_owned()])),
        }
    }
    let groups = groups.into_iter().map(|(end, names)| names.join(", ") + &end);
    groups.collect::<Vec<_>>().join("<br>").replace('|', r"\|")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A text in a table.
fn cell(value: &Value) -> String {
    text(value).replace('|', r"\|")
}
