//! Probes a TLS server, for `inspect` and `check`.

use std::time::Duration;

use crate::{
    cli::{Endpoint, Starttls},
    error::Error,
    probe::{self, ProbeResult, Protocol, Target},
};

/// What a server serves.
pub(super) fn look(endpoint: &Endpoint, starttls: Option<Starttls>) -> Result<ProbeResult, Error> {
    look_within(endpoint, starttls, probe::LIMIT)
}

/// As [`look`], within another time.
pub(super) fn look_within(
    endpoint: &Endpoint,
    starttls: Option<Starttls>,
    limit: Duration,
) -> Result<ProbeResult, Error> {
    let starttls = starttls.map(|protocol| match protocol {
        Starttls::Mysql => Protocol::Mysql,
        Starttls::Postgres => Protocol::Postgres,
        Starttls::Smtp => Protocol::Smtp,
    });
    let target = Target { host: &endpoint.host, port: endpoint.port, starttls };
    probe::probe(&target, limit)
        .map_err(|source| Error::Probe { endpoint: endpoint.to_string(), source })
}
