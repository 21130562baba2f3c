//! PEM in and out.

mod base64;
mod block;

use rustls_pki_types::pem::{self, SectionKind};

pub(crate) use base64::base64;
pub(crate) use block::{Block, blocks};

use super::tlv::SEQUENCE;

/// Why a text holds no certificate that could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PemError {
    #[error("it is empty")]
    Empty,
    #[error("it holds no certificate, but {0}")]
    Other(String),
    #[error("it holds no PEM block and is not DER")]
    NoPem,
    #[error("its PEM is broken: {0}")]
    Broken(&'static str),
}

/// The certificates of a file, DER each: every CERTIFICATE block in order, or the file itself if it is DER.
///
/// Text before, between and after the blocks, a byte order mark and CRLF are no matter.
pub(crate) fn certificates(content: &[u8]) -> Result<Vec<Vec<u8>>, PemError> {
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(PemError::Empty);
    }
    if content[0] == SEQUENCE && !contains(content, b"-----BEGIN") {
        return Ok(vec![content.to_vec()]);
    }
    let mut certificates = Vec::new();
    let mut others = Vec::new();
    let mut rest = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    loop {
        match pem::from_buf(&mut rest) {
            Ok(None) => break,
            Ok(Some((SectionKind::Certificate, der))) => certificates.push(der),
            Ok(Some((kind, _))) => others.push(kind_name(kind)),
            Err(error) => return Err(PemError::Broken(explain(&error))),
        }
    }
    match others.first() {
        _ if !certificates.is_empty() => Ok(certificates),
        Some(other) => Err(PemError::Other((*other).to_owned())),
        None => Err(PemError::NoPem),
    }
}

/// The content of a file with one of its certificates replaced; all else stays as it is.
pub(crate) fn replace_certificate(content: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    const END: &[u8] = b"-----END CERTIFICATE-----";
    let mut start = 0;
    while let Some(begin) = find(&content[start..], BEGIN).map(|at| start + at) {
        let Some(end) = find(&content[begin..], END).map(|at| begin + at + END.len()) else {
            break;
        };
        // What looks like a BEGIN line before that is text, or a block that was cut off.
        let begin = begin + rfind(&content[begin..end], BEGIN).unwrap_or_default();
        if certificates(&content[begin..end]).is_ok_and(|found| found == [old]) {
            let block = encode("CERTIFICATE", new);
            return [&content[..begin], block.trim_end().as_bytes(), &content[end..]].concat();
        }
        start = end;
    }
    // DER: the certificate is the file.
    new.to_vec()
}

/// Whether a text holds a private key in any PEM form.
pub(crate) fn holds_private_key(content: &[u8]) -> bool {
    contains(content, b"PRIVATE KEY-----")
}

/// A PEM block of 64 columns with a newline at its end.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der)
        .expect("a label of ours, and an octet string that fits in memory")
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).rposition(|window| window == needle)
}

const fn kind_name(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Crl => "a revocation list",
        SectionKind::Csr => "a certificate request",
        SectionKind::PublicKey => "a public key",
        SectionKind::RsaPrivateKey | SectionKind::PrivateKey | SectionKind::EcPrivateKey => {
            "a private key"
        }
        _ => "something else",
    }
}

const fn explain(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::MissingSectionEnd { .. } => "its END line is missing",
        pem::Error::IllegalSectionStart { .. } => "a BEGIN line is malformed",
        pem::Error::Base64Decode(_) => "its base64 is malformed",
        _ => "it cannot be read",
    }
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
    fn a_certificate_is_replaced_behind_text_that_looks_like_one() {
        let text = format!("see -----BEGIN CERTIFICATE-----\n{}", encode("CERTIFICATE", b"old"));

        let replaced = replace_certificate(text.as_bytes(), b"old", b"new");

        assert_eq!(certificates(&replaced), Ok(vec![b"new".to_vec()]));
        assert!(replaced.starts_with(b"see "));
    }

    #[test]
    fn what_holds_no_certificate_is_told_by_name() {
        let key = encode("PRIVATE KEY", b"k");
        let cut = encode("CERTIFICATE", b"one").replace("-----END CERTIFICATE-----", "");
        let cases: [(&[u8], PemError); 4] = [
            (b" \n", PemError::Empty),
            (b"hello", PemError::NoPem),
            (key.as_bytes(), PemError::Other("a private key".into())),
            (cut.as_bytes(), PemError::Broken("its END line is missing")),
        ];

        for (content, expected) in cases {
            assert_eq!(certificates(content), Err(expected));
        }
    }
}
