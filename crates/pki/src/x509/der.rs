//! DER (X.690) as raw elements: splits structures and joins them, byte for byte.

use super::tlv::{self, BIT_STRING, SEQUENCE};

/// An explicit context tag `[0]`; the number is added.
const CONTEXT: u8 = 0xA0;

/// The elements of a SEQUENCE, each with its tag and length; `None` if it is not a SEQUENCE in DER.
#[must_use]
pub fn elements(sequence: &[u8]) -> Option<Vec<Vec<u8>>> {
    let elements = tlv::sequence(sequence)?;
    Some(elements.into_iter().map(|element| element.raw.to_vec()).collect())
}

/// A SEQUENCE of elements that are DER already.
pub fn sequence<T: AsRef<[u8]>>(elements: &[T]) -> Vec<u8> {
    let elements: Vec<&[u8]> = elements.iter().map(AsRef::as_ref).collect();
    tlv::write(SEQUENCE, &elements.concat())
}

/// `inner` (DER) inside an explicit context tag `[number]`; `number` must be below 31.
#[must_use]
pub fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    tlv::write(CONTEXT | number, inner)
}

/// The content of an explicit context tag `[number]`; `None` if `der` is something else.
pub(crate) fn inside_explicit(number: u8, der: &[u8]) -> Option<&[u8]> {
    tlv::read_only(der, CONTEXT | number)
}

/// A BIT STRING of whole octets, DER.
#[must_use]
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv::write(BIT_STRING, &[&[0], octets].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_parsed_and_written_unchanged() {
        let der = [0x30, 0x07, 0x02, 0x01, 0x05, 0x30, 0x02, 0x05, 0x00];

        let parts = elements(&der).unwrap();

        assert_eq!(parts, [vec![0x02, 0x01, 0x05], vec![0x30, 0x02, 0x05, 0x00]]);
        assert_eq!(sequence(&parts), der);
    }

    #[test]
    fn a_cut_sequence_is_none() {
        assert_eq!(elements(&[0x30, 0x07, 0x02, 0x01]), None);
    }
}
