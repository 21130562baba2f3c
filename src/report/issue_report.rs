//! The result of `gen`, `issue`, `renew` and `sign`, or of their dry run.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    as_typed::as_typed, certificate_summary::CertificateSummary, follow_up::FollowUp, note::Note,
    table, words::place,
};
use crate::{
    error::{Error, Exit},
    hint::Hint,
    issue::changes::{Action, Drift},
    path_text::PathText as _,
};

/// The most names that are listed one by one.
const RELOADED: usize = 8;

/// The result of a command that issues.
#[derive(Debug, Serialize)]
pub(crate) struct Issuance {
    #[serde(skip)]
    pub(crate) command: &'static str,
    pub(crate) dry_run: bool,
    pub(crate) directory: PathBuf,
    /// The directory of the old files (`gen --replace-ca`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) archive: Option<PathBuf>,
    pub(crate) ca: Item,
    pub(crate) certificates: Vec<Item>,
    pub(crate) notes: Vec<Note>,
    #[serde(flatten)]
    pub(crate) follow_up: FollowUp,
    /// The CA expires within the expiry window.
    pub(crate) ca_due: bool,
    /// The identities whose services must load new files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) reload: Vec<String>,
    /// The CA certificate that clients must get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) distribute: Option<PathBuf>,
    /// The next command; only in the text.
    #[serde(skip)]
    pub(crate) next: Option<Hint>,
}

/// One certificate of the result.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<PathBuf>,
    /// Whether a new private key was generated.
    pub(crate) new_key: bool,
    #[serde(flatten)]
    pub(crate) facts: Option<Box<CertificateSummary>>,
    /// The certificate that was replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<Box<CertificateSummary>>,
    /// Why it is renewed or skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Drift>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "super::follow_up::as_json")]
    pub(crate) error: Option<Error>,
}

impl Item {
    pub(crate) fn new(name: &(impl ToString + ?Sized), action: Action) -> Self {
        Self {
            name: name.to_string(),
            action,
            certificate: None,
            key: None,
            new_key: false,
            facts: None,
            previous: None,
            reason: None,
            changes: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn failed(name: &(impl ToString + ?Sized), error: impl Into<Error>) -> Self {
        Self { error: Some(error.into()), ..Self::new(name, Action::Failed) }
    }
}

impl Issuance {
    /// The facts that every report of a command that issues begins with.
    pub(crate) fn new(command: &'static str, directory: &Path, ca: Item) -> Self {
        Self {
            command,
            dry_run: false,
            directory: directory.to_owned(),
            archive: None,
            ca,
            certificates: Vec::new(),
            notes: Vec::new(),
            follow_up: FollowUp::default(),
            ca_due: false,
            reload: Vec::new(),
            distribute: None,
            next: None,
        }
    }

    pub(crate) fn errors(&self) -> impl Iterator<Item = &Error> {
        self.items().filter_map(|item| item.error.as_ref()).chain(self.follow_up.errors())
    }

    pub(crate) fn exit(&self) -> Exit {
        let due = if self.ca_due { Exit::Due } else { Exit::Done };
        self.errors().map(Error::exit).fold(due, Exit::worst)
    }

    /// Notes which services and clients need the new files, once these are there.
    pub(crate) fn note_consumers(&mut self) {
        let renewed = self.certificates.iter().filter(|item| item.action == Action::Renewed);
        self.reload = renewed.map(|item| item.name.clone()).collect();
        let is_new = match self.ca.action {
            Action::Renewed => true,
            Action::Created => self.archive.is_some(),
            _ => false,
        };
        self.distribute = self.ca.certificate.clone().filter(|_| is_new);
    }

    /// Marks the identities whose old certificate was restored.
    pub(crate) fn note_restored(&mut self, names: &[String]) {
        for item in self.certificates.iter_mut().filter(|item| names.contains(&item.name)) {
            item.action = Action::Restored;
            item.facts = item.previous.take();
            item.new_key = false;
            item.changes.clear();
        }
        self.note_consumers();
    }

    /// Which services and clients need the new files; a hook reloads the services itself.
    fn consumers(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(path) = &self.distribute {
            let path = path.shown();
            lines.push(format!(
                "Distribute {path} to the clients: they verify certificates with it."
            ));
        }
        match &self.reload[..] {
            _ if self.follow_up.hook.is_some() => {}
            [] => {}
            names if names.len() <= RELOADED => {
                lines.push(format!("Reload the services that use {}.", names.join(", ")));
            }
            [first, .., last] => {
                let count = self.reload.len();
                lines.push(format!(
                    "Reload the services that use {first} … {last} ({count} pairs)."
                ));
            }
            [_] => {}
        }
        lines
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        std::iter::once(&self.ca).chain(&self.certificates)
    }

    fn count(&self, action: Action) -> usize {
        self.items().filter(|item| item.action == action).count()
    }

    fn headline(&self) -> String {
        let place = place(&self.directory);
        let made = if self.command == "sign" { "signed" } else { "made" };
        let mut done = Vec::new();
        for (action, verb, would) in [
            (Action::Created, made, "make"),
            (Action::Renewed, "renewed", "renew"),
            (Action::Restored, "restored", "restore"),
        ] {
            let ca = self.ca.action == action;
            let article = if action == Action::Created { "a" } else { "the" };
            let leaves = self.count(action) - usize::from(ca);
            let plural = if leaves == 1 { "" } else { "s" };
            let what = match (ca, leaves) {
                (false, 0) => continue,
                (true, 0) => format!("{article} CA certificate"),
                (false, _) => format!("{leaves} certificate{plural}"),
                (true, _) => format!("{article} CA and {leaves} certificate{plural}"),
            };
            done.push(format!("{} {what}", if self.dry_run { would } else { verb }));
        }
        if done.is_empty() {
            let nothing = match (self.command, self.errors().count()) {
                ("renew", 0) => "Nothing is due",
                (_, 0) => "Nothing is missing",
                _ => "Nothing was changed",
            };
            return format!("{nothing}{place}");
        }
        let done = done.join(" and ");
        if self.dry_run {
            return format!("Would {done}{place}");
        }
        let first = done[..1].to_ascii_uppercase();
        format!("{first}{}{place}", &done[1..])
    }
}

impl fmt::Display for Issuance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 5]> = self
            .items()
            .filter(|item| item.action != Action::Failed)
            .filter(|item| item.name != "ca" || item.action != Action::Unchanged)
            .map(Item::row)
            .collect();
        if rows.is_empty() {
            return writeln!(f, "{}.", self.headline());
        }
        writeln!(f, "{}:\n", self.headline())?;
        for line in table::lines(None, rows) {
            writeln!(f, "  {line}")?;
        }
        if let Some(archive) = &self.archive {
            writeln!(f, "\nThe old files are in {}.", archive.shown())?;
        }
        if self.ca.action == Action::Created && !self.dry_run {
            writeln!(f, "\nKeep ca.key off the servers: its holder can sign for any name.")?;
        }
        let consumers = self.consumers();
        if !consumers.is_empty() {
            writeln!(f, "\n{}", consumers.join("\n"))?;
        }
        if let Some(next) = &self.next {
            writeln!(f, "Next: {}", as_typed(next))?;
        }
        Ok(())
    }
}

impl Item {
    /// Name, SANs or subject, usage, expiry, details.
    fn row(&self) -> [String; 5] {
        let facts = self.facts.clone().or_else(|| self.previous.clone()).unwrap_or_default();
        let called = if self.name == "ca" { facts.subject.clone() } else { facts.called() };
        let until = match (&self.previous, &self.facts) {
            (Some(old), Some(new)) if old.until != new.until => {
                format!("until {} -> {}", old.until, new.until)
            }
            (_, Some(new)) => format!("until {}", new.until),
            (Some(old), None) => format!("until {}", old.until),
            (None, None) => String::new(),
        };
        let usage = facts.usage.unwrap_or_default().to_owned();
        let mut details = Vec::new();
        match self.action {
            Action::Created => details.push(format!("{} key", facts.key_type)),
            Action::Renewed if self.new_key => details.push(format!("new {} key", facts.key_type)),
            Action::Renewed => details.push("same key".to_owned()),
            Action::Restored => details.push("old certificate restored".to_owned()),
            Action::Unchanged => details.push("not due".to_owned()),
            Action::Skipped => details.push("skipped".to_owned()),
            Action::Missing => details.push("missing".to_owned()),
            Action::Unmanaged => details.push("not in the plan".to_owned()),
            Action::Failed => {}
        }
        if let (Some(old), Some(new)) =
            (serial_end(self.previous.as_deref()), serial_end(self.facts.as_deref()))
        {
            details.push(format!("serial ..{old} -> ..{new}"));
        }
        details.extend(self.reason.clone());
        details.extend(self.changes.iter().map(Drift::to_string));
        [self.name.clone(), called, usage, until, details.join("; ")]
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} becomes {}", self.field, self.is, self.wanted)
    }
}

/// The last digits of a serial: enough to distinguish it from the previous one.
fn serial_end(facts: Option<&CertificateSummary>) -> Option<&str> {
    let serial = facts?.serial.as_deref()?;
    Some(&serial[serial.len().saturating_sub(6)..])
}
