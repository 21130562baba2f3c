//! `certctl init`: writes an example certctl.toml.
use crate::{
    config::Settings,
    error::Error,
    issue::error::IssueError,
    path_text::PathText as _,
    report::Outcome,
    store::{self, Missing, Sensitivity},
};

/// Every value is commented out: the file changes nothing until the user edits it.
const EXAMPLE: &str = include_str!("../../templates/certctl.toml");

pub(crate) fn run(settings: &Settings) -> Result<Outcome, Error> {
    let path = &settings.config_path;
    if path.symlink_metadata().is_ok() {
        let hint = "edit it, or name another with `--config FILE`";
        return Err(IssueError::Exists { paths: vec![path.clone()], hint: hint.into() }.into());
    }
    let (sharing, missing) = (settings.sharing, Missing::Create);
    store::write_file(path, EXAMPLE.as_bytes(), Sensitivity::Public, sharing, missing)?;
    Ok(Outcome::Initialised { path: path.shown() })
}
