//! The report of `explain`: rules, and the table of clients.

use std::fmt;

use pki::verify::{
    clients::{Claim, Client, Defect, Evidence},
    rule::Rule,
};
use serde_json::{Value, json};

use super::table;

/// One rule, or the list of all.
#[derive(Debug)]
pub(crate) struct Explanation {
    rules: Vec<Rule>,
    /// Whether each is shown whole.
    whole: bool,
}

impl Explanation {
    pub(crate) fn of(rule: Rule) -> Self {
        Self { rules: vec![rule], whole: true }
    }

    pub(crate) fn all() -> Self {
        Self { rules: Rule::ALL.to_vec(), whole: false }
    }

    /// As JSON: every rule whole, and the clients with the versions that were tried.
    pub(crate) fn json(&self) -> Value {
        let clients: Vec<Value> = Client::ALL
            .iter()
            .map(|client| {
                json!({
                    "client": client.as_str(),
                    "name": client.title(),
                    "tried": client.tried(),
                })
            })
            .collect();
        json!({ "rules": self.rules.iter().map(|rule| rule_json(*rule)).collect::<Vec<_>>(), "clients": clients })
    }
}

fn defects(rule: Rule) -> impl Iterator<Item = Defect> {
    Defect::ALL.iter().copied().filter(move |defect| defect.rule() == rule)
}

fn rule_json(rule: Rule) -> Value {
    let defects: Vec<Value> = defects(rule)
        .map(|defect| {
            let claims = defect.claims().map(|claim| {
                json!({
                    "id": claim.id(defect),
                    "client": claim.client.as_str(),
                    "versions": claim.versions(),
                    "refuses": claim.refuses(),
                    "message": claim.refusal.filter(|words| !words.is_empty()),
                    "evidence": match claim.evidence {
                        Evidence::Test => "test",
                        Evidence::Documentation => "documentation",
                    },
                })
            });
            json!({
                "defect": defect.id(),
                "meaning": defect.meaning(),
                "claims": claims.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "rule": rule.id(),
        "severity": rule.severity().as_str(),
        "aspect": rule.aspect().as_str(),
        "meaning": rule.meaning(),
        "fix": rule.fix(),
        "source": rule.source(),
        "defects": defects,
    })
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.whole {
            let rows = self.rules.iter().map(|rule| {
                let (first, _) = rule.meaning().split_once(". ").unwrap_or((rule.meaning(), ""));
                [
                    rule.id().to_owned(),
                    rule.severity().to_string(),
                    first.trim_end_matches('.').to_owned(),
                ]
            });
            let header = ["RULE", "SEVERITY", "MEANING"];
            return table::lines(Some(header), rows.collect())
                .try_for_each(|line| writeln!(f, "{line}"));
        }
        self.rules.iter().try_for_each(|rule| one(f, *rule))
    }
}

fn one(f: &mut fmt::Formatter<'_>, rule: Rule) -> fmt::Result {
    writeln!(f, "{} ({}): {}", rule.id(), rule.severity(), rule.meaning())?;
    writeln!(f, "Fix: {}", rule.fix())?;
    writeln!(f, "Source: {}", rule.source())?;
    for defect in defects(rule) {
        writeln!(f, "\n{}: {}", defect.id(), defect.meaning())?;
        let mut claims: Vec<Claim> = defect.claims().collect();
        claims.sort_by_key(|claim| !claim.refuses());
        for group in claims
            .chunk_by(|one, other| (one.refusal, one.evidence) == (other.refusal, other.evidence))
        {
            let names: Vec<String> = group.iter().map(ToString::to_string).collect();
            let verb = if group[0].refuses() { "refused by" } else { "accepted by" };
            write!(f, "  {verb} {}", names.join(", "))?;
            if let Some(words) = group[0].refusal.filter(|words| !words.is_empty()) {
                write!(f, ": `{words}`")?;
            }
            if group[0].evidence == Evidence::Documentation {
                f.write_str(" (by its documentation)")?;
            }
            writeln!(f)?;
        }
    }
    if defects(rule).next().is_some() {
        let tried = Client::ALL.iter().filter(|client| client.tried() != "not tried");
        let tried: Vec<String> =
            tried.map(|client| format!("{} {}", client.title(), client.tried())).collect();
        writeln!(f, "\nTried: {}.", tried.join("; "))?;
    }
    Ok(())
}
