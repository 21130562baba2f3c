//! Reads DER, PKCS#12 and PEM.

use super::{
    der_file, file_type,
    object::{LocatedObject, ReadResult, Unrecognized},
    outside,
};

/// The objects of octets that are not a manifest.
pub(super) fn read(content: &[u8], password: Option<&str>) -> ReadResult {
    if let Some(answer) = der_file::read(content, password) {
        return answer;
    }
    match outside::read(content, password) {
        Err(Unrecognized::Nothing) => match der_file::displaced(content) {
            Some(object) => Ok(vec![LocatedObject::plain(object)]),
            None => Err(file_type::recognize(file_type::without_mark(content))),
        },
        other => other,
    }
}
