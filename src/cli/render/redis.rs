//! `render redis`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{PlaceArgs, as_options};
use crate::{
    cli::format::one_of,
    deploy::service::options::{RedisForm, RedisOptions, Validation},
    store::{IdentityName, parse_existing},
};

const FORMS: &[(&str, RedisForm, &str)] = &[
    ("conf", RedisForm::Conf, "redis.conf"),
    ("cluster", RedisForm::Cluster, "redis.conf of each node of a cluster"),
    ("rest", RedisForm::Rest, "The body of a request to the REST interface of Redis Enterprise"),
];

const VALIDATIONS: &[(&str, Validation, &str)] = &[
    ("none", Validation::None, "Every client that has a valid certificate"),
    (
        "cn",
        Validation::Cn,
        "By common name, which Redis Enterprise calls \"By Subject Alternative Name\"",
    ),
    ("subject", Validation::Subject, "By the full subject"),
];

#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct RedisArgs {
    /// Output
    #[arg(value_name = "FORM", value_parser = one_of(FORMS))]
    pub(crate) form: RedisForm,

    /// Ask clients for a certificate
    #[arg(long)]
    pub(crate) mutual: bool,

    /// Identity of a client, which --mutual checks; repeats
    #[arg(long, value_name = "NAME", default_value = "client", requires = "mutual", value_parser = parse_existing)]
    pub(crate) client: Vec<IdentityName>,

    /// Replication over TLS (conf; a cluster always has it): the certificate is a client's, too
    #[arg(long)]
    pub(crate) replication: bool,

    /// Client identity of replication and the cluster bus [default: that of the server]
    #[arg(long, value_name = "NAME", value_parser = parse_existing)]
    pub(crate) dial: Option<IdentityName>,

    /// Host name of this node, which redirects name instead of its address (cluster)
    #[arg(long, value_name = "HOST")]
    pub(crate) announce: Option<String>,

    /// TLS port [default: 6379]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,

    /// Validation of client certificates beyond the path (rest) [default: none]
    #[arg(long, value_name = "HOW", requires = "mutual", value_parser = one_of(VALIDATIONS))]
    pub(crate) validate: Option<Validation>,

    /// TLS only between databases, not for clients: tls_mode replica_ssl (rest)
    #[arg(long)]
    pub(crate) replica_only: bool,

    /// Syncer certificate of a cluster that replicates this database, or its CA; repeats (rest)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "mutual")]
    pub(crate) syncer: Vec<PathBuf>,

    /// Accept expired client certificates: mtls_allow_outdated_certs (rest)
    #[arg(long, requires = "mutual")]
    pub(crate) allow_outdated: bool,

    /// Number of the database (rest) [default: 1]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) database: Option<u32>,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

impl RedisArgs {
    pub(crate) fn options(&self) -> RedisOptions {
        as_options! {
            self => RedisOptions {
                form, mutual, client, replication, dial, announce, port, validate, replica_only,
                syncer, allow_outdated, database, place
            }
        }
    }
}
