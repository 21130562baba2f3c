//! Clients: the shortest program or command line that connects, and trusts the right file.
//!
//! Each client has a module and a template of its name in `templates/clients/`. This module has what all
//! share: the check of the certificates, the host, and the paths of the files.

mod curl;
mod openssl;
mod pymilvus;
mod qdrant;
mod redis_cli;
mod redis_py;
mod snippet;

use std::path::Path;

use pki::x509::{san::San, usage::Usage};
use serde::Serialize;

use super::{
    Rendering, TextFile,
    hosts::{directory, host_in, host_of, no_host},
};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{ClientOptions, ClientService},
        templates,
    },
    issue::identity_files::Pair,
    path_text::PathText as _,
    store::CA_CERTIFICATE,
};
use snippet::{ClientContext, Snippet};

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

/// The values that the templates of all clients take.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question that templates ask")]
struct Facts {
    /// The host that the client asks for: a DNS name (IDNs as A-labels) or an address, one of the SANs.
    host: String,
    /// The same as a URL has it: an IPv6 address in brackets.
    url_host: String,
    /// Whether it is an IP address: then the client sends no SNI, and matches IP address SANs.
    is_address: bool,
    port: u16,
    /// The service that `curl` and `openssl` connect to: `milvus`, `qdrant` or `redis`.
    service: String,
    /// The URL path for `curl`, if one was given.
    path: Option<String>,
    /// Paths as the client sees them. Certificate and key are empty unless `mutual`.
    ca: String,
    certificate: String,
    key: String,
    /// The paths are bare names of files beside the script, wherever it is called from.
    beside: bool,
    /// The server's certificate file, which the client must not trust instead of the CA.
    server_file: String,
    mutual: bool,
    auth: bool,
    /// For comments.
    certctl: String,
    steps: Vec<String>,
}

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
    let host = given.or_else(|| host_in(&server));
    match &host {
        Some(host) => requirements.needs_host(&server, &host.value(), "the client asks for it"),
        None => requirements.add(no_host(&server)),
    }
    let certctl = requirements.certctl.clone();
    let asked = ClientContext { args, server: &server, client: shown.as_ref(), certctl };
    let snippet = match client {
        Client::Pymilvus => pymilvus::snippet(&asked, requirements),
        Client::QdrantClient => qdrant::snippet(&asked, requirements),
        Client::RedisPy => redis_py::snippet(&asked, requirements),
        Client::RedisCli => redis_cli::snippet(&asked, requirements),
        Client::Curl => curl::snippet(&asked, requirements),
        Client::Openssl => openssl::snippet(&asked, requirements),
    };
    requirements.finish()?;
    let facts = facts(&asked, host.as_ref(), &snippet, requirements)?;
    finish(snippet, &facts, shown)
}

/// Refuses flags without an effect for a client.
fn refuse_other_flags(client: Client, args: &ClientOptions) -> Result<(), DeployError> {
    let refused = match client {
        Client::Curl if args.service == Some(ClientService::Redis) => {
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

fn facts(
    asked: &ClientContext<'_>,
    host: Option<&San>,
    snippet: &Snippet,
    requirements: &Requirements<'_>,
) -> Result<Facts, DeployError> {
    let (args, host) = (asked.args, host.map(San::value).unwrap_or_default());
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    let place = Place::of(args)?;
    let (certificate, key) = match asked.client {
        None => (String::new(), String::new()),
        Some(pair) if matches!(place, Place::AsIs) => {
            let key = pair.require_key()?;
            (text_of(&pair.certificate_path)?, text_of(&key.path)?)
        }
        Some(pair) => {
            (place.file(&pair.name.certificate_file()), place.file(&pair.name.key_file()))
        }
    };
    let ca = match place {
        Place::AsIs => text_of(&requirements.ca_path)?,
        _ => place.file(CA_CERTIFICATE),
    };
    Ok(Facts {
        url_host: if host.contains(':') { format!("[{host}]") } else { host.clone() },
        host,
        is_address,
        port: args.port.unwrap_or(snippet.port),
        service: args.service.unwrap_or_default().to_string(),
        path: args.path.clone(),
        ca,
        certificate,
        key,
        beside: matches!(place, Place::Beside),
        server_file: asked.server.name.certificate_file(),
        mutual: args.mutual,
        auth: args.auth,
        certctl: asked.certctl.clone(),
        steps: snippet.steps.clone(),
    })
}

fn finish(snippet: Snippet, facts: &Facts, shown: Option<Pair>) -> Result<Rendering, DeployError> {
    let Snippet { name, templates, steps, notes, .. } = snippet;
    let template = templates.first().map(|(template, _)| *template).unwrap_or_default();
    let content = templates::fill(templates, template, facts)
        .map_err(|source| DeployError::Template { template, source })?;
    // Not the client's name: a `pymilvus.py` would be what `import pymilvus` finds.
    let script = match template.rsplit_once('.') {
        Some((_, "py")) => "connect.py",
        _ => "connect.sh",
    };
    Ok(Rendering {
        service: name,
        form: "",
        files: vec![TextFile { name: script.to_owned(), content }],
        folder: "",
        pairs: shown.into_iter().collect(),
        steps,
        notes,
    })
}

/// Where the client finds its files.
enum Place<'a> {
    /// Where they are now, each at its own path.
    AsIs,
    /// Beside the script.
    Beside,
    Mounted(&'a str),
}

impl<'a> Place<'a> {
    fn of(args: &'a ClientOptions) -> Result<Self, DeployError> {
        Ok(match (&args.mount, &args.out_dir) {
            (Some(mount), _) => Self::Mounted(directory(mount)?),
            (None, Some(_)) => Self::Beside,
            (None, None) => Self::AsIs,
        })
    }

    fn file(&self, name: &str) -> String {
        match self {
            Self::Mounted(mount) => format!("{mount}/{name}"),
            _ => name.to_owned(),
        }
    }
}

fn text_of(path: &Path) -> Result<String, DeployError> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let message =
            format!("`{}` cannot be written into a script: it is not UTF-8", path.shown());
        DeployError::usage(message, Some("say where the client finds it: `--mount DIR`".into()))
    })
}
