//! Clients: the shortest program or command line that connects, and trusts the right file.
//!
//! Each client has a template of its name in `templates/clients/`. This module has what all share: the
//! check of the certificates, the host, and the paths of the files.

use std::path::Path;

use pki::x509::{certificate::Certificate, usage::Usage};
use serde_json::json;

use super::{
    Rendering, filled,
    hosts::{directory, host_in, host_of, no_host},
    milvus::refused_by_grpc,
};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::ClientOptions,
        templates::{Templates, templates},
    },
    hint::Hint,
    issue::identity_files::Pair,
    path_text::PathText as _,
    store::CA_CERTIFICATE,
};

/// Which client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "the package is called qdrant-client")]
pub(crate) enum Client {
    Pymilvus,
    QdrantClient,
    RedisPy,
    RedisCli,
    Curl,
    Openssl,
}

const TEMPLATES: &Templates = templates![
    "clients/pymilvus.py",
    "clients/qdrant-client.py",
    "clients/redis-py.py",
    "clients/redis-cli.sh",
    "clients/curl.sh",
    "clients/openssl.sh",
];

/// Fills the template of a client if the certificates meet the requirements.
pub(crate) fn render(
    client: Client,
    args: &ClientOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    refuse_other_flags(client, args)?;
    let given = args.host.as_deref().map(|host| host_of("--host", host)).transpose()?;
    let server = requirements.pair(&args.identity, Usage::Server)?;
    let shown = args.mutual.then(|| requirements.pair(&args.client, Usage::Client)).transpose()?;
    requirements.needs_usage(&server, Usage::Server, "a client of it");
    if let Some(shown) = &shown {
        requirements.needs_usage(shown, Usage::Client, "--mutual");
    }
    let host = given.or_else(|| host_in(&server)).map(|host| host.value());
    match &host {
        Some(host) => requirements.needs_host(&server, host, "the client asks for it"),
        None => no_host(requirements, &server, "a client could ask for"),
    }
    if client == Client::Pymilvus {
        requirements.extend(refused_by_grpc(&server, shown.as_ref()));
    }
    requirements.finish()?;

    let service = args.service.as_deref().unwrap_or("milvus");
    let (name, port, template) = known(client, service);
    // Not the client's name: a `pymilvus.py` would be what `import pymilvus` finds.
    let script = match template.rsplit_once('.') {
        Some((_, "py")) => "connect.py",
        _ => "connect.sh",
    };
    // Before the names of the files; `None` is for each file where it is now.
    let directory = match (&args.mount, &args.out_dir) {
        (Some(mount), _) => Some(format!("{}/", directory(mount)?)),
        (None, Some(_)) => Some(String::new()),
        (None, None) => None,
    };
    let file = |name: String, path: &Path| match &directory {
        Some(directory) => Ok(format!("{directory}{name}")),
        None => text_of(path),
    };
    let (mut certificate, mut key) = (String::new(), String::new());
    if let Some(pair) = &shown {
        certificate = file(pair.name.certificate_file(), &pair.certificate_path)?;
        key = match &directory {
            Some(directory) => format!("{directory}{}", pair.name.key_file()),
            None => text_of(&pair.require_key()?.path)?,
        };
    }
    let ca = file(CA_CERTIFICATE.to_owned(), &requirements.ca_path)?;
    let host = host.unwrap_or_default();
    let is_moved = directory.is_some();
    let steps = vec![after_renewal(client, is_moved, shown.as_ref(), &requirements.certctl)];
    let facts = json!({
        // As a URL has it: an IPv6 address in brackets.
        "url_host": if host.contains(':') { format!("[{host}]") } else { host.clone() },
        // Then the client sends no SNI, and matches IP address SANs.
        "is_address": host.parse::<std::net::IpAddr>().is_ok(),
        "host": host,
        "port": args.port.unwrap_or(port),
        "service": service,
        "path": args.path,
        "ca": ca,
        "certificate": certificate,
        "key": key,
        // The files are bare names beside the script, wherever it is called from.
        "beside": directory.as_deref() == Some(""),
        // The client must not trust it instead of the CA.
        "server_file": server.name.certificate_file(),
        "mutual": args.mutual,
        "auth": args.auth,
        "certctl": requirements.certctl,
        "steps": steps,
    });
    let is_strict = matches!(client, Client::QdrantClient | Client::RedisPy);
    let note = is_strict.then(|| strict_python(&requirements.ca)).flatten();
    Ok(Rendering {
        service: name,
        form: "",
        files: filled(TEMPLATES, &[(template, script)], &facts)?,
        folder: "",
        pairs: shown.into_iter().collect(),
        steps,
        notes: note.into_iter().collect(),
    })
}

/// The last line of a script: redis-py reads its files whenever it connects, the others once.
fn after_renewal(client: Client, is_moved: bool, shown: Option<&Pair>, certctl: &str) -> String {
    let taken = match client {
        Client::RedisPy => "New connections take them, with no restart.",
        _ => "The next run takes them.",
    };
    let renew = format!("`{certctl} renew`");
    match shown {
        None => format!("After {renew} there is nothing to do here: the CA stays."),
        Some(_) if !is_moved => format!("{renew} changes the files that this reads. {taken}"),
        Some(pair) => format!(
            "After {renew} bring {} and {} here again. {taken}",
            pair.name.certificate_file(),
            pair.name.key_file()
        ),
    }
}

/// The note for Python clients: since 3.13 the default SSL context is strict (VERIFY_X509_STRICT).
fn strict_python(ca: &Certificate) -> Option<Hint> {
    ca.key_usage().is_none().then(|| {
        Hint::from("the CA has no keyUsage, and Python 3.13 refuses it: ")
            .run("renew ca")
            .then(" adds it")
    })
}

/// The name of a client as the command has it, the default port, and the template.
fn known(client: Client, service: &str) -> (&'static str, u16, &'static str) {
    match (client, service) {
        (Client::Pymilvus, _) => ("pymilvus", 19530, "clients/pymilvus.py"),
        (Client::QdrantClient, _) => ("qdrant-client", 6333, "clients/qdrant-client.py"),
        (Client::RedisPy, _) => ("redis-py", 6379, "clients/redis-py.py"),
        (Client::RedisCli, _) => ("redis-cli", 6379, "clients/redis-cli.sh"),
        (Client::Curl, "qdrant") => ("curl", 6333, "clients/curl.sh"),
        // proxy.http.port: gRPC has a port of its own.
        (Client::Curl, _) => ("curl", 8080, "clients/curl.sh"),
        (Client::Openssl, "qdrant") => ("openssl", 6333, "clients/openssl.sh"),
        (Client::Openssl, "redis") => ("openssl", 6379, "clients/openssl.sh"),
        (Client::Openssl, _) => ("openssl", 19530, "clients/openssl.sh"),
    }
}

/// Refuses flags without an effect for a client.
fn refuse_other_flags(client: Client, args: &ClientOptions) -> Result<(), DeployError> {
    let refused = match client {
        Client::Curl if args.service.as_deref() == Some("redis") => {
            "Redis does not speak HTTP: render redis-cli, redis-py or openssl"
        }
        Client::Curl if args.path.as_deref().is_some_and(|path| !is_path(path)) => {
            "--path is not one of a URL: it begins with a slash, and is ASCII without spaces"
        }
        Client::Openssl if args.auth => "`openssl` looks at the handshake and logs in nowhere",
        _ if args.path.is_some() && client != Client::Curl => "`--path` is for curl alone",
        _ if args.service.is_some() && !matches!(client, Client::Curl | Client::Openssl) => {
            "`--service` is for curl and openssl: this client has one"
        }
        _ => return Ok(()),
    };
    Err(DeployError::usage(refused, None))
}

/// A path without a leading slash would become part of the host.
fn is_path(text: &str) -> bool {
    text.starts_with('/') && text.chars().all(|c| c.is_ascii_graphic())
}

fn text_of(path: &Path) -> Result<String, DeployError> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let message =
            format!("`{}` cannot be written into a script: it is not UTF-8", path.shown());
        DeployError::usage(message, Some("say where the client finds it: `--mount DIR`".into()))
    })
}
