//! `certctl init`: a certctl.toml to begin with.

use crate::{
    ca::store::{self, Access},
    config::Settings,
    error::Error,
    report::Outcome,
};

/// Every value is commented out: the file changes nothing until somebody edits it.
const EXAMPLE: &str = include_str!("../../templates/certctl.toml");

pub(crate) fn run(settings: &Settings) -> Result<Outcome, Error> {
    let path = &settings.config_path;
    if path.symlink_metadata().is_ok() {
        let hint = "edit it, or name another with `--config FILE`";
        return Err(Error::Exists { paths: vec![path.clone()], hint });
    }
    if let Some(dir) = path.parent() {
        store::Store::new(dir).create()?;
    }
    store::write_file(path, EXAMPLE.as_bytes(), Access::Public)?;
    Ok(Outcome::Initialised { path: path.display().to_string() })
}
