//! certctl.toml and the `CERTCTL_*` variables, merged with the flags: flag, environment, file, default.
//!
//! Only this file reads the environment. A configuration cannot set directories, CA files or hooks,
//! because a file in a checkout must not run programs or redirect output.

mod error;
mod file;

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use pki::x509::{
    key::KeyType,
    name::{Attribute, AttributeType, Name, NameError},
};

use crate::store::{
    self, CA_CERTIFICATE, CA_KEY, CA_SERIAL, LockOptions, LockedDirectories, Missing, Sharing,
    Store, StoreError,
};
pub(crate) use error::ConfigError;
pub(crate) use file::{Config, Entry, SubjectConfig};

/// The file in the directory of the PKI.
pub(crate) const FILE: &str = "certctl.toml";
/// The lifetimes of gen.sh, in days.
const LEAF_DAYS: u32 = 3650;
const CA_DAYS: u32 = 36_500;
/// The lifetime of a certificate for a CSR, in days: the longest that Apple platforms accept.
const SIGNED_DAYS: u32 = 825;

/// The global flags that settings depend on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    pub(crate) dir: Option<PathBuf>,
    /// Only `check` takes several.
    pub(crate) ca: Vec<PathBuf>,
    pub(crate) ca_key: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
    pub(crate) lock_timeout: Duration,
    pub(crate) allow_shared_dir: bool,
    pub(crate) quiet: bool,
}

/// Everything that is not an argument of one command.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) store: Store,
    /// The path of certctl.toml, which need not exist.
    pub(crate) config_path: PathBuf,
    pub(crate) config: Config,
    pub(crate) ca: CaFiles,
    /// Every `--ca`, or the CA of the directory. `check` trusts all of them.
    pub(crate) anchors: Vec<PathBuf>,
    pub(crate) lock_timeout: Duration,
    /// Which rights of other users are accepted where files are written.
    pub(crate) sharing: Sharing,
    /// Only errors are printed.
    pub(crate) quiet: bool,
}

/// The three files of a CA.
#[derive(Clone, Debug)]
pub(crate) struct CaFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) serial: PathBuf,
    /// `--ca` or `--ca-key` was given: `gen` must not create a CA in this directory.
    pub(crate) elsewhere: bool,
}

impl Settings {
    /// Merges the flags with the environment and certctl.toml.
    pub(crate) fn read(flags: &Flags) -> Result<Self, ConfigError> {
        let mut settings = Self::without_config(flags);
        let named = config_file(flags).is_some();
        settings.config = Config::read(&settings.config_path, named)?;
        Ok(settings)
    }

    /// As [`Settings::read`], for a command with all its files on the command line: it reads certctl.toml only
    /// if it is named.
    pub(crate) fn read_for_named_files(flags: &Flags) -> Result<Self, ConfigError> {
        let is_named = directory(flags).is_some() || config_file(flags).is_some();
        match Self::read(flags) {
            Err(_) if !is_named => Ok(Self::without_config(flags)),
            read => read,
        }
    }

    /// As [`Settings::read`], for the command that writes certctl.toml and does not read it.
    pub(crate) fn without_config(flags: &Flags) -> Self {
        let store = Store::new(&directory(flags).unwrap_or_default());
        let ca = CaFiles::new(flags, &store);
        store::look_for(&[store.dir(), ca.certificate.parent().unwrap_or(Path::new(""))]);
        let anchors =
            if flags.ca.is_empty() { vec![ca.certificate.clone()] } else { flags.ca.clone() };
        Self {
            config_path: config_file(flags).unwrap_or_else(|| store.path(FILE)),
            config: Config::default(),
            ca,
            anchors,
            lock_timeout: flags.lock_timeout,
            sharing: if flags.allow_shared_dir { Sharing::Accepted } else { Sharing::Refused },
            quiet: flags.quiet,
            store,
        }
    }

    /// The CA of the directory, whatever `--ca` names.
    pub(crate) fn own_ca(&self) -> CaFiles {
        CaFiles::new(&Flags::default(), &self.store)
    }

    /// Locks the directory of the identities and that of `ca.srl`. Creates a missing one.
    pub(crate) fn lock(&self) -> Result<LockedDirectories, StoreError> {
        let options = self.lock_options(Missing::Create);
        if self.ca.elsewhere {
            let (pki, ca) = self.store.lock_with(&self.ca.serial, &options)?;
            return Ok(LockedDirectories { pki, ca });
        }
        let pki = self.store.lock(&options)?;
        Ok(LockedDirectories { ca: pki.clone(), pki })
    }

    pub(crate) fn lock_options(&self, missing: Missing) -> LockOptions {
        LockOptions { timeout: self.lock_timeout, sharing: self.sharing, missing }
    }

    /// An error of the plan, as one of certctl.toml.
    pub(crate) fn in_config(&self, error: &impl fmt::Display) -> ConfigError {
        ConfigError::Invalid { path: self.config_path.clone(), message: error.to_string() }
    }

    /// The lifetime that the plan sets for an entry, in days.
    pub(crate) fn planned_days(&self, entry: &Entry) -> Option<u32> {
        entry.days.or(self.config.defaults.days)
    }

    /// The key type that the plan sets for an entry.
    pub(crate) fn planned_key_type(&self, entry: &Entry) -> Option<KeyType> {
        entry.key_type.or(self.config.defaults.key_type)
    }

    pub(crate) fn days(&self, flag: Option<u32>) -> u32 {
        flag.or(self.config.defaults.days).unwrap_or(LEAF_DAYS)
    }

    /// For a CSR.
    pub(crate) fn signed_days(&self, flag: Option<u32>) -> u32 {
        flag.or(self.config.defaults.days).unwrap_or(SIGNED_DAYS)
    }

    pub(crate) fn ca_days(&self, flag: Option<u32>) -> u32 {
        flag.or(self.config.defaults.ca_days).unwrap_or(CA_DAYS)
    }

    pub(crate) fn key_type(&self, flag: Option<KeyType>) -> KeyType {
        flag.or(self.config.defaults.key_type).unwrap_or(KeyType::Rsa2048)
    }

    /// The subject without the common name: the fields of the flags, else those of certctl.toml, in the order
    /// of gen.sh, after the domain components.
    pub(crate) fn subject(&self, flags: &SubjectConfig) -> Result<Name, NameError> {
        self.build_subject(flags, &|_| Vec::new())
    }

    /// As [`Settings::subject`]; fields that neither sets come from another name. If neither sets any field,
    /// that name is used unchanged, octet by octet.
    pub(crate) fn subject_or(
        &self,
        flags: &SubjectConfig,
        other: &Name,
    ) -> Result<Name, NameError> {
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
        flags: &SubjectConfig,
        other: &dyn Fn(AttributeType) -> Vec<String>,
    ) -> Result<Name, NameError> {
        let mut name = Name::builder();
        for ((kind, flag), (_, file)) in
            flags.fields().into_iter().zip(self.config.subject.fields())
        {
            let values = match [flag, file].into_iter().find(|values| !values.is_empty()) {
                Some(values) => values.to_vec(),
                None => other(kind),
            };
            for value in values {
                name.push(kind, &value)?;
            }
        }
        Ok(name.build())
    }
}

impl CaFiles {
    fn new(flags: &Flags, store: &Store) -> Self {
        let certificate = flags.ca.first().cloned().unwrap_or_else(|| store.path(CA_CERTIFICATE));
        let beside = |file: &str| certificate.with_file_name(file);
        Self {
            key: flags.ca_key.clone().unwrap_or_else(|| beside(CA_KEY)),
            serial: beside(CA_SERIAL),
            elsewhere: !flags.ca.is_empty() || flags.ca_key.is_some(),
            certificate,
        }
    }

    /// The directory of the CA certificate.
    pub(crate) fn store(&self) -> Store {
        Store::new(self.certificate.parent().unwrap_or(Path::new("")))
    }
}

/// Whether a command line that cannot be parsed asks for JSON.
pub(crate) fn asks_for_json(arguments: &[OsString]) -> bool {
    let next = arguments
        .windows(2)
        .any(|pair| (pair[0] == "-o" || pair[0] == "--output") && pair[1] == "json");
    let joined =
        arguments.iter().any(|argument| argument == "-ojson" || argument == "--output=json");
    next || joined || output_format().is_some_and(|format| format == "json")
}

/// The output format of the environment.
pub(crate) fn output_format() -> Option<OsString> {
    variable("CERTCTL_OUTPUT")
}

/// The flags for the location of the PKI, also those from the environment: a command that is copied from a
/// hint may run without it.
pub(crate) fn place_flags(flags: &Flags) -> Vec<(&'static str, Option<PathBuf>)> {
    let dir = directory(flags).map(|path| ("-d", Some(path)));
    // Only `check` takes several.
    let ca = if let [ca] = &flags.ca[..] { Some(("--ca", Some(ca.clone()))) } else { None };
    let key = flags.ca_key.clone().map(|path| ("--ca-key", Some(path)));
    let config = config_file(flags).map(|path| ("--config", Some(path)));
    let shared = flags.allow_shared_dir.then_some(("--allow-shared-dir", None));
    [dir, ca, key, config, shared].into_iter().flatten().collect()
}

fn directory(flags: &Flags) -> Option<PathBuf> {
    flags.dir.clone().or_else(|| variable("CERTCTL_DIR").map(PathBuf::from))
}

/// The configuration that was named.
fn config_file(flags: &Flags) -> Option<PathBuf> {
    flags.config.clone().or_else(|| variable("CERTCTL_CONFIG").map(PathBuf::from))
}

/// The value of a variable, if it is set and not empty.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
