//! Validation: by RFC 5280 section 6, by a second verifier, and by the rules of well-known clients.
//!
//! [`chain::judge`] validates a path. [`names`] matches names, [`lint`] reports what RFC 5280
//! allows and a client refuses, [`set`] compares several certificates, [`webpki`] asks
//! rustls-webpki.

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
