//! Finds the DER of a certificate in base64 that stands in another text: JWKS, SAML, LDIF, settings.

use super::object::PkiObject;
use crate::x509::{
    der_kind::{self, DerKind},
    pem,
};

/// The base64 of a SEQUENCE of more than 127 octets begins with one of these.
const BEGINS: [&[u8; 3]; 3] = [b"MIG", b"MIH", b"MII"];
/// The letters that are decoded to see the first two heads.
const HEADS: usize = 16;

/// Where the base64 of a SEQUENCE may begin.
pub(super) fn find(text: &[u8]) -> Option<usize> {
    text.windows(3).position(|letters| BEGINS.iter().any(|begin| letters == *begin))
}

/// Whether a text begins with base64 of a SEQUENCE in a SEQUENCE, as a certificate does.
pub(super) fn begins(text: &[u8]) -> bool {
    let head = Letters::of(text).take(HEADS).map(|(_, letter)| letter).collect::<Vec<u8>>();
    let octets = pem::base64(&head);
    let octets = octets.as_ref().map_or(&[][..], |octets| octets.as_slice());
    matches!(octets, [0x30, 0x82, _, _, 0x30, 0x81..=0x82, ..] | [0x30, 0x81, _, 0x30, ..])
}

/// The certificate whose base64 a text begins with, and where that ends in the text.
///
/// The length in its DER decides how many letters belong to it, so that nothing around it matters. White
/// space and the escapes of JSON are skipped.
pub(super) fn certificate(text: &[u8]) -> Option<(PkiObject, usize)> {
    let mut letters: Vec<u8> = Vec::new();
    let mut needed = usize::MAX;
    let mut end = 0;
    let mut is_for_urls = false;
    for (at, letter) in Letters::of(text) {
        letters.push(match letter {
            b'-' => b'+',
            b'_' => b'/',
            letter => letter,
        });
        is_for_urls |= matches!(letter, b'-' | b'_');
        if letters.len() == 8 {
            let length = der_kind::announced_length(&pem::base64(&letters)?)?;
            needed = length.checked_mul(4)?.div_ceil(3);
        }
        end = at + 1;
        if letters.len() >= needed {
            break;
        }
    }
    letters.resize(letters.len().next_multiple_of(4), b'=');
    let octets = pem::base64(&letters)?;
    let (kind, length) = der_kind::of(&octets)?;
    if kind != DerKind::Certificate {
        return None;
    }
    let padding = text.get(end..)?.iter().take(2).take_while(|octet| **octet == b'=').count();
    let object = if is_for_urls {
        PkiObject::broken(
            "certificate",
            "its base64 is that of URLs (base64url), which no client reads",
        )
    } else {
        PkiObject::certificate(octets.get(..length)?.to_vec())
    };
    Some((object, end + padding))
}

/// The letters that a text begins with, and where each is.
struct Letters<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Letters<'a> {
    fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Letters<'_> {
    type Item = (usize, u8);

    fn next(&mut self) -> Option<(usize, u8)> {
        loop {
            let rest = self.text.get(self.at..)?;
            self.at += match rest {
                [b'\\', b'n' | b'r' | b't', ..] => 2,
                // PHP writes a slash like that.
                [b'\\', b'/', ..] => 1,
                [octet, ..] if octet.is_ascii_whitespace() => 1,
                [octet, ..] if octet.is_ascii_alphanumeric() || b"+/-_".contains(octet) => {
                    self.at += 1;
                    return Some((self.at - 1, *octet));
                }
                _ => return None,
            };
        }
    }
}
