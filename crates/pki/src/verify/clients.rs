//! Which clients refuse which certificates: one table, each row put to the client.
//!
//! A client here is what validates the certificate of the other end: a TLS client, or a TLS server that
//! validates its clients.

// Its macro is used by the next ones.
#[macro_use]
mod who;

mod chain;
mod client;
mod defect;
mod form;
mod issuer;
mod key;
mod leaf;

use self::who::Group;
pub use self::{
    client::{Claim, Client, Evidence, When},
    defect::Defect,
};

use super::rule::Severity;

impl Defect {
    /// What clients do. A client that is left out has no claim: it was not tried, or what it does depends on
    /// more than the certificate.
    pub fn claims(self) -> impl Iterator<Item = Claim> {
        self.groups().iter().flat_map(|group| {
            let refusal = group.refusal;
            group.who.iter().map(move |who| {
                let (client, when, evidence) = who.parts();
                Claim { client, when, refusal, evidence }
            })
        })
    }

    fn groups(self) -> &'static [Group] {
        let defect = match self {
            Self::AddressAsDns => Self::HostAddress,
            Self::WideWildcard => Self::HostWideWildcard,
            Self::PartialWildcard => Self::HostPartialWildcard,
            Self::InnerWildcard => Self::HostInnerWildcard,
            Self::TrailingDot => Self::HostDotInSan,
            other => other,
        };
        let files = [form::groups, chain::groups, key::groups, leaf::groups, issuer::groups];
        let found = files.into_iter().map(|groups| groups(defect));
        found.into_iter().find(|groups| !groups.is_empty()).unwrap_or_default()
    }

    /// The claims about the clients of `only`, or about all clients if it is empty.
    pub fn claims_of(self, only: &[Client]) -> impl Iterator<Item = Claim> {
        self.claims().filter(move |claim| only.is_empty() || only.contains(&claim.client))
    }

    /// Whether a finding about it concerns one of these clients: one of them refuses it, or the table does
    /// not say what one of them does. Every defect concerns an empty list.
    #[must_use]
    pub fn concerns(self, only: &[Client]) -> bool {
        let accepts = |client: &Client| {
            let mut claims = self.claims_of(std::slice::from_ref(client)).peekable();
            claims.peek().is_some() && claims.all(|claim| !claim.refuses())
        };
        only.is_empty() || !only.iter().all(accepts)
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
        // What a client does is not known, and so not hidden.
        assert!(Defect::OtherCurve.concerns(&[Client::Go]));
        assert!(Defect::Malformed.concerns(&[Client::Go]));
    }
}
