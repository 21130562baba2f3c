//! One object with all its facts.

use std::{
    fmt::{self, Write},
    path::Path,
};

use pki::{
    input::{LocatedObject, PkiObject, PrivateKeySummary},
    x509::{
        certificate::Certificate,
        crl::Crl,
        csr::Csr,
        escape::{escape_line, shorten},
        hex::hex,
        key::PublicKey,
        san::GeneralName,
        usage::KeyUsage,
    },
};
use time::OffsetDateTime;

use super::{
    anomaly,
    row::private_key,
    value_text::{self, both_ways, count, name},
};
use crate::{path_text::PathText as _, report::certificate_summary::CertificateSummary};

/// The most characters of a value.
const VALUE: usize = 200;
/// The most names and anomalies that are listed; JSON has them all.
const LINES: usize = 100;
/// The most names on one line.
const ON_ONE_LINE: usize = 4;

/// Writes all facts of the object.
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    path: &Path,
    found: &LocatedObject,
    now: OffsetDateTime,
) -> fmt::Result {
    let path = path.shown();
    let within = found.location.as_ref().map(|within| format!(": {within}")).unwrap_or_default();
    let (what, fields) = match &found.object {
        PkiObject::Certificate(it) => (kind(it), certificate(it, now)),
        PkiObject::Request(it) => ("certificate request".to_owned(), request(it)),
        PkiObject::RevocationList(it) => ("certificate revocation list".to_owned(), crl(it, now)),
        PkiObject::PublicKey(it) => ("public key".to_owned(), public_key(it)),
        PkiObject::PrivateKey(it) => (key_kind(it), private(it)),
        PkiObject::Misplaced(why) => {
            ("value that is not right for its Secret".to_owned(), reason(why))
        }
        PkiObject::Broken { what, reason: why } => {
            (format!("{what} that cannot be read"), reason(&escape_line(&why.to_string())))
        }
    };
    writeln!(f, "{path}{within}: {what}")?;
    f.write_str(&fields.0)
}

/// Lines of a label and a value.
#[derive(Default)]
pub(super) struct Fields(pub(super) String);

impl Fields {
    pub(super) fn add(&mut self, label: &str, value: impl AsRef<str>) {
        let value = match value.as_ref() {
            "" => "(empty)".to_owned(),
            value => shorten(value, VALUE),
        };
        let _ = writeln!(self.0, "  {label:<12}  {value}");
    }

    fn names(&mut self, names: &[GeneralName]) {
        let names: Vec<String> = names.iter().map(name).collect();
        match names.len() {
            0 => self.add("Names", "none"),
            1..=ON_ONE_LINE => self.add("Names", names.join(", ")),
            _ => self.list("Names", &names, LINES),
        }
    }

    /// The first line has the label; the lines over the limit are counted instead.
    pub(super) fn list(&mut self, label: &str, lines: &[String], most: usize) {
        for (at, line) in lines.iter().take(most).enumerate() {
            self.add(if at == 0 { label } else { "" }, line);
        }
        if let Some(more @ 1..) = lines.len().checked_sub(most) {
            self.add("", format!("… and {more} more: `-o json` has them all"));
        }
    }
}

/// `server certificate`, `CA certificate (self-signed, no intermediate below)`.
fn kind(certificate: &Certificate) -> String {
    let mut details = Vec::new();
    if certificate.is_ca() {
        if certificate.is_issued_by(certificate) {
            details.push("self-signed".to_owned());
        }
        match certificate.basic_constraints().and_then(|it| it.path_len) {
            None => {}
            Some(0) => details.push("no intermediates below it".to_owned()),
            Some(most) => {
                details.push(format!("at most {} below it", count(most as usize, "intermediate")));
            }
        }
    }
    let role = match certificate.role() {
        "leaf" => "end entity".to_owned(),
        "other" => "end entity (no TLS)".to_owned(),
        role => role.to_owned(),
    };
    let details =
        if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    format!("{role} certificate{details}")
}

fn certificate(certificate: &Certificate, now: OffsetDateTime) -> Fields {
    let mut fields = Fields::default();
    let facts = CertificateSummary::of(certificate);
    fields.add("Subject", facts.subject);
    fields.add("Issuer", facts.issuer.unwrap_or_default());
    fields.add("Serial", facts.serial.unwrap_or_default().to_uppercase());

    fields.names(&certificate.names());
    fields.add("Usage", usage(certificate));
    let key_usage = certificate.key_usage().map(KeyUsage::names);
    fields.add("Key usage", key_usage.map_or("not limited".to_owned(), |bits| bits.join(", ")));
    fields.add("Key", facts.key_type);
    fields.add("Signed with", certificate.signature_algorithm().name());
    let validity = certificate.validity();
    fields.add("Valid from", both_ways(validity.not_before, now));
    fields.add("Valid until", both_ways(validity.not_after, now));
    if let Some(id) = certificate.subject_key_id() {
        fields.add("Key id", hex(id));
    }
    if let Some(id) = certificate.authority_key_id() {
        fields.add("Issuer's id", hex(id));
    }
    fingerprints(&mut fields, certificate.der());
    let odd: Vec<String> =
        anomaly::of(certificate, now).into_iter().map(|anomaly| anomaly.message).collect();
    fields.list("Anomalies", &odd, LINES);
    fields
}

/// `server (serverAuth)`.
fn usage(certificate: &Certificate) -> String {
    let Some(purposes) = value_text::purposes(certificate) else { return "not limited".to_owned() };
    let words = purposes.join(", ");
    certificate.usage().map_or(words.clone(), |usage| format!("{usage} ({words})"))
}

fn request(request: &Csr) -> Fields {
    let mut fields = Fields::default();
    fields.add("Subject", request.subject().to_string());
    fields.names(&request.names());
    fields.add("Key", request.public_key().kind().to_string());
    fields.add("Key SHA-256", sha256(request.public_key().spki()));
    let signed = request.signature_algorithm().name();
    let by = if request.is_signed_by_its_key() {
        "its own key"
    } else {
        "another key: who asks may not hold this one"
    };
    fields.add("Signed with", format!("{signed}, by {by}"));
    fingerprints(&mut fields, request.der());
    fields
}

fn crl(list: &Crl, now: OffsetDateTime) -> Fields {
    let mut fields = Fields::default();
    fields.add("Issuer", list.issuer().to_string());
    fields.add("Updated", both_ways(list.this_update(), now));
    let next = list.next_update().map(|next| both_ways(next, now));
    fields.add("Next update", next.unwrap_or("not said".to_owned()));
    fields.add("Revoked", count(list.revoked().len(), "certificate"));
    fields.add("Signed with", list.signature_algorithm().name());
    fingerprints(&mut fields, list.der());
    fields
}

fn public_key(key: &PublicKey) -> Fields {
    let mut fields = Fields::default();
    fields.add("Key", key.kind().to_string());
    fields.add("Key SHA-256", sha256(key.spki()));
    fields
}

fn key_kind(key: &PrivateKeySummary) -> String {
    let encrypted = key.form.starts_with("encrypted");
    if encrypted { "encrypted private key" } else { "private key" }.to_owned()
}

fn private(key: &PrivateKeySummary) -> Fields {
    let mut fields = Fields::default();
    fields.add("Key", private_key(key));
    if let Some(public) = &key.public {
        fields.add("Key SHA-256", sha256(public.spki()));
    }
    fields
}

fn reason(reason: &str) -> Fields {
    let mut fields = Fields::default();
    fields.add("Reason", reason);
    fields
}

fn fingerprints(fields: &mut Fields, der: &[u8]) {
    fields.add("SHA-256", sha256(der));
    fields.add("SHA-1", sha1(der));
}

/// Lower-case hexadecimal.
pub(super) fn sha256(octets: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, octets).as_ref())
}

/// Lower-case hexadecimal; to compare with other tools, not to trust.
pub(super) fn sha1(octets: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, octets).as_ref())
}
