//! After a renewal: the hook, the served certificates, and the rollback.

use serde::{Serialize, Serializer};
use serde_json::json;

use super::{certificate_summary::CertificateSummary, json::error_json};
use crate::{error::Error, issue::rollback::NotRestored};

#[derive(Debug, Default, Serialize)]
pub(crate) struct FollowUp {
    /// The names for which a hook is pending: those that the run selects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) hook_pending: Vec<String>,
    /// The hook of `--exec` and its result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hook: Option<HookReport>,
    /// The certificates of each server of `--served`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) served: Vec<ServedReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rollback: Option<RollbackReport>,
    /// The hook succeeded, and its record could not be changed.
    #[serde(skip)]
    pub(crate) record_error: Option<Error>,
}

#[derive(Debug, Serialize)]
pub(crate) struct HookReport {
    pub(crate) command: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_json")]
    pub(crate) error: Option<Error>,
}

/// A server of `--served`.
#[derive(Debug, Serialize)]
pub(crate) struct ServedReport {
    pub(crate) endpoint: String,
    /// Before the hook; none if it could not be probed.
    #[serde(serialize_with = "in_short")]
    pub(crate) before: Option<Box<CertificateSummary>>,
    #[serde(serialize_with = "in_short")]
    pub(crate) after: Option<Box<CertificateSummary>>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_json")]
    pub(crate) error: Option<Error>,
}

/// The result of `--rollback`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RollbackReport {
    /// The identities that have their old certificate again.
    pub(crate) restored: Vec<String>,
    /// Those that keep what is published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_restored: Vec<NotRestored>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "all_as_json")]
    pub(crate) errors: Vec<Error>,
}

impl FollowUp {
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Error> {
        let hook = self.hook.iter().filter_map(|hook| hook.error.as_ref());
        let served = self.served.iter().filter_map(|served| served.error.as_ref());
        let rollback = self.rollback.iter().flat_map(|rollback| &rollback.errors);
        hook.chain(served).chain(rollback).chain(&self.record_error)
    }
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
pub(super) fn as_json<S: Serializer>(
    error: &Option<Error>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    error.as_ref().map(error_json).serialize(serializer)
}

/// What identifies a certificate that a server serves.
#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn in_short<S: Serializer>(
    served: &Option<Box<CertificateSummary>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let served = served
        .as_ref()
        .map(|it| json!({ "subject": it.subject, "serial": it.serial, "not_after": it.not_after }));
    served.serialize(serializer)
}

fn all_as_json<S: Serializer>(errors: &[Error], serializer: S) -> Result<S::Ok, S::Error> {
    errors.iter().map(error_json).collect::<Vec<_>>().serialize(serializer)
}
