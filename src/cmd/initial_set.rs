//! The identities that `gen` creates, and `renew` in a directory that has only the CA: from flags and certctl.toml.

use pki::x509::{key::KeyType, name::Name, san::San, usage::Usage};

use crate::{
    cli::SubjectArgs,
    config::{ConfigError, Entry, Settings},
    error::Error,
    issue::{
        error::IssueError,
        spec::{IdentitySpec, subject},
    },
};

/// What flags and certctl.toml set for all of them.
pub(super) struct Base<'a> {
    pub(super) settings: &'a Settings,
    pub(super) flags: &'a SubjectArgs,
    /// The common part of every subject.
    subject: Name,
    pub(super) common_name: String,
    pub(super) key_and_days: (KeyType, u32),
}

impl<'a> Base<'a> {
    /// `other` is the subject of a CA: it sets what no flag and no `[subject]` sets. The common name is that of
    /// a flag, of the `first` host, of certctl.toml, or the `last` one.
    pub(super) fn new(
        settings: &'a Settings,
        flags: &'a SubjectArgs,
        other: Option<&Name>,
        (first, last): (Option<String>, Option<String>),
        key_and_days: (KeyType, u32),
    ) -> Result<Self, IssueError> {
        let subject = match (&flags.subject, other) {
            (Some(name), _) => Ok(name.clone()),
            (None, Some(other)) => settings.subject_or(&flags.fields(), other),
            (None, None) => settings.subject(&flags.fields()),
        };
        let subject = subject
            .map_err(|source| IssueError::Subject { name: "the subject".to_owned(), source })?;
        let common_name = named(flags)
            .or(first)
            .or_else(|| settings.config.defaults.cn.clone())
            .or(last)
            .unwrap_or_else(|| "localhost".to_owned());
        Ok(Self { settings, flags, subject, common_name, key_and_days })
    }

    /// The subject of a CA with that common name.
    pub(super) fn ca_subject(&self, common_name: &str) -> Result<Name, IssueError> {
        subject(&"ca", &self.subject, common_name)
    }

    /// The identities of the plan; without one gen.sh's server, which has the hosts, and client.
    pub(super) fn specs(&self, hosts: Vec<San>) -> Result<Vec<IdentitySpec>, Error> {
        let Self { settings, flags, subject, common_name, key_and_days } = self;
        let config = &settings.config;
        if !config.plan.is_empty() {
            let spec = |entry: &Entry| {
                let key_type = entry.key_type.unwrap_or(key_and_days.0);
                let days = entry.days.unwrap_or(key_and_days.1);
                entry.spec(subject, (key_type, days)).map_err(|error| settings.in_config(&error))
            };
            return Ok(config.plan.iter().map(spec).collect::<Result<_, ConfigError>>()?);
        }
        let client = flags.client_cn.as_ref().or(config.defaults.client_cn.as_ref());
        let hosts = if hosts.is_empty() { config.defaults.san.clone() } else { hosts };
        let both = [
            ("server", common_name, &hosts[..], Usage::Server),
            ("client", client.unwrap_or(common_name), &[], Usage::Client),
        ];
        let spec = |(name, common_name, hosts, usage): (&str, &String, &[San], Usage)| {
            let name = name.parse().map_err(|error| Error::usage(error, None))?;
            Ok(IdentitySpec::new(name, subject, common_name, hosts, usage, *key_and_days)?)
        };
        both.into_iter().map(spec).collect()
    }
}

/// The common name that flags set for the server.
pub(super) fn named(flags: &SubjectArgs) -> Option<String> {
    flags.subject.as_ref().and_then(Name::common_name).or_else(|| flags.cn.clone())
}
