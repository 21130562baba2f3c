//! The CA that `gen` creates, and the identities below it.

use pki::x509::{
    certificate::Certificate,
    key::KeyType,
    name::Name,
    validity::{Lifetime, Validity},
};
use time::OffsetDateTime;

use super::initial_set::Draft;
use crate::{
    cli::GenArgs,
    config::Settings,
    error::Error,
    issue::{
        changes::{CaChange, IssueTask},
        error::IssueError,
        identity::IdentityName,
    },
    report::{
        Note,
        issue_report::{Action, Item},
    },
};

/// A CA that is created, and what it signs.
pub(super) struct NewSet {
    pub(super) ca: CaChange,
    pub(super) validity: Validity,
    pub(super) tasks: Vec<(IssueTask, Item)>,
    /// What is listed and not issued.
    pub(super) skipped: Vec<Item>,
    pub(super) notes: Vec<Note>,
    /// Whose files go to the archive, if there are any.
    pub(super) names: Vec<IdentityName>,
    /// The CA that is replaced.
    pub(super) old: Option<Certificate>,
}

impl NewSet {
    /// Only the CA.
    pub(super) fn new(
        args: &GenArgs,
        settings: &Settings,
        subject: Name,
        key_type: KeyType,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let validity = Lifetime::Days(settings.ca_days(args.ca_days))
            .from(now, None)
            .map_err(|_| IssueError::PastTheLastYear { name: "ca".to_owned() })?;
        let ca = CaChange::Create { subject, key_type, validity };
        let (tasks, skipped, notes, names) = Default::default();
        Ok(Self { ca, validity, tasks, skipped, notes, names, old: None })
    }

    /// A CA and the identities under it, where nothing of them exists yet.
    pub(super) fn drafted(
        args: &GenArgs,
        settings: &Settings,
        draft: &Draft,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let key_type = settings.key_type(args.key_type);
        let mut set = Self::new(args, settings, draft.ca_subject.clone(), key_type, now)?;
        for spec in &draft.specs {
            let task = spec.task(now, &set.validity)?;
            let item = new_item(&task);
            set.names.push(task.name.clone());
            set.tasks.push((task, item));
        }
        Ok(set)
    }
}

/// A new identity, as reports show it.
pub(super) fn new_item(task: &IssueTask) -> Item {
    Item { new_key: true, ..Item::new(&task.name, Action::Created) }
}
