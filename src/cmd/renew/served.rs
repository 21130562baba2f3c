//! `--served`: whether servers serve the new certificate.

use std::{
    error::Error as _,
    iter, thread,
    time::{Duration, Instant},
};

use pki::x509::{certificate::Certificate, escape::shorten};

use crate::{
    cli::{Endpoint, HookArgs, Starttls},
    cmd::served,
    error::Error,
    probe,
    report::CertificateSummary,
};

/// The default of `--served-timeout`, in seconds.
const TIMEOUT: u32 = 30;
/// How long to wait before a server is probed again.
const PAUSE: Duration = Duration::from_millis(200);
/// The maximum of characters of a subject and of a serial: the server may be hostile.
const SHOWN: usize = 200;
/// The minimum timeout of a probe, even when the time is over.
const LEAST: Duration = Duration::from_secs(1);

/// What a server serves, or why that is not known.
pub(super) struct Seen {
    pub(super) certificate: Option<Box<CertificateSummary>>,
    /// What it serves is one of those that were expected.
    pub(super) is_expected: bool,
    /// What it serves, or the failure, as text.
    pub(super) shown: String,
}

/// Probes each server once: does it serve one of these certificates (DER)?
pub(super) fn look(args: &HookArgs, expected: &[Vec<u8>]) -> Vec<Seen> {
    args.served.iter().map(|endpoint| see(endpoint, args, expected, probe::LIMIT)).collect()
}

/// Probes each server until it serves one of its `expected` certificates (DER), or the time is over.
pub(super) fn wait(args: &HookArgs, expected: &[Vec<Vec<u8>>]) -> Vec<Seen> {
    let deadline = Instant::now() + Duration::from_secs(seconds(args).into());
    let probe = |(endpoint, expected): (&Endpoint, &Vec<Vec<u8>>)| {
        let left = deadline.saturating_duration_since(Instant::now());
        see(endpoint, args, expected, left.clamp(LEAST, probe::LIMIT))
    };
    let servers = || args.served.iter().zip(expected);
    let mut seen: Vec<Seen> = servers().map(probe).collect();
    while seen.iter().any(|seen| !seen.is_expected) && Instant::now() < deadline {
        thread::sleep(PAUSE.min(deadline.saturating_duration_since(Instant::now())));
        for (server, seen) in servers().zip(&mut seen) {
            if !seen.is_expected {
                *seen = probe(server);
            }
        }
    }
    seen
}

/// The value of `--served-timeout`.
pub(super) fn seconds(args: &HookArgs) -> u32 {
    args.served_timeout.unwrap_or(TIMEOUT)
}

/// The error of a server that does not serve what was expected.
pub(super) fn failure(endpoint: &Endpoint, args: &HookArgs, seen: &Seen) -> Option<Error> {
    (!seen.is_expected).then(|| Error::NotServed {
        endpoint: endpoint.to_string(),
        starttls: args.starttls.map(Starttls::flag),
        seconds: seconds(args),
        outcome: seen.shown.clone(),
    })
}

fn see(endpoint: &Endpoint, args: &HookArgs, expected: &[Vec<u8>], limit: Duration) -> Seen {
    let unknown = |shown| Seen { certificate: None, is_expected: false, shown };
    let served = match served::look(endpoint, args.starttls, &[], limit) {
        Ok(served) => served,
        Err(error) => {
            let causes = iter::successors(error.source(), |cause| (*cause).source());
            let causes: Vec<String> = causes.map(ToString::to_string).collect();
            return unknown(format!("it cannot be probed: {}", causes.join(": ")));
        }
    };
    let leaf = served.certificates.into_iter().next().unwrap_or_default();
    let is_expected = expected.contains(&leaf);
    match Certificate::from_der(leaf) {
        Ok(certificate) => {
            let certificate = CertificateSummary::of(&certificate);
            let shown = format!(
                "it serves `{}`, serial {}, which expires on {}",
                shorten(&certificate.subject, SHOWN),
                shorten(certificate.serial.as_deref().unwrap_or_default(), SHOWN),
                certificate.until
            );
            Seen { certificate: Some(certificate), is_expected, shown }
        }
        Err(error) => unknown(format!("it serves a certificate that cannot be read: {error}")),
    }
}
