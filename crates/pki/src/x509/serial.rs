//! Serial numbers (RFC 5280 section 4.1.2.2), and the serial number file of OpenSSL (`ca.srl`).

use std::fmt;

use super::{
    hex::{self, hex},
    random::{self, NoRandomness},
};

/// The most octets a serial has ([RFC 5280 section 4.1.2.2](https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2)).
const OCTETS: usize = 20;

/// A serial number that a CA may use: not negative, at most 20 octets as a DER INTEGER.
///
/// The order is that of the numbers. The top bit of the first of 20 octets is clear: it is the sign
/// of a DER INTEGER.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; OCTETS]);

/// Why a text is not a serial number file, or has no next serial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// The file is empty.
    #[error("it is empty")]
    Empty,
    /// The file is not one line of hexadecimal digits.
    #[error("it holds something else than one line of hexadecimal digits")]
    NotHex,
    /// The number of digits is odd.
    #[error("it has an odd number of digits, which OpenSSL refuses")]
    OddDigits,
    /// The number is longer than 20 octets.
    #[error("serial space exhausted: the next number needs more than 20 octets (RFC 5280)")]
    Exhausted,
}

/// What a serial must not be (RFC 5280 section 4.1.2.2; DER by X.690 section 8.3), the most severe
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SerialFault {
    /// It has no octets.
    Empty,
    /// It is below zero.
    Negative,
    /// Its first nine bits are equal: it has octets that DER omits.
    NotMinimal,
    /// It is zero.
    Zero,
    /// It is longer than 20 octets.
    Long,
}

impl SerialFault {
    /// All faults of the content octets of a serialNumber INTEGER; empty if it is correct.
    #[must_use]
    pub fn of(octets: &[u8]) -> Vec<Self> {
        let Some(first) = octets.first() else { return vec![Self::Empty] };
        let is_spare = octets.get(1).is_some_and(|second| match first {
            0 => *second < 0x80,
            0xFF => *second >= 0x80,
            _ => false,
        });
        let checks = [
            (Self::Zero, octets.iter().all(|octet| *octet == 0)),
            (Self::Negative, *first >= 0x80),
            (Self::Long, octets.len() > OCTETS),
            (Self::NotMinimal, is_spare),
        ];
        checks.into_iter().filter_map(|(fault, is_there)| is_there.then_some(fault)).collect()
    }
}

impl Serial {
    /// A serial from big-endian octets; leading zeros are allowed. `None` above 159 bits.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        let significant =
            &octets[octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len())..];
        if significant.len() > OCTETS {
            return None;
        }
        let mut number = [0; OCTETS];
        number[OCTETS - significant.len()..].copy_from_slice(significant);
        (number[0] < 0x80).then_some(Self(number))
    }

    /// A random serial of 159 bits, as `openssl x509 -CAcreateserial` creates.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn random() -> Result<Self, NoRandomness> {
        let mut number = random::octets::<OCTETS>()?;
        number[0] &= 0x7F;
        Ok(Self(number))
    }

    /// Reads the serial number file of OpenSSL: one line with an even number of hexadecimal digits.
    ///
    /// Lower case, a carriage return and a missing newline are accepted, as by OpenSSL.
    ///
    /// # Errors
    ///
    /// [`SerialError`] if it is something else.
    pub fn from_file(text: &[u8]) -> Result<Self, SerialError> {
        let line = text.strip_suffix(b"\n").unwrap_or(text);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return Err(SerialError::Empty);
        }
        if !line.iter().all(u8::is_ascii_hexdigit) {
            return Err(SerialError::NotHex);
        }
        let octets = hex::octets(line).ok_or(SerialError::OddDigits)?;
        Self::from_octets(&octets).ok_or(SerialError::Exhausted)
    }

    /// The text of the serial number file of OpenSSL: upper-case digits, an even number, a newline.
    #[must_use]
    pub fn to_file(self) -> String {
        format!("{self:X}\n")
    }

    /// This serial plus one.
    ///
    /// # Errors
    ///
    /// [`SerialError::Exhausted`] after the largest one.
    pub fn next(self) -> Result<Self, SerialError> {
        let mut number = self.0;
        for octet in number.iter_mut().rev() {
            let (sum, carry) = octet.overflowing_add(1);
            *octet = sum;
            if !carry {
                break;
            }
        }
        if number[0] < 0x80 { Ok(Self(number)) } else { Err(SerialError::Exhausted) }
    }

    /// The big-endian octets without leading zeros; one zero octet for 0.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        let start = self.0.iter().position(|octet| *octet != 0).unwrap_or(OCTETS - 1);
        &self.0[start..]
    }
}

impl fmt::UpperHex for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.octets().iter().try_for_each(|octet| write!(f, "{octet:02X}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:X}")
    }
}

/// The absolute value of an INTEGER, big-endian, without leading zeros but for the last octet; and whether
/// it is negative. `content` has its content octets (X.690 section 8.3).
#[must_use]
pub fn magnitude(content: &[u8]) -> (Vec<u8>, bool) {
    let is_negative = content.first().is_some_and(|first| *first >= 0x80);
    let mut number = content.to_vec();
    if is_negative {
        // Two's complement: all bits turned, and one more.
        let mut carry = true;
        for octet in number.iter_mut().rev() {
            (*octet, carry) = (!*octet).overflowing_add(u8::from(carry));
        }
    }
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.drain(..zeros.min(number.len().saturating_sub(1)));
    (number, is_negative)
}

/// A serial number as text: lower-case hexadecimal with two digits an octet, and a minus sign if it is
/// negative, as OpenSSL prints it. `content` has the content octets of its INTEGER.
#[must_use]
pub fn serial_text(content: &[u8]) -> String {
    let (number, is_negative) = magnitude(content);
    format!("{}{}", if is_negative { "-" } else { "" }, hex(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_has_one_text() {
        let cases: [(&[u8], &str); 8] = [
            (&[], ""),
            (&[0], "00"),
            (&[5], "05"),
            (&[0, 0x80], "80"),
            (&[0, 0, 5], "05"),
            (&[1, 0], "0100"),
            (&[0xFF], "-01"),
            (&[0x80], "-80"),
        ];
        for (content, text) in cases {
            assert_eq!(serial_text(content), text, "{content:02x?}");
        }
    }

    #[test]
    fn a_serial_file_is_read_as_openssl_reads_it() {
        let top = format!("7F{}", "FF".repeat(19));
        let over = format!("80{}", "00".repeat(19));
        let cases: [(&str, Result<&str, SerialError>); 14] = [
            ("0A\n", Ok("0B\n")),
            ("0a", Ok("0B\n")),
            ("0A\r\n", Ok("0B\n")),
            ("00\n", Ok("01\n")),
            ("00FF\n", Ok("0100\n")),
            ("", Err(SerialError::Empty)),
            ("\n", Err(SerialError::Empty)),
            ("zz", Err(SerialError::NotHex)),
            ("0x10", Err(SerialError::NotHex)),
            ("-5", Err(SerialError::NotHex)),
            ("12 34", Err(SerialError::NotHex)),
            ("0A\n0B\n", Err(SerialError::NotHex)),
            ("ABC", Err(SerialError::OddDigits)),
            (&over, Err(SerialError::Exhausted)),
        ];

        for (text, expected) in cases {
            let next =
                Serial::from_file(text.as_bytes()).and_then(Serial::next).map(Serial::to_file);
            assert_eq!(next, expected.map(str::to_owned), "{text:?}");
        }
        assert_eq!(
            Serial::from_file(top.as_bytes()).and_then(Serial::next),
            Err(SerialError::Exhausted)
        );
    }

    #[test]
    fn a_serial_may_have_several_faults() {
        use SerialFault::{Empty, Long, Negative, NotMinimal, Zero};
        let cases: [(&[u8], &[SerialFault]); 11] = [
            (&[], &[Empty]),
            (&[1], &[]),
            (&[0, 0x80], &[]),
            (&[0x7F; 20], &[]),
            (&[0], &[Zero]),
            (&[0, 0], &[Zero, NotMinimal]),
            (&[0, 0x7F], &[NotMinimal]),
            (&[0x80], &[Negative]),
            (&[0xFF, 0x7F], &[Negative]),
            (&[0xFF, 0x80], &[Negative, NotMinimal]),
            (&[1; 21], &[Long]),
        ];
        for (octets, expected) in cases {
            assert_eq!(SerialFault::of(octets), expected, "{octets:02x?}");
        }
    }

    #[test]
    fn serials_are_ordered_as_numbers() {
        let small = Serial::from_file(b"FF").unwrap();
        let large = Serial::from_file(b"0100").unwrap();

        assert!(small < large);
        assert_eq!(small.next(), Ok(large));
    }

    #[test]
    fn a_random_start_leaves_the_sign_bit_clear() {
        for _ in 0..64 {
            assert!(Serial::random().unwrap().0[0] < 0x80);
        }
    }
}
