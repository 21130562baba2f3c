//! What `status` shows: the CA, and a line for each identity.

use std::{fmt, path::PathBuf};

use anstyle::{AnsiColor, Style};
use comfy_table::{Table, presets::NOTHING};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{Note, bare_names, error_json, issue_report::CertificateSummary, reason};
use crate::{
    error::{Error, Exit},
    issue::spec::Drift,
};
use pki::x509::{
    certificate::Certificate,
    escape::{cut_cell, escape_line},
    validity::date,
};

const HEADER: [&str; 6] = ["NAME", "USAGE", "NAMES", "DAYS", "UNTIL", "STATE"];
/// Which column is cut where the table is wider than the terminal.
const NAMES: usize = 2;
/// The least that is left of it, and the most of it without a terminal.
const CELL: [usize; 2] = [8, 48];

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
    /// Empty: all is well.
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

    fn cells(&self, now: OffsetDateTime, names: usize) -> [String; 6] {
        let style = match self.exit() {
            Exit::Invalid => AnsiColor::Red.on_default().bold(),
            Exit::Due => AnsiColor::Yellow.on_default(),
            _ if self.marks.is_empty() => AnsiColor::Green.on_default(),
            _ => Style::new(),
        };
        let called = self
            .facts
            .as_ref()
            .map(|facts| bare_names(&facts.names).unwrap_or_else(|| facts.subject.clone()));
        [
            self.name.clone().unwrap_or_else(|| escape_line(&self.file)),
            self.usage.unwrap_or_default().to_owned(),
            cut_cell(&called.unwrap_or_default(), names),
            self.days_left(now).map(|days| days.to_string()).unwrap_or_default(),
            self.not_after.map(date).unwrap_or_default(),
            format!("{style}{}{style:#}", self.state()),
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
        let facts = self.facts.as_ref().and_then(|facts| serde_json::to_value(facts).ok());
        if let (Value::Object(fields), Some(Value::Object(facts))) = (&mut value, facts) {
            fields.extend(facts.into_iter().filter(|(name, _)| name != "usage"));
        }
        value["changes"] = json!(self.changes);
        value
    }
}

impl Status {
    pub(crate) fn exit(&self) -> Exit {
        let entries = std::iter::once(&self.ca).chain(&self.entries).map(Entry::exit);
        entries.chain(self.errors.iter().map(Error::exit)).fold(Exit::Done, Exit::worst)
    }

    /// Why the exit code is not 0.
    pub(crate) fn reason(&self) -> String {
        let all = || std::iter::once(&self.ca).chain(&self.entries);
        let with = |exit| all().filter(|entry| entry.exit() == exit).count();
        let is_early = |entry: &&Entry| entry.marks.contains(&Mark::NotYetValid);
        let early = all().filter(is_early).count();
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

    /// The lines of the table, with so many characters for names.
    fn table(&self, names: usize) -> Vec<String> {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(HEADER);
        for entry in &self.entries {
            table.add_row(entry.cells(self.now, names));
        }
        for (at, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, if at + 1 < HEADER.len() { 2 } else { 0 }));
        }
        table.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// How many characters of names fit.
    fn names_width(&self) -> usize {
        let [least, most] = CELL;
        let Some(width) = self.width else { return most };
        let width_of = |column: usize| {
            let longest = self.entries.iter().map(|entry| match column {
                NAMES => 0,
                // Without its colour.
                5 => entry.state().chars().count(),
                _ => entry.cells(self.now, most)[column].chars().count(),
            });
            longest.max().unwrap_or_default().max(if column == NAMES {
                0
            } else {
                HEADER[column].len()
            })
        };
        let others: usize = (0..HEADER.len()).map(width_of).sum::<usize>() + 2 * (HEADER.len() - 1);
        width.saturating_sub(others).max(least)
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
        for line in self.table(self.names_width()) {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
