//! The contents of single elements (X.690 sections 8 to 11).

use crate::x509::tlv::{
    self, BIT_STRING, BMP_STRING, BOOLEAN, ENUMERATED, Element, GENERALIZED_TIME, IA5_STRING,
    INTEGER, NUMERIC_STRING, OBJECT_IDENTIFIER, PRINTABLE_STRING, SEQUENCE, SET, T61_STRING,
    UNIVERSAL_STRING, UTC_TIME, UTF8_STRING, VISIBLE_STRING,
};

const NULL: u8 = 0x05;
/// How deep elements may be in one another; real ones need ten.
const DEPTH: usize = 64;

/// A fault of an element, and the programs that do not load a certificate with it (OpenSSL 3.0 and Go 1.19,
/// measured).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DerViolation {
    pub(super) what: &'static str,
    pub(super) refusal: &'static str,
}

const GO: &str = "Go does not load it";
const EITHER: &str = "OpenSSL or Go does not load it";

impl DerViolation {
    pub(super) const LENGTH: Self = Self {
        what: "a length that is indefinite, too long, or not in the shortest form",
        refusal: GO,
    };
    pub(super) const STRUCTURE: Self =
        Self { what: "a field too many, too few or of another type", refusal: EITHER };
    pub(super) const TIME: Self = Self {
        what: "a date that is not written as YYMMDDhhmmssZ or YYYYMMDDhhmmssZ",
        refusal: "OpenSSL says `format error in certificate's notBefore field` (or notAfter), \
                 and new Go does not load it",
    };
    pub(super) const fn go(what: &'static str) -> Self {
        Self { what, refusal: GO }
    }
    pub(super) const fn either(what: &'static str) -> Self {
        Self { what, refusal: EITHER }
    }
}

/// An element and all that is in it.
pub(super) fn element(element: Element<'_>) -> Result<(), DerViolation> {
    within(element, DEPTH)
}

fn within(element: Element<'_>, depth: usize) -> Result<(), DerViolation> {
    let content = element.content;
    match element.tag {
        BOOLEAN => match content {
            [0 | 0xFF] => Ok(()),
            _ => Err(DerViolation::go("a BOOLEAN that is neither 00 nor FF")),
        },
        INTEGER | ENUMERATED => integer(content),
        BIT_STRING => bits(content),
        NULL if content.is_empty() => Ok(()),
        NULL => Err(DerViolation::either("a NULL with content")),
        OBJECT_IDENTIFIER => object_identifier(content),
        UTC_TIME | GENERALIZED_TIME => time(element.tag, content),
        UTF8_STRING | NUMERIC_STRING | PRINTABLE_STRING | IA5_STRING | VISIBLE_STRING
        | UNIVERSAL_STRING | BMP_STRING => characters(element.tag, content),
        SEQUENCE | SET | 0xA0..=0xBE => {
            let depth = depth.checked_sub(1).ok_or(DerViolation::go("too many levels"))?;
            let mut inner = tlv::elements(content).ok_or(DerViolation::LENGTH)?;
            inner.try_for_each(|element| within(element, depth))
        }
        0x20..=0x3F => Err(DerViolation::go("a string in parts (constructed), which only BER has")),
        0 => Err(DerViolation::LENGTH),
        _ => Ok(()),
    }
}

pub(super) fn integer(content: &[u8]) -> Result<(), DerViolation> {
    match content {
        [] => Err(DerViolation::either("an INTEGER without octets")),
        [0, next, ..] if *next < 0x80 => Err(NOT_MINIMAL),
        [0xFF, next, ..] if *next >= 0x80 => Err(NOT_MINIMAL),
        _ => Ok(()),
    }
}

const NOT_MINIMAL: DerViolation =
    DerViolation::either("an INTEGER that is not in the shortest form");

/// The content of a BIT STRING.
pub(super) fn bits(content: &[u8]) -> Result<(), DerViolation> {
    let (unused, octets) = content.split_first().ok_or(WRONG_BITS)?;
    let last = octets.last().copied().unwrap_or_default();
    let fits = match unused {
        0 => true,
        1..=7 => !octets.is_empty() && last.trailing_zeros() >= u32::from(*unused),
        _ => false,
    };
    if fits { Ok(()) } else { Err(WRONG_BITS) }
}

const WRONG_BITS: DerViolation =
    DerViolation::go("a BIT STRING whose unused bits are over 7 or not zero");

pub(super) fn object_identifier(content: &[u8]) -> Result<(), DerViolation> {
    // Each number begins with another octet than 80, and ends with one below 80.
    let mut begins = true;
    for octet in content {
        if begins && *octet == 0x80 {
            return Err(WRONG_OID);
        }
        begins = *octet < 0x80;
    }
    if content.is_empty() || !begins { Err(WRONG_OID) } else { Ok(()) }
}

const WRONG_OID: DerViolation =
    DerViolation::either("an OBJECT IDENTIFIER that is empty, padded or cut off");

/// RFC 5280 section 4.1.2.5: in UTC, to the second.
fn time(tag: u8, content: &[u8]) -> Result<(), DerViolation> {
    let length = if tag == UTC_TIME { 12 } else { 14 };
    let digits = content.strip_suffix(b"Z").filter(|digits| digits.len() == length);
    let is_time = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
    if is_time { Ok(()) } else { Err(DerViolation::TIME) }
}

/// An attribute of a name, of a type that Go reads.
pub(super) fn text(value: Element<'_>) -> Result<(), DerViolation> {
    match value.tag {
        UTF8_STRING | NUMERIC_STRING | PRINTABLE_STRING | IA5_STRING | BMP_STRING | T61_STRING => {
            element(value)
        }
        0x20..=0x3F => element(value).and(Err(DerViolation::go("an attribute that is not text"))),
        _ => Err(DerViolation::go(
            "an attribute of another type than UTF8String, PrintableString, IA5String, \
            NumericString, BMPString or T61String",
        )),
    }
}

fn characters(tag: u8, content: &[u8]) -> Result<(), DerViolation> {
    let is_right = match tag {
        UTF8_STRING => str::from_utf8(content).is_ok(),
        NUMERIC_STRING => content.iter().all(|octet| octet.is_ascii_digit() || *octet == b' '),
        PRINTABLE_STRING => content.iter().all(|octet| is_printable(*octet)),
        IA5_STRING => content.is_ascii(),
        VISIBLE_STRING => content.iter().all(|octet| (0x20..0x7F).contains(octet)),
        BMP_STRING => content.len().is_multiple_of(2),
        _ => content.len().is_multiple_of(4),
    };
    if is_right {
        Ok(())
    } else {
        Err(DerViolation::go("characters that its string type cannot have"))
    }
}

/// With the two characters beside X.680's that Go and OpenSSL let pass, as they are in use.
fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&octet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::tlv::OCTET_STRING;

    #[test]
    fn contents_are_der_or_not() {
        let cases: [(u8, &[u8], bool); 44] = [
            (BOOLEAN, &[0xFF], true),
            (BOOLEAN, &[0], true),
            (BOOLEAN, &[1], false),
            (BOOLEAN, &[], false),
            (BOOLEAN, &[0xFF, 0xFF], false),
            (INTEGER, &[0], true),
            (INTEGER, &[0, 0x80], true),
            (INTEGER, &[0xFF, 0x7F], true),
            (INTEGER, &[], false),
            (INTEGER, &[0, 0x7F], false),
            (INTEGER, &[0xFF, 0x80], false),
            (BIT_STRING, &[0], true),
            (BIT_STRING, &[7, 0x80], true),
            (BIT_STRING, &[0, 0x80], true),
            (BIT_STRING, &[], false),
            (BIT_STRING, &[3], false),
            (BIT_STRING, &[8, 0x80], false),
            (BIT_STRING, &[7, 0xC0], false),
            (OBJECT_IDENTIFIER, &[0x2A, 0x83, 3], true),
            (OBJECT_IDENTIFIER, &[], false),
            (OBJECT_IDENTIFIER, &[0x2A, 0x80, 3], false),
            (OBJECT_IDENTIFIER, &[0x2A, 0x83], false),
            (NULL, &[], true),
            (NULL, &[0], false),
            (UTC_TIME, b"361125151204Z", true),
            (UTC_TIME, b"3611251512Z", false),
            (UTC_TIME, b"361125151204+0000", false),
            (UTC_TIME, b"361125151204z", false),
            (GENERALIZED_TIME, b"20500101000000Z", true),
            (GENERALIZED_TIME, b"20500101000000.5Z", false),
            (GENERALIZED_TIME, b"20500101000000", false),
            (UTF8_STRING, "ü".as_bytes(), true),
            (UTF8_STRING, &[0xED, 0xA0, 0x80], false),
            (PRINTABLE_STRING, b"a *&'()", true),
            (PRINTABLE_STRING, b"a@b", false),
            (IA5_STRING, b"a@b", true),
            (IA5_STRING, &[0xE4], false),
            (NUMERIC_STRING, b"1 2", true),
            (NUMERIC_STRING, b"1a", false),
            (BMP_STRING, &[0, 0x61], true),
            (BMP_STRING, &[0], false),
            (SEQUENCE, &[2, 1, 0], true),
            (SEQUENCE, &[2, 0x81, 1, 0], false),
            (OCTET_STRING | 0x20, &[4, 0], false),
        ];
        for (tag, content, right) in cases {
            let raw = tlv::write(tag, content);
            let (found, _) = tlv::read(&raw).unwrap();
            assert_eq!(element(found).is_ok(), right, "{tag:02x} {content:02x?}");
        }
    }

    #[test]
    fn no_depth_is_too_deep_to_be_refused() {
        let mut der = Vec::new();
        for _ in 0..5000 {
            der = tlv::write(SEQUENCE, &der);
        }
        let (found, _) = tlv::read(&der).unwrap();
        assert!(element(found).is_err());
    }
}
