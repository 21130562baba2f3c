//! The commands: one file each, from arguments to [`Outcome`](crate::report::Outcome).
//!
//! [`issue_context`] and [`initial_set`] are shared by the commands that issue.

mod ca_files;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod csr;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod r#gen;
pub(crate) mod init;
mod initial_set;
pub(crate) mod inspect;
pub(crate) mod issue;
mod issue_context;
pub(crate) mod k8s;
pub(crate) mod man;
pub(crate) mod output;
mod plan;
pub(crate) mod render;
pub(crate) mod renew;
mod served;
pub(crate) mod sign;
mod source;
pub(crate) mod status;

use pki::x509::validity::BACKDATE;
use time::OffsetDateTime;

use crate::error::Error;

/// Refuses a clock before 1970: a certificate cannot begin then.
fn check_clock(now: OffsetDateTime) -> Result<(), Error> {
    if now < OffsetDateTime::UNIX_EPOCH + BACKDATE { Err(Error::Clock { now }) } else { Ok(()) }
}
