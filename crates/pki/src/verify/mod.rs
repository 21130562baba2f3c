//! Validation: by RFC 5280 section 6, by a second verifier, and by the rules of well-known clients.
//!
//! [`check::CheckContext`] checks a certificate by all of this. [`path::validate`] validates a path. [`names`] matches names, [`lint`] reports what RFC 5280
//! allows and a client refuses, [`cross_checks`] compares several certificates, [`webpki`] runs
//! rustls-webpki.

pub mod allowed_subjects;
mod anchor;
pub mod bundle;
pub mod check;
pub mod clients;
pub mod cross_checks;
pub mod finding;
pub mod issuer_index;
mod issuer_profile;
pub mod key;
pub mod lint;
pub mod lint_context;
pub mod names;
pub mod path;
pub mod pem_form;
pub mod rule;
pub mod served;
mod unsupported;
pub mod webpki;
