//! `render renewal`: a systemd timer or a crontab line, for the directory of the PKI.

use std::{
    env, io,
    path::{Component, Path, PathBuf, absolute},
};

use crate::{
    cli::{LOCK_TIMEOUT, RenewalArgs},
    config::{FILE, Settings},
    deploy::service::{Rendering, options::RenewalOptions, renewal},
    error::Error,
    store::{ReadError, Sharing},
};

pub(super) fn render(args: &RenewalArgs, settings: &Settings) -> Result<Rendering, Error> {
    settings.require_ca()?;
    let program = env::current_exe().map_err(|error| failed(Path::new("certctl"), error))?;
    let directory = whole(settings.store.dir())?;
    let mut writable = vec![directory.clone()];
    let mut files = Vec::new();
    if settings.ca.elsewhere {
        let certificate = whole(&settings.ca.certificate)?;
        // `ca.srl` is beside it.
        writable.extend(certificate.parent().map(Path::to_owned));
        files.extend([("--ca", certificate), ("--ca-key", whole(&settings.ca.key)?)]);
    }
    if settings.config_path != settings.store.path(FILE) {
        files.push(("--config", whole(&settings.config_path)?));
    }
    let mut switches = Vec::new();
    let seconds = settings.lock_timeout.as_secs();
    if seconds != u64::from(LOCK_TIMEOUT) {
        switches.extend(["--lock-timeout".to_owned(), seconds.to_string()]);
    }
    if settings.sharing == Sharing::Accepted {
        switches.push("--allow-shared-dir".to_owned());
    }
    writable.dedup();
    Ok(renewal::render(&RenewalOptions {
        form: args.form,
        expires_within: args.expires_within,
        follow_up: args.hook.flags(),
        program,
        directory,
        files,
        switches,
        writable,
    })?)
}

/// From `/`. systemd refuses a path with `..`, which only the file system can resolve.
fn whole(path: &Path) -> Result<PathBuf, Error> {
    let path = absolute(path).map_err(|error| failed(path, error))?;
    if path.components().any(|component| component == Component::ParentDir) {
        return path.canonicalize().map_err(|error| failed(&path, error));
    }
    Ok(path.components().collect())
}

fn failed(path: &Path, source: io::Error) -> Error {
    ReadError::from(source).at(path).into()
}
