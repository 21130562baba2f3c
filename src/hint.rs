//! A hint: what to do next, as text with commands of certctl. A note beside a result, with its hint.
//!
//! Commands are values: a report adds the flags for the directory in use, and the quotes of a shell, where
//! it prints them. A text that has the name of the program is never changed.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

/// A hint, or another text that can have commands of certctl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Text(Cow<'static, str>),
    Command(Command),
}

/// A command of certctl, without its global flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command(Vec<Argument>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// Words that a shell does not change, such as `renew ca`.
    Words(Cow<'static, str>),
    Path(PathBuf),
}

/// Useful information that is not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) level: Level,
    pub(crate) message: Hint,
    pub(crate) hint: Option<Hint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
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

impl Hint {
    /// A command alone: it is the whole hint.
    pub(crate) fn command(command: impl Into<Command>) -> Self {
        Self(vec![Part::Command(command.into())])
    }

    /// The hint, followed by a text.
    pub(crate) fn then(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    /// The hint, followed by a command in backticks.
    pub(crate) fn run(self, command: impl Into<Command>) -> Self {
        self.then("`").and(Self::command(command)).then("`")
    }

    /// The hint, followed by another one.
    pub(crate) fn and(mut self, other: impl Into<Self>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// Several hints with a text between them.
    pub(crate) fn join(hints: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let joined = hints.into_iter().reduce(|all, next| all.then(between).and(next));
        joined.unwrap_or_default()
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }
}

impl Command {
    /// The command, followed by a path.
    pub(crate) fn path(mut self, path: &Path) -> Self {
        self.0.push(Argument::Path(path.to_owned()));
        self
    }

    /// The command, followed by words that a shell does not change.
    pub(crate) fn words(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Argument::Words(words.into()));
        self
    }

    pub(crate) fn arguments(&self) -> &[Argument] {
        &self.0
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Hint {
    /// A text, which is printed as it is.
    fn from(text: T) -> Self {
        Self::default().then(text)
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Command {
    fn from(words: T) -> Self {
        Self(vec![Argument::Words(words.into())])
    }
}
