//! `render qdrant`.

use std::net::IpAddr;

use clap::Args;

use super::{
    PlaceArgs, as_options,
    milvus::{release, secret},
};
use crate::{
    cli::format::one_of,
    deploy::service::options::{AuditLog, QdrantForm, QdrantOptions},
    store::{IdentityName, parse_existing},
};

/// More nodes than any cluster of Qdrant has, so that the list is short enough to print.
const MOST_NODES: i64 = 999;

const FORMS: &[(&str, QdrantForm, &str)] = &[
    ("config", QdrantForm::Config, "config/production.yaml"),
    ("compose", QdrantForm::Compose, "A service of docker-compose.yml, hardened"),
    ("helm", QdrantForm::Helm, "values.yaml of the chart"),
    ("env", QdrantForm::Env, "QDRANT__… variables, for an env file"),
];

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct QdrantArgs {
    /// Output
    #[arg(value_name = "FORM", value_parser = one_of(FORMS))]
    pub(crate) form: QdrantForm,

    /// Ask clients for a certificate (verify_https_client_certificate)
    #[arg(long)]
    pub(crate) mutual: bool,

    /// Identity of a client, which --mutual checks
    #[arg(long, value_name = "NAME", default_value = "client", value_parser = parse_existing)]
    pub(crate) client: IdentityName,

    /// TLS between the nodes of a cluster as well
    #[arg(long)]
    pub(crate) p2p: bool,

    /// Number of cluster nodes: the certificate must contain the name of each
    #[arg(long, value_name = "N", requires = "p2p", value_parser = clap::value_parser!(u16).range(1..=MOST_NODES))]
    pub(crate) replicas: Option<u16>,

    /// Name of the release, with which the names of the nodes begin
    #[arg(long, value_name = "NAME", default_value = "qdrant", value_parser = release)]
    pub(crate) release: String,

    /// Ask for an API key, taken from the environment
    #[arg(long)]
    pub(crate) api_key: bool,

    /// Ask for a second API key that may only read, taken from the environment
    #[arg(long)]
    pub(crate) read_only_api_key: bool,

    /// Accept the next API key, too, while keys are changed, taken from the environment
    #[arg(long, requires = "api_key")]
    pub(crate) alt_api_key: bool,

    /// Accept tokens for single collections (JWT), signed with the API key
    #[arg(long, requires = "api_key")]
    pub(crate) jwt_rbac: bool,

    /// Keep an audit log
    #[arg(long)]
    pub(crate) audit: bool,

    /// Directory of the audit log
    #[arg(long, value_name = "DIR", default_value = "./storage/audit", requires = "audit")]
    pub(crate) audit_dir: String,

    /// Rotation of the audit log
    #[arg(long, value_name = "TIME", default_value = "daily", requires = "audit", value_parser = ["daily", "hourly"])]
    pub(crate) audit_rotation: String,

    /// Number of audit log files to keep
    #[arg(long, value_name = "N", default_value_t = 7, requires = "audit", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) audit_files: u32,

    /// Log the client's address from X-Forwarded-For: behind a proxy only
    #[arg(long, requires = "audit")]
    pub(crate) audit_forwarded: bool,

    /// Address to listen on, or with compose to publish the ports on [default: all; compose: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) bind: Option<IpAddr>,

    /// Interval at which Qdrant reads renewed certificates, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) cert_ttl: u32,

    /// Secret with the certificates (helm); that with the API keys is RELEASE-api-keys
    #[arg(long, value_name = "SECRET", default_value = "certs", value_parser = secret)]
    pub(crate) secret: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

impl QdrantArgs {
    pub(crate) fn options(&self) -> QdrantOptions {
        let audit = self.audit.then(|| AuditLog {
            dir: self.audit_dir.clone(),
            rotation: self.audit_rotation.clone(),
            files: self.audit_files,
            forwarded: self.audit_forwarded,
        });
        as_options! {
            self => QdrantOptions {
                form, mutual, client, p2p, replicas, release, api_key, read_only_api_key,
                alt_api_key, jwt_rbac, bind, cert_ttl, secret, place; audit
            }
        }
    }
}
