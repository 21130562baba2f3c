//! The values of `--output` and `--color`, and how flags take a value from a table.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::report::output::{ColorWhen, Format};

/// The output formats, each with its name and its line of the help.
pub(crate) const FORMATS: &[(&str, Format, &str)] = &[
    ("text", Format::Text, "For people"),
    ("json", Format::Json, "For programs; the fields are stable"),
    ("yaml", Format::Yaml, "Kubernetes manifests (`k8s`)"),
    ("prometheus", Format::Prometheus, "For the text collector of Prometheus (`inspect`)"),
    ("junit", Format::Junit, "A JUnit report, as CI servers read it (`check`)"),
    ("github", Format::Github, "Annotations of GitHub Actions (`check`)"),
    ("sarif", Format::Sarif, "SARIF 2.1.0, as code scanning reads it (`check`)"),
];

pub(super) const COLORS: &[(&str, ColorWhen, &str)] = &[
    ("auto", ColorWhen::Auto, ""),
    ("always", ColorWhen::Always, ""),
    ("never", ColorWhen::Never, ""),
];

/// Takes one of the values in a table, each with its name and its line of the help, if any.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    rows: &'static [(&'static str, T, &'static str)],
) -> impl TypedValueParser<Value = T> {
    let names = rows.iter().map(|(name, _, help)| {
        PossibleValue::new(*name).help(Some(*help).filter(|help| !help.is_empty()))
    });
    PossibleValuesParser::new(names).try_map(|text| {
        let row = rows.iter().find(|(name, ..)| *name == text);
        row.map(|(_, value, _)| *value).ok_or("it is not in the table")
    })
}
