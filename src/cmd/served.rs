//! Probes TLS servers, for `inspect`, `check` and `renew --served`.

use std::time::Duration;

use crate::{
    cli::{ConnectArgs, Endpoint, Starttls},
    error::Error,
    parallel,
    probe::{self, ProbeResult, Protocol, Target},
};

/// How many servers are probed at once: nearly all of the time is spent waiting.
const AT_ONCE: usize = 16;

/// What each server serves, in the order of `--connect`. The first DNS name of `names` is sent as SNI, else
/// the host of the server.
pub(super) fn look_at_all(
    servers: &ConnectArgs,
    names: &[String],
) -> Vec<Result<ProbeResult, Error>> {
    parallel::map_on(AT_ONCE, servers.connect.iter().collect(), |endpoint| {
        look(endpoint, servers.starttls, names, probe::LIMIT)
    })
}

/// What a server serves.
pub(super) fn look(
    endpoint: &Endpoint,
    starttls: Option<Starttls>,
    names: &[String],
    limit: Duration,
) -> Result<ProbeResult, Error> {
    let starttls = starttls.map(|protocol| match protocol {
        Starttls::Mysql => Protocol::Mysql,
        Starttls::Postgres => Protocol::Postgres,
        Starttls::Smtp => Protocol::Smtp,
    });
    let target = Target { host: &endpoint.host, port: endpoint.port, names, starttls };
    probe::probe(&target, limit)
        .map_err(|source| Error::Probe { endpoint: endpoint.to_string(), source })
}
