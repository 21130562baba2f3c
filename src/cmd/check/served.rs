//! `check --connect`: compares the certificate that a server serves with the files on disk.

use std::{path::PathBuf, sync::Arc};

use pki::{
    verify::{finding::Finding, names, rule::Rule},
    x509::{certificate::Certificate, san::GeneralName, usage::Usage, validity::date},
};

use super::targets::{CheckTarget, CheckTargets, Key, Trust, bundle};
use crate::{
    cli::{CheckArgs, Endpoint},
    cmd::served::look,
    error::Error,
    report::Note,
};

/// The source of the usage of a served certificate.
const SERVED: &str = "a server sent it";

/// The certificate that a server serves, compared with `on_disk`.
pub(super) fn subject(
    endpoint: &Endpoint,
    args: &CheckArgs,
    trust: &Trust,
    on_disk: &CheckTargets,
) -> Result<(CheckTarget, Vec<Note>), Error> {
    let served = look(endpoint, args.server.starttls)?;
    let mut chain = Vec::new();
    let mut broken = Vec::new();
    let mut ders = served.certificates.iter();
    let leaf = Certificate::from_der(ders.next().cloned().unwrap_or_default());
    chain.extend(leaf.iter().cloned());
    for der in ders {
        match Certificate::from_der(der.clone()) {
            Ok(certificate) => chain.push(certificate),
            Err(error) => broken.push(Finding::new(
                Rule::Malformed,
                format!(
                    "is in one file with a certificate that cannot be read ({error}): OpenSSL, \
                    Python, Node and nginx load nothing from such a file"
                ),
            )),
        }
    }

    let mut remarks = Vec::new();
    let mut disk = String::new();
    let mut known_as = None;
    let mut bundled = None;
    if let Ok(leaf) = &leaf {
        let compared = compare(leaf, args, on_disk);
        known_as = compared.with.and_then(|subject| subject.known_as.clone());
        disk = compared.fact;
        remarks.extend(compared.finding);
        if args.host.is_empty()
            && let Err(reason) = names::host_matches(leaf, &endpoint.host)
        {
            remarks.push(Finding::new(Rule::ConnectHost, reason));
        }
        if chain.len() + broken.len() > 1 {
            broken.extend(bundle::check(leaf, &chain, 1));
            bundled = Some(broken);
        }
    }
    let client_auth = if served.requires_client_certificate() {
        "requires a client certificate"
    } else if served.asks_for_client_certificate {
        "asks for a client certificate"
    } else {
        "asks for no client certificate"
    };
    let note = Note::plain(
        format!("{endpoint} speaks {} ({}) and {client_auth}", served.protocol, served.cipher),
        None,
    );
    let subject = CheckTarget {
        name: endpoint.to_string(),
        file: PathBuf::from("-"),
        known_as,
        certificate: leaf.map_err(|error| error.to_string()),
        possible_issuers: None,
        pool: Arc::new([&chain[..], &trust.untrusted].concat()),
        key: Key::NotExpected,
        usage: Some((Some(args.usage.unwrap_or(Usage::Server)), SERVED)),
        is_anchor: false,
        secret_ca: None,
        bundle: bundled,
        form: Vec::new(),
        served: Some((disk, remarks)),
    };
    Ok((subject, vec![note]))
}

/// How a served certificate compares with those on disk.
struct Compared<'a> {
    /// The file on disk that has it, or should have it.
    with: Option<&'a CheckTarget>,
    fact: String,
    finding: Option<Finding>,
}

fn compare<'a>(leaf: &Certificate, args: &CheckArgs, on_disk: &'a CheckTargets) -> Compared<'a> {
    let readable = || {
        on_disk.subjects.iter().filter_map(|subject| {
            subject.certificate.as_ref().ok().map(|certificate| (subject, certificate))
        })
    };
    if let Some((subject, _)) = readable().find(|(_, certificate)| *certificate == leaf) {
        let fact = format!("the certificate of {}", subject.name);
        return Compared { with: Some(subject), fact, finding: None };
    }
    let named = !args.targets.is_empty();
    let like = |certificate: &Certificate| {
        !certificate.is_ca()
            && (named
                || certificate.public_key() == leaf.public_key()
                || shares_name(certificate, leaf))
    };
    // The most similar one: the same key, else a server certificate, else one with the same name.
    let rank = |(subject, certificate): &(&CheckTarget, &Certificate)| {
        let serves = subject.usage.and_then(|(usage, _)| usage).is_some_and(Usage::serves);
        (certificate.public_key() == leaf.public_key(), serves)
    };
    let relative = readable().filter(|(_, certificate)| like(certificate)).max_by_key(rank);
    let Some((subject, certificate)) = relative else {
        let fact = "no certificate on disk has its names".to_owned();
        return Compared { with: None, fact, finding: None };
    };
    let one = |certificate: &Certificate| {
        format!(
            "serial {} until {} (SHA-256 {})",
            certificate.serial_text(),
            date(certificate.not_after()),
            &certificate.fingerprint()[..16]
        )
    };
    let message = format!("serves {}, and {} holds {}", one(leaf), subject.name, one(certificate));
    let finding = Finding::new(Rule::ServedDiffers, message)
        .hint("reload or restart the service, so that it reads the file on disk");
    Compared { with: Some(subject), fact: String::new(), finding: Some(finding) }
}

fn shares_name(one: &Certificate, other: &Certificate) -> bool {
    let names = |certificate: &Certificate| -> Vec<String> {
        certificate.names().iter().map(GeneralName::to_string).collect()
    };
    let others = names(other);
    names(one).iter().any(|name| others.contains(name))
}
