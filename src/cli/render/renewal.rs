//! `render renewal`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use pki::x509::validity::ExpiryWindow;

use crate::{
    cli::{HookArgs, format::one_of},
    deploy::service::options::RenewalForm,
};

const FORMS: &[(&str, RenewalForm, &str)] = &[
    ("systemd", RenewalForm::Systemd, "A service and a timer of systemd"),
    ("cron", RenewalForm::Cron, "A line of a crontab"),
];

#[derive(Clone, Debug, Args)]
pub(crate) struct RenewalArgs {
    /// Scheduler
    #[arg(value_name = "FORM", value_parser = one_of(FORMS))]
    pub(crate) form: RenewalForm,

    /// Renew what expires within this time: 30d, 12h, 2w, 1y, or a share of the lifetime
    #[arg(long, value_name = "TIME", default_value = "1/3")]
    pub(crate) expires_within: ExpiryWindow,

    #[command(flatten)]
    pub(crate) hook: HookArgs,

    /// Write the files to a directory instead of printing them
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Options")]
    pub(crate) out_dir: Option<PathBuf>,
}
