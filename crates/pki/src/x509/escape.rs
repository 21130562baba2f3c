//! Untrusted text made safe for a terminal: hidden characters are visible, and it stays on one
//! line.

use std::fmt::Write;

/// Whether a character moves the cursor, reorders its neighbours, or is invisible.
///
/// These are the controls, the spaces other than U+0020, and the characters that Unicode 15.1
/// defines as format, default-ignorable, private use or noncharacter.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}'
        | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{2800}'
        | '\u{3000}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
        | '\u{fffe}'..='\u{ffff}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..)
}

/// The text on one line, hidden characters escaped: `\n`, `\r`, `\t`, else `\u{202e}`.
///
/// A backslash is doubled, so that the result is unambiguous.
#[must_use]
pub fn escape_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => line.push_str(r"\\"),
            '\n' => line.push_str(r"\n"),
            '\r' => line.push_str(r"\r"),
            '\t' => line.push_str(r"\t"),
            _ if is_hidden(character) => line.extend(character.escape_unicode()),
            _ => line.push(character),
        }
    }
    line
}

/// As [`escape_line`], for octets: octets that are not UTF-8 are written `\xff`.
#[must_use]
pub fn escape_bytes(bytes: &[u8]) -> String {
    let mut line = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        line.push_str(&escape_line(chunk.valid()));
        for octet in chunk.invalid() {
            let _ = write!(line, "\\x{octet:02x}");
        }
    }
    line
}

/// At most `limit` characters of an escaped text. A longer text is cut, and its length is appended.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => {
            format!("{}… ({} characters)", &text[..end], thousands(text.chars().count()))
        }
    }
}

/// As [`shorten`], for a cell of a table: an ellipsis replaces the rest.
#[must_use]
pub fn cut_cell(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// A decimal number with a comma after each thousand: `100,000`.
#[must_use]
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A character for an error message: `` `_` (U+005F) ``, or `U+202E` alone if it is hidden.
#[must_use]
pub fn describe(character: char) -> String {
    let code = u32::from(character);
    match character {
        ' ' => "a space (U+0020)".to_owned(),
        _ if is_hidden(character) => format!("U+{code:04X}"),
        _ => format!("`{character}` (U+{code:04X})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_others_are_not() {
        let cases = [
            ("plain, text = 1", "plain, text = 1"),
            ("bücher 書籍 🙂", "bücher 書籍 🙂"),
            ("a\nb\r\tc\0", r"a\nb\r\tc\u{0}"),
            ("\x1b[31mred\x07\u{9b}", r"\u{1b}[31mred\u{7}\u{9b}"),
            ("\u{202e}gnp\u{2066}", r"\u{202e}gnp\u{2066}"),
            ("a\u{200b}b\u{feff}\u{ad}", r"a\u{200b}b\u{feff}\u{ad}"),
            (r"\u{202e}", r"\\u{202e}"),
            ("\u{2028}\u{a0}\u{3000}\u{e0041}", r"\u{2028}\u{a0}\u{3000}\u{e0041}"),
        ];

        for (text, expected) in cases {
            assert_eq!(escape_line(text), expected);
        }
    }

    #[test]
    fn long_texts_are_shortened_with_a_mark() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äöü… (4 characters)");
        assert_eq!(["äöü", "äöüß"].map(|text| cut_cell(text, 3)), ["äöü", "äö…"]);
        assert_eq!(shorten(&"x".repeat(1000), 1), "x… (1,000 characters)");
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn octets_that_are_not_text_are_shown_in_hexadecimal() {
        assert_eq!(escape_bytes(b"b\xc3\xbccher \xff\xfe\x1b"), r"bücher \xff\xfe\u{1b}");
    }
}
