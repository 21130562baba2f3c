#![doc = include_str!("../README.md")]
//!
//! ## Tour
//!
//! 1. Read: [`Certificate::all_from_pem`](x509::certificate::Certificate::all_from_pem) for PEM,
//!    [`Certificate::from_der`](x509::certificate::Certificate::from_der) for DER, [`input`] for a file of an
//!    unknown type. A value proves the form only.
//! 2. Query: a [`PathQuery`](verify::path::PathQuery) has the leaf, the trust anchors, the time, and
//!    optionally intermediates, CRLs and the usage.
//! 3. Validate: [`validate`](verify::path::validate) returns the best path with every violation.
//!    [`host_matches`](verify::names::host_matches) matches a host name.
//! 4. Report: each [`Rule`](verify::rule::Rule) has a stable id and a severity;
//!    [`Finding`](verify::finding::Finding) adds the clients that refuse the certificate.
//!
//! Text in errors and violations is a lower-case fragment that follows the name of a file or
//! certificate. Times are UTC.

#[macro_use]
mod named;

pub mod input;
pub mod verify;
pub mod x509;

#[cfg(test)]
mod cpu_time;
