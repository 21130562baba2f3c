//! Text tables: a column is as wide as its widest cell, and cut if the terminal is too narrow.

use std::array;

use comfy_table::{ColumnConstraint, Table, presets::NOTHING};
use pki::x509::escape::cut_cell;

/// Spaces between two columns.
const GAP: u16 = 2;

/// The lines of a table, without spaces at their ends. Without a header, empty columns are omitted.
pub(super) fn lines<const N: usize>(
    header: Option<[&str; N]>,
    rows: Vec<[String; N]>,
) -> impl Iterator<Item = String> {
    let is_empty: [bool; N] =
        array::from_fn(|at| header.is_none() && rows.iter().all(|row| row[at].is_empty()));
    let mut table = Table::new();
    table.load_style(NOTHING).add_rows(rows);
    if let Some(header) = header {
        table.set_header(header);
    }
    for (column, is_empty) in table.column_iter_mut().zip(is_empty) {
        column.set_padding((0, GAP));
        if is_empty {
            column.set_constraint(ColumnConstraint::Hidden);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().into_iter()
}

/// Cuts cells until a line has at most `width` characters: `cut` lists columns in order, each with the
/// characters that it keeps at least. Other columns are never cut.
pub(super) fn narrow<const N: usize>(
    header: [&str; N],
    rows: &mut [[String; N]],
    cut: &[(usize, usize)],
    width: usize,
) {
    let widest = |rows: &[[String; N]], column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].len()]).max().unwrap_or_default()
    };
    for (column, least) in cut {
        let all: usize = (0..N).map(|column| widest(rows, column)).sum();
        let excess = (all + usize::from(GAP) * (N - 1)).saturating_sub(width);
        let limit = widest(rows, *column).saturating_sub(excess).max(*least);
        for row in rows.iter_mut() {
            row[*column] = cut_cell(&row[*column], limit);
        }
    }
}
