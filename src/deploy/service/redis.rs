//! Settings of Redis: redis.conf of one server or of the nodes of a cluster, and Redis Enterprise.

mod enterprise;
mod shared;
mod subject;

use std::path::Path;

use pki::x509::{san::San, usage::Usage};
use serde::Serialize;

use super::{Rendering, TextFile, hosts};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{RedisForm, RedisOptions},
        templates::{self, Templates},
    },
    issue::identity_files::Pair,
};
use shared::{clients_of, fill, steps};

const CONF: &str = "redis/redis.conf";
const STEPS: &str = "redis/steps.sh";
const TEMPLATES: &Templates = &[
    (CONF, include_str!("../../../templates/redis/redis.conf")),
    (STEPS, include_str!("../../../templates/redis/steps.sh")),
];

/// The configuration directory of Redis packages.
const MOUNT: &str = "/etc/redis/tls";
const PORT: u16 = 6379;
/// The port of the cluster bus minus the port for clients.
const BUS: u16 = 10_000;

/// The values that both templates take.
#[derive(Debug, Serialize)]
struct Facts {
    cluster: bool,
    mutual: bool,
    /// Links to other servers are encrypted, too.
    links: bool,
    port: u16,
    mount: String,
    /// The identity of the server.
    server: String,
    /// The identity of outgoing links; empty if it is that of the server.
    dial: String,
    /// The host that a cluster node announces to clients; empty for its address.
    announce: String,
    /// The arguments of redis-cli with which this server accepts it.
    dial_in: Vec<String>,
    /// The arguments of `CONFIG SET` after a renewal.
    renewed: Vec<String>,
    /// The program, for steps.
    certctl: String,
    steps: Vec<String>,
}

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
    let mount = hosts::directory(args.place.mount.as_deref().unwrap_or(MOUNT))?.to_owned();
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

    let mut facts = Facts {
        cluster,
        mutual: args.mutual,
        links,
        port: args.port.unwrap_or(PORT),
        mount,
        server: pair.name.to_string(),
        dial: outgoing.as_ref().map(|pair| pair.name.to_string()).unwrap_or_default(),
        announce,
        dial_in: connect_as(args, &pair, clients.first(), requirements),
        renewed: Vec::new(),
        certctl: requirements.certctl.clone(),
        steps: Vec::new(),
    };
    facts.renewed = renewed(&facts);
    facts.steps = steps(TEMPLATES, STEPS, &facts)?;
    let content = fill(CONF, templates::fill(TEMPLATES, CONF, &facts))?;
    Ok(Rendering {
        service: "redis",
        form: if cluster { "cluster" } else { "conf" },
        files: vec![TextFile { name: "redis.conf".to_owned(), content }],
        folder: "tls",
        pairs: std::iter::once(pair).chain(outgoing).collect(),
        steps: facts.steps,
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
fn renewed(facts: &Facts) -> Vec<String> {
    let Facts { mount, server, dial, .. } = facts;
    let mut words = Vec::new();
    let mut set = |setting: &str, file: String| words.extend([setting.to_owned(), file]);
    set("tls-cert-file", format!("{mount}/{server}.pem"));
    set("tls-key-file", format!("{mount}/{server}.key"));
    set("tls-ca-cert-file", format!("{mount}/ca.pem"));
    if !dial.is_empty() {
        set("tls-client-cert-file", format!("{mount}/{dial}.pem"));
        set("tls-client-key-file", format!("{mount}/{dial}.key"));
    }
    words
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
