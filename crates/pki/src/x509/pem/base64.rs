//! Base64 (RFC 4648 section 4): in constant time for octets that may be secret, fast for public
//! ones.

use zeroize::Zeroizing;

/// Decodes base64 with white space anywhere into a buffer that is wiped; `None` if it is malformed.
/// Constant time.
#[must_use]
pub fn base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut compact = Zeroizing::new(Vec::with_capacity(text.len()));
    compact.extend(text.iter().filter(|octet| !octet.is_ascii_whitespace()));
    let mut octets = Zeroizing::new(Vec::new());
    if !compact.is_empty() {
        let mut decoder = pem_rfc7468::Base64Decoder::new(&compact).ok()?;
        octets.reserve_exact(decoder.remaining_len());
        decoder.decode_to_end(&mut octets).ok()?;
    }
    Some(octets)
}

/// Decodes lines of base64 in the usual layout, each a multiple of four letters, and returns the number
/// of octets; `None` where [`base64`] must decide. `octets` is a buffer that the caller may use again.
///
/// For public data alone: the time depends on the letters. Constant time costs 8 ns an octet, which would
/// be half of what reading a certificate takes.
pub(in crate::x509) fn public_lines(text: &[u8], octets: &mut Vec<u8>) -> Option<usize> {
    let most = text.len() / 4 * 3;
    if octets.len() < most {
        octets.resize(most, 0);
    }
    let mut filled = 0;
    let mut wrong = 0;
    let mut padding = 0;
    for line in text.split(|octet| *octet == b'\n') {
        let line = line.trim_ascii();
        let (quads, []) = line.as_chunks::<4>() else { return None };
        let place = octets.get_mut(filled..)?;
        if padding > 0 && !quads.is_empty() {
            return None;
        }
        for (quad, to) in quads.iter().zip(place.as_chunks_mut::<3>().0) {
            // Written out: optimised for size, `map` takes as long as all the rest.
            let [a, b, c, d] = quad;
            let [a, b, c, d] = [value(*a), value(*b), value(*c), value(*d)];
            wrong |= a | b | c | d;
            *to = [a << 2 | b >> 4 & 3, b << 4 | c >> 2 & 15, c << 6 | d & 63];
        }
        filled += quads.len() * 3;
        if wrong & NONE != 0 {
            // Only the last letters may be padding: the bits before it are zero, and the others right.
            padding = match quads.last()? {
                [_, b, b'=', b'='] if value(*b).trailing_zeros() >= 4 => 2,
                [_, _, c, b'='] if value(*c).trailing_zeros() >= 2 => 1,
                _ => return None,
            };
            let letters = line.get(..line.len() - padding)?;
            if letters.iter().any(|letter| value(*letter) & NONE != 0) {
                return None;
            }
            wrong = 0;
        }
    }
    filled.checked_sub(padding)
}

/// The value of a letter, [`NONE`] of others.
#[inline]
fn value(letter: u8) -> u8 {
    VALUES[usize::from(letter)]
}

/// The value of octets that are not letters: no letter's value has one of these bits.
const NONE: u8 = 0xC0;

/// The value of each octet as a letter.
const VALUES: [u8; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [NONE; 256];
    let mut value: u8 = 0;
    while value < 64 {
        values[letters[value as usize] as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    use crate::x509::pem::encode;

    fn public_lines(text: &[u8]) -> Option<Vec<u8>> {
        let mut octets = Vec::new();
        let filled = super::public_lines(text, &mut octets)?;
        octets.truncate(filled);
        Some(octets)
    }

    fn body(octets: &[u8]) -> String {
        encode("X", octets)
            .lines()
            .filter(|line| !line.starts_with('-'))
            .fold(String::new(), |text, line| text + line + "\r\n")
    }

    #[test]
    fn what_is_written_is_read_both_ways() {
        for length in 0..200_u8 {
            let octets: Vec<u8> = (0..length).map(|octet| octet.wrapping_mul(151)).collect();
            let text = body(&octets);
            assert_eq!(base64(text.as_bytes()).as_deref(), Some(&octets), "{length}");
            assert_eq!(public_lines(text.as_bytes()).as_deref(), Some(&*octets), "{length}");
        }
    }

    #[test]
    fn the_fast_decoder_refuses_what_the_other_refuses() {
        for length in 61..64 {
            let mut text = body(&vec![0xA7; length]).into_bytes();
            for bit in 0..text.len() * 8 {
                text[bit / 8] ^= 1 << (bit % 8);
                if let Some(octets) = public_lines(&text) {
                    assert_eq!(base64(&text).as_deref(), Some(&octets), "bit {bit} of {length}");
                }
                text[bit / 8] ^= 1 << (bit % 8);
            }
        }
        for text in
            ["YQ==YQ==", "YQ==\nYQ==", "YR==", "YWJ=", "Y===", "====", "YQ=a", "YQ", "Y Q=="]
        {
            assert_eq!(public_lines(text.as_bytes()), None, "{text}");
        }
    }
}
