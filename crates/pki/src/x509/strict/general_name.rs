//! The names in subjectAltName and nameConstraints that OpenSSL or Go have to read to load a
//! certificate.

use std::net::IpAddr;

use super::{
    fields::{DerFields, only},
    value::{self, DerViolation},
};
use crate::x509::{
    general_name::{
        DIRECTORY_NAME, DNS_NAME, EDI_PARTY_NAME, IP_ADDRESS, OTHER_NAME, REGISTERED_ID,
        RFC822_NAME, URI, X400_ADDRESS, has_sound_escapes, is_prefix, is_scheme,
    },
    tlv::{self, Element, SEQUENCE},
};

/// A name of a subjectAltName.
pub(super) fn check(name: Element<'_>) -> Result<(), DerViolation> {
    let content = name.content;
    match name.tag {
        RFC822_NAME | DNS_NAME => ascii(content),
        URI => ascii(content).and_then(|()| uri(content)),
        IP_ADDRESS if matches!(content.len(), 4 | 16) => Ok(()),
        IP_ADDRESS => Err(ADDRESS),
        _ => of_any_place(name),
    }
}

/// The permitted and excluded subtrees.
pub(super) fn check_constraints(content: &[u8]) -> Result<(), DerViolation> {
    if content.is_empty() {
        return Err(DerViolation::go("no subtree at all"));
    }
    for subtrees in DerFields::of(content)? {
        if subtrees.content.is_empty() {
            return Err(DerViolation::go("an empty list of subtrees"));
        }
        for subtree in DerFields::of(subtrees.content)? {
            let base = DerFields::of(subtree.content)?.next().ok_or(DerViolation::STRUCTURE)?;
            let content = base.content;
            match base.tag {
                // For all of these a dot in front means what is below.
                DNS_NAME | RFC822_NAME | URI => {
                    ascii(content)?;
                    let host = content.rsplit(|octet| *octet == b'@').next().unwrap_or(content);
                    let host = host.strip_prefix(b".").unwrap_or(host);
                    if !host.is_empty() && !is_domain(host) {
                        return Err(DOMAIN);
                    }
                    let address =
                        str::from_utf8(host).ok().and_then(|it| it.parse::<IpAddr>().ok());
                    if base.tag == URI && address.is_some() {
                        return Err(DerViolation::go("a constraint on URIs that is an IP address"));
                    }
                }
                IP_ADDRESS if matches!(content.len(), 8 | 32) => {
                    if !is_prefix(&content[content.len() / 2..]) {
                        return Err(DerViolation::go(
                            "a network mask whose ones do not come first",
                        ));
                    }
                }
                IP_ADDRESS => return Err(ADDRESS),
                _ => of_any_place(base)?,
            }
        }
    }
    Ok(())
}

const ADDRESS: DerViolation = DerViolation::go("an IP address of a wrong length");
const DOMAIN: DerViolation = DerViolation::go("a host name with an empty label or a space");
const REFUSED_URI: DerViolation = DerViolation::go("a URI that cannot be parsed");

fn of_any_place(name: Element<'_>) -> Result<(), DerViolation> {
    match name.tag {
        OTHER_NAME => {
            let mut fields = DerFields::of(name.content)?;
            let kind = fields.next().ok_or(DerViolation::STRUCTURE)?;
            let explicit = fields.expect(OTHER_NAME)?;
            fields.end()?;
            value::object_identifier(kind.content)?;
            match tlv::read(explicit.content) {
                Some((_, [])) => Ok(()),
                _ => Err(DerViolation::STRUCTURE),
            }
        }
        DIRECTORY_NAME => only(name.content, SEQUENCE).map(drop),
        REGISTERED_ID => value::object_identifier(name.content),
        X400_ADDRESS | EDI_PARTY_NAME => value::element(name),
        _ => Err(DerViolation::either("a name of a kind that RFC 5280 does not know")),
    }
}

fn ascii(content: &[u8]) -> Result<(), DerViolation> {
    if content.is_ascii() { Ok(()) } else { Err(DerViolation::go("a name that is not ASCII")) }
}

/// Labels of visible characters; a dot at the end is allowed.
fn is_domain(host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let is_visible = |octet: &u8| (b'!'..=b'~').contains(octet);
    host.split(|octet| *octet == b'.')
        .all(|label| !label.is_empty() && label.iter().all(is_visible))
}

/// What Go's net/url refuses to parse, and crypto/x509 of it: a control character, no scheme before a
/// colon, a wrong escape, a port that is not a number, a host name with an empty label.
fn uri(content: &[u8]) -> Result<(), DerViolation> {
    let is_control = |octet: &u8| octet.is_ascii_control();
    if content.is_empty() || content.iter().any(is_control) {
        return if content.is_empty() { Ok(()) } else { Err(REFUSED_URI) };
    }
    let text = str::from_utf8(content).map_err(|_| REFUSED_URI)?;
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (scheme, rest) = match text.split_once(':') {
        Some(("", _)) => return Err(REFUSED_URI),
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", text),
    };
    let (rest, _query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut is_right = has_sound_escapes(fragment);
    if let Some(rest) = rest.strip_prefix("//").filter(|rest| !rest.starts_with('/')) {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        is_right &= is_authority(authority) && has_sound_escapes(path);
    } else if rest.starts_with('/') {
        is_right &= has_sound_escapes(rest);
    } else if scheme.is_empty() {
        let first = rest.split('/').next().unwrap_or_default();
        is_right &= !first.contains(':') && has_sound_escapes(rest);
    }
    if is_right { Ok(()) } else { Err(REFUSED_URI) }
}

fn is_authority(authority: &str) -> bool {
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let in_user =
        |octet: u8| octet.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&octet);
    let in_host =
        |octet: u8| octet.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]<>\"".contains(&octet);
    let port = match host.rsplit_once(']').map_or(host, |(_, after)| after).rsplit_once(':') {
        Some((_, port)) => port,
        None => "",
    };
    user.bytes().all(in_user)
        && has_sound_escapes(user)
        && host.bytes().all(in_host)
        && host.starts_with('[') == host.contains(']')
        && port.bytes().all(|octet| octet.is_ascii_digit())
        && (host.is_empty() || is_domain(host.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_those_that_go_loads() {
        let cases = [
            ("https://a.example/x?y#z", true),
            ("https://a.example:8443/", true),
            ("https://[::1]:8443/", true),
            ("spiffe://a/b%20c", true),
            ("urn:uuid:1-2", true),
            ("javascript:alert(1)", true),
            ("x y", true),
            ("/a b", true),
            ("", true),
            ("http://a b/", false),
            ("http://a:x/", false),
            ("http://a/%zz", false),
            ("http://a..b/", false),
            ("a/b:c", true),
            ("1a:b", false),
            (":x", false),
            ("http://a/\u{7f}", false),
        ];
        for (text, right) in cases {
            assert_eq!(uri(text.as_bytes()).is_ok(), right, "{text}");
        }
    }
}
