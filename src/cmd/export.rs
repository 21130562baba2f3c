//! `certctl export`: copies an identity for a service.

mod keystore;

use std::path::Path;

use time::OffsetDateTime;

use crate::{
    cli::ExportArgs,
    config::Settings,
    deploy::{
        copies::{Copied, Copies, FileKind},
        requirements::Requirements,
        target_directory::look_at,
    },
    error::Error,
    hint::Hint,
    issue::{identity_files::Pair, notes},
    path_text::PathText as _,
    report::{
        CertificateSummary, Note, Outcome,
        export::{Exported, ExportedFile},
    },
    store::{Group, Missing, Readers},
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
    requirements.refuse_ca_key(&pair)?;
    let (to, files, notes) = match (&args.to, &args.p12) {
        (Some(dir), _) => {
            let ca = (requirements.ca_path.parent(), settings.ca.key.parent());
            let homes = [Some(settings.store.dir()), ca.0, ca.1];
            let mut notes: Vec<Note> =
                look_at(dir, homes.into_iter().flatten())?.into_iter().collect();
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
        notes: requirements.doubts(&pair),
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
        let hint = Some(Hint::command(format!("export {name} --to {}", dir.typed())));
        Note::warning(message, hint)
    }));
    let shown = |Copied { path, kind, changed }: Copied| ExportedFile::of(&path, kind, changed);
    Ok(result.copied.into_iter().map(shown).collect())
}
