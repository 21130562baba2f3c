//! The DER of private keys: read without copies, written into buffers that are wiped.

use zeroize::Zeroizing;

use crate::x509::tlv::{self, INTEGER, SEQUENCE};

/// One element. [`tlv::write`] puts the content into its last allocation only.
pub(crate) fn element(tag: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(tlv::write(tag, content))
}

/// A SEQUENCE of elements that are DER already.
pub(crate) fn sequence(elements: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    element(SEQUENCE, &Zeroizing::new(elements.concat()))
}

/// An INTEGER of a big-endian number without sign.
pub(crate) fn integer(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    match &number[zeros..] {
        minimal @ [0..0x80, ..] => element(INTEGER, minimal),
        other => element(INTEGER, &Zeroizing::new([&[0], other].concat())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_positive_and_as_short_as_can_be() {
        let cases: [(&[u8], &[u8]); 5] = [
            (&[], &[2, 1, 0]),
            (&[0, 0], &[2, 1, 0]),
            (&[0, 0x7F], &[2, 1, 0x7F]),
            (&[0x80], &[2, 2, 0, 0x80]),
            (&[0, 1, 0, 1], &[2, 3, 1, 0, 1]),
        ];
        for (number, der) in cases {
            assert_eq!(*integer(number), der, "{number:?}");
        }
    }
}
