//! The identities of a directory as objects: which of them, and under which names.

use pki::x509::certificate::Certificate;

use super::metadata::ObjectName;
use crate::{
    deploy::error::UnmetRequirement,
    hint::{Hint, Note},
    issue::{
        error::IssueError,
        identity::{Identity, IdentityName, ScanResult, scan},
    },
    store::Store,
};

/// The name of an object for an identity: in lower case, with `-` for `_`, between the prefix and
/// the suffix.
pub(super) fn object_name(
    before: &str,
    identity: &IdentityName,
    behind: &str,
) -> Result<ObjectName, UnmetRequirement> {
    let plain = identity.as_str().to_ascii_lowercase().replace('_', "-");
    format!("{before}{plain}{behind}").parse().map_err(|error| {
        UnmetRequirement::new(
            format!("identity `{identity}` cannot be the name of an object: {error}"),
            Hint::from("give the name: ").run(format!("k8s secret {identity} --name NAME")),
        )
    })
}

/// The identities of the CA that have their keys in a directory. Those of other CAs are `None`, or left out
/// unless `with_foreign`. Notes say which are left out.
pub(super) fn with_keys(
    store: &Store,
    ca: &Certificate,
    with_foreign: bool,
    notes: &mut Vec<Note>,
) -> Result<Vec<(IdentityName, Option<Identity>)>, IssueError> {
    let mut identities = Vec::new();
    for (name, found) in scan(store, ca)? {
        let reason = match found {
            ScanResult::Member(identity) if identity.has_key => {
                identities.push((name, Some(*identity)));
                continue;
            }
            ScanResult::Foreign { has_key: true, .. } if with_foreign => {
                identities.push((name, None));
                continue;
            }
            ScanResult::Member(_) => "was signed for a key that is not here",
            ScanResult::Foreign { has_key: true, .. } => "was not signed by this CA",
            ScanResult::Broken(error) => return Err(error),
            ScanResult::Foreign { has_key: false, .. } | ScanResult::Other(_) => continue,
        };
        let file = name.certificate_file();
        notes.push(Note::plain(format!("{file} {reason}: left out"), None));
    }
    Ok(identities)
}
