//! `certctl k8s issuer`: the CA and its identities, as manifests for cert-manager.

use time::{Duration, OffsetDateTime};

use crate::{
    cli::IssuerArgs,
    config::{Entry, Settings, SubjectConfig},
    deploy::kubernetes::{
        Object,
        cert_manager::{IssuerKind, PlannedCertificate},
        issuer::CaIssuer,
    },
    error::Error,
    hint::Hint,
    issue::{error::IssueError, identity::Identity},
    report::{Note, output::OutputOptions},
};

pub(super) fn make(
    args: &IssuerArgs,
    settings: &Settings,
    shown: &OutputOptions,
    now: OffsetDateTime,
) -> Result<(Vec<Object>, Vec<Note>), Error> {
    if shown.out_file.is_none() {
        return Err(Error::usage(
            "the manifest would contain the CA's private key: write it to a file that only its \
            owner can read",
            Some(Hint::command("k8s issuer --out-file issuer.yaml")),
        ));
    }
    let authority = settings.ca.read_valid(&settings.ca.store(), now)?;
    let issuer = CaIssuer {
        authority: &authority,
        certificate_path: &settings.ca.certificate,
        key_path: &settings.ca.key,
        name: &args.name,
        kind: if args.cluster { IssuerKind::ClusterIssuer } else { IssuerKind::Issuer },
        namespace: args.namespace.as_ref(),
        now,
    };
    let mut objects = issuer.objects()?;
    let mut notes = settings.ca.notes(authority.certificate());
    let plan = &settings.config.plan;
    let identities = if plan.is_empty() {
        issuer.present(&settings.store, &mut notes)?
    } else {
        let ca = authority.certificate();
        let planned = plan.iter().map(|entry| {
            let has_key = settings.store.has(&entry.name.key_file())?;
            let found = Identity::find(&settings.store, ca, &entry.name, has_key);
            planned(entry, found.member(), settings)
        });
        planned.collect::<Result<_, _>>()?
    };
    let (certificates, more) = issuer.certificates(&identities)?;
    objects.extend(certificates);
    notes.extend(more);
    Ok((objects, notes))
}

/// As `gen` and `renew` would make it.
fn planned(
    entry: &Entry,
    identity: Option<&Identity>,
    settings: &Settings,
) -> Result<PlannedCertificate, Error> {
    let present = identity.map(PlannedCertificate::of);
    let base = match &present {
        Some(present) => present.subject.clone(),
        None => settings
            .subject(&SubjectConfig::default())
            .map_err(|source| IssueError::Subject { name: entry.name.to_string(), source })?,
    };
    let kind = present.as_ref().and_then(|present| present.key.to_string().parse().ok());
    let key_type = entry.key_type.or(kind).unwrap_or_else(|| settings.key_type(None));
    let days = entry.days.unwrap_or_else(|| settings.days(None));
    let spec = entry.spec(&base, (key_type, days)).map_err(|error| settings.in_config(&error))?;
    let length = match present {
        Some(present) if entry.days.is_none() => present.length,
        _ => Duration::days(spec.days.into()),
    };
    Ok(PlannedCertificate {
        identity: spec.name,
        subject: spec.subject,
        names: spec.names,
        left_out: Vec::new(),
        usage: Some(spec.usage),
        key: key_type.into(),
        length,
    })
}
