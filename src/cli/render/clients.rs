//! `render pymilvus`, `qdrant-client`, `redis-py`, `redis-cli`, `curl`, `openssl`.

use std::{fmt, path::PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use crate::issue::identity::{IdentityName, parse_existing};

#[derive(Clone, Debug, Args)]
pub(crate) struct ClientArgs {
    /// Show a certificate of its own to the server
    #[arg(long)]
    pub(crate) mutual: bool,

    /// The identity of the client, for --mutual
    #[arg(long, value_name = "NAME", default_value = "client", requires = "mutual", value_parser = parse_existing)]
    pub(crate) client: IdentityName,

    /// The identity of the server, whose names are looked at
    #[arg(long, value_name = "NAME", default_value = "server", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// The host that the client asks for [default: the CN of the server's certificate, or its first name]
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,

    /// The port [default: that of the service]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,

    /// The service that is asked (curl and openssl) [default: milvus]
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<ClientService>,

    /// What is asked for with GET (curl) [default: the list of collections]
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// Log in as well, with user and password (pymilvus, redis-py, redis-cli) or API key (qdrant-client,
    /// curl), taken from the environment
    #[arg(long)]
    pub(crate) auth: bool,

    /// The directory of the certificates as the client sees it [default: where they lie]
    #[arg(long, value_name = "DIR")]
    pub(crate) mount: Option<String>,

    /// Lay out a directory that is ready for the client, instead of printing; without ca.key
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
}

/// Whom `curl` and `openssl` ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClientService {
    #[default]
    Milvus,
    Qdrant,
    Redis,
}

impl fmt::Display for ClientService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Milvus => "milvus",
            Self::Qdrant => "qdrant",
            Self::Redis => "redis",
        })
    }
}
