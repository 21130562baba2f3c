//! `certctl check`: who would refuse a certificate, and why.

mod group;
mod hints;
mod hook;
mod inputs;
mod planned;
mod served;
mod targets;

use std::{mem, path::PathBuf};

use pki::verify::{
    allowed_subjects::{AllowedSubjects, AllowedSubjectsError},
    check::CheckContext,
    cross_checks,
    finding::Finding,
    issuer_index::IssuerIndex,
};
use time::OffsetDateTime;

use super::source;
use crate::{
    cli::CheckArgs,
    config::Settings,
    error::Error,
    issue::notes,
    parallel,
    report::{
        Note, Outcome,
        check_report::{Checkup, Facts, Verdict},
    },
    store::{self, LIMIT},
};
use group::CheckTarget;
use hints::Hints;
use inputs::{Inputs, Trust};
use targets::CheckTargets;

/// How often files are read again that another command replaces meanwhile.
const TRIES: usize = 3;

pub(crate) fn run(
    args: &CheckArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    // A pipe can be read once only.
    let is_file = |path: &PathBuf| path.components().count() == 1 && !store::is_stdin(path);
    let paths =
        args.targets.iter().chain(&args.untrusted).chain(&args.crl).chain(&args.password_file);
    let tries = if paths.chain(&args.allow_subject).all(is_file) { TRIES } else { 1 };
    for _ in 1..tries {
        let before = settings.store.stamp();
        let outcome = check(args, settings, now)?;
        if settings.store.stamp() == before {
            return Ok(outcome);
        }
        // Key and certificate may be of two commits.
    }
    check(args, settings, now)
}

fn check(args: &CheckArgs, settings: &Settings, now: OffsetDateTime) -> Result<Outcome, Error> {
    let at = args.at.unwrap_or(now);
    let mut errors = Vec::new();
    let trust = Trust::read(args, settings, &mut errors)?;
    let admission = read_admission(args)?;
    let mut notes: Vec<Note> = Vec::new();
    notes.extend(notes::on_unfinished(&settings.store));

    let password = args.password_file.as_deref().map(source::password).transpose()?;
    let password = password.as_ref().map(|password| password.as_str());
    let mut targets = CheckTargets::read(&Inputs { args, settings, trust: &trust, at, password });
    let is_of_servers = !args.server.connect.is_empty();
    if is_of_servers {
        if args.targets.is_empty() {
            // They are not checked, only compared.
            targets = CheckTargets { all: targets.all, ..CheckTargets::default() };
        }
        targets.all = served::targets(args, &trust, &targets, at, (&mut errors, &mut notes));
    }
    errors.append(&mut targets.errors);
    notes.append(&mut targets.notes);
    let hints = Hints::new(settings, args.expires_within, (at, now));
    let (indexes, members) = targets.readable();
    let context = CheckContext {
        anchors: IssuerIndex::new(&trust.anchors),
        revocation: (!args.crl.is_empty()).then_some(&trust.revocation),
        at,
        window: args.expires_within,
        strict: args.strict,
        max_depth: args.max_depth,
        hosts: &args.host,
        emails: &args.email,
        admission: admission.as_ref(),
        checked: members.iter().map(|one| one.certificate.der()).collect(),
    };

    // One bad certificate must not hide the state of the others.
    let mut verdicts = parallel::map(targets.all.iter().collect(), |target: &CheckTarget| {
        let checked = context.check(&target.subject);
        let findings = hints.on_all(checked.findings, target);
        let facts = target.subject.certificate.as_ref().ok().map(|certificate| Facts {
            path: checked.path,
            webpki: checked.webpki,
            ..Facts::of(certificate)
        });
        Verdict {
            name: target.subject.name.clone(),
            file: target.file.clone(),
            facts,
            role: target.subject.role,
            aspects: checked.aspects,
            findings,
        }
    });
    for (index, findings) in indexes.into_iter().zip(cross_checks::check(&members)) {
        let findings = hints.on_others(findings, &targets.all[index]);
        verdicts[index].findings.extend(findings);
    }
    if !is_of_servers {
        errors.extend(planned::compare(
            args,
            settings,
            (&targets.all, &hints),
            (&mut verdicts, at),
        ));
    }
    let is_whole = args.targets.is_empty() && !is_of_servers;
    // A checkout has no keys.
    let has_keys =
        |files: Vec<String>| files.iter().any(|file| file.strip_suffix(".key").is_some());
    let has_keys = || settings.store.files().is_ok_and(has_keys);
    notes.extend(settings.ca.note_on_key().filter(|_| is_whole && has_keys()));
    if let Err(error) = hook::add(&settings.store, &targets.all, &mut verdicts, is_whole) {
        errors.push(error);
    }
    let mut hidden = 0;
    for verdict in &mut verdicts {
        let (shown, others): (Vec<_>, Vec<_>) = mem::take(&mut verdict.findings)
            .into_iter()
            .partition(|finding| finding.defect.concerns(&args.client));
        hidden += others.len();
        let named = |finding: Finding| finding.naming_clients(&args.client);
        verdict.findings = shown.into_iter().map(named).collect();
    }
    if hidden > 0 {
        let message =
            format!("findings not shown, as the clients of `--client` accept them: {hidden}");
        notes.push(Note::plain(message, None));
    }
    Ok(Outcome::Checked(Box::new(Checkup {
        verdicts,
        at,
        strict: args.strict,
        verbose: args.verbose,
        errors,
        notes,
        skipped: targets.skipped,
    })))
}

/// The file of `--allow-subject`.
fn read_admission(args: &CheckArgs) -> Result<Option<AllowedSubjects>, Error> {
    let Some(path) = &args.allow_subject else { return Ok(None) };
    let content = store::read_regular(path, LIMIT).map_err(|source| source.at(path.clone()))?;
    let failed = |source: AllowedSubjectsError| Error::Admission { path: path.clone(), source };
    AllowedSubjects::parse(&content).map(Some).map_err(failed)
}
