//! The plan of certctl.toml: the spec of an identity, and the flags that it would undo.

use pki::x509::{certificate::Certificate, key::KeyType, name::Name, san::San};

use crate::{
    cli::{GenArgs, RenewArgs, RenewTarget},
    config::{Entry, Settings},
    error::Error,
    hint::Hint,
    issue::{
        error::IssueError,
        spec::{self, IdentitySpec},
    },
    path_text::PathText as _,
};

/// A field of an entry, as certctl.toml and the flags of `renew` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    San,
    Usage,
    Days,
    KeyType,
}

impl Field {
    const fn as_str(self) -> &'static str {
        match self {
            Self::San => "san",
            Self::Usage => "usage",
            Self::Days => "days",
            Self::KeyType => "key_type",
        }
    }

    /// Whether the plan sets it for an entry: names and usage always.
    fn is_set(self, entry: &Entry, settings: &Settings) -> bool {
        match self {
            Self::San | Self::Usage => true,
            Self::Days => settings.planned_days(entry).is_some(),
            Self::KeyType => settings.planned_key_type(entry).is_some(),
        }
    }
}

impl Entry {
    /// The spec of the entry. The default of the common name is the first SAN, or the name of the entry.
    pub(super) fn spec(
        &self,
        base: &Name,
        key_and_days: (KeyType, u32),
    ) -> Result<IdentitySpec, IssueError> {
        let common_name = self
            .common_name
            .clone()
            .or_else(|| self.san.first().map(San::value))
            .unwrap_or_else(|| self.name.to_string());
        IdentitySpec::new(
            self.name.clone(),
            base,
            &common_name,
            &self.san,
            self.usage,
            key_and_days,
        )
    }
}

/// The spec of an identity that has this certificate. The subject but for its common
/// name comes from the certificate, and so does every field that the plan does not set.
pub(super) fn spec(
    entry: &Entry,
    settings: &Settings,
    certificate: &Certificate,
) -> Result<IdentitySpec, IssueError> {
    let key_type = key_type(settings, entry.key_type, certificate);
    let length = u32::try_from(certificate.validity().length().whole_days()).unwrap_or(1);
    let days = settings.planned_days(entry).unwrap_or(length);
    entry.spec(certificate.subject(), (key_type, days)).map_err(|error| IssueError::Plan {
        path: settings.config_path.clone(),
        message: error.to_string(),
    })
}

/// The type that was set, else that of certctl.toml, else that of the key of a certificate.
pub(super) fn key_type(
    settings: &Settings,
    set: Option<KeyType>,
    certificate: &Certificate,
) -> KeyType {
    set.or(settings.config.defaults.key_type)
        .or_else(|| spec::key_type(certificate))
        .unwrap_or_else(|| settings.key_type(None))
}

/// The command that changes a field of an identity by flags; the entry to edit if the plan sets it.
pub(super) fn change(settings: &Settings, name: &str, field: Field, flags: &str) -> Hint {
    match name
        .parse()
        .ok()
        .and_then(|name| settings.config.entry(&name))
        .filter(|entry| field.is_set(entry, settings))
    {
        Some(entry) => edit(settings, entry, field),
        None => Hint::command(format!("renew {name} {flags}")),
    }
}

/// The entry to edit, and the command that then issues it.
pub(super) fn edit(settings: &Settings, entry: &Entry, field: Field) -> Hint {
    let (name, field) = (&entry.name, field.as_str());
    let file = settings.config_path.typed();
    let line = entry.line.map(|line| format!(", line {line}")).unwrap_or_default();
    Hint::from(format!("change `{field}` of the [[certificate]] `{name}` ({file}{line}), then "))
        .run(format!("renew {name}"))
}

/// Refuses flags that the next run would undo, because the plan sets another value.
pub(super) fn refuse_undone(args: &RenewArgs, settings: &Settings) -> Result<(), Error> {
    let flags = [
        ("--san", Field::San, !args.san.is_empty()),
        ("--drop-san", Field::San, !args.drop_san.is_empty()),
        ("--usage", Field::Usage, args.usage.is_some()),
        ("--days", Field::Days, args.days.is_some()),
        ("--key-type", Field::KeyType, args.key_type.is_some()),
    ];
    let is_named = |entry: &&Entry| {
        let names = args.names.iter().filter_map(RenewTarget::identity);
        args.names.is_empty() || names.into_iter().any(|name| *name == entry.name)
    };
    for entry in settings.config.plan.iter().filter(is_named) {
        for (flag, field, _) in flags.iter().filter(|(_, _, given)| *given) {
            if field.is_set(entry, settings) {
                return Err(undone(settings, entry, flag, *field));
            }
        }
    }
    Ok(())
}

/// As [`refuse_undone`], for the flags of `gen`: the fields of an entry take precedence over them, but not what
/// the old certificate has that is issued again, nor the defaults.
pub(super) fn refuse_undone_by_plan(args: &GenArgs, settings: &Settings) -> Result<(), Error> {
    for entry in &settings.config.plan {
        let days = settings.planned_days(entry).filter(|_| args.replace_ca || entry.days.is_none());
        if args.days.zip(days).is_some_and(|(flag, days)| flag != days) {
            return Err(undone(settings, entry, "--days", Field::Days));
        }
        let kind = settings.planned_key_type(entry).filter(|_| entry.key_type.is_none());
        if args.key_type.zip(kind).is_some_and(|(flag, kind)| flag != kind) {
            return Err(undone(settings, entry, "--key-type", Field::KeyType));
        }
    }
    Ok(())
}

fn undone(settings: &Settings, entry: &Entry, flag: &str, field: Field) -> Error {
    let message = format!(
        "the next run would undo `{flag}`: the plan sets `{}` of `{}`",
        field.as_str(),
        entry.name
    );
    Error::usage(message, Some(edit(settings, entry, field)))
}
