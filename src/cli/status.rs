//! The flags of `status`.

use clap::Args;
use pki::x509::validity::ExpiryWindow;

#[derive(Clone, Debug, Args)]
pub(crate) struct StatusArgs {
    /// Report as due what expires within this time: 30d, 12h, 2w, 1y, or 33% of its lifetime left
    #[arg(long, value_name = "TIME")]
    pub(crate) expires_within: Option<ExpiryWindow>,
}
