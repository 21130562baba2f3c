//! What a certificate may be used for: usage, `keyUsage` and `extendedKeyUsage`.

use std::{fmt, str::FromStr};

/// Object identifiers of extensions and key purposes, dotted.
pub mod oid {
    /// `subjectDirectoryAttributes` (RFC 5280 section 4.2.1.8).
    pub const SUBJECT_DIRECTORY_ATTRIBUTES: &str = "2.5.29.9";
    /// `subjectKeyIdentifier` (RFC 5280 section 4.2.1.2).
    pub const SUBJECT_KEY_ID: &str = "2.5.29.14";
    /// `keyUsage` (RFC 5280 section 4.2.1.3).
    pub const KEY_USAGE: &str = "2.5.29.15";
    /// `subjectAltName` (RFC 5280 section 4.2.1.6).
    pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    /// `issuerAltName` (RFC 5280 section 4.2.1.7).
    pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
    /// `basicConstraints` (RFC 5280 section 4.2.1.9).
    pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    /// `cRLNumber` (RFC 5280 section 5.2.3).
    pub const CRL_NUMBER: &str = "2.5.29.20";
    /// `reasonCode` of a CRL entry (RFC 5280 section 5.3.1).
    pub const REASON_CODE: &str = "2.5.29.21";
    /// `invalidityDate` of a CRL entry (RFC 5280 section 5.3.2).
    pub const INVALIDITY_DATE: &str = "2.5.29.24";
    /// `deltaCRLIndicator` (RFC 5280 section 5.2.4).
    pub const DELTA_CRL: &str = "2.5.29.27";
    /// `issuingDistributionPoint` (RFC 5280 section 5.2.5).
    pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
    /// `certificateIssuer` of a CRL entry (RFC 5280 section 5.3.3).
    pub const CERTIFICATE_ISSUER: &str = "2.5.29.29";
    /// `nameConstraints` (RFC 5280 section 4.2.1.10).
    pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
    /// `cRLDistributionPoints` (RFC 5280 section 4.2.1.13).
    pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
    /// `certificatePolicies` (RFC 5280 section 4.2.1.4).
    pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
    /// `policyMappings` (RFC 5280 section 4.2.1.5).
    pub const POLICY_MAPPINGS: &str = "2.5.29.33";
    /// `authorityKeyIdentifier` (RFC 5280 section 4.2.1.1).
    pub const AUTHORITY_KEY_ID: &str = "2.5.29.35";
    /// `policyConstraints` (RFC 5280 section 4.2.1.11).
    pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    /// `freshestCRL` (RFC 5280 section 4.2.1.15).
    pub const FRESHEST_CRL: &str = "2.5.29.46";
    /// `inhibitAnyPolicy` (RFC 5280 section 4.2.1.14).
    pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
    /// `authorityInfoAccess` (RFC 5280 section 4.2.2.1).
    pub const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
    /// `subjectInfoAccess` (RFC 5280 section 4.2.2.2).
    pub const SUBJECT_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.11";
    /// `id-pkix-ocsp-nocheck`: a responder certificate whose revocation is not checked (RFC 6960
    /// section 4.2.2.2.1).
    pub const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
    /// `id-on-SmtpUTF8Mailbox`, an otherName: an email address with a local part beyond ASCII (RFC
    /// 9598).
    pub const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";
    /// `extendedKeyUsage` (RFC 5280 section 4.2.1.12).
    pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    /// The list of signed certificate timestamps (RFC 6962 section 3.3); valid for one certificate
    /// only.
    pub const CT_TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";
    /// The key purpose `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
    pub const ANY_USAGE: &str = "2.5.29.37.0";
    /// The key purpose `id-kp-serverAuth` (RFC 5280 section 4.2.1.12).
    pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
    /// The key purpose `id-kp-clientAuth` (RFC 5280 section 4.2.1.12).
    pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
}

/// The side of a TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// Server: the key purpose serverAuth.
    Server,
    /// Client: the key purpose clientAuth.
    Client,
    /// Both in one certificate, as Qdrant p2p, Redis replication and the Redis cluster bus require.
    Peer,
}

impl Usage {
    /// The name: `server`, `client` or `peer`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Peer => "peer",
        }
    }

    /// Whether it includes the server side.
    #[must_use]
    pub const fn serves(self) -> bool {
        matches!(self, Self::Server | Self::Peer)
    }

    /// Its key purposes for `extendedKeyUsage`, dotted.
    #[must_use]
    pub const fn purposes(self) -> &'static [&'static str] {
        match self {
            Self::Server => &[oid::SERVER_AUTH],
            Self::Client => &[oid::CLIENT_AUTH],
            Self::Peer => &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
        }
    }

    /// The usage that these key purposes (dotted) allow; others are ignored, and
    /// `anyExtendedKeyUsage` allows both sides. `None` if they allow neither side.
    #[must_use]
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

/// A text that is not the name of a [`Usage`].
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

/// The bits of a `keyUsage` extension (RFC 5280 section 4.2.1.3): bit 0, digitalSignature, is the
/// lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    const DIGITAL_SIGNATURE: u16 = 1 << 0;
    const KEY_ENCIPHERMENT: u16 = 1 << 2;
    const KEY_AGREEMENT: u16 = 1 << 4;
    const KEY_CERT_SIGN: u16 = 1 << 5;
    const CRL_SIGN: u16 = 1 << 6;

    /// Whether the bit keyCertSign is set.
    #[must_use]
    pub const fn signs_certificates(self) -> bool {
        self.0 & Self::KEY_CERT_SIGN != 0
    }

    /// Whether the bit cRLSign is set.
    #[must_use]
    pub const fn signs_revocation_lists(self) -> bool {
        self.0 & Self::CRL_SIGN != 0
    }

    /// Whether a TLS server can use the key in any handshake: to sign, for RSA key transport, or in
    /// a fixed key agreement.
    pub(crate) const fn serves_tls(self) -> bool {
        self.0 & (Self::DIGITAL_SIGNATURE | Self::KEY_ENCIPHERMENT | Self::KEY_AGREEMENT) != 0
    }

    /// Whether a TLS client can use the key: to sign, or in a key agreement.
    pub(crate) const fn proves_client(self) -> bool {
        self.0 & (Self::DIGITAL_SIGNATURE | Self::KEY_AGREEMENT) != 0
    }
}
