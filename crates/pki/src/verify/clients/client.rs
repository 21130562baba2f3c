//! Clients, and what is claimed of one.

use std::fmt;

use super::defect::Defect;

named! {
    /// A client, as `certctl check --client` names it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Client {
        /// OpenSSL at security level 2, its default since 3.2 and that of Debian; so nginx, Redis, PostgreSQL.
        OpenSsl = "openssl",
        /// GnuTLS.
        GnuTls = "gnutls",
        /// NSS, so Firefox.
        Nss = "nss",
        /// crypto/x509 of Go, so Milvus.
        Go = "go",
        /// The trust manager of OpenJDK.
        Java = "java",
        /// The ssl module of Python, with OpenSSL.
        Python = "python",
        /// The verifier of the Python package cryptography.
        Pyca = "pyca",
        /// Node.js, with OpenSSL.
        Node = "node",
        /// curl with OpenSSL.
        Curl = "curl",
        /// rustls with rustls-webpki, so Qdrant.
        Rustls = "rustls",
        /// BoringSSL, so gRPC and Chrome.
        BoringSsl = "boringssl",
        /// The platforms of Apple.
        Apple = "apple",
    }
}

impl Client {
    /// The name in prose.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OpenSsl => "OpenSSL",
            Self::GnuTls => "GnuTLS",
            Self::Nss => "NSS",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::Python => "Python",
            Self::Pyca => "pyca",
            Self::Node => "Node",
            Self::Curl => "curl",
            Self::Rustls => "rustls",
            Self::BoringSsl => "gRPC (BoringSSL)",
            Self::Apple => "Apple platforms",
        }
    }

    /// The versions with which the table was tried.
    #[must_use]
    pub const fn tried(self) -> &'static str {
        match self {
            Self::OpenSsl => "3.0.19, and 3.5.9 in Node 24",
            Self::GnuTls => "3.7.9",
            Self::Nss => "3.87",
            Self::Go => "1.19.8 and 1.27.3",
            Self::Java => "17.0.15",
            Self::Python => "3.11.2, and with the flags of 3.13",
            Self::Pyca => "50.0.2",
            Self::Node => "20.20.2 and 24.22.3",
            Self::Curl => "7.88.1",
            Self::Rustls => "0.23 with ring and with aws-lc-rs",
            Self::BoringSsl | Self::Apple => "not tried",
        }
    }
}

/// For which versions or modes of a client a claim holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// All that were tried.
    Always,
    /// This version and later ones.
    From(&'static str),
    /// Versions before this one.
    Before(&'static str),
    /// This version, of those that were tried.
    Only(&'static str),
    /// `openssl verify -x509_strict`.
    Strict,
    /// rustls with this provider.
    With(&'static str),
}

/// Where a claim comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A test puts such a certificate to the client.
    Test,
    /// The documentation of the client, or public reports: the client cannot be tried.
    Documentation,
}

/// What one client does with a certificate that has a [`Defect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The client.
    pub client: Client,
    /// Its versions or mode.
    pub when: When,
    /// A part of its error message if it refuses the certificate; `None` if it accepts it. Empty if the
    /// client has no message of its own.
    pub refusal: Option<&'static str>,
    /// Where the claim comes from.
    pub evidence: Evidence,
}

impl Claim {
    /// Whether the client refuses the certificate.
    #[must_use]
    pub const fn refuses(&self) -> bool {
        self.refusal.is_some()
    }

    /// The stable id, such as `usage/server/openssl` or `ca-key-usage/python-3.13`.
    #[must_use]
    pub fn id(&self, defect: Defect) -> String {
        let client = self.client.as_str();
        match self.when {
            When::Always => format!("{}/{client}", defect.id()),
            When::From(version) | When::Only(version) | When::With(version) => {
                format!("{}/{client}-{version}", defect.id())
            }
            When::Before(version) => format!("{}/{client}-before-{version}", defect.id()),
            When::Strict => format!("{}/{client}-strict", defect.id()),
        }
    }
}

impl Claim {
    /// The versions or the mode, such as `3.13 and later`; empty for all that were tried.
    #[must_use]
    pub fn versions(&self) -> String {
        match self.when {
            When::Always => String::new(),
            When::From(version) => format!("{version} and later"),
            When::Before(version) => format!("before {version}"),
            When::Only(version) => version.to_owned(),
            When::Strict => "-x509_strict".to_owned(),
            When::With(provider) => format!("with {provider}"),
        }
    }
}

/// The client with its versions, as prose has them: `Python 3.13 and later`.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.when, self.versions()) {
            (When::Strict, _) => f.write_str("`openssl verify -x509_strict`"),
            (When::Always, _) => f.write_str(self.client.title()),
            (_, versions) => write!(f, "{} {versions}", self.client.title()),
        }
    }
}
