//! Names as RFC 5280 section 7.1 compares them: case, spaces and the string type do not count.

use super::{Attribute, Name};

/// A [`Name`] normalized, so that names that match are equal.
///
/// Text is in lower case, outer spaces are removed, several spaces become one (RFC 4518 section
/// 2.6.1), and invisible characters are removed. Unicode compatibility forms are not normalized.
/// The order inside an RDN does not count; the order of the RDNs does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComparableName(Vec<Vec<(String, ComparableValue)>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum ComparableValue {
    Text(String),
    /// The value's DER.
    Raw(Vec<u8>),
}

impl ComparableName {
    /// Whether it is in the subtree below `base`: its first RDNs are those of `base`.
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.0.starts_with(&base.0)
    }

    /// How many attributes it has.
    pub(crate) fn attributes(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

impl From<&Name> for ComparableName {
    fn from(name: &Name) -> Self {
        let rdn = |attributes: Vec<Attribute>| {
            let mut rdn: Vec<_> = attributes.into_iter().map(comparable).collect();
            rdn.sort();
            rdn
        };
        Self(name.attributes().into_iter().map(rdn).collect())
    }
}

fn comparable(attribute: Attribute) -> (String, ComparableValue) {
    let value = if attribute.is_text {
        ComparableValue::Text(prepare(&attribute.value))
    } else {
        ComparableValue::Raw(attribute.der)
    };
    (attribute.oid, value)
}

/// RFC 4518 sections 2.2 and 2.6.1.
fn prepare(text: &str) -> String {
    let mut prepared = String::with_capacity(text.len());
    let mut pending_space = false;
    for character in text.chars() {
        if is_space(character) {
            pending_space = !prepared.is_empty();
        } else if !is_ignored(character) {
            if pending_space {
                prepared.push(' ');
                pending_space = false;
            }
            prepared.extend(character.to_lowercase());
        }
    }
    prepared
}

fn is_space(character: char) -> bool {
    matches!(character, '\t'..='\r' | '\u{85}') || character.is_whitespace()
}

fn is_ignored(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{6dd}' | '\u{70f}' | '\u{1806}' | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2063}'
            | '\u{206a}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ComparableName {
        ComparableName::from(&text.parse::<Name>().unwrap())
    }

    #[test]
    fn case_and_spaces_do_not_count_and_letters_do() {
        let cases = [
            ("/CN=Good CA", "/CN=good ca", true),
            ("/CN=Good CA", "/CN=  Good   CA ", true),
            ("/CN=Good CA", "/CN=GoodCA", false),
            ("/O=Ünïon", "/O=ÜNÏON", true),
            ("/O=a/CN=b", "/CN=b/O=a", false),
            ("/O=a", "/OU=a", false),
            ("/O=a/CN=b", "/O=a", false),
        ];

        for (one, other, equal) in cases {
            assert_eq!(name(one) == name(other), equal, "{one} and {other}");
        }
    }

    #[test]
    fn the_string_type_does_not_count() {
        let printable = crate::x509::tlv::write(0x13, b"CA");
        let utf8 = crate::x509::tlv::write(0x0c, b"CA");
        let bmp = crate::x509::tlv::write(0x1e, b"\0C\0A");
        let names = [printable, utf8, bmp].map(|value| {
            let attribute = crate::x509::tlv::write(
                0x30,
                &[&[0x06, 0x03, 0x55, 0x04, 0x03][..], &value].concat(),
            );
            let set = crate::x509::tlv::write(0x31, &attribute);
            ComparableName::from(&Name::from_der(&crate::x509::tlv::write(0x30, &set)).unwrap())
        });
        assert_eq!(names[0], names[1]);
        assert_eq!(names[1], names[2]);
    }

    #[test]
    fn a_subtree_contains_the_names_that_begin_with_its_rdns() {
        let cases = [
            ("/C=US/O=a/CN=b", "/C=us/O=A", true),
            ("/C=US/O=a", "/C=US/O=a", true),
            ("/C=US", "/C=US/O=a", false),
            ("/O=a/C=US", "/C=US", false),
        ];

        for (one, base, within) in cases {
            assert_eq!(name(one).is_within(&name(base)), within, "{one} in {base}");
        }
    }
}
