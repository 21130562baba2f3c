//! Where `inspect` and `check` read from: what their arguments name.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    ca::identity::IdentityName,
    config::Settings,
    error::Error,
    store::{self, ReadError, WalkError},
};

/// A password is no longer; what is longer is not read.
const PASSWORD_LIMIT: u64 = 4096;

/// What a NAME or PATH stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    StandardInput,
    /// Anything that is read from begin to end: a file, a pipe.
    File(PathBuf),
    Directory(PathBuf),
}

impl Source {
    /// What arguments name, in order; the directory of the PKI if they name nothing.
    pub(super) fn all(paths: &[PathBuf], settings: &Settings) -> Vec<Result<Self, Error>> {
        if paths.is_empty() {
            return vec![Self::find(settings.store.dir(), settings)];
        }
        paths.iter().map(|path| Self::find(path, settings)).collect()
    }

    /// An existing path wins over an identity, or the CA, of the same name.
    fn find(path: &Path, settings: &Settings) -> Result<Self, Error> {
        if store::is_stdin(path) {
            return Ok(Self::StandardInput);
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Directory(path.to_owned())),
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = match path.to_str() {
                    Some("ca") => Some(settings.ca.certificate.clone()),
                    name => name
                        .and_then(|name| name.parse::<IdentityName>().ok())
                        .map(|name| settings.store.path(&name.certificate_file())),
                };
                match file.filter(|file| file.exists()) {
                    Some(file) => Ok(Self::File(file)),
                    None => Err(Error::NoInput { path: path.to_owned() }),
                }
            }
            Err(source) => Err(unreadable(path, source.into())),
        }
    }

    /// As reports name it.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::StandardInput => Path::new("-"),
            Self::File(path) | Self::Directory(path) => path,
        }
    }
}

/// A source that cannot be read, as an error.
pub(super) fn unreadable(path: &Path, source: ReadError) -> Error {
    match source {
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            Error::NoInput { path: path.to_owned() }
        }
        source => Error::Read { path: path.to_owned(), source },
    }
}

/// A place below a directory that cannot be walked, as an error.
pub(super) fn unwalkable(error: WalkError) -> Error {
    match error {
        WalkError::Loop { path, ancestor } => Error::Loop { path, ancestor },
        WalkError::Io { path, source } => Error::Read { path, source: source.into() },
    }
}

/// The first line of a file.
pub(super) fn password(path: &Path) -> Result<Zeroizing<String>, Error> {
    let read = |source| Error::Read { path: path.to_owned(), source };
    let content = Zeroizing::new(store::read_regular(path, PASSWORD_LIMIT).map_err(read)?);
    let line = content.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match str::from_utf8(line) {
        Ok(line) => Ok(Zeroizing::new(line.to_owned())),
        Err(error) => Err(read(io::Error::new(io::ErrorKind::InvalidData, error).into())),
    }
}
