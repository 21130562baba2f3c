//! The flags for the time after a renewal: `--exec`, and `--served` with its own flags.

use clap::Args;

use super::{Endpoint, Starttls};
use crate::hook::Hook;

/// What follows a renewal.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "After renewal")]
pub(crate) struct HookArgs {
    /// Run a command after a renewal, without a shell; CERTCTL_RENEWED has the names
    #[arg(
        long,
        value_name = "COMMAND",
        value_parser = Hook::parse,
        long_help = "Run a command after a renewal, without a shell; the names are in \
                    CERTCTL_RENEWED. The next run runs a failed command again, until it \
                    succeeds"
    )]
    pub(crate) exec: Option<Hook>,

    /// Server that must serve the new certificate after the command; repeats
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) served: Vec<Endpoint>,

    /// Timeout for the servers, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", requires = "served")]
    pub(crate) served_timeout: Option<u32>,

    /// Start TLS in this protocol of the servers
    #[arg(long, value_name = "PROTOCOL", requires = "served")]
    pub(crate) starttls: Option<Starttls>,

    /// Restore the old certificate and key if a server does not serve the new certificate, and run the command again
    #[arg(long, requires = "served")]
    pub(crate) rollback: bool,
}

impl HookArgs {
    /// The flags that were given, with their values.
    pub(crate) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        let exec = self.exec.iter().map(|hook| ("--exec", Some(hook.text().to_owned())));
        let served = self.served.iter().map(|server| ("--served", Some(server.to_string())));
        let timeout = self.served_timeout.map(|time| ("--served-timeout", Some(time.to_string())));
        let starttls = self.starttls.map(|one| ("--starttls", Some(one.flag().to_owned())));
        let rollback = self.rollback.then_some(("--rollback", None));
        exec.chain(served).chain(timeout).chain(starttls).chain(rollback).collect()
    }
}
