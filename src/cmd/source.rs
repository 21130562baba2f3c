//! The sources of `inspect` and `check`, from their arguments.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
};

use pki::input::{self, LocatedObject, Unrecognized};
use zeroize::Zeroizing;

use crate::{
    config::{self, Settings},
    error::Error,
    issue::{
        error::IssueError,
        identity::{self, IdentityName},
    },
    path_text::PathText as _,
    report::{self, Note, skipped::Skipped},
    store::{self, CA_SERIAL, ReadError, WalkError},
};

/// The source that a NAME or PATH names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A file, a pipe, or `-` for standard input.
    File(PathBuf),
    Directory(PathBuf),
}

impl Source {
    /// What arguments name, in order; the directory of the PKI if they name nothing.
    pub(super) fn all(
        paths: &[PathBuf],
        settings: &Settings,
        notes: &mut Vec<Note>,
    ) -> Vec<Result<Self, Error>> {
        if paths.is_empty() {
            return vec![Self::find(settings.store.dir(), settings, notes)];
        }
        paths.iter().map(|path| Self::find(path, settings, notes)).collect()
    }

    /// An identity, or the CA, wins over an existing path of the same name.
    fn find(path: &Path, settings: &Settings, notes: &mut Vec<Note>) -> Result<Self, Error> {
        if store::is_stdin(path) {
            return Ok(Self::File(PathBuf::from("-")));
        }
        let found = fs::metadata(path);
        if let Some(file) = path.to_str().and_then(|name| named(name, settings))
            && file.exists()
        {
            if found.is_ok() {
                notes.push(Note::plain(
                    format!(
                        "`{0}` is an identity (`{1}`) and a path: the identity is meant",
                        path.shown(),
                        file.shown()
                    ),
                    Some(format!("name the path as `./{}`", path.shown()).into()),
                ));
            }
            return Ok(Self::File(file));
        }
        match found {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Directory(path.to_owned())),
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // `server.pem` and `server.key` are the names of files of the directory, too.
                let stem = path.to_str().and_then(identity::without_extension);
                let file = stem.and_then(|name| named(name, settings));
                match file.filter(|file| file.exists()) {
                    Some(file) => Ok(Self::File(file)),
                    None => Err(Error::NoInput { path: path.to_owned() }),
                }
            }
            Err(source) => Err(unreadable(path, source.into())),
        }
    }
}

/// The certificate of an identity, or of the CA, under its name.
fn named(name: &str, settings: &Settings) -> Option<PathBuf> {
    if name == "ca" {
        return Some(settings.ca.certificate.clone());
    }
    let name: IdentityName = name.parse().ok()?;
    Some(settings.store.path(&name.certificate_file()))
}

/// The certificate of the identity whose key file that is: for `check` it names the identity.
pub(super) fn certificate_of(key: &Path, settings: &Settings) -> Option<PathBuf> {
    let name = key.file_name()?.to_str()?.strip_suffix(".key")?;
    let certificate = named(name, settings).filter(|file| file.exists())?;
    let is_its_key =
        key.canonicalize().ok()? == certificate.with_extension("key").canonicalize().ok()?;
    is_its_key.then_some(certificate)
}

/// A source that cannot be read, as an error.
fn unreadable(path: &Path, source: ReadError) -> Error {
    match source {
        ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
            Error::NoInput { path: path.to_owned() }
        }
        source => source.at(path).into(),
    }
}

/// The objects of a named source: a file, a pipe, or standard input.
pub(super) fn read(path: &Path, password: Option<&str>) -> Result<Vec<LocatedObject>, Error> {
    let mut content = Zeroizing::new(Vec::new());
    store::fetch(path, &mut content).map_err(|source| unreadable(path, source))?;
    let unrecognised = |source| IssueError::Unrecognised { path: path.to_owned(), source };
    Ok(input::read(&content, password).map_err(unrecognised)?)
}

/// Why a file of a directory was not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It has no supported content.
    Skipped(Skipped),
    /// A private key that this user may not read.
    Denied(PathBuf),
    /// It has, or should have, supported content.
    Failed(Error),
    /// A file of certctl, which is not reported.
    Own,
}

/// Reads a file of a directory, as far as it may matter.
pub(super) fn load(path: &Path, buffer: &mut Vec<u8>) -> Result<(), Unread> {
    let matters = |head: &[u8]| store::is_expected(path) || input::may_matter(head);
    match store::fetch_some(path, buffer, matters) {
        Ok(true) => Ok(()),
        Ok(false) => Err(skipped(path, input::name(buffer))),
        Err(ReadError::TooLarge(_))
            if !store::is_expected(path) && !store::has_part(path, input::says_certificate) =>
        {
            Err(skipped(path, "larger than 16 MiB"))
        }
        Err(ReadError::Io(error))
            if error.kind() == io::ErrorKind::PermissionDenied && store::is_key_name(path) =>
        {
            Err(Unread::Denied(path.to_owned()))
        }
        Err(source) => Err(Unread::Failed(unreadable(path, source))),
    }
}

/// The objects in the content of a file of a directory.
pub(super) fn parse(
    path: &Path,
    content: &[u8],
    password: Option<&str>,
) -> Result<Vec<LocatedObject>, Unread> {
    input::read(content, password).map_err(|unknown| unrecognised(path, unknown))
}

/// A file of a directory in which nothing was found. Its content decides; if the content is unknown,
/// its name.
fn unrecognised(path: &Path, source: Unrecognized) -> Unread {
    let is_expected = store::is_expected(path);
    match source {
        Unrecognized::Other(name) if !is_of_a_key(path) => skipped(path, name),
        Unrecognized::Opaque(name) if !is_expected => skipped(path, name),
        Unrecognized::OpaqueValue(name) if !is_expected => {
            skipped(path, format!("a manifest with {name}"))
        }
        Unrecognized::Empty if !is_expected => skipped(path, "empty"),
        Unrecognized::Nothing if !is_expected => {
            let name = path.file_name().unwrap_or_default();
            let is_own = name == CA_SERIAL || name == config::FILE;
            if is_own { Unread::Own } else { skipped(path, "no certificate or key") }
        }
        source => Unread::Failed(IssueError::Unrecognised { path: path.to_owned(), source }.into()),
    }
}

/// Whether its name is that of the certificate of a key that is beside it: `NAME.pem` with `NAME.key`.
pub(super) fn is_of_a_key(path: &Path) -> bool {
    let is_certificate = path
        .extension()
        .is_some_and(|kind| ["pem", "crt", "cer", "cert"].iter().any(|it| kind == *it));
    is_certificate && path.with_extension("key").is_file()
}

fn skipped(path: &Path, reason: impl Into<Cow<'static, str>>) -> Unread {
    Unread::Skipped(Skipped { path: path.to_owned(), reason: reason.into() })
}

/// A place below a directory that cannot be walked.
pub(super) fn unwalkable(error: WalkError) -> Unread {
    match error {
        WalkError::Loop { path, ancestor } => Unread::Failed(Error::Loop { path, ancestor }),
        // The folder of the keys, as easy-rsa and OpenSSL have it.
        WalkError::Io { path, source }
            if source.kind() == io::ErrorKind::PermissionDenied
                && path.file_name().is_some_and(|folder| folder == "private") =>
        {
            Unread::Denied(path)
        }
        WalkError::Io { path, source } => Unread::Failed(ReadError::from(source).at(path).into()),
        WalkError::Special { path, kind } if store::is_expected(&path) => {
            Unread::Failed(ReadError::NotRegular(kind).at(path).into())
        }
        WalkError::Special { path, kind } => skipped(&path, kind),
    }
}

/// A directory without supported content and without errors.
pub(super) fn nothing_in(dir: &Path, skipped: &[Skipped]) -> Error {
    Error::NothingThere { dir: dir.to_owned(), skipped: report::skipped::list(skipped) }
}

/// The note about private keys that this user may not read.
pub(super) fn denied(count: usize) -> Option<Note> {
    let keys = match count {
        0 => return None,
        1 => "1 private key".to_owned(),
        more => format!("{more} private keys"),
    };
    Some(Note::plain(format!("this user cannot read {keys}, so they are not checked"), None))
}

/// The first line of a file or a pipe (`--password-file <(…)`).
pub(super) fn password(path: &Path) -> Result<Zeroizing<String>, Error> {
    let read = |source| match source {
        ReadError::NotRegular(_) => Error::usage(
            format!("`{}` has no password: {source}", path.shown()),
            Some("the first line of a file or a pipe is the password".into()),
        ),
        source => source.at(path).into(),
    };
    let mut content = Zeroizing::new(Vec::new());
    store::fetch(path, &mut content).map_err(read)?;
    let line = content.split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Zeroizing::new(String::from_utf8_lossy(line).into_owned()))
}
