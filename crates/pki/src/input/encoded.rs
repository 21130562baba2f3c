//! A whole text in an encoding that no client decodes: hexadecimal, percent-encoding, base64 of base64.

use zeroize::Zeroizing;

use super::{
    file_type,
    object::{ENCODED_TWICE, PkiObject, ReadResult, Unrecognized},
};
use crate::x509::{hex, pem};

/// More encodings around each other than any program makes.
const MOST_LAYERS: usize = 4;

/// The object in a text, as one that cannot be read; `None` if the text is something else.
///
/// `read` is the reader of what is inside.
pub(super) fn read(content: &[u8], read: impl Fn(&[u8]) -> ReadResult) -> Option<PkiObject> {
    let mut names = Vec::new();
    let mut octets = Zeroizing::new(content.to_vec());
    for _ in 0..MOST_LAYERS {
        let (name, inner) = decode(&octets)?;
        names.push(name);
        octets = inner;
        let inner = match read(&octets) {
            Ok(_) => String::new(),
            Err(Unrecognized::Container(container)) => format!(" of {container}"),
            Err(_) => continue,
        };
        let reason = match names[..] {
            ["base64", "base64"] if inner.is_empty() => ENCODED_TWICE,
            _ => format!("it is {}{inner}, which no client decodes", names.join(" of ")).into(),
        };
        return Some(PkiObject::broken("certificate", reason));
    }
    None
}

/// The name of the encoding of a text, and what it decodes to.
fn decode(text: &[u8]) -> Option<(&'static str, Zeroizing<Vec<u8>>)> {
    let name = |name| move |octets| (name, octets);
    hexadecimal(text)
        .map(name("hexadecimal"))
        .or_else(|| percent(text).map(name("percent-encoding")))
        .or_else(|| {
            let octets = file_type::is_base64(text).then(|| pem::base64(text))?;
            octets.map(name("base64"))
        })
}

/// The octets of digits, with or without colons and white space; they begin as DER or PEM does.
fn hexadecimal(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let is_between = |octet: &u8| octet.is_ascii_whitespace() || *octet == b':';
    let begins =
        [&b"308"[..], b"30:8", b"30 8", b"2d2d2d", b"2D2D2D", b"2d:2d", b"2D:2D", b"2d 2d"];
    if !begins.iter().any(|begin| text.starts_with(begin)) {
        return None;
    }
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    digits.extend(text.iter().filter(|octet| !is_between(octet)));
    hex::octets(&digits).map(Zeroizing::new)
}

/// The octets of a percent-encoded text (RFC 3986 section 2.1) that has a BEGIN line.
fn percent(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let has_plus = file_type::contains(text, b"BEGIN+");
    if !has_plus && !file_type::contains(text, b"BEGIN%20") {
        return None;
    }
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((octet, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *octet == b'%');
        let escaped = digits.and_then(hex::octets).map(|octets| octets[0]);
        octets.push(escaped.unwrap_or(if *octet == b'+' && has_plus { b' ' } else { *octet }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    Some(octets)
}
