//! `certctl status`: the state of every identity of the PKI.

use std::collections::HashSet;

use pki::x509::certificate::Certificate;
use time::OffsetDateTime;

use super::plan;
use crate::{
    cli::StatusArgs,
    config::Settings,
    error::Error,
    issue::{
        identity::{Identity, IdentityName, ScanResult, scan, seems_issued_by},
        key_files::KeyFiles,
        layout::{OtherFile, other_files, remove_records},
        notes,
        pending_hook::PendingHook,
        state::{Obstacle, State},
    },
    parallel,
    path_text::PathText as _,
    report::{
        Outcome,
        output::OutputOptions,
        status::{Entry, Mark, Status},
        terminal,
    },
};

pub(crate) fn run(
    args: &StatusArgs,
    settings: &Settings,
    shown: &OutputOptions,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    settings.require_ca()?;
    let ca = settings.ca.read_certificate()?;
    let look = Look { args, settings, ca: &ca, keys: KeyFiles::new(&settings.store), now };
    let mut found = scan(&settings.store, &ca)?;
    remove_records(&mut found);
    let is_planned = |name: &IdentityName| settings.config.entry(name).is_some();
    let others = other_files(&settings.store, &ca, &found, is_planned)?;

    let mut entries = Vec::new();
    let mut errors: Vec<Error> = others.errors.into_iter().map(|(_, error)| error.into()).collect();
    for result in parallel::map(found, |(name, found)| look.identity(&name, found)) {
        match result {
            Ok(entry) => entries.extend(entry),
            Err(error) => errors.push(error),
        }
    }
    entries.extend(look.missing(&entries, &errors));
    entries.sort_by(|one: &Entry, other| one.file.cmp(&other.file));
    // A copy that is up to date has the state of its identity.
    let files = others.files.into_iter().filter(|other| !other.is_current);
    entries.extend(files.map(|other| look.other(other)));

    let state = State::dates(&ca, args.expires_within, now);
    let file = settings.ca.certificate.shown();
    let mut shown_ca = Entry::new(Some("ca"), file, Some(&ca), marks(&state, None));
    match PendingHook::read(&settings.store) {
        Ok(pending) => {
            let is_pending = |entry: &&mut Entry| {
                entry.name.as_ref().is_some_and(|name| pending.awaits(name).is_some())
            };
            for entry in entries.iter_mut().chain([&mut shown_ca]).filter(is_pending) {
                entry.marks.push(Mark::HookPending);
            }
            let is_there = |name: &str| {
                let is_name = |entry: &Entry| {
                    entry.name.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name))
                };
                entries.iter().chain([&shown_ca]).any(is_name)
            };
            let absent: Vec<&str> = pending.names().filter(|name| !is_there(name)).collect();
            let absent = absent.into_iter().map(|name| {
                let file = settings.store.path(&format!("{name}.pem")).shown();
                Entry::new(Some(name), file, None, vec![Mark::HookPending])
            });
            entries.extend(absent);
        }
        Err(error) => errors.push(error.into()),
    }
    Ok(Outcome::Status(Box::new(Status {
        directory: settings.store.dir().to_owned(),
        ca: shown_ca,
        entries,
        now,
        width: shown.out_file.is_none().then(terminal::width).flatten(),
        errors,
        notes: notes::on_unfinished(&settings.store)
            .into_iter()
            .chain(settings.ca.note_on_key())
            .chain(others.notes)
            .collect(),
    })))
}

struct Look<'a> {
    args: &'a StatusArgs,
    settings: &'a Settings,
    ca: &'a Certificate,
    keys: KeyFiles<'a>,
    now: OffsetDateTime,
}

impl Look<'_> {
    /// What is there under a name; `None` if it is not an identity.
    fn identity(&self, name: &IdentityName, found: ScanResult) -> Result<Option<Entry>, Error> {
        let planned = self.settings.config.entry(name).is_some();
        let entry = |certificate: &Certificate, marks| {
            Entry::new(Some(name.as_str()), name.certificate_file(), Some(certificate), marks)
        };
        match found {
            ScanResult::Member(member) => {
                let state = self.state(&member)?;
                // Without the right to read keys, the rest is seen all the same.
                let store = &self.settings.store;
                let obstacle = Obstacle::of(store, &member, &self.keys).unwrap_or_default();
                let changes = state.differences.clone();
                let entry = entry(&member.certificate, marks(&state, obstacle.as_ref()));
                Ok(Some(Entry { changes, ..entry }))
            }
            ScanResult::Foreign { certificate, .. } if seems_issued_by(&certificate, self.ca) => {
                let marks = marks(&self.dates(&certificate), Some(&Obstacle::Signature));
                Ok(Some(entry(&certificate, marks)))
            }
            ScanResult::Foreign { certificate, .. } if planned => {
                let mut marks = marks(&self.dates(&certificate), None);
                marks.push(Mark::Differs(vec!["issuer"]));
                Ok(Some(entry(&certificate, marks)))
            }
            ScanResult::Foreign { has_key: true, certificate } if !certificate.is_ca() => {
                let marks = marks(&self.dates(&certificate), Some(&Obstacle::OtherIssuer));
                Ok(Some(entry(&certificate, marks)))
            }
            ScanResult::Broken(error) => Err(error.into()),
            ScanResult::Other(Some(error)) if planned => Err((*error).into()),
            ScanResult::Foreign { .. } | ScanResult::Other(_) => Ok(None),
        }
    }

    fn state(&self, member: &Identity) -> Result<State, Error> {
        let Self { settings, .. } = *self;
        let certificate = &member.certificate;
        let entry = settings.config.entry(&member.name);
        let spec = entry.map(|entry| plan::spec(entry, settings, certificate)).transpose()?;
        let has_plan = !settings.config.plan.is_empty();
        let window = self.args.expires_within;
        Ok(State::of(certificate, spec.as_ref(), has_plan, window, self.now))
    }

    /// The state of a certificate without the plan.
    fn dates(&self, certificate: &Certificate) -> State {
        State::dates(certificate, self.args.expires_within, self.now)
    }

    fn other(&self, other: OtherFile) -> Entry {
        let obstacle = Obstacle::of_file(&other, &self.keys);
        let OtherFile { file, certificate, .. } = other;
        let marks = marks(&self.dates(&certificate), Some(&obstacle));
        Entry::new(None, file, Some(&certificate), marks)
    }

    /// The entries of the plan without a certificate.
    fn missing(&self, entries: &[Entry], errors: &[Error]) -> Vec<Entry> {
        let present: HashSet<String> =
            entries.iter().map(|entry| entry.file.to_ascii_lowercase()).collect();
        let plan = self.settings.config.plan.iter();
        let missing = plan.filter(|entry| {
            let file = entry.name.certificate_file();
            let is_broken = !errors.is_empty() && self.settings.store.has(&file).unwrap_or(true);
            !present.contains(&file.to_ascii_lowercase()) && !is_broken
        });
        let entry = |name: &IdentityName| {
            Entry::new(Some(name.as_str()), name.certificate_file(), None, vec![Mark::Missing])
        };
        missing
            .map(|planned| Entry { usage: Some(planned.usage.as_str()), ..entry(&planned.name) })
            .collect()
    }
}

/// The states, the most urgent first.
fn marks(state: &State, obstacle: Option<&Obstacle>) -> Vec<Mark> {
    let mut marks = Vec::new();
    match (state.expired, state.not_yet_valid, state.due) {
        (true, ..) => marks.push(Mark::Expired),
        (false, Some(_), _) => marks.push(Mark::NotYetValid),
        (false, None, true) => marks.push(Mark::Due),
        (false, None, false) => {}
    }
    if !state.differences.is_empty() {
        marks.push(Mark::Differs(state.differences.iter().map(|one| one.field).collect()));
    }
    marks.extend(obstacle.map(|obstacle| Mark::Blocked(obstacle.short())));
    if state.unmanaged {
        marks.push(Mark::Unmanaged);
    }
    marks
}
