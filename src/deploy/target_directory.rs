//! The directory of a service, into which an identity is copied.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use crate::{
    deploy::error::DeployError,
    hint::Note,
    path_text::PathText as _,
    store::{ReadError, StoreError},
};

/// Refuses a directory that has the files already, and warns about one in which all users may write.
///
/// `homes` are the directories of the files.
pub(crate) fn look_at<'a>(
    dir: &Path,
    homes: impl Iterator<Item = &'a Path>,
) -> Result<Option<Note>, DeployError> {
    let Some(found) = directory(dir)? else {
        // `a/..` does not exist without `a`, and exists as soon as `a` is created.
        for part in dir.ancestors().filter(|part| part.ends_with("..")) {
            if directory(part)?.is_none() {
                return Err(DeployError::usage(
                    format!("`{}` does not exist", part.shown()),
                    Some("name the directory without `..`".into()),
                ));
            }
        }
        return Ok(None);
    };
    if !found.is_dir() {
        return Err(DeployError::usage(
            format!("`{}` is not a directory", dir.shown()),
            Some("`--to` names the directory that the service reads".into()),
        ));
    }
    for home in homes {
        if directory(home)?
            .is_some_and(|home| (home.dev(), home.ino()) == (found.dev(), found.ino()))
        {
            return Err(DeployError::usage(
                format!("`{}` already has these files", dir.shown()),
                Some("name the directory of the service".into()),
            ));
        }
    }
    let open = found.mode() & 0o002 != 0;
    let message =
        || format!("other users may write in {}: they can replace the files", dir.shown());
    Ok(open.then(|| Note::warning(message(), None)))
}

/// The metadata of a directory, if it exists.
fn directory(path: &Path) -> Result<Option<Metadata>, StoreError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError::from(error).at(path)),
    }
}
