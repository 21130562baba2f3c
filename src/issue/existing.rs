//! Files that exist already, which a new identity must not replace.

use std::{collections::HashSet, io};

use pki::x509::certificate::Certificate;

use super::{
    error::IssueError,
    identity::{Identity, IdentityName, ScanResult},
    state::hint::away,
};
use crate::{
    hint::Hint,
    store::{ReadError, Store, StoreError},
};

/// Nothing is overwritten: existing files of these names are an error. With a CA that signed
/// the certificate among them, that is renewed.
///
/// The same name in another case is the same name, on some file systems even the same file.
pub(crate) fn refuse_existing(
    store: &Store,
    wanted: &[String],
    name: &IdentityName,
    ca: Option<&Certificate>,
) -> Result<(), IssueError> {
    let present = present(store, wanted)?;
    if present.is_empty() {
        return Ok(());
    }
    // As it is written there.
    let there = present.iter().find_map(|file| file.strip_suffix(".pem")?.parse().ok());
    let name = there.as_ref().unwrap_or(name);
    let has_key = store.has(&name.key_file())?;
    let member = ca.map(|ca| Identity::find(store, ca, name, has_key));
    let hint = if let Some(ScanResult::Member(_)) = member {
        let flag = if has_key { "" } else { " --reuse-key" };
        Hint::from("issue it again: ")
            .run(format!("renew {name}{flag}"))
            .then("; or choose another name")
    } else {
        let away = away(store, &present).join(", ");
        format!(
            "move away what is there ({away}), then run the command again; or choose another name"
        )
        .into()
    };
    Err(IssueError::Exists { paths: present.iter().map(|file| store.path(file)).collect(), hint })
}

/// The files with one of these names, whatever its case; none if the directory is not there.
pub(crate) fn present(store: &Store, wanted: &[String]) -> Result<Vec<String>, IssueError> {
    let wanted: HashSet<String> = wanted.iter().map(|file| file.to_ascii_lowercase()).collect();
    let files = match store.files() {
        Err(StoreError::Read { source: ReadError::Io(error), .. })
            if error.kind() == io::ErrorKind::NotFound =>
        {
            Vec::new()
        }
        files => files?,
    };
    Ok(files.into_iter().filter(|file| wanted.contains(&file.to_ascii_lowercase())).collect())
}
