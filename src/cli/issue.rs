//! The flags of the commands that issue: `gen`, `issue`, `renew`, `csr`, `sign`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use pki::x509::{key::KeyType, name::Name, san::San, usage::Usage, validity::ExpiryWindow};

use super::HookArgs;
use crate::{
    config::SubjectConfig,
    store::{IdentityName, existing, parse_existing},
};

/// The longest validity that a flag accepts: a longer one ends after the year 9999 anyway.
const MAX_DAYS: i64 = 2_920_000;

/// The attributes that all subjects of the set share. The defaults come from certctl.toml.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Subject")]
pub(crate) struct SubjectArgs {
    /// Common name of the server [default: the first HOST, else localhost]
    #[arg(long, value_name = "NAME")]
    pub(crate) cn: Option<String>,

    /// Common name of the client [default: the common name of the server]
    #[arg(long, value_name = "NAME")]
    pub(crate) client_cn: Option<String>,

    /// Whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["cn", "country", "state", "locality", "organization", "org_unit"])]
    pub(crate) subject: Option<Name>,

    /// Country, two letters
    #[arg(long, value_name = "CC")]
    pub(crate) country: Option<String>,

    /// State or province
    #[arg(long, value_name = "NAME")]
    pub(crate) state: Option<String>,

    /// Locality, such as a city
    #[arg(long, value_name = "NAME")]
    pub(crate) locality: Option<String>,

    /// Organization
    #[arg(long, visible_alias = "org", value_name = "NAME")]
    pub(crate) organization: Option<String>,

    /// Organizational unit; repeats, in order
    #[arg(long, visible_alias = "organizational-unit", value_name = "NAME")]
    pub(crate) org_unit: Vec<String>,
}

impl SubjectArgs {
    /// Whether nothing was given.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { cn, client_cn, subject, .. } = self;
        (cn, client_cn, subject) == (&None, &None, &None)
            && self.fields() == SubjectConfig::default()
    }

    /// The fields that all subjects share.
    pub(crate) fn fields(&self) -> SubjectConfig {
        let Self { country, state, locality, organization, org_unit, .. } = self.clone();
        let domain_component = Vec::new();
        SubjectConfig { domain_component, country, state, locality, organization, org_unit }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct GenArgs {
    /// Host names and addresses of the server
    #[arg(value_name = "HOST", value_parser = host)]
    pub(crate) hosts: Vec<San>,

    #[command(flatten)]
    pub(crate) subject: SubjectArgs,

    /// Common name of the CA [default: the common name of the server and ` CA`]
    #[arg(long, value_name = "NAME", help_heading = "Subject")]
    pub(crate) ca_cn: Option<String>,

    /// More SANs of the server: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// Validity in days [default: 3650]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// Validity of the CA in days [default: 36500]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) ca_days: Option<u32>,

    /// Key type of the CA and of all certificates [default: rsa:2048]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,

    /// Replace the CA; the old files go to `archive/`
    #[arg(long)]
    pub(crate) replace_ca: bool,

    /// Show what would be issued, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl GenArgs {
    /// The names of the server.
    pub(crate) fn names(&self) -> Vec<San> {
        self.hosts.iter().chain(self.san.iter().flat_map(|list| &list.0)).cloned().collect()
    }
}

/// One identity of `issue` or `csr`.
#[derive(Clone, Debug, Args)]
pub(crate) struct IdentityArgs {
    /// Base name of the files: NAME.key, and NAME.pem or NAME.csr
    #[arg(value_name = "NAME")]
    pub(crate) name: IdentityName,

    /// Host names and addresses
    #[arg(value_name = "HOST", value_parser = host)]
    pub(crate) hosts: Vec<San>,

    /// Usage; a peer is both server and client
    #[arg(long, value_name = "server|client|peer", default_value = "server")]
    pub(crate) usage: Usage,

    /// Common name [default: the first HOST, else NAME]
    #[arg(long, value_name = "NAME")]
    pub(crate) cn: Option<String>,

    /// More SANs: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// Key type [default: rsa:2048]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,
}

impl IdentityArgs {
    pub(crate) fn common_name(&self) -> String {
        let host = || self.hosts.first().map(San::value);
        self.cn.clone().or_else(host).unwrap_or_else(|| self.name.to_string())
    }

    /// The names besides the common name.
    pub(crate) fn others(&self) -> Vec<San> {
        let listed = self.san.iter().flat_map(|list| &list.0);
        self.hosts.iter().chain(listed).cloned().collect()
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct IssueArgs {
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,

    /// Validity in days [default: 3650]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct SignArgs {
    /// CSR, PEM or DER; `-` is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Usage of the certificate; a peer is both server and client
    #[arg(long, value_name = "server|client|peer")]
    pub(crate) usage: Usage,

    /// Common name [default: the first `--san`]
    #[arg(long, value_name = "NAME")]
    pub(crate) cn: Option<String>,

    /// SANs to approve: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// Approve the subject and all names of the CSR
    #[arg(long, conflicts_with = "cn")]
    pub(crate) accept_names: bool,

    /// Validity in days [default: 825]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// Base name of the certificate file, NAME.pem [default: as FILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<IdentityName>,
}

impl SignArgs {
    /// The names of every `--san`.
    pub(crate) fn sans(&self) -> Vec<San> {
        self.san.iter().flat_map(|list| list.0.clone()).collect()
    }
}

#[derive(Clone, Debug, Args)]
#[command(mut_arg("cn", |cn| cn.help("Common name of the server [default: localhost]")))]
pub(crate) struct RenewArgs {
    /// Identities to renew, or `ca` [default: every identity that the CA signed]
    #[arg(value_name = "NAME|ca", value_parser = target)]
    pub(crate) names: Vec<RenewTarget>,

    /// Renew only what expires within this time: 30d, 12h, 2w, 1y, or 1/3 of its lifetime left
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<ExpiryWindow>,

    /// Keep the private keys; issue only new certificates
    #[arg(long, conflicts_with = "key_type")]
    pub(crate) reuse_key: bool,

    /// Key type of the new keys [default: as before]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,

    /// Add SANs to the identity; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// Remove SANs from the identity; repeats, takes commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) drop_san: Vec<String>,

    /// New usage of the identity
    #[arg(long, value_name = "server|client|peer")]
    pub(crate) usage: Option<Usage>,

    /// Validity of the new certificates in days [default: as before]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// Show what would be renewed, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) hook: HookArgs,

    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
}

impl RenewArgs {
    /// The names of every `--san`.
    pub(crate) fn sans(&self) -> Vec<San> {
        self.san.iter().flat_map(|list| list.0.clone()).collect()
    }
}

/// What `renew` renews.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RenewTarget {
    Ca,
    Identity(IdentityName),
}

impl RenewTarget {
    pub(crate) fn identity(&self) -> Option<&IdentityName> {
        match self {
            Self::Identity(name) => Some(name),
            Self::Ca => None,
        }
    }
}

/// The names of one `--san`.
#[derive(Clone, Debug)]
pub(crate) struct SanList(pub(crate) Vec<San>);

const KEY_TYPE_HELP: &str =
    "Key type: rsa:2048, rsa:3072, rsa:4096, ecdsa:p256, ecdsa:p384 or ed25519";

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=MAX_DAYS)
}

fn host(text: &str) -> Result<San, String> {
    text.parse::<San>().map_err(|error| error.to_string())
}

fn san_list(text: &str) -> Result<SanList, String> {
    San::parse_list(text).map(SanList).map_err(|error| error.to_string())
}

fn target(text: &str) -> Result<RenewTarget, String> {
    if existing(text) == "ca" {
        return Ok(RenewTarget::Ca);
    }
    parse_existing(text).map(RenewTarget::Identity).map_err(|error| error.to_string())
}
