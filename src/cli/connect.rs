//! The flags for a live server: `--connect`.

use std::{fmt, str::FromStr};

use clap::{Args, ValueEnum};

/// Servers to probe instead of files.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "TLS server")]
pub(crate) struct ConnectArgs {
    /// Probe a TLS server, within 5 seconds; repeats
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) connect: Vec<Endpoint>,

    /// Start TLS in this protocol of the servers
    #[arg(long, value_name = "PROTOCOL", requires = "connect")]
    pub(crate) starttls: Option<Starttls>,
}

/// Protocols that begin without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Starttls {
    Mysql,
    Postgres,
    Smtp,
}

impl Starttls {
    /// As the flag takes it.
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Self::Mysql => "mysql",
            Self::Postgres => "postgres",
            Self::Smtp => "smtp",
        }
    }
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// A host name as it was typed, or an address without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let malformed =
            || format!("`{}` is not HOST:PORT, such as `localhost:6379`", text.escape_debug());
        let (host, port) = text.rsplit_once(':').ok_or_else(malformed)?;
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        if host.is_empty() || (bracketed.is_none() && host.contains([':', '/', ' '])) {
            return Err(malformed());
        }
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(malformed)?;
        Ok(Self { host: bracketed.unwrap_or(host).to_owned(), port })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            return write!(f, "[{}]:{}", self.host, self.port);
        }
        write!(f, "{}:{}", self.host, self.port)
    }
}
