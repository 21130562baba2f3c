//! The names of Kubernetes objects.

use crate::{
    deploy::{error::UnmetRequirement, kubernetes::metadata::ObjectName},
    hint::Hint,
    issue::identity::IdentityName,
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
