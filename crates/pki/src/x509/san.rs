//! SANs (`subjectAltName`, RFC 5280 section 4.2.1.6): those to issue, and those that a certificate
//! has.

mod dns;
mod email_address;
mod error;
mod general;
mod uri;

use std::{collections::HashSet, fmt, net::IpAddr, str::FromStr};

pub(super) use self::dns::host_label;
pub use self::{
    dns::DnsName,
    email_address::EmailAddress,
    error::{Reason, SanError},
    general::{GeneralName, parse_general_names},
    uri::Uri,
};
use super::{
    general_name,
    tlv::{self, SEQUENCE},
};

/// A SAN that a TLS client can match: a DNS name, an IP address, a URI or an email address.
///
/// A value is checked when it is created. It is ASCII, and host names are in lower case without a
/// trailing dot, so that equal names have equal values.
///
/// ```
/// use certctl_pki::x509::san::San;
///
/// let san: San = "bücher.example".parse()?;
/// assert_eq!(san.to_string(), "DNS:xn--bcher-kva.example");
/// assert_eq!("IP:::1".parse::<San>()?, "[::1]".parse()?);
/// // No client matches it: the last label is a number.
/// assert!("DNS:10.0.0.1".parse::<San>().is_err());
/// # Ok::<(), certctl_pki::x509::san::SanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum San {
    /// `dNSName`.
    Dns(DnsName),
    /// `iPAddress`.
    Ip(IpAddr),
    /// `uniformResourceIdentifier`.
    Uri(Uri),
    /// `rfc822Name`.
    Email(EmailAddress),
}

impl San {
    /// Reads a list that is separated by commas; blanks around them are ignored. A comma in a URI
    /// must be written `%2C`.
    ///
    /// # Errors
    ///
    /// [`SanError`] of the first item that is empty or refused by [`San::from_str`].
    pub fn parse_list(text: &str) -> Result<Vec<Self>, SanError> {
        text.split(',').map(|item| item.trim_matches(' ').parse()).collect()
    }

    /// The value without the prefix of its type.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Dns(name) => name.as_str().to_owned(),
            Self::Ip(address) => address.to_string(),
            Self::Uri(uri) => uri.as_str().to_owned(),
            Self::Email(address) => address.as_str().to_owned(),
        }
    }

    /// The DER of a `GeneralName` ([RFC 5280 section 4.2.1.6]).
    ///
    /// [RFC 5280 section 4.2.1.6]: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
    #[must_use]
    pub fn general_name(&self) -> Vec<u8> {
        match self {
            Self::Email(address) => {
                tlv::write(general_name::RFC822_NAME, address.as_str().as_bytes())
            }
            Self::Dns(name) => tlv::write(general_name::DNS_NAME, name.as_str().as_bytes()),
            Self::Uri(uri) => tlv::write(general_name::URI, uri.as_str().as_bytes()),
            Self::Ip(IpAddr::V4(address)) => {
                tlv::write(general_name::IP_ADDRESS, &address.octets())
            }
            Self::Ip(IpAddr::V6(address)) => {
                tlv::write(general_name::IP_ADDRESS, &address.octets())
            }
        }
    }

    /// The DER of `GeneralNames`: the content of the extension's OCTET STRING.
    pub fn extension_value(sans: &[Self]) -> Vec<u8> {
        let names: Vec<u8> = sans.iter().flat_map(Self::general_name).collect();
        tlv::write(SEQUENCE, &names)
    }
}

/// Reads `DNS:…`, `IP:…`, `URI:…` or `email:…` (the prefix in any case), else a value without
/// prefix.
///
/// Without prefix, an IP address (IPv6 also in brackets), `scheme://…`, `urn:…` and a value with
/// `@` are recognized; every other value is a DNS name. A value that no TLS client can match is
/// refused.
impl FromStr for San {
    type Err = SanError;

    fn from_str(text: &str) -> Result<Self, SanError> {
        if text.is_empty() {
            return Err(SanError::Empty);
        }
        recognise(text).map_err(|reason| SanError::Refused { value: text.to_owned(), reason })
    }
}

/// With the prefix, `DNS:localhost`; [`FromStr`] reads it.
impl fmt::Display for San {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self {
            Self::Dns(_) => "DNS",
            Self::Ip(_) => "IP",
            Self::Uri(_) => "URI",
            Self::Email(_) => "email",
        };
        write!(f, "{prefix}:{}", self.value())
    }
}

/// Every name once, in the order of its first occurrence.
#[must_use]
pub fn dedup(mut sans: Vec<San>) -> Vec<San> {
    let mut seen = HashSet::new();
    sans.retain(|san| seen.insert(san.clone()));
    sans
}

/// A commonName as a SAN: an IP address, an email address or a DNS name.
///
/// `None` if it is none of these, such as `My Service`. Prefixes and URIs are not recognized.
pub fn san_of_common_name(common_name: &str) -> Option<San> {
    if let Ok(address) = common_name.parse() {
        return Some(San::Ip(address));
    }
    if common_name.contains('@') {
        return EmailAddress::parse(common_name).ok().map(San::Email);
    }
    // `Müller` is a person; `müller.example` is a host.
    let is_person = !common_name.is_ascii() && !common_name.contains('.');
    if is_person { None } else { DnsName::parse(common_name).ok().map(San::Dns) }
}

fn recognise(text: &str) -> Result<San, Reason> {
    if let Some((prefix, value)) = text.split_once(':') {
        let prefix = prefix.to_ascii_lowercase();
        let is_kind = matches!(&*prefix, "dns" | "ip" | "ip address" | "uri" | "email");
        if is_kind && value.is_empty() {
            return Err(Reason::Empty);
        }
        match &*prefix {
            "dns" => return DnsName::parse(value).map(San::Dns),
            "uri" => return Uri::parse(value).map(San::Uri),
            "email" => return EmailAddress::parse(value).map(San::Email),
            // The longer one is what `openssl x509 -text` prints.
            "ip" | "ip address" => return address(value).map(San::Ip),
            "http" | "https" if value.starts_with("//") => return Err(Reason::WebAddress),
            "urn" => return Uri::parse(text).map(San::Uri),
            _ if value.starts_with("//") => return Uri::parse(text).map(San::Uri),
            _ => {}
        }
    }

    if let Some(address) = literal(text) {
        return Ok(San::Ip(address));
    }
    if text.contains('@') {
        return EmailAddress::parse(text).map(San::Email);
    }
    DnsName::parse(text).map(San::Dns)
}

fn address(text: &str) -> Result<IpAddr, Reason> {
    let mistake = || match dns::mistaken_address(text) {
        Some(reason @ (Reason::Zone | Reason::Range | Reason::Port)) => reason,
        _ => Reason::Address,
    };
    literal(text).ok_or_else(mistake)
}

/// An IP address as std reads it (four decimal numbers without leading zeros, or IPv6 without a
/// zone).
fn literal(text: &str) -> Option<IpAddr> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(inner) => inner.parse().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn san(text: &str) -> San {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_type_of_a_san_is_recognized_by_its_prefix_or_form() {
        let cases = [
            ("localhost", "DNS:localhost"),
            ("DNS:localhost", "DNS:localhost"),
            ("dns:A.Example", "DNS:a.example"),
            ("127.0.0.1", "IP:127.0.0.1"),
            ("ip:127.0.0.1", "IP:127.0.0.1"),
            ("IP Address:127.0.0.1", "IP:127.0.0.1"),
            ("::1", "IP:::1"),
            ("[::1]", "IP:::1"),
            ("IP:[::1]", "IP:::1"),
            ("2001:DB8:0:0::1", "IP:2001:db8::1"),
            ("::ffff:1.2.3.4", "IP:::ffff:1.2.3.4"),
            ("spiffe://Example.org/ns/A", "URI:spiffe://example.org/ns/A"),
            ("SPIFFE://u@H:80?A#B", "URI:spiffe://u@h:80?A#B"),
            ("urn:uuid:F81D", "URI:urn:uuid:F81D"),
            ("URI:https://example.com/", "URI:https://example.com/"),
            ("uri:tag:x,y", "URI:tag:x,y"),
            ("Ops.Team+x@Example.COM", "email:Ops.Team+x@example.com"),
            ("EMAIL:root@localhost", "email:root@localhost"),
            ("a@bücher.example", "email:a@xn--bcher-kva.example"),
        ];

        for (text, expected) in cases {
            let san = san(text);
            assert_eq!(san.to_string(), expected, "{text}");
            assert_eq!(expected.split_once(':').unwrap().1, san.value());
            assert_eq!(expected.parse(), Ok(san), "{text} as displayed");
        }
    }

    #[test]
    fn what_no_client_could_match_is_refused_with_the_reason() {
        let cases = [
            ("", "a name is empty"),
            ("DNS:", "`DNS:` is empty"),
            ("IP:", "`IP:` is empty"),
            ("IP:localhost", "is not an IP address"),
            ("IP:010.0.0.1", "is not an IP address"),
            ("fe80:::1", "is not an IP address"),
            ("[127.0.0.1]", "which no DNS name can hold"),
            ("::1%eth0", "leave the `%` and the zone off"),
            ("IP:fe80::1%eth0", "leave the `%` and the zone off"),
            ("[fe80::1%1]", "leave the `%` and the zone off"),
            ("10.0.0.0/8", "an address range cannot be a subjectAltName"),
            ("IP:10.0.0.0/8", "an address range cannot be a subjectAltName"),
            ("10.0/16", "an address range cannot be a subjectAltName"),
            ("fd00::/8", "an address range cannot be a subjectAltName"),
            ("host:8080", "leave the port off"),
            ("DNS:host:8080", "leave the port off"),
            ("127.0.0.1:443", "leave the port off"),
            ("[::1]:443", "leave the port off"),
            ("IP:[::1]:443", "leave the port off"),
            ("DNS:127.0.0.1", "which clients look for as `IP:127.0.0.1`"),
            ("DNS:::1", "which clients look for as `IP:::1`"),
            ("RID:1.2.3", "has an unknown prefix: known are DNS:, IP:, URI: and email:"),
            ("https://localhost", "is a web address: give its host alone"),
            ("HTTP://localhost/x", "is a web address: give its host alone"),
            ("DNS:https://x", "has an unknown prefix"),
            ("a/b", "holds `/` (U+002F), which no DNS name can hold"),
            ("URI:x", "has no scheme"),
            ("URI:/x", "has no scheme"),
            ("URI:1a:x", "has no scheme"),
            ("URI:urn:", "is empty"),
            ("spiffe://", "has no host"),
            ("file:///etc", "has no host"),
            ("spiffe://:80/", "has no host"),
            ("spiffe://a b", "holds a space (U+0020)"),
            ("spiffe://bücher.example", "holds `ü` (U+00FC), which no URI"),
            ("spiffe://a/%2", "has a `%` without two"),
            ("spiffe://a/%zz", "has a `%` without two"),
            ("spiffe://a/\n", "holds U+000A"),
            ("@host", "is not an email address"),
            ("a@", "is not an email address"),
            ("a@b@c", "is not an email address"),
            ("a..b@c", "is not an email address"),
            (".a@c", "is not an email address"),
            ("email:host", "is not an email address"),
            ("a b@c", "holds a space (U+0020), which no email address can hold"),
            ("\"a\"@c", "which no email address can hold"),
            ("jürgen@c", "holds `ü` (U+00FC), which no email address can hold"),
            ("a@*.b.c", "has a wildcard, which no email address can have"),
            ("a@1.2.3.4", "which clients look for as"),
            ("a@b:25", "leave the port off"),
            ("a@b.", "ends in a dot"),
        ];

        for (text, expected) in cases {
            let error = text.parse::<San>().expect_err(text).to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(!error.ends_with('.') && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn an_error_names_the_value_and_escapes_it() {
        let error = "a\u{202e}\n\x1b[1m".parse::<San>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r"`a\u{202e}\n\u{1b}[1m` holds U+000A, which no DNS name can hold"
        );
    }

    #[test]
    fn a_list_accepts_commas_and_spaces_but_not_an_empty_item() {
        let sans = San::parse_list("a, IP:::1,DNS:b ").unwrap();
        assert_eq!(sans, [san("a"), san("::1"), san("b")]);

        for text in ["", "a,,b", "a,", ",a", " "] {
            assert_eq!(San::parse_list(text), Err(SanError::Empty), "{text:?}");
        }
    }

    #[test]
    fn duplicates_are_dropped_in_any_spelling() {
        let list = "A.example,::1,b,a.EXAMPLE,0:0::1,[::1],A@b,a@B,a@b,bücher.de,xn--bcher-kva.de";
        let sans = dedup(San::parse_list(list).unwrap());
        let text: Vec<String> = sans.iter().map(San::value).collect();
        assert_eq!(text, ["a.example", "::1", "b", "A@b", "a@b", "xn--bcher-kva.de"]);
    }

    #[test]
    fn the_der_is_that_of_rfc_5280() {
        let sans = San::parse_list("a,1.2.3.4,::1,urn:x,a@b").unwrap();
        let expected: &[u8] = b"\x30\x27\x82\x01a\x87\x04\x01\x02\x03\x04\x87\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x86\x05urn:x\x81\x03a@b";
        assert_eq!(San::extension_value(&sans), expected);
        assert_eq!(San::extension_value(&[]), [0x30, 0]);
    }

    #[test]
    fn a_common_name_is_a_san_if_it_is_a_host_name_or_an_email_address() {
        let cases = [
            ("localhost", Some("DNS:localhost")),
            ("My_Service", Some("DNS:my_service")),
            ("127.0.0.1", Some("IP:127.0.0.1")),
            ("::1", Some("IP:::1")),
            ("*.example.com", Some("DNS:*.example.com")),
            ("ops@example.com", Some("email:ops@example.com")),
            ("My Service", None),
            ("localhost CA", None),
            ("DNS:localhost", None),
            ("spiffe://a/b", None),
            ("Doe, John", None),
            ("a@b@c", None),
            ("1.2.3", None),
            ("", None),
        ];

        for (common_name, expected) in cases {
            let san = san_of_common_name(common_name).map(|san| san.to_string());
            assert_eq!(san.as_deref(), expected, "{common_name}");
        }
    }
}
