//! The result of `status`: the CA, and a line for each identity.

use std::{fmt, path::PathBuf};

use anstyle::{AnsiColor, Style};
use pki::x509::{
    certificate::Certificate,
    escape::{cut_cell, escape_line},
    validity::date,
};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{
    certificate_summary::CertificateSummary,
    json::{error_json, merged},
    note::Note,
    table,
    words::reason,
};
use crate::{
    error::{Error, Exit},
    issue::changes::Drift,
};

const HEADER: [&str; 6] = ["NAME", "USAGE", "NAMES", "DAYS", "UNTIL", "STATE"];
/// The column that is cut where the terminal is too narrow, and the characters that it keeps.
const CUT: [(usize, usize); 1] = [(2, 8)];
/// Its characters without a terminal.
const NAMES: usize = 48;

/// The result of `status`.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) directory: PathBuf,
    pub(crate) ca: Entry,
    pub(crate) entries: Vec<Entry>,
    pub(crate) now: OffsetDateTime,
    /// Columns of the terminal that shows it.
    pub(crate) width: Option<usize>,
    /// Files that could not be read.
    pub(crate) errors: Vec<Error>,
    pub(crate) notes: Vec<Note>,
}

/// One certificate, or one that is missing.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Of the identity; none for a file of another layout.
    pub(crate) name: Option<String>,
    /// Within the directory.
    pub(crate) file: String,
    pub(crate) usage: Option<&'static str>,
    pub(crate) facts: Option<Box<CertificateSummary>>,
    pub(crate) not_after: Option<OffsetDateTime>,
    /// Empty if the state is `ok`.
    pub(crate) marks: Vec<Mark>,
    pub(crate) changes: Vec<Drift>,
}

/// A part of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Expired,
    /// Its notBefore is in the future.
    NotYetValid,
    Due,
    Missing,
    /// The fields that differ from the plan.
    Differs(Vec<&'static str>),
    /// Why `renew` does not renew it: `no key`, `other layout`.
    Blocked(&'static str),
    /// The hook of `renew --exec` has not succeeded since the renewal.
    HookPending,
    Unmanaged,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("expired"),
            Self::NotYetValid => f.write_str("not yet valid"),
            Self::Due => f.write_str("due"),
            Self::Missing => f.write_str("missing"),
            Self::Differs(fields) => write!(f, "differs: {}", fields.join(", ")),
            Self::Blocked(reason) => f.write_str(reason),
            Self::HookPending => f.write_str("hook pending"),
            Self::Unmanaged => f.write_str("unmanaged"),
        }
    }
}

impl Mark {
    const fn exit(&self) -> Exit {
        match self {
            Self::Expired | Self::NotYetValid => Exit::Invalid,
            Self::Due | Self::Missing | Self::Differs(_) | Self::HookPending => Exit::Due,
            Self::Blocked(_) | Self::Unmanaged => Exit::Done,
        }
    }
}

impl Entry {
    pub(crate) fn new(
        name: Option<&str>,
        file: String,
        certificate: Option<&Certificate>,
        marks: Vec<Mark>,
    ) -> Self {
        let facts = certificate.map(CertificateSummary::of);
        Self {
            name: name.map(str::to_owned),
            file,
            usage: facts.as_ref().and_then(|facts| facts.usage),
            facts,
            not_after: certificate.map(Certificate::not_after),
            marks,
            changes: Vec::new(),
        }
    }

    fn exit(&self) -> Exit {
        self.marks.iter().map(Mark::exit).fold(Exit::Done, Exit::worst)
    }

    /// Whole days, below zero once it has expired.
    fn days_left(&self, now: OffsetDateTime) -> Option<i64> {
        let seconds = (self.not_after? - now).whole_seconds();
        Some(seconds.div_euclid(86_400))
    }

    fn state(&self) -> String {
        if self.marks.is_empty() {
            return "ok".to_owned();
        }
        self.marks.iter().map(Mark::to_string).collect::<Vec<_>>().join("; ")
    }

    fn style(&self) -> Style {
        match self.exit() {
            Exit::Invalid => AnsiColor::Red.on_default().bold(),
            Exit::Due => AnsiColor::Yellow.on_default(),
            _ if self.marks.is_empty() => AnsiColor::Green.on_default(),
            _ => Style::new(),
        }
    }

    fn cells(&self, now: OffsetDateTime) -> [String; HEADER.len()] {
        [
            self.name.clone().unwrap_or_else(|| escape_line(&self.file)),
            self.usage.unwrap_or_default().to_owned(),
            self.facts.as_ref().map(|facts| facts.called()).unwrap_or_default(),
            self.days_left(now).map(|days| days.to_string()).unwrap_or_default(),
            self.not_after.map(date).unwrap_or_default(),
            self.state(),
        ]
    }

    fn json(&self, now: OffsetDateTime) -> Value {
        let mut value = json!({
            "name": self.name,
            "file": self.file,
            "state": self.marks.first().map_or_else(|| "ok".to_owned(), Mark::to_string),
            "states": self.marks.iter().map(Mark::to_string).collect::<Vec<_>>(),
            "exit": self.exit() as u8,
            "days_left": self.days_left(now),
            "usage": self.usage,
        });
        if let Some(facts) = &self.facts {
            let usage = value["usage"].take();
            value = merged(value, facts);
            value["usage"] = usage;
        }
        value["changes"] = json!(self.changes);
        value
    }
}

impl Status {
    fn all(&self) -> impl Iterator<Item = &Entry> {
        std::iter::once(&self.ca).chain(&self.entries)
    }

    pub(crate) fn exit(&self) -> Exit {
        self.all()
            .map(Entry::exit)
            .chain(self.errors.iter().map(Error::exit))
            .fold(Exit::Done, Exit::worst)
    }

    /// Why the exit code is not 0.
    pub(crate) fn reason(&self) -> String {
        let with = |exit| self.all().filter(|entry| entry.exit() == exit).count();
        let early = self.all().filter(|entry| entry.marks.contains(&Mark::NotYetValid)).count();
        reason(&[
            (with(Exit::Invalid) - early, "expired"),
            (early, "not yet valid"),
            (with(Exit::Due), "due or not as planned"),
            (self.errors.len(), "cannot be read"),
        ])
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "directory": self.directory,
            "exit": self.exit() as u8,
            "ca": self.ca.json(self.now),
            "certificates": self.entries.iter().map(|one| one.json(self.now)).collect::<Vec<_>>(),
            "notes": self.notes,
            "errors": self.errors.iter().map(error_json).collect::<Vec<_>>(),
        })
    }

    fn table(&self) -> impl Iterator<Item = String> {
        let mut rows: Vec<_> = self.entries.iter().map(|entry| entry.cells(self.now)).collect();
        match self.width {
            Some(width) => table::narrow(HEADER, &mut rows, &CUT, width),
            None => rows.iter_mut().for_each(|row| row[2] = cut_cell(&row[2], NAMES)),
        }
        // Colours have no width, so they come last.
        for (row, entry) in rows.iter_mut().zip(&self.entries) {
            let style = entry.style();
            row[5] = format!("{style}{}{style:#}", row[5]);
        }
        table::lines(Some(HEADER), rows)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.ca.facts.as_deref().cloned().unwrap_or_default();
        let days = self.ca.days_left(self.now).unwrap_or_default();
        let state = match self.ca.marks.first() {
            Some(mark) => format!(" ({mark})"),
            None => String::new(),
        };
        writeln!(f, "CA {}, {days} days left, until {}{state}", facts.subject, facts.until)?;
        if self.entries.is_empty() {
            return writeln!(f, "\nNo certificates of this CA.");
        }
        writeln!(f)?;
        for line in self.table() {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
