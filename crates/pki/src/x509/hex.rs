//! Octets as hexadecimal text, and back.

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

/// The octets of hexadecimal text, in any case; `None` where it is something else.
pub(crate) fn octets(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |letter: u8| u8::try_from(char::from(letter).to_digit(16)?).ok();
    let (pairs, rest) = text.as_chunks::<2>();
    let octets = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    octets.collect::<Option<_>>().filter(|_| rest.is_empty())
}
