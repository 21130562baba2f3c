//! The context of a renewal.

use time::OffsetDateTime;

use crate::{cli::RenewArgs, config::Settings, store::Store};

/// The context of a renewal.
pub(super) struct Job<'a> {
    pub(super) args: &'a RenewArgs,
    pub(super) settings: &'a Settings,
    /// The directory of the identities.
    pub(super) store: &'a Store,
    pub(super) now: OffsetDateTime,
}
