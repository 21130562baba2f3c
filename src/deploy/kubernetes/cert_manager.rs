//! Objects of cert-manager (`cert-manager.io/v1`): an issuer with a CA of certctl, and the certificates
//! that it keeps.
//!
//! <https://cert-manager.io/docs/reference/api-docs/>

mod subject;

use std::collections::BTreeMap;

use pki::x509::{key::PublicKeyType, name::Name, san::San, usage::Usage};
use serde::Serialize;
use time::Duration;

use super::metadata::{Metadata, ObjectName};
use crate::{deploy::error::UnmetRequirement, hint::Hint};
use subject::Naming;

const API_VERSION: &str = "cert-manager.io/v1";
/// `MinimumCertificateDuration` of its API.
const SHORTEST: Duration = Duration::hours(1);
/// Bytes of a common name, which its webhook counts, not characters.
const COMMON_NAME_LIMIT: usize = 64;
/// Sizes of RSA keys that its webhook takes.
const RSA_SIZES: std::ops::RangeInclusive<u32> = 2048..=8192;

/// An `Issuer`, or a `ClusterIssuer` for all namespaces.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issuer {
    api_version: &'static str,
    kind: IssuerKind,
    metadata: Metadata,
    spec: IssuerSpec,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum IssuerKind {
    Issuer,
    ClusterIssuer,
}

#[derive(Debug, Serialize)]
struct IssuerSpec {
    ca: CaIssuer,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CaIssuer {
    secret_name: ObjectName,
}

/// A `Certificate`: what cert-manager issues, and renews in time.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Certificate {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: CertificateSpec,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateSpec {
    secret_name: ObjectName,
    issuer_ref: IssuerRef,
    #[serde(flatten)]
    naming: Naming,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dns_names: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uris: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    email_addresses: Vec<String>,
    usages: Vec<&'static str>,
    #[serde(rename = "isCA")]
    is_ca: bool,
    private_key: PrivateKey,
    /// As Go writes durations: `87600h0m0s`.
    duration: String,
    renew_before: String,
}

#[derive(Debug, Serialize)]
struct IssuerRef {
    name: ObjectName,
    kind: IssuerKind,
    group: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PrivateKey {
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u32>,
    encoding: &'static str,
    rotation_policy: &'static str,
}

/// The specification of a certificate: of an identity, or of an entry of the plan.
pub(crate) struct PlannedCertificate<'a> {
    /// As messages name it.
    pub(crate) shown: String,
    pub(crate) subject: &'a Name,
    pub(crate) names: &'a [San],
    pub(crate) usage: Option<Usage>,
    pub(crate) key: &'a PublicKeyType,
    /// From the first moment to the last.
    pub(crate) length: Duration,
}

impl Issuer {
    /// An issuer that signs with the CA in the Secret of its own name.
    pub(crate) fn new(kind: IssuerKind, metadata: Metadata) -> Self {
        let spec = IssuerSpec { ca: CaIssuer { secret_name: metadata.name.clone() } };
        Self { api_version: API_VERSION, kind, metadata, spec }
    }
}

impl Certificate {
    /// The certificate under `metadata`, whose pair comes into the Secret of the name `secret`.
    /// Notes say what will be otherwise than certctl made it.
    ///
    /// The error lists everything that cert-manager cannot issue.
    pub(crate) fn new(
        metadata: Metadata,
        secret_name: ObjectName,
        (issuer, kind): (&ObjectName, IssuerKind),
        wanted: &PlannedCertificate<'_>,
    ) -> Result<(Self, Vec<String>), Vec<UnmetRequirement>> {
        let mut unmet = Vec::new();
        let name = metadata.name.as_str().to_owned();
        let another = || Hint::command(format!("issue {name}-2 HOST"));
        let renew = |flags: &str| Hint::command(format!("renew {name} {flags}"));
        let mut note = |message: String, hint: Hint| {
            unmet.push(UnmetRequirement { message: format!("{} {message}", wanted.shown), hint });
        };
        let naming = Naming::of(wanted.subject);
        if let Err(reason) = &naming {
            note(format!("has a subject that cert-manager cannot write: {reason}"), another());
        }
        let common_name = wanted.subject.common_name().unwrap_or_default();
        if common_name.len() > COMMON_NAME_LIMIT {
            let length = common_name.len();
            note(format!("has a common name of {length} bytes, cert-manager takes 64"), another());
        }
        if common_name.is_empty() && wanted.names.is_empty() {
            note(
                "has neither common name nor SAN, and cert-manager requires one".to_owned(),
                renew("--san HOST"),
            );
        }
        let Some(usage) = wanted.usage else {
            note("is good for neither side of TLS".to_owned(), renew("--usage server"));
            return Err(unmet);
        };
        let private_key = PrivateKey::of(wanted.key);
        if private_key.is_none() {
            note(
                format!("has a key of the kind {}, which cert-manager does not make", wanted.key),
                renew("--key-type rsa:2048"),
            );
        }
        if wanted.length < SHORTEST {
            note(
                "lives less than an hour, the shortest that cert-manager makes".to_owned(),
                renew("--days 1"),
            );
        }
        let (Ok((naming, said)), Some(private_key), true) = (naming, private_key, unmet.is_empty())
        else {
            return Err(unmet);
        };

        let mut names: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for san in wanted.names {
            names.entry(Field::of(san)).or_default().push(san.value());
        }
        let mut take = |field| names.remove(&field).unwrap_or_default();
        let spec = CertificateSpec {
            secret_name,
            issuer_ref: IssuerRef { name: issuer.clone(), kind, group: "cert-manager.io" },
            naming,
            dns_names: take(Field::Dns),
            ip_addresses: take(Field::Ip),
            uris: take(Field::Uri),
            email_addresses: take(Field::Email),
            usages: usages(usage, matches!(wanted.key, PublicKeyType::Rsa { .. })),
            is_ca: false,
            private_key,
            duration: go_duration(wanted.length),
            renew_before: go_duration(wanted.length / 3),
        };
        let certificate = Self { api_version: API_VERSION, kind: "Certificate", metadata, spec };
        let notes = said.into_iter().map(|said| format!("{} {said}", wanted.shown)).collect();
        Ok((certificate, notes))
    }
}

impl Certificate {
    pub(crate) fn name(&self) -> &ObjectName {
        &self.metadata.name
    }
}

impl PrivateKey {
    fn of(kind: &PublicKeyType) -> Option<Self> {
        let (algorithm, size) = match kind {
            PublicKeyType::Rsa { bits, .. } if RSA_SIZES.contains(bits) => ("RSA", Some(*bits)),
            PublicKeyType::EcdsaP256 => ("ECDSA", Some(256)),
            PublicKeyType::EcdsaP384 => ("ECDSA", Some(384)),
            PublicKeyType::EcdsaP521 => ("ECDSA", Some(521)),
            PublicKeyType::Ed25519 => ("Ed25519", None),
            _ => return None,
        };
        Some(Self { algorithm, size, encoding: "PKCS8", rotation_policy: "Always" })
    }
}

/// The field of a certificate that takes a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Dns,
    Ip,
    Uri,
    Email,
}

impl Field {
    fn of(san: &San) -> Self {
        match san {
            San::Dns(_) => Self::Dns,
            San::Ip(_) => Self::Ip,
            San::Uri(_) => Self::Uri,
            San::Email(_) => Self::Email,
        }
    }
}

/// keyUsage and extendedKeyUsage, as certctl's profile has them.
fn usages(usage: Usage, is_rsa: bool) -> Vec<&'static str> {
    let mut usages = vec!["digital signature"];
    if is_rsa {
        usages.push("key encipherment");
    }
    if usage != Usage::Client {
        usages.push("server auth");
    }
    if usage != Usage::Server {
        usages.push("client auth");
    }
    usages
}

/// As Go's `time.Duration` writes itself, which is how the API server gives it back.
fn go_duration(length: Duration) -> String {
    let seconds = length.whole_seconds();
    format!("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
