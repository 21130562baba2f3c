//! The flags of `inspect`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use pki::x509::validity::ExpiryWindow;

use super::connect::ConnectArgs;

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

    /// Name to send to the server (SNI) [default: the host of --connect]
    #[arg(long, value_name = "HOST", requires = "connect", help_heading = "TLS server")]
    pub(crate) host: Option<String>,
}
