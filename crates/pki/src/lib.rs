//! X.509 as bytes and types: certificates are read without trust, chains are validated, and every rule that
//! one breaks is reported, not the first one.

pub mod input;
pub mod verify;
pub mod x509;
