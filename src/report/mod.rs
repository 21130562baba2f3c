//! The results of the commands, and their output formats.

mod as_typed;
mod certificate_summary;
pub(crate) mod check_report;
pub(crate) mod csr_report;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod follow_up;
pub(crate) mod inspect_report;
pub(crate) mod issue_report;
mod json;
pub(crate) mod manifest;
mod note;
mod outcome;
pub(crate) mod output;
pub(crate) mod rendering;
pub(crate) mod show;
pub(crate) mod skipped;
pub(crate) mod status;
mod table;
pub(crate) mod terminal;
mod words;

pub(crate) use as_typed::{as_typed, program, set_where};
pub(crate) use certificate_summary::CertificateSummary;
pub(crate) use note::{Level, Note};
pub(crate) use outcome::Outcome;
