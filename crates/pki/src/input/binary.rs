//! DER: one thing that fills the file.

use super::{Container, Found, Thing, Unknown, armor, keystore, without_mark};
use crate::x509::form::{self, Form};

/// The tag of a SEQUENCE with a length that follows its end (BER, not DER), and a version 3.
const PKCS12_IN_BER: &[u8] = &[0x30, 0x80, 0x02, 0x01, 0x03];

/// What the DER is that stands behind white space or a byte order mark: no program reads it there.
pub(super) fn displaced(content: &[u8]) -> Option<Thing> {
    let der = without_mark(content).trim_ascii_start();
    let what = armor::name(form::of(der)?.0)?;
    Some(Thing::broken(what, "white space or a byte order mark stands before its DER"))
}

/// What DER holds; `None` if `content` is no DER at all.
pub(super) fn read(content: &[u8], password: Option<&str>) -> Option<Result<Vec<Found>, Unknown>> {
    if content.starts_with(PKCS12_IN_BER) {
        return Some(keystore::read(content, password));
    }
    let one = |thing| Some(Ok(vec![Found::plain(thing)]));
    let Some((form, length)) = form::of(content) else {
        let announced = form::announced_length(content)?;
        return one(match content.len().checked_sub(announced) {
            // The one judge of certificates that takes lengths which are not DER.
            Some(_) => Thing::certificate(content.to_vec()),
            None => Thing::broken(
                "DER structure",
                format!("it ends after {} of {announced} octets", content.len()),
            ),
        });
    };
    // A newline that an editor put behind it is no part of it.
    let content = match content.split_at_checked(length) {
        Some((whole, rest)) if rest.iter().all(u8::is_ascii_whitespace) => whole,
        _ => content,
    };
    match form {
        Form::Certificate => one(Thing::certificate(content.to_vec())),
        Form::Request => one(Thing::request(content)),
        Form::RevocationList => one(Thing::revocation_list(content)),
        Form::PublicKey | Form::RsaPublicKey => one(Thing::public_key(content)),
        Form::PrivateKey => one(Thing::private_key(content)),
        Form::Pkcs7 => Some(Err(Unknown::Container(Container::Pkcs7Der))),
        Form::Pkcs12 => Some(keystore::read(content, password)),
        Form::Other if length == content.len() => Some(Err(Unknown::Nothing)),
        Form::Other => None,
    }
}
