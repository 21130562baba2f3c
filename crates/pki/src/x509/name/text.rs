//! The values of attributes, as text: out of the string types, and into RFC 4514.

use std::fmt::Write;

use crate::x509::{
    escape::is_hidden,
    hex::hex,
    tlv::{
        BMP_STRING, IA5_STRING, NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, UNIVERSAL_STRING,
        UTF8_STRING, VISIBLE_STRING,
    },
};

/// The text of a string type; none where the octets do not keep to the type.
///
/// `T61String` is read as Latin-1, as programs wrote it.
pub(in crate::x509) fn decode_text(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        UTF8_STRING => String::from_utf8(content.to_vec()).ok(),
        NUMERIC_STRING | PRINTABLE_STRING | IA5_STRING | VISIBLE_STRING if content.is_ascii() => {
            String::from_utf8(content.to_vec()).ok()
        }
        T61_STRING => Some(content.iter().map(|octet| char::from(*octet)).collect()),
        BMP_STRING => {
            let (units, rest) = content.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            String::from_utf16(&units).ok().filter(|_| rest.is_empty())
        }
        UNIVERSAL_STRING => {
            let (units, rest) = content.as_chunks::<4>();
            let characters = units.iter().map(|unit| char::from_u32(u32::from_be_bytes(*unit)));
            characters.collect::<Option<String>>().filter(|_| rest.is_empty())
        }
        _ => None,
    }
}

/// `#` and upper-case hexadecimal, as RFC 4514 and OpenSSL write a value that is not text.
pub(in crate::x509) fn hexadecimal(octets: &[u8]) -> String {
    format!("#{}", hex(octets).to_uppercase())
}

/// A value as [RFC 4514 section 2.4] has it, hidden characters as the `\XX` of their UTF-8 octets.
///
/// [RFC 4514 section 2.4]: https://www.rfc-editor.org/rfc/rfc4514#section-2.4
pub(super) fn escape_value(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for (at, character) in value.char_indices() {
        let is_last = at + character.len_utf8() == value.len();
        let is_special = match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            '#' => at == 0,
            ' ' => at == 0 || is_last,
            _ => false,
        };
        if is_hidden(character) {
            for octet in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(escaped, "\\{octet:02X}");
            }
            continue;
        }
        if is_special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
