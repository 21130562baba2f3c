//! The nouns of the standard (RFC 5280): names, keys, serials, validity, usages, certificates.
//!
//! Nothing here knows the rest of the program. Data is parsed once, into types that are proofs.

pub(crate) mod cert;
pub(crate) mod constraints;
pub(crate) mod crl;
pub(crate) mod csr;
pub(crate) mod der;
pub(crate) mod escape;
pub(crate) mod form;
pub(crate) mod glance;
pub(crate) mod hex;
pub(crate) mod key;
pub(crate) mod name;
pub(crate) mod pem;
pub(crate) mod policies;
pub(crate) mod random;
pub(crate) mod rounds;
mod rsa;
pub(crate) mod san;
pub(crate) mod serial;
pub(crate) mod signature;
pub(crate) mod strict;
pub(crate) mod tbs;
mod tlv;
pub(crate) mod usage;
pub(crate) mod validity;
pub(crate) mod words;
