//! The table: a line for each object.

use super::{
    collector::{Entry, FileReport},
    options::InspectOptions,
    row::{CELLS, Row},
};
use crate::report::table;

const HEADER: [&str; CELLS] = ["STATUS", "ENDS", "IN", "KIND", "SUBJECT", "NAMES", "FILE"];
/// The columns that are cut where the terminal is too narrow, the first of them first, and the
/// characters that they keep.
const CUT: [(usize, usize); 2] = [(5, 8), (4, 12)];

/// The table of all rows, in order, where possible within `width` characters; a line has no spaces at its
/// end.
pub(super) fn render<'a>(
    files: impl Iterator<Item = &'a FileReport>,
    terms: &InspectOptions,
) -> impl Iterator<Item = String> {
    let mut rows: Vec<[String; CELLS]> = Vec::new();
    for file in files {
        rows.extend(file.entries.iter().map(|entry| match entry {
            Entry::Row(row) => row.cells(&file.path, terms),
            Entry::Whole(found) => Row::of(found).cells(&file.path, terms),
        }));
    }
    if let Some(width) = terms.width {
        table::narrow(HEADER, &mut rows, &CUT, width);
    }
    table::lines(Some(HEADER), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(subject: &str, names: &str, file: &str) -> [String; CELLS] {
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
