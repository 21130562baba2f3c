//! What certctl does not read, recognised by its looks, so that a message can name it.

/// The first octets of formats that are met where certificates are expected.
const MAGIC: &[(&[u8], &str)] = &[
    (&[0xFE, 0xED, 0xFE, 0xED], "a Java keystore (JKS)"),
    (&[0xCE, 0xCE, 0xCE, 0xCE], "a Java keystore (JCEKS)"),
    (&[0x1F, 0x8B], "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ\0", "an xz archive"),
    (&[0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
    (b"\x7FELF", "a program (ELF)"),
    (b"SQLite format 3\0", "an SQLite database (NSS keeps certificates in one)"),
    (b"%PDF-", "a PDF document"),
    (&[0xFF, 0xFE], "text in UTF-16"),
    (&[0xFE, 0xFF], "text in UTF-16"),
    (b"ssh-", "an SSH public key"),
    (b"ecdsa-sha2-", "an SSH public key"),
    (b"sk-ssh-", "an SSH public key"),
    (b"sk-ecdsa-sha2-", "an SSH public key"),
    (b"---- BEGIN SSH2 ", "an SSH public key"),
    (b"PuTTY-User-Key-File-", "a PuTTY private key"),
    (b"AGE-SECRET-KEY-", "an age private key"),
];

/// The name of the format with an article; `None` if nobody knows it.
pub(super) fn recognise(content: &[u8]) -> Option<&'static str> {
    let text = content.trim_ascii_start();
    let magic =
        MAGIC.iter().find(|(magic, _)| content.starts_with(magic) || text.starts_with(magic));
    if let Some((_, name)) = magic {
        return Some(name);
    }
    let head = text.get(..text.len().min(14))?.to_ascii_lowercase();
    let is_html = head.starts_with(b"<!doctype html") || head.starts_with(b"<html");
    if is_html {
        return Some("HTML");
    }
    if head.starts_with(b"<?xml") {
        return Some("XML");
    }
    (content.get(257..262) == Some(b"ustar")).then_some("a tar archive")
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
