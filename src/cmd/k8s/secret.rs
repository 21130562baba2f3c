//! `certctl k8s secret`: the files of identities, or any files, as Secrets.

use time::OffsetDateTime;

use crate::{
    cli::SecretArgs,
    config::Settings,
    deploy::{
        error::DeployError,
        kubernetes::{
            Object, ca_keys::authorities, metadata::Metadata, secret::check_keys,
            secret_maker::SecretMaker,
        },
    },
    error::Error,
    issue::notes,
    report::Note,
};

/// The default name of a Secret, as in the vendors' documentation.
const NAME: &str = "certs";
/// The identity whose files go into it.
const IDENTITY: &str = "server";

pub(super) fn make(
    args: &SecretArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<(Vec<Object>, Vec<Note>), Error> {
    // Errors in the flags are reported before any file is read.
    check_keys(&args.files, args.kind)?;
    let (store, ca) = (&settings.store, &settings.ca.certificate);
    let authorities = authorities(store, ca, &args.files, now)?;
    let name = args.name.clone().map_or_else(|| NAME.parse(), Ok).map_err(DeployError::from)?;
    let mut metadata = Metadata::new(name.clone(), args.namespace.clone());
    metadata.inscribe(&args.labels, &args.annotations).map_err(DeployError::from)?;
    let mut maker = SecretMaker {
        store,
        ca,
        ca_elsewhere: settings.ca.elsewhere,
        now,
        kind: args.kind,
        metadata,
        authorities,
        objects: Vec::new(),
        notes: Vec::new(),
    };
    let identities = if !args.files.is_empty() {
        maker.of_files(name, &args.files)?;
        Vec::new()
    } else if args.all {
        let plan = settings.config.plan.iter().map(|entry| entry.name.clone()).collect();
        maker.named(args.name.as_ref(), plan)?
    } else {
        let identity = args.identity.clone().map_or_else(|| IDENTITY.parse(), Ok);
        vec![(name, identity.map_err(|error| Error::usage(error, None))?)]
    };
    for (name, identity) in identities {
        maker.notes.extend(notes::on_key(&store.path(&identity.key_file())));
        maker.of_identity(name, &identity, args.all)?;
    }
    Ok((maker.objects, maker.notes))
}
