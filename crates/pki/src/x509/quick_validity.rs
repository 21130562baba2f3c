//! Only the dates of a certificate, fast: for directory trees with a hundred thousand files.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use super::{
    pem::public_lines,
    signed::Signed,
    tlv::{self, Element, GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME},
    validity::Validity,
};

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// `[0] version`.
const VERSION: u8 = 0xa0;

/// The validity of the only certificate of a PEM text in the common layout (64 columns, no text
/// around it). `None` for every other text: use [`super::certificate::Certificate`] then.
///
/// The fields before and after the dates are checked by their tags only. `space` is a buffer that
/// the caller reuses.
pub fn validity(text: &[u8], space: &mut Vec<u8>) -> Option<Validity> {
    let body = text.trim_ascii_end().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let filled = public_lines(body, space)?;
    of_der(space.get(..filled)?)
}

fn of_der(der: &[u8]) -> Option<Validity> {
    let Signed { content, algorithm, .. } = Signed::read(der)?;
    if [content.tag, algorithm.tag] != [SEQUENCE; 2] {
        return None;
    }
    let mut rest = content.content;
    for tag in [VERSION, INTEGER, SEQUENCE, SEQUENCE] {
        (_, rest) = expect(rest, tag)?;
    }
    let (dates, mut rest) = expect(rest, SEQUENCE)?;
    for _subject_and_key in 0..2 {
        (_, rest) = expect(rest, SEQUENCE)?;
    }
    while !rest.is_empty() {
        (_, rest) = tlv::read(rest)?;
    }

    let (not_before, after) = tlv::read(dates.content)?;
    let (not_after, last) = tlv::read(after)?;
    if !last.is_empty() {
        return None;
    }
    Some(Validity { not_before: moment(not_before)?, not_after: moment(not_after)? })
}

fn expect(input: &[u8], tag: u8) -> Option<(Element<'_>, &[u8])> {
    tlv::read(input).filter(|(element, _)| element.tag == tag)
}

/// RFC 5280 section 4.1.2.5: seconds are there, the zone is `Z`, years before 2050 have two digits.
fn moment(time: Element<'_>) -> Option<OffsetDateTime> {
    let digits = time.content.strip_suffix(b"Z")?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number =
        |digits: &[u8]| digits.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    let (year, rest) = match time.tag {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year = number(year);
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (number(year), rest)
        }
        _ => return None,
    };
    let (pairs, []) = rest.as_chunks::<2>() else { return None };
    let pairs: [[u8; 2]; 5] = pairs.try_into().ok()?;
    let [month, day, hour, minute, second] = pairs.map(|pair| u8::try_from(number(&pair)));
    let date =
        Date::from_calendar_date(year, Month::try_from(month.ok()?).ok()?, day.ok()?).ok()?;
    let time = Time::from_hms(hour.ok()?, minute.ok()?, second.ok()?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::x509::{certificate::Certificate, pem};

    const PEM: &[u8] = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
    const CA: &[u8] = include_bytes!("../../../../tests/fixtures/gen-sh/ca.pem");

    #[test]
    fn the_quick_parser_reads_the_same_dates_as_the_full_parser() {
        let mut space = Vec::new();
        for text in [PEM, CA, PEM] {
            let der = pem::certificates(text).unwrap().remove(0);
            let certificate = Certificate::from_der(der).unwrap();
            assert_eq!(validity(text, &mut space).as_ref(), Some(certificate.validity()));
        }
    }

    #[test]
    fn other_content_needs_the_full_parser() {
        let key = pem::encode("PRIVATE KEY", &pem::certificates(PEM).unwrap()[0]);
        let cases = [
            b"".to_vec(),
            b"hello".to_vec(),
            [PEM, CA].concat(),
            [PEM, b"trailing"].concat(),
            PEM[..PEM.len() / 2].to_vec(),
            key.into_bytes(),
        ];
        for text in cases {
            assert_eq!(validity(&text, &mut Vec::new()), None, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn damage_is_never_a_panic_and_never_another_date_than_that_of_the_full_parser() {
        let der = pem::certificates(PEM).unwrap().remove(0);
        for end in 0..der.len() {
            assert_eq!(of_der(&der[..end]), None, "cut at {end}");
        }
        for bit in 0..der.len() * 8 {
            let mut flipped = der.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let seen = of_der(&flipped);
            if let Ok(certificate) = Certificate::from_der(flipped) {
                assert!(seen.is_none_or(|seen| seen == *certificate.validity()), "bit {bit}");
            }
        }
    }

    #[test]
    fn moments_are_read_as_rfc_5280_writes_them() {
        let cases: [(u8, &[u8], _); 11] = [
            (UTC_TIME, b"491231235959Z", Some(datetime!(2049-12-31 23:59:59 UTC))),
            (UTC_TIME, b"500101000000Z", Some(datetime!(1950-01-01 0:00 UTC))),
            (GENERALIZED_TIME, b"20500101000000Z", Some(datetime!(2050-01-01 0:00 UTC))),
            (GENERALIZED_TIME, b"99991231235959Z", Some(datetime!(9999-12-31 23:59:59 UTC))),
            (UTC_TIME, b"4912312359Z", None),
            (UTC_TIME, b"491231235959+0000", None),
            (UTC_TIME, b"491331235959Z", None),
            (UTC_TIME, b"490230235959Z", None),
            (UTC_TIME, b"491231245959Z", None),
            (GENERALIZED_TIME, b"20500101000000.5Z", None),
            (0x16, b"491231235959Z", None),
        ];
        for (tag, content, expected) in cases {
            let der = tlv::write(tag, content);
            let (element, _) = tlv::read(&der).unwrap();
            assert_eq!(moment(element), expected, "{}", content.escape_ascii());
        }
    }
}
