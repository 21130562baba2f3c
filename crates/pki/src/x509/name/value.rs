//! The values of attributes, from text: what each attribute type allows.

use std::str::FromStr;

use super::{
    attribute_type::{AttributeForm, AttributeRule, AttributeType},
    error::NameError,
};
use crate::x509::{
    escape::describe,
    san::host_label,
    tlv::{self, IA5_STRING, PRINTABLE_STRING, SEQUENCE, UTF8_STRING},
};

impl AttributeType {
    /// The DER of an `AttributeTypeAndValue` with this value.
    pub(super) fn encode(self, value: &str) -> Result<Vec<u8>, NameError> {
        let (tag, value) = self.canonical(value)?;
        let value = tlv::write(tag, value.as_bytes());
        Ok(tlv::write(SEQUENCE, &[tlv::write_oid(self.oid()), value].concat()))
    }

    /// Checks the rules for all values: not empty, no control characters, not too long.
    pub(super) fn check(self, value: &str) -> Result<(), NameError> {
        let AttributeRule { name: field, limit, .. } = self.rule();
        if value.chars().all(|character| character == ' ') {
            return Err(NameError::Empty { field });
        }
        NameError::control(field, value).map_or(Ok(()), Err)?;
        let length = value.chars().count();
        if length > limit {
            return Err(NameError::TooLong { field, length, limit });
        }
        Ok(())
    }

    /// The string type and the text as it is written.
    fn canonical(self, value: &str) -> Result<(u8, String), NameError> {
        let AttributeRule { name: field, form, .. } = self.rule();
        // For a code of three letters this error is clearer than `too long`.
        if matches!(form, AttributeForm::Country) && !value.is_empty() {
            if value.len() != 2 || !value.bytes().all(|octet| octet.is_ascii_alphabetic()) {
                let reason = "is not a country code of two letters, such as `US`";
                return Err(NameError::value(field, value, reason));
            }
            return Ok((PRINTABLE_STRING, value.to_ascii_uppercase()));
        }
        if matches!(form, AttributeForm::Label) && !value.is_empty() {
            let label = host_label(value);
            return label
                .map(|label| (IA5_STRING, label))
                .map_err(|reason| NameError::value(field, value, reason.to_string()));
        }

        self.check(value)?;
        let (tag, is_allowed, type_name): (u8, fn(char) -> bool, _) = match form {
            AttributeForm::Printable => (PRINTABLE_STRING, is_printable, "a PrintableString"),
            AttributeForm::Ascii => {
                (IA5_STRING, |character| character.is_ascii(), "an IA5String (ASCII)")
            }
            _ => (UTF8_STRING, |_| true, "a UTF8String"),
        };
        match value.chars().find(|character| !is_allowed(*character)) {
            Some(character) => {
                let reason =
                    format!("holds {}, which {type_name} cannot hold", describe(character));
                Err(NameError::value(field, value, reason))
            }
            None => Ok((tag, value.to_owned())),
        }
    }
}

/// Reads the keyword, the name in the standard or the dotted object identifier, in any case.
impl FromStr for AttributeType {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let is_named = |kind: &Self| {
            let AttributeRule { keyword, name, aliases, .. } = kind.rule();
            [keyword, name].iter().chain(aliases).any(|known| known.eq_ignore_ascii_case(text))
        };
        Self::from_oid(text)
            .or_else(|| Self::ALL.into_iter().find(is_named))
            .ok_or_else(|| NameError::UnknownAttribute { keyword: text.to_owned() })
    }
}

/// The characters of a `PrintableString` ([X.680 41.4](https://www.itu.int/rec/T-REC-X.680)).
fn is_printable(character: char) -> bool {
    character.is_ascii_alphanumeric() || " '()+,-./:=?".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: AttributeType, value: &str) -> String {
        kind.encode(value).expect_err(value).to_string()
    }

    #[test]
    fn every_kind_is_found_by_each_of_its_names() {
        for kind in AttributeType::ALL {
            assert!(tlv::oid_from_text(kind.oid()).is_some(), "{kind:?}");
            for name in [kind.keyword(), kind.name(), kind.oid()] {
                assert_eq!(name.parse(), Ok(kind), "{name}");
                assert_eq!(name.to_ascii_uppercase().parse(), Ok(kind), "{name}");
            }
        }

        for (alias, kind) in [
            ("s", AttributeType::State),
            ("e", AttributeType::EmailAddress),
            ("Email", AttributeType::EmailAddress),
            ("dc", AttributeType::DomainComponent),
        ] {
            assert_eq!(alias.parse(), Ok(kind), "{alias}");
        }
    }

    #[test]
    fn the_error_of_an_unknown_keyword_has_the_known_ones() {
        let error = "X".parse::<AttributeType>().unwrap_err().to_string();
        assert!(error.starts_with("unknown attribute `X`: known are C, ST, L, STREET,"), "{error}");
        assert!(error.ends_with("jurisdictionL"), "{error}");
    }

    #[test]
    fn a_value_may_be_as_long_as_its_limit_in_characters() {
        for kind in AttributeType::ALL {
            let value = if kind.limit() == 2 { "US".into() } else { "x".repeat(kind.limit()) };
            assert!(kind.encode(&value).is_ok(), "{kind:?}");
            assert!(kind.encode(&format!("{value}x")).is_err(), "{kind:?}");
        }

        let umlauts = "ü".repeat(64);
        assert!(AttributeType::CommonName.encode(&umlauts).is_ok());
        assert_eq!(
            refusal(AttributeType::OrganizationalUnit, &"ü".repeat(65)),
            "organizationalUnitName is 65 characters long, at most 64 are allowed"
        );
    }

    #[test]
    fn a_value_that_its_attribute_cannot_have_is_refused() {
        use AttributeType as Kind;

        let cases = [
            (Kind::CommonName, "", "commonName is empty"),
            (Kind::CommonName, "  ", "commonName is empty"),
            (Kind::Country, "", "countryName is empty"),
            (Kind::DomainComponent, "", "domainComponent is empty"),
            (Kind::CommonName, "a\nb", r"commonName `a\nb` holds the control character U+000A"),
            (Kind::CommonName, "a\0", r"commonName `a\u{0}` holds the control character U+0000"),
            (
                Kind::Locality,
                "a\u{9b}",
                r"localityName `a\u{9b}` holds the control character U+009B",
            ),
            (
                Kind::Country,
                "USA",
                "countryName `USA` is not a country code of two letters, such as `US`",
            ),
            (
                Kind::Country,
                "U",
                "countryName `U` is not a country code of two letters, such as `US`",
            ),
            (
                Kind::Country,
                "U1",
                "countryName `U1` is not a country code of two letters, such as `US`",
            ),
            (
                Kind::SerialNumber,
                "a_b",
                "serialNumber `a_b` holds `_` (U+005F), which a PrintableString cannot hold",
            ),
            (
                Kind::EmailAddress,
                "ü@x",
                "emailAddress `ü@x` holds `ü` (U+00FC), which an IA5String (ASCII) cannot hold",
            ),
            (
                Kind::DomainComponent,
                "a.b",
                "domainComponent `a.b` is more than one label: give each a DC of its own",
            ),
            (
                Kind::DomainComponent,
                "a_b",
                "domainComponent `a_b` holds `_` (U+005F), which no domain label can hold",
            ),
            (
                Kind::DomainComponent,
                "-a",
                "domainComponent `-a` has a label that begins or ends with a hyphen",
            ),
        ];

        for (kind, value, expected) in cases {
            assert_eq!(refusal(kind, value), expected);
        }
    }

    #[test]
    fn string_types_are_those_of_rfc_5280() {
        let cases: [(AttributeType, &str, u8, &str); 6] = [
            (AttributeType::Country, "us", PRINTABLE_STRING, "US"),
            (AttributeType::SerialNumber, "A-1", PRINTABLE_STRING, "A-1"),
            (AttributeType::DomainComponent, "Corp", IA5_STRING, "Corp"),
            (AttributeType::DomainComponent, "Bücher", IA5_STRING, "xn--bcher-kva"),
            (AttributeType::EmailAddress, "A@b", IA5_STRING, "A@b"),
            (AttributeType::Organization, "a", UTF8_STRING, "a"),
        ];

        for (kind, value, tag, written) in cases {
            assert_eq!(kind.canonical(value), Ok((tag, written.to_owned())), "{kind:?}");
        }
    }
}
