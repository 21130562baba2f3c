//! `export --p12`: key, chain and CA certificate in one PKCS#12 file.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use zeroize::Zeroizing;

use crate::{
    cmd::source,
    config::Settings,
    deploy::{
        copies::FileKind,
        keystore::{self, Contents},
        requirements::Requirements,
    },
    error::Error,
    hint::Hint,
    issue::{error::IssueError, identity_files::Pair},
    path_text::PathText as _,
    report::{Note, export::ExportedFile, terminal},
    store::{Readers, StoreError, write_secret_for},
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
    let contents = Contents::of(pair, &requirements.ca_file)?;
    let password = ask(password_file)?;

    let Some(is_same) = contents.is_in(file, &password)? else {
        return Err(IssueError::Exists {
            paths: vec![file.to_owned()],
            hint: "it is not an earlier export of this identity with the same password: move it \
                  away, or name another file"
                .into(),
        }
        .into());
    };
    let changed = !is_same || !readers.suit_path(file);
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
        let hint = Some(format!("chmod 600 {}", file.typed()).into());
        let file = file.shown();
        Note::warning(format!("{file} has mode {mode:04o}: others can read the password"), hint)
    })
}
