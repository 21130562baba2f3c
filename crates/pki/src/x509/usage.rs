//! What a certificate may be used for: roles, keyUsage and extendedKeyUsage.

use std::{fmt, str::FromStr};

/// Object identifiers, dotted.
pub mod oid {
    pub const SUBJECT_DIRECTORY_ATTRIBUTES: &str = "2.5.29.9";
    pub const SUBJECT_KEY_ID: &str = "2.5.29.14";
    pub const KEY_USAGE: &str = "2.5.29.15";
    pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
    pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    pub const CRL_NUMBER: &str = "2.5.29.20";
    pub const REASON_CODE: &str = "2.5.29.21";
    pub const INVALIDITY_DATE: &str = "2.5.29.24";
    pub const DELTA_CRL: &str = "2.5.29.27";
    pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
    pub const CERTIFICATE_ISSUER: &str = "2.5.29.29";
    pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
    pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
    pub const POLICY_MAPPINGS: &str = "2.5.29.33";
    pub const AUTHORITY_KEY_ID: &str = "2.5.29.35";
    pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    pub const FRESHEST_CRL: &str = "2.5.29.46";
    pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
    pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
    pub const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
    /// The certificate of an OCSP responder that nobody need ask about (RFC 6960 section 4.2.2.2.1).
    pub const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
    /// An otherName: an email address whose local part is not ASCII (RFC 9598).
    pub const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";
    pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    /// Signed certificate timestamps belong to one certificate and its signature (RFC 6962).
    pub const CT_TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";
    pub const ANY_USAGE: &str = "2.5.29.37.0";
    pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
    pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
}

/// The side of a TLS connection that an identity takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// extendedKeyUsage serverAuth.
    Server,
    /// extendedKeyUsage clientAuth.
    Client,
    /// Both in one certificate: Qdrant p2p, Redis replication and cluster bus.
    Peer,
}

impl Usage {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Peer => "peer",
        }
    }

    pub const fn serves(self) -> bool {
        matches!(self, Self::Server | Self::Peer)
    }

    /// The key purposes of an extendedKeyUsage for it, dotted.
    pub const fn purposes(self) -> &'static [&'static str] {
        match self {
            Self::Server => &[oid::SERVER_AUTH],
            Self::Client => &[oid::CLIENT_AUTH],
            Self::Peer => &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
        }
    }

    /// What these key purposes (dotted) allow, other purposes aside; `None` if neither side of TLS.
    pub fn of_purposes(purposes: &[String]) -> Option<Self> {
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
pub struct UsageError(String);

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
pub struct KeyUsage(pub u16);

impl KeyUsage {
    const DIGITAL_SIGNATURE: u16 = 1 << 0;
    const KEY_ENCIPHERMENT: u16 = 1 << 2;
    const KEY_AGREEMENT: u16 = 1 << 4;
    const KEY_CERT_SIGN: u16 = 1 << 5;
    const CRL_SIGN: u16 = 1 << 6;

    pub const fn signs_certificates(self) -> bool {
        self.0 & Self::KEY_CERT_SIGN != 0
    }

    pub const fn signs_revocation_lists(self) -> bool {
        self.0 & Self::CRL_SIGN != 0
    }

    /// Whether a TLS server can use the key in any handshake there has been: to sign, or as the key
    /// that RSA encrypts to, or in a fixed key agreement.
    pub const fn serves_tls(self) -> bool {
        self.0 & (Self::DIGITAL_SIGNATURE | Self::KEY_ENCIPHERMENT | Self::KEY_AGREEMENT) != 0
    }

    /// Whether a TLS client can use the key: it has to sign, or agree.
    pub const fn proves_client(self) -> bool {
        self.0 & (Self::DIGITAL_SIGNATURE | Self::KEY_AGREEMENT) != 0
    }
}
