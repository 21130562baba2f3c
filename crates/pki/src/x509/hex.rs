//! Octets as hexadecimal text.

/// Octets as lower-case hexadecimal, two digits each.
#[must_use]
pub fn hex(octets: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut text = String::with_capacity(2 * octets.len());
    for half in octets.iter().flat_map(|octet| [octet >> 4, octet & 0xf]) {
        text.push(DIGITS[usize::from(half)].into());
    }
    text
}
