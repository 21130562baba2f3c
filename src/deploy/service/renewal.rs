//! Scheduled renewal: a systemd timer, or a crontab line.

use std::path::{Path, PathBuf};

use pki::x509::escape::{describe, is_hidden};
use serde::Serialize;

use super::{Rendering, TextFile};
use crate::{
    deploy::error::DeployError,
    deploy::service::options::{RenewalForm, RenewalOptions},
    deploy::templates::{self, Templates},
    path_text::PathText as _,
};

const SERVICE: &str = "renewal/certctl-renew.service";
const TIMER: &str = "renewal/certctl-renew.timer";
const CRONTAB: &str = "renewal/certctl-renew.crontab";
const TEMPLATES: &Templates = &[
    (SERVICE, include_str!("../../../templates/renewal/certctl-renew.service")),
    (TIMER, include_str!("../../../templates/renewal/certctl-renew.timer")),
    (CRONTAB, include_str!("../../../templates/renewal/certctl-renew.crontab")),
];

/// Where certctl is, and for which files it runs: absolute paths, since systemd and cron start it elsewhere.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) program: PathBuf,
    pub(crate) directory: PathBuf,
    /// The global flags that were given: `--ca FILE`.
    pub(crate) files: Vec<(&'static str, PathBuf)>,
    pub(crate) switches: Vec<String>,
    /// Directories in which certctl writes.
    pub(crate) writable: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Facts {
    command: Vec<String>,
    writable: Vec<String>,
    private_tmp: bool,
}

/// Fills the templates.
pub(crate) fn render(args: &RenewalOptions, place: &Place) -> Result<Rendering, DeployError> {
    let is_cron = args.form == RenewalForm::Cron;
    let is_temporary = |path: &PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
    let facts = Facts {
        command: command(args, place, is_cron)?,
        writable: place.writable.iter().map(|path| text(path)).collect::<Result<_, _>>()?,
        private_tmp: !place.writable.iter().any(is_temporary),
    };
    let templates: &[&'static str] = if is_cron { &[CRONTAB] } else { &[SERVICE, TIMER] };
    let fill = |template: &&'static str| {
        let content = templates::fill(TEMPLATES, template, &facts)
            .map_err(|source| DeployError::Template { template, source })?;
        let name = template.rsplit('/').next().unwrap_or(template).to_owned();
        Ok(TextFile { name, content })
    };
    let files = templates.iter().map(fill).collect::<Result<_, DeployError>>()?;
    Ok(Rendering {
        service: "renewal",
        form: if is_cron { "cron" } else { "systemd" },
        files,
        folder: "",
        pairs: Vec::new(),
        steps: steps(is_cron),
        notes: Vec::new(),
    })
}

fn steps(is_cron: bool) -> Vec<String> {
    let steps: &[&str] = if is_cron {
        &["add the line to a crontab: crontab -e"]
    } else {
        &[
            "put both files into /etc/systemd/system/",
            "systemctl daemon-reload",
            "systemctl enable --now certctl-renew.timer",
        ]
    };
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// The words of the command that renews. From cron it is quiet: cron sends what it prints by mail.
fn command(
    args: &RenewalOptions,
    place: &Place,
    is_quiet: bool,
) -> Result<Vec<String>, DeployError> {
    let mut words = vec![text(&place.program)?];
    words.extend(is_quiet.then(|| "-q".to_owned()));
    words.extend(["-d".to_owned(), text(&place.directory)?]);
    for (flag, path) in &place.files {
        words.extend([(*flag).to_owned(), text(path)?]);
    }
    words.extend(place.switches.iter().cloned());
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
