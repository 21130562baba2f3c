//! Why a text or an extension is not a SAN.

use std::net::IpAddr;

use crate::x509::escape::{describe, escape_line};

/// Why a text or an extension is not a SAN. The messages are lower-case fragments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SanError {
    /// An item of a list is empty.
    #[error("a name is empty")]
    Empty,

    /// A value is refused.
    #[error("`{}` {reason}", escape_line(value))]
    Refused {
        /// The value.
        value: String,
        /// Why.
        reason: Reason,
    },

    /// The extension is not a SEQUENCE of elements in DER.
    #[error("the subjectAltName extension is not valid DER")]
    Malformed,
}

/// Why a value is refused. The message follows the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It is empty.
    #[error("is empty")]
    Empty,
    /// It has a character that is not allowed.
    #[error("holds {}, which no {kind} can hold", describe(*character))]
    Character {
        /// The first such character.
        character: char,
        /// The type of the value, such as `DNS name`.
        kind: &'static str,
    },
    /// It is not ASCII.
    #[error("is not ASCII, as a certificate requires")]
    NotAscii,
    /// A DNS name with an empty label.
    #[error("has an empty label: it begins with a dot or has two in a row")]
    EmptyLabel,
    /// A DNS name that ends in a dot.
    #[error("ends in a dot: leave it off")]
    TrailingDot,
    /// A label over 63 characters; its length.
    #[error("has a label of {0} characters, at most 63 are allowed")]
    LabelLength(usize),
    /// A DNS name over 253 characters; its length.
    #[error("is {0} characters long, at most 253 are allowed")]
    Length(usize),
    /// A label that begins or ends with a hyphen.
    #[error("has a label that begins or ends with a hyphen")]
    Hyphen,
    /// More than one label, for a domainComponent.
    #[error("is more than one label: give each a DC of its own")]
    Labels,
    /// Not valid by UTS 46.
    #[error("is not a valid internationalised name (UTS 46)")]
    Idna,
    /// The last label is a number.
    #[error("ends in a number, which no domain does: is it a mistyped IP address?")]
    Number,
    /// A wildcard with fewer than two labels after it.
    #[error("is too wide: a wildcard needs at least two labels behind it, as in `*.example.com`")]
    WildcardWide,
    /// A wildcard that is not the whole left-most label (RFC 9525 section 6.3).
    #[error("has a wildcard that is not the whole left-most label, as in `*.example.com`")]
    WildcardPlace,
    /// An email address with a wildcard.
    #[error("has a wildcard, which no email address can have")]
    WildcardEmail,
    /// An IP address as a DNS name.
    #[error("is an IP address, which clients look for as `IP:{0}` and not among the DNS names")]
    AddressAsDns(IpAddr),
    /// Not an IP address.
    #[error("is not an IP address")]
    Address,
    /// An IPv6 address with a zone.
    #[error(
        "has a zone, which means something on one machine only: leave the `%` and the zone off"
    )]
    Zone,
    /// A range of IP addresses.
    #[error("cannot be used: an address range cannot be a subjectAltName")]
    Range,
    /// A host with a port.
    #[error("has a port, which a SAN cannot have: leave the port off")]
    Port,
    /// An unknown prefix before the colon.
    #[error("has an unknown prefix: known are DNS:, IP:, URI: and email:")]
    Prefix,
    /// A URL without the prefix `URI:`.
    #[error("is a web address: give its host alone, or put `URI:` before it if the whole is meant")]
    WebAddress,
    /// A URI without a scheme (RFC 3986 section 3.1).
    #[error("has no scheme, as `spiffe://example.org/service` has one")]
    Scheme,
    /// A URI with `//` and without a host.
    #[error("has no host behind its `//`")]
    UriHost,
    /// A `%` that is not followed by two hexadecimal digits.
    #[error("has a `%` without two hexadecimal digits behind it")]
    Percent,
    /// Not an email address of the form `user@host`.
    #[error("is not an email address of the form `user@host`")]
    Email,
    /// An encoded IP address that has neither 4 nor 16 octets; their number.
    #[error("is {0} octets long, an IP address has 4 or 16")]
    Octets(usize),
    /// A tag that is not one of GeneralName.
    #[error("is of no kind that RFC 5280 knows")]
    Kind,
    /// Not valid DER.
    #[error("is not valid DER")]
    Der,
}
