//! Scheduled renewal: a systemd timer, or a crontab line.

use std::{
    env, io,
    path::{Component, Path, PathBuf, absolute},
};

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
    store::ReadError,
};

const TEMPLATES: &Templates = templates![
    "renewal/certctl-renew.service",
    "renewal/certctl-renew.timer",
    "renewal/certctl-renew.crontab",
];

/// Fills the templates.
pub(crate) fn render(args: &RenewalOptions) -> Result<Rendering, DeployError> {
    let (command, mut writable) = command(args)?;
    writable.dedup();
    let is_temporary = |path: &PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
    let facts = json!({
        "writable": writable.iter().map(|path| text(path)).collect::<Result<Vec<_>, _>>()?,
        "command": command,
        "private_tmp": !writable.iter().any(is_temporary),
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

/// The words of the command that renews, with absolute paths, since systemd and cron start it elsewhere;
/// and the directories in which it writes. From cron it is quiet: cron sends what it prints by mail.
fn command(args: &RenewalOptions) -> Result<(Vec<String>, Vec<PathBuf>), DeployError> {
    let program = env::current_exe().map_err(|error| failed(Path::new("certctl"), error))?;
    let directory = whole(&args.directory)?;
    let (certificate, key) = args.ca.as_ref().map(|(certificate, key)| (certificate, key)).unzip();
    let files = [("--ca", certificate), ("--ca-key", key), ("--config", args.config.as_ref())];

    let mut words = vec![text(&program)?];
    words.extend((args.form == RenewalForm::Cron).then(|| "-q".to_owned()));
    words.extend(["-d".to_owned(), text(&directory)?]);
    let mut writable = vec![directory];
    for (flag, path) in files {
        let Some(path) = path.map(|path| whole(path)).transpose()? else { continue };
        words.extend([flag.to_owned(), text(&path)?]);
        if flag == "--ca" {
            // `ca.srl` is beside it.
            writable.extend(path.parent().map(Path::to_owned));
        }
    }
    if let Some(seconds) = args.lock_timeout {
        words.extend(["--lock-timeout".to_owned(), seconds.to_string()]);
    }
    words.extend(args.allow_shared_dir.then(|| "--allow-shared-dir".to_owned()));
    words.extend(["renew".to_owned(), "--expires-within".to_owned()]);
    words.push(args.expires_within.as_fraction().to_string());
    for (flag, value) in &args.follow_up {
        words.push((*flag).to_owned());
        if let Some(value) = value {
            words.push(visible(flag, value)?.to_owned());
        }
    }
    Ok((words, writable))
}

/// From `/`. systemd refuses a path with `..`, which only the file system can resolve.
fn whole(path: &Path) -> Result<PathBuf, DeployError> {
    let path = absolute(path).map_err(|error| failed(path, error))?;
    if path.components().any(|component| component == Component::ParentDir) {
        return path.canonicalize().map_err(|error| failed(&path, error));
    }
    Ok(path.components().collect())
}

fn failed(path: &Path, source: io::Error) -> DeployError {
    ReadError::from(source).at(path).into()
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
