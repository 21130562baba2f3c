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

/// The octets of lines of base64 in the usual layout, each a multiple of four letters; `None` where
/// [`base64`] must decide. For public data alone: the time depends on the letters.
///
/// Constant time costs 8 ns an octet, which would be half of what reading a certificate takes.
pub(super) fn public_lines(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = vec![0; text.len() / 4 * 3];
    let mut filled = 0;
    let mut is_over = false;
    for line in text.split(|octet| *octet == b'\n') {
        let (quads, rest) = line.trim_ascii().as_chunks::<4>();
        if !rest.is_empty() {
            return None;
        }
        let place = octets.get_mut(filled..)?;
        for (quad, to) in quads.iter().zip(place.as_chunks_mut::<3>().0) {
            let [a, b, c, d] = *quad;
            let [a, b, c, d] = [value(a), value(b), value(c), value(d)];
            *to = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
            let count = match quad {
                _ if is_over => return None,
                _ if a | b | c | d < NONE => 3,
                [_, _, b'=', b'='] if a | b < NONE && b.trailing_zeros() >= 4 => 1,
                [_, _, _, b'='] if a | b | c < NONE && c.trailing_zeros() >= 2 => 2,
                _ => return None,
            };
            filled += count;
            is_over = count < 3;
        }
    }
    octets.truncate(filled);
    Some(octets)
}

/// The value of a letter, [`NONE`] of others.
#[inline]
fn value(letter: u8) -> u8 {
    VALUES[usize::from(letter)]
}

/// The value of octets that are not letters: no letter's value has this bit.
const NONE: u8 = 64;

/// The value of each octet as a letter.
const VALUES: [u8; 256] = {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < NONE {
        values[letters[value as usize] as usize] = value;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    use crate::x509::pem::encode;

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
