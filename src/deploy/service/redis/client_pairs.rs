//! The pairs of `--client`, which every form checks.

use pki::x509::usage::Usage;

use crate::{
    deploy::{error::DeployError, requirements::Requirements, service::options::RedisOptions},
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
                requirements.add(missing.to_string(), requirements.hint_on_client(name));
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
