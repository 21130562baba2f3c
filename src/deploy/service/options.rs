//! The options of `render`: what is asked of the settings of each service and client.

use std::{net::IpAddr, path::PathBuf};

use pki::x509::validity::ExpiryWindow;
use serde::Serialize;

use crate::store::IdentityName;

/// The identity and the directories.
#[derive(Debug)]
pub(crate) struct PlaceOptions {
    pub(crate) identity: IdentityName,
    /// The directory of the certificates as the service sees it.
    pub(crate) mount: Option<String>,
    /// Where everything is written; `None` if it is printed.
    pub(crate) out_dir: Option<PathBuf>,
}

/// The options of Milvus; the flags of `render milvus` say what each is.
#[derive(Debug)]
pub(crate) struct MilvusOptions {
    pub(crate) form: MilvusForm,
    pub(crate) mutual: bool,
    pub(crate) client: IdentityName,
    pub(crate) internal: bool,
    pub(crate) auth: bool,
    pub(crate) super_user: Vec<String>,
    pub(crate) http_port: u16,
    pub(crate) release: String,
    pub(crate) secret: String,
    pub(crate) place: PlaceOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MilvusForm {
    /// milvus.yaml, and the volumes of docker-compose.yml.
    Compose,
    /// A `Milvus` resource of the operator.
    Operator,
    /// values.yaml of the chart.
    Helm,
}

/// The options of Qdrant; the flags of `render qdrant` say what each is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct QdrantOptions {
    pub(crate) form: QdrantForm,
    pub(crate) mutual: bool,
    pub(crate) client: IdentityName,
    pub(crate) p2p: bool,
    pub(crate) replicas: Option<u16>,
    pub(crate) release: String,
    pub(crate) api_key: bool,
    pub(crate) read_only_api_key: bool,
    pub(crate) alt_api_key: bool,
    pub(crate) jwt_rbac: bool,
    pub(crate) audit: Option<AuditLog>,
    pub(crate) bind: Option<IpAddr>,
    pub(crate) cert_ttl: u32,
    pub(crate) secret: String,
    pub(crate) place: PlaceOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QdrantForm {
    /// config/production.yaml.
    Config,
    /// A service of docker-compose.yml, hardened.
    Compose,
    /// values.yaml of the chart.
    Helm,
    /// QDRANT__… variables, for an env file.
    Env,
}

/// The audit log, as the templates take it.
#[derive(Debug, Serialize)]
pub(crate) struct AuditLog {
    pub(crate) dir: String,
    /// `daily` or `hourly`.
    pub(crate) rotation: String,
    pub(crate) files: u32,
    pub(crate) forwarded: bool,
}

/// The options of Redis; the flags of `render redis` say what each is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct RedisOptions {
    pub(crate) form: RedisForm,
    pub(crate) mutual: bool,
    pub(crate) client: Vec<IdentityName>,
    pub(crate) replication: bool,
    pub(crate) dial: Option<IdentityName>,
    pub(crate) announce: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) validate: Option<Validation>,
    pub(crate) replica_only: bool,
    pub(crate) syncer: Vec<PathBuf>,
    pub(crate) allow_outdated: bool,
    pub(crate) database: Option<u32>,
    pub(crate) place: PlaceOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedisForm {
    /// redis.conf.
    Conf,
    /// redis.conf of each node of a cluster.
    Cluster,
    /// The body of a request to the REST interface of Redis Enterprise.
    Rest,
}

/// The additional certificate validation of Redis Enterprise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Validation {
    /// Every client that has a valid certificate.
    #[default]
    None,
    /// By common name, which Redis Enterprise calls "By Subject Alternative Name".
    Cn,
    /// By the full subject.
    Subject,
}

/// The options of a client; the flags of `render pymilvus` say what each is.
#[derive(Debug)]
pub(crate) struct ClientOptions {
    pub(crate) mutual: bool,
    pub(crate) client: IdentityName,
    pub(crate) identity: IdentityName,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    /// To which `curl` and `openssl` connect: `milvus`, `qdrant` or `redis`.
    pub(crate) service: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) auth: bool,
    pub(crate) mount: Option<String>,
    pub(crate) out_dir: Option<PathBuf>,
}

/// The options of scheduled renewal.
#[derive(Debug)]
pub(crate) struct RenewalOptions {
    pub(crate) form: RenewalForm,
    pub(crate) expires_within: ExpiryWindow,
    /// The flags for what follows a renewal, with their values.
    pub(crate) follow_up: Vec<(&'static str, Option<String>)>,
    pub(crate) directory: PathBuf,
    /// Certificate and key of a CA that is not the one of the directory.
    pub(crate) ca: Option<(PathBuf, PathBuf)>,
    /// A configuration that is not the one of the directory.
    pub(crate) config: Option<PathBuf>,
    /// In seconds, unless it is the default.
    pub(crate) lock_timeout: Option<u64>,
    pub(crate) allow_shared_dir: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RenewalForm {
    /// A service and a timer of systemd.
    Systemd,
    /// A line of a crontab.
    Cron,
}
