//! The blocks of a PEM text, one by one (RFC 7468): a malformed block does not hide the others.

use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    base64::{base64, public_lines},
    form::{self, PemFault},
};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// No label in use is longer.
const LABEL_LIMIT: usize = 64;

/// One block, not decoded: from its BEGIN line to its END line, or to the next BEGIN line.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    label: Option<&'a str>,
    /// What follows `-----BEGIN ` in its line.
    begin: &'a [u8],
    /// Of its BEGIN line, counted from 1.
    line: usize,
    body: &'a [u8],
    end: Ending,
    /// From the BEGIN line to the END line.
    whole: &'a [u8],
    /// The offset of that in the text.
    at: usize,
    /// What is wrong before BEGIN on its line.
    fault: Option<PemFault>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Right,
    Wrong,
    Missing,
}

/// Why a block has no octets. The message follows the name of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// The BEGIN line is malformed.
    #[error("its BEGIN line is malformed")]
    Begin,
    /// The END line is missing.
    #[error("its END line is missing")]
    MissingEnd,
    /// The END line has another label than the BEGIN line.
    #[error("its END line does not fit its BEGIN line")]
    WrongEnd,
    /// The base64 is malformed.
    #[error("its base64 is malformed")]
    Base64,
    /// The block has no octets.
    #[error("it is empty")]
    Empty,
}

/// All blocks of a text, in order.
///
/// A byte order mark, indentation, line ends of any kind and text around the blocks are accepted:
/// [`Block::faults`] reports which programs do not read them.
#[must_use]
pub fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { text, at: 0, line: 0, is_joined: false }
}

/// The iterator of [`blocks`].
pub struct Blocks<'a> {
    text: &'a [u8],
    /// Where the next line begins.
    at: usize,
    /// The number of lines before it.
    line: usize,
    /// It is the rest of the last block's END line.
    is_joined: bool,
}

impl<'a> Block<'a> {
    /// The label, such as `CERTIFICATE`; `None` if the BEGIN line is malformed.
    #[must_use]
    pub fn label(&self) -> Option<&'a str> {
        self.label
    }

    /// The rest of the line after `-----BEGIN `, also if it is not a label. It may be a key.
    pub(crate) fn begin(&self) -> &'a [u8] {
        self.begin
    }

    /// The text between the BEGIN and the END line. It may be a key.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The line number of the BEGIN line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The octets of the text that the block fills, BEGIN and END line included.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.at..self.at + self.whole.len()
    }

    /// The departures from the layout that all programs read; empty if there are none.
    #[must_use]
    pub fn faults(&self) -> Vec<PemFault> {
        let label = match self.label {
            Some("X509 CERTIFICATE") => Some(PemFault::X509Label),
            Some("TRUSTED CERTIFICATE") => Some(PemFault::TrustedLabel),
            _ => None,
        };
        let mut faults = form::faults(self.whole);
        // Keys were encrypted so before PKCS#8, and OpenSSL reads those.
        if !self.is_public() {
            faults.retain(|fault| *fault != PemFault::Header);
        }
        self.fault.into_iter().chain(faults).chain(label).collect()
    }

    /// Whether it is encrypted in the form that OpenSSL used before PKCS#8 (RFC 1421 section
    /// 4.6.1.1).
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.split().0.split(|octet| b"\r\n".contains(octet)).any(|line| {
            line.trim_ascii().strip_prefix(b"Proc-Type:").is_some_and(|value| {
                value.trim_ascii().strip_prefix(b"4,").is_some_and(|kind| kind == b"ENCRYPTED")
            })
        })
    }

    /// The octets, in a buffer that is wiped.
    ///
    /// # Errors
    ///
    /// [`BlockError`] if a line is malformed or missing, or the base64 is.
    pub fn decode(&self) -> Result<Zeroizing<Vec<u8>>, BlockError> {
        if self.label.is_none() {
            return Err(BlockError::Begin);
        }
        match self.end {
            Ending::Right => {}
            Ending::Wrong => return Err(BlockError::WrongEnd),
            Ending::Missing => return Err(BlockError::MissingEnd),
        }
        let text = self.split().1;
        let mut octets = Zeroizing::new(Vec::new());
        let public = self.is_public().then(|| public_lines(text, &mut octets)).flatten();
        match public {
            Some(filled) => octets.truncate(filled),
            None => octets = base64(text).ok_or(BlockError::Base64)?,
        }
        if octets.is_empty() { Err(BlockError::Empty) } else { Ok(octets) }
    }

    /// Whether its content is public, so that decoding need not take constant time.
    fn is_public(&self) -> bool {
        self.label.is_some_and(|label| !label.contains("PRIVATE"))
    }

    /// Its headers, which end with an empty line, and its base64.
    fn split(&self) -> (&'a [u8], &'a [u8]) {
        let mut rest = self.body;
        let mut is_headed = false;
        while let Some((line, after)) = next_line(rest) {
            is_headed |= line.contains(&b':');
            if !is_headed && !line.is_empty() {
                break;
            }
            rest = after;
            if is_headed && line.is_empty() {
                return self.body.split_at(self.body.len() - rest.len());
            }
        }
        (&[], self.body)
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        // A byte order mark is one at the start of the text, or right behind a block.
        let mut may_be_mark = true;
        loop {
            let at = self.at;
            let joined = std::mem::take(&mut self.is_joined).then_some(PemFault::Joined);
            let line = self.take_line()?;
            match line.strip_prefix(BYTE_ORDER_MARK) {
                Some(line) if may_be_mark && line.starts_with(BEGIN) => {
                    let label = line.strip_prefix(BEGIN)?;
                    let mark = Some(PemFault::ByteOrderMark);
                    return self.block(at + BYTE_ORDER_MARK.len(), label, mark);
                }
                _ => may_be_mark = false,
            }
            let Some(before) = find(line, BEGIN) else { continue };
            let label = line.get(before + BEGIN.len()..)?;
            if before == 0 {
                return self.block(at, label, joined);
            }
            let at = self.offset_of(at, before)?;
            if self.has_end(label) {
                return self.block(at, label, Some(PemFault::TextBeforeBegin));
            }
        }
    }
}

impl<'a> Blocks<'a> {
    fn take_line(&mut self) -> Option<&'a [u8]> {
        let (line, rest) = next_line(self.text.get(self.at..)?)?;
        self.at = self.text.len() - rest.len();
        self.line += 1;
        Some(line)
    }

    /// The offset of what is so far behind the white space with which the line at `at` begins.
    fn offset_of(&self, at: usize, within: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        Some(at + rest.len() - rest.trim_ascii_start().len() + within)
    }

    /// Whether the next line with dashes is the END line of a block with that label.
    fn has_end(&self, label: &[u8]) -> bool {
        let mut rest = self.text.get(self.at..).unwrap_or_default();
        while let Some((line, after)) = next_line(rest) {
            if find(line, DASHES).is_some() {
                return line.strip_prefix(END) == Some(label);
            }
            rest = after;
        }
        false
    }

    /// The block whose BEGIN line was taken last, and is at `begin`.
    fn block(
        &mut self,
        begin: usize,
        label: &'a [u8],
        fault: Option<PemFault>,
    ) -> Option<Block<'a>> {
        let (body, line) = (self.at, self.line);
        let (mut body_end, mut whole_end) = (self.text.len(), self.text.len());
        let mut end = Ending::Missing;
        loop {
            let here = self.at;
            let Some(next) = self.take_line() else { break };
            if next.starts_with(BEGIN) {
                (body_end, whole_end) = (here, here);
                (self.at, self.line) = (here, self.line - 1);
                break;
            }
            let Some(rest) = next.strip_prefix(END) else { continue };
            // The next block may begin on the same line, where the newline between them is missing.
            let joined = find(rest, BEGIN);
            let own = rest.get(..joined.unwrap_or(rest.len()))?;
            body_end = here;
            whole_end = self.offset_of(here, END.len() + own.len())?;
            end = if own == label { Ending::Right } else { Ending::Wrong };
            if joined.is_some() {
                (self.at, self.line) = (whole_end, self.line - 1);
                self.is_joined = true;
            }
            break;
        }
        Some(Block {
            label: read_label(label),
            line,
            body: self.text.get(body..body_end)?,
            end,
            whole: self.text.get(begin..whole_end)?,
            at: begin,
            begin: label,
            fault,
        })
    }
}

/// The first line without the white space around it, and what follows; `None` at the end.
pub(crate) fn next_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if text.is_empty() {
        return None;
    }
    let end = text.iter().position(|octet| matches!(octet, b'\n' | b'\r')).unwrap_or(text.len());
    let (line, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
    Some((line.trim_ascii(), rest))
}

/// Where `part` is in a text.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let (first, rest) = part.split_first()?;
    let mut at = 0;
    loop {
        let left = text.get(at..)?;
        at += left.iter().position(|octet| octet == first)? + 1;
        if text.get(at..)?.starts_with(rest) {
            return Some(at - 1);
        }
    }
}

/// The label of a BEGIN line; `None` if it is malformed. It cannot have octets of a key.
fn read_label(line: &[u8]) -> Option<&str> {
    let label = std::str::from_utf8(line.strip_suffix(DASHES)?).ok()?;
    // The one program that writes small letters.
    if label.starts_with("OpenVPN ") && label.len() <= LABEL_LIMIT {
        return Some(label);
    }
    let is_fit = |octet: u8| matches!(octet, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'#' | b'.');
    (label.len() <= LABEL_LIMIT && label.bytes().all(is_fit)).then_some(label)
}

/// Whether a block of this label is a certificate.
pub(crate) fn is_certificate(label: &str) -> bool {
    matches!(label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
}

/// A PEM block with lines of 64 columns and a final newline (RFC 7468 section 2).
///
/// # Panics
///
/// If `label` has characters that a label does not allow.
#[must_use]
pub fn encode(label: &str, der: &[u8]) -> String {
    pem_rfc7468::encode_string(label, pem_rfc7468::LineEnding::LF, der)
        .expect("a label of ours, and an octet string that fits in memory")
}

/// What blocks with this label have.
pub(in crate::x509) fn content_name(label: &str) -> Option<&'static str> {
    Some(match label {
        _ if is_certificate(label) => "a certificate",
        "X509 CRL" => "a revocation list",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "EC PARAMETERS" => "the parameters of an EC key",
        "PKCS7" => "PKCS#7",
        _ if label.ends_with("PRIVATE KEY") => "a private key",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read<'a> = (Option<&'a str>, usize, Result<Vec<u8>, BlockError>);

    fn read(text: &str) -> Vec<Read<'_>> {
        let decoded = |block: Block<'_>| block.decode().map(|octets| octets.to_vec());
        blocks(text.as_bytes()).map(|block| (block.label, block.line, decoded(block))).collect()
    }

    #[test]
    fn broken_blocks_do_not_hide_their_neighbours() {
        let text = "\u{feff}subject=x\n-----BEGIN A-----\nYQ==\n-----END A-----\n\
            -----BEGIN CUT-----\nYQ==\n-----BEGIN B-----\r\n  Yg =\n=\r\n-----END B-----\r\njunk\n\
            -----BEGIN C-----\nY!==\n-----END C-----\n-----BEGIN D-----\n-----END D-----\n\
            -----BEGIN E-----\nYQ==\n-----END F-----\n-----BEGIN G---\nYQ==\n-----END G-----\n  \
            -----BEGIN H-----\r  YQ==\r  -----END H-----\r-----BEGIN I-----\nYQ==\n-----END I";

        assert_eq!(
            read(text),
            [
                (Some("A"), 2, Ok(b"a".to_vec())),
                (Some("CUT"), 5, Err(BlockError::MissingEnd)),
                (Some("B"), 7, Ok(b"b".to_vec())),
                (Some("C"), 12, Err(BlockError::Base64)),
                (Some("D"), 15, Err(BlockError::Empty)),
                (Some("E"), 17, Err(BlockError::WrongEnd)),
                (None, 20, Err(BlockError::Begin)),
                (Some("H"), 23, Ok(b"a".to_vec())),
                (Some("I"), 26, Err(BlockError::WrongEnd)),
            ]
        );
    }

    #[test]
    fn headers_are_not_base64() {
        let block =
            "-----BEGIN K-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nYQ==\n-----END K-----";
        let [block] = blocks(block.as_bytes()).collect::<Vec<_>>()[..] else { panic!("one block") };

        assert!(block.is_encrypted());
        assert_eq!(*block.decode().unwrap(), b"a");
    }

    #[test]
    fn a_label_has_only_characters_of_labels() {
        for label in ["MIIEvQ/+==", "certificate", "Ä", &"A".repeat(65)] {
            let text = format!("-----BEGIN {label}-----\nYQ==\n-----END {label}-----");
            assert_eq!(read(&text), [(None, 1, Err(BlockError::Begin))]);
        }
    }
}
