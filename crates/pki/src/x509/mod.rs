//! The structures of RFC 5280: certificates, names, keys, serials, validity, usages, CRLs,
//! requests.
//!
//! Data is parsed once, into types whose invariants the rest of the code relies on. Parsing proves
//! the form. It does not prove that a certificate is trusted: that is the task of
//! [`crate::verify`].

pub mod cert;
pub(crate) mod constraints;
pub mod crl;
pub mod csr;
pub mod der;
pub mod escape;
pub(crate) mod form;
pub mod glance;
pub mod hex;
pub mod key;
pub mod name;
pub mod pem;
pub(crate) mod policies;
pub mod random;
pub(crate) mod rounds;
mod rsa;
pub mod san;
pub mod serial;
pub mod signature;
pub mod strict;
pub mod tbs;
mod tlv;
pub mod usage;
pub mod validity;
pub mod words;
