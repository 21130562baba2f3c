//! Judging: by RFC 5280, by another verifier, and by what clients are known to refuse.

pub(crate) mod admission;
pub(crate) mod chain;
pub(crate) mod finding;
pub(crate) mod lint;
pub(crate) mod names;
pub(crate) mod pem_form;
pub(crate) mod probe;
mod profile;
pub(crate) mod rule;
pub(crate) mod set;
pub(crate) mod standing;
pub(crate) mod webpki;
