//! certctl.toml and the `CERTCTL_*` variables, merged with the flags: flag, environment, file, default.
//!
//! The only file that reads the environment. A configuration cannot name directories, CA files or
//! hooks: a file found in a checkout must not run or redirect anything.

use std::{
    env, fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;

use crate::{
    ca::{
        authority::{self, Authority},
        fleet::Wish,
        identity::IdentityName,
        store::{CA_CERTIFICATE, CA_KEY, CA_SERIAL, Store},
    },
    cli::{Format, Global, SubjectArgs},
    error::Error,
    x509::{
        key::KeyType,
        name::{Attribute, AttributeKind, Name, NameError},
        pem::{ReadError, read_regular},
        san::San,
        usage::Usage,
    },
};

/// The file in the directory of the PKI.
pub(crate) const FILE: &str = "certctl.toml";
/// gen.sh's lifetimes, in days.
const LEAF_DAYS: u32 = 3650;
const CA_DAYS: u32 = 36_500;
/// A plan of 10,000 identities has about 1 MiB.
const LIMIT: u64 = 16 << 20;
/// The most days that certctl.toml may ask for, as the flags.
const MAX_DAYS: u32 = 2_920_000;

/// Everything that is not an argument of one command.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) store: Store,
    /// Where certctl.toml is, whether it exists or not.
    pub(crate) config_path: PathBuf,
    pub(crate) config: Config,
    pub(crate) ca: CaFiles,
    pub(crate) lock_timeout: Duration,
    /// Nothing but errors is to be said.
    pub(crate) quiet: bool,
}

/// How a result is given.
#[derive(Clone, Debug)]
pub(crate) struct Presentation {
    pub(crate) format: Format,
    pub(crate) out_file: Option<PathBuf>,
    pub(crate) quiet: bool,
}

/// The three files of a CA.
#[derive(Clone, Debug)]
pub(crate) struct CaFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) serial: PathBuf,
    /// `--ca` or `--ca-key` was given: the CA is not this directory's to make.
    pub(crate) elsewhere: bool,
}

/// certctl.toml.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    subject: SubjectConfig,
    #[serde(default)]
    pub(crate) defaults: Defaults,
    #[serde(default, rename = "certificate")]
    pub(crate) plan: Vec<Entry>,
}

/// What the subjects of a set share.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectConfig {
    #[serde(default, alias = "domain-component", deserialize_with = "one_or_many")]
    domain_component: Vec<String>,
    country: Option<String>,
    state: Option<String>,
    locality: Option<String>,
    #[serde(alias = "org")]
    organization: Option<String>,
    #[serde(
        default,
        alias = "org-unit",
        alias = "organizational_unit",
        deserialize_with = "one_or_many"
    )]
    org_unit: Vec<String>,
}

/// What flags may say too.
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
    days: Option<u32>,
    #[serde(default, alias = "ca-days", deserialize_with = "days")]
    ca_days: Option<u32>,
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
}

impl Settings {
    /// Merges the flags with the environment and certctl.toml.
    pub(crate) fn read(global: &Global) -> Result<Self, Error> {
        let mut settings = Self::without_config(global);
        let named = config_file(global).is_some();
        settings.config = Config::read(&settings.config_path, named)?;
        Ok(settings)
    }

    /// As [`Settings::read`], for the command that writes certctl.toml and does not read it.
    pub(crate) fn without_config(global: &Global) -> Self {
        let dir = global.dir.clone().or_else(|| variable("CERTCTL_DIR").map(PathBuf::from));
        let store = Store::new(&dir.unwrap_or_default());
        Self {
            config_path: config_file(global).unwrap_or_else(|| store.path(FILE)),
            config: Config::default(),
            ca: CaFiles::new(global, &store),
            lock_timeout: Duration::from_secs(global.lock_timeout.into()),
            quiet: global.quiet,
            store,
        }
    }

    /// Refuses a directory without a CA before anything is locked or made.
    pub(crate) fn require_ca(&self) -> Result<(), Error> {
        if self.ca.certificate.symlink_metadata().is_ok() {
            return Ok(());
        }
        Err(Error::NoCa { path: self.ca.certificate.clone() })
    }

    /// An error of the plan, as one of certctl.toml.
    pub(crate) fn in_config(&self, error: &Error) -> Error {
        Error::Config { path: self.config_path.clone(), message: error.to_string() }
    }

    pub(crate) fn days(&self, flag: Option<u32>) -> u32 {
        flag.or(self.config.defaults.days).unwrap_or(LEAF_DAYS)
    }

    pub(crate) fn ca_days(&self, flag: Option<u32>) -> u32 {
        flag.or(self.config.defaults.ca_days).unwrap_or(CA_DAYS)
    }

    pub(crate) fn key_type(&self, flag: Option<KeyType>) -> KeyType {
        flag.or(self.config.defaults.key_type).unwrap_or(KeyType::Rsa2048)
    }

    /// The subject before its common name: the fields of the flags, else those of certctl.toml, in
    /// gen.sh's order, domain components before them.
    pub(crate) fn subject(&self, flags: &SubjectArgs) -> Result<Name, NameError> {
        self.build_subject(flags, &|_| Vec::new())
    }

    /// As [`Settings::subject`]; what neither says comes from another name, which is taken as it is,
    /// octet by octet, if they say nothing at all.
    pub(crate) fn subject_or(&self, flags: &SubjectArgs, other: &Name) -> Result<Name, NameError> {
        if self.subject(flags)?.is_empty() {
            return Ok(other.clone());
        }
        let attributes: Vec<Attribute> = other.attributes().into_iter().flatten().collect();
        self.build_subject(flags, &|kind| {
            let same = attributes.iter().filter(|attribute| attribute.kind() == Some(kind));
            same.map(|attribute| attribute.value.clone()).collect()
        })
    }

    fn build_subject(
        &self,
        flags: &SubjectArgs,
        other: &dyn Fn(AttributeKind) -> Vec<String>,
    ) -> Result<Name, NameError> {
        let file = &self.config.subject;
        let one = |flag: &Option<String>, file: &Option<String>| {
            flag.as_ref().or(file.as_ref()).cloned().into_iter().collect::<Vec<_>>()
        };
        let units = if flags.org_unit.is_empty() { &file.org_unit } else { &flags.org_unit };
        let fields = [
            (AttributeKind::DomainComponent, file.domain_component.clone()),
            (AttributeKind::Country, one(&flags.country, &file.country)),
            (AttributeKind::State, one(&flags.state, &file.state)),
            (AttributeKind::Locality, one(&flags.locality, &file.locality)),
            (AttributeKind::Organization, one(&flags.organization, &file.organization)),
            (AttributeKind::OrganizationalUnit, units.clone()),
        ];
        let mut name = Name::builder();
        for (kind, values) in fields {
            let values = if values.is_empty() { other(kind) } else { values };
            for value in values {
                name.push(kind, &value)?;
            }
        }
        Ok(name.build())
    }
}

impl Entry {
    /// What the entry asks for; its common name is the first of its names, else its own name.
    pub(crate) fn wish(&self, base: &Name, key_and_days: (KeyType, u32)) -> Result<Wish, Error> {
        let common_name = self
            .common_name
            .clone()
            .or_else(|| self.san.first().map(San::value))
            .unwrap_or_else(|| self.name.to_string());
        Wish::new(self.name.clone(), base, &common_name, &self.san, self.usage, key_and_days)
    }
}

impl Presentation {
    /// Merges the flags with the environment.
    pub(crate) fn read(global: &Global) -> Result<Self, Error> {
        let format = match (global.output, variable("CERTCTL_OUTPUT")) {
            (Some(format), _) => format,
            (None, None) => Format::Text,
            (None, Some(text)) => clap::ValueEnum::from_str(&text.to_string_lossy(), false)
                .map_err(|_| {
                    let message = format!(
                        "`{}` is no form; there are `text` and `json`",
                        text.to_string_lossy()
                    );
                    Error::Environment { variable: "CERTCTL_OUTPUT", message }
                })?,
        };
        Ok(Self { format, out_file: global.out_file.clone(), quiet: global.quiet })
    }
}

impl CaFiles {
    fn new(global: &Global, store: &Store) -> Self {
        let certificate = global.ca.clone().unwrap_or_else(|| store.path(CA_CERTIFICATE));
        let beside = |file: &str| certificate.with_file_name(file);
        Self {
            key: global.ca_key.clone().unwrap_or_else(|| beside(CA_KEY)),
            serial: beside(CA_SERIAL),
            elsewhere: global.ca.is_some() || global.ca_key.is_some(),
            certificate,
        }
    }
}

impl CaFiles {
    /// The CA, whatever its dates.
    pub(crate) fn read(&self) -> Result<Authority, Error> {
        authority::read(&self.certificate, &self.key)
    }

    /// The CA, whose certificates clients accept now.
    pub(crate) fn read_valid(&self, now: OffsetDateTime) -> Result<Authority, Error> {
        let authority = self.read()?;
        self.check_dates(&authority, now)?;
        Ok(authority)
    }

    pub(crate) fn check_dates(&self, ca: &Authority, now: OffsetDateTime) -> Result<(), Error> {
        let path = self.certificate.clone();
        ca.check_dates(now).map_err(|source| Error::Authority { path, source })
    }
}

impl Config {
    fn read(path: &Path, named: bool) -> Result<Self, Error> {
        let invalid = |message| Error::Config { path: path.to_owned(), message };
        let content = match read_regular(path, LIMIT) {
            Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound && !named => {
                return Ok(Self::default());
            }
            read => read.map_err(|source| Error::Read { path: path.to_owned(), source })?,
        };
        let text = String::from_utf8(content).map_err(|_| invalid("it is not UTF-8".to_owned()))?;
        let config: Self = toml::from_str(&text).map_err(|error| invalid(locate(&error, &text)))?;
        config.check_names().map_err(|error| invalid(error.to_string()))?;
        for (index, entry) in config.plan.iter().enumerate() {
            if let Some(twin) = config.plan[..index].iter().find(|other| other.name == entry.name) {
                return Err(invalid(format!(
                    "two certificates are called `{}` and `{}`; names that differ in case only are one",
                    twin.name, entry.name
                )));
            }
        }
        Ok(config)
    }
}

impl Config {
    /// Whether every value fits into a name, so that whatever fails later came from a flag.
    fn check_names(&self) -> Result<(), NameError> {
        let SubjectConfig { domain_component, country, state, locality, organization, org_unit } =
            &self.subject;
        let Defaults { cn, client_cn, ca_cn, .. } = &self.defaults;
        let many = |kind, values: &[String]| {
            values.iter().try_for_each(|value| Name::builder().push(kind, value).map(|_| ()))
        };
        let one = |kind, value: &Option<String>| many(kind, value.as_slice());
        many(AttributeKind::DomainComponent, domain_component)?;
        one(AttributeKind::Country, country)?;
        one(AttributeKind::State, state)?;
        one(AttributeKind::Locality, locality)?;
        one(AttributeKind::Organization, organization)?;
        many(AttributeKind::OrganizationalUnit, org_unit)?;
        let planned = self.plan.iter().map(|entry| &entry.common_name);
        [cn, client_cn, ca_cn]
            .into_iter()
            .chain(planned)
            .try_for_each(|common_name| one(AttributeKind::CommonName, common_name))
    }
}

/// One line with line and column; toml's own message goes over several.
fn locate(error: &toml::de::Error, text: &str) -> String {
    let message = error.message().split('\n').collect::<Vec<_>>().join(", ");
    let Some(span) = error.span() else { return message };
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("line {line}, column {column}: {message}")
}

/// The configuration that was named.
fn config_file(global: &Global) -> Option<PathBuf> {
    global.config.clone().or_else(|| variable("CERTCTL_CONFIG").map(PathBuf::from))
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
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
            "{days} is no number of days; 1 to {MAX_DAYS} are"
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
