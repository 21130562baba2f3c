//! Reads DER: one object that fills the file.

use super::{
    container::Container,
    file_type::without_mark,
    object::{LocatedObject, PkiObject, ReadResult, Unrecognized},
    pem_file, pkcs12_file,
};
use crate::x509::der_kind::{self, DerKind};

/// The tag of a SEQUENCE with a length that follows its end (BER, not DER), and a version 3.
const PKCS12_IN_BER: &[u8] = &[0x30, 0x80, 0x02, 0x01, 0x03];

/// The object whose DER follows white space or a byte order mark: no program reads it there.
pub(super) fn displaced(content: &[u8]) -> Option<PkiObject> {
    let der = without_mark(content).trim_ascii_start();
    let what = pem_file::name(der_kind::of(der)?.0)?;
    Some(PkiObject::broken(what, "white space or a byte order mark stands before its DER"))
}

/// The object in DER; `None` if `content` is not DER.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Option<ReadResult> {
    if content.starts_with(PKCS12_IN_BER) {
        return Some(pkcs12_file::read(content, password));
    }
    let one = |object| Some(Ok(vec![LocatedObject::plain(object)]));
    let Some((form, length)) = der_kind::of(content) else {
        let announced = der_kind::announced_length(content)?;
        return one(match content.len().checked_sub(announced) {
            // Only the parser of certificates accepts lengths that are not DER.
            Some(_) => PkiObject::certificate(content.to_vec()),
            None => PkiObject::broken(
                "DER structure",
                format!("it ends after {} of {announced} octets", content.len()),
            ),
        });
    };
    // An editor may append a newline, which is not part of the DER.
    let content = match content.split_at_checked(length) {
        Some((whole, rest)) if rest.iter().all(u8::is_ascii_whitespace) => whole,
        _ => content,
    };
    match form {
        DerKind::Certificate => one(PkiObject::certificate(content.to_vec())),
        DerKind::Request => one(PkiObject::request(content)),
        DerKind::RevocationList => one(PkiObject::revocation_list(content)),
        DerKind::PublicKey | DerKind::RsaPublicKey => one(PkiObject::public_key(content)),
        DerKind::PrivateKey => one(PkiObject::private_key(content)),
        DerKind::Pkcs7 => Some(Err(Unrecognized::Container(Container::Pkcs7Der))),
        DerKind::Pkcs12 => Some(pkcs12_file::read(content, password)),
        DerKind::Other if length == content.len() => Some(Err(Unrecognized::Nothing)),
        DerKind::Other => None,
    }
}
