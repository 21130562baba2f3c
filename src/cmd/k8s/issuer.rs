//! `certctl k8s issuer`: the CA and its identities, as manifests for cert-manager.

use std::path::Path;

use pki::x509::{
    key::{KeyType, PublicKeyType},
    pem,
    san::GeneralName,
    validity::date,
};
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::object_name::object_name;
use crate::{
    cli::IssuerArgs,
    config::{Entry, Settings, SubjectConfig},
    deploy::{
        error::{DeployError, UnmetRequirement},
        kubernetes::{
            Object,
            cert_manager::{self, IssuerKind, PlannedCertificate},
            metadata::{Metadata, Namespace, ObjectName},
            secret::{Secret, TLS_CERTIFICATE, TLS_KEY},
            secret_files::Content,
        },
    },
    error::Error,
    hint::Hint,
    issue::{
        authority::Authority,
        error::IssueError,
        identity::{Identity, IdentityName, ScanResult, scan},
    },
    report::{Note, output::OutputOptions},
};

/// The default namespace of the Secrets of ClusterIssuers in cert-manager
/// (`--cluster-resource-namespace`).
const CLUSTER_NAMESPACE: &str = "cert-manager";
/// The suffix of the Secret that cert-manager maintains for an identity. It differs from the one that
/// `k8s secret` creates, so that a service uses the new key and certificate only when its settings name it.
const SECRET_SUFFIX: &str = "-tls";

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
    let parse = |name: &str| name.parse::<Namespace>().map_err(|error| Error::usage(error, None));
    let kind = if args.cluster { IssuerKind::ClusterIssuer } else { IssuerKind::Issuer };
    let secret_namespace = match &args.namespace {
        None if args.cluster => Some(parse(CLUSTER_NAMESPACE)?),
        given => given.clone(),
    };
    // A ClusterIssuer has no namespace; its Certificates are in the namespace of kubectl.
    let namespace = args.namespace.clone().filter(|_| !args.cluster);

    let secret = Metadata::new(args.name.clone(), secret_namespace);
    let issuer = Metadata::new(args.name.clone(), namespace.clone());
    let mut objects = vec![
        Object::Secret(ca_secret(settings, &authority, secret)?),
        Object::Public(cert_manager::issuer(kind, &issuer)),
    ];
    let mut notes = settings.ca.notes(authority.certificate());
    let mut unmet = Vec::new();
    let mut taken: Vec<ObjectName> = Vec::new();
    for identity in identities(settings, &authority, &mut notes)? {
        let names = object_names(&identity.identity, &args.name, &taken);
        let made = names.map_err(|unmet| vec![unmet]).and_then(|(name, secret)| {
            let metadata = Metadata::new(name, namespace.clone());
            let issuer = (&args.name, kind);
            let made = cert_manager::certificate(&metadata, &secret, issuer, &identity)?;
            Ok((metadata.name, made))
        });
        match made {
            Ok((name, (certificate, texts))) => {
                taken.push(name);
                objects.push(Object::Public(certificate));
                notes.extend(texts.into_iter().map(|note| Note::plain(note, None)));
                notes.extend(outlives(&identity, &authority, now));
            }
            Err(more) => unmet.extend(more),
        }
    }
    UnmetRequirement::refuse(unmet)?;
    if taken.is_empty() {
        notes.push(Note::plain(
            "no identity in this directory: the manifest has only the issuer",
            Some(Hint::command("issue NAME HOST")),
        ));
    }
    notes.extend(on_moving(args));
    Ok((objects, notes))
}

/// The CA as cert-manager reads it: its certificate and the chain above it, and its key, which must
/// be the first block of its file.
fn ca_secret(
    settings: &Settings,
    authority: &Authority,
    metadata: Metadata,
) -> Result<Secret, Error> {
    let content = |key: &str, path: &Path| {
        let key = key.parse().map_err(|error| DeployError::usage(error, None))?;
        Content::read(key, path.to_owned())
    };
    let certificate = content(TLS_CERTIFICATE, &settings.ca.certificate)?;
    let mut key = content(TLS_KEY, &settings.ca.key)?;
    let first = pem::blocks(&key.octets).next().and_then(|block| block.label());
    if !first.is_some_and(|label| label.ends_with("PRIVATE KEY")) || !key.certificates.is_empty() {
        key.octets = Zeroizing::new(authority.key().to_pem().as_bytes().to_vec());
    }
    Ok(Secret::tls(metadata, &[certificate, key])?.0)
}

/// Those of the plan; without one every identity of the directory that has its key there.
fn identities(
    settings: &Settings,
    authority: &Authority,
    notes: &mut Vec<Note>,
) -> Result<Vec<PlannedCertificate>, Error> {
    let (store, ca) = (&settings.store, authority.certificate());
    let plan = &settings.config.plan;
    if !plan.is_empty() {
        return plan
            .iter()
            .map(|entry| {
                let has_key = store.has(&entry.name.key_file())?;
                let found = Identity::find(store, ca, &entry.name, has_key);
                planned(entry, found.member(), settings)
            })
            .collect();
    }
    let mut identities = Vec::new();
    let mut leave_out = |name: &IdentityName, reason: &str| {
        let file = name.certificate_file();
        notes.push(Note::plain(format!("{file} {reason}: left out"), None));
    };
    for (name, found) in scan(store, ca)? {
        match found {
            ScanResult::Member(member) if member.has_key => {
                identities.push(present(&member));
            }
            ScanResult::Member(_) => leave_out(&name, "was signed for a key that is not here"),
            ScanResult::Foreign { has_key: true, .. } => {
                leave_out(&name, "was not signed by this CA");
            }
            ScanResult::Broken(error) => return Err(error.into()),
            ScanResult::Foreign { has_key: false, .. } | ScanResult::Other(_) => {}
        }
    }
    Ok(identities)
}

fn present(member: &Identity) -> PlannedCertificate {
    let certificate = &member.certificate;
    let (names, others): (Vec<GeneralName>, Vec<GeneralName>) =
        certificate.names().into_iter().partition(|name| name.san().is_some());
    PlannedCertificate {
        identity: member.name.clone(),
        subject: certificate.subject().clone(),
        names: names.iter().filter_map(GeneralName::san).cloned().collect(),
        left_out: others.iter().map(GeneralName::to_string).collect(),
        usage: certificate.usage(),
        key: certificate.public_key().kind(),
        length: certificate.validity().length(),
    }
}

/// As `gen` and `renew` would make it.
fn planned(
    entry: &Entry,
    member: Option<&Identity>,
    settings: &Settings,
) -> Result<PlannedCertificate, Error> {
    let present = member.map(present);
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
        key: public_kind(key_type),
        length,
    })
}

/// The names of the `Certificate` of an identity and of its Secret, beside objects of these names.
fn object_names(
    identity: &IdentityName,
    ca: &ObjectName,
    taken: &[ObjectName],
) -> Result<(ObjectName, ObjectName), UnmetRequirement> {
    let rename = || {
        Hint::from("move its files away, and issue it under another name: ").run("issue NAME HOST")
    };
    let called = |behind| {
        object_name("", identity, behind)
            .map_err(|unmet| UnmetRequirement { hint: rename(), ..unmet })
    };
    let (name, secret) = (called("")?, called(SECRET_SUFFIX)?);
    if taken.contains(&name) {
        let name = name.as_str();
        let message =
            format!("two identities, `{identity}` the second, would be the Certificate `{name}`");
        return Err(UnmetRequirement::new(message, rename()));
    }
    // In another namespace, too: moving it later would overwrite the CA.
    if secret == *ca {
        let secret = secret.as_str();
        let message =
            format!("the certificate of `{identity}` would be in the Secret `{secret}` of the CA");
        let hint = Hint::command("k8s issuer --name certctl-ca --out-file FILE");
        return Err(UnmetRequirement::new(message, hint));
    }
    Ok((name, secret))
}

fn public_kind(kind: KeyType) -> PublicKeyType {
    let rsa = |bits| PublicKeyType::Rsa { bits, exponent: 65537 };
    match kind {
        KeyType::Rsa2048 => rsa(2048),
        KeyType::Rsa3072 => rsa(3072),
        KeyType::Rsa4096 => rsa(4096),
        KeyType::EcdsaP256 => PublicKeyType::EcdsaP256,
        KeyType::EcdsaP384 => PublicKeyType::EcdsaP384,
        KeyType::Ed25519 => PublicKeyType::Ed25519,
    }
}

/// cert-manager does not check whether a certificate expires after its CA; clients do.
fn outlives(
    identity: &PlannedCertificate,
    authority: &Authority,
    now: OffsetDateTime,
) -> Option<Note> {
    let ca_ends = authority.certificate().not_after();
    (ca_ends - now < identity.length).then(|| {
        Note::warning(
            format!(
                "cert-manager would issue `{}` with an expiry after that of the CA ({}): clients \
                refuse it then",
                identity.identity,
                date(ca_ends)
            ),
            Some(Hint::command("renew ca")),
        )
    })
}

/// What changes with cert-manager.
fn on_moving(args: &IssuerArgs) -> Vec<Note> {
    let mut notes = vec![
        Note::plain(
            "cert-manager uses random serials: ca.srl stays as it is, for certificates that \
            certctl and openssl sign",
            None,
        ),
        Note::plain(
            "do not renew here what cert-manager renews; services read the new keys and \
            certificates from the Secrets NAME-tls",
            None,
        ),
    ];
    if args.cluster {
        notes.push(Note::plain(
            "the Certificates have no namespace: kubectl creates them in its own",
            Some("kubectl config set-context --current --namespace NAMESPACE".into()),
        ));
    }
    notes
}
