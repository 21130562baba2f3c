//! Redis Enterprise: the body of a request that changes a database, and the lines for its own tools.

use std::path::Path;

use pki::x509::{certificate::Certificate, pem, usage::Usage};
use serde_json::json;

use super::{client_pairs::clients_of, subject};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{RedisOptions, Validation},
        service::{Rendering, TextFile, filled},
        templates::{self, Templates, templates},
    },
    hint::Hint,
    issue::{error::IssueError, identity_files::Pair},
    path_text::PathText as _,
    store::{self, LIMIT},
};

const TEMPLATES: &Templates = templates!["redis/enterprise.json", "redis/enterprise-steps.sh",];

/// The file names below `--out-dir`.
const BODY_FILE: &str = "redis-enterprise.json";
const SUBJECTS_FILE: &str = "subjects.txt";
const FOLDER: &str = "tls";

pub(super) fn render(
    args: &RedisOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    let validate = args.validate.unwrap_or_default();
    refuse_contradictions(args, validate)?;
    // Between databases it is the syncers that show certificates.
    let clients = if args.replica_only { Vec::new() } else { clients_of(args, requirements)? };
    let proxy = proxy(args, requirements)?;
    for client in &clients {
        let needs = "enforce_client_authentication";
        let though_expired = args.allow_outdated;
        requirements.needs_usage_or_expired(client, Usage::Client, needs, though_expired);
    }
    let mut certificates = Vec::new();
    if args.mutual && !args.replica_only {
        certificates.push(chain(&requirements.ca, &clients));
    }
    for path in &args.syncer {
        certificates.push(syncer(path, validate, requirements)?);
    }
    let mut subjects = Vec::new();
    let mut lines = Vec::new();
    for client in clients.iter().filter(|_| validate != Validation::None) {
        match subject::described(client.certificate.subject(), validate) {
            Ok((subject, _)) if subjects.contains(&subject) => (),
            Ok((subject, line)) => {
                subjects.push(subject);
                lines.push(line);
            }
            Err(reason) => requirements.extend([subject::mismatch(client, &reason)]),
        }
    }
    requirements.finish()?;

    let laid_out = args.place.out_dir.as_deref();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let subjects_file =
        laid_out.filter(|_| !lines.is_empty()).map(|dir| text(&dir.join(SUBJECTS_FILE)));
    let file = |name: String| match (laid_out, &proxy) {
        (Some(dir), _) => text(&dir.join(FOLDER).join(name)),
        (None, Some(pair)) => text(&pair.certificate_path.with_file_name(name)),
        (None, None) => name,
    };
    let facts = json!({
        "database": args.database.unwrap_or(1),
        "tls_mode": if args.replica_only { "replica_ssl" } else { "enabled" },
        "mutual": args.mutual,
        // PEM: the CA certificates for clients, then those for syncers.
        "certificates": certificates,
        "validation": match validate {
            Validation::None => "disabled",
            Validation::Cn => "san_cn",
            Validation::Subject => "full_subject",
        },
        "subjects": subjects,
        "allow_outdated": args.allow_outdated,
        "body_file": laid_out.map_or(BODY_FILE.to_owned(), |dir| text(&dir.join(BODY_FILE))),
        "subjects_file": subjects_file,
        "clients": clients.iter().map(|client| client.name.to_string()).collect::<Vec<_>>(),
        "proxy_certificate": proxy.as_ref().map(|pair| file(pair.name.certificate_file())),
        "proxy_key": proxy.as_ref().map(|pair| file(pair.name.key_file())),
        "certctl": requirements.certctl,
    });
    let steps = templates::fill_lines(TEMPLATES, "redis/enterprise-steps.sh", &facts)?;
    // JSON has no comments: what is printed goes without them.
    let (steps, notes) = match laid_out {
        Some(_) => (steps, Vec::new()),
        None => (Vec::new(), sentences(&steps).into_iter().map(Hint::from).collect()),
    };
    let mut files = filled(TEMPLATES, &[("redis/enterprise.json", BODY_FILE)], &facts)?;
    if !lines.is_empty() {
        let content = lines.join("\n") + "\n";
        files.push(TextFile { name: SUBJECTS_FILE.to_owned(), content });
    }
    Ok(Rendering {
        service: "redis",
        form: "rest",
        files,
        folder: FOLDER,
        pairs: proxy.into_iter().collect(),
        notes,
        steps,
    })
}

/// The pair for the proxies, which may also serve with one of their own.
fn proxy(
    args: &RedisOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Option<Pair>, DeployError> {
    let pair = match requirements.pair(&args.place.identity, Usage::Server) {
        Err(DeployError::Issue(IssueError::NoPair { .. })) => return Ok(None),
        pair => pair?,
    };
    if pair.key.is_none() {
        return Ok(None);
    }
    requirements.needs_usage(&pair, Usage::Server, "the proxy");
    Ok(Some(pair))
}

/// Each sentence with the commands that follow it.
fn sentences(steps: &[String]) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for step in steps {
        match sentences.last_mut().filter(|_| step.starts_with(' ')) {
            Some(last) => {
                last.push(' ');
                last.push_str(step.trim_start());
            }
            None => sentences.push(step.clone()),
        }
    }
    sentences
}

fn refuse_contradictions(args: &RedisOptions, validate: Validation) -> Result<(), DeployError> {
    let refused = match args.replica_only {
        true if validate != Validation::None => {
            "`--validate` is for clients, and `--replica-only` leaves them without TLS"
        }
        true if args.mutual && args.syncer.is_empty() => {
            "between databases the syncers show certificates: name theirs with `--syncer FILE`"
        }
        _ => return Ok(()),
    };
    Err(DeployError::usage(refused, None))
}

/// The CA certificates that clients' certificates are verified with. Never a leaf: with a
/// leaf loaded, Redis Enterprise skips the additional validation.
fn chain(ca: &Certificate, clients: &[Pair]) -> String {
    let mut ders: Vec<&[u8]> = vec![ca.der()];
    for der in clients.iter().flat_map(|client| &client.chain) {
        let above = Certificate::from_der(der.clone()).is_ok_and(|above| above.is_ca());
        if above && !ders.contains(&&der[..]) {
            ders.push(der);
        }
    }
    ders.into_iter().map(|der| pem::encode("CERTIFICATE", der)).collect()
}

/// The certificates of a file that another cluster gave.
fn syncer(
    path: &Path,
    validate: Validation,
    requirements: &mut Requirements<'_>,
) -> Result<String, DeployError> {
    let unreadable = |source| IssueError::Certificate { path: path.to_owned(), source };
    let content = store::read_regular(path, LIMIT).map_err(|source| source.at(path))?;
    let mut text = String::new();
    for der in pem::certificates(&content).map_err(|source| unreadable(source.into()))? {
        text.push_str(&pem::encode("CERTIFICATE", &der));
        let certificate =
            Certificate::from_strict_der(der).map_err(|source| unreadable(source.into()))?;
        if validate != Validation::None && !certificate.is_ca() {
            let path = path.shown();
            requirements.add(
                format!(
                    "`{path}` is not a CA certificate: with a certificate of a syncer itself \
                    loaded, Redis Enterprise skips the additional validation"
                ),
                "name the CA that signed it with `--syncer FILE`, or leave `--validate` out",
            );
        }
    }
    Ok(text)
}
