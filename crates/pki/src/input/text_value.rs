//! Finds PEM that is a value in another text: a block scalar of YAML, a here-document, a quoted string.

use std::ops::Range;

use zeroize::Zeroizing;

use super::file_type::contains;

pub(super) const BEGIN: &[u8] = b"-----BEGIN ";
const QUOTES: &[u8] = b"\"'`";
/// The indentation of a deep value.
const DEEPEST: usize = 128;

/// PEM as a program reads it from its settings.
pub(super) struct TextValue {
    /// Where it is in the text.
    pub(super) range: Range<usize>,
    pub(super) pem: Zeroizing<Vec<u8>>,
}

/// The values of a text, in order. They may be malformed.
pub(super) fn values(text: &[u8]) -> Vec<TextValue> {
    let mut values = Vec::new();
    // Most texts end here.
    if !contains(text, BEGIN) {
        return values;
    }
    let mut at = 0;
    let mut last: &[u8] = b"";
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()).map(whole_line) {
        let next = at + line.len();
        let begin = line.windows(BEGIN.len()).position(|part| part == BEGIN);
        let value = begin.and_then(|begin| {
            let before = line.get(..begin)?;
            if begin == 0 {
                // The line before may end with the quote, and a backslash that joins the two.
                quoted(text, at, last.strip_suffix(b"\\").unwrap_or(last))
            } else if before.iter().all(|octet| b" \t".contains(octet)) {
                introduces(last).then(|| indented(text, at, before)).flatten()
            } else {
                quoted(text, at + begin, before)
            }
        });
        if !line.trim_ascii().is_empty() {
            last = line.trim_ascii();
        }
        at = value.as_ref().map_or(next, |value| value.range.end.max(next));
        values.extend(value);
    }
    values
}

/// Whether the indented lines that follow a line are a value.
fn introduces(line: &[u8]) -> bool {
    let scalar = line.trim_ascii_end();
    let end = scalar.iter().rposition(|octet| !b"+-0123456789".contains(octet));
    let mark = end.and_then(|end| scalar.get(end));
    matches!(mark, Some(b'|' | b'>')) || contains(line, b"<<") || line.starts_with(b"```")
}

/// The lines that have an indentation, without it.
fn indented(text: &[u8], begin: usize, indentation: &[u8]) -> Option<TextValue> {
    let mut pem = Zeroizing::new(Vec::new());
    let mut end = begin;
    if indentation.len() > DEEPEST {
        return None;
    }
    while let Some(line) = text.get(end..).filter(|rest| !rest.is_empty()).map(whole_line) {
        match line.strip_prefix(indentation) {
            Some(line) => pem.extend_from_slice(line),
            None if line.trim_ascii().is_empty() => pem.push(b'\n'),
            None => break,
        }
        end += line.len();
    }
    Some(TextValue { range: begin..end, pem })
}

/// What is between quotes, the first of which is the end of `before`.
fn quoted(text: &[u8], begin: usize, before: &[u8]) -> Option<TextValue> {
    let quote = before.last().filter(|octet| QUOTES.contains(octet))?;
    // An even number: a word in quotes ends there.
    if before.iter().filter(|octet| *octet == quote).take(DEEPEST).count() % 2 == 0 {
        return None;
    }
    let rest = text.get(begin..)?;
    let value = rest.get(..rest.iter().position(|octet| octet == quote)?)?;
    // Else the quotes are those of texts before and behind it.
    let is_block = value.trim_ascii_end().ends_with(b"-----");
    let is_whole = is_block && value.contains(&b'\n') && !value.contains(&b'\\');
    let range = begin..begin + value.len();
    is_whole.then(|| TextValue { range, pem: Zeroizing::new(value.to_vec()) })
}

fn whole_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|octet| *octet == b'\n');
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}
