//! What is where in the container of Qdrant, and what it gets from outside.

use std::{net::IpAddr, path::Path};

use pki::x509::escape::escape_line;

use crate::{
    deploy::error::DeployError,
    deploy::service::{
        hosts::directory,
        options::{QdrantForm, QdrantOptions},
    },
};

/// The working directory of Qdrant's image, for its relative paths.
const HOME: &str = "/qdrant";
/// The directory of the certificates, as Qdrant's own example has it.
const MOUNT: &str = "./tls";
/// The directories that Qdrant writes to in its image.
const VOLUMES: [&str; 2] = ["/qdrant/storage", "/qdrant/snapshots"];
/// The folder of the copies below `--out-dir`.
pub(super) const FOLDER: &str = "tls";

/// The paths of the certificates and of the audit log for Qdrant.
pub(super) struct Place {
    /// As the settings name it, without a slash at the end.
    pub(super) mount: String,
    /// The same from the root of the container.
    pub(super) target: String,
    /// The directory of the audit log in the container if it is below no other volume.
    pub(super) audit_volume: Option<String>,
}

impl Place {
    pub(super) fn of(args: &QdrantOptions) -> Result<Self, DeployError> {
        let mount = directory(args.place.mount.as_deref().unwrap_or(MOUNT))?;
        let refused = |flag: &str, value: &str, reason: &str| {
            Err(DeployError::usage(format!("`{flag} {}`: {reason}", escape_line(value)), None))
        };
        let target = in_container(mount);
        if args.form != QdrantForm::Env && args.form != QdrantForm::Config && is_taken(&target) {
            return refused("--mount", mount, "Qdrant itself is there in its image");
        }
        if args.form == QdrantForm::Helm {
            // helm removes the quotes before it fills `config`, so quotes do not help.
            let audit = args.audit.as_ref().map(|audit| ("--audit-dir", &*audit.dir));
            for (flag, value) in [Some(("--mount", mount)), audit].into_iter().flatten() {
                if value.contains("{{") {
                    return refused(flag, value, "the chart would run what is in `{{ }}`");
                }
            }
            if mount.contains(':') {
                return refused("--mount", mount, "Kubernetes takes no `:` in it");
            }
            if let Some(address) = args.bind.filter(IpAddr::is_loopback) {
                let reason = "no client reaches a pod there: leave it out";
                return refused("--bind", &address.to_string(), reason);
            }
        }
        let is_stored =
            |dir: &String| VOLUMES.iter().any(|volume| Path::new(dir).starts_with(volume));
        let audit = args.audit.as_ref().map(|audit| in_container(&audit.dir));
        let audit_volume = audit.filter(|dir| !is_stored(dir));
        Ok(Self { mount: mount.to_owned(), target, audit_volume })
    }
}

/// A path of the settings from the root of the container.
fn in_container(path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let path = path.trim_start_matches("./");
    format!("{HOME}/{path}")
}

/// Whether a volume there would hide what the image has, or another volume.
fn is_taken(target: &str) -> bool {
    let target = Path::new(target);
    Path::new(HOME).starts_with(target) || VOLUMES.iter().any(|volume| target == Path::new(volume))
}
