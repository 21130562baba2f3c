//! The CA that `gen` creates, and the identities below it.

use pki::x509::{
    key::KeyType,
    name::Name,
    san::San,
    validity::{Lifetime, Validity},
};
use time::OffsetDateTime;

use super::super::initial_set::{Base, named};
use crate::{
    cli::GenArgs,
    config::Settings,
    error::Error,
    issue::{
        changes::{CaChange, ChangeList, Decision, IssueTask},
        error::IssueError,
        identity::IdentityName,
        spec::{IdentitySpec, ca_common_name},
    },
};

/// The CA's name, and the identities below it.
pub(super) struct Draft {
    pub(super) ca_subject: Name,
    pub(super) specs: Vec<IdentitySpec>,
}

/// A CA that is created, and what it signs.
pub(super) struct NewSet {
    pub(super) list: ChangeList,
    pub(super) validity: Validity,
    /// Whose files go to the archive, if there are any.
    pub(super) names: Vec<IdentityName>,
}

impl Draft {
    /// `old` is the subject of the CA that is replaced: it sets what no flag and no `[subject]` sets.
    pub(super) fn new(
        args: &GenArgs,
        settings: &Settings,
        old: Option<&Name>,
    ) -> Result<Self, Error> {
        let key_and_days = (settings.key_type(args.key_type), settings.days(args.days));
        let first_host = args.hosts.first().map(San::value);
        let base = Base::new(settings, &args.subject, old, (first_host, None), key_and_days)?;
        let specs = base.specs(args.names())?;
        let ca_subject = match old {
            // The same octets, as the identities have it as their issuer.
            Some(old) if args.subject.is_empty() && args.ca_cn.is_none() => old.clone(),
            _ => {
                let old = old.filter(|_| named(&args.subject).is_none());
                let common_name = args
                    .ca_cn
                    .clone()
                    .or_else(|| old.and_then(Name::common_name))
                    .or_else(|| settings.config.defaults.ca_cn.clone())
                    .unwrap_or_else(|| ca_common_name(&base.common_name));
                base.ca_subject(&common_name)?
            }
        };
        Ok(Self { ca_subject, specs })
    }
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
        let list = ChangeList::new(CaChange::Create { subject, key_type, validity });
        Ok(Self { list, validity, names: Vec::new() })
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
            set.push(spec.task(now, &set.validity)?);
        }
        Ok(set)
    }

    pub(super) fn push(&mut self, task: IssueTask) {
        if !self.names.contains(&task.name) {
            self.names.push(task.name.clone());
        }
        self.list.decisions.push(Decision::issue(task));
    }
}
