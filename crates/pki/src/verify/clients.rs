//! Which clients refuse which certificates: one table, each row put to the client.
//!
//! A client here is what validates the certificate of the other end: a TLS client, or a TLS server that
//! validates its clients.

mod defect;

use std::fmt;

pub use defect::Defect;

use super::rule::Severity;

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

impl Defect {
    /// The claims about the clients of `only`, or about all clients if it is empty.
    pub fn claims_of(self, only: &[Client]) -> impl Iterator<Item = Claim> {
        self.claims().filter(move |claim| only.is_empty() || only.contains(&claim.client))
    }

    /// Whether a finding about it concerns one of these clients: one of them refuses it, or the defect
    /// is not about clients at all. Every defect concerns an empty list.
    #[must_use]
    pub fn concerns(self, only: &[Client]) -> bool {
        only.is_empty()
            || self.claims().next().is_none()
            || self.claims_of(only).any(|claim| claim.refuses())
    }

    /// Who refuses such a certificate, in words: a clause that follows a colon. `None` if no client of
    /// the table does.
    #[must_use]
    pub fn clients(self, only: &[Client]) -> Option<String> {
        let refusing: Vec<Claim> = self.claims_of(only).filter(Claim::refuses).collect();
        refusing.first()?;
        let who = if only.is_empty() && self.is_refused_by_all() {
            "every client".to_owned()
        } else {
            listed(&refusing)
        };
        let wanted = [Client::OpenSsl, Client::Go];
        let known = refusing.iter().filter(|claim| wanted.contains(&claim.client));
        let mut known: Vec<&Claim> = known.filter(|claim| claim.refusal != Some("")).collect();
        known.dedup_by_key(|claim| claim.client);
        if known.is_empty() {
            known.extend(refusing.iter().find(|claim| claim.refusal != Some("")));
        }
        let words = known.iter().map(|claim| {
            format!("{}: `{}`", claim.client.title(), claim.refusal.unwrap_or_default())
        });
        let words: Vec<String> = words.collect();
        let words =
            if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        let is_documented = refusing.iter().all(|claim| claim.evidence == Evidence::Documentation);
        let source = if is_documented { ", by documentation" } else { "" };
        let what = if self.is_of_issuer() { "what it signs is refused by" } else { "refused by" };
        Some(format!("{what} {who}{words}{source}"))
    }

    /// The severity: that of the rule, unless more or fewer clients refuse it than other defects of the rule.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            // OpenSSL refuses these.
            Self::OtherKeyId
            | Self::OtherCaFirst
            | Self::OtherIssuerSerial
            | Self::CriticalAuthorityKeyId
            | Self::CriticalSubjectKeyId
            | Self::CriticalInfoAccess => Severity::Error,
            Self::HostDot | Self::ExpiredInBundle | Self::AnyUsageIssuer => Severity::Warning,
            // RFC 5280 allows these.
            Self::Underscore
            | Self::WildcardUnderscore
            | Self::ClientNoSan
            | Self::PolicyConstraints
            | Self::InhibitAnyPolicy
            | Self::PolicyMappings
            | Self::DirectoryConstraint
            | Self::DotConstraint
            | Self::UsageCritical => Severity::Note,
            other => other.rule().severity(),
        }
    }

    /// Whether it is about an issuer, so that clients refuse what it signs.
    const fn is_of_issuer(self) -> bool {
        matches!(
            self,
            Self::ConstraintsNotCritical
                | Self::PolicyConstraints
                | Self::InhibitAnyPolicy
                | Self::PolicyMappings
                | Self::DirectoryConstraint
                | Self::ForeignConstraint
                | Self::DotConstraint
                | Self::TlsFeature
                | Self::AnyUsageIssuer
                | Self::CaKeyIdMissing
                | Self::IssuerUsage
                | Self::AnchorUsage
                | Self::IssuerKeyUsage
                | Self::AnchorKeyUsage
                | Self::IssuerNotCa
                | Self::AnchorNotCa
                | Self::AnchorNoConstraints
                | Self::CaKeyUsage
                | Self::ShortRsaCa
                | Self::Ed25519Ca
                | Self::AnchorCriticalExtension
        )
    }

    /// The same defect of the trust anchor, where clients treat it in another way.
    #[must_use]
    pub const fn at_anchor(self) -> Self {
        match self {
            Self::CriticalExtension => Self::AnchorCriticalExtension,
            Self::PathLength => Self::AnchorPathLength,
            Self::Expired => Self::AnchorExpired,
            Self::NotYetValid => Self::AnchorNotYetValid,
            Self::IssuerUsage => Self::AnchorUsage,
            Self::IssuerKeyUsage => Self::AnchorKeyUsage,
            Self::IssuerNotCa => Self::AnchorNotCa,
            other => other,
        }
    }

    /// Whether each client that can be tried refuses it.
    fn is_refused_by_all(self) -> bool {
        Client::ALL.into_iter().all(|client| match self.claims_of(&[client]).next() {
            Some(_) => self.claims_of(&[client]).all(|claim| claim.refuses()),
            // curl validates servers alone, and two cannot be tried.
            None => matches!(client, Client::Curl | Client::BoringSsl | Client::Apple),
        })
    }
}

/// `A, B and C`.
fn listed(claims: &[Claim]) -> String {
    let names: Vec<String> = claims.iter().map(ToString::to_string).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_begins_with_that_of_its_rule_and_is_unique() {
        let mut ids = HashSet::new();
        for defect in Defect::ALL {
            let (id, rule) = (defect.id(), defect.rule().id());
            let rest = id.strip_prefix(rule).unwrap_or_else(|| panic!("{id}: {rule}"));
            assert!(rest.is_empty() || rest.starts_with('/'), "{id}");
            for claim in defect.claims() {
                assert!(ids.insert(claim.id(*defect)), "{}", claim.id(*defect));
            }
        }
    }

    #[test]
    fn clients_are_named_as_a_reader_expects() {
        let cases: [(Defect, &[Client], Option<&str>); 8] = [
            (
                Defect::Expired,
                &[],
                Some(
                    "refused by every client (OpenSSL: `certificate has expired`, Go: `certificate \
                    has expired or is not yet valid`)",
                ),
            ),
            (
                Defect::AuthorityKeyId,
                &[],
                Some(
                    "refused by `openssl verify -x509_strict`, Python 3.13 and later and pyca \
                    (OpenSSL: `Missing Authority Key Identifier`)",
                ),
            ),
            (
                Defect::Expired,
                &[Client::Curl],
                Some("refused by curl (curl: `certificate has expired`)"),
            ),
            (Defect::LeafIsCa, &[Client::Go], None),
            (Defect::ZeroSerial, &[], None),
            (Defect::Lifetime, &[], Some("refused by Apple platforms, by documentation")),
            (
                Defect::Ed25519,
                &[Client::BoringSsl],
                Some("refused by gRPC (BoringSSL), by documentation"),
            ),
            (
                Defect::AnchorUsage,
                &[Client::Go],
                Some("what it signs is refused by Go (Go: `incompatible key usage`)"),
            ),
        ];

        for (defect, only, expected) in cases {
            assert_eq!(defect.clients(only).as_deref(), expected, "{}", defect.id());
        }
    }

    #[test]
    fn a_list_of_clients_limits_the_defects() {
        assert!(Defect::LeafIsCa.concerns(&[]));
        assert!(Defect::LeafIsCa.concerns(&[Client::Go, Client::Nss]));
        assert!(!Defect::LeafIsCa.concerns(&[Client::Go]));
    }
}
