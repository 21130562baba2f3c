//! The flags of the commands that read: `status`, `inspect`, `check`.

use std::{fmt, num::ParseIntError, path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum, ValueHint};
use pki::x509::{usage::Usage, validity::ExpiryWindow};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::Global;

/// A server to probe instead of files.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "TLS server")]
pub(crate) struct ConnectArgs {
    /// Probe a TLS server, within 5 seconds
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) connect: Option<Endpoint>,

    /// Start TLS in this protocol of the server
    #[arg(long, value_name = "PROTOCOL", requires = "connect")]
    pub(crate) starttls: Option<Starttls>,
}

/// Protocols that begin without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Starttls {
    Postgres,
    Smtp,
}

impl Starttls {
    /// As the flag takes it.
    pub(crate) const fn flag(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Smtp => "smtp",
        }
    }
}

#[derive(Clone, Debug, Args)]
pub(crate) struct StatusArgs {
    /// Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<ExpiryWindow>,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct InspectArgs {
    /// Files or directories; `-` is standard input [default: the directory of the PKI]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read subdirectories, too; skip `archive/`
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Exit with 3 if a certificate expires within this time (30d, 12h, 2w, 1y, 1/3), with 4 if one has expired
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<ExpiryWindow>,

    /// File whose first line is the password of PKCS#12 files
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) password_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) server: ConnectArgs,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct CheckArgs {
    /// Identities, files or directories; `-` is standard input [default: the directory of the PKI]
    #[arg(value_name = "NAME|PATH")]
    pub(crate) targets: Vec<PathBuf>,

    /// Read subdirectories, too; skip `archive/`
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Certificates to build paths with, not trusted; repeats
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) untrusted: Vec<PathBuf>,

    /// Private key that must belong to the certificate [default: NAME.key beside NAME.pem]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,

    /// Host name or address to which clients connect; repeats
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,

    /// Email address that the certificate must contain; repeats
    #[arg(long, value_name = "EMAIL")]
    pub(crate) email: Vec<String>,

    /// Usage to check [default: from the plan, the file name, or the extendedKeyUsage]
    #[arg(long, value_name = "server|client|peer")]
    pub(crate) usage: Option<Usage>,

    /// Check at this time: RFC 3339, such as 2027-01-31T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) at: Option<OffsetDateTime>,

    /// Exit with 3 if a certificate expires within this time: 30d, 12h, 2w, 1y, or 1/3
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<ExpiryWindow>,

    /// CRLs: each issuer in the path must have one; repeats
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) crl: Vec<PathBuf>,

    /// Most intermediate certificates that a path may have
    #[arg(long, value_name = "N", value_parser = depth)]
    pub(crate) max_depth: Option<usize>,

    /// Check which clients Redis Enterprise admits: one subject a line (`CN=a,OU=x,O=y`)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) allow_subject: Option<PathBuf>,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,

    /// Show every aspect that was checked, not only the findings
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// File whose first line is the password of PKCS#12 files
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) password_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) server: ConnectArgs,
}

impl CheckArgs {
    /// Whether its targets and its trust anchors do not depend on a directory.
    pub(crate) fn names_its_files(&self, global: &Global) -> bool {
        self.server.connect.is_some() || (!global.ca.is_empty() && !self.targets.is_empty())
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

/// An empty text, as an unset variable of a script gives, is 0.
fn depth(text: &str) -> Result<usize, ParseIntError> {
    if text.is_empty() { Ok(0) } else { text.parse() }
}

fn moment(text: &str) -> Result<OffsetDateTime, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        format!("`{}` is not an RFC 3339 time, such as 2027-01-31T12:00:00Z", text.escape_debug())
    })?;
    moment.checked_to_offset(UtcOffset::UTC).ok_or_else(|| format!("`{text}` is out of range"))
}
