//! Metrics for the text file collector of Prometheus, with the names of x509-certificate-exporter.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use pki::{
    input::{LocatedObject, PkiObject},
    x509::{
        certificate::Certificate, escape::escape_line, hex::hex, name::Name, serial::magnitude,
        validity::Validity,
    },
};
use time::OffsetDateTime;

use super::collector::{Entry, FileReport};

/// Longer serials, in octets, are shown in hexadecimal.
const SERIAL_OCTETS: usize = 64;
/// Characters of an attribute's value.
const VALUE: usize = 256;

/// All metrics. Two certificates with the same labels would make the whole text invalid: the one
/// that expires first represents both.
pub(super) fn render<'a>(
    reports: impl Iterator<Item = &'a FileReport>,
    failed: impl Iterator<Item = &'a Path>,
    now: OffsetDateTime,
) -> Vec<u8> {
    let mut samples: BTreeMap<String, Validity> = BTreeMap::new();
    let mut files: BTreeMap<String, bool> = BTreeMap::new();
    for report in reports {
        let place = place(&report.path);
        files.entry(place.clone()).or_insert(false);
        for entry in &report.entries {
            let Entry::Whole(LocatedObject {
                location: within,
                object: PkiObject::Certificate(certificate),
                ..
            }) = entry
            else {
                continue;
            };
            let validity = certificate.validity();
            let within = within.as_ref().map(ToString::to_string);
            let labels = labels(&place, within.as_deref(), certificate);
            let kept = samples.entry(labels).or_insert(*validity);
            if validity.not_after < kept.not_after {
                *kept = *validity;
            }
        }
    }
    for path in failed {
        files.insert(place(path), true);
    }

    let now = now.unix_timestamp();
    let mut text = String::new();
    let mut metric = |name: &str, help: &str, value: &dyn Fn(&Validity) -> i64| {
        head(&mut text, name, help);
        for (labels, validity) in &samples {
            let _ = writeln!(text, "{name}{{{labels}}} {}", value(validity));
        }
    };
    metric("x509_cert_not_before", "When the certificate begins, in seconds since 1970", &|it| {
        it.not_before.unix_timestamp()
    });
    metric("x509_cert_not_after", "When the certificate ends, in seconds since 1970", &|it| {
        it.not_after.unix_timestamp()
    });
    metric("x509_cert_expired", "Whether the certificate has expired, 0 or 1", &|it| {
        i64::from(it.not_after.unix_timestamp() < now)
    });
    metric("x509_cert_expires_in_seconds", "How long the certificate still lasts", &|it| {
        it.not_after.unix_timestamp() - now
    });
    head(&mut text, "x509_cert_error", "Whether the file could not be read, 0 or 1");
    for (labels, failed) in &files {
        let _ = writeln!(text, "x509_cert_error{{{labels}}} {}", u8::from(*failed));
    }
    text.into_bytes()
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn place(path: &Path) -> String {
    let file = path.file_name().map_or_else(|| path.to_string_lossy(), |it| it.to_string_lossy());
    let path = path.to_string_lossy();
    format!("filename=\"{}\",filepath=\"{}\"", escape(&file), escape(&path))
}

fn labels(place: &str, within: Option<&str>, certificate: &Certificate) -> String {
    let mut labels = place.to_owned();
    if let Some(within) = within {
        let _ = write!(labels, ",within=\"{}\"", escape(within));
    }
    let serial = decimal(certificate.serial_octets());
    let _ = write!(labels, ",serial_number=\"{serial}\"");
    attributes(&mut labels, "issuer", certificate.issuer());
    attributes(&mut labels, "subject", certificate.subject());
    labels
}

/// `,subject_CN="a",subject_OU="b, c"`: a label for each attribute that has a short name.
fn attributes(labels: &mut String, of: &str, name: &Name) {
    let mut values: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for attribute in name.attributes().into_iter().flatten() {
        if let Some(kind) = attribute.kind() {
            let value: String = attribute.value.chars().take(VALUE).collect();
            values.entry(kind.keyword()).or_default().push(value);
        }
    }
    for (keyword, values) in values {
        let _ = write!(labels, ",{of}_{keyword}=\"{}\"", escape(&values.join(", ")));
    }
}

/// A label's value as the exposition format has it, with hidden characters escaped.
fn escape(value: &str) -> String {
    escape_line(value).replace('\\', "\\\\").replace('"', "\\\"")
}

/// A serial as x509-certificate-exporter writes it: decimal, with its sign.
fn decimal(octets: &[u8]) -> String {
    if octets.len() > SERIAL_OCTETS {
        return format!("0x{}", hex(octets));
    }
    let (mut number, negative) = magnitude(octets);
    let mut digits = Vec::new();
    while number.iter().any(|octet| *octet != 0) {
        let mut rest = 0;
        for octet in &mut number {
            let dividend = rest * 256 + u16::from(*octet);
            *octet = u8::try_from(dividend / 10).unwrap_or_default();
            rest = dividend % 10;
        }
        digits.push(char::from(b'0' + u8::try_from(rest).unwrap_or_default()));
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if negative {
        digits.push('-');
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_decimal_numbers() {
        let cases: [(&[u8], &str); 9] = [
            (&[], "0"),
            (&[0], "0"),
            (&[1], "1"),
            (&[0, 255], "255"),
            (&[255], "-1"),
            (&[128], "-128"),
            (&[255, 0], "-256"),
            (&[1, 0, 0], "65536"),
            (&[0x7f; 8], "9187201950435737471"),
        ];
        for (octets, expected) in cases {
            assert_eq!(decimal(octets), expected, "{octets:?}");
        }
        assert!(decimal(&[1; 65]).starts_with("0x0101"));
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escape("a\"b, \u{fc}"), "a\\\"b, \u{fc}");
        // Hidden characters are escaped first, then each backslash is doubled.
        assert_eq!(escape("a\\b\nc\u{202e}"), r"a\\\\b\\nc\\u{202e}");
    }
}
