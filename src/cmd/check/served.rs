//! `check --connect`: compares the certificate that a server serves with the files on disk.

use std::{path::PathBuf, sync::Arc};

use pki::{
    verify::{
        check::{CheckRole, CheckSubject},
        clients::Defect,
        finding::Finding,
        names,
        served::{Comparison, ServedChain, compare},
    },
    x509::usage::Usage,
};
use time::OffsetDateTime;

use super::{group::CheckTarget, inputs::Trust, targets::CheckTargets};
use crate::{
    cli::{CheckArgs, Endpoint},
    cmd::served::look,
    error::Error,
    report::Note,
};

/// The certificate that a server serves, compared with those on disk.
pub(super) fn target(
    endpoint: &Endpoint,
    args: &CheckArgs,
    trust: &Trust,
    on_disk: &CheckTargets,
    at: OffsetDateTime,
) -> Result<(CheckTarget, Note), Error> {
    let served = look(endpoint, args.server.starttls)?;
    let chain = ServedChain::read(&served.certificates, at);
    let mut compared = Comparison::default();
    let mut known_as = None;
    let mut role = CheckRole::Unknown;
    if let Ok(leaf) = &chain.leaf {
        let usage = Some(args.usage.unwrap_or(Usage::Server));
        role = CheckRole::Leaf { usage, known_from: "a server sent it" };
        let (indexes, members) = on_disk.readable();
        compared = compare(leaf, &members, !args.targets.is_empty());
        known_as = compared.with.and_then(|with| on_disk.all[indexes[with]].known_as.clone());
        if args.host.is_empty()
            && let Err(reason) = names::host_matches(leaf, &endpoint.host)
        {
            compared.findings.push(Finding::new(Defect::ConnectHost, reason));
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
    let leaf = chain.leaf.map_err(|error| error.to_string());
    let pool = Arc::new([&chain.certificates[..], &trust.untrusted].concat());
    let subject = CheckSubject {
        role,
        bundle: chain.findings,
        served: Some(compared),
        ..CheckSubject::new(endpoint.to_string(), leaf, pool)
    };
    Ok((CheckTarget { file: PathBuf::from("-"), known_as, subject }, note))
}
