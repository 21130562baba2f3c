//! The output format and target of a result.

use std::path::PathBuf;

use crate::store::LockOptions;

/// How and where a result is written.
#[derive(Clone, Debug)]
pub(crate) struct OutputOptions {
    pub(crate) format: Format,
    /// The format was set by the flag, not by the environment.
    pub(crate) asked: bool,
    pub(crate) out_file: Option<PathBuf>,
    /// The directories of the PKI: a result in them is written under their lock.
    pub(crate) pki: Vec<PathBuf>,
    pub(crate) lock: LockOptions,
    pub(crate) quiet: bool,
}

/// The output formats: every command has the first two, some have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs; the fields are stable.
    Json,
    /// Kubernetes manifests.
    Yaml,
    /// For the text collector of Prometheus.
    Prometheus,
    /// A JUnit report, as CI servers read it.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, as code scanning reads it.
    Sarif,
}

impl Format {
    /// Whether a CI server reads it: then certctl prints nothing else that could be read as a part of it.
    pub(crate) fn is_for_ci(self) -> bool {
        matches!(self, Self::Junit | Self::Github | Self::Sarif)
    }
}

/// When the output has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}
