//! All facts as JSON. The fields are documented in `docs/inspect-json.md`.

use pki::{
    input::{LocatedObject, PkiObject, PrivateKeySummary},
    x509::{
        certificate::{Certificate, Extension},
        crl::Crl,
        csr::Csr,
        escape::escape_line,
        hex::hex,
        key::{PublicKey, PublicKeyType},
        name::{Attribute, Name},
        oid,
        san::GeneralName,
        serial::serial_text,
        usage::{KeyUsage, Usage},
        validity::rfc3339,
    },
};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{
    anomaly,
    collector::{Entry, FileReport},
    options::{InspectOptions, State},
    server,
    text::{sha1, sha256},
    value_text,
};
use crate::report::{certificate_summary::CertificateSummary, json::merged};

/// One file with all that is in it.
pub(super) fn file(file: &FileReport, terms: &InspectOptions) -> Value {
    let objects = file.entries.iter().map(|entry| match entry {
        Entry::Whole(found) => object(found, terms),
        // Rows are kept for tables alone.
        Entry::Row(_) => Value::Null,
    });
    let mut whole = json!({ "path": file.path.to_string_lossy() });
    if let Some(served) = &file.server {
        whole["server"] = server::json(served);
    }
    whole["objects"] = objects.collect();
    whole
}

/// One object, `kind` first.
fn object(found: &LocatedObject, terms: &InspectOptions) -> Value {
    let (kind, facts) = match &found.object {
        PkiObject::Certificate(it) => ("certificate", certificate(it, terms)),
        PkiObject::Request(it) => ("request", request(it)),
        PkiObject::RevocationList(it) => ("revocation_list", revocation_list(it, terms.now)),
        PkiObject::PublicKey(it) => ("public_key", json!({ "key": public_key(it) })),
        PkiObject::PrivateKey(it) => ("private_key", private_key(it)),
        PkiObject::Misplaced(reason) => ("misplaced", json!({ "reason": reason })),
        PkiObject::Broken { what, reason } => {
            ("broken", json!({ "what": what, "reason": escape_line(&reason.to_string()) }))
        }
    };
    let location = found.location.as_ref().map(ToString::to_string);
    merged(json!({ "kind": kind, "location": location }), &facts)
}

fn certificate(certificate: &Certificate, terms: &InspectOptions) -> Value {
    let facts = CertificateSummary::of(certificate);
    let names = certificate.names();
    let validity = certificate.validity();
    let unmatchable = names.iter().filter_map(|name| match name {
        GeneralName::Unmatchable { reason, .. } => {
            Some(json!({ "name": name.to_string(), "reason": reason.to_string() }))
        }
        _ => None,
    });
    let unicode: Map<String, Value> = names
        .iter()
        .filter_map(|name| Some((name.to_string(), value_text::unicode(name)?.into())))
        .collect();
    json!({
        "subject": facts.subject,
        "subject_attributes": attributes(certificate.subject()),
        "issuer": facts.issuer,
        "issuer_attributes": attributes(certificate.issuer()),
        "serial": facts.serial,
        "version": certificate.version(),
        "names": facts.names,
        "names_unicode": unicode,
        "names_unmatchable": unmatchable.collect::<Vec<_>>(),
        "role": certificate.role(),
        "ca": certificate.is_ca(),
        "path_length": certificate.basic_constraints().and_then(|it| it.path_len),
        "self_signed": certificate.is_issued_by(certificate),
        "usage": certificate.purposes().and(certificate.usage()).map(Usage::as_str),
        "extended_key_usage": value_text::purposes(certificate),
        "key_usage": certificate.key_usage().map(KeyUsage::names),
        "key": public_key(certificate.public_key()),
        "signature_algorithm": certificate.signature_algorithm().name(),
        "signature_algorithm_oid": certificate.signature_algorithm().oid,
        "not_before": facts.not_before,
        "not_after": facts.not_after,
        "seconds_left": (validity.not_after - terms.now).whole_seconds(),
        "state": match terms.state(validity) {
            State::Expired => "expired",
            _ if validity.not_before > terms.now => "not_yet_valid",
            State::Due => "due",
            State::Later => "valid",
        },
        "subject_key_id": certificate.subject_key_id().map(hex),
        "authority_key_id": certificate.authority_key_id().map(hex),
        "extensions": certificate.extensions().iter().map(extension).collect::<Vec<_>>(),
        "sha256": facts.sha256,
        "sha1": sha1(certificate.der()),
        "anomalies": anomaly::of(certificate, terms.now),
    })
}

/// In the order of the certificate, each with the name and the OID of its type.
fn attributes(name: &Name) -> Vec<Value> {
    let attribute = |it: Attribute| {
        let keyword = it.kind().map_or(it.oid.clone(), |kind| kind.keyword().to_owned());
        json!({ "type": keyword, "oid": it.oid, "value": escape_line(&it.value) })
    };
    name.attributes().into_iter().flatten().map(attribute).collect()
}

fn extension(extension: &Extension) -> Value {
    json!({
        "name": oid::extension(&extension.oid),
        "oid": extension.oid,
        "critical": extension.critical,
        "value": hex(&extension.value),
    })
}

fn public_key(key: &PublicKey) -> Value {
    let bits = match key.kind() {
        PublicKeyType::Rsa { bits, .. } => Some(bits),
        _ => None,
    };
    json!({
        "type": key.kind().to_string(),
        "rsa_bits": bits,
        "sha256": sha256(key.spki()),
    })
}

fn request(request: &Csr) -> Value {
    json!({
        "subject": request.subject().to_string(),
        "subject_attributes": attributes(request.subject()),
        "names": request.names().iter().map(GeneralName::to_string).collect::<Vec<_>>(),
        "key": public_key(request.public_key()),
        "self_signed": request.is_signed_by_its_key(),
        "signature_algorithm": request.signature_algorithm().name(),
        "signature_algorithm_oid": request.signature_algorithm().oid,
        "extensions": request.extensions().iter().map(extension).collect::<Vec<_>>(),
        "sha256": sha256(request.der()),
        "sha1": sha1(request.der()),
    })
}

fn revocation_list(list: &Crl, now: OffsetDateTime) -> Value {
    json!({
        "issuer": list.issuer().to_string(),
        "issuer_attributes": attributes(list.issuer()),
        "this_update": rfc3339(list.this_update()),
        "next_update": list.next_update().map(rfc3339),
        "seconds_left": list.next_update().map(|next| (next - now).whole_seconds()),
        "revoked": list.revoked().map(serial_text).collect::<Vec<_>>(),
        "signature_algorithm": list.signature_algorithm().name(),
        "signature_algorithm_oid": list.signature_algorithm().oid,
        "sha256": sha256(list.der()),
        "sha1": sha1(list.der()),
    })
}

fn private_key(key: &PrivateKeySummary) -> Value {
    json!({
        "form": key.form,
        "encrypted": key.form.starts_with("encrypted"),
        "type": key.kind.as_ref().map(ToString::to_string),
        "key": key.public.as_ref().map(public_key),
    })
}
