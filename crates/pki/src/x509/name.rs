//! Distinguished names (RFC 5280 section 4.1.2.4), and their text form (RFC 4514).

mod attribute_type;
mod comparable;
mod error;
mod parse;
mod text;
mod value;

use std::fmt::{self, Write as _};

use self::text::escape_value;
pub(super) use self::text::{decode_text, hexadecimal};
pub use self::{
    attribute_type::AttributeType,
    comparable::ComparableName,
    error::NameError,
    parse::{NameBuilder, parse_subject},
};
use super::tlv::{self, SEQUENCE, SET};

/// An X.501 Name as raw DER ([RFC 5280 section 4.1.2.4]).
///
/// The octets are a SEQUENCE of relative distinguished names (RDNs), each with one or more
/// attributes. They are never encoded again: clients compare issuer and subject octet by octet, so
/// a second OU, a `T61String` or an unusual order must survive. Hence two names are equal if their
/// octets are.
///
/// `Display` writes RFC 4514, and [`FromStr`](std::str::FromStr) reads it:
///
/// ```
/// use certctl_pki::x509::name::{AttributeType, Name};
///
/// let name: Name = r"CN=api\, blue,OU=x,O=Example,C=US".parse()?;
/// assert_eq!(name.to_string(), r"CN=api\, blue,OU=x,O=Example,C=US");
/// // In the order of the DER: RFC 4514 is the reverse.
/// let first = &name.attributes()[0][0];
/// assert_eq!((first.kind(), first.value.as_str()), (Some(AttributeType::Country), "US"));
/// # Ok::<(), certctl_pki::x509::name::NameError>(())
/// ```
///
/// [RFC 5280 section 4.1.2.4]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.4
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    der: Vec<u8>,
}

/// One attribute of a [`Name`] (AttributeTypeAndValue).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// The attribute type: its object identifier, dotted: `2.5.4.3`.
    pub oid: String,
    /// The text, not escaped; `#` and the DER in hexadecimal if the value is not text.
    pub value: String,
    /// Whether `value` is text, and not the hexadecimal form.
    pub is_text: bool,
    /// The DER of the value, tag and length included.
    pub der: Vec<u8>,
}

impl Name {
    /// Reads the DER of a Name and keeps it unchanged.
    ///
    /// # Errors
    ///
    /// [`NameError::Malformed`] unless it is a SEQUENCE OF SET SIZE (1..MAX) OF {OID, value} in DER
    /// without further octets. The values and the order in a SET are not checked.
    pub fn from_der(der: &[u8]) -> Result<Self, NameError> {
        let content = tlv::read_only(der, SEQUENCE).ok_or(NameError::Malformed("no SEQUENCE"))?;
        let sets = tlv::elements(content).ok_or(NameError::Malformed("a broken SET"))?;

        for set in sets {
            if set.tag != SET || set.content.is_empty() {
                return Err(NameError::Malformed("a SET is empty, or something else"));
            }
            let attributes = tlv::elements(set.content);
            let is_malformed = |one: tlv::Element<'_>| Attribute::parts(one.raw).is_none();
            if attributes.is_none_or(|mut all| all.any(is_malformed)) {
                return Err(NameError::Malformed("an attribute is not an OID and a value"));
            }
        }
        Ok(Self { der: der.to_vec() })
    }

    /// The DER, byte for byte as it was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether the attributes of each SET are in DER order (X.690 section 11.6).
    pub(crate) fn has_sorted_sets(&self) -> bool {
        self.rdns().iter().all(|set| {
            let attributes = tlv::read_all(set.content).unwrap_or_default();
            attributes.is_sorted_by_key(|attribute| attribute.raw)
        })
    }

    /// Whether it has no attribute; the SANs alone name such a certificate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns().is_empty()
    }

    /// The relative distinguished names in the order of the DER, each with its attributes.
    #[must_use]
    pub fn attributes(&self) -> Vec<Vec<Attribute>> {
        let attributes = |set: &tlv::Element| {
            let elements = tlv::elements(set.content).into_iter().flatten();
            elements.filter_map(|element| Attribute::read(element.raw)).collect()
        };
        self.rdns().iter().map(attributes).collect()
    }

    /// Checks every attribute as if it were created here. Every string type is allowed.
    ///
    /// # Errors
    ///
    /// As [`NameBuilder::push`]. In attributes of unknown types only control characters are
    /// refused; values that are not text are not checked.
    pub fn check(&self) -> Result<(), NameError> {
        let attributes = self.attributes().into_iter().flatten();
        for Attribute { oid, value, .. } in attributes.filter(|attribute| attribute.is_text) {
            match AttributeType::from_oid(&oid) {
                Some(kind) => drop(kind.encode(&value)?),
                None => NameError::control("an attribute", &value).map_or(Ok(()), Err)?,
            }
        }
        Ok(())
    }

    /// The text of the last, most specific commonName. `None` without one, and if it is not text.
    pub fn common_name(&self) -> Option<String> {
        let attributes = self.attributes().into_iter().flatten();
        let last = attributes.rev().find(Attribute::is_common_name)?;
        last.is_text.then_some(last.value)
    }

    /// The same name with another commonName: the last one is replaced, or a new one is appended.
    ///
    /// All other attributes stay byte for byte. An RDN that includes the commonName is sorted again
    /// (X.690 section 11.6).
    ///
    /// # Errors
    ///
    /// As [`NameBuilder::push`]: empty, longer than 64 characters, a control character.
    pub fn with_common_name(&self, common_name: &str) -> Result<Self, NameError> {
        let attribute = AttributeType::CommonName.encode(common_name)?;
        let rdns = self.rdns();
        let holds_one = |rdn: &Vec<Attribute>| rdn.iter().any(Attribute::is_common_name);
        let Some(place) = self.attributes().iter().rposition(holds_one) else {
            let raw = rdns.iter().map(|set| set.raw.to_vec());
            return Ok(Self::from_rdns(raw.chain([rdn(vec![attribute])])));
        };

        let replaced = |set: &tlv::Element| {
            let mut attributes: Vec<Vec<u8>> = tlv::read_all(set.content)
                .unwrap_or_default()
                .iter()
                .map(|element| element.raw.to_vec())
                .collect();
            let is_one = |raw: &Vec<u8>| Attribute::read(raw).is_some_and(|a| a.is_common_name());
            if let Some(last) = attributes.iter().rposition(is_one) {
                attributes[last].clone_from(&attribute);
            }
            rdn(attributes)
        };
        let rdns = rdns.iter().enumerate();
        Ok(Self::from_rdns(rdns.map(
            |(at, set)| {
                if at == place { replaced(set) } else { set.raw.to_vec() }
            },
        )))
    }

    /// The SETs; [`Name::from_der`] has seen that they can be read.
    fn rdns(&self) -> Vec<tlv::Element<'_>> {
        tlv::sequence(&self.der).unwrap_or_default()
    }

    fn from_rdns(rdns: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let content: Vec<u8> = rdns.into_iter().flatten().collect();
        Self { der: tlv::write(SEQUENCE, &content) }
    }
}

/// The string of [RFC 4514]: most specific first, one line, safe on a terminal.
///
/// Attribute types outside the RFC's table have the short name of OpenSSL, unknown ones their
/// object identifier. Hidden characters are written as `\XX` for each UTF-8 octet, so that the line
/// can be parsed.
///
/// [RFC 4514]: https://www.rfc-editor.org/rfc/rfc4514
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rdn) in self.attributes().iter().rev().enumerate() {
            if at > 0 {
                f.write_char(',')?;
            }
            // OpenSSL, too, turns the attributes of one RDN around.
            for (at, attribute) in rdn.iter().rev().enumerate() {
                if at > 0 {
                    f.write_char('+')?;
                }
                write!(f, "{attribute}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl Attribute {
    /// The attribute type, if it is known.
    #[must_use]
    pub fn kind(&self) -> Option<AttributeType> {
        AttributeType::from_oid(&self.oid)
    }

    /// Its type, dotted, and its value.
    fn parts(raw: &[u8]) -> Option<(String, tlv::Element<'_>)> {
        let (oid, rest) = tlv::read(tlv::read_only(raw, SEQUENCE)?)?;
        let (value, rest) = tlv::read(rest)?;
        rest.is_empty().then_some((oid.oid()?, value))
    }

    fn read(raw: &[u8]) -> Option<Self> {
        let (oid, value) = Self::parts(raw)?;
        let text = decode_text(value.tag, value.content);
        let is_text = text.is_some();
        let value_or_hex = text.unwrap_or_else(|| hexadecimal(value.raw));
        Some(Self { oid, value: value_or_hex, is_text, der: value.raw.to_vec() })
    }

    fn is_common_name(&self) -> bool {
        self.kind() == Some(AttributeType::CommonName)
    }
}

/// `CN=a\, b`, as in the string of a whole name (RFC 4514).
impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Some(kind) if self.is_text => {
                write!(f, "{}={}", kind.keyword(), escape_value(&self.value))
            }
            Some(kind) => write!(f, "{}={}", kind.keyword(), self.value),
            // RFC 4514 section 2.4 requires the hexadecimal form after an OID.
            None => write!(f, "{}={}", self.oid, hexadecimal(&self.der)),
        }
    }
}

/// One SET, its attributes in DER order.
fn rdn(mut attributes: Vec<Vec<u8>>) -> Vec<u8> {
    attributes.sort();
    tlv::write(SET, &attributes.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::tlv::UTF8_STRING as UTF8;

    /// `CN` and the like by OID, string tag and octets.
    fn attribute(oid: &str, tag: u8, value: &[u8]) -> Vec<u8> {
        let oid = tlv::write_oid(oid);
        tlv::write(SEQUENCE, &[oid, tlv::write(tag, value)].concat())
    }

    fn name(rdns: &[&[&[u8]]]) -> Name {
        let sets: Vec<u8> = rdns.iter().flat_map(|set| tlv::write(SET, &set.concat())).collect();
        Name::from_der(&tlv::write(SEQUENCE, &sets)).unwrap()
    }

    fn common_name(value: &str) -> Name {
        name(&[&[&attribute("2.5.4.3", UTF8, value.as_bytes())]])
    }

    #[test]
    fn values_are_escaped_so_that_a_line_stays_a_line_and_one_value_one_value() {
        let cases = [
            ("localhost", "CN=localhost"),
            ("x, O=Trusted", r"CN=x\, O=Trusted"),
            ("a+b;c<d>e\"f\\g=h/i", r#"CN=a\+b\;c\<d\>e\"f\\g=h/i"#),
            ("#1 #2", r"CN=\#1 #2"),
            ("  a  b  ", r"CN=\  a  b \ "),
            (" ", r"CN=\ "),
            ("", "CN="),
            ("Müller 書籍", "CN=Müller 書籍"),
            ("a\0b\r\nc\td", r"CN=a\00b\0D\0Ac\09d"),
            ("\x1b[31m\x07\u{9b}", r"CN=\1B[31m\07\C2\9B"),
            ("\u{202e}gnp", r"CN=\E2\80\AEgnp"),
            ("a\u{200b}\u{feff}b", r"CN=a\E2\80\8B\EF\BB\BFb"),
        ];

        for (value, expected) in cases {
            assert_eq!(common_name(value).to_string(), expected, "{value:?}");
        }
    }

    #[test]
    fn one_value_with_a_comma_differs_from_two_rdns() {
        let two = name(&[
            &[&attribute("2.5.4.10", UTF8, b"Trusted")],
            &[&attribute("2.5.4.3", UTF8, b"x")],
        ]);

        assert_eq!(two.to_string(), "CN=x,O=Trusted");
        assert_eq!(common_name("x,O=Trusted").to_string(), r"CN=x\,O=Trusted");
    }

    #[test]
    fn every_string_type_is_read_and_anything_else_is_shown_in_hexadecimal() {
        let cases: [(u8, &[u8], &str, bool); 17] = [
            (0x0c, "é".as_bytes(), "é", true),
            (0x0c, b"\xff", "#0C01FF", false),
            (0x13, b"abc", "abc", true),
            (0x13, b"a*@", "a*@", true),
            (0x13, b"\xe9", "#1301E9", false),
            (0x16, b"a@b", "a@b", true),
            (0x12, b"123", "123", true),
            (0x1a, b"abc", "abc", true),
            (0x14, b"caf\xe9", "café", true),
            (0x1e, b"\x00a\x20\xac", "a€", true),
            (0x1e, b"\xd8\x3d\xde\x42", "🙂", true),
            (0x1e, b"\x00", "#1E0100", false),
            (0x1e, b"\xd8\x00", "#1E02D800", false),
            (0x1c, b"\x00\x01\xf6\x42", "🙂", true),
            (0x1c, b"\x00\x00\xd8\x00", "#1C040000D800", false),
            (0x03, b"\x00\x01", "#03020001", false),
            (0x30, b"broken", "#300662726F6B656E", false),
        ];

        for (tag, value, expected, is_text) in cases {
            let name = name(&[&[&attribute("2.5.4.3", tag, value)]]);
            let read = &name.attributes()[0][0];
            assert_eq!((&*read.value, read.is_text), (expected, is_text), "{tag:#x} {value:02x?}");
            assert_eq!(read.der, tlv::write(tag, value));
            assert_eq!(name.common_name().as_deref(), is_text.then_some(expected), "{tag:#x}");
        }
    }

    #[test]
    fn a_hexadecimal_value_differs_from_the_same_text() {
        assert_eq!(common_name("#0C01FF").to_string(), r"CN=\#0C01FF");
        let broken = name(&[&[&attribute("2.5.4.3", UTF8, b"\xff")]]);
        assert_eq!(broken.to_string(), "CN=#0C01FF");
    }

    #[test]
    fn keywords_are_those_of_rfc_4514_and_openssl_and_unknown_attributes_have_their_oid() {
        let cases = [
            ("2.5.4.9", "STREET=x"),
            ("0.9.2342.19200300.100.1.1", "UID=x"),
            ("1.2.840.113549.1.9.1", "emailAddress=x"),
            ("2.5.4.5", "serialNumber=x"),
            ("2.5.4.4", "SN=x"),
            ("2.5.4.42", "GN=x"),
            ("1.2.3.4", "1.2.3.4=#0C0178"),
        ];

        for (oid, expected) in cases {
            assert_eq!(name(&[&[&attribute(oid, UTF8, b"x")]]).to_string(), expected);
        }
    }

    #[test]
    fn the_last_common_name_counts_and_is_replaced() {
        let organization = attribute("2.5.4.10", 0x14, b"caf\xe9");
        let first = attribute("2.5.4.3", 0x13, b"first");
        let last = attribute("2.5.4.3", 0x1e, b"\0b");
        let unit = attribute("2.5.4.11", UTF8, b"unit");
        let new = attribute("2.5.4.3", UTF8, b"new CA");

        let plain = name(&[&[&organization], &[&first], &[&last], &[&unit]]);
        assert_eq!(plain.common_name().as_deref(), Some("b"));
        assert_eq!(
            plain.with_common_name("new CA").unwrap(),
            name(&[&[&organization], &[&first], &[&new], &[&unit]])
        );

        let without = name(&[&[&organization], &[&unit]]);
        assert_eq!(without.common_name(), None);
        assert_eq!(
            without.with_common_name("new CA").unwrap(),
            name(&[&[&organization], &[&unit], &[&new]])
        );

        let id = attribute("0.9.2342.19200300.100.1.1", UTF8, b"7");
        let old = attribute("2.5.4.3", UTF8, b"a longer name than the new one");
        let shared = name(&[&[&id, &old], &[&organization]]);
        assert_eq!(
            shared.with_common_name("new CA").unwrap(),
            name(&[&[&new, &id], &[&organization]])
        );

        let empty = Name::builder().build();
        assert!(empty.is_empty());
        assert_eq!(empty.der(), [0x30, 0]);
        assert_eq!(empty.to_string(), "");
        assert_eq!(empty.with_common_name("new CA").unwrap(), name(&[&[&new]]));
    }

    #[test]
    fn a_name_that_is_not_well_formed_is_refused() {
        let attribute = attribute("2.5.4.3", UTF8, b"x");
        let set = tlv::write(SET, &attribute);
        let oid = [6, 3, 0x55, 4, 3];
        let cases: [(&str, Vec<u8>); 9] = [
            ("nothing", vec![]),
            ("a SET", set.clone()),
            ("trailing octets", [tlv::write(SEQUENCE, &set), vec![0]].concat()),
            ("an empty SET", tlv::write(SEQUENCE, &[SET, 0])),
            ("no SET", tlv::write(SEQUENCE, &attribute)),
            ("no value", wrapped(&oid)),
            ("two values", wrapped(&[&oid[..], &[5, 0, 5, 0]].concat())),
            ("no OID", wrapped(&[5, 0, 5, 0])),
            ("a broken OID", wrapped(&[6, 1, 0x80, 5, 0])),
        ];

        for (what, der) in cases {
            let error = Name::from_der(&der).expect_err(what);
            assert!(matches!(error, NameError::Malformed(_)), "{what}");
        }
    }

    /// A name with one attribute of this content.
    fn wrapped(attribute: &[u8]) -> Vec<u8> {
        tlv::write(SEQUENCE, &tlv::write(SET, &tlv::write(SEQUENCE, attribute)))
    }

    #[test]
    fn no_truncated_or_flipped_name_panics_and_the_octets_are_kept() {
        let der = name(&[
            &[&attribute("2.5.4.6", 0x13, b"US")],
            &[&attribute("2.5.4.11", 0x1e, b"\0a"), &attribute("2.5.4.11", 0x1c, b"\0\0\0b")],
            &[&attribute("2.5.4.10", 0x14, &[0xe9; 200])],
            &[&attribute("2.25.340282366920938463463374607431768211455", UTF8, b"x")],
            &[&attribute("2.5.4.3", UTF8, "Müller".as_bytes())],
        ])
        .der()
        .to_vec();

        for end in 0..der.len() {
            assert!(Name::from_der(&der[..end]).is_err(), "cut at {end}");
        }
        for bit in 0..der.len() * 8 {
            let mut flipped = der.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let Ok(name) = Name::from_der(&flipped) else { continue };
            assert_eq!(name.der(), flipped);
            assert_eq!(name.with_common_name("x").unwrap().common_name().as_deref(), Some("x"));
            let line = name.to_string();
            assert!(!line.chars().any(crate::x509::escape::is_hidden), "bit {bit}: {line:?}");
        }
    }
}
