//! A client at another time: what a server serves, checked against a given date.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, crypto::ring, time_provider::TimeProvider,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use time::OffsetDateTime;
use x509_parser::parse_x509_certificate;

use crate::{peer::ask_words, sandbox::Sandbox};

/// PostgreSQL's request for TLS: a length and a code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

#[derive(Debug)]
struct Clock(OffsetDateTime);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.unix_timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The served leaf as DER, if a client that trusts `ca` accepts it at that time.
pub fn served(
    port: u16,
    starttls: Option<&str>,
    ca: &Path,
    now: OffsetDateTime,
) -> Result<Vec<u8>, String> {
    let mut roots = RootCertStore::empty();
    let ca = fs::read(ca).map_err(|error| error.to_string())?;
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&ca).map(Result::unwrap));
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Clock(now)))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let failed = |error: std::io::Error| error.to_string();

    let mut socket = TcpStream::connect(("127.0.0.1", port)).map_err(failed)?;
    socket.set_read_timeout(Some(Duration::from_secs(20))).map_err(failed)?;
    if starttls.is_some() {
        socket.write_all(&SSL_REQUEST).map_err(failed)?;
        let mut answer = [0];
        socket.read_exact(&mut answer).map_err(failed)?;
        assert_eq!(answer, *b"S");
    }
    while client.is_handshaking() {
        client.complete_io(&mut socket).map_err(failed)?;
    }
    let leaf = client.peer_certificates().and_then(<[_]>::first).unwrap().to_vec();
    // Without it, some servers log a broken connection.
    client.send_close_notify();
    let _ = client.complete_io(&mut socket);
    Ok(leaf)
}

/// Asserts that openssl accepts the served certificate at that time.
pub fn openssl(
    logs: &Sandbox,
    port: u16,
    starttls: Option<&str>,
    ca: &Path,
    now: OffsetDateTime,
    shown: &str,
) {
    let (to, at) = (format!("127.0.0.1:{port}"), now.unix_timestamp().to_string());
    let mut words = vec!["openssl", "s_client", "-verify_return_error", "-x509_strict"];
    words.extend(["-verify_hostname", "localhost", "-connect", &to, "-attime", &at]);
    words.extend(["-CAfile", ca.to_str().unwrap()]);
    words.extend(starttls.map(|protocol| ["-starttls", protocol]).into_iter().flatten());
    let reply = ask_words(logs, &words, "").if_says("Verify return code: 0 (ok)");
    assert!(reply.content, "{shown}: openssl: {}", reply.text);
}

/// The first certificate of a file, as DER.
pub fn first(file: &[u8]) -> Vec<u8> {
    CertificateDer::from_pem_slice(file).unwrap().to_vec()
}

pub fn not_after(der: &[u8]) -> OffsetDateTime {
    parse_x509_certificate(der).unwrap().1.validity().not_after.to_datetime()
}
