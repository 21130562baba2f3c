//! Probes a TLS server (`--connect HOST:PORT`) for its certificates, with and without STARTTLS.
//!
//! Nothing here is verified, and nothing is sent except what the server needs to send its certificates.
//! Other modules check them.

mod deadline_stream;
mod error;
mod protocol;
mod result;
mod starttls;
mod tls;

use std::{
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    time::{Duration, Instant},
};

use pki::x509::san::San;
use rustls_pki_types::ServerName;

use self::deadline_stream::Timed;
pub(crate) use self::{
    error::ProbeError,
    protocol::Protocol,
    result::{Handshake, ProbeResult},
};

/// The time limit of a probe (contract, section 5).
pub(crate) const LIMIT: Duration = Duration::from_secs(5);

/// A server to probe.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// A host name as on the command line, or an IP address without brackets.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// Names for the SNI: the first that is a DNS name is sent instead of the host.
    pub(crate) names: &'a [String],
    /// The protocol of STARTTLS; `None` if TLS begins at once.
    pub(crate) starttls: Option<Protocol>,
}

/// Gets the certificates of a server, also if they are not valid.
///
/// `limit` is the time for connection, STARTTLS and handshake, without the DNS lookup of the system. The
/// addresses are tried in order until one accepts the connection, each with an equal share of the remaining
/// time.
///
/// Without a DNS name in `names` the host is sent as SNI, if it is one; TLS has no SNI for an IP address.
pub(crate) fn probe(target: &Target<'_>, limit: Duration) -> Result<ProbeResult, ProbeError> {
    let host = a_labels(target.host);
    let addresses: Vec<SocketAddr> =
        (host.as_str(), target.port).to_socket_addrs().map_err(ProbeError::Resolve)?.collect();

    let deadline = Instant::now() + limit;
    let (stream, address) = connect(&addresses, deadline)?;
    let mut stream = Timed::new(stream, deadline);
    let suggested = match target.starttls {
        Some(_) => None,
        None => Protocol::of_port(target.port),
    };
    if let Some(protocol) = target.starttls {
        starttls::ask(protocol, &mut stream)?;
    }
    let mut names = target.names.iter().map(|name| server_name(&a_labels(name)));
    let name = names.find(|name| matches!(name, ServerName::DnsName(_)));
    tls::probe(&mut stream, address, name.unwrap_or_else(|| server_name(&host)))
        .map_err(|error| error.suggesting(suggested))
}

/// Resolvers and TLS use A-labels for internationalized names.
fn a_labels(host: &str) -> String {
    match host.parse::<San>() {
        Ok(name @ San::Dns(_)) => name.value(),
        _ => host.to_owned(),
    }
}

/// The server name; for a host that is not a DNS name, an IP address, which is not sent.
fn server_name(host: &str) -> ServerName<'static> {
    let unnamed = || ServerName::IpAddress(IpAddr::from([0, 0, 0, 0]).into());
    ServerName::try_from(host.to_owned()).unwrap_or_else(|_| unnamed())
}

fn connect(
    addresses: &[SocketAddr],
    deadline: Instant,
) -> Result<(TcpStream, SocketAddr), ProbeError> {
    let mut failure = ProbeError::NoAddress;
    for (index, address) in addresses.iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        if share.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => return Ok((stream, *address)),
            Err(source) => failure = ProbeError::Connect { address: *address, source },
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_dns_name_is_sent_as_sni() {
        let cases = [
            ("db.example", Some("db.example")),
            ("my_host", Some("my_host")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("192.0.2.7", None),
            ("2001:db8::7", None),
            ("a b", None),
            ("\u{1b}[31m", None),
        ];

        for (host, expected) in cases {
            let name = server_name(host);
            let said = match &name {
                ServerName::DnsName(name) => Some(name.as_ref()),
                _ => None,
            };
            assert_eq!(said, expected, "{host:?}");
        }
    }

    #[test]
    fn the_next_address_is_tried_when_one_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        let closed = {
            let gone = TcpListener::bind("127.0.0.1:0").unwrap();
            gone.local_addr().unwrap()
        };
        let deadline = Instant::now() + LIMIT;

        let (_, address) = connect(&[closed, open], deadline).unwrap();
        assert_eq!(address, open);
        let error = connect(&[closed, closed], deadline).unwrap_err();
        assert!(matches!(error, ProbeError::Connect { address, .. } if address == closed));
        assert!(matches!(connect(&[], deadline).unwrap_err(), ProbeError::NoAddress));
    }
}
