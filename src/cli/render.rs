//! The flags of `render`: a service and its form, or a client.

mod clients;
mod milvus;
mod qdrant;
mod redis;
mod renewal;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

pub(crate) use clients::{ClientArgs, ClientService};
pub(crate) use milvus::{MilvusArgs, MilvusForm};
pub(crate) use qdrant::{QdrantArgs, QdrantForm, Rotation};
pub(crate) use redis::{RedisArgs, RedisForm, Validation};
pub(crate) use renewal::{RenewalArgs, RenewalForm};

use crate::issue::identity::{IdentityName, parse_existing};

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RenderCommand {
    /// Settings of Milvus
    Milvus(MilvusArgs),
    /// Settings of Qdrant
    Qdrant(QdrantArgs),
    /// Settings of Redis, Redis Cluster and Redis Enterprise
    Redis(RedisArgs),
    /// A timer of systemd, or a line for cron, that renews in time
    Renewal(RenewalArgs),
    /// A client of Milvus, in Python
    Pymilvus(ClientArgs),
    /// A client of Qdrant, in Python
    QdrantClient(ClientArgs),
    /// A client of Redis, in Python
    RedisPy(ClientArgs),
    /// A client of Redis, on the command line
    RedisCli(ClientArgs),
    /// A client of any service with HTTPS, on the command line
    Curl(ClientArgs),
    /// A look at the handshake of any service, on the command line
    Openssl(ClientArgs),
}

/// Which certificate, and where things lie.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Certificate")]
pub(crate) struct PlaceArgs {
    /// The identity that the service serves with
    #[arg(long, value_name = "NAME", default_value = "server", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// The directory of the certificates as the service sees it
    #[arg(long, value_name = "DIR")]
    pub(crate) mount: Option<String>,

    /// Lay out a directory that is ready to be mounted, instead of printing; without ca.key
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
}
