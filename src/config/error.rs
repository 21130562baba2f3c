//! The errors of the configuration.

use std::path::PathBuf;

use crate::{hint::Hint, path_text::PathText as _, store::StoreError};

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error(transparent)]
    Store(#[from] StoreError),

    #[error("`{}` is not a valid configuration: {message}", path.shown())]
    Invalid { path: PathBuf, message: String },
}

impl ConfigError {
    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<Hint> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Invalid { .. } => Some(
                Hint::default()
                    .run("init")
                    .then(" in an empty directory writes a commented example"),
            ),
        }
    }
}
