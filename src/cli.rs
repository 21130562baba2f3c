//! The flags of every command. This module only parses the command line.

mod check;
mod connect;
mod deploy;
mod format;
mod hooks;
mod inspect;
mod issue;
mod render;
mod status;

use std::{ffi::OsString, mem::ManuallyDrop, path::PathBuf, time::Duration};

use clap::{
    ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint,
    builder::styling,
};
use clap_complete::Shell;

use crate::{
    config::Flags,
    report::output::{ColorWhen, Format},
};
pub(crate) use check::CheckArgs;
pub(crate) use connect::{ConnectArgs, Endpoint, Starttls};
pub(crate) use deploy::{ExportArgs, IssuerArgs, ManifestCommand, SecretArgs};
pub(crate) use format::FORMATS;
use format::{COLORS, one_of};
pub(crate) use hooks::HookArgs;
pub(crate) use inspect::InspectArgs;
pub(crate) use issue::{
    GenArgs, IdentityArgs, IssueArgs, RenewArgs, RenewTarget, SignArgs, SubjectArgs,
};
pub(crate) use render::{ClientArgs, RenderCommand, RenewalArgs};
pub(crate) use status::StatusArgs;

/// The default of `--lock-timeout`, in seconds.
pub(crate) const LOCK_TIMEOUT: u32 = 30;
const STYLES: styling::Styles = styling::Styles::styled()
    .header(styling::AnsiColor::Green.on_default().bold())
    .usage(styling::AnsiColor::Green.on_default().bold())
    .literal(styling::AnsiColor::Cyan.on_default().bold())
    .placeholder(styling::AnsiColor::Cyan.on_default());

/// Issues, renews and checks the TLS certificates of a private CA.
#[derive(Debug, Parser)]
#[command(name = "certctl", version, styles = STYLES, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done, 1 failure, 2 usage error, 3 due within the given \
                       window, 4 expired or not valid.

Begin with:  certctl gen --cn \
                       localhost
From cron:   certctl -d DIR render renewal cron  prints a \
                       crontab line (renewal systemd: a timer)")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,

    /// The name of the command; an alias has the name of its command.
    #[arg(skip)]
    pub(crate) name: String,
}

/// Directories and output format: the options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Directory of the PKI [env: CERTCTL_DIR] [default: .]
    #[arg(short, long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,

    /// CA certificate outside DIR, with `ca.srl` beside it; `check` takes several [default: DIR/ca.pem]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca: Vec<PathBuf>,

    /// Private key of that CA [default: `ca.key` beside the CA certificate]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) ca_key: Option<PathBuf>,

    /// Configuration file [env: CERTCTL_CONFIG] [default: DIR/certctl.toml]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,

    /// Output format [env: CERTCTL_OUTPUT] [default: text]
    #[arg(short, long, global = true, value_name = "FORMAT", value_parser = one_of(FORMATS))]
    pub(crate) output: Option<Format>,

    /// Write the result to a file instead of standard output
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out_file: Option<PathBuf>,

    /// Print only errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Coloured output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = one_of(COLORS))]
    pub(crate) color: ColorWhen,

    /// Lock timeout in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = LOCK_TIMEOUT)]
    pub(crate) lock_timeout: u32,

    /// Write even if other users can change the directory, or one above it
    #[arg(long, global = true)]
    pub(crate) allow_shared_dir: bool,
}

impl Global {
    /// Those that settings depend on.
    pub(crate) fn flags(&self) -> Flags {
        let Self { dir, ca, ca_key, config, allow_shared_dir, quiet, .. } = self.clone();
        let lock_timeout = Duration::from_secs(self.lock_timeout.into());
        Flags { dir, ca, ca_key, config, lock_timeout, allow_shared_dir, quiet }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a commented certctl.toml
    Init,
    /// Create a CA, and issue a server and a client certificate, as gen.sh does
    Gen(Box<GenArgs>),
    /// Issue one more identity under the CA
    Issue(IssueArgs),
    /// Issue certificates again under the same CA, as renew.sh does
    #[command(after_help = "In a directory that holds only the CA, certctl issues server and \
                           client, as renew.sh does. The flags under
Subject, and --san, apply \
                           to these. The defaults come from the subject of the CA. \
                           --expires-within
creates nothing.

Exit codes: 0 done, 1 failed, 3 a \
                           certificate is due and cannot be renewed, 4 the same, and it \
                           has
expired: its key is missing or encrypted, or its files have \
                           another layout.")]
    Renew(Box<RenewArgs>),
    /// Generate a key, and create a CSR for another CA
    Csr(IdentityArgs),
    /// Sign a CSR
    #[command(after_help = "certctl takes a name of the CSR only if you approve it with --cn or \
                           --san, or all names with
--accept-names. All else comes from \
                           certctl's own profile: of the CSR, it uses only the names and \
                           the
public key.")]
    Sign(SignArgs),
    /// Show every identity: names, days left, and its state against the plan
    #[command(visible_aliases = ["list", "ls"], after_help = "States: ok, due, expired, missing, \
        differs, unmanaged, no key. No private key is needed, and nothing is
written.
Exit \
        codes: 0 ok, 1 something could not be read, 3 due, missing or different from the plan, 4 \
        expired.")]
    Status(StatusArgs),
    /// Show what is in certificates, keys, bundles and Secrets, and when it expires
    #[command(after_help = "Exit codes: 0 all was read, 1 something could not be read; with \
                           --expires-within also 3 due, 4 expired.")]
    Inspect(Box<InspectArgs>),
    /// Check which clients refuse a certificate, and why
    #[command(after_help = "Exit codes: 0 valid, 1 failure, 3 due within the given window, 4 not \
                           valid.")]
    Check(Box<CheckArgs>),
    /// Explain a rule of `check`: what it means, how to fix it, and which clients refuse it
    Explain {
        /// Rule, such as `usage`, or defect, such as `usage/server` [default: a list of the rules]
        #[arg(value_name = "RULE")]
        rule: Option<String>,
    },
    /// Print Kubernetes manifests: a Secret, or the CA for cert-manager
    K8s {
        #[command(subcommand)]
        manifest: ManifestCommand,
    },
    /// Print the settings of a service or of its clients
    Render {
        #[command(subcommand)]
        service: Box<RenderCommand>,
    },
    /// Copy an identity for a service
    Export(ExportArgs),
    /// Print a completion script for a shell
    Completions {
        /// Shell that reads the script
        shell: Shell,
    },
    /// Print the manual page of certctl, or of one command
    Man {
        /// Command, such as `renew`
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
    /// Print the version
    Version,
}

/// As `Parser::parse` of clap, but without dropping the description of the flags, as dropping it takes
/// a tenth of the time of a short command.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = ManuallyDrop::new(Cli::command());
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let name = name_in(&matches);
    let cli =
        Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))?;
    Ok(Cli { name, ..cli })
}

/// The command of a command line, even of an invalid one; else the program's name.
pub(crate) fn command_name(arguments: &[OsString]) -> String {
    let matches = Cli::command().ignore_errors(true).try_get_matches_from(arguments);
    name_in(&matches.unwrap_or_default())
}

fn name_in(matches: &ArgMatches) -> String {
    matches.subcommand_name().unwrap_or("certctl").to_owned()
}

impl Command {
    /// Whether it has a result in this format.
    pub(crate) fn has(&self, format: Format) -> bool {
        match format {
            Format::Text | Format::Json => true,
            Format::Yaml => matches!(self, Self::K8s { .. }),
            Format::Prometheus => matches!(self, Self::Inspect(_)),
            Format::Junit | Format::Github | Format::Sarif => matches!(self, Self::Check(_)),
        }
    }
}
