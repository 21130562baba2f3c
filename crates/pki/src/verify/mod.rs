//! Judging: by RFC 5280, by another verifier, and by what clients are known to refuse.

pub mod admission;
pub mod chain;
pub mod finding;
pub mod lint;
pub mod names;
pub mod pem_form;
mod profile;
pub mod rule;
pub mod set;
pub mod standing;
pub mod webpki;
