//! What Qdrant needs of the certificates: `peer` and the names of the nodes for p2p, `client` for those
//! that it asks for a certificate, and keys that rustls with ring can use.

use pki::{
    verify::names::host_matches,
    x509::{key::PublicKeyType, usage::Usage},
};

use crate::{
    deploy::{error::DeployError, requirements::Requirements, service::options::QdrantOptions},
    hint::Hint,
    issue::{error::IssueError, identity::IdentityName, identity_files::Pair},
    path_text::PathText as _,
};

/// How many missing names a message lists; the hint has them all.
const LISTED: usize = 3;

/// The pair that Qdrant serves with, once it and that of the client are what `args` need.
pub(super) fn look(
    args: &QdrantOptions,
    nodes: &[String],
    requirements: &mut Requirements<'_>,
) -> Result<Pair, DeployError> {
    let name = &args.place.identity;
    let issue = if args.p2p {
        command("issue", name, true, nodes)
    } else {
        Hint::command(format!("issue {name} HOST"))
    };
    let server = find(name, "Qdrant serves with it", issue, requirements)?;
    if let Some(server) = &server {
        look_at_server(args, nodes, server, requirements);
    }
    if args.mutual {
        let name = &args.client;
        let issue = requirements.hint_on_client(name);
        if let Some(client) = find(name, "--mutual asks for it", issue, requirements)? {
            requirements.needs_usage_in_rustls(&client, Usage::Client, "--mutual");
            // webpki verifies RSA up to 8192 bits.
            needs_key(&client, 8192, requirements);
        }
    }
    requirements.finish()?;
    server.ok_or_else(|| DeployError::usage("no certificate to serve with", None))
}

/// The files of an identity, or what to do about it that there are none.
fn find(
    name: &IdentityName,
    needs: &str,
    issue: Hint,
    requirements: &mut Requirements<'_>,
) -> Result<Option<Pair>, DeployError> {
    match requirements.pair(name, None) {
        Ok(pair) => Ok(Some(pair)),
        Err(DeployError::Issue(IssueError::NoPair { .. })) => {
            let file = name.certificate_file();
            requirements.add(format!("`{file}` is not there: {needs}"), issue);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn look_at_server(
    args: &QdrantOptions,
    nodes: &[String],
    server: &Pair,
    requirements: &mut Requirements<'_>,
) {
    // ring signs with RSA up to 4096 bits.
    needs_key(server, 4096, requirements);
    if !args.p2p {
        requirements.needs_usage_in_rustls(server, Usage::Server, "HTTPS");
        return;
    }
    let usage = server.certificate.usage();
    let absent: Vec<String> = nodes
        .iter()
        .filter(|node| host_matches(&server.certificate, node).is_err())
        .cloned()
        .collect();
    if usage == Some(Usage::Peer) && absent.is_empty() {
        requirements.needs_usage_in_rustls(server, Usage::Peer, "p2p");
        return;
    }
    // One command fixes both; other unmet requirements are reported as well.
    not_for_p2p(server, usage, &absent, requirements);
    if let Some(usage) = usage {
        requirements.needs_usage_in_rustls(server, usage, "HTTPS");
    }
}

fn not_for_p2p(
    server: &Pair,
    usage: Option<Usage>,
    absent: &[String],
    requirements: &mut Requirements<'_>,
) {
    let mut reasons = Vec::new();
    match usage {
        Some(Usage::Peer) => {}
        Some(usage) => reasons.push(format!("is for a {usage} alone")),
        None => reasons.push("is for neither side of TLS".to_owned()),
    }
    if !absent.is_empty() {
        let mut names: Vec<String> =
            absent.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
        if absent.len() > LISTED {
            names.push(format!("{} more", absent.len() - LISTED));
        }
        reasons.push(format!("is not for {}", names.join(", ")));
    }
    let file = server.certificate_path.shown();
    requirements.add(
        format!(
            "`{file}` {}: in p2p a node is both server and client, and others verify its name",
            reasons.join(" and ")
        ),
        command("renew", &server.name, usage != Some(Usage::Peer), absent),
    );
}

fn command(verb: &str, name: &IdentityName, usage: bool, nodes: &[String]) -> Hint {
    let usage = if usage { " --usage peer" } else { "" };
    let names = if nodes.is_empty() { "" } else { " --san " };
    Hint::command(format!("{verb} {name}{usage}{names}{}", nodes.join(",")))
}

/// Notes a key that rustls with ring cannot use: it knows RSA, P-256, P-384 and Ed25519.
fn needs_key(pair: &Pair, largest_rsa: u32, requirements: &mut Requirements<'_>) {
    let kind = pair.certificate.public_key().kind();
    let known = match kind {
        PublicKeyType::Rsa { bits, .. } => (2048..=largest_rsa).contains(&bits),
        PublicKeyType::EcdsaP256 | PublicKeyType::EcdsaP384 | PublicKeyType::Ed25519 => true,
        _ => false,
    };
    if !known {
        let file = pair.certificate_path.shown();
        requirements.add(
            format!("`{file}` has a key that Qdrant (rustls with ring) cannot use: {kind}"),
            Hint::command(format!("renew {} --key-type ecdsa:p256", pair.name)),
        );
    }
}
