//! The result of `inspect` as text, table, JSON and Prometheus metrics.

mod anomaly;
mod chain;
mod collector;
mod json;
mod options;
mod prometheus;
mod row;
mod server;
mod table;
mod text;
mod value_text;

use std::{fmt, path::Path};

use pki::x509::{escape::thousands, validity::rfc3339};
use serde_json::{Value, json};

pub(crate) use self::{
    collector::Collector,
    options::{Detail, InspectOptions},
};
use self::{
    collector::{Counts, Entry, FileReport},
    value_text::count,
};
use super::{
    as_typed::as_typed,
    json::error_json,
    note::Note,
    skipped::{self, Skipped},
    words::reason,
};
use crate::{
    error::{Error, Exit},
    issue::error::IssueError,
    store::StoreError,
};

/// The most notes on single files.
const NOTES: usize = 20;

/// The result of `inspect`.
#[derive(Debug)]
pub(crate) struct Inspection {
    terms: InspectOptions,
    counts: Counts,
    /// By earliest expiry, those without certificates last.
    files: Vec<FileReport>,
    /// Files that could not be read; they did not stop the rest.
    pub(crate) errors: Vec<Error>,
    pub(crate) notes: Vec<Note>,
    /// Files of directories without supported content.
    skipped: Vec<Skipped>,
}

impl Inspection {
    pub(crate) fn new(terms: InspectOptions, collector: Collector) -> Self {
        let Collector { counts, files, mut errors, mut notes, mut skipped, .. } =
            collector.sorted();
        skipped.sort();
        errors.sort_by(|one, other| failed_path(one).cmp(&failed_path(other)));
        notes.sort_by_key(|note| as_typed(&note.message));
        if let Some(more @ 1..) = notes.len().checked_sub(NOTES) {
            notes.truncate(NOTES);
            notes.push(Note::plain(format!("{} more of these", thousands(more)), None));
        }
        notes.extend(ungated(terms, counts));
        Self { terms, counts, files, errors, notes, skipped }
    }

    pub(crate) fn exit(&self) -> Exit {
        let asked = match (self.terms.window, self.counts) {
            (None, _) => Exit::Done,
            (_, Counts { expired: 1.., .. } | Counts { crls_expired: 1.., .. }) => Exit::Invalid,
            (_, Counts { due: 1.., .. } | Counts { crls_due: 1.., .. }) => Exit::Due,
            _ => Exit::Done,
        };
        self.errors.iter().map(Error::exit).fold(asked, Exit::worst)
    }

    /// Why the exit code is not 0.
    pub(crate) fn reason(&self) -> String {
        let Counts { due, expired, crls_due, crls_expired, .. } = self.counts;
        reason(&[
            (expired + crls_expired, "expired"),
            (due + crls_due, "due"),
            (self.errors.len(), "cannot be read"),
        ])
    }

    pub(crate) fn json(&self) -> Value {
        let Counts { certificates, due, expired, crls_due, crls_expired, others, skipped, .. } =
            self.counts;
        json!({
            "at": rfc3339(self.terms.now),
            "expires_within": self.terms.window.map(|window| window.to_string()),
            "counts": {
                "certificates": certificates,
                "due": due,
                "expired": expired,
                "crls_due": crls_due,
                "crls_expired": crls_expired,
                "others": others,
                "skipped": skipped,
            },
            "files": self.files.iter().map(|it| json::file(it, &self.terms)).collect::<Vec<_>>(),
            "errors": self.errors.iter().map(failure).collect::<Vec<_>>(),
            "skipped": self.skipped,
            "notes": self.notes,
        })
    }

    pub(crate) fn prometheus(&self) -> Vec<u8> {
        let failed = self.errors.iter().filter_map(failed_path);
        prometheus::render(self.files.iter(), failed, self.terms.now)
    }

    /// `100,000 certificates: 12 due, 3 expired, 99,985 end later; 98,985 not listed`.
    fn summary(&self) -> String {
        let Counts { certificates, due, expired, crls_due, crls_expired, others, skipped, .. } =
            self.counts;
        let mut parts = Vec::new();
        if self.terms.window.is_some() {
            parts.push(format!("{} due", thousands(due)));
        }
        if self.terms.window.is_some() || expired > 0 {
            parts.push(format!("{} expired", thousands(expired)));
            let later = certificates - due - expired;
            parts.push(format!(
                "{} {}",
                thousands(later),
                if later == 1 { "ends later" } else { "end later" }
            ));
        }
        let states =
            if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let mut sentences = vec![count(certificates, "certificate") + &states];
        if others > 0 {
            sentences.push(count(others, "other object"));
        }
        if self.terms.window.is_some() && crls_due + crls_expired > 0 {
            let (due, expired) = (thousands(crls_due), thousands(crls_expired));
            sentences.push(format!("revocation lists: {due} due, {expired} expired"));
        }
        if skipped > 0 {
            sentences.push(format!("{} skipped", count(skipped, "other file")));
        }
        // Only if some rows were dropped: each object has a row.
        let listed: usize = self.files.iter().map(|file| file.entries.len()).sum();
        if let Some(hidden @ 1..) = (certificates + others).checked_sub(listed) {
            sentences.push(format!("{} not listed", thousands(hidden)));
        }
        sentences.join("; ")
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = self.terms.now;
        for file in &self.files {
            let Some(served) = &file.server else { continue };
            server::write(f, &file.path.to_string_lossy(), served)?;
            writeln!(f)?;
            // The first certificate; a table has the others.
            if let (Some(Entry::Whole(found)), true) = (file.entries.first(), self.files.len() == 1)
            {
                text::write(f, &file.path, found, now)?;
                if file.entries.len() > 1 {
                    writeln!(f)?;
                }
            }
        }
        if let [FileReport { path, entries, server, .. }] = &self.files[..]
            && let [Entry::Whole(found)] = &entries[..]
        {
            return if server.is_some() { Ok(()) } else { text::write(f, path, found, now) };
        }
        if !self.files.is_empty() {
            for line in table::render(self.files.iter(), &self.terms) {
                writeln!(f, "{line}")?;
            }
            writeln!(f)?;
        } else if !self.errors.is_empty() && self.counts == Counts::default() {
            // The errors are enough.
            return Ok(());
        }
        writeln!(f, "{}", self.summary())?;
        skipped::list(&self.skipped).map_or(Ok(()), |list| writeln!(f, "Skipped: {list}"))
    }
}

/// The expired certificates that do not change the exit code.
fn ungated(terms: InspectOptions, counts: Counts) -> Option<Note> {
    let expired = match (terms.window, counts.expired) {
        (Some(_), _) | (_, 0) => return None,
        (_, 1) => "1 certificate has expired".to_owned(),
        (_, more) => format!("{} certificates have expired", thousands(more)),
    };
    Some(Note::plain(
        format!("{expired}, which does not change the exit code of inspect by itself"),
        Some("exit with 4 then: `--expires-within 30d`".into()),
    ))
}

/// An error with the file that it is about.
fn failure(error: &Error) -> Value {
    let mut failure = error_json(error);
    if let Value::Object(fields) = &mut failure {
        fields.insert("path".into(), failed_path(error).map(|it| it.to_string_lossy()).into());
    }
    failure
}

/// The file that could not be read.
fn failed_path(error: &Error) -> Option<&Path> {
    match error {
        Error::Store(StoreError::Read { path, .. })
        | Error::Issue(
            IssueError::Certificate { path, .. }
            | IssueError::Unrecognised { path, .. }
            | IssueError::Malformed { path, .. },
        )
        | Error::NoInput { path }
        | Error::Secret { path, .. }
        | Error::NothingThere { dir: path, .. }
        | Error::Loop { path, .. } => Some(path),
        _ => None,
    }
}
