//! The file certctl.toml: its fields and their validation.

use std::{collections::HashMap, fmt, path::Path, str::FromStr};

use pki::x509::{
    escape::escape_line,
    key::KeyType,
    name::{AttributeType, Name, NameError},
    san::San,
    usage::Usage,
};
use serde::{Deserialize, Deserializer};

use super::error::ConfigError;
use crate::store::{IdentityName, ReadError, read_regular};

/// A plan of 10,000 identities has about 1 MiB.
const LIMIT: u64 = 16 << 20;
/// The longest lifetime in certctl.toml, in days, as for the flags.
const MAX_DAYS: u32 = 2_920_000;

/// certctl.toml.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    pub(super) subject: SubjectConfig,
    #[serde(default)]
    pub(crate) defaults: Defaults,
    #[serde(default, rename = "certificate")]
    pub(crate) plan: Vec<Entry>,
    /// The index of an entry in the plan, by its folded name.
    #[serde(skip)]
    by_name: HashMap<String, usize>,
}

/// The common subject fields of a set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubjectConfig {
    #[serde(default, alias = "domain-component", deserialize_with = "one_or_many")]
    pub(crate) domain_component: Vec<String>,
    pub(crate) country: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) locality: Option<String>,
    #[serde(alias = "org")]
    pub(crate) organization: Option<String>,
    #[serde(
        default,
        alias = "org-unit",
        alias = "organizational_unit",
        deserialize_with = "one_or_many"
    )]
    pub(crate) org_unit: Vec<String>,
}

/// Defaults for flags.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    #[serde(alias = "common_name")]
    pub(crate) cn: Option<String>,
    #[serde(alias = "client-cn")]
    pub(crate) client_cn: Option<String>,
    #[serde(alias = "ca-cn")]
    pub(crate) ca_cn: Option<String>,
    #[serde(default, deserialize_with = "sans")]
    pub(crate) san: Vec<San>,
    #[serde(default, deserialize_with = "days")]
    pub(super) days: Option<u32>,
    #[serde(default, alias = "ca-days", deserialize_with = "days")]
    pub(super) ca_days: Option<u32>,
    #[serde(default, alias = "key-type", deserialize_with = "parsed_option")]
    pub(crate) key_type: Option<KeyType>,
}

/// A `[[certificate]]`: one identity of the plan.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    #[serde(deserialize_with = "parsed")]
    pub(crate) name: IdentityName,
    #[serde(alias = "common-name", alias = "cn")]
    pub(crate) common_name: Option<String>,
    #[serde(default, deserialize_with = "sans")]
    pub(crate) san: Vec<San>,
    #[serde(default = "server", deserialize_with = "parsed")]
    pub(crate) usage: Usage,
    #[serde(default, alias = "key-type", deserialize_with = "parsed_option")]
    pub(crate) key_type: Option<KeyType>,
    #[serde(default, deserialize_with = "days")]
    pub(crate) days: Option<u32>,
    /// The line of its `[[certificate]]`, if it has one.
    #[serde(skip)]
    pub(crate) line: Option<usize>,
}

impl SubjectConfig {
    /// The values of each attribute, in the order of gen.sh, after the domain components.
    pub(super) fn fields(&self) -> [(AttributeType, &[String]); 6] {
        [
            (AttributeType::DomainComponent, &self.domain_component),
            (AttributeType::Country, self.country.as_slice()),
            (AttributeType::State, self.state.as_slice()),
            (AttributeType::Locality, self.locality.as_slice()),
            (AttributeType::Organization, self.organization.as_slice()),
            (AttributeType::OrganizationalUnit, &self.org_unit),
        ]
    }
}

impl Config {
    pub(super) fn read(path: &Path, named: bool) -> Result<Self, ConfigError> {
        let invalid = |message| ConfigError::Invalid { path: path.to_owned(), message };
        let content = match read_regular(path, LIMIT) {
            Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound && !named => {
                return Ok(Self::default());
            }
            read => read.map_err(|source| source.at(path))?,
        };
        let text = String::from_utf8(content).map_err(|_| invalid("it is not UTF-8".to_owned()))?;
        Self::parse(&text).map_err(invalid)
    }

    /// Parses the text of a certctl.toml; the error has line and column.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut config: Self = toml::from_str(text).map_err(|error| locate(&error, text))?;
        config.note_lines(text);
        config.check_names().map_err(|error| error.to_string())?;
        for (number, entry) in config.plan.iter().enumerate() {
            if let Some(twin) = config.by_name.insert(entry.name.folded(), number) {
                return Err(format!(
                    "two certificates have the names `{}` and `{}`, which differ only in case",
                    config.plan[twin].name, entry.name
                ));
            }
        }
        Ok(config)
    }

    /// The entry of the plan for an identity.
    pub(crate) fn entry(&self, name: &IdentityName) -> Option<&Entry> {
        self.by_name.get(&name.folded()).and_then(|number| self.plan.get(*number))
    }

    /// Records the lines of the entries, if each has its own `[[certificate]]` line.
    fn note_lines(&mut self, text: &str) {
        let is_header = |line: &str| line.trim_start().starts_with("[[certificate]]");
        let lines: Vec<usize> =
            (1..).zip(text.lines()).filter(|(_, line)| is_header(line)).map(|(at, _)| at).collect();
        if lines.len() == self.plan.len() {
            for (entry, line) in self.plan.iter_mut().zip(lines) {
                entry.line = Some(line);
            }
        }
    }

    /// Checks that every value is valid in a name, so that a later error is from a flag.
    fn check_names(&self) -> Result<(), NameError> {
        let Defaults { cn, client_cn, ca_cn, .. } = &self.defaults;
        let planned = self.plan.iter().map(|entry| &entry.common_name);
        let common_names = [cn, client_cn, ca_cn].into_iter().chain(planned);
        let common_names = common_names.map(|name| (AttributeType::CommonName, name.as_slice()));
        for (kind, values) in self.subject.fields().into_iter().chain(common_names) {
            for value in values {
                Name::builder().push(kind, value)?;
            }
        }
        Ok(())
    }
}

/// One line with line and column; the message of toml has several lines.
fn locate(error: &toml::de::Error, text: &str) -> String {
    // It may quote a key or a value of the file, with any characters.
    let message = escape_line(&error.message().split('\n').collect::<Vec<_>>().join(", "));
    let Some(span) = error.span() else { return message };
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("line {line}, column {column}: {message}")
}

const fn server() -> Usage {
    Usage::Server
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    from: D,
) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn parsed_option<'de, D: Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    parsed(from).map(Some)
}

fn days<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    match u32::deserialize(from)? {
        days @ 1..=MAX_DAYS => Ok(Some(days)),
        days => Err(serde::de::Error::custom(format!(
            "{days} is not a valid number of days: 1 to {MAX_DAYS}"
        ))),
    }
}

/// A string or a list of strings.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn one_or_many<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMany::deserialize(from)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn sans<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<San>, D::Error> {
    let mut sans = Vec::new();
    for text in one_or_many(from)? {
        sans.extend(San::parse_list(&text).map_err(serde::de::Error::custom)?);
    }
    Ok(sans)
}
