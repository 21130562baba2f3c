//! What all forms of the settings of Redis need.

use pki::x509::usage::Usage;
use serde::Serialize;

use crate::{
    deploy::{
        error::{DeployError, UnmetRequirement},
        requirements::Requirements,
        service::options::RedisOptions,
        templates::{self, TemplateError, Templates},
    },
    hint::Hint,
    issue::{error::IssueError, identity_files::Pair},
};

/// The existing pairs of `--client`; without `--mutual` they have no requirements.
pub(super) fn clients_of(
    args: &RedisOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Vec<Pair>, DeployError> {
    let mut clients: Vec<Pair> = Vec::new();
    for name in args.client.iter().filter(|_| args.mutual) {
        match requirements.pair(name, Usage::Client) {
            Err(missing @ DeployError::Issue(IssueError::NoPair { .. })) => {
                requirements.add(UnmetRequirement {
                    message: missing.to_string(),
                    hint: Hint::command(format!("issue {name} --usage client")),
                });
            }
            pair => {
                let pair = pair?;
                if clients.iter().all(|client| client.name != pair.name) {
                    clients.push(pair);
                }
            }
        }
    }
    Ok(clients)
}

/// The lines of a template for a shell, with values quoted for a shell.
pub(super) fn steps(
    templates: &Templates,
    name: &'static str,
    facts: &impl Serialize,
) -> Result<Vec<String>, DeployError> {
    let text = fill(name, templates::fill(templates, name, facts))?;
    Ok(text.lines().map(str::to_owned).collect())
}

pub(super) fn fill(
    template: &'static str,
    filled: Result<String, TemplateError>,
) -> Result<String, DeployError> {
    filled.map_err(|source| DeployError::Template { template, source })
}
