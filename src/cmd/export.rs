//! `certctl export`: copies an identity for a service.

mod keystore;

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use pki::verify::{
    path::{CertificateRef, Violation},
    rule::Rule,
};
use time::OffsetDateTime;

use super::{
    copies::{Copied, Copies},
    notes,
};
use crate::{
    cli::ExportArgs,
    config::Settings,
    deploy::requirements::Requirements,
    error::Error,
    hint::Hint,
    issue::identity_files::Pair,
    path_text::PathText as _,
    report::{
        Note, Outcome,
        export::{Exported, ExportedFile, FileKind},
        issue_report::CertificateSummary,
        quoted,
    },
    store::{Group, Missing, ReadError, Readers},
};

/// The mode of a key that a group may read.
const SHARED: u32 = 0o640;

pub(crate) fn run(
    args: &ExportArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    let group = args.group.as_deref().map(Group::find).transpose()?;
    let mode = args.mode.map(|mode| mode.0).or(group.is_some().then_some(SHARED));
    let readers = Readers { group, mode, only_ours: false };

    let mut requirements = Requirements::read(&settings.store, &settings.ca.certificate, now)?;
    let pair = requirements.pair(&args.identity, None)?;
    refuse_ca_key(&pair, &mut requirements)?;
    let (to, files, notes) = match (&args.to, &args.p12) {
        (Some(dir), _) => {
            let mut notes = look_at(dir, &requirements, settings)?;
            (dir, copy(dir, &pair, &requirements, readers, settings, &mut notes)?, notes)
        }
        (None, Some(file)) => {
            let password = args.password_file.as_deref();
            let (written, notes) =
                keystore::write(file, &pair, &requirements, &readers, password, settings)?;
            (file, vec![written], notes)
        }
        (None, None) => {
            return Err(Error::usage(
                "give a directory or a file: `--to DIR` or `--p12 FILE`",
                None,
            ));
        }
    };

    let mut exported = Exported {
        name: pair.name.to_string(),
        to: to.clone(),
        changed: files.iter().any(|file| file.changed),
        facts: *CertificateSummary::of(&pair.certificate),
        notes: doubts(&pair, &requirements),
        files,
    };
    exported.notes.extend(notes::on_unfinished(&settings.store));
    exported.notes.extend(notes);
    exported.notes.extend(
        exported
            .files
            .iter()
            .filter(|file| file.kind == FileKind::Key)
            .filter_map(|file| notes::on_key(&file.path)),
    );
    Ok(Outcome::Exported(Box::new(exported)))
}

/// Copies pair and CA certificate into the directory of a service.
fn copy(
    dir: &Path,
    pair: &Pair,
    requirements: &Requirements<'_>,
    readers: Readers,
    settings: &Settings,
    notes: &mut Vec<Note>,
) -> Result<Vec<ExportedFile>, Error> {
    let copies = Copies {
        pairs: std::slice::from_ref(pair),
        ca_file: &requirements.ca_file,
        certificate: Readers { mode: None, ..readers.clone() },
        key: readers,
        home: Some(&settings.store),
    };
    let result = copies.publish(dir, &settings.lock_options(Missing::Create))?;
    notes.extend(result.unread.iter().map(|path| {
        let shown = path.shown();
        Note::warning(
            format!(
                "`{shown}` cannot be read as a certificate: it may not chain to the new ca.pem"
            ),
            None,
        )
    }));
    notes.extend(result.left_behind.iter().map(|name| {
        let file = dir.join(name.certificate_file());
        let message = format!("{} does not chain to the new ca.pem beside it", file.shown());
        let hint = quoted(dir).map(|dir| Hint::command(format!("export {name} --to {dir}")));
        Note::warning(message, hint)
    }));
    let shown = |Copied { path, kind, changed }: Copied| ExportedFile::of(&path, kind, changed);
    Ok(result.copied.into_iter().map(shown).collect())
}

/// Refuses a directory that has the files already, and warns about one in which all users may write.
fn look_at(
    dir: &Path,
    requirements: &Requirements<'_>,
    settings: &Settings,
) -> Result<Vec<Note>, Error> {
    let Some(found) = directory(dir)? else {
        // `a/..` does not exist without `a`, and exists as soon as `a` is created.
        for part in dir.ancestors().filter(|part| part.ends_with("..")) {
            if directory(part)?.is_none() {
                return Err(Error::usage(
                    format!("`{}` does not exist", part.shown()),
                    Some("name the directory without `..`".into()),
                ));
            }
        }
        return Ok(Vec::new());
    };
    if !found.is_dir() {
        return Err(Error::usage(
            format!("`{}` is not a directory", dir.shown()),
            Some("`--to` names the directory that the service reads".into()),
        ));
    }
    for home in
        [Some(settings.store.dir()), requirements.ca_path.parent(), settings.ca.key.parent()]
    {
        let home = home.map(directory).transpose()?.flatten();
        if home.is_some_and(|home| (home.dev(), home.ino()) == (found.dev(), found.ino())) {
            return Err(Error::usage(
                format!("`{}` already has these files", dir.shown()),
                Some("name the directory of the service".into()),
            ));
        }
    }
    let open = found.mode() & 0o002 != 0;
    let message =
        || format!("other users may write in {}: they can replace the files", dir.shown());
    Ok(open.then(|| Note::warning(message(), None)).into_iter().collect())
}

/// The metadata of a directory, if it exists.
fn directory(path: &Path) -> Result<Option<Metadata>, Error> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError::from(error).at(path).into()),
    }
}

/// The CA's key signs for any name: it is never copied, whatever its file name is.
fn refuse_ca_key(pair: &Pair, requirements: &mut Requirements<'_>) -> Result<(), Error> {
    let key = pair.require_key()?;
    if key.key.public() == requirements.ca.public_key() {
        requirements.add(
            format!("`{}` is the CA's own key", key.path.shown()),
            Hint::from("issue an identity for the service: ").run("issue NAME HOST"),
        );
    }
    Ok(requirements.finish()?)
}

/// Why clients that trust the copied ca.pem refuse the certificate.
fn doubts(pair: &Pair, requirements: &Requirements<'_>) -> Vec<Note> {
    let name = &pair.name;
    let doubt = |violation: Violation| {
        let (path, of_ca) = match violation.link {
            CertificateRef::Anchor(_) => (&requirements.ca_path, true),
            CertificateRef::Leaf | CertificateRef::Untrusted(_) => (&pair.certificate_path, false),
        };
        let hint = match violation.rule {
            Rule::Expired if of_ca => Hint::command("renew ca"),
            Rule::Expired => Hint::command(format!("renew {name}")),
            Rule::Chain | Rule::Signature => "name the CA that signed it: `--ca FILE`".into(),
            _ => Hint::command(format!("check {name}")),
        };
        Note::warning(format!("{} {}", path.shown(), violation.detail), Some(hint))
    };
    requirements.violations(pair, None).into_iter().map(doubt).collect()
}
