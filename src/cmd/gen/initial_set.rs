//! The CA and the identities that `gen` creates, from flags and certctl.toml.

use pki::x509::{key::KeyType, name::Name, san::San, usage::Usage};

use crate::{
    cli::GenArgs,
    config::{ConfigError, Entry, Settings},
    error::Error,
    issue::{
        error::IssueError,
        identity::IdentityName,
        spec::{IdentitySpec, ca_common_name, subject},
    },
};

/// The CA's name, and the identities below it.
pub(super) struct Draft {
    pub(super) ca_subject: Name,
    pub(super) specs: Vec<IdentitySpec>,
}

impl Draft {
    /// `old` is the subject of the CA that is replaced: it sets what no flag and no [subject] sets.
    pub(super) fn new(
        args: &GenArgs,
        settings: &Settings,
        old: Option<&Name>,
    ) -> Result<Self, Error> {
        let defaults = &settings.config.defaults;
        let flags = &args.subject;
        let first_host = args.hosts.first().map(San::value);
        let named = flags.subject.as_ref().and_then(Name::common_name);
        let common_name = named
            .or_else(|| flags.cn.clone())
            .or(first_host)
            .or_else(|| defaults.cn.clone())
            .unwrap_or_else(|| "localhost".to_owned());
        let base = base_name(args, settings, old)?;
        let ca_common_name = args
            .ca_cn
            .clone()
            .or_else(|| old.filter(|_| !names_server(args)).and_then(Name::common_name))
            .or_else(|| defaults.ca_cn.clone())
            .unwrap_or_else(|| ca_common_name(&common_name));
        let key_and_days = (settings.key_type(args.key_type), settings.days(args.days));

        let specs = if settings.config.plan.is_empty() {
            let client_common_name =
                flags.client_cn.as_ref().or(defaults.client_cn.as_ref()).unwrap_or(&common_name);
            let mut others = args.hosts.clone();
            others.extend(args.san.iter().flat_map(|list| list.0.clone()));
            if others.is_empty() {
                others.clone_from(&defaults.san);
            }
            server_and_client(&base, &common_name, client_common_name, &others, key_and_days)?
        } else {
            planned(args, settings, &base)?
        };
        let ca_subject = match old {
            // The same octets, as the identities have it as their issuer.
            Some(old) if args.subject.is_empty() && args.ca_cn.is_none() => old.clone(),
            _ => subject(&"ca", &base, &ca_common_name)?,
        };
        Ok(Self { ca_subject, specs })
    }
}

/// Whether flags set the common name of the server.
fn names_server(args: &GenArgs) -> bool {
    let flags = &args.subject;
    flags.cn.is_some() || flags.subject.as_ref().and_then(Name::common_name).is_some()
}

/// Whether flags describe server and client.
pub(super) fn names_set(args: &GenArgs) -> bool {
    let has_hosts = !args.hosts.is_empty() || !args.san.is_empty();
    has_hosts || names_server(args) || args.subject.client_cn.is_some()
}

/// The common part of every subject of the set.
fn base_name(args: &GenArgs, settings: &Settings, old: Option<&Name>) -> Result<Name, Error> {
    let base = match (&args.subject.subject, old) {
        (Some(name), _) => Ok(name.clone()),
        (None, Some(old)) => settings.subject_or(&args.subject.fields(), old),
        (None, None) => settings.subject(&args.subject.fields()),
    };
    base.map_err(|source| IssueError::Subject { name: "the subject".to_owned(), source }.into())
}

/// gen.sh's two identities. The hosts are the server's.
pub(in crate::cmd) fn server_and_client(
    base: &Name,
    common_name: &str,
    client_common_name: &str,
    hosts: &[San],
    key_and_days: (KeyType, u32),
) -> Result<Vec<IdentitySpec>, Error> {
    let name = |name: &str| name.parse::<IdentityName>().map_err(|error| Error::usage(error, None));
    Ok(vec![
        IdentitySpec::new(name("server")?, base, common_name, hosts, Usage::Server, key_and_days)?,
        IdentitySpec::new(
            name("client")?,
            base,
            client_common_name,
            &[],
            Usage::Client,
            key_and_days,
        )?,
    ])
}

/// The identities of the plan.
fn planned(
    args: &GenArgs,
    settings: &Settings,
    base: &Name,
) -> Result<Vec<IdentitySpec>, ConfigError> {
    let spec = |entry: &Entry| {
        let key_type = entry.key_type.unwrap_or_else(|| settings.key_type(args.key_type));
        let days = entry.days.unwrap_or_else(|| settings.days(args.days));
        entry.spec(base, (key_type, days)).map_err(|error| settings.in_config(&error))
    };
    settings.config.plan.iter().map(spec).collect()
}
