//! `certctl k8s`: manifests for Kubernetes.

mod issuer;
mod secret;

use time::OffsetDateTime;

use crate::{
    cli::ManifestCommand,
    config::Settings,
    deploy::kubernetes::document,
    error::Error,
    issue::notes,
    path_text::PathText as _,
    report::{
        Note, Outcome,
        manifest::Manifest,
        output::{Format, OutputOptions},
    },
};

pub(crate) fn run(
    command: &ManifestCommand,
    settings: &Settings,
    shown: &OutputOptions,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    let (objects, mut notes) = match command {
        ManifestCommand::Secret(args) => secret::make(args, settings, now)?,
        ManifestCommand::Issuer(args) => issuer::make(args, settings, shown, now)?,
    };
    notes.extend(notes::on_unfinished(&settings.store));
    let file = match &shown.out_file {
        Some(path) => path.typed(),
        None => "-".to_owned(),
    };
    notes.push(Note::plain(
        "use server-side apply: plain `kubectl apply` copies the whole content into an annotation",
        Some(format!("kubectl apply --server-side -f {file}").into()),
    ));
    if let ManifestCommand::Issuer(_) = command {
        notes.push(Note::plain(
            "the file contains the CA's private key: remove it once it is applied",
            Some(format!("shred -u {file}").into()),
        ));
    }
    let text = match shown.format {
        Format::Json => document::json(&objects),
        _ => document::yaml(&objects),
    };
    Ok(Outcome::Manifest(Manifest { text, notes }))
}
