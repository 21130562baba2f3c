//! `certctl explain [RULE]`: what a rule of `check` means, and which clients refuse what breaks it.

use pki::verify::{clients::Defect, rule::Rule};

use crate::{
    error::Error,
    report::{
        Outcome,
        explain::{Explanation, Topic},
        output::OutputOptions,
        terminal,
    },
};

/// The most letters in which a mistyped id differs.
const TYPOS: usize = 2;

/// `None` is the list of the rules.
pub(crate) fn run(id: Option<&str>, shown: &OutputOptions) -> Result<Outcome, Error> {
    let width = shown.out_file.is_none().then(terminal::width).flatten();
    let topic = id.map_or(Ok(Topic::All), topic)?;
    Ok(Outcome::Explained(Explanation { topic, width }))
}

fn topic(id: &str) -> Result<Topic, Error> {
    let rules = Rule::ALL.iter().map(|rule| (rule.id(), Topic::Rule(*rule)));
    let defects = Defect::ALL.iter().map(|defect| (defect.id(), Topic::Defect(*defect)));
    // A rule comes before its defect of the same id.
    let topics: Vec<(&str, Topic)> = rules.chain(defects).collect();
    if let Some((_, topic)) = topics.iter().find(|(known, _)| *known == id) {
        return Ok(*topic);
    }
    let typed = id.to_ascii_lowercase();
    let nearest = topics.iter().map(|(known, _)| (distance(&typed, known), known)).min();
    let list = "`certctl explain` lists the rules";
    let hint = match nearest {
        Some((typos, known)) if typos <= TYPOS && 2 * typos < known.len() => {
            format!("try `certctl explain {known}`; {list}")
        }
        _ => list.to_owned(),
    };
    Err(Error::usage(format!("rule `{}` does not exist", id.escape_debug()), Some(hint.into())))
}

/// The number of letters to insert, remove or replace (Levenshtein); for texts of other lengths only that
/// it is above [`TYPOS`].
fn distance(typed: &str, known: &str) -> usize {
    if typed.len().abs_diff(known.len()) > TYPOS {
        return TYPOS + 1;
    }
    let mut row: Vec<usize> = (0..=known.len()).collect();
    for (at, letter) in typed.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in known.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[known.len()]
}
