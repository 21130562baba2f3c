//! The cost of the password hashing that a DER structure requires, before it is done.

#![cfg(feature = "pkcs12")]

use super::tlv::{self, Element, INTEGER, OCTET_STRING, SEQUENCE};

const CONSTRUCTED: u8 = 0x20;
/// Structures nest no deeper in a PKCS#12 file.
const DEPTH: usize = 24;

/// The cost that the parameters in a structure require, as far as they are not encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KdfCost {
    /// The sum of all iteration counts.
    pub rounds: u64,
    /// The most that one scrypt needs, in octets.
    pub memory: u64,
}

/// Adds up the parameters of password hashing in `octets`, one element of DER.
///
/// If a salt and numbers follow one another, the first number is a count of rounds: in
/// PBKDF2-params and `PBEParameter` (RFC 8018 appendix A), and in `MacData` (RFC 7292 section 4). In
/// scrypt-params (RFC 7914 section 7) three follow: N, r and p.
pub(crate) fn cost(octets: &[u8]) -> KdfCost {
    let mut cost = KdfCost::default();
    add(octets, DEPTH, &mut cost);
    cost
}

fn add(octets: &[u8], depth: usize, cost: &mut KdfCost) {
    let elements = tlv::sequence(octets);
    let (Some(depth), Some(elements)) = (depth.checked_sub(1), elements) else { return };
    let mut rest = elements.as_slice();
    while let [element, after @ ..] = rest {
        if element.tag == OCTET_STRING {
            let numbers: Vec<u64> = after.iter().take(3).map_while(number).collect();
            let (rounds, memory) = match numbers.as_slice() {
                [n, r, p] => (
                    n.saturating_mul(*r).saturating_mul(*p),
                    n.saturating_mul(*r).saturating_mul(128),
                ),
                [rounds, ..] => (*rounds, 0),
                [] => (0, 0),
            };
            cost.rounds = cost.rounds.saturating_add(rounds);
            cost.memory = cost.memory.max(memory);
        }
        if element.tag == SEQUENCE {
            add(element.raw, depth, cost);
        } else if element.tag & CONSTRUCTED != 0 || element.tag == OCTET_STRING {
            add(inside(element.content), depth, cost);
        }
        rest = after;
    }
}

/// What an OCTET STRING holds in which a structure is wrapped once more, as that of `ContentInfo` is.
fn inside(content: &[u8]) -> &[u8] {
    tlv::read_only(content, OCTET_STRING).unwrap_or(content)
}

/// An INTEGER; one that is negative or has more than 64 bits is as large as can be.
fn number(element: &Element<'_>) -> Option<u64> {
    if element.tag != INTEGER {
        return None;
    }
    let is_positive = element.content.first().is_some_and(|octet| *octet < 0x80);
    Some(if is_positive { tlv::unsigned(element.content) } else { u64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_can_be_seen_is_added_up() {
        let seq = |parts: &[&[u8]]| tlv::write(SEQUENCE, &parts.concat());
        let (salt, k, huge) =
            (&[4, 1, 7][..], &[2, 2, 4, 0][..], &[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0][..]);
        let pbkdf2 = seq(&[salt, k, &seq(&[])]);
        let scrypt = seq(&[salt, k, &[2, 1, 8], &[2, 1, 1]]);
        let wrapped = seq(&[&tlv::write(0xA0, &tlv::write(OCTET_STRING, &pbkdf2))]);
        let nested = seq(&[&tlv::write(0xA0, &pbkdf2), &tlv::write(OCTET_STRING, &pbkdf2)]);
        let cases = [
            (pbkdf2.clone(), 1024, 0),
            (scrypt, 8192, 1 << 20),
            (wrapped, 1024, 0),
            (nested, 2048, 0),
            (seq(&[salt, huge]), u64::MAX, 0),
            (seq(&[salt, &[2, 1, 0x80]]), u64::MAX, 0),
            (seq(&[k, salt]), 0, 0),
            (b"no DER".to_vec(), 0, 0),
        ];

        for (der, rounds, memory) in cases {
            assert_eq!(cost(&der), KdfCost { rounds, memory }, "{der:02x?}");
        }
    }
}
