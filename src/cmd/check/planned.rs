//! Compares the plan of certctl.toml with the certificates: drift, missing and unmanaged ones.

use std::{collections::HashSet, path::PathBuf};

use pki::verify::{
    clients::Defect,
    finding::{AspectResult, Finding},
    rule::Aspect,
};
use time::OffsetDateTime;

use super::{group::CheckTarget, hints::Hints};
use crate::{
    cli::CheckArgs,
    cmd::plan,
    config::Settings,
    error::Error,
    hint::Hint,
    issue::state::State,
    path_text::PathText as _,
    report::{as_typed, check_report::Verdict},
};

/// Adds what differs from the plan to the verdicts, which are those of the targets, and a verdict
/// for each entry without a certificate, if the directory of the PKI is checked. An entry that is not
/// valid is an error.
pub(super) fn compare(
    args: &CheckArgs,
    settings: &Settings,
    (targets, hints): (&[CheckTarget], &Hints<'_>),
    (verdicts, at): (&mut Vec<Verdict>, OffsetDateTime),
) -> Vec<Error> {
    let mut errors = Vec::new();
    if settings.config.plan.is_empty() {
        return errors;
    }
    for (target, verdict) in targets.iter().zip(verdicts.iter_mut()) {
        let Some(name) = target.known_as.as_deref().filter(|name| *name != "ca") else { continue };
        let Ok(certificate) = &target.subject.certificate else { continue };
        let entry = name.parse().ok().and_then(|name| settings.config.entry(&name));
        let spec = match entry.map(|entry| plan::spec(entry, settings, certificate)).transpose() {
            Ok(spec) => spec,
            Err(error) => {
                errors.push(error.into());
                continue;
            }
        };
        let state = State::of(certificate, spec.as_ref(), true, args.expires_within, at);
        let mut findings: Vec<Finding> = state
            .differences
            .iter()
            .map(|one| {
                let wanted = &one.wanted;
                let message = format!(
                    "differs from the plan: {} is `{}`, planned is `{wanted}`",
                    one.field, one.is
                );
                Finding::new(Defect::PlanDrift, message)
            })
            .collect();
        if state.unmanaged {
            findings.push(Finding::new(Defect::Unmanaged, "has no entry in the plan"));
        }
        verdict.aspects.push(AspectResult::new(Aspect::Plan, "as planned"));
        verdict.findings.extend(hints.on_others(findings, target));
    }
    let is_pki = |path: &PathBuf| path == settings.store.dir();
    if args.targets.is_empty() || args.targets.iter().any(is_pki) {
        match missing(settings, hints) {
            Ok(missing) => verdicts.extend(missing),
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// A verdict for each entry of the plan that has no certificate.
fn missing(settings: &Settings, hints: &Hints<'_>) -> Result<Vec<Verdict>, Error> {
    let present: HashSet<String> =
        settings.store.files()?.iter().map(|file| file.to_ascii_lowercase()).collect();
    let entries = settings.config.plan.iter();
    let missing = entries
        .filter(|entry| !present.contains(&entry.name.certificate_file().to_ascii_lowercase()));
    let verdict = |file: PathBuf| {
        let finding = Finding::new(Defect::PlanMissing, "is in the plan, but was not issued");
        // `gen` needs the CA.
        let finding = match hints.ca() {
            Some(_) => finding.hint(as_typed(&Hint::command("gen"))),
            None => finding,
        };
        Verdict::unread(file.shown(), &file, Aspect::Plan, finding)
    };
    Ok(missing.map(|entry| verdict(settings.store.path(&entry.name.certificate_file()))).collect())
}
