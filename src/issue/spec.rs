//! Identity specs: the plan of certctl.toml, the server and client of gen.sh, a single identity.

use pki::x509::{
    certificate::Certificate,
    key::KeyType,
    name::{Name, NameError},
    san::{GeneralName, San, dedup, san_of_common_name},
    usage::Usage,
    validity::{Lifetime, LifetimeError, Validity},
};
use time::OffsetDateTime;

use super::{
    certificate_contents::CertificateContents,
    changes::{Drift, IssueTask, KeySource},
    error::{IssueError, MoreTime},
    identity::IdentityName,
};

/// The longest common name, in characters (RFC 5280, ub-common-name).
const COMMON_NAME: usize = 64;

/// The wanted state of one identity.
#[derive(Clone, Debug)]
pub(crate) struct IdentitySpec {
    pub(crate) name: IdentityName,
    pub(crate) subject: Name,
    pub(crate) common_name: String,
    /// The names of its certificate, each once.
    pub(crate) names: Vec<San>,
    pub(crate) usage: Usage,
    pub(crate) key_type: KeyType,
    pub(crate) days: u32,
}

impl IdentitySpec {
    /// An identity whose subject is `base` with that common name.
    ///
    /// Its names are those of [`names`].
    pub(crate) fn new(
        name: IdentityName,
        base: &Name,
        common_name: &str,
        others: &[San],
        usage: Usage,
        (key_type, days): (KeyType, u32),
    ) -> Result<Self, IssueError> {
        let subject = subject(&name, base, common_name)?;
        let names = names(&name, common_name, others, usage)?;
        Ok(Self {
            name,
            subject,
            common_name: common_name.to_owned(),
            names,
            usage,
            key_type,
            days,
        })
    }

    /// The task for a certificate that a CA of that validity issues `now`.
    pub(crate) fn task(&self, now: OffsetDateTime, ca: &Validity) -> Result<IssueTask, IssueError> {
        let validity = validity(self.name.as_str(), Lifetime::Days(self.days), now, ca)?;
        Ok(IssueTask {
            name: self.name.clone(),
            request: CertificateContents::new(
                self.subject.clone(),
                &self.names,
                self.usage,
                validity,
            ),
            key: KeySource::New(self.key_type),
            replaces: None,
        })
    }

    /// The properties of `certificate` that differ from the spec. Lifetimes that differ by less than a
    /// day are equal, because notBefore is backdated.
    pub(crate) fn differences(&self, certificate: &Certificate) -> Vec<Drift> {
        let mut differences = Vec::new();
        let mut compare = |field, is: String, wanted: String| {
            if is != wanted {
                differences.push(Drift { field, is, wanted });
            }
        };
        compare(
            "common_name",
            certificate.subject().common_name().unwrap_or_default(),
            self.common_name.clone(),
        );
        compare(
            "san",
            sorted(certificate.names().iter().map(GeneralName::to_string)),
            sorted(self.names.iter().map(San::to_string)),
        );
        compare(
            "usage",
            certificate.usage().map_or_else(|| "neither".to_owned(), |usage| usage.to_string()),
            self.usage.to_string(),
        );
        compare("key_type", certificate.public_key().kind().to_string(), self.key_type.to_string());
        compare(
            "days",
            certificate.validity().length().whole_days().to_string(),
            self.days.to_string(),
        );
        differences
    }
}

/// The common name of the CA for `common_name`: with the suffix ` CA`, at most 64 characters.
///
/// The name before ` CA` is cut, not the suffix: without it, a CA and its server have equal subjects.
pub(crate) fn ca_common_name(common_name: &str) -> String {
    let kept: String = common_name.chars().take(COMMON_NAME - " CA".len()).collect();
    format!("{} CA", kept.trim_end())
}

/// The names of an identity, each once.
///
/// The common name is one of them: a DNS name, an IP address or an email address. A server with the
/// name `localhost` has its addresses too. A server must have a name.
pub(crate) fn names(
    name: &IdentityName,
    common_name: &str,
    others: &[San],
    usage: Usage,
) -> Result<Vec<San>, IssueError> {
    let mut names: Vec<San> = san_of_common_name(common_name).into_iter().collect();
    if usage.serves() && common_name.eq_ignore_ascii_case("localhost") {
        names.extend(["127.0.0.1", "::1"].iter().filter_map(|address| address.parse().ok()));
    }
    names.extend(others.iter().cloned());
    if usage.serves() && names.is_empty() {
        let (name, common_name) = (name.to_string(), common_name.to_owned());
        return Err(IssueError::NoServerName { name, common_name });
    }
    Ok(dedup(names))
}

/// `base` with a common name, or the reason why that subject is not valid.
pub(crate) fn subject(
    name: &impl ToString,
    base: &Name,
    common_name: &str,
) -> Result<Name, IssueError> {
    base.with_common_name(common_name)
        .map_err(|source: NameError| IssueError::Subject { name: name.to_string(), source })
}

/// The validity of a certificate of that name, or the reason why it has none.
pub(crate) fn validity(
    name: &str,
    lifetime: Lifetime,
    now: OffsetDateTime,
    ca: &Validity,
) -> Result<Validity, IssueError> {
    lifetime.from(now, Some(ca)).map_err(|error| match error {
        LifetimeError::PastTheLastYear => IssueError::PastTheLastYear { name: name.to_owned() },
        LifetimeError::OutlivesCa { ca_ends, days_left } => {
            let wanted = match lifetime {
                Lifetime::Days(days) => i64::from(days),
                Lifetime::Like(length) => length.whole_days(),
            };
            let more = if wanted < ca.length().whole_days() {
                MoreTime::Renewed
            } else {
                MoreTime::RenewedFor(wanted + 1)
            };
            IssueError::OutlivesCa { name: name.to_owned(), ca_ends, days_left, edit: None, more }
        }
    })
}

/// The type of the key of a certificate, if certctl generates such keys.
pub(crate) fn key_type(certificate: &Certificate) -> Option<KeyType> {
    certificate.public_key().kind().to_string().parse().ok()
}

fn sorted(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_ca_never_equals_that_of_its_server() {
        for (length, expected) in [(9, 12), (61, 64), (62, 64), (64, 64)] {
            let common_name = "a".repeat(length);
            let ca = ca_common_name(&common_name);
            assert_eq!(ca.len(), expected);
            assert!(ca.ends_with(" CA"));
        }
    }

    #[test]
    fn a_localhost_server_has_its_addresses() {
        let names = |usage| {
            let name = "x".parse().unwrap();
            let spec = IdentitySpec::new(
                name,
                &Name::builder().build(),
                "localhost",
                &[],
                usage,
                (KeyType::Ed25519, 1),
            );
            spec.unwrap().names.iter().map(San::value).collect::<Vec<_>>()
        };

        assert_eq!(names(Usage::Server), ["localhost", "127.0.0.1", "::1"]);
        assert_eq!(names(Usage::Peer), ["localhost", "127.0.0.1", "::1"]);
        assert_eq!(names(Usage::Client), ["localhost"]);
    }
}
