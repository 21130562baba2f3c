//! Findings: a violation with the clients that refuse it, and a hint.

use super::rule::{Rule, Severity};
use crate::x509::name::Name;

/// A violation of one certificate, ready for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What is wrong and which clients refuse it: a lower-case fragment that follows the name of
    /// the file. Safe on a terminal.
    pub message: String,
    /// Whether it is about a CA of the certificate, and not about the certificate itself.
    pub above: bool,
    /// A command that fixes it.
    pub hint: Option<String>,
    /// That of the rule, unless it depends on the details.
    severity: Severity,
}

impl Finding {
    /// A finding with this detail, and the known error messages of clients (OpenSSL 3.0, Go 1.19,
    /// Python 3.11, curl, rustls).
    pub fn new(rule: Rule, detail: impl Into<String>) -> Self {
        let mut message = detail.into();
        if let Some(clients) = clients(rule) {
            message.push_str(": ");
            message.push_str(clients);
        }
        Self { rule, message, above: false, hint: None, severity: rule.severity() }
    }

    /// The same finding about a CA of the certificate, with the name of the CA in the message.
    #[must_use]
    pub fn above(mut self, ca: &Name) -> Self {
        self.message = format!("its CA `{ca}` {}", self.message);
        self.above = true;
        self
    }

    /// The same finding with a command that fixes it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same finding with another severity than that of its rule.
    #[must_use]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The severity: that of the rule, unless [`Finding::at`] changed it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }
}

/// The clients that refuse a violation, and their messages: measured with OpenSSL 3.0, Go 1.19, Python
/// 3.11, curl and rustls, or read in their source.
const fn clients(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::Chain => {
            "OpenSSL says `unable to get local issuer certificate`, Go `certificate signed by unknown authority`, rustls `UnknownIssuer`"
        }
        Rule::Signature => {
            "every client refuses it (OpenSSL: `certificate signature failure`, or by the key identifier `unable to get local issuer certificate`; rustls: `BadSignature`)"
        }
        Rule::Algorithm => {
            "Go, rustls and OpenSSL at security level 1 refuse it (`CA md too weak`, `insecure algorithm`)"
        }
        Rule::Expired => {
            "every client refuses it (OpenSSL: `certificate has expired`, Go: `certificate has expired or is not yet valid`)"
        }
        Rule::NotYetValid => {
            "every client refuses it (OpenSSL: `certificate is not yet valid`); is a clock wrong?"
        }
        Rule::PathLength => {
            "OpenSSL says `path length constraint exceeded`, Go `too many intermediates`"
        }
        Rule::NameConstraints => {
            "OpenSSL says `permitted subtree violation` or `excluded subtree violation`, Go `not permitted by any constraint`"
        }
        Rule::CriticalExtension => {
            "every client refuses it (OpenSSL: `unhandled critical extension`)"
        }
        Rule::Revoked => "clients that check the CRL refuse it (OpenSSL: `certificate revoked`)",
        Rule::Crl => "OpenSSL with -crl_check_all says `unable to get certificate CRL`",
        Rule::Policy => "OpenSSL says `invalid or inconsistent certificate policy extension`",
        Rule::Host => {
            "curl says `no alternative certificate subject name matches`, OpenSSL `hostname mismatch`, Python `certificate is not valid for` that name"
        }
        Rule::Lifetime => "Apple platforms refuse server certificates over 825 days",
        Rule::KeyType => "gRPC (BoringSSL) and old NSS refuse it",
        Rule::NameEncoding => {
            "OpenSSL and Java accept it; GnuTLS, NSS, Go, rustls and pyca compare octets and find no issuer"
        }
        Rule::OneSubject => {
            "OpenSSL, curl, Python, Node, Redis and psql consider it self-signed (error 18) as soon as its authorityKeyIdentifier is missing"
        }
        Rule::LooksSelfSigned => {
            "OpenSSL, curl, Python, Node, Redis and psql consider it self-signed (error 18); Go and GnuTLS accept it"
        }
        Rule::AuthorityKeyId => "Python 3.13 and `openssl verify -x509_strict` refuse it",
        Rule::CaKeyUsage => "Python 3.13 and `openssl verify -x509_strict` refuse what it signs",
        Rule::SerialRepeated => {
            "Firefox and NSS refuse the second one that they receive (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`)"
        }
        Rule::Key => {
            "no server starts with the pair (OpenSSL: `key values mismatch`, Go: `private key does not match public key`)"
        }
        Rule::DuplicateExtension => "Go, rustls and pyca refuse it",
        _ => return None,
    })
}
