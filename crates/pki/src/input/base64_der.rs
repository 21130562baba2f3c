//! Finds the DER of certificates in base64 that stands in another text: JWKS, SAML, LDIF, settings.

use zeroize::Zeroizing;

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

/// Whether a text begins with base64 of a SEQUENCE that begins as a certificate, PKCS#12 or PKCS#7 does.
pub(super) fn begins(text: &[u8]) -> bool {
    let head = Letters::of(text).take(HEADS).map(|(_, letter)| letter).collect::<Vec<u8>>();
    let octets = pem::base64(&head);
    let octets = octets.as_ref().map_or(&[][..], |octets| octets.as_slice());
    let ([0x30, 0x82, _, _, content @ ..] | [0x30, 0x81, _, content @ ..]) = octets else {
        return false;
    };
    matches!(content, [0x30, ..] | [2, 1, 3, ..] | [6, 9, ..])
}

/// DER that may have certificates, in base64.
pub(super) struct EncodedDer {
    pub(super) octets: Zeroizing<Vec<u8>>,
    /// Where the base64 ends in the text.
    pub(super) end: usize,
    /// It has the alphabet for URLs (RFC 4648 section 5).
    pub(super) is_for_urls: bool,
}

/// The certificate, PKCS#12 or PKCS#7 whose base64 a text begins with; else how many octets were looked at.
///
/// The length in its DER decides how many letters belong to it, so that nothing around it matters. White
/// space and the escapes of JSON are skipped.
pub(super) fn read(text: &[u8]) -> Result<EncodedDer, usize> {
    let (letters, end, is_for_urls) = letters(text);
    decode(letters, text, end)
        .map(|(octets, end)| EncodedDer { octets, end, is_for_urls })
        .ok_or(end)
}

/// The letters that the length in the DER announces, where they end, and whether they are those for URLs.
fn letters(text: &[u8]) -> (Zeroizing<Vec<u8>>, usize, bool) {
    let mut letters: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::new());
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
            let head = pem::base64(&letters);
            let length =
                head.and_then(|head| der_kind::announced_length(&head)).unwrap_or_default();
            needed = length.saturating_mul(4).div_ceil(3);
        }
        end = at + 1;
        if letters.len() >= needed {
            break;
        }
    }
    (letters, end, is_for_urls)
}

/// The octets of such letters, and where their padding ends.
fn decode(
    mut letters: Zeroizing<Vec<u8>>,
    text: &[u8],
    end: usize,
) -> Option<(Zeroizing<Vec<u8>>, usize)> {
    let whole = letters.len().next_multiple_of(4);
    letters.resize(whole, b'=');
    let mut octets = pem::base64(&letters)?;
    let (kind, length) = der_kind::of(&octets)?;
    if !matches!(kind, DerKind::Certificate | DerKind::Pkcs7 | DerKind::Pkcs12) {
        return None;
    }
    octets.truncate(length);
    let padding = text.get(end..)?.iter().take(2).take_while(|octet| **octet == b'=').count();
    Some((octets, end + padding))
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
