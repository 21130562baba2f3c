//! Reads PEM: each block by its label.

use std::{collections::HashSet, mem, ops::Range};

use zeroize::Zeroizing;

use super::{
    container::Container,
    file_type,
    object::{
        LocatedObject, MALFORMED, MOST_BROKEN, MOST_OBJECTS, ObjectError, PkiObject, ReadResult,
        Unrecognized,
    },
    stray,
};
use crate::x509::{
    der_kind::{self, DerKind},
    key::PrivateKeySummary,
    pem::{self, Block},
};

/// The blocks of a text in order, then what looks like a certificate and is in no block. Parameters
/// and labels that certctl does not know are skipped.
///
/// `between` adds what is before each block, and then what is behind the last one.
pub(super) fn read(
    content: &[u8],
    mut between: impl FnMut(Range<usize>, &mut Vec<LocatedObject>),
) -> ReadResult {
    let mut found = Vec::new();
    let mut broken = 0;
    let mut other = Unrecognized::Nothing;
    let mut lines = HashSet::new();
    let mut end = 0;
    for block in pem::blocks(content) {
        lines.insert(block.line());
        between(end..block.range().start, &mut found);
        end = block.range().end;
        let object = match kind_of(block.label()) {
            _ if is_elided(&block) => continue,
            BlockKind::Container(container) => {
                other = Unrecognized::Container(container);
                PkiObject::broken("PEM block", container)
            }
            BlockKind::Other(name) => {
                let Some(object) = hidden_certificate(&block) else {
                    other = merge(other, name);
                    continue;
                };
                object
            }
            BlockKind::Unknown => match hidden_certificate(&block) {
                Some(object) => object,
                None => continue,
            },
            kind => read_block(&block, kind),
        };
        broken += usize::from(matches!(object, PkiObject::Broken { .. }));
        found.push(LocatedObject { location: None, object, form: block.faults() });
        if broken >= MOST_BROKEN || found.len() >= MOST_OBJECTS {
            found.push(LocatedObject::plain(too_many(broken)));
            return Ok(found);
        }
    }
    between(end..content.len(), &mut found);
    for (line, reason) in stray::certificates(content, &lines) {
        let reason = match reason {
            ObjectError::Other(reason) => format!("{reason} (line {line})").into(),
            reason => reason,
        };
        found.push(LocatedObject::broken("certificate", reason));
    }
    match found.as_slice() {
        [] => Err(other),
        // The file is that and nothing else.
        [
            LocatedObject {
                object: PkiObject::Broken { reason: ObjectError::Container(container), .. },
                ..
            },
        ] => Err(Unrecognized::Container(*container)),
        _ => Ok(found),
    }
}

/// The message in place of the rest of the file.
pub(super) fn too_many(broken: usize) -> PkiObject {
    let reason = if broken >= MOST_BROKEN {
        format!(
            "{MOST_BROKEN} blocks before it cannot be read, so the rest of the file was not read"
        )
    } else {
        format!("certctl reads {MOST_OBJECTS} objects of a file, and not the rest: split it")
    };
    PkiObject::broken("PEM block", reason)
}

/// The name of what a file is, if it has nothing but what certctl skips.
fn merge(before: Unrecognized, name: &'static str) -> Unrecognized {
    match before {
        Unrecognized::Container(_) => before,
        _ if name.contains("PGP") => Unrecognized::Opaque(name),
        _ => Unrecognized::Other(name),
    }
}

/// Whether a block is an example of documentation: it has dots in place of its content.
fn is_elided(block: &Block<'_>) -> bool {
    let body = block.body();
    let is_letter = |octet: &&u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    body.len() < 1024
        && body.iter().filter(is_letter).count() < 256
        && (is_placeholder(body.trim_ascii())
            || ["...", "\u{2026}"].iter().any(|dots| file_type::contains(body, dots.as_bytes())))
}

/// Whether a template or a reader leaves the text to be filled in.
fn is_placeholder(text: &[u8]) -> bool {
    (text.starts_with(b"<") && text.ends_with(b">"))
        || ["{{", "${", "$("].iter().any(|begin| text.starts_with(begin.as_bytes()))
}

/// A certificate under a label that no client knows (`CERTIFCATE`).
fn hidden_certificate(block: &Block<'_>) -> Option<PkiObject> {
    let label = block.label()?;
    let is_typed_wrong = label.contains("CERTIFI") && !label.starts_with("ATTRIBUTE");
    let is_certificate = || {
        let octets = block.decode().ok()?;
        Some(der_kind::of(&octets)?.0 == DerKind::Certificate)
    };
    (is_typed_wrong || is_certificate() == Some(true)).then(|| {
        let reason = format!("no client knows its label (PEM block at line {})", block.line());
        PkiObject::broken("certificate", reason)
    })
}

#[derive(Clone, Copy)]
enum BlockKind {
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
    Container(Container),
    /// It holds no certificate.
    Other(&'static str),
    Unknown,
}

fn kind_of(label: Option<&str>) -> BlockKind {
    let Some(label) = label else { return BlockKind::Unnamed };
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" => BlockKind::Certificate,
        "TRUSTED CERTIFICATE" => BlockKind::TrustedCertificate,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => BlockKind::Request,
        "X509 CRL" => BlockKind::RevocationList,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => BlockKind::PublicKey,
        "PRIVATE KEY"
        | "ENCRYPTED PRIVATE KEY"
        | "RSA PRIVATE KEY"
        | "EC PRIVATE KEY"
        | "DSA PRIVATE KEY"
        | "ANY PRIVATE KEY" => BlockKind::PrivateKey,
        "OPENSSH PRIVATE KEY" => BlockKind::OpenSsh,
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => BlockKind::Container(Container::Pkcs7Pem),
        "AGE ENCRYPTED FILE" => BlockKind::Container(Container::Age),
        "DH PARAMETERS" | "X9.42 DH PARAMETERS" => BlockKind::Other("DH parameters"),
        "EC PARAMETERS" => BlockKind::Other("EC parameters"),
        "DSA PARAMETERS" => BlockKind::Other("DSA parameters"),
        _ if label.starts_with("OpenVPN ") => BlockKind::Other("a static key of OpenVPN"),
        _ if label.starts_with("PGP ") => BlockKind::Other("a PGP key or message"),
        _ => BlockKind::Unknown,
    }
}

impl BlockKind {
    fn what(self) -> &'static str {
        match self {
            Self::Certificate | Self::TrustedCertificate => "certificate",
            Self::Request => "certificate request",
            Self::RevocationList => "revocation list",
            Self::PublicKey => "public key",
            Self::PrivateKey | Self::OpenSsh => "private key",
            Self::Unnamed | Self::Container(_) | Self::Other(_) | Self::Unknown => "PEM block",
        }
    }
}

fn read_block(block: &Block<'_>, kind: BlockKind) -> PkiObject {
    if let BlockKind::Unnamed = kind
        && stray::reason(block.begin()) == ObjectError::EscapedNewlines
    {
        let has = |label: &[u8]| file_type::contains(block.begin(), label);
        // All blocks of the text are in this one line.
        let what = match () {
            () if has(b"CERTIFICATE-----") => "certificate",
            () if has(b"X509 CRL-----") => "revocation list",
            () if has(b"PRIVATE KEY-----") => "private key",
            () => "certificate",
        };
        return PkiObject::broken(what, ObjectError::EscapedNewlines);
    }
    if let BlockKind::PrivateKey = kind
        && block.is_encrypted()
    {
        return PkiObject::PrivateKey(PrivateKeySummary::encrypted(match block.label() {
            Some("RSA PRIVATE KEY") => "encrypted PKCS#1",
            Some("EC PRIVATE KEY") => "encrypted SEC1",
            Some("DSA PRIVATE KEY") => "encrypted DSA",
            _ => "encrypted PEM",
        }));
    }
    let object = match block.decode() {
        Ok(octets) => read_as(kind, octets),
        Err(error) => PkiObject::broken(kind.what(), error.to_string()),
    };
    match object {
        PkiObject::Broken { what, reason } => {
            PkiObject::broken(what, format!("{reason} (PEM block at line {})", block.line()))
        }
        whole => whole,
    }
}

fn read_as(kind: BlockKind, mut octets: Zeroizing<Vec<u8>>) -> PkiObject {
    let form = der_kind::of(&octets);
    let object = match kind {
        // No secret: it may keep the buffer.
        BlockKind::Certificate => PkiObject::certificate(mem::take(&mut *octets)),
        BlockKind::TrustedCertificate => {
            octets.truncate(form.map_or(usize::MAX, |(_, length)| length));
            PkiObject::certificate(mem::take(&mut *octets))
        }
        BlockKind::Request => PkiObject::request(&octets),
        BlockKind::RevocationList => PkiObject::revocation_list(&octets),
        BlockKind::PublicKey => PkiObject::public_key(&octets),
        BlockKind::PrivateKey => PkiObject::private_key(&octets),
        BlockKind::OpenSsh => PrivateKeySummary::from_open_ssh(&octets).map_or_else(
            || PkiObject::broken(kind.what(), "it is malformed"),
            PkiObject::PrivateKey,
        ),
        BlockKind::Unnamed | BlockKind::Container(_) | BlockKind::Other(_) | BlockKind::Unknown => {
            PkiObject::broken(kind.what(), MALFORMED)
        }
    };
    let PkiObject::Broken { what, .. } = object else { return object };
    match form.and_then(|(form, _)| name(form)) {
        Some(other) if other != what => {
            PkiObject::broken(what, format!("its content is a {other}"))
        }
        _ => object,
    }
}

pub(super) fn name(form: DerKind) -> Option<&'static str> {
    Some(match form {
        DerKind::Certificate => "certificate",
        DerKind::Request => "certificate request",
        DerKind::RevocationList => "revocation list",
        DerKind::PublicKey | DerKind::RsaPublicKey => "public key",
        DerKind::PrivateKey => "private key",
        DerKind::Pkcs7 => "PKCS#7 structure",
        DerKind::Pkcs12 => "PKCS#12 structure",
        DerKind::Other => return None,
    })
}
