//! The hosts that a client can connect to, and where it finds its files.

use pki::x509::{
    escape::{describe, is_hidden},
    san::{GeneralName, San},
};

use crate::{
    deploy::{error::DeployError, requirements::Requirements},
    hint::Hint,
    issue::identity_files::Pair,
    path_text::PathText as _,
};

/// A host that a client can connect to, as the flag gives it.
pub(super) fn host_of(flag: &str, text: &str) -> Result<San, DeployError> {
    let reason = match text.parse::<San>() {
        Ok(san) if is_host(&san) => return Ok(san),
        Ok(san) => format!("`{}` is not a host that a client can connect to", san.value()),
        Err(reason) => reason.to_string(),
    };
    Err(DeployError::usage(format!("{flag}: {reason}"), None))
}

/// A directory as `--mount` gives it, without a slash at its end.
pub(super) fn directory(mount: &str) -> Result<&str, DeployError> {
    if mount.is_empty() {
        return Err(DeployError::usage(
            "--mount is empty",
            Some("for the current directory: `--mount .`".into()),
        ));
    }
    if let Some(hidden) = mount.chars().find(|c| is_hidden(*c)) {
        let message = format!("--mount holds {}, which a terminal does not show", describe(hidden));
        return Err(DeployError::usage(message, None));
    }
    Ok(mount.trim_end_matches('/'))
}

/// The common name if it is a SAN, else the first SAN that a client can connect to.
pub(super) fn host_in(server: &Pair) -> Option<San> {
    let names = server.certificate.names();
    let hosts = || names.iter().filter_map(GeneralName::san).filter(|san| is_host(san));
    let common_name = server.certificate.subject().common_name().unwrap_or_default();
    hosts()
        .find(|san| san.value().eq_ignore_ascii_case(&common_name))
        .or_else(|| hosts().next())
        .cloned()
}

pub(super) fn is_host(san: &San) -> bool {
    match san {
        San::Dns(name) => !name.as_str().starts_with('*'),
        San::Ip(_) => true,
        San::Uri(_) | San::Email(_) => false,
    }
}

/// Notes that the server certificate has no SAN that a client can match.
pub(super) fn needs_a_name(requirements: &mut Requirements<'_>, server: &Pair) {
    let names = server.certificate.names();
    let is_server = |san: &San| matches!(san, San::Dns(_) | San::Ip(_));
    if !names.iter().filter_map(GeneralName::san).any(is_server) {
        no_host(requirements, server, "a client could ask for");
    }
}

/// Notes that the certificate has no name for this use.
pub(super) fn no_host(requirements: &mut Requirements<'_>, server: &Pair, use_of_it: &str) {
    requirements.add(
        format!("`{}` has no name that {use_of_it}", server.certificate_path.shown()),
        Hint::command(format!("renew {} --san HOST", server.name)),
    );
}
