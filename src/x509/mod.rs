//! The nouns of the standard (RFC 5280): names, keys, serials, validity, usages, certificates.
//!
//! Nothing here knows the rest of the program. Data is parsed once, into types that are proofs.

pub(crate) mod cert;
pub(crate) mod der;
pub(crate) mod escape;
pub(crate) mod key;
pub(crate) mod name;
pub(crate) mod pem;
pub(crate) mod random;
mod rsa;
pub(crate) mod san;
pub(crate) mod serial;
pub(crate) mod tbs;
mod tlv;
pub(crate) mod usage;
pub(crate) mod validity;
