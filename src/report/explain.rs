//! The report of `explain`: rules, and the table of clients.

use std::fmt;

use pki::verify::{
    clients::{Claim, Client, Defect, Evidence},
    rule::Rule,
};
use serde_json::{Value, json};

/// The most characters of a line of prose.
const WIDTH: usize = 100;

/// One rule, or the list of all.
#[derive(Debug)]
pub(crate) struct Explanation {
    pub(crate) topic: Topic,
    /// The columns of the terminal, if the output goes to one.
    pub(crate) width: Option<usize>,
}

/// What is explained.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Topic {
    /// Every rule, each in a line.
    All,
    /// A rule with all its defects.
    Rule(Rule),
    /// One defect, with its rule.
    Defect(Defect),
}

impl Topic {
    fn rules(self) -> Vec<Rule> {
        match self {
            Self::All => Rule::ALL.to_vec(),
            Self::Rule(rule) => vec![rule],
            Self::Defect(defect) => vec![defect.rule()],
        }
    }

    /// The defects of a rule that are shown.
    fn defects(self, rule: Rule) -> Vec<Defect> {
        let is_shown = |defect: &Defect| match self {
            Self::Defect(one) => *defect == one,
            _ => defect.rule() == rule,
        };
        Defect::ALL.iter().copied().filter(is_shown).collect()
    }
}

impl Explanation {
    /// As JSON: every rule whole, and the clients with the versions that were tried.
    pub(crate) fn json(&self) -> Value {
        let client = |client: &Client| {
            json!({
                "client": client.as_str(),
                "name": client.title(),
                "tried": client.tried(),
            })
        };
        let rules = self.topic.rules().into_iter().map(|rule| self.rule_json(rule));
        json!({
            "rules": rules.collect::<Vec<_>>(),
            "clients": Client::ALL.iter().map(client).collect::<Vec<_>>(),
        })
    }

    fn rule_json(&self, rule: Rule) -> Value {
        let defects = self.topic.defects(rule).into_iter().map(defect_json);
        json!({
            "rule": rule.id(),
            "severity": rule.severity().as_str(),
            "aspect": rule.aspect().as_str(),
            "meaning": rule.meaning(),
            "fix": rule.fix(),
            "source": rule.source(),
            "defects": defects.collect::<Vec<_>>(),
        })
    }

    fn list(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In a pipe each rule has one line, so that `grep` finds it whole.
        let width = self.width.unwrap_or(usize::MAX);
        let widest = Rule::ALL.iter().map(|rule| rule.id().len()).max().unwrap_or_default();
        writeln!(f, "{:widest$}  SEVERITY  MEANING", "RULE")?;
        for rule in Rule::ALL {
            let head = format!("{:widest$}  {:8}  ", rule.id(), rule.severity().as_str());
            paragraph(f, &head, rule.summary(), width)?;
        }
        writeln!(f, "\n`certctl explain RULE` shows how to fix it, and which clients refuse it.")
    }

    fn rule(&self, f: &mut fmt::Formatter<'_>, rule: Rule) -> fmt::Result {
        let width = self.width.unwrap_or(WIDTH).min(WIDTH);
        writeln!(f, "{rule} ({})", rule.severity())?;
        paragraph(f, "", rule.meaning(), width)?;
        writeln!(f)?;
        paragraph(f, "Fix:     ", rule.fix(), width)?;
        paragraph(f, "Source:  ", rule.source(), width)?;
        let mut known: Vec<Client> = Vec::new();
        for defect in self.topic.defects(rule) {
            let mut claims: Vec<Claim> = defect.claims().collect();
            if claims.is_empty() && defect.id() == rule.id() {
                // The same sentence as above.
                continue;
            }
            known.extend(claims.iter().map(|claim| claim.client));
            claims.sort_by_key(|claim| !claim.refuses());
            writeln!(f)?;
            paragraph(f, &format!("{}: ", defect.id()), defect.meaning(), width)?;
            let mut last = "";
            for group in claims.chunk_by(|one, other| {
                (one.refusal, one.evidence) == (other.refusal, other.evidence)
            }) {
                let verb = if group[0].refuses() { "refused by" } else { "accepted by" };
                // Once for all groups of it.
                let label = if verb == last { "" } else { verb };
                paragraph(f, &format!("  {label:<13}"), &verdict(group), width)?;
                last = verb;
            }
        }
        let is_tried = |client: &&Client| known.contains(client) && client.tried() != "not tried";
        let tried = Client::ALL.iter().filter(is_tried);
        let tried: Vec<String> =
            tried.map(|client| format!("{} {}", client.title(), client.tried())).collect();
        if tried.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        paragraph(f, "Tried:   ", &(tried.join("; ") + "."), width)
    }
}

fn defect_json(defect: Defect) -> Value {
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
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.topic {
            Topic::All => self.list(f),
            topic => topic.rules().into_iter().try_for_each(|rule| self.rule(f, rule)),
        }
    }
}

/// The clients of a group, and their common message.
fn verdict(group: &[Claim]) -> String {
    let names: Vec<String> = group.iter().map(ToString::to_string).collect();
    let message = group[0].refusal.filter(|words| !words.is_empty());
    let message = message.map(|words| format!(": `{words}`")).unwrap_or_default();
    let is_documented = group[0].evidence == Evidence::Documentation;
    let source = if is_documented { " (by documentation)" } else { "" };
    format!("{}{message}{source}", names.join(", "))
}

/// Writes a text with a head before its first line, and as many spaces before the others.
fn paragraph(f: &mut fmt::Formatter<'_>, head: &str, text: &str, width: usize) -> fmt::Result {
    let indent = head.len();
    let room = width.saturating_sub(indent);
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    writeln!(f, "{head}{}", lines.join(&format!("\n{:indent$}", "")))
}

/// The words of a text. What is in backquotes is one, so that it can be copied from a line.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if is_open => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        is_open ^= word.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(topic: Topic, width: Option<usize>) -> Vec<String> {
        Explanation { topic, width }.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_or_100_characters() {
        let topics = Rule::ALL.iter().map(|rule| Topic::Rule(*rule)).chain([Topic::All]);
        for topic in topics {
            for (width, limit) in [(Some(80), 80), (Some(300), 100), (None, 100)] {
                // The list in a pipe, and on a wide terminal, has a line for each rule.
                if matches!(topic, Topic::All) && limit == 100 {
                    continue;
                }
                for line in lines(topic, width) {
                    assert!(line.len() <= limit, "{width:?}: {line}");
                    assert_eq!(line, line.trim_end(), "{topic:?}");
                }
            }
        }
    }

    #[test]
    fn a_rule_has_a_line_in_a_pipe_and_is_wrapped_on_a_terminal() {
        let list = lines(Topic::All, None);
        assert_eq!(list.len(), Rule::ALL.len() + 3);
        assert!(list[0].starts_with("RULE ") && list.iter().all(|line| !line.starts_with(' ')));
        let wrapped = lines(Topic::All, Some(60));
        assert!(wrapped.len() > list.len());
        let column = wrapped[0].find("MEANING").unwrap();
        for line in wrapped.iter().filter(|line| line.starts_with(' ')) {
            assert_eq!(line.len() - line.trim_start().len(), column, "{line}");
        }
    }

    #[test]
    fn a_command_is_not_wrapped() {
        let text = "Issue it: `certctl renew NAME --usage server`, `client` or `peer`.";
        assert_eq!(
            words(text),
            ["Issue", "it:", "`certctl renew NAME --usage server`,", "`client`", "or", "`peer`."]
        );
    }
}
