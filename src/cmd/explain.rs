//! `certctl explain [RULE]`: what a rule of `check` means, and which clients refuse what breaks it.

use pki::verify::{clients::Defect, rule::Rule};

use crate::{
    error::Error,
    report::{Outcome, explain::Explanation},
};

pub(crate) fn run(rule: Option<&str>) -> Result<Outcome, Error> {
    let Some(wanted) = rule else { return Ok(Outcome::Explained(Explanation::all())) };
    let named = Rule::ALL.iter().find(|rule| rule.id() == wanted).copied();
    let of_defect = || Defect::ALL.iter().find(|one| one.id() == wanted).map(|one| one.rule());
    let rule = named.or_else(of_defect).ok_or_else(|| {
        let message = format!("rule `{}` does not exist", wanted.escape_debug());
        Error::usage(message, Some("`certctl explain` lists the rules".into()))
    })?;
    Ok(Outcome::Explained(Explanation::of(rule)))
}
