//! The values of `--output` and `--color`.

use clap::{ValueEnum, builder::PossibleValue};

use super::Command;
use crate::report::output::{ColorWhen, Format};

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Text => "For people",
            Self::Json => "For programs; the fields are stable",
            Self::Yaml => "Kubernetes manifests (`k8s`)",
            Self::Prometheus => "For the text collector of Prometheus (`inspect`)",
            Self::Junit => "A JUnit report, as CI servers read it (`check`)",
            Self::Github => "Annotations of GitHub Actions (`check`)",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl ValueEnum for ColorWhen {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }))
    }
}

impl Command {
    /// Whether it has a result in this format.
    pub(crate) fn has(&self, format: Format) -> bool {
        match format {
            Format::Text | Format::Json => true,
            Format::Yaml => matches!(self, Self::K8s { .. }),
            Format::Prometheus => matches!(self, Self::Inspect(_)),
            Format::Junit | Format::Github => matches!(self, Self::Check(_)),
        }
    }

    /// The formats that it has, in words.
    pub(crate) fn formats(&self) -> String {
        let formats = Format::ALL.into_iter().filter(|format| self.has(*format));
        formats.map(|format| format!("`{}`", format.name())).collect::<Vec<_>>().join(", ")
    }
}
