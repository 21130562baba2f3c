//! The table: a line for each object.

use std::path::Path;

use pki::x509::validity::date;

use super::{
    collector::{Entry, FileReport, InspectOptions, State},
    row::Row,
    value_text::distance,
};
use crate::{path_text::PathText as _, report::table};

const HEADER: [&str; 7] = ["STATUS", "ENDS", "IN", "KIND", "SUBJECT", "NAMES", "FILE"];
/// The columns that are cut where the terminal is too narrow, the first of them first, and the
/// characters that they keep.
const CUT: [(usize, usize); 2] = [(5, 8), (4, 12)];

/// The table of all rows, in order, where possible within `width` characters; a line has no spaces at its
/// end.
pub(super) fn render<'a>(
    files: impl Iterator<Item = &'a FileReport>,
    terms: &InspectOptions,
    width: Option<usize>,
) -> impl Iterator<Item = String> {
    let mut rows: Vec<[String; HEADER.len()]> = Vec::new();
    for file in files {
        rows.extend(file.entries.iter().map(|entry| match entry {
            Entry::Row(row) => cells(row, &file.path, terms),
            Entry::Whole(found) => cells(&Row::of(found), &file.path, terms),
        }));
    }
    if let Some(width) = width {
        table::narrow(HEADER, &mut rows, &CUT, width);
    }
    table::lines(Some(HEADER), rows)
}

/// One line.
fn cells(row: &Row, path: &Path, terms: &InspectOptions) -> [String; HEADER.len()] {
    let path = path.shown();
    let file = match &row.within {
        Some(within) => format!("{path}: {within}"),
        None => path,
    };
    let ends = row.validity.map(|validity| validity.not_after);
    let left = ends.map(|ends| match (distance(ends, terms.now), ends < terms.now) {
        (distance, true) => format!("{distance} ago"),
        (distance, false) => distance,
    });
    let status = row.validity.map(|validity| match terms.state(&validity) {
        State::Expired => "expired",
        State::Later if terms.now < validity.not_before => "not yet",
        State::Due => "due",
        State::Later => "ok",
    });
    [
        status.unwrap_or_default().to_owned(),
        ends.map(date).unwrap_or_default(),
        left.unwrap_or_default(),
        row.kind.to_string(),
        row.subject.to_string(),
        row.names.to_string(),
        file,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(subject: &str, names: &str, file: &str) -> [String; HEADER.len()] {
        ["ok", "2027-01-01", "34 days", "leaf", subject, names, file].map(str::to_owned)
    }

    #[test]
    fn names_are_cut_before_subjects_and_files_never() {
        let (subject, names) = ("CN=".to_owned() + &"s".repeat(37), "n".repeat(40));
        let file = "a/rather/long/path/to/server.pem";
        for (width, subject_left, names_left) in
            [(200, 40, 40), (130, 40, 19), (100, 21, 8), (60, 12, 8)]
        {
            let mut rows = vec![row(&subject, &names, file), row("CN=a", "a", "b.pem")];

            table::narrow(HEADER, &mut rows, &CUT, width);

            let lengths = [4, 5, 6].map(|column| rows[0][column].chars().count());
            assert_eq!(lengths, [subject_left, names_left, file.len()], "{width}");
            assert_eq!(rows[1], row("CN=a", "a", "b.pem"), "{width}");
        }
    }
}
