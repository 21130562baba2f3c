//! PEM: each block by what it says it is.

use std::mem;

use zeroize::Zeroizing;

use super::{Broken, Found, KeyFacts, MALFORMED, Thing, Unknown};
use crate::x509::{
    form::{self, Form},
    pem::{self, Block},
};

/// The blocks of a text in order. Parameters and labels that nobody knows are passed over.
pub(super) fn read(content: &[u8]) -> Result<Vec<Found>, Unknown> {
    let mut found = Vec::new();
    let mut other = Unknown::Nothing;
    for block in pem::blocks(content) {
        match kind_of(block.label()) {
            Some(Kind::Foreign(name)) => other = Unknown::Foreign(name),
            Some(kind) => {
                let thing = read_block(&block, kind);
                found.push(Found { within: None, thing, form: block.faults() });
            }
            None => {}
        }
    }
    if found.is_empty() { Err(other) } else { Ok(found) }
}

#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    /// OpenSSL's: what it is trusted for follows the certificate.
    TrustedCertificate,
    Request,
    RevocationList,
    PublicKey,
    PrivateKey,
    OpenSsh,
    /// The BEGIN line is malformed.
    Unnamed,
    Foreign(&'static str),
}

fn kind_of(label: Option<&str>) -> Option<Kind> {
    let Some(label) = label else { return Some(Kind::Unnamed) };
    Some(match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => Kind::Certificate,
        "TRUSTED CERTIFICATE" => Kind::TrustedCertificate,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Kind::Request,
        "X509 CRL" => Kind::RevocationList,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Kind::PublicKey,
        "PRIVATE KEY"
        | "ENCRYPTED PRIVATE KEY"
        | "RSA PRIVATE KEY"
        | "EC PRIVATE KEY"
        | "DSA PRIVATE KEY"
        | "ANY PRIVATE KEY" => Kind::PrivateKey,
        "OPENSSH PRIVATE KEY" => Kind::OpenSsh,
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Kind::Foreign("a PKCS#7 file"),
        _ if label.starts_with("PGP ") => Kind::Foreign("a PGP key or message"),
        _ => return None,
    })
}

impl Kind {
    fn what(self) -> &'static str {
        match self {
            Self::Certificate | Self::TrustedCertificate => "certificate",
            Self::Request => "certificate request",
            Self::RevocationList => "revocation list",
            Self::PublicKey => "public key",
            Self::PrivateKey | Self::OpenSsh => "private key",
            Self::Unnamed | Self::Foreign(_) => "PEM block",
        }
    }
}

fn read_block(block: &Block<'_>, kind: Kind) -> Thing {
    if let Kind::PrivateKey = kind
        && block.is_encrypted()
    {
        return Thing::PrivateKey(KeyFacts::encrypted(match block.label() {
            Some("RSA PRIVATE KEY") => "encrypted PKCS#1",
            Some("EC PRIVATE KEY") => "encrypted SEC1",
            Some("DSA PRIVATE KEY") => "encrypted DSA",
            _ => "encrypted PEM",
        }));
    }
    let thing = match block.decode() {
        Ok(octets) => read_as(kind, octets),
        Err(error) => Thing::broken(kind.what(), error.to_string()),
    };
    match thing {
        Thing::Broken { what, reason } => Thing::Broken {
            what,
            reason: Broken::Other(format!("{reason} (PEM block at line {})", block.line())),
        },
        whole => whole,
    }
}

fn read_as(kind: Kind, mut octets: Zeroizing<Vec<u8>>) -> Thing {
    let form = form::of(&octets);
    let thing = match kind {
        // No secret: it may keep the buffer.
        Kind::Certificate => Thing::certificate(mem::take(&mut *octets)),
        Kind::TrustedCertificate => {
            octets.truncate(form.map_or(usize::MAX, |(_, length)| length));
            Thing::certificate(mem::take(&mut *octets))
        }
        Kind::Request => Thing::request(&octets),
        Kind::RevocationList => Thing::revocation_list(&octets),
        Kind::PublicKey => Thing::public_key(&octets),
        Kind::PrivateKey => Thing::private_key(&octets),
        Kind::OpenSsh => KeyFacts::from_open_ssh(&octets)
            .map_or_else(|| Thing::broken(kind.what(), "it is malformed"), Thing::PrivateKey),
        Kind::Unnamed | Kind::Foreign(_) => Thing::broken(kind.what(), MALFORMED),
    };
    let Thing::Broken { what, .. } = thing else { return thing };
    match form.and_then(|(form, _)| name(form)) {
        Some(other) if other != what => {
            Thing::broken(what, format!("under its label lies a {other}"))
        }
        _ => thing,
    }
}

fn name(form: Form) -> Option<&'static str> {
    Some(match form {
        Form::Certificate => "certificate",
        Form::Request => "certificate request",
        Form::RevocationList => "revocation list",
        Form::PublicKey | Form::RsaPublicKey => "public key",
        Form::PrivateKey => "private key",
        Form::Pkcs7 => "PKCS#7 structure",
        Form::Pkcs12 => "PKCS#12 structure",
        Form::Other => return None,
    })
}
