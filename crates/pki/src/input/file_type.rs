//! Recognizes formats that certctl does not read by their first octets, so that a message can name
//! them.

use super::{
    container::{Container, wide_name},
    object::Unrecognized,
};
use crate::x509::pem::find;

/// The first octets of formats that hold certificates.
const CONTAINERS: [(&[u8], Container); 3] = [
    (&[0xFE, 0xED, 0xFE, 0xED], Container::Jks),
    (&[0xCE, 0xCE, 0xCE, 0xCE], Container::Jceks),
    (b"age-encryption.org/", Container::Age),
];

/// The first octets of formats whose content cannot be seen: archives, files that other tools encrypted.
const OPAQUE: [(&[u8], &str); 9] = [
    (&[0x1F, 0x8B], "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ\0", "an xz archive"),
    (&[0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
    (b"$ANSIBLE_VAULT;", "a file encrypted with Ansible Vault"),
    (b"\0GITCRYPT\0", "a file encrypted with git-crypt"),
    (b"Salted__", "a file encrypted with `openssl enc`"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// The first octets of formats that hold no certificate.
const OTHERS: [(&[u8], &str); 9] = [
    (b"\x7FELF", "a program (ELF)"),
    (b"%PDF-", "a PDF document"),
    (b"ssh-", "an SSH public key"),
    (b"ecdsa-sha2-", "an SSH public key"),
    (b"sk-ssh-", "an SSH public key"),
    (b"sk-ecdsa-sha2-", "an SSH public key"),
    (b"---- BEGIN SSH2 ", "an SSH public key"),
    (b"PuTTY-User-Key-File-", "a PuTTY private key"),
    (b"AGE-SECRET-KEY-", "an age private key"),
];

/// The page of an SQLite database on which its tables are named.
const PAGE: usize = 16 << 10;

/// The type of a file that has no content that certctl reads.
pub(super) fn recognize(content: &[u8]) -> Unrecognized {
    let text = content.trim_ascii_start();
    let is = |magic: &&[u8]| content.starts_with(magic) || text.starts_with(magic);
    if let Some((_, container)) = CONTAINERS.iter().find(|(magic, _)| is(magic)) {
        return Unrecognized::Container(*container);
    }
    if is(&&b"SQLite format 3\0"[..])
        && contains(content.get(..PAGE).unwrap_or(content), b"nssPublic")
    {
        return Unrecognized::Container(Container::Nss);
    }
    if is_sops(content) {
        return Unrecognized::Container(Container::Sops);
    }
    if let Some((_, name)) = OPAQUE.iter().find(|(magic, _)| is(magic)) {
        return Unrecognized::Opaque(name);
    }
    if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| is(magic)) {
        return Unrecognized::Other(name);
    }
    if is_tar(content) {
        return Unrecognized::Opaque("a tar archive");
    }
    let head = text.get(..text.len().min(14)).unwrap_or_default().to_ascii_lowercase();
    if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
        return Unrecognized::Other("HTML");
    }
    if head.starts_with(b"<?xml") {
        return Unrecognized::Other("XML");
    }
    if let Some((encoding, _)) = wide_text(content) {
        return Unrecognized::Other(wide_name(encoding));
    }
    Unrecognized::Nothing
}

fn is_tar(content: &[u8]) -> bool {
    content.get(257..262) == Some(b"ustar")
}

/// Whether SOPS encrypted the values of a YAML, JSON, INI or dotenv file.
fn is_sops(content: &[u8]) -> bool {
    contains(content, b"ENC[AES256_GCM,") && contains(content, b"sops")
}

/// A text in UTF-16 or UTF-32 as UTF-8, and what `iconv` calls its encoding; `None` for anything else.
pub(super) fn wide_text(content: &[u8]) -> Option<(&'static str, String)> {
    utf32(content).or_else(|| utf16(content))
}

fn utf32(content: &[u8]) -> Option<(&'static str, String)> {
    let (encoding, little, text) = match content {
        [0xFF, 0xFE, 0, 0, text @ ..] => ("UTF-32", true, text),
        [0, 0, 0xFE, 0xFF, text @ ..] => ("UTF-32", false, text),
        [b'\t'..=b'~', 0, 0, 0, b'\t'..=b'~', 0, 0, 0, ..] => ("UTF-32LE", true, content),
        [0, 0, 0, b'\t'..=b'~', 0, 0, 0, b'\t'..=b'~', ..] => ("UTF-32BE", false, content),
        _ => return None,
    };
    let (units, _) = text.as_chunks::<4>();
    let units = units
        .iter()
        .map(|unit| if little { u32::from_le_bytes(*unit) } else { u32::from_be_bytes(*unit) });
    let letter = |unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((encoding, units.map(letter).collect()))
}

fn utf16(content: &[u8]) -> Option<(&'static str, String)> {
    // PEM and JSON begin with ASCII, which shows the order of the octets without a byte order mark.
    let (encoding, little, text) = match content {
        [0xFF, 0xFE, text @ ..] => ("UTF-16", true, text),
        [0xFE, 0xFF, text @ ..] => ("UTF-16", false, text),
        [b'\t'..=b'~', 0, b'\t'..=b'~', 0, ..] => ("UTF-16LE", true, content),
        [0, b'\t'..=b'~', 0, b'\t'..=b'~', ..] => ("UTF-16BE", false, content),
        _ => return None,
    };
    let (pairs, _) = text.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|pair| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    let text = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some((encoding, text.collect()))
}

/// Whether a file that begins with `head` may have content that certctl reads, or that a message must
/// name: DER, a [`Container`] or text. Pictures, programs and databases do not.
#[must_use]
pub fn may_matter(head: &[u8]) -> bool {
    let text = head.get(..512).unwrap_or(head);
    let is_der = without_mark(head).trim_ascii_start().first() == Some(&0x30);
    is_der
        || text.iter().all(|octet| is_text_octet(*octet))
        || matches!(recognize(head), Unrecognized::Container(_))
        || head.starts_with(b"SQLite format 3\0")
        // An archive of which the content can be seen.
        || is_tar(head)
        || matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
        || wide_text(head).is_some()
}

/// Whether an octet is none of the control characters that texts do not have.
pub(super) fn is_text_octet(octet: u8) -> bool {
    !octet.is_ascii_control() || matches!(octet, b'\t'..=b'\r' | 0x1B | 0x7F)
}

/// Whether the beginning of a file has a PEM label of a certificate, plain or in base64.
#[must_use]
pub fn says_certificate(head: &[u8]) -> bool {
    contains(head, b"CERTIFICATE-----") || contains(head, b"LS0tLS1CRUdJTi")
}

/// Whether a text may be base64 without a name around it: nothing else is in it.
pub(super) fn is_base64(content: &[u8]) -> bool {
    let is_letter = |octet: &u8| {
        octet.is_ascii_alphanumeric()
            || matches!(octet, b'+' | b'/' | b'=')
            || octet.is_ascii_whitespace()
    };
    content.len() >= 64 && content.iter().all(is_letter)
}

/// Whether a text begins with the base64 of DER or PEM, and is not prose.
pub(super) fn begins_as_base64(content: &[u8]) -> bool {
    let text = content.trim_ascii_start();
    (text.starts_with(b"MII") || text.starts_with(b"LS0tLS1CRUdJTi"))
        && text.get(..32).is_some_and(|head| {
            head.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+/".contains(octet))
        })
}

/// Without the byte order mark of UTF-8.
pub(super) fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content)
}

/// The name of a format by its first octets, such as `a gzip archive`; `binary data` if unknown.
#[must_use]
pub fn name(head: &[u8]) -> &'static str {
    match recognize(head) {
        Unrecognized::Opaque(name) | Unrecognized::Other(name) => name,
        Unrecognized::Container(_)
        | Unrecognized::OpaqueValue(_)
        | Unrecognized::Empty
        | Unrecognized::Nothing => "binary data",
    }
}

pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}
