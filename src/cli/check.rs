//! The flags of `check`.

use std::{num::ParseIntError, path::PathBuf};

use clap::{Args, ValueHint};
use pki::{
    verify::clients::Client,
    x509::{usage::Usage, validity::ExpiryWindow},
};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::{Global, connect::ConnectArgs};

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

    /// Host name or address to which clients connect, the SNI of --connect; repeats
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

    /// Report only what these clients refuse: openssl, gnutls, nss, go, java, python, pyca, node, curl,
    /// rustls, boringssl, apple; repeats, or with commas
    #[arg(long, value_name = "CLIENT", value_delimiter = ',', value_parser = client)]
    pub(crate) client: Vec<Client>,

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
        !self.server.connect.is_empty() || (!global.ca.is_empty() && !self.targets.is_empty())
    }
}

fn client(text: &str) -> Result<Client, String> {
    let wanted = text.to_ascii_lowercase();
    Client::ALL.into_iter().find(|client| client.as_str() == wanted).ok_or_else(|| {
        let known = Client::ALL.map(Client::as_str).join(", ");
        format!("`{}` is not a client that certctl knows: {known}", text.escape_debug())
    })
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
