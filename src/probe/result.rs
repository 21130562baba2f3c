//! What a probe found.

use std::net::SocketAddr;

/// What a server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProbeResult {
    /// The address that answered.
    pub(crate) address: SocketAddr,
    /// DER, in the order of the server: the leaf first, if the server is correct. At least one. Not parsed.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// `TLSv1.3` or `TLSv1.2`.
    pub(crate) protocol: &'static str,
    /// The cipher suite by its IANA name, such as `TLS_AES_256_GCM_SHA384`.
    pub(crate) cipher: String,
    /// Whether it asked for a client certificate. The probe sent none.
    pub(crate) asks_for_client_certificate: bool,
    /// The names of the CAs whose client certificates it accepts (certificate_authorities), DER. Many servers
    /// send none.
    pub(crate) accepted_authorities: Vec<Vec<u8>>,
    pub(crate) handshake: Handshake,
}

/// How the handshake ended, after the certificates were received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Handshake {
    Completed,
    /// The server ended it. The reason continues the text "the server": `sent the alert
    /// certificate_required`, `closed the connection`.
    Refused {
        reason: String,
    },
}

impl ProbeResult {
    /// Whether it refuses clients without a certificate, as far as the handshake shows.
    ///
    /// A server may also refuse them later, in its own protocol, as nginx does.
    pub(crate) fn requires_client_certificate(&self) -> bool {
        self.asks_for_client_certificate && self.handshake != Handshake::Completed
    }
}
