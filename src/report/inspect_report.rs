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
use super::{as_typed::as_typed, json::error_json, note::Note, skipped, words::reason};
use crate::{
    error::{Error, Exit},
    issue::error::IssueError,
    store::StoreError,
};

/// The most notes on single files.
const NOTES: usize = 20;

/// The result of `inspect`: what was collected, in order.
#[derive(Debug)]
pub(crate) struct Inspection(Collector);

impl Inspection {
    pub(crate) fn new(collector: Collector) -> Self {
        let mut sorted = collector.sorted();
        sorted.skipped.sort();
        sorted.errors.sort_by(|one, other| failed_path(one).cmp(&failed_path(other)));
        sorted.notes.sort_by_key(|note| as_typed(&note.message));
        if let Some(more @ 1..) = sorted.notes.len().checked_sub(NOTES) {
            sorted.notes.truncate(NOTES);
            sorted.notes.push(Note::plain(format!("{} more of these", thousands(more)), None));
        }
        sorted.notes.extend(ungated(sorted.terms, sorted.counts));
        Self(sorted)
    }

    /// Files that could not be read; they did not stop the rest.
    pub(crate) fn errors(&self) -> &[Error] {
        &self.0.errors
    }

    pub(crate) fn notes(&self) -> &[Note] {
        &self.0.notes
    }

    pub(crate) fn exit(&self) -> Exit {
        let asked = match (self.0.terms.window, self.0.counts) {
            (None, _) => Exit::Done,
            (_, Counts { expired: 1.., .. } | Counts { crls_expired: 1.., .. }) => Exit::Invalid,
            (_, Counts { due: 1.., .. } | Counts { crls_due: 1.., .. }) => Exit::Due,
            _ => Exit::Done,
        };
        self.0.errors.iter().map(Error::exit).fold(asked, Exit::worst)
    }

    /// Why the exit code is not 0.
    pub(crate) fn reason(&self) -> String {
        let Counts { due, expired, crls_due, crls_expired, .. } = self.0.counts;
        reason(&[
            (expired + crls_expired, "expired"),
            (due + crls_due, "due"),
            (self.0.errors.len(), "cannot be read"),
        ])
    }

    pub(crate) fn json(&self) -> Value {
        let Collector { terms, counts, files, errors, notes, skipped, .. } = &self.0;
        json!({
            "at": rfc3339(terms.now),
            "expires_within": terms.window.map(|window| window.to_string()),
            "counts": counts,
            "files": files.iter().map(|it| json::file(it, terms)).collect::<Vec<_>>(),
            "errors": errors.iter().map(failure).collect::<Vec<_>>(),
            "skipped": skipped,
            "notes": notes,
        })
    }

    pub(crate) fn prometheus(&self) -> Vec<u8> {
        let failed = self.0.errors.iter().filter_map(failed_path);
        prometheus::render(self.0.files.iter(), failed, self.0.terms.now)
    }

    /// `100,000 certificates: 12 due, 3 expired, 99,985 end later; 98,985 not listed`.
    fn summary(&self) -> String {
        let Counts { certificates, due, expired, crls_due, crls_expired, others, skipped, .. } =
            self.0.counts;
        let has_window = self.0.terms.window.is_some();
        let mut first = count(certificates, "certificate");
        if has_window || expired > 0 {
            let due = if has_window { format!("{} due, ", thousands(due)) } else { String::new() };
            let later = certificates - self.0.counts.due - expired;
            let ends = if later == 1 { "ends later" } else { "end later" };
            let (expired, later) = (thousands(expired), thousands(later));
            first = format!("{first}: {due}{expired} expired, {later} {ends}");
        }
        let mut sentences = vec![first];
        if others > 0 {
            sentences.push(count(others, "other object"));
        }
        if has_window && crls_due + crls_expired > 0 {
            let (due, expired) = (thousands(crls_due), thousands(crls_expired));
            sentences.push(format!("revocation lists: {due} due, {expired} expired"));
        }
        if skipped > 0 {
            sentences.push(format!("{} skipped", count(skipped, "other file")));
        }
        // Only if some rows were dropped: each object has a row.
        let listed: usize = self.0.files.iter().map(|file| file.entries.len()).sum();
        if let Some(hidden @ 1..) = (certificates + others).checked_sub(listed) {
            sentences.push(format!("{} not listed", thousands(hidden)));
        }
        sentences.join("; ")
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = self.0.terms.now;
        for file in &self.0.files {
            let Some(served) = &file.server else { continue };
            server::write(f, &file.path.to_string_lossy(), served)?;
            writeln!(f)?;
            // The first certificate; a table has the others.
            if let (Some(Entry::Whole(found)), true) =
                (file.entries.first(), self.0.files.len() == 1)
            {
                text::write(f, &file.path, found, now)?;
                if file.entries.len() > 1 {
                    writeln!(f)?;
                }
            }
        }
        if let [FileReport { path, entries, server, .. }] = &self.0.files[..]
            && let [Entry::Whole(found)] = &entries[..]
        {
            return if server.is_some() { Ok(()) } else { text::write(f, path, found, now) };
        }
        if !self.0.files.is_empty() {
            for line in table::render(self.0.files.iter(), &self.0.terms) {
                writeln!(f, "{line}")?;
            }
            writeln!(f)?;
        } else if !self.0.errors.is_empty() && self.0.counts == Counts::default() {
            // The errors are enough.
            return Ok(());
        }
        writeln!(f, "{}", self.summary())?;
        skipped::list(&self.0.skipped).map_or(Ok(()), |list| writeln!(f, "Skipped: {list}"))
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
    failure["path"] = failed_path(error).map(|it| it.to_string_lossy()).into();
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
