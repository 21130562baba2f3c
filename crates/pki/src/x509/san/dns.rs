//! DNS names by the rules with which TLS clients match them (RFC 9525).

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use super::error::{Reason, SanError};

/// A DNS name or wildcard that a TLS client can match.
///
/// In lower case, with A-labels, without a trailing dot. Labels have letters, digits, hyphens and
/// underscores: an underscore is not allowed by RFC 952, but docker compose creates such names, and
/// OpenSSL, Go and rustls match them. A wildcard is the whole left-most label before at least two
/// more ([RFC 9525 section 6.3]).
///
/// A name whose last label is a number is refused: no such domain exists, and it is nearly always a
/// mistyped IP address.
///
/// [RFC 9525 section 6.3]: https://www.rfc-editor.org/rfc/rfc9525#section-6.3
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DnsName(String);

const KIND: &str = "DNS name";

impl DnsName {
    /// The name in lower case, ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it begins with `*.`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err(Reason::Empty);
        }
        let is_blank = |character: &char| character.is_whitespace() || character.is_control();
        if let Some(character) = text.chars().find(is_blank) {
            return Err(Reason::Character { character, kind: KIND });
        }
        if let Some(reason) = mistaken_address(text) {
            return Err(reason);
        }

        let wildcard = text.strip_prefix("*.");
        let host = wildcard.unwrap_or(text);
        if text == "*" {
            return Err(Reason::WildcardWide);
        }
        if host.contains('*') {
            return Err(Reason::WildcardPlace);
        }

        let host = ascii(host)?;
        check_labels(&host)?;
        if wildcard.is_some() && !host.contains('.') {
            return Err(Reason::WildcardWide);
        }
        let name = if wildcard.is_some() { format!("*.{host}") } else { host };
        if name.len() > 253 {
            return Err(Reason::Length(name.len()));
        }
        Ok(Self(name))
    }
}

impl FromStr for DnsName {
    type Err = SanError;

    fn from_str(text: &str) -> Result<Self, SanError> {
        Self::parse(text).map_err(|reason| SanError::Refused { value: text.to_owned(), reason })
    }
}

/// One label as a `domainComponent` takes it ([RFC 4519 section 2.4]): letters, digits and hyphens.
///
/// Kept as typed, for its case is part of a name; an internationalised one becomes an A-label.
///
/// [RFC 4519 section 2.4]: https://www.rfc-editor.org/rfc/rfc4519#section-2.4
pub(in crate::x509) fn host_label(text: &str) -> Result<String, Reason> {
    let wrong = |character: &char| !(character.is_ascii_alphanumeric() || *character == '-');
    let unfit =
        |character: &char| wrong(character) && (character.is_ascii() || character.is_control());
    if text.contains('.') {
        return Err(Reason::Labels);
    }
    if let Some(character) = text.chars().find(unfit) {
        return Err(Reason::Character { character, kind: "domain label" });
    }

    let label = ascii(text)?;
    if label.contains('.') {
        return Err(Reason::Labels);
    }
    check_label(&label)?;
    if let Some(character) = label.chars().find(wrong) {
        return Err(Reason::Character { character, kind: "domain label" });
    }
    Ok(if label.eq_ignore_ascii_case(text) { text.to_owned() } else { label })
}

/// What was meant as an address, or has a part that no name has; none where a host name may follow.
pub(super) fn mistaken_address(text: &str) -> Option<Reason> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Reason::AddressAsDns(address));
    }
    if let Some((address, _)) = text.split_once('%')
        && address.trim_start_matches('[').parse::<Ipv6Addr>().is_ok()
    {
        return Some(Reason::Zone);
    }
    if let Some((address, _)) = text.split_once('/')
        && (address.parse::<IpAddr>().is_ok() || is_numeric(address))
    {
        return Some(Reason::Range);
    }

    let (host, port) = text.rsplit_once(':')?;
    let is_one_host = !host.contains(':') || host.ends_with(']');
    if is_one_host && port.bytes().all(|octet| octet.is_ascii_digit()) {
        return Some(Reason::Port);
    }
    Some(if is_one_host { Reason::Prefix } else { Reason::Address })
}

/// Lower case and A-labels, as browsers make them (UTS 46, non-transitional).
fn ascii(host: &str) -> Result<String, Reason> {
    // The allowed ASCII is checked afterwards, where the character can be named.
    let ascii = Uts46::new().to_ascii(
        host.as_bytes(),
        AsciiDenyList::EMPTY,
        Hyphens::Allow,
        DnsLength::Ignore,
    );
    ascii.map(std::borrow::Cow::into_owned).map_err(|_| Reason::Idna)
}

fn check_labels(host: &str) -> Result<(), Reason> {
    let is_allowed = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-' | '_' | '.');
    if let Some(character) = host.chars().find(|character| !is_allowed(*character)) {
        return Err(Reason::Character { character, kind: KIND });
    }
    if host.is_empty() || host.starts_with('.') || host.contains("..") {
        return Err(Reason::EmptyLabel);
    }
    if host.ends_with('.') {
        return Err(Reason::TrailingDot);
    }
    host.split('.').try_for_each(check_label)?;
    let last = host.rsplit('.').next().unwrap_or(host);
    if ends_as_number(last) { Err(Reason::Number) } else { Ok(()) }
}

fn check_label(label: &str) -> Result<(), Reason> {
    if label.len() > 63 {
        return Err(Reason::LabelLength(label.len()));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(Reason::Hyphen);
    }
    Ok(())
}

/// Decimal, or hexadecimal as browsers still read it in an address (`0x7f.1`, `0x7f000001`).
fn ends_as_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x");
    label.bytes().all(|octet| octet.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_hexdigit()))
}

fn is_numeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_brought_into_one_form() {
        let longest = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        let cases = [
            ("localhost", "localhost"),
            ("Server.Example.COM", "server.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("fuß.example", "xn--fu-hia.example"),
            ("書籍。example", "xn--rovu88b.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("*.bücher.example", "*.xn--bcher-kva.example"),
            ("*.a.b", "*.a.b"),
            ("my_service", "my_service"),
            ("_dmarc.example.com", "_dmarc.example.com"),
            ("r3---sn-x.example", "r3---sn-x.example"),
            ("qdrant-0.qdrant-headless", "qdrant-0.qdrant-headless"),
            ("1password.com", "1password.com"),
            ("1.a", "1.a"),
            ("0xyz", "0xyz"),
            (&longest, &longest),
        ];

        for (text, expected) in cases {
            assert_eq!(DnsName::parse(text), Ok(DnsName(expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn names_that_no_client_matches_are_refused() {
        let character = |character| Reason::Character { character, kind: KIND };
        let label_of_64 = format!("{}.example", "a".repeat(64));
        let name_of_254 = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(62));
        let wildcard_of_254 = format!("*.{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(60));
        let cases = [
            ("", Reason::Empty),
            (".", Reason::EmptyLabel),
            ("a..b", Reason::EmptyLabel),
            (".a", Reason::EmptyLabel),
            ("a..", Reason::EmptyLabel),
            ("a.b.", Reason::TrailingDot),
            ("localhost.", Reason::TrailingDot),
            ("-a", Reason::Hyphen),
            ("a-.b", Reason::Hyphen),
            ("a.-", Reason::Hyphen),
            ("a b", character(' ')),
            (" a", character(' ')),
            ("a\tb", character('\t')),
            ("a\n", character('\n')),
            ("a\0b", character('\0')),
            ("a\u{a0}b", character('\u{a0}')),
            ("a\u{3000}b", character('\u{3000}')),
            ("a,b", character(',')),
            ("a#b", character('#')),
            ("a@b", character('@')),
            ("[::1", Reason::Address),
            (&label_of_64, Reason::LabelLength(64)),
            (&name_of_254, Reason::Length(254)),
            (&wildcard_of_254, Reason::Length(254)),
            ("*", Reason::WildcardWide),
            ("*.com", Reason::WildcardWide),
            ("*.localhost", Reason::WildcardWide),
            ("*.*.a.b", Reason::WildcardPlace),
            ("f*o.a.b", Reason::WildcardPlace),
            ("*o.a.b", Reason::WildcardPlace),
            ("a.*.b", Reason::WildcardPlace),
            ("**.a.b", Reason::WildcardPlace),
            ("*.", Reason::EmptyLabel),
            ("1.2.3", Reason::Number),
            ("010.0.0.1", Reason::Number),
            ("256.1.1.1", Reason::Number),
            ("12345", Reason::Number),
            ("0x7f.1", Reason::Number),
            ("0x7f000001", Reason::Number),
            ("a.0xff", Reason::Number),
            ("*.0.0.1", Reason::Number),
            ("a.1", Reason::Number),
            ("xn--", Reason::Idna),
            ("xn--a.example", Reason::Idna),
            ("xn--BCHER-.example", Reason::Idna),
            ("a\u{200d}b.example", Reason::Idna),
            ("\u{fffd}.example", Reason::Idna),
        ];

        for (text, expected) in cases {
            assert_eq!(DnsName::parse(text), Err(expected), "{text:?}");
        }
    }
}
