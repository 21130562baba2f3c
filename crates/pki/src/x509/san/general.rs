//! The `GeneralNames` of certificates from other issuers: all are kept with their DER.

use std::fmt;

use super::{
    San,
    dns::DnsName,
    email_address::EmailAddress,
    error::{Reason, SanError},
    uri::Uri,
};
use crate::x509::{
    escape::{escape_bytes, escape_line},
    general_name::{
        DIRECTORY_NAME, DNS_NAME, EDI_PARTY_NAME, IP_ADDRESS, OTHER_NAME, REGISTERED_ID,
        RFC822_NAME, URI, X400_ADDRESS, ip_address,
    },
    name::{Name, decode_text, hexadecimal},
    tlv::{self, SEQUENCE},
};

/// A name of a certificate, in one of the forms of GeneralName (RFC 5280 section 4.2.1.6). Each
/// variant has the raw DER in `der`, tag and length included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// A name that a client can match. Its DER may differ from that of [`San`], as in
    /// `DNS:LOCALHOST`.
    San {
        /// The name, normalized.
        san: San,
        /// The raw DER.
        der: Vec<u8>,
    },
    /// A DNS name, IP address, URI or email address that no client can match, or that is malformed.
    Unmatchable {
        /// The type, as the configuration of OpenSSL writes it: `DNS`, `IP`, `URI`, `email`.
        label: &'static str,
        /// The value, escaped.
        text: String,
        /// Why no client matches it.
        reason: Reason,
        /// The raw DER.
        der: Vec<u8>,
    },
    /// `[4] directoryName`.
    DirectoryName {
        /// The name.
        name: Name,
        /// The raw DER.
        der: Vec<u8>,
    },
    /// `[0] otherName`, such as a user principal name.
    OtherName {
        /// The field `type-id`, dotted.
        oid: String,
        /// The text of the value; `#` and the DER in hexadecimal if it is not text.
        value: String,
        /// The raw DER.
        der: Vec<u8>,
    },
    /// `[8] registeredID`.
    RegisteredId {
        /// The object identifier, dotted.
        oid: String,
        /// The raw DER.
        der: Vec<u8>,
    },
    /// `[3] x400Address`, not parsed.
    X400Address {
        /// The raw DER.
        der: Vec<u8>,
    },
    /// `[5] ediPartyName`, not parsed.
    EdiPartyName {
        /// The raw DER.
        der: Vec<u8>,
    },
}

/// Reads the value of a `subjectAltName` or `issuerAltName` extension, in order.
///
/// # Errors
///
/// [`SanError::Malformed`] if it is not a SEQUENCE of elements. A malformed name is not an error:
/// [`GeneralName::Unmatchable`].
pub fn parse_general_names(extension_value: &[u8]) -> Result<Vec<GeneralName>, SanError> {
    let content = tlv::read_only(extension_value, SEQUENCE).ok_or(SanError::Malformed)?;
    let elements = tlv::elements(content).ok_or(SanError::Malformed)?;
    Ok(elements.map(GeneralName::read).collect())
}

impl GeneralName {
    /// The raw DER, tag and length included.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        match self {
            Self::San { der, .. }
            | Self::Unmatchable { der, .. }
            | Self::DirectoryName { der, .. }
            | Self::OtherName { der, .. }
            | Self::RegisteredId { der, .. }
            | Self::X400Address { der }
            | Self::EdiPartyName { der } => der,
        }
    }

    /// The name that a client can match, if it is one.
    #[must_use]
    pub fn san(&self) -> Option<&San> {
        match self {
            Self::San { san, .. } => Some(san),
            _ => None,
        }
    }

    fn read(element: tlv::Element<'_>) -> Self {
        let der = element.raw.to_vec();
        let (label, name) = match element.tag {
            X400_ADDRESS => return Self::X400Address { der },
            EDI_PARTY_NAME => return Self::EdiPartyName { der },
            DIRECTORY_NAME => {
                let name = Name::from_der(element.content).ok();
                ("DirName", name.map(|name| Self::DirectoryName { name, der }))
            }
            REGISTERED_ID => {
                let oid = tlv::oid_to_text(element.content);
                ("RegisteredID", oid.map(|oid| Self::RegisteredId { oid, der }))
            }
            OTHER_NAME => {
                let parts = other_name(element.content);
                ("otherName", parts.map(|(oid, value)| Self::OtherName { oid, value, der }))
            }
            _ => return Self::read_san(element),
        };
        name.unwrap_or_else(|| unmatchable(element, label, Reason::Der))
    }

    fn read_san(element: tlv::Element<'_>) -> Self {
        let text = || {
            let text = str::from_utf8(element.content).ok().filter(|text| text.is_ascii());
            text.ok_or(Reason::NotAscii)
        };
        let (label, san) = match element.tag {
            DNS_NAME => ("DNS", text().and_then(DnsName::parse).map(San::Dns)),
            RFC822_NAME => ("email", text().and_then(EmailAddress::parse).map(San::Email)),
            URI => ("URI", text().and_then(Uri::parse).map(San::Uri)),
            IP_ADDRESS => {
                let address = ip_address(element.content).map(San::Ip);
                ("IP", address.ok_or(Reason::Octets(element.content.len())))
            }
            _ => ("unknown", Err(Reason::Kind)),
        };
        match san {
            Ok(san) => Self::San { san, der: element.raw.to_vec() },
            Err(reason) => unmatchable(element, label, reason),
        }
    }
}

/// With the prefix of OpenSSL's configuration, on one line, safe on a terminal.
///
/// A comma in the value is escaped, so that one name never looks like two in a list.
impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_item = |text: &str| text.replace(',', "\\,");
        match self {
            Self::San { san, .. } => write!(f, "{san}"),
            Self::Unmatchable { label, text, .. } => write!(f, "{label}:{}", one_item(text)),
            Self::DirectoryName { name, .. } => write!(f, "DirName:{name}"),
            Self::OtherName { oid, value, .. } => {
                write!(f, "otherName:{oid};{}", one_item(&escape_line(value)))
            }
            Self::RegisteredId { oid, .. } => write!(f, "RID:{oid}"),
            Self::X400Address { der } => write!(f, "X400Name:{}", hexadecimal(der)),
            Self::EdiPartyName { der } => write!(f, "EdiPartyName:{}", hexadecimal(der)),
        }
    }
}

fn unmatchable(element: tlv::Element<'_>, label: &'static str, reason: Reason) -> GeneralName {
    let text = match element.tag {
        DNS_NAME | RFC822_NAME | URI => escape_bytes(element.content),
        IP_ADDRESS => hexadecimal(element.content),
        _ => hexadecimal(element.raw),
    };
    GeneralName::Unmatchable { label, text, reason, der: element.raw.to_vec() }
}

/// The type and the value of an `OtherName`.
fn other_name(content: &[u8]) -> Option<(String, String)> {
    let (oid, rest) = tlv::read(content)?;
    let (value, after) = tlv::read(tlv::read_only(rest, OTHER_NAME)?)?;
    let text = decode_text(value.tag, value.content).unwrap_or_else(|| hexadecimal(value.raw));
    after.is_empty().then_some((oid.oid()?, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(element: &[u8]) -> GeneralName {
        let mut names = parse_general_names(&tlv::write(SEQUENCE, element)).unwrap();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].der(), element);
        names.remove(0)
    }

    #[test]
    fn names_that_certctl_would_issue_are_read_back() {
        let sans = San::parse_list("a.b,*.a.b,1.2.3.4,::1,urn:x,https@b,a@b").unwrap();
        let names = parse_general_names(&San::extension_value(&sans)).unwrap();
        assert_eq!(names.iter().filter_map(GeneralName::san).cloned().collect::<Vec<_>>(), sans);

        let upper = one(&tlv::write(DNS_NAME, b"LocalHost"));
        assert_eq!(upper.to_string(), "DNS:localhost");
        assert_eq!(one(&tlv::write(URI, b"https://a/b")).to_string(), "URI:https://a/b");
    }

    #[test]
    fn names_that_no_client_matches_are_kept_with_the_reason() {
        let cases: [(u8, &[u8], &str, &str); 16] = [
            (
                DNS_NAME,
                b"127.0.0.1",
                "DNS:127.0.0.1",
                "is an IP address, which clients look for as `IP:127.0.0.1`",
            ),
            (DNS_NAME, b"", "DNS:", "is empty"),
            (
                DNS_NAME,
                "bücher.de".as_bytes(),
                "DNS:bücher.de",
                "is not ASCII, as a certificate requires",
            ),
            (
                DNS_NAME,
                b"b\xfccher.de",
                r"DNS:b\xfccher.de",
                "is not ASCII, as a certificate requires",
            ),
            (DNS_NAME, b"a.b.", "DNS:a.b.", "ends in a dot: leave it off"),
            (
                DNS_NAME,
                b"a, DNS:evil",
                r"DNS:a\, DNS:evil",
                "holds a space (U+0020), which no DNS name can hold",
            ),
            (
                DNS_NAME,
                b"a\0b\x1b[1m",
                r"DNS:a\u{0}b\u{1b}[1m",
                "holds U+0000, which no DNS name can hold",
            ),
            (
                DNS_NAME,
                "a\u{202e}b".as_bytes(),
                r"DNS:a\u{202e}b",
                "is not ASCII, as a certificate requires",
            ),
            (
                RFC822_NAME,
                b"example.com",
                "email:example.com",
                "is not an email address of the form `user@host`",
            ),
            (
                URI,
                b"x y",
                "URI:x y",
                "holds a space (U+0020), which no URI (unless percent-encoded) can hold",
            ),
            (IP_ADDRESS, b"", "IP:#", "is 0 octets long, an IP address has 4 or 16"),
            (
                IP_ADDRESS,
                b"\x0a\0\0\0\xff\0\0\0",
                "IP:#0A000000FF000000",
                "is 8 octets long, an IP address has 4 or 16",
            ),
            (DIRECTORY_NAME, b"x", "DirName:#A40178", "is not valid DER"),
            (REGISTERED_ID, b"\x80", "RegisteredID:#880180", "is not valid DER"),
            (OTHER_NAME, b"\x06\x01\x2a", "otherName:#A00306012A", "is not valid DER"),
            (0x0c, b"a", "unknown:#0C0161", "is of no kind that RFC 5280 knows"),
        ];

        for (tag, content, shown, expected) in cases {
            let name = one(&tlv::write(tag, content));
            assert_eq!(name.to_string(), shown);
            assert!(name.san().is_none());
            match name {
                GeneralName::Unmatchable { reason, .. } => {
                    let reason = reason.to_string();
                    assert!(reason.starts_with(expected), "{shown}: {reason}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn names_of_other_kinds_are_kept() {
        let directory = crate::x509::name::parse_subject("/O=a, b/CN=c").unwrap();
        let upn = b"\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03\xa0\x05\x0c\x03a,b";
        let raw = b"\x06\x01\x2a\xa0\x02\x05\x00";
        let cases: [(u8, &[u8], &str); 6] = [
            (DIRECTORY_NAME, directory.der(), r"DirName:CN=c,O=a\, b"),
            (REGISTERED_ID, b"\x2a\x03\x04", "RID:1.2.3.4"),
            (OTHER_NAME, upn, r"otherName:1.3.6.1.4.1.311.20.2.3;a\,b"),
            (OTHER_NAME, raw, "otherName:1.2;#0500"),
            (X400_ADDRESS, b"\x05\0", "X400Name:#A3020500"),
            (EDI_PARTY_NAME, b"\x05\0", "EdiPartyName:#A5020500"),
        ];

        for (tag, content, expected) in cases {
            let name = one(&tlv::write(tag, content));
            assert_eq!(name.to_string(), expected);
            assert!(!matches!(name, GeneralName::Unmatchable { .. }), "{name:?}");
        }
    }

    #[test]
    fn only_a_broken_sequence_is_an_error() {
        assert_eq!(parse_general_names(&[0x30, 0]), Ok(vec![]));
        for value in [&[][..], &[0x31, 0], &[0x30, 1], &[0x30, 0, 0], &[0x30, 2, 0x82, 1]] {
            assert_eq!(parse_general_names(value), Err(SanError::Malformed), "{value:02x?}");
        }
    }

    #[test]
    fn no_truncated_or_flipped_extension_panics_and_no_octet_is_lost() {
        let sans = San::parse_list("a.b,*.a.b,1.2.3.4,::1,spiffe://a/b%20,a@b").unwrap();
        let directory = crate::x509::name::parse_subject("/O=a/CN=b").unwrap();
        let mut content: Vec<u8> = sans.iter().flat_map(San::general_name).collect();
        content.extend(tlv::write(DIRECTORY_NAME, directory.der()));
        content.extend(tlv::write(OTHER_NAME, b"\x06\x01\x2a\xa0\x03\x0c\x01a"));
        content.extend(tlv::write(REGISTERED_ID, b"\x2a\x03\x04"));
        content.extend(tlv::write(X400_ADDRESS, &[5; 200]));
        let value = tlv::write(SEQUENCE, &content);

        for end in 0..value.len() {
            assert!(parse_general_names(&value[..end]).is_err(), "cut at {end}");
        }
        for bit in 0..value.len() * 8 {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let Ok(names) = parse_general_names(&flipped) else { continue };
            let kept: Vec<u8> = names.iter().flat_map(|name| name.der().to_vec()).collect();
            assert_eq!(tlv::write(SEQUENCE, &kept), flipped, "bit {bit}");
            for line in names.iter().map(GeneralName::to_string) {
                assert!(!line.chars().any(crate::x509::escape::is_hidden), "bit {bit}: {line:?}");
            }
        }
    }
}
