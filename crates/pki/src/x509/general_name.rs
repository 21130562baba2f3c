//! The encoding of a GeneralName (RFC 5280 section 4.2.1.6): its tags, and the checks that all its
//! readers share.

use std::net::IpAddr;

// The tags, context-specific.
pub(super) const OTHER_NAME: u8 = 0xA0;
pub(super) const RFC822_NAME: u8 = 0x81;
pub(super) const DNS_NAME: u8 = 0x82;
pub(super) const X400_ADDRESS: u8 = 0xA3;
pub(super) const DIRECTORY_NAME: u8 = 0xA4;
pub(super) const EDI_PARTY_NAME: u8 = 0xA5;
pub(super) const URI: u8 = 0x86;
pub(super) const IP_ADDRESS: u8 = 0x87;
pub(super) const REGISTERED_ID: u8 = 0x88;

/// The address of an iPAddress; `None` unless it has 4 or 16 octets.
pub(super) fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}

/// Whether the ones of a network mask come first.
pub(super) fn is_prefix(mask: &[u8]) -> bool {
    let mut ended = false;
    for octet in mask {
        if ended && *octet != 0 || octet.leading_ones() + octet.trailing_zeros() < 8 {
            return false;
        }
        ended |= *octet != 0xFF;
    }
    true
}

/// Whether a text is the scheme of a URI (RFC 3986 section 3.1).
pub(super) fn is_scheme(text: &str) -> bool {
    let is_allowed = |octet: u8| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet);
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(is_allowed)
}

/// Whether two hexadecimal digits follow each `%`.
pub(super) fn has_sound_escapes(text: &str) -> bool {
    let is_escape =
        |tail: &[u8]| tail.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.as_bytes().split(|octet| *octet == b'%').skip(1).all(is_escape)
}
