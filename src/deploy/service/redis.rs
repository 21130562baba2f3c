//! Settings of Redis: redis.conf of one server or of the nodes of a cluster, and Redis Enterprise.

mod client_pairs;
mod enterprise;
mod subject;

use std::path::Path;

use pki::x509::{san::San, usage::Usage};
use serde_json::json;

use super::{Rendering, filled, hosts};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{RedisForm, RedisOptions},
        templates::{self, Templates, templates},
    },
    issue::identity_files::Pair,
    store::CA_CERTIFICATE,
};
use client_pairs::clients_of;

const TEMPLATES: &Templates = templates!["redis/redis.conf", "redis/steps.sh",];

/// The configuration directory of Redis packages.
const MOUNT: &str = "/etc/redis/tls";
const PORT: u16 = 6379;
/// The port of the cluster bus minus the port for clients.
const BUS: u16 = 10_000;

/// Fills the templates if the certificates meet the requirements.
pub(crate) fn render(
    args: &RedisOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    refuse_other_flags(args)?;
    match args.form {
        RedisForm::Conf | RedisForm::Cluster => server(args, requirements),
        RedisForm::Rest => enterprise::render(args, requirements),
    }
}

fn server(
    args: &RedisOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    let cluster = args.form == RedisForm::Cluster;
    let mount = hosts::directory(args.place.mount.as_deref().unwrap_or(MOUNT))?;
    let links = cluster || args.replication;
    let outgoing = args.dial.as_ref().filter(|name| **name != args.place.identity);
    let (usage, needs) = match (cluster, links && outgoing.is_none()) {
        (_, false) => (Usage::Server, "tls-port"),
        (false, true) => (Usage::Peer, "replication connects with it and"),
        (true, true) => (Usage::Peer, "the cluster bus connects with it and"),
    };
    let pair = requirements.pair(&args.place.identity, usage)?;
    let outgoing = outgoing.map(|name| requirements.pair(name, Usage::Client)).transpose()?;
    requirements.needs_usage(&pair, usage, needs);
    if let Some(outgoing) = &outgoing {
        requirements.needs_usage(outgoing, Usage::Client, "tls-client-cert-file");
    }
    hosts::needs_a_name(requirements, &pair);
    let clients = clients_of(args, requirements)?;
    for client in &clients {
        requirements.needs_usage(client, Usage::Client, "tls-auth-clients");
    }
    let announce = args.announce.as_deref().map(|host| hosts::host_of("--announce", host));
    let announce = announce.transpose()?.as_ref().map(San::value).unwrap_or_default();
    if !announce.is_empty() {
        requirements.needs_host(&pair, &announce, "clients are sent to it");
    }
    requirements.finish()?;

    let server = pair.name.as_str();
    let outgoing_name = outgoing.as_ref().map(|pair| pair.name.as_str());
    let mut facts = json!({
        "cluster": cluster,
        "mutual": args.mutual,
        // Links to other servers are encrypted, too.
        "links": links,
        "port": args.port.unwrap_or(PORT),
        "mount": mount,
        "server": server,
        "dial": outgoing_name,
        "announce": announce,
        "dial_in": connect_as(args, &pair, clients.first(), requirements),
        "renewed": renewed(mount, server, outgoing_name),
        "certctl": requirements.certctl,
    });
    let steps = templates::fill_lines(TEMPLATES, "redis/steps.sh", &facts)?;
    facts["steps"] = json!(steps);
    Ok(Rendering {
        service: "redis",
        form: if cluster { "cluster" } else { "conf" },
        files: filled(TEMPLATES, &[("redis/redis.conf", "redis.conf")], &facts)?,
        folder: "tls",
        pairs: std::iter::once(pair).chain(outgoing).collect(),
        steps,
        notes: Vec::new(),
    })
}

/// Any SAN will do: redis-cli does not check the host.
fn connect_as(
    args: &RedisOptions,
    server: &Pair,
    client: Option<&Pair>,
    requirements: &Requirements<'_>,
) -> Vec<String> {
    let host = hosts::host_in(server).as_ref().map_or("localhost".to_owned(), San::value);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut words = vec!["-h".to_owned(), host, "-p".to_owned()];
    words.push(args.port.unwrap_or(PORT).to_string());
    words.extend(["--tls".to_owned(), "--cacert".to_owned(), text(&requirements.ca_path)]);
    if let Some(client) = client {
        let certificate = &client.certificate_path;
        let key = certificate.with_file_name(client.name.key_file());
        words.extend(["--cert".to_owned(), text(certificate), "--key".to_owned(), text(&key)]);
    }
    words
}

/// The settings that name files, each with its file: in one command Redis takes all of them or none.
fn renewed(mount: &str, server: &str, dial: Option<&str>) -> Vec<String> {
    let mut files = vec![
        ("tls-cert-file", format!("{mount}/{server}.pem")),
        ("tls-key-file", format!("{mount}/{server}.key")),
        ("tls-ca-cert-file", format!("{mount}/{CA_CERTIFICATE}")),
    ];
    if let Some(dial) = dial {
        files.push(("tls-client-cert-file", format!("{mount}/{dial}.pem")));
        files.push(("tls-client-key-file", format!("{mount}/{dial}.key")));
    }
    files.into_iter().flat_map(|(setting, file)| [setting.to_owned(), file]).collect()
}

/// Refuses flags without an effect for the form.
fn refuse_other_flags(args: &RedisOptions) -> Result<(), DeployError> {
    let rest = args.form == RedisForm::Rest;
    let cluster = args.form == RedisForm::Cluster;
    let replication = cluster || args.replication;
    let flags = [
        ("--replication", args.replication && rest, "conf"),
        ("--dial", args.dial.is_some() && rest, "conf and cluster"),
        ("--announce", args.announce.is_some() && !cluster, "cluster"),
        ("--port", args.port.is_some() && rest, "conf and cluster"),
        ("--mount", args.place.mount.is_some() && rest, "conf and cluster"),
        ("--validate", args.validate.is_some() && !rest, "rest"),
        ("--replica-only", args.replica_only && !rest, "rest"),
        ("--syncer", !args.syncer.is_empty() && !rest, "rest"),
        ("--allow-outdated", args.allow_outdated && !rest, "rest"),
        ("--database", args.database.is_some() && !rest, "rest"),
    ];
    if let Some((flag, _, form)) = flags.iter().find(|(_, refused, _)| *refused) {
        return Err(DeployError::usage(format!("`{flag}` is for the form {form}"), None));
    }
    if args.dial.is_some() && !replication {
        let hint = "add `--replication`, or leave `--dial` out";
        return Err(DeployError::usage(
            "`--dial` is for replication and cluster",
            Some(hint.into()),
        ));
    }
    let port = args.port.unwrap_or(PORT);
    if cluster && port.checked_add(BUS).is_none() {
        let message = format!(
            "--port {port}: the cluster bus listens {BUS} higher, and {} is the last port",
            u16::MAX
        );
        return Err(DeployError::usage(message, Some("choose a port up to 55535".into())));
    }
    Ok(())
}
