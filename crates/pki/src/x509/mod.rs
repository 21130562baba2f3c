//! The nouns of the standard (RFC 5280): names, keys, serials, validity, usages, certificates.
//!
//! Nothing here knows the rest of the program. Data is parsed once, into types that are proofs.

pub mod cert;
pub mod constraints;
pub mod crl;
pub mod csr;
pub mod der;
pub mod escape;
pub mod form;
pub mod glance;
pub mod hex;
pub mod key;
pub mod name;
pub mod pem;
pub mod policies;
pub mod random;
pub mod rounds;
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
