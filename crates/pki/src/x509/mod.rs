//! The structures of RFC 5280: certificates, names, keys, serials, validity, usages, CRLs,
//! requests.
//!
//! Data is parsed once, into types whose invariants the rest of the code relies on. Parsing proves
//! the form. It does not prove that a certificate is trusted: that is the task of
//! [`crate::verify`].

pub mod certificate;
pub mod crl;
pub mod csr;
pub mod der;
pub(crate) mod der_kind;
pub mod escape;
mod general_name;
pub mod hex;
pub(crate) mod kdf_cost;
pub mod key;
pub mod name;
pub(crate) mod name_constraints;
pub mod oid;
pub mod pem;
pub(crate) mod policies;
pub mod quick_validity;
pub mod random;
mod rsa;
pub mod san;
pub mod serial;
pub mod signature;
mod signed;
pub mod strict;
pub mod tbs;
mod tlv;
pub mod usage;
pub mod validity;
