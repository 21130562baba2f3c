//! Finds the certificates of a text that no PEM reader finds: their BEGIN line is malformed or missing.

use std::collections::HashSet;

use super::{
    file_type::contains,
    object::{MOST_BROKEN, ObjectError},
};
use crate::x509::pem::next_line;

/// The beginning of the label of a certificate, without the dashes. Its case may be wrong.
const BEGINS: [&[u8]; 3] =
    [b"BEGIN CERTIFICATE", b"BEGIN TRUSTED CERTIFICATE", b"BEGIN X509 CERTIFICATE"];
/// A run of letters this long is base64, not prose.
const LETTERS: usize = 32;

/// Each with its line, counted from 1. `blocks` are the lines in which the reader of PEM found a block.
pub(super) fn certificates(text: &[u8], blocks: &HashSet<usize>) -> Vec<(usize, ObjectError)> {
    let mut strays = Vec::new();
    // Most texts end here.
    if ![b"CERTIFICATE", b"Certificate", b"certificate"].iter().any(|word| contains(text, *word)) {
        return strays;
    }
    let mut is_inside = false;
    let mut is_after_base64 = false;
    let mut rest = text;
    let mut number = 0;
    while let Some((line, after)) = next_line(rest)
        && strays.len() < MOST_BROKEN
    {
        (rest, number) = (after, number + 1);
        if blocks.contains(&number) {
            // A block, which may be broken, and is then named as one.
            is_inside = true;
        } else if line.starts_with(b"-----END ") {
            if !is_inside && is_after_base64 && contains(line, b"CERTIFICATE-----") {
                strays.push((number, "its BEGIN line is missing".into()));
            }
            is_inside = contains(line, b"-----BEGIN ");
        } else if !is_inside && !is_comment(line) && begins_certificate(line, after) {
            strays.push((number, reason(line)));
        }
        is_after_base64 = letters(line) == line.len() && letters(line) > 0;
    }
    strays
}

/// What was left in a file of settings, and is not in use.
pub(super) fn is_comment(line: &[u8]) -> bool {
    line.starts_with(b"#") || line.starts_with(b"//") || line.starts_with(b";")
}

/// Why the BEGIN line of a certificate is not found.
pub(super) fn reason(line: &[u8]) -> ObjectError {
    if contains(line, b"-\\n") || contains(line, b"-\\r\\n") {
        return ObjectError::EscapedNewlines;
    }
    "its BEGIN line is malformed".into()
}

/// Whether a line names a certificate, and the base64 of one follows in it or in the next line.
fn begins_certificate(line: &[u8], after: &[u8]) -> bool {
    let line = line.to_ascii_uppercase();
    let Some(at) = BEGINS.iter().find_map(|begin| {
        let at = line.windows(begin.len()).position(|part| part == *begin)?;
        Some(at + begin.len())
    }) else {
        return false;
    };
    let own = line.get(at..).unwrap_or_default();
    let next = after.get(..200.min(after.len())).unwrap_or_default().to_ascii_uppercase();
    has_der(own) || (letters_after_marks(own).is_empty() && has_der(&next))
}

/// Whether base64 of a SEQUENCE of more than 127 octets comes next; upper case.
fn has_der(text: &[u8]) -> bool {
    let text = letters_after_marks(text);
    text.starts_with(b"MI") && letters(text) >= LETTERS
}

/// Without the dashes, quotes and escapes that end a BEGIN line in some other notation.
fn letters_after_marks(text: &[u8]) -> &[u8] {
    let mut text = text;
    loop {
        text = match text {
            // Of programs, and of XML.
            [b'\\', b'N' | b'R', rest @ ..]
            | [b'&', b'#', b'1', b'0' | b'3', rest @ ..]
            | [b'&', b'#', b'X', b'A' | b'D', rest @ ..] => rest,
            [octet, rest @ ..] if !octet.is_ascii_alphanumeric() => rest,
            _ => return text,
        };
    }
}

/// How many letters of base64 a text begins with.
fn letters(text: &[u8]) -> usize {
    let is_letter = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/=".contains(octet);
    text.iter().take_while(|octet| is_letter(octet)).count()
}
