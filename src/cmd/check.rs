//! `certctl check`: who would refuse a certificate, and why.

mod checker;
mod hints;
mod hook;
mod issuer_index;
mod key;
mod planned;
mod served;
mod targets;

use std::path::PathBuf;

use pki::{
    verify::{
        allowed_subjects::{AllowedSubjects, AllowedSubjectsError},
        cross_checks,
    },
    x509::certificate::Certificate,
};
use time::OffsetDateTime;

use super::source;
use crate::{
    cli::CheckArgs,
    config::Settings,
    error::Error,
    report::{Note, Outcome, check_report::Checkup},
    store::{self, LIMIT},
};
use checker::Checker;
use issuer_index::IssuerIndex;
use targets::{CheckContext, CheckTargets, Trust};

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
    let mut errors = Vec::new();
    let trust = Trust::read(args, settings, &mut errors)?;
    let admission = read_admission(args)?;
    let mut notes: Vec<Note> = Vec::new();
    notes.extend(super::notes::on_unfinished(&settings.store));

    let password = args.password_file.as_deref().map(source::password).transpose()?;
    let mut collection =
        CheckTargets::read(&CheckContext { args, settings, trust: &trust, password });
    if let Some(endpoint) = &args.server.connect {
        if args.targets.is_empty() {
            collection.silence();
        }
        let (subject, served_notes) = served::subject(endpoint, args, &trust, &collection)?;
        notes.extend(served_notes);
        collection.subjects = vec![subject];
    }
    errors.append(&mut collection.errors);
    notes.append(&mut collection.notes);
    let certificates = collection.subjects.iter().filter_map(|one| one.certificate.as_ref().ok());
    let checker = Checker {
        args,
        settings,
        trust: &trust,
        anchors: IssuerIndex::new(&trust.anchors),
        at: args.at.unwrap_or(now),
        admission: admission.as_ref(),
        subjects: &collection.subjects,
        checked: certificates.map(Certificate::der).collect(),
    };

    // One bad certificate must not hide the state of the others.
    let mut verdicts = checker.check_all();
    let members = collection.subjects.iter().enumerate().filter_map(|(index, subject)| {
        let certificate = subject.certificate.as_ref().ok()?;
        let usage = subject.usage.map(|(usage, _)| usage).unwrap_or_default();
        Some((index, cross_checks::NamedCertificate { name: &subject.name, certificate, usage }))
    });
    let (indexes, members): (Vec<usize>, Vec<cross_checks::NamedCertificate<'_>>) = members.unzip();
    for (index, findings) in indexes.into_iter().zip(cross_checks::check(&members)) {
        let subject = &collection.subjects[index];
        verdicts[index].findings.extend(hints::on_all(findings, subject, checker.at, settings));
    }
    if args.server.connect.is_none() {
        let (subjects, at) = (&collection.subjects, checker.at);
        errors.extend(planned::compare(args, settings, subjects, (&mut verdicts, at)));
    }
    let is_whole = args.targets.is_empty() && args.server.connect.is_none();
    if let Err(error) = hook::add(&settings.store, &collection.subjects, &mut verdicts, is_whole) {
        errors.push(error);
    }
    Ok(Outcome::Checked(Box::new(Checkup {
        verdicts,
        at: checker.at,
        strict: args.strict,
        verbose: args.verbose,
        errors,
        notes,
        skipped: collection.skipped,
    })))
}

/// The file of `--allow-subject`.
fn read_admission(args: &CheckArgs) -> Result<Option<AllowedSubjects>, Error> {
    let Some(path) = &args.allow_subject else { return Ok(None) };
    let content = store::read_regular(path, LIMIT).map_err(|source| source.at(path.clone()))?;
    let failed = |source: AllowedSubjectsError| Error::Admission { path: path.clone(), source };
    AllowedSubjects::parse(&content).map(Some).map_err(failed)
}
