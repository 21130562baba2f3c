//! The flags of what follows a renewal: `--exec`, and `--served` with its own.

use clap::Args;

use super::{Endpoint, Starttls};
use crate::hook::Hook;

/// What follows a renewal.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "After a renewal")]
pub(crate) struct HookArgs {
    /// Run a command when something was renewed, without a shell; the names are in CERTCTL_RENEWED
    #[arg(
        long,
        value_name = "COMMAND",
        value_parser = Hook::parse,
        long_help = "Run a command when something was renewed, without a shell; the names are in \
                     CERTCTL_RENEWED. A command that fails is run again by the next run, until it succeeds"
    )]
    pub(crate) exec: Option<Hook>,

    /// A server that must serve the new certificate after the command; repeats
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) served: Vec<Endpoint>,

    /// How long the servers have for that, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", requires = "served")]
    pub(crate) served_timeout: Option<u32>,

    /// Ask for TLS in the protocol of the servers first
    #[arg(long, value_name = "PROTOCOL", requires = "served")]
    pub(crate) starttls: Option<Starttls>,

    /// Restore the old certificate and key if a server does not serve the new certificate, and run the command again
    #[arg(long, requires = "served")]
    pub(crate) rollback: bool,
}
