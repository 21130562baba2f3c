//! Recognizes and reads the certificates, keys, CRLs and certificate requests of a file of any type.
//!
//! Private keys are not copied: a [`PrivateKeySummary`] has no secret. PKCS#12 is the exception: its
//! crate has the decrypted content in buffers that it does not wipe.

mod base64_der;
mod container;
mod der_file;
mod encoded;
mod file_type;
mod manifest;
mod object;
mod object_group;
mod octets;
mod outside;
mod pem_file;
mod pkcs12_file;
mod stray;
mod text;
mod text_value;

use self::object::{MALFORMED_BASE64, ReadResult};
pub use self::{
    container::Container,
    file_type::{may_matter, name, says_certificate},
    object::{LocatedObject, Location, LocationKind, ObjectError, PkiObject, Unrecognized},
    object_group::ObjectGroup,
};
pub use crate::x509::key::PrivateKeySummary;
use crate::x509::pem::{self, PemFault};

/// Reads all objects of a file in their order. The file is PEM, DER, PKCS#12, a Kubernetes manifest in
/// YAML or JSON, or base64 of one of these.
///
/// `password` is for PKCS#12; the empty password is tried first.
///
/// A malformed object is a [`PkiObject::Broken`] and does not hide the others. At most 10,000 objects
/// are read.
///
/// ```
/// use certctl_pki::input::{PkiObject, read};
///
/// # let content = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
/// let objects = read(content, None)?;
/// assert!(matches!(objects[0].object, PkiObject::Certificate(_)));
/// # Ok::<(), certctl_pki::input::Unrecognized>(())
/// ```
///
/// # Errors
///
/// [`Unrecognized`] if the file has no object that is read.
pub fn read(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
    match text::read(content, password) {
        // `kubectl get secret NAME -o jsonpath='{.data.tls\.crt}'` prints that.
        Err(Unrecognized::Nothing) => read_base64(content, password),
        other => other,
    }
}

/// Bare base64, also if it is malformed: it must not be mistaken for other text.
fn read_base64(content: &[u8], password: Option<&str>) -> ReadResult {
    let broken = |what, reason| Ok(vec![LocatedObject::broken(what, reason)]);
    let is_base64 = file_type::is_base64(content);
    match pem::base64(content).filter(|_| is_base64).map(|octets| text::read(&octets, password)) {
        Some(Ok(mut found)) => {
            for one in &mut found {
                one.form.push(PemFault::NoBeginLine);
            }
            Ok(found)
        }
        Some(Err(Unrecognized::Container(container))) => {
            broken("base64 text", ObjectError::EncodedContainer(container))
        }
        None if file_type::begins_as_base64(content) => {
            broken("certificate", MALFORMED_BASE64.into())
        }
        _ => match encoded::read(content, |octets| text::read(octets, password)) {
            Some(object) => Ok(vec![LocatedObject::plain(object)]),
            None => Err(Unrecognized::Nothing),
        },
    }
}

#[cfg(test)]
mod tests;
