//! The objects of a file that are errors, not verdicts: the file has or should have a certificate, but none that
//! can be checked.

use std::path::Path;

use pki::input::{LocatedObject, ObjectError, PkiObject};

use crate::{error::Error, issue::error::IssueError};

/// The object to check, or the error.
///
/// An unreadable certificate gets its own verdict. An object that is not a certificate (a request, a
/// key) is not an error, except in a Secret, whose values belong together.
pub(super) fn of(path: &Path, found: LocatedObject) -> Result<LocatedObject, Box<Error>> {
    let LocatedObject { location: within, object, form } = found;
    let place = within.as_ref().map(ToString::to_string);
    match object {
        PkiObject::Misplaced(reason) => {
            let within = place.unwrap_or_default();
            Err(Box::new(Error::Secret { path: path.to_owned(), within, reason }))
        }
        PkiObject::Broken { what, reason }
            if has_remedy(&reason) || is_fault(what, place.is_some()) =>
        {
            let path = path.to_owned();
            Err(Box::new(Error::from(IssueError::Malformed {
                path,
                within: place.map(Into::into),
                what,
                source: reason,
            })))
        }
        object => Ok(LocatedObject { location: within, object, form }),
    }
}

/// Whether the hint of an error shows how to convert it to a certificate.
fn has_remedy(reason: &ObjectError) -> bool {
    matches!(reason, ObjectError::EscapedNewlines | ObjectError::EncodedTwice(_))
}

fn is_fault(what: &str, is_in_secret: bool) -> bool {
    match what {
        // A verdict of its own, or no certificate.
        "certificate"
        | "DER structure"
        | "certificate request"
        | "revocation list"
        | "public key" => false,
        "private key" => is_in_secret,
        _ => true,
    }
}
