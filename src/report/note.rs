//! Notes beside a result.

use serde::Serialize;

use super::as_typed;
use crate::hint::Hint;

/// Useful information that is not an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Note {
    pub(crate) level: Level,
    #[serde(serialize_with = "as_typed::message")]
    pub(crate) message: Hint,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_typed::hint_as_typed")]
    pub(crate) hint: Option<Hint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// It will cause an error for a client or a user.
    Warning,
    /// It needs no action.
    Note,
}

impl Note {
    pub(crate) fn warning(message: impl Into<Hint>, hint: Option<Hint>) -> Self {
        Self { level: Level::Warning, message: message.into(), hint }
    }

    pub(crate) fn plain(message: impl Into<Hint>, hint: Option<Hint>) -> Self {
        Self { level: Level::Note, message: message.into(), hint }
    }
}
