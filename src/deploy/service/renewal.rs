//! Scheduled renewal: a systemd timer, or a crontab line.

use std::path::Path;

use pki::x509::escape::{describe, is_hidden};
use serde_json::json;

use super::{Rendering, filled};
use crate::{
    deploy::{
        error::DeployError,
        service::options::{RenewalForm, RenewalOptions},
        templates::{Templates, templates},
    },
    path_text::PathText as _,
};

const TEMPLATES: &Templates = templates![
    "renewal/certctl-renew.service",
    "renewal/certctl-renew.timer",
    "renewal/certctl-renew.crontab",
];

/// Fills the templates.
pub(crate) fn render(args: &RenewalOptions) -> Result<Rendering, DeployError> {
    let is_cron = args.form == RenewalForm::Cron;
    let is_temporary =
        |path: &std::path::PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
    let writable = args.writable.iter().map(|path| text(path)).collect::<Result<Vec<_>, _>>()?;
    let facts = json!({
        "command": command(args, is_cron)?,
        "writable": writable,
        "private_tmp": !args.writable.iter().any(is_temporary),
    });
    let (form, files, steps): (_, &[_], &[&str]) = match args.form {
        RenewalForm::Cron => (
            "cron",
            &[("renewal/certctl-renew.crontab", "certctl-renew.crontab")],
            &["add the line to a crontab: crontab -e"],
        ),
        RenewalForm::Systemd => (
            "systemd",
            &[
                ("renewal/certctl-renew.service", "certctl-renew.service"),
                ("renewal/certctl-renew.timer", "certctl-renew.timer"),
            ],
            &[
                "put both files into /etc/systemd/system/",
                "systemctl daemon-reload",
                "systemctl enable --now certctl-renew.timer",
            ],
        ),
    };
    Ok(Rendering {
        service: "renewal",
        form,
        files: filled(TEMPLATES, files, &facts)?,
        folder: "",
        pairs: Vec::new(),
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
        notes: Vec::new(),
    })
}

/// The words of the command that renews. From cron it is quiet: cron sends what it prints by mail.
fn command(args: &RenewalOptions, is_quiet: bool) -> Result<Vec<String>, DeployError> {
    let mut words = vec![text(&args.program)?];
    words.extend(is_quiet.then(|| "-q".to_owned()));
    words.extend(["-d".to_owned(), text(&args.directory)?]);
    for (flag, path) in &args.files {
        words.extend([(*flag).to_owned(), text(path)?]);
    }
    words.extend(args.switches.iter().cloned());
    words.extend(["renew".to_owned(), "--expires-within".to_owned()]);
    words.push(args.expires_within.as_fraction().to_string());
    for (flag, value) in &args.follow_up {
        words.push((*flag).to_owned());
        if let Some(value) = value {
            words.push(visible(flag, value)?.to_owned());
        }
    }
    Ok(words)
}

fn text(path: &Path) -> Result<String, DeployError> {
    let text = path.to_str().ok_or_else(|| {
        let message = format!("`{}` cannot be written there: it is not UTF-8", path.shown());
        DeployError::usage(message, Some("use a directory whose name is UTF-8".into()))
    })?;
    visible("a path", text).map(str::to_owned)
}

/// Neither systemd nor cron has a form for every control character; a line break ends a line of a crontab.
fn visible<'a>(what: &str, text: &'a str) -> Result<&'a str, DeployError> {
    match text.chars().find(|c| is_hidden(*c)) {
        None => Ok(text),
        Some(hidden) => {
            let message = format!("{what} has {}, which cannot be written there", describe(hidden));
            Err(DeployError::usage(
                message,
                Some("put the command into a script, and name that".into()),
            ))
        }
    }
}
