//! Reads a file that is not bare base64: a manifest, or DER, PKCS#12 or PEM.

use super::{
    container::Container,
    file_type, manifest,
    object::{ReadResult, Unrecognized},
    octets,
};

/// The objects of a file.
pub(super) fn read(content: &[u8], password: Option<&str>) -> ReadResult {
    if file_type::without_mark(content).iter().all(u8::is_ascii_whitespace) {
        return Err(Unrecognized::Empty);
    }
    if let Some((encoding, text)) = file_type::wide_text(content) {
        // No client reads it, so `check` must not find it valid.
        return match read_text(text.as_bytes(), password) {
            Ok(_) => Err(Unrecognized::Container(Container::WideText(encoding))),
            Err(_) => Err(file_type::recognize(content)),
        };
    }
    read_text(content, password)
}

fn read_text(content: &[u8], password: Option<&str>) -> ReadResult {
    match manifest::read(file_type::without_mark(content), password) {
        Some(answer) => answer,
        // The readers of PEM and DER report the mark.
        None => octets::read(content, password),
    }
}
