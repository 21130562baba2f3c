//! What a certificate may be used for: roles, keyUsage and extendedKeyUsage.

use std::{fmt, str::FromStr};

/// Object identifiers, dotted.
pub(crate) mod oid {
    pub(crate) const SUBJECT_KEY_ID: &str = "2.5.29.14";
    pub(crate) const KEY_USAGE: &str = "2.5.29.15";
    pub(crate) const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    pub(crate) const AUTHORITY_KEY_ID: &str = "2.5.29.35";
    pub(crate) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    /// Signed certificate timestamps belong to one certificate and its signature (RFC 6962).
    pub(crate) const CT_TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";
    pub(crate) const ANY_USAGE: &str = "2.5.29.37.0";
    pub(crate) const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
    pub(crate) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
}

/// The side of a TLS connection that an identity takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Usage {
    /// extendedKeyUsage serverAuth.
    Server,
    /// extendedKeyUsage clientAuth.
    Client,
    /// Both in one certificate: Qdrant p2p, Redis replication and cluster bus.
    Peer,
}

impl Usage {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Peer => "peer",
        }
    }

    pub(crate) const fn serves(self) -> bool {
        matches!(self, Self::Server | Self::Peer)
    }

    /// What these key purposes (dotted) allow, other purposes aside; `None` if neither side of TLS.
    pub(crate) fn of_purposes(purposes: &[String]) -> Option<Self> {
        let has =
            |wanted| purposes.iter().any(|purpose| purpose == wanted || purpose == oid::ANY_USAGE);
        match (has(oid::SERVER_AUTH), has(oid::CLIENT_AUTH)) {
            (true, true) => Some(Self::Peer),
            (true, false) => Some(Self::Server),
            (false, true) => Some(Self::Client),
            (false, false) => None,
        }
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A usage that is none of the three.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no usage; there are `server`, `client` and `peer` (both in one)")]
pub(crate) struct UsageError(String);

impl FromStr for Usage {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        match text {
            "server" => Ok(Self::Server),
            "client" => Ok(Self::Client),
            "peer" => Ok(Self::Peer),
            _ => Err(UsageError(text.escape_debug().to_string())),
        }
    }
}

/// The bits of a keyUsage extension, bit 0 (digitalSignature) lowest (RFC 5280 section 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUsage(pub(crate) u16);

impl KeyUsage {
    const KEY_CERT_SIGN: u16 = 1 << 5;

    pub(crate) const fn signs_certificates(self) -> bool {
        self.0 & Self::KEY_CERT_SIGN != 0
    }
}
