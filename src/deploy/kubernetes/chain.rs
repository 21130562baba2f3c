//! A certificate and its chain in the order in which TLS sends them: the key's own first, each
//! followed by its issuer, and no root (RFC 8446 section 4.4.2).

use std::borrow::Cow;

use pki::x509::{certificate::Certificate, key::PublicKey, pem};

use super::secret_files::Content;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The PEM of the chain of the certificate with the public key `key`; `None` if the file has no such
/// certificate.
///
/// A file that is in order stays as it is, octet by octet: then the PEM is borrowed.
pub(crate) fn in_order<'a>(content: &'a Content, key: &PublicKey) -> Option<Cow<'a, [u8]>> {
    let found = &content.certificates;
    let mut chain = vec![found.iter().find(|one| one.public_key() == key)?];
    while let Some(issuer) = next(&chain, found) {
        chain.push(issuer);
    }
    let is_in_order = chain.iter().copied().eq(found)
        && content.private_keys.is_empty()
        && can_be_read_by_all(&content.octets, found.len());
    if is_in_order {
        return Some(Cow::Borrowed(&content.octets));
    }
    let blocks = chain.iter().map(|one| pem::encode("CERTIFICATE", one.der()));
    Some(Cow::Owned(blocks.collect::<String>().into_bytes()))
}

/// The issuer of the last one, unless that is a root.
fn next<'a>(chain: &[&Certificate], found: &'a [Certificate]) -> Option<&'a Certificate> {
    let last = chain.last()?;
    let is_above = |one: &&Certificate| {
        one.subject() == last.issuer() && !one.is_self_issued() && !chain.contains(one)
    };
    let named = || found.iter().filter(is_above);
    // By name alone if no algorithm here can verify the signature.
    named().find(|one| last.is_issued_by(one)).or_else(|| named().next())
}

/// Whether every reader finds `count` certificates: Go's requires each BEGIN at the start of a line,
/// and does not read DER.
fn can_be_read_by_all(text: &[u8], count: usize) -> bool {
    let lines = text.split(|octet| *octet == b'\n');
    !text.starts_with(BYTE_ORDER_MARK)
        && lines.filter(|line| line.trim_ascii_end() == BEGIN).count() == count
}
