//! The flags of `render`: a service and its form, or a client.

mod clients;
mod milvus;
mod qdrant;
mod redis;
mod renewal;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use crate::{
    deploy::service::options::PlaceOptions,
    store::{IdentityName, parse_existing},
};
pub(crate) use clients::ClientArgs;
pub(crate) use milvus::MilvusArgs;
pub(crate) use qdrant::QdrantArgs;
pub(crate) use redis::RedisArgs;
pub(crate) use renewal::RenewalArgs;

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RenderCommand {
    /// Print settings of Milvus
    Milvus(MilvusArgs),
    /// Print settings of Qdrant
    Qdrant(QdrantArgs),
    /// Print settings of Redis, Redis Cluster or Redis Enterprise
    Redis(RedisArgs),
    /// Print a systemd timer, or a crontab line, that renews in time
    Renewal(RenewalArgs),
    /// Print a Milvus client in Python
    Pymilvus(ClientArgs),
    /// Print a Qdrant client in Python
    QdrantClient(ClientArgs),
    /// Print a Redis client in Python
    RedisPy(ClientArgs),
    /// Print a redis-cli command
    RedisCli(ClientArgs),
    /// Print a curl command for a service with HTTPS
    Curl(ClientArgs),
    /// Print an openssl command that shows the TLS handshake of a service
    Openssl(ClientArgs),
}

/// The identity and the directories.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Certificate")]
pub(crate) struct PlaceArgs {
    /// Identity of the service
    #[arg(long, value_name = "NAME", default_value = "server", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// Directory of the certificates as the service sees it
    #[arg(long, value_name = "DIR")]
    pub(crate) mount: Option<String>,

    /// Write a directory to mount, instead of printing; without ca.key
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
}

impl From<PlaceArgs> for PlaceOptions {
    fn from(PlaceArgs { identity, mount, out_dir }: PlaceArgs) -> Self {
        Self { identity, mount, out_dir }
    }
}

/// The flags as options of `deploy`, which does not know clap: the fields of the same names, and local
/// variables after the `;`.
macro_rules! as_options {
    ($flags:ident => $options:ident { $($field:ident),+ $(; $($made:ident),+)? }) => {
        $options { $($field: $flags.$field.clone().into(),)+ $($($made),+)? }
    };
}
use as_options;
