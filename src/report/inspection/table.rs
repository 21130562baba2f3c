//! Many things, a line each.

use std::path::Path;

use comfy_table::{Table, presets::NOTHING};
use time::OffsetDateTime;

use super::{
    phrase::{cut_cell, distance, unicode},
    tally::{Entry, Sheet},
};
use crate::{
    intake::{Broken, Found, KeyFacts, Thing},
    x509::{cert::Certificate, escape::escape_line, san::GeneralName, validity::date, words},
};

/// Characters of a subject, or of all names, in a cell.
const CELL: usize = 48;
/// Names that are looked at for a cell.
const NAMES: usize = 8;

const HEADER: [&str; 6] = ["ENDS", "IN", "KIND", "SUBJECT", "NAMES", "FILE"];

/// One thing as the table has it; small, so that many can be held.
#[derive(Debug)]
pub(super) struct Row {
    ends: Option<OffsetDateTime>,
    kind: Box<str>,
    subject: Box<str>,
    names: Box<str>,
    within: Option<Box<str>>,
}

impl Row {
    pub(super) fn of(found: &Found) -> Self {
        let within = found.within.as_ref().map(|within| within.to_string().into());
        let row = |ends, kind: &str, subject: String, names: String| Self {
            ends,
            kind: kind.into(),
            subject: cut_cell(&subject, CELL).into(),
            names: names.into(),
            within: within.clone(),
        };
        match &found.thing {
            Thing::Certificate(certificate) => row(
                Some(certificate.not_after()),
                words::role(certificate),
                certificate.subject().to_string(),
                names(certificate),
            ),
            Thing::Request(request) => {
                row(None, "request", request.subject().to_string(), String::new())
            }
            Thing::RevocationList(list) => {
                row(list.next_update(), "CRL", list.issuer().to_string(), String::new())
            }
            Thing::PublicKey(key) => row(None, "public key", key.kind().to_string(), String::new()),
            Thing::PrivateKey(key) => row(None, "private key", private_key(key), String::new()),
            Thing::Misplaced(reason) => row(None, "misplaced", (*reason).to_owned(), String::new()),
            Thing::Broken { what, reason } => row(
                None,
                if *reason == Broken::Locked { "locked" } else { "broken" },
                format!("{what}: {}", escape_line(&reason.to_string())),
                String::new(),
            ),
        }
    }

    fn cells(&self, path: &Path, now: OffsetDateTime) -> [String; 6] {
        let path = escape_line(&path.display().to_string());
        let file = match &self.within {
            Some(within) => format!("{path}: {within}"),
            None => path,
        };
        let left = self.ends.map(|ends| match (distance(ends, now), ends < now) {
            (distance, true) => format!("{distance} ago"),
            (distance, false) => distance,
        });
        [
            self.ends.map(date).unwrap_or_default(),
            left.unwrap_or_default(),
            self.kind.to_string(),
            self.subject.to_string(),
            self.names.to_string(),
            file,
        ]
    }
}

/// `rsa:2048, PKCS#8`.
pub(super) fn private_key(key: &KeyFacts) -> String {
    match &key.kind {
        Some(kind) => format!("{kind}, {}", key.form),
        None => key.form.to_owned(),
    }
}

/// The table of all rows, in order; a line has no spaces at its end.
pub(super) fn render<'a>(
    sheets: impl Iterator<Item = &'a Sheet>,
    now: OffsetDateTime,
) -> impl Iterator<Item = String> {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(HEADER);
    for sheet in sheets {
        for entry in &sheet.entries {
            table.add_row(match entry {
                Entry::Row(row) => row.cells(&sheet.path, now),
                Entry::Whole(found) => Row::of(found).cells(&sheet.path, now),
            });
        }
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at + 1 < HEADER.len() { 2 } else { 0 }));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().into_iter()
}

/// The names without their kinds, as many as fit.
fn names(certificate: &Certificate) -> String {
    let names = certificate.names();
    let bare = |name: &GeneralName| {
        unicode(name).unwrap_or_else(|| {
            let name = name.to_string();
            name.split_once(':').map_or(name.clone(), |(_, bare)| bare.to_owned())
        })
    };
    let shown: Vec<String> = names.iter().take(NAMES).map(bare).collect();
    let more = if names.len() > NAMES { ", …" } else { "" };
    cut_cell(&(shown.join(", ") + more), CELL)
}
