//! Every flag of every command. Nothing is done here but to say what may be typed.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint, builder::styling};
use clap_complete::Shell;

use crate::{
    ca::identity::IdentityName,
    hook::Hook,
    x509::{key::KeyType, name::Name, san::San, usage::Usage, validity::Window},
};

/// The longest a certificate may be asked to live: more leads past the year 9999 anyway.
const MAX_DAYS: i64 = 2_920_000;

const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Green.on_default().bold())
    .usage(styling::AnsiColor::Green.on_default().bold())
    .literal(styling::AnsiColor::Cyan.on_default().bold())
    .placeholder(styling::AnsiColor::Cyan.on_default());

/// Makes and renews the TLS certificates of a private CA.
#[derive(Debug, Parser)]
#[command(name = "certctl", version, styles = STYLES, disable_help_subcommand = true)]
#[command(after_help = "\
Exit codes: 0 done, 1 could not, 2 usage, 3 due within the window asked for.

Begin with:  certctl gen --cn localhost
From cron:   certctl -d DIR renew --expires-within 33%")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where things lie and how results look; the same for every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The directory of the PKI [env: CERTCTL_DIR] [default: .]
    #[arg(short, long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,

    /// A CA certificate elsewhere; `ca.srl` is beside it [default: DIR/ca.pem]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca: Option<PathBuf>,

    /// The private key of that CA [default: `ca.key` beside the CA certificate]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_key: Option<PathBuf>,

    /// The configuration [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,

    /// How the result looks [env: CERTCTL_OUTPUT] [default: text]
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,

    /// Write the result to a file instead of standard output
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out_file: Option<PathBuf>,

    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,

    /// How long to wait for another certctl, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) lock_timeout: u32,
}

/// The forms that every result has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs; the fields are stable.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented certctl.toml
    Init,
    /// Make a CA, a server and a client certificate, as gen.sh does
    Gen(Box<GenArgs>),
    /// Issue one more identity under the CA
    Issue(IssueArgs),
    /// Issue certificates again over the same CA, as renew.sh does
    #[command(after_help = "\
In a directory that holds only the CA, server and client are made, as renew.sh does: the flags under
Subject, and --san, speak of these. What is not given comes from the CA's own name.")]
    Renew(Box<RenewArgs>),
    /// Print a completion script for a shell
    Completions {
        /// The shell that will read it
        shell: Shell,
    },
    /// Print the manual page of certctl, or of one command
    Man {
        /// The command, such as `renew`
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
    /// Print the version
    Version,
}

/// The command that a command line names, even one that cannot be read; else the program's name.
pub(crate) fn command_name(arguments: &[OsString]) -> &'static str {
    const NAMES: [&str; 7] = ["init", "gen", "issue", "renew", "completions", "man", "version"];
    let named = |name: &&str| arguments.iter().skip(1).any(|argument| argument == *name);
    NAMES.into_iter().find(named).unwrap_or("certctl")
}

impl Command {
    /// As it is typed.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Gen(_) => "gen",
            Self::Issue(_) => "issue",
            Self::Renew(_) => "renew",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
            Self::Version => "version",
        }
    }
}

/// What every name in the set shares. What is not given comes from certctl.toml.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Subject")]
pub(crate) struct SubjectArgs {
    /// The common name of the server [default: the first HOST, else localhost]
    #[arg(long, value_name = "NAME")]
    pub(crate) cn: Option<String>,

    /// The common name of the client [default: the common name of the server]
    #[arg(long, value_name = "NAME")]
    pub(crate) client_cn: Option<String>,

    /// The whole subject: `/C=US/O=Example/CN=db` or `CN=db,O=Example,C=US`
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

    /// Organizational unit; repeat it for several, all are kept in order
    #[arg(long, visible_alias = "organizational-unit", value_name = "NAME")]
    pub(crate) org_unit: Vec<String>,
}

impl SubjectArgs {
    /// Whether anything was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.cn.is_none()
            && self.client_cn.is_none()
            && self.subject.is_none()
            && self.country.is_none()
            && self.state.is_none()
            && self.locality.is_none()
            && self.organization.is_none()
            && self.org_unit.is_empty()
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct GenArgs {
    /// Host names and addresses of the server
    #[arg(value_name = "HOST", value_parser = host)]
    pub(crate) hosts: Vec<San>,

    #[command(flatten)]
    pub(crate) subject: SubjectArgs,

    /// The common name of the CA [default: the common name of the server and ` CA`]
    #[arg(long, value_name = "NAME", help_heading = "Subject")]
    pub(crate) ca_cn: Option<String>,

    /// More names of the server: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// How many days the certificates live [default: 3650]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// How many days the CA lives [default: 36500]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) ca_days: Option<u32>,

    /// Kind of key, for the CA and all certificates [default: rsa:2048]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,

    /// Make a new CA where there is one; the old set goes to `archive/`
    #[arg(long)]
    pub(crate) replace_ca: bool,

    /// Show what would be made, and make nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct IssueArgs {
    /// What its files are called: NAME.pem and NAME.key
    #[arg(value_name = "NAME")]
    pub(crate) name: IdentityName,

    /// Its host names and addresses
    #[arg(value_name = "HOST", value_parser = host)]
    pub(crate) hosts: Vec<San>,

    /// What it is for; a peer is both in one certificate
    #[arg(long, value_name = "server|client|peer", default_value = "server")]
    pub(crate) usage: Usage,

    /// Its common name [default: the first HOST, else NAME]
    #[arg(long, value_name = "NAME")]
    pub(crate) cn: Option<String>,

    /// More names: `DNS:`, `IP:`, `URI:`, `email:`, or recognised; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// How many days it lives [default: 3650]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// Kind of key [default: rsa:2048]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct RenewArgs {
    /// What to renew: names of identities, or `ca` [default: every identity that the CA signed]
    #[arg(value_name = "NAME|ca", value_parser = target)]
    pub(crate) names: Vec<Target>,

    /// Renew only what ends within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<Window>,

    /// Keep the private keys; only the certificates are new
    #[arg(long, conflicts_with = "key_type")]
    pub(crate) reuse_key: bool,

    /// Kind of the new keys [default: as before]
    #[arg(long, value_name = "KIND", long_help = KEY_TYPE_HELP)]
    pub(crate) key_type: Option<KeyType>,

    /// Add names to the identity; repeats, takes commas
    #[arg(long, value_name = "NAME", value_parser = san_list)]
    pub(crate) san: Vec<SanList>,

    /// Remove names from the identity; repeats, takes commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) drop_san: Vec<String>,

    /// What the identity is for from now on
    #[arg(long, value_name = "server|client|peer")]
    pub(crate) usage: Option<Usage>,

    /// How many days the new certificates live [default: as long as before]
    #[arg(long, value_name = "N", value_parser = days())]
    pub(crate) days: Option<u32>,

    /// Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED
    #[arg(long, value_name = "COMMAND", value_parser = Hook::parse)]
    pub(crate) exec: Option<Hook>,

    /// Show what would be renewed, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) subject: SubjectArgs,
}

/// What `renew` is to renew.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    Ca,
    Identity(IdentityName),
}

impl Target {
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
    "Kind of key: rsa:2048, rsa:3072, rsa:4096, ecdsa:p256, ecdsa:p384 or ed25519";

fn days() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=MAX_DAYS)
}

fn host(text: &str) -> Result<San, String> {
    text.parse::<San>().map_err(|error| error.to_string())
}

fn san_list(text: &str) -> Result<SanList, String> {
    San::parse_list(text).map(SanList).map_err(|error| error.to_string())
}

fn target(text: &str) -> Result<Target, String> {
    if text == "ca" {
        return Ok(Target::Ca);
    }
    text.parse::<IdentityName>().map(Target::Identity).map_err(|error| error.to_string())
}
