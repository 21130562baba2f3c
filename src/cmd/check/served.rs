//! `check --connect`: compares the certificates that servers serve with the files on disk.

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
    cmd::served::look_at_all,
    error::Error,
    probe::ProbeResult,
    report::Note,
};

/// The certificates that the servers serve, compared with those on disk. A server that cannot be probed is an
/// error beside the others.
pub(super) fn targets(
    args: &CheckArgs,
    trust: &Trust,
    on_disk: &CheckTargets,
    at: OffsetDateTime,
    (errors, notes): (&mut Vec<Error>, &mut Vec<Note>),
) -> Vec<CheckTarget> {
    let mut targets = Vec::new();
    for (endpoint, probed) in args.server.connect.iter().zip(look_at_all(&args.server, &args.host))
    {
        match probed {
            Ok(served) => {
                let (target, note) = target(endpoint, &served, args, (trust, on_disk, at));
                targets.push(target);
                notes.push(note);
            }
            Err(error) => errors.push(error),
        }
    }
    targets
}

/// The certificate that a server serves, and a note on its handshake.
fn target(
    endpoint: &Endpoint,
    served: &ProbeResult,
    args: &CheckArgs,
    (trust, on_disk, at): (&Trust, &CheckTargets, OffsetDateTime),
) -> (CheckTarget, Note) {
    let chain = ServedChain::read(&served.certificates, (&trust.anchors, at));
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
    (CheckTarget { file: PathBuf::from("-"), known_as, subject }, note)
}
