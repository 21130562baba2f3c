//! The options of `inspect`.

use pki::x509::validity::{ExpiryWindow, Validity};
use time::OffsetDateTime;

/// How much of the objects is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Every fact.
    Everything,
    /// The rows of a table.
    Rows,
    /// The rows of files with a due or expired object, and this many other rows that expire first.
    Urgent(usize),
}

/// The options for every certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InspectOptions {
    pub(crate) now: OffsetDateTime,
    pub(crate) window: Option<ExpiryWindow>,
    pub(crate) keep: Detail,
    /// The columns of the terminal, within which a table fits.
    pub(crate) width: Option<usize>,
}

/// The state of a certificate at the time of the report, with the expiry window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Later,
    Due,
    Expired,
}

impl InspectOptions {
    pub(super) fn state(&self, validity: &Validity) -> State {
        if validity.not_after < self.now {
            State::Expired
        } else if self.window.is_some_and(|window| window.reached(self.now, validity)) {
            State::Due
        } else {
            State::Later
        }
    }
}
