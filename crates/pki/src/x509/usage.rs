//! What a certificate may be used for: usage, `keyUsage` and `extendedKeyUsage`.

use std::str::FromStr;

use super::oid;

named! {
    /// The side of a TLS connection.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Usage {
        /// Server: the key purpose serverAuth.
        Server = "server",
        /// Client: the key purpose clientAuth.
        Client = "client",
        /// Both in one certificate, as Qdrant p2p, Redis replication and the Redis cluster bus require.
        Peer = "peer",
    }
}

impl Usage {
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

/// A text that is not the name of a [`Usage`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a usage; use `server`, `client` or `peer` (both)")]
pub struct UsageError(String);

impl FromStr for Usage {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        let named = Self::ALL.into_iter().find(|usage| usage.as_str() == text);
        named.ok_or_else(|| UsageError(text.escape_debug().to_string()))
    }
}

/// The bits of a `keyUsage` extension (RFC 5280 section 4.2.1.3): bit 0, digitalSignature, is the
/// lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

/// keyUsage, bit 0 first (RFC 5280 section 4.2.1.3).
const BIT_NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

impl KeyUsage {
    const DIGITAL_SIGNATURE: u16 = 1 << 0;
    const KEY_ENCIPHERMENT: u16 = 1 << 2;
    const KEY_AGREEMENT: u16 = 1 << 4;
    const KEY_CERT_SIGN: u16 = 1 << 5;
    const CRL_SIGN: u16 = 1 << 6;

    /// The names of the bits that are set, in order (RFC 5280 section 4.2.1.3).
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let named = BIT_NAMES.into_iter().enumerate();
        named.filter(|(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| name).collect()
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_named_from_the_lowest() {
        assert_eq!(KeyUsage(0).names(), [""; 0]);
        assert_eq!(KeyUsage(0b101).names(), ["digitalSignature", "keyEncipherment"]);
        assert_eq!(KeyUsage(0b110_0000).names(), ["keyCertSign", "cRLSign"]);
        assert_eq!(KeyUsage(u16::MAX).names().len(), 9);
    }
}
