//! `export --p12`: key, chain and CA certificate in one PKCS#12 file.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use pki::{
    input::{self, ObjectError, PkiObject},
    x509::certificate::Certificate,
};
use zeroize::Zeroizing;

use crate::{
    cmd::{
        copies::{certificates, precedes},
        source,
    },
    config::Settings,
    deploy::{
        keystore::{self, Contents},
        requirements::Requirements,
    },
    error::Error,
    hint::Hint,
    issue::{error::IssueError, identity_files::Pair},
    path_text::PathText as _,
    report::{
        Note,
        export::{ExportedFile, FileKind},
        quoted, terminal,
    },
    store::{self, LIMIT, ReadError, Readers, StoreError, write_secret_for},
};

/// Writes the file, unless it has the same content already.
pub(super) fn write(
    file: &Path,
    pair: &Pair,
    requirements: &Requirements<'_>,
    readers: &Readers,
    password_file: Option<&Path>,
    settings: &Settings,
) -> Result<(ExportedFile, Vec<Note>), Error> {
    if !keystore::AVAILABLE {
        return Err(Error::usage(
            "this build of certctl does not have the feature `pkcs12`",
            Some(
                Hint::default()
                    .run(format!("export {} --to DIR", pair.name))
                    .then(", and `openssl pkcs12 -export` creates it from the files"),
            ),
        ));
    }
    let anchors = certificates(&requirements.ca_file);
    let above = pair.above();
    let is_anchor =
        |certificate: &Certificate| anchors.iter().any(|anchor| anchor.der() == certificate.der());
    let contents = Contents {
        name: pair.name.as_str(),
        key: &pair.require_key()?.key,
        chain: std::iter::once(&pair.certificate)
            .chain(above.iter().filter(|certificate| !is_anchor(certificate)))
            .collect(),
        anchors: anchors.iter().collect(),
    };
    let password = ask(password_file)?;

    let present = Present::read(file, &contents, &password)?;
    if present == Present::Unrelated {
        return Err(IssueError::Exists {
            paths: vec![file.to_owned()],
            hint: "it is not an earlier export of this identity with the same password: move it \
                  away, or name another file"
                .into(),
        }
        .into());
    }
    let changed = present != Present::Same || !readers.suit_path(file);
    if changed {
        let content = keystore::pkcs12(&contents, &password)
            .map_err(|reason| StoreError::write(file, "make", io::Error::other(reason)))?;
        write_secret_for(file, &content, readers, settings.sharing)?;
    }
    let written = ExportedFile::of(file, FileKind::Keystore, changed);
    Ok((written, password_file.and_then(on_password_file).into_iter().collect()))
}

/// The password from the first line of a file or a pipe, or from the terminal.
fn ask(file: Option<&Path>) -> Result<Zeroizing<String>, Error> {
    let password = match file {
        None => terminal::ask_new_password("Password of the PKCS#12 file: ")?,
        Some(file) => source::password(file)?,
    };
    let reason = if password.is_empty() {
        "it is empty, and does not protect the file"
    } else if !password.bytes().all(|octet| matches!(octet, b' '..=b'~')) {
        // Java's PBEKey takes no other; OpenSSL and NSS differ on how to encode others.
        "it has other than printable ASCII characters, and Java cannot open such a file"
    } else {
        return Ok(password);
    };
    Err(Error::Password { reason })
}

/// A warning about a password that others can read.
fn on_password_file(file: &Path) -> Option<Note> {
    let found = fs::metadata(file).ok().filter(Metadata::is_file)?;
    let mode = found.mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let hint = quoted(file).map(|file| format!("chmod 600 {file}").into());
        let file = file.shown();
        Note::warning(format!("{file} has mode {mode:04o}: others can read the password"), hint)
    })
}

/// The existing file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Present {
    Nothing,
    /// What would be written.
    Same,
    /// An older export of the same identity.
    Predecessor,
    /// Another file, or one with another password.
    Unrelated,
}

impl Present {
    fn read(file: &Path, contents: &Contents<'_>, password: &str) -> Result<Self, Error> {
        let content = match store::read_regular(file, LIMIT) {
            Ok(content) => content,
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::Nothing);
            }
            Err(ReadError::NotRegular(_)) => return Ok(Self::Unrelated),
            Err(source) => return Err(source.at(file).into()),
        };
        // A file without a password is not the same.
        let is_locked = matches!(
            input::read(&content, None).as_deref(),
            Ok([found]) if matches!(&found.object, PkiObject::Broken { reason: ObjectError::Locked, .. })
        );
        if !is_locked {
            return Ok(Self::Unrelated);
        }
        Ok(Self::compare(&content, contents, password))
    }

    fn compare(content: &[u8], contents: &Contents<'_>, password: &str) -> Self {
        let mut certificates = Vec::new();
        let mut keys = Vec::new();
        for found in input::read(content, Some(password)).unwrap_or_default() {
            let name = found.location.map(|within| within.entry);
            match found.object {
                PkiObject::Certificate(certificate) => certificates.push(*certificate),
                PkiObject::PrivateKey(facts) => keys.push((name, facts.public)),
                _ => return Self::Unrelated,
            }
        }
        let ([(name, Some(key))], Some(leaf)) = (&keys[..], contents.chain.first()) else {
            return Self::Unrelated;
        };
        let wanted = || contents.chain.iter().chain(&contents.anchors);
        let is_wanted = |old: &Certificate| wanted().any(|new| new.der() == old.der());
        let is_same = key == contents.key.public()
            && name.as_deref() == Some(contents.name)
            && certificates.len() == wanted().count()
            && certificates.iter().all(is_wanted);
        if is_same {
            return Self::Same;
        }
        let (own, above): (Vec<_>, Vec<_>) =
            certificates.iter().partition(|old| old.public_key() == key);
        let is_known = |old: &&Certificate| wanted().any(|new| new.subject() == old.subject());
        match &own[..] {
            [own] if precedes(own, leaf) && above.iter().all(is_known) => Self::Predecessor,
            _ => Self::Unrelated,
        }
    }
}
