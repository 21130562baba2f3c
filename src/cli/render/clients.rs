//! `render pymilvus`, `qdrant-client`, `redis-py`, `redis-cli`, `curl`, `openssl`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::as_options;
use crate::{
    deploy::service::options::ClientOptions,
    store::{IdentityName, parse_existing},
};

#[derive(Clone, Debug, Args)]
pub(crate) struct ClientArgs {
    /// Send a client certificate to the server
    #[arg(long)]
    pub(crate) mutual: bool,

    /// Identity of the client, for --mutual
    #[arg(long, value_name = "NAME", default_value = "client", requires = "mutual", value_parser = parse_existing)]
    pub(crate) client: IdentityName,

    /// Identity of the server, whose SANs must match the host
    #[arg(long, value_name = "NAME", default_value = "server", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// Host to which the client connects [default: the CN of the server's certificate, or its first SAN]
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,

    /// Port [default: that of the service]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,

    /// Service to connect to (curl and openssl) [default: milvus]
    #[arg(long, value_name = "SERVICE", value_parser = ["milvus", "qdrant", "redis"])]
    pub(crate) service: Option<String>,

    /// Path of the GET request (curl) [default: the list of collections]
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client,
    /// curl), taken from the environment
    #[arg(long)]
    pub(crate) auth: bool,

    /// Directory of the certificates as the client sees it [default: where they are]
    #[arg(long, value_name = "DIR")]
    pub(crate) mount: Option<String>,

    /// Write a directory for the client, instead of printing; without ca.key
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
}

impl ClientArgs {
    pub(crate) fn options(&self) -> ClientOptions {
        as_options! {
            self => ClientOptions {
                mutual, client, identity, host, port, service, path, auth, mount, out_dir
            }
        }
    }
}
