//! PEM (RFC 7468): certificates and other blocks, read and written.

mod base64;
pub(super) mod block;
mod form;

use std::{mem, ops::Range};

pub(super) use self::base64::public_lines;
use self::block::content_name;
pub(crate) use self::block::{find, is_certificate, next_line};
pub use self::{
    base64::base64,
    block::{Block, BlockError, Blocks, blocks, encode},
    form::PemFault,
};
use super::{
    certificate::{Certificate, CertificateError},
    tlv::{self, SEQUENCE},
};

/// Why a text has no certificate that can be read. The messages follow the name of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PemError {
    /// The text is empty or white space.
    #[error("it is empty")]
    Empty,
    /// The text has PEM blocks, but none is a certificate; what the first one is.
    #[error("it holds no certificate, but {0}")]
    Other(String),
    /// The text has no PEM block and is not DER.
    #[error("it holds no PEM block and is not DER")]
    NoPem,
    /// A PEM block is malformed.
    #[error("its PEM is broken: {0}")]
    Broken(BlockError),
    /// OpenSSL does not read the layout of a block.
    #[error("its PEM has {0}, and OpenSSL and what is built on it cannot read that")]
    Form(PemFault),
    /// A block is not a certificate in DER.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

/// The certificates of a file, each as DER: all CERTIFICATE blocks in order, or the file itself if
/// it is DER. The DER is not parsed: [`super::certificate::Certificate::from_der`] does that.
///
/// Text around the blocks, a byte order mark and CRLF are accepted.
///
/// # Errors
///
/// [`PemError`] if the file has no certificate, or OpenSSL 3.0 does not read a block.
pub fn certificates(content: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(PemError::Empty);
    }
    if content[0] == SEQUENCE && find(content, b"-----BEGIN").is_none() {
        return Ok(vec![content.to_vec()]);
    }
    let mut certificates = Vec::new();
    let mut other = None;
    for block in blocks(content) {
        match block.label() {
            None => return Err(PemError::Broken(BlockError::Begin)),
            Some(label) if is_certificate(label) => {
                certificates.push(certificate(&block).map_err(PemError::Broken)?);
            }
            Some(label) => other = other.or(Some(content_name(label).unwrap_or("something else"))),
        }
        if let Some(fault) = block.faults().into_iter().find(|fault| !fault.is_read_by_openssl()) {
            return Err(PemError::Form(fault));
        }
    }
    match other {
        _ if !certificates.is_empty() => Ok(certificates),
        Some(other) => Err(PemError::Other(other.to_owned())),
        None => Err(PemError::NoPem),
    }
}

impl Certificate {
    /// Reads every certificate of a PEM text in order, or one certificate in DER: [`certificates`]
    /// and [`Certificate::from_der`].
    ///
    /// ```
    /// use certctl_pki::x509::{certificate::Certificate, pem::PemError};
    ///
    /// # let pem = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
    /// let certificates = Certificate::all_from_pem(pem)?;
    /// assert_eq!(certificates[0].names()[0].to_string(), "DNS:localhost");
    /// assert_eq!(Certificate::all_from_pem(b""), Err(PemError::Empty));
    /// # Ok::<(), PemError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PemError`] of the first block that cannot be read, or if the file has no certificate.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, PemError> {
        certificates(text)?.into_iter().map(|der| Ok(Self::from_der(der)?)).collect()
    }
}

/// The DER of a block; of a TRUSTED CERTIFICATE without the trust settings that follow it.
pub(crate) fn certificate(block: &Block<'_>) -> Result<Vec<u8>, BlockError> {
    // A certificate is public: it need not be wiped.
    let mut der = mem::take(&mut *block.decode()?);
    if block.label() == Some("TRUSTED CERTIFICATE")
        && let Some((first, _)) = tlv::read(&der)
    {
        der.truncate(first.raw.len());
    }
    Ok(der)
}

/// The content of a file, PEM or DER, with the certificate `old` (DER) replaced by `new` (DER). All
/// other octets stay. A file without `old` is replaced as a whole.
#[must_use]
pub fn replace_certificate(content: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let is_old = |block: &Block<'_>| {
        block.label().is_some_and(is_certificate)
            && certificate(block).is_ok_and(|found| found == old)
    };
    let Some(place) = blocks(content).find(is_old).map(|block| block.range()) else {
        // DER: the certificate is the file.
        return new.to_vec();
    };
    let block = encode("CERTIFICATE", new);
    [&content[..place.start], block.trim_end().as_bytes(), &content[place.end..]].concat()
}

/// Whether a PEM text has more than white space outside of its blocks. DER has no blocks, and is not text.
#[must_use]
pub fn has_text(content: &[u8]) -> bool {
    if blocks(content).next().is_none() {
        return false;
    }
    let mut at = 0;
    let mut is_text = |range: Range<usize>| {
        let gap = content.get(at..range.start).unwrap_or_default();
        at = range.end;
        !gap.trim_ascii().is_empty()
    };
    blocks(content).any(|block| is_text(block.range())) || is_text(content.len()..content.len())
}

/// Whether a text has a private key in any PEM form, by its label. Nothing is decoded.
#[must_use]
pub fn holds_private_key(content: &[u8]) -> bool {
    find(content, b"PRIVATE KEY-----").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_found_among_other_text() {
        let block = encode("CERTIFICATE", b"one");
        let text = format!("\u{feff}subject=x\r\n{}junk\n{block}", block.replace('\n', "\r\n"));

        assert_eq!(certificates(text.as_bytes()).unwrap(), [b"one".to_vec(), b"one".to_vec()]);
    }

    #[test]
    fn text_is_what_is_outside_of_the_blocks() {
        let block = encode("CERTIFICATE", b"one");
        for (text, expected) in [
            (format!("{block}\n\r\n{block}"), false),
            (format!("# web\n{block}"), true),
            (format!("{block}# web\n{block}"), true),
            (format!("{block}{block}# web"), true),
            ("0\u{3}\u{2}\u{1}\u{1}".to_owned(), false),
        ] {
            assert_eq!(has_text(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_certificate_is_replaced_after_text_that_is_similar() {
        let text = format!("see -----BEGIN CERTIFICATE-----\n{}", encode("CERTIFICATE", b"old"));

        let replaced = replace_certificate(text.as_bytes(), b"old", b"new");

        assert_eq!(certificates(&replaced), Ok(vec![b"new".to_vec()]));
        assert!(replaced.starts_with(b"see "));
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let key = encode("PRIVATE KEY", b"k");
        let cut = encode("CERTIFICATE", b"one").replace("-----END CERTIFICATE-----", "");
        let cases: [(&[u8], PemError); 4] = [
            (b" \n", PemError::Empty),
            (b"hello", PemError::NoPem),
            (key.as_bytes(), PemError::Other("a private key".into())),
            (cut.as_bytes(), PemError::Broken(BlockError::MissingEnd)),
        ];

        for (content, expected) in cases {
            assert_eq!(certificates(content), Err(expected));
        }
    }
}
