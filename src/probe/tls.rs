//! A TLS handshake that accepts every certificate, and records the server's messages.

use std::{
    io::{self, Read},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, PeerIncompatible,
    ProtocolVersion, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring::default_provider,
    sign::CertifiedKey,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::{
    deadline_stream::Timed,
    error::{ProbeError, Step, name_of},
    result::{Handshake, ProbeResult},
};

/// How long to wait until a server accepts or refuses a client without certificate. With TLS 1.3 this is
/// after the handshake, and a server that accepts it may send nothing.
const AUTH_RESULT_WAIT: Duration = Duration::from_secs(1);

/// The content types that begin a TLS record: change_cipher_spec, alert, handshake,
/// application_data, heartbeat. The major version, 3, follows.
const RECORDS: std::ops::RangeInclusive<u8> = 20..=24;

/// Every scheme that rustls can name, because no signature is verified: a server with an unsupported
/// key (P-521, Ed448, a certificate signed with SHA-1) must send its certificate, too.
const SCHEMES: [SignatureScheme; 13] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED25519,
    SignatureScheme::ED448,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::ECDSA_SHA1_Legacy,
    SignatureScheme::RSA_PKCS1_SHA1,
];

/// Does a TLS handshake on a new stream.
///
/// It succeeds as soon as the server has sent its certificates, however the handshake ends.
pub(super) fn probe(
    stream: &mut Timed,
    address: SocketAddr,
    name: ServerName<'static>,
) -> Result<ProbeResult, ProbeError> {
    let verifier = Arc::new(RecordingVerifier::default());
    let config = config(&verifier).map_err(ProbeError::Handshake)?;
    let mut client =
        ClientConnection::new(Arc::new(config), name).map_err(ProbeError::Handshake)?;

    let mut stream = Recorded { stream, first: Vec::new() };
    let ended = do_handshake(&mut client, &mut stream);
    let ended = match ended {
        // Wait until the server accepts or refuses the client.
        Ok(()) if verifier.seen().was_asked => await_client_auth_result(&mut client, &mut stream),
        ended => ended,
    };
    if ended.is_ok() {
        client.send_close_notify();
        // The close_notify is optional.
        let _ = client.write_tls(stream.stream);
    }

    let seen = std::mem::take(&mut *verifier.seen());
    if seen.certificates.is_empty() {
        return Err(match ended {
            Ok(()) => ProbeError::Handshake(Error::NoCertificatesPresented),
            Err(failure) => failure.before_certificates(&stream.first),
        });
    }
    let suite = client.negotiated_cipher_suite().map(|suite| suite.suite());
    let cipher = suite.map_or_else(String::new, |suite| format!("{suite:?}"));
    Ok(ProbeResult {
        address,
        certificates: seen.certificates,
        protocol: match client.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
            _ => "TLSv1.2",
        },
        // rustls has its own names for those of TLS 1.3.
        cipher: cipher.replacen("TLS13_", "TLS_", 1),
        asks_for_client_certificate: seen.was_asked,
        accepted_authorities: seen.authorities,
        handshake: match ended {
            Ok(()) => Handshake::Completed,
            Err(failure) => Handshake::Refused { reason: failure.after_certificates() },
        },
    })
}

fn config(verifier: &Arc<RecordingVerifier>) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier.clone())
        .with_client_cert_resolver(verifier.clone());
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// How a handshake failed.
enum Failure {
    /// `UnexpectedEof` if the server closed the connection.
    Io(io::Error),
    Tls(Error),
}

impl Failure {
    /// The error, if no certificates were received. `first` has the server's first octets.
    fn before_certificates(self, first: &[u8]) -> ProbeError {
        let is_tls = match *first {
            [] => true,
            [kind] => RECORDS.contains(&kind),
            [kind, version, ..] => RECORDS.contains(&kind) && version == 3,
        };
        if !is_tls {
            return ProbeError::not_tls(first);
        }
        match self {
            Self::Io(error) => ProbeError::io(Step::Handshake, error),
            Self::Tls(Error::AlertReceived(alert)) => ProbeError::Alert { alert, suggested: None },
            Self::Tls(Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            )) => ProbeError::OldTls,
            Self::Tls(error) => ProbeError::Handshake(error),
        }
    }

    /// What the server did after it had sent its certificates.
    fn after_certificates(self) -> String {
        match self {
            Self::Io(error) => match error.kind() {
                io::ErrorKind::TimedOut => "did not continue the handshake".into(),
                _ => "closed the connection".into(),
            },
            Self::Tls(Error::AlertReceived(alert)) => format!("sent the alert {}", name_of(alert)),
            Self::Tls(error) => format!("sent an invalid handshake message ({error})"),
        }
    }
}

fn do_handshake(client: &mut ClientConnection, stream: &mut Recorded<'_>) -> Result<(), Failure> {
    while client.is_handshaking() {
        write_all(client, stream)?;
        read_some(client, stream)?;
    }
    write_all(client, stream)
}

/// Waits until the server accepts the client (a session ticket or application data) or refuses it (an alert
/// or the end of the connection).
fn await_client_auth_result(
    client: &mut ClientConnection,
    stream: &mut Recorded<'_>,
) -> Result<(), Failure> {
    if client.protocol_version() != Some(ProtocolVersion::TLSv1_3) {
        return Ok(());
    }
    stream.stream.at_most(AUTH_RESULT_WAIT);
    loop {
        let read = read_some(client, stream);
        // A server that sends a ticket has accepted the client, even if it closes right after it.
        if client.tls13_tickets_received() > 0 {
            return Ok(());
        }
        match read {
            Ok(0) => {}
            Ok(_) => return Ok(()),
            Err(Failure::Io(error)) if error.kind() == io::ErrorKind::TimedOut => return Ok(()),
            Err(failure) => return Err(failure),
        }
    }
}

fn write_all(client: &mut ClientConnection, stream: &mut Recorded<'_>) -> Result<(), Failure> {
    while client.wants_write() {
        client.write_tls(stream.stream).map_err(Failure::Io)?;
    }
    Ok(())
}

/// Reads the available data, and returns the number of octets of application data.
fn read_some(client: &mut ClientConnection, stream: &mut Recorded<'_>) -> Result<usize, Failure> {
    match client.read_tls(stream) {
        Ok(0) => return Err(Failure::Io(io::ErrorKind::UnexpectedEof.into())),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(0),
        Err(error) => return Err(Failure::Io(error)),
    }
    match client.process_new_packets() {
        Ok(state) if state.plaintext_bytes_to_read() > 0 => Ok(state.plaintext_bytes_to_read()),
        Ok(state) if state.peer_has_closed() => {
            Err(Failure::Io(io::ErrorKind::UnexpectedEof.into()))
        }
        Ok(_) => Ok(0),
        Err(error) => {
            // Sends the alert to the server, if possible.
            let _ = client.write_tls(stream.stream);
            Err(Failure::Tls(error))
        }
    }
}

/// Keeps the server's first octets, which the error shows if they are not TLS.
struct Recorded<'a> {
    stream: &'a mut Timed,
    first: Vec<u8>,
}

impl Read for Recorded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        if self.first.is_empty() {
            self.first.extend(buffer.iter().take(count.min(512)));
        }
        Ok(count)
    }
}

/// Accepts every certificate and sends none.
///
/// Nothing is verified, not even that the server has the key of its certificate: whether to trust
/// the certificates is checked later, by the same rules as for a file.
#[derive(Debug, Default)]
struct RecordingVerifier(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    certificates: Vec<Vec<u8>>,
    was_asked: bool,
    authorities: Vec<Vec<u8>>,
}

impl RecordingVerifier {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let sent = std::iter::once(end_entity).chain(intermediates);
        self.seen().certificates = sent.map(|der| der.to_vec()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        SCHEMES.to_vec()
    }
}

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(&self, authorities: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let mut seen = self.seen();
        seen.was_asked = true;
        seen.authorities = authorities.iter().map(|name| name.to_vec()).collect();
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        net::{Shutdown, TcpListener, TcpStream},
        thread,
        time::Instant,
    };

    use rustls::{ServerConfig, ServerConnection, version::TLS12};
    use rustls_pki_types::{PrivateKeyDer, pem::PemObject};

    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../../tests/fixtures/leaf/plain.pem");
    const KEY: &[u8] = include_bytes!("../../tests/fixtures/leaf/plain.key");

    fn certificate() -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(CERTIFICATE).unwrap()
    }

    fn host() -> ServerName<'static> {
        ServerName::try_from("localhost").unwrap()
    }

    /// The answer of a TLS 1.2 server to a ClientHello: all in plaintext, and valid except for the signature,
    /// which the probe does not verify.
    fn flight() -> Vec<u8> {
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let server = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS12])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate()], key)
            .unwrap();
        let mut server = ServerConnection::new(Arc::new(server)).unwrap();
        let client = config(&Arc::default()).unwrap();
        let mut client = ClientConnection::new(Arc::new(client), host()).unwrap();
        let mut hello = Vec::new();
        client.write_tls(&mut hello).unwrap();
        server.read_tls(&mut hello.as_slice()).unwrap();
        server.process_new_packets().unwrap();
        let mut flight = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut flight).unwrap();
        }
        flight
    }

    /// One probe for each answer; the server sends only that answer.
    fn looks(answers: Vec<Vec<u8>>) -> Vec<Result<ProbeResult, ProbeError>> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let count = answers.len();
        let server = thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                stream.write_all(&answer).unwrap();
                stream.shutdown(Shutdown::Write).unwrap();
                // Read all data of the client: otherwise the connection is reset.
                let _ = io::copy(&mut stream, &mut io::sink());
            }
        });
        let limit = Duration::from_secs(5);
        let looks = (0..count).map(|_| {
            let stream = TcpStream::connect(address).unwrap();
            probe(&mut Timed::new(stream, Instant::now() + limit), address, host())
        });
        let looks = looks.collect();
        server.join().unwrap();
        looks
    }

    #[test]
    fn a_handshake_may_break_anywhere() {
        let flight = flight();
        let cuts = (0..=flight.len()).map(|length| flight[..length].to_vec());
        let mut looks = looks(cuts.collect());

        let whole = looks.pop().unwrap().unwrap();
        assert_eq!(whole.certificates, [certificate().to_vec()]);
        assert_eq!(whole.protocol, "TLSv1.2");
        let refused = Handshake::Refused { reason: "closed the connection".into() };
        assert_eq!(whole.handshake, refused);
        for (length, look) in looks.into_iter().enumerate() {
            let error = look.unwrap_err();
            assert!(matches!(error, ProbeError::Closed { .. }), "{length} octets: {error}");
        }
    }

    #[test]
    fn a_handshake_may_be_wrong_anywhere() {
        let flight = flight();
        let flips = (0..flight.len()).map(|index| {
            let mut flipped = flight.clone();
            flipped[index] ^= 1 << (index % 8);
            flipped
        });

        let mut shown = 0;
        for (index, look) in looks(flips.collect()).into_iter().enumerate() {
            match look {
                Ok(served) => shown += usize::from(!served.certificates.is_empty()),
                Err(error) => assert!(
                    matches!(
                        error,
                        ProbeError::Closed { .. }
                            | ProbeError::Handshake(_)
                            | ProbeError::Alert { .. }
                            | ProbeError::OldTls
                            | ProbeError::NotTls { .. }
                    ),
                    "octet {index}: {error:?}"
                ),
            }
        }
        // A flip inside of the certificate does not hide it.
        assert!(shown > certificate().len() / 2, "{shown} of {}", flight.len());
    }
}
