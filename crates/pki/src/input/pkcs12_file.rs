//! PKCS#12 files (RFC 7292), where this build reads them.

#[cfg(feature = "pkcs12")]
mod open;

use super::object::ReadResult;

#[cfg(feature = "pkcs12")]
#[expect(clippy::unnecessary_wraps, reason = "the build without the feature refuses")]
pub(super) fn read(content: &[u8], password: Option<&str>) -> ReadResult {
    Ok(open::open(content, password))
}

#[cfg(not(feature = "pkcs12"))]
pub(super) fn read(_: &[u8], _: Option<&str>) -> ReadResult {
    Err(super::object::Unrecognized::Container(super::Container::Pkcs12NotBuilt))
}
