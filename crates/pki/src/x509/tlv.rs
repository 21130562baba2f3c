//! Elements of DER (X.690): read without trust, written in the canonical form.

// Identifier octets of the universal types (X.690 section 8.1.2, X.680 section 8.4).
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const ENUMERATED: u8 = 0x0A;
pub(super) const UTF8_STRING: u8 = 0x0C;
pub(super) const NUMERIC_STRING: u8 = 0x12;
pub(super) const PRINTABLE_STRING: u8 = 0x13;
pub(super) const T61_STRING: u8 = 0x14;
pub(super) const IA5_STRING: u8 = 0x16;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const VISIBLE_STRING: u8 = 0x1A;
pub(super) const UNIVERSAL_STRING: u8 = 0x1C;
pub(super) const BMP_STRING: u8 = 0x1E;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// An explicit \[0\].
pub(super) const EXPLICIT_0: u8 = 0xA0;
/// An explicit \[1\].
pub(super) const EXPLICIT_1: u8 = 0xA1;
/// An implicit \[1\] of a primitive type.
pub(super) const IMPLICIT_1: u8 = 0x81;

/// One tag, length and value, borrowed from the input.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    /// The identifier octet; of a tag number above 30 only the first octet, which is enough to
    /// refuse it.
    pub tag: u8,
    pub content: &'a [u8],
    /// The whole element of the input.
    pub raw: &'a [u8],
}

impl Element<'_> {
    /// The dotted form of an OBJECT IDENTIFIER; `None` if it is something else.
    pub fn oid(&self) -> Option<String> {
        if self.tag == OBJECT_IDENTIFIER { oid_to_text(self.content) } else { None }
    }
}

/// Reads one element off the front of `input`, and returns it with the octets that follow.
///
/// `None` where the input ends too early or a length is not in the shortest definite form ([X.690
/// 10.1]). The content is not looked into.
///
/// [X.690 10.1]: https://www.itu.int/rec/T-REC-X.690
pub(super) fn read(input: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, mut rest) = input.split_first()?;
    if tag & 0x1f == 0x1f {
        let last = rest.iter().position(|octet| octet & 0x80 == 0)?;
        rest = rest.get(last + 1..)?;
    }

    let (&first, mut rest) = rest.split_first()?;
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let (octets, tail) = rest.split_at_checked(usize::from(first & 0x7f))?;
        rest = tail;
        long_length(octets)?
    };

    let (content, rest) = rest.split_at_checked(length)?;
    let raw = input.get(..input.len() - rest.len())?;
    Some((Element { tag, content, raw }, rest))
}

/// Reads an element that must fill `input` to its end and have this tag; the result is its content.
pub(super) fn read_only(input: &[u8], tag: u8) -> Option<&[u8]> {
    let (element, rest) = read(input)?;
    (element.tag == tag && rest.is_empty()).then_some(element.content)
}

/// The elements of an input that they fill to its end, one after the other, without a copy.
#[derive(Clone)]
pub(super) struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = read(self.0)?;
        self.0 = rest;
        Some(element)
    }
}

/// The elements that `input` consists of; `None` if one of them is cut off or malformed.
pub(super) fn elements(input: &[u8]) -> Option<Elements<'_>> {
    let mut rest = input;
    while !rest.is_empty() {
        (_, rest) = read(rest)?;
    }
    Some(Elements(input))
}

/// As [`elements`], in a list.
pub(super) fn read_all(input: &[u8]) -> Option<Vec<Element<'_>>> {
    elements(input).map(Iterator::collect)
}

/// The elements of the SEQUENCE that fills `input`; `None` where it is something else.
pub(super) fn sequence(input: &[u8]) -> Option<Vec<Element<'_>>> {
    read_all(read_only(input, SEQUENCE)?)
}

/// The octets of one element.
pub(super) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let mut der = Vec::with_capacity(2 + length.len() + content.len());
    der.push(tag);
    let short = &length[length.iter().take_while(|octet| **octet == 0).count()..];
    match short {
        [] => der.push(0),
        [octet] if *octet < 0x80 => der.push(*octet),
        octets => {
            der.push(0x80 + u8::try_from(octets.len()).unwrap_or(8));
            der.extend_from_slice(octets);
        }
    }
    der.extend_from_slice(content);
    der
}

/// The bits of a big-endian number without its leading zeros.
pub(super) fn bit_length(number: &[u8]) -> u32 {
    let zeros: usize = number.iter().take_while(|byte| **byte == 0).count();
    let Some(first) = number.get(zeros) else { return 0 };
    u32::try_from((number.len() - zeros) * 8).map_or(u32::MAX, |bits| bits - first.leading_zeros())
}

/// A big-endian number as `u64`, `u64::MAX` if it is larger.
pub(super) fn unsigned(number: &[u8]) -> u64 {
    if bit_length(number) > u64::BITS {
        return u64::MAX;
    }
    number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The dotted form of an object identifier's content octets.
///
/// `None` where the octets are not an identifier, or an arc has more than 128 bits (a UUID under 2.25
/// has them).
pub(super) fn oid_to_text(content: &[u8]) -> Option<String> {
    if content.last().is_none_or(|octet| octet & 0x80 != 0) {
        return None;
    }

    // As long as that of an elliptic curve.
    let mut text = String::with_capacity(20);
    let mut arc: u128 = 0;
    let mut fresh = true;
    for octet in content {
        if fresh && *octet == 0x80 {
            return None;
        }
        arc = arc.checked_mul(128)? + u128::from(octet & 0x7f);
        fresh = octet & 0x80 == 0;
        if fresh {
            if text.is_empty() {
                let root = (arc / 40).min(2);
                push_decimal(&mut text, root);
                arc -= root * 40;
            }
            text.push('.');
            push_decimal(&mut text, arc);
            arc = 0;
        }
    }
    Some(text)
}

/// A tenth of the time of `write!`: a certificate has some twenty identifiers, and all are compared as text.
fn push_decimal(text: &mut String, number: u128) {
    if number >= 10 {
        push_decimal(text, number / 10);
    }
    text.push(char::from(b'0' + u8::try_from(number % 10).unwrap_or_default()));
}

/// The content octets of a dotted object identifier; `None` where it is none.
pub(super) fn oid_from_text(text: &str) -> Option<Vec<u8>> {
    let mut arcs = Vec::new();
    for arc in text.split('.') {
        let canonical = arc == "0" || !arc.starts_with('0');
        if !canonical || !arc.bytes().all(|octet| octet.is_ascii_digit()) {
            return None;
        }
        arcs.push(arc.parse::<u128>().ok()?);
    }

    let [root, second, others @ ..] = arcs.as_slice() else { return None };
    if *root > 2 || (*root < 2 && *second > 39) {
        return None;
    }
    let mut content = Vec::new();
    push_arc(&mut content, second.checked_add(root * 40)?);
    for arc in others {
        push_arc(&mut content, *arc);
    }
    Some(content)
}

/// An OBJECT IDENTIFIER of a dotted form that is well-formed, as all constants are.
pub(super) fn write_oid(text: &str) -> Vec<u8> {
    write(OBJECT_IDENTIFIER, &oid_from_text(text).unwrap_or_default())
}

fn push_arc(content: &mut Vec<u8>, arc: u128) {
    let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let bits = u8::try_from((arc >> (7 * group)) & 0x7f).unwrap_or(0);
        content.push(if group == 0 { bits } else { bits | 0x80 });
    }
}

fn long_length(octets: &[u8]) -> Option<usize> {
    if octets.first().is_none_or(|octet| *octet == 0) || octets.len() > size_of::<usize>() {
        return None;
    }
    let length = octets.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
    (length >= 0x80).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_and_read_in_the_shortest_form() {
        let cases: [(usize, &[u8]); 6] = [
            (0, &[4, 0]),
            (127, &[4, 0x7f]),
            (128, &[4, 0x81, 0x80]),
            (255, &[4, 0x81, 0xff]),
            (256, &[4, 0x82, 1, 0]),
            (65_536, &[4, 0x83, 1, 0, 0]),
        ];

        for (length, head) in cases {
            let content = vec![7; length];
            let der = write(4, &content);
            assert_eq!(&der[..der.len() - length], head, "{length}");
            assert_eq!(read_only(&der, 4), Some(content.as_slice()), "{length}");
        }
    }

    #[test]
    fn what_is_not_der_is_refused() {
        let cases: [&[u8]; 10] = [
            &[],
            &[4],
            &[4, 2, 1],
            &[4, 0x80, 0, 0],
            &[4, 0x81, 1, 7],
            &[4, 0x82, 0, 0x80],
            &[4, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[4, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            &[4, 0xff],
            &[0x1f, 0x81],
        ];

        for der in cases {
            assert!(read(der).is_none(), "{der:02x?}");
        }
    }

    #[test]
    fn object_identifiers_go_both_ways() {
        let cases: [(&str, &[u8]); 6] = [
            ("2.5.4.3", &[0x55, 4, 3]),
            ("0.9.2342.19200300.100.1.25", &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25]),
            ("1.2.840.113549.1.9.1", &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1]),
            ("2.999.3", &[0x88, 0x37, 3]),
            ("0.0", &[0]),
            ("1.39.0", &[0x4f, 0]),
        ];
        for (text, content) in cases {
            assert_eq!(oid_to_text(content).as_deref(), Some(text));
            assert_eq!(oid_from_text(text).as_deref(), Some(content), "{text}");
        }

        let uuid = format!("2.25.{}", u128::MAX);
        assert_eq!(oid_to_text(&oid_from_text(&uuid).unwrap()), Some(uuid));

        for text in ["", "1", "3.1", "1.40", "2..5", "2.05", "2.-5", "2.+5", "a.b", "2.5."] {
            assert_eq!(oid_from_text(text), None, "{text}");
        }
        for content in [&[][..], &[0x80, 1], &[0x55, 0x84], &[0x55, 0x80, 3], &[0xff; 30]] {
            assert_eq!(oid_to_text(content), None, "{content:02x?}");
        }
    }
}
