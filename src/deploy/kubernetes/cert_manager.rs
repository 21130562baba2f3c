//! Objects of cert-manager (`cert-manager.io/v1`): an issuer with a CA of certctl, and the certificates
//! that it keeps.
//!
//! <https://cert-manager.io/docs/reference/api-docs/>

mod subject;

use pki::x509::{key::PublicKeyType, name::Name, san::San, usage::Usage};
use serde::Serialize;
use serde_json::{Value, json};
use time::Duration;

use super::metadata::{Metadata, ObjectName};
use crate::{deploy::error::UnmetRequirement, hint::Hint, issue::identity::IdentityName};
use subject::naming;

const API_VERSION: &str = "cert-manager.io/v1";
/// `MinimumCertificateDuration` of its API.
const SHORTEST: Duration = Duration::hours(1);
/// Bytes of a common name, which its webhook counts, not characters.
const COMMON_NAME_LIMIT: usize = 64;
/// Sizes of RSA keys that its webhook takes.
const RSA_SIZES: std::ops::RangeInclusive<u32> = 2048..=8192;

/// An `Issuer`, or a `ClusterIssuer` for all namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum IssuerKind {
    Issuer,
    ClusterIssuer,
}

/// The specification of a certificate: of an identity, or of an entry of the plan.
pub(crate) struct PlannedCertificate {
    pub(crate) identity: IdentityName,
    pub(crate) subject: Name,
    pub(crate) names: Vec<San>,
    /// Names that cert-manager has no field for.
    pub(crate) left_out: Vec<String>,
    pub(crate) usage: Option<Usage>,
    pub(crate) key: PublicKeyType,
    /// From the first moment to the last.
    pub(crate) length: Duration,
}

/// An issuer that signs with the CA in the Secret of its own name.
pub(crate) fn issuer(kind: IssuerKind, metadata: &Metadata) -> Value {
    json!({
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": metadata,
        "spec": { "ca": { "secretName": metadata.name } },
    })
}

/// The `Certificate` under `metadata`, whose pair comes into the Secret of the name `secret`: what
/// cert-manager issues, and renews in time. Notes say what will be otherwise than certctl made it.
///
/// The error lists everything that cert-manager cannot issue.
pub(crate) fn certificate(
    metadata: &Metadata,
    secret: &ObjectName,
    (issuer, kind): (&ObjectName, IssuerKind),
    wanted: &PlannedCertificate,
) -> Result<(Value, Vec<String>), Vec<UnmetRequirement>> {
    let PlannedCertificate { identity, subject, names, left_out, usage, key, length } = wanted;
    let mut unmet = Vec::new();
    let name = &metadata.name;
    let another = || Hint::command(format!("issue {name}-2 HOST"));
    let renew = |flags: &str| Hint::command(format!("renew {name} {flags}"));
    let mut note = |message: &str, hint: Hint| {
        unmet.push(UnmetRequirement::new(format!("`{identity}` {message}"), hint));
    };
    let naming = naming(subject);
    if let Err(reason) = &naming {
        note(&format!("has a subject that cert-manager cannot write: {reason}"), another());
    }
    let common_name = subject.common_name().unwrap_or_default();
    if common_name.len() > COMMON_NAME_LIMIT {
        let length = common_name.len();
        note(&format!("has a common name of {length} bytes, cert-manager takes 64"), another());
    }
    if common_name.is_empty() && names.is_empty() {
        let message = "has neither common name nor SAN, and cert-manager requires one";
        note(message, renew("--san HOST"));
    }
    let Some(usage) = *usage else {
        note("is good for neither side of TLS", renew("--usage server"));
        return Err(unmet);
    };
    let private_key = private_key(key);
    if private_key.is_none() {
        let message = format!("has a key of the kind {key}, which cert-manager does not make");
        note(&message, renew("--key-type rsa:2048"));
    }
    if *length < SHORTEST {
        let message = "lives less than an hour, the shortest that cert-manager makes";
        note(message, renew("--days 1"));
    }
    let (Ok((naming, said)), Some(private_key), true) = (naming, private_key, unmet.is_empty())
    else {
        return Err(unmet);
    };

    let of_kind = |is_kind: fn(&San) -> bool| -> Vec<String> {
        names.iter().filter(|san| is_kind(san)).map(San::value).collect()
    };
    let mut spec = json!({
        "secretName": secret,
        "issuerRef": { "name": issuer, "kind": kind, "group": "cert-manager.io" },
        "literalSubject": naming.literal,
        "commonName": naming.common_name,
        "subject": naming.fields,
        "dnsNames": of_kind(|san| matches!(san, San::Dns(_))),
        "ipAddresses": of_kind(|san| matches!(san, San::Ip(_))),
        "uris": of_kind(|san| matches!(san, San::Uri(_))),
        "emailAddresses": of_kind(|san| matches!(san, San::Email(_))),
        "usages": usages(usage, matches!(key, PublicKeyType::Rsa { .. })),
        "isCA": false,
        "privateKey": private_key,
        "duration": go_duration(*length),
        "renewBefore": go_duration(*length / 3),
    });
    remove_empty(&mut spec);
    let mut notes: Vec<String> = said.into_iter().map(str::to_owned).collect();
    if !left_out.is_empty() {
        notes.push(format!("loses SANs that no client matches: {}", left_out.join(", ")));
    }
    let certificate = json!({
        "apiVersion": API_VERSION,
        "kind": "Certificate",
        "metadata": metadata,
        "spec": spec,
    });
    Ok((certificate, notes.into_iter().map(|note| format!("`{identity}` {note}")).collect()))
}

/// The specification of a key; `None` for one that cert-manager does not make.
fn private_key(kind: &PublicKeyType) -> Option<Value> {
    let (algorithm, size) = match kind {
        PublicKeyType::Rsa { bits, .. } if RSA_SIZES.contains(bits) => ("RSA", Some(*bits)),
        PublicKeyType::EcdsaP256 => ("ECDSA", Some(256)),
        PublicKeyType::EcdsaP384 => ("ECDSA", Some(384)),
        PublicKeyType::EcdsaP521 => ("ECDSA", Some(521)),
        PublicKeyType::Ed25519 => ("Ed25519", None),
        _ => return None,
    };
    Some(json!({
        "algorithm": algorithm,
        "size": size,
        "encoding": "PKCS8",
        "rotationPolicy": "Always",
    }))
}

/// Removes the fields without a value: the API server would take `null` for one.
fn remove_empty(value: &mut Value) {
    let Value::Object(fields) = value else { return };
    fields.values_mut().for_each(remove_empty);
    fields.retain(|_, field| match field {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    });
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
