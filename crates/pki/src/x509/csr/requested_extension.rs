//! The types of the extensions that a request has.

use x509_parser::{
    extensions::{ParsedExtension, X509Extension},
    prelude::FromDer,
};

use super::Csr;
use crate::x509::{
    certificate::{Extension, purposes},
    oid,
    san::{GeneralName, parse_general_names},
    usage::{KeyUsage, Usage},
};

/// One requested extension, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestedExtension {
    /// `basicConstraints`: its `cA`.
    Ca(bool),
    /// `keyUsage`.
    KeyUsage(KeyUsage),
    /// `extendedKeyUsage`: its key purposes, dotted.
    Purposes(Vec<String>),
    /// `subjectAltName`: its names.
    Names(Vec<GeneralName>),
    /// `subjectKeyIdentifier`. OpenSSL writes it unasked; the issuer computes its own.
    KeyId,
    /// An extension of one of the types above, malformed.
    Unreadable,
    /// An extension of another type.
    Unknown,
}

impl Csr {
    /// Every requested extension with its parsed content, in order.
    pub fn requested(&self) -> impl Iterator<Item = (&Extension, RequestedExtension)> {
        self.extensions().iter().map(|extension| (extension, RequestedExtension::of(extension)))
    }

    /// The sides of TLS that the requested `extendedKeyUsage` allows. `None` without it, and if it
    /// allows neither.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.requested().find_map(|(_, asked)| match asked {
            RequestedExtension::Purposes(purposes) => Usage::of_purposes(&purposes),
            _ => None,
        })
    }
}

impl RequestedExtension {
    fn of(extension: &Extension) -> Self {
        match extension.oid.as_str() {
            oid::SUBJECT_ALT_NAME => {
                parse_general_names(&extension.value).map_or(Self::Unreadable, Self::Names)
            }
            oid::SUBJECT_KEY_ID => Self::KeyId,
            oid::BASIC_CONSTRAINTS | oid::KEY_USAGE | oid::EXTENDED_KEY_USAGE => parsed(extension),
            _ => Self::Unknown,
        }
    }
}

fn parsed(extension: &Extension) -> RequestedExtension {
    let Ok((_, parsed)) = X509Extension::from_der(&extension.der) else {
        return RequestedExtension::Unreadable;
    };
    match parsed.parsed_extension() {
        ParsedExtension::BasicConstraints(constraints) => RequestedExtension::Ca(constraints.ca),
        ParsedExtension::KeyUsage(usage) => RequestedExtension::KeyUsage(KeyUsage(usage.flags)),
        ParsedExtension::ExtendedKeyUsage(_) => purposes(&extension.value)
            .map_or(RequestedExtension::Unreadable, RequestedExtension::Purposes),
        _ => RequestedExtension::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_extension_is_parsed_or_unreadable() {
        let cases: [(&str, &[u8], RequestedExtension); 12] = [
            (oid::BASIC_CONSTRAINTS, &[0x30, 0], RequestedExtension::Ca(false)),
            (oid::BASIC_CONSTRAINTS, &[0x30, 3, 1, 1, 0xFF], RequestedExtension::Ca(true)),
            (oid::BASIC_CONSTRAINTS, &[0x31, 0], RequestedExtension::Unreadable),
            (oid::KEY_USAGE, &[3, 2, 5, 0xA0], RequestedExtension::KeyUsage(KeyUsage(0b101))),
            (oid::KEY_USAGE, &[3, 9, 5], RequestedExtension::Unreadable),
            (
                oid::EXTENDED_KEY_USAGE,
                &[0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1],
                RequestedExtension::Purposes(vec![oid::SERVER_AUTH.to_owned()]),
            ),
            (oid::EXTENDED_KEY_USAGE, &[0x30, 2, 6, 1], RequestedExtension::Unreadable),
            (oid::SUBJECT_ALT_NAME, &[0x30, 0], RequestedExtension::Names(Vec::new())),
            (oid::SUBJECT_ALT_NAME, &[0x30, 1, 0x82], RequestedExtension::Unreadable),
            (oid::SUBJECT_KEY_ID, &[4, 1, 0], RequestedExtension::KeyId),
            (oid::NAME_CONSTRAINTS, &[0x30, 0], RequestedExtension::Unknown),
            ("1.2.3.4", &[5, 0], RequestedExtension::Unknown),
        ];
        for (oid, value, expected) in cases {
            let extension = Extension::new(oid, false, value.to_vec());
            assert_eq!(RequestedExtension::of(&extension), expected, "{oid} {value:02x?}");
        }
    }
}
