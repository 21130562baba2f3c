//! The attribute types that have a name here, and the values that each allows.

use std::str::FromStr;

use super::NameError;
use crate::x509::{
    san::host_label,
    tlv::{self, IA5_STRING, OBJECT_IDENTIFIER, PRINTABLE_STRING, SEQUENCE, UTF8_STRING},
};

/// An attribute type with a name. Its keyword: [`AttributeType::keyword`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// `countryName`, C: two letters.
    Country,
    /// `stateOrProvinceName`, ST.
    State,
    /// `localityName`, L.
    Locality,
    /// `streetAddress`, STREET.
    StreetAddress,
    /// `postalCode`.
    PostalCode,
    /// `organizationName`, O.
    Organization,
    /// `organizationIdentifier` (ETSI EN 319 412-1).
    OrganizationIdentifier,
    /// `organizationalUnitName`, OU.
    OrganizationalUnit,
    /// `businessCategory`.
    BusinessCategory,
    /// `domainComponent`, DC: one label of a DNS name (RFC 4519 section 2.4).
    DomainComponent,
    /// `commonName`, CN.
    CommonName,
    /// `surname`, SN.
    Surname,
    /// `givenName`, GN.
    GivenName,
    /// `initials`.
    Initials,
    /// `generationQualifier`, such as `Jr.`.
    GenerationQualifier,
    /// `pseudonym`.
    Pseudonym,
    /// `title`.
    Title,
    /// `serialNumber`: of a device or a person, not of the certificate.
    SerialNumber,
    /// `dnQualifier`.
    DnQualifier,
    /// `userId`, UID (RFC 4519 section 2.39).
    UserId,
    /// `emailAddress` (RFC 2985 section 5.2.1): ASCII.
    EmailAddress,
    /// `jurisdictionCountryName` of the CA/Browser Forum: two letters.
    JurisdictionCountry,
    /// `jurisdictionStateOrProvinceName` of the CA/Browser Forum.
    JurisdictionState,
    /// `jurisdictionLocalityName` of the CA/Browser Forum.
    JurisdictionLocality,
}

/// What a value may hold, and in which string type it is written.
#[derive(Clone, Copy)]
enum AttributeForm {
    /// Any text, as `UTF8String`.
    Text,
    /// Two letters, as `PrintableString`.
    Country,
    /// `PrintableString`.
    Printable,
    /// ASCII, as `IA5String`.
    Ascii,
    /// One label of a host name, as `IA5String`.
    Label,
}

struct AttributeRule {
    oid: &'static str,
    /// The text before the `=`: RFC 4514's keyword, else OpenSSL's short name.
    keyword: &'static str,
    /// The name in the standard, for errors.
    name: &'static str,
    /// Further spellings that are understood.
    aliases: &'static [&'static str],
    form: AttributeForm,
    /// In characters: RFC 5280 appendix A, else X.520; for SN and GN the CA/Browser Forum's.
    limit: usize,
}

impl AttributeType {
    /// Every attribute type that has a name here.
    pub const ALL: [Self; 24] = [
        Self::Country,
        Self::State,
        Self::Locality,
        Self::StreetAddress,
        Self::PostalCode,
        Self::Organization,
        Self::OrganizationIdentifier,
        Self::OrganizationalUnit,
        Self::BusinessCategory,
        Self::DomainComponent,
        Self::CommonName,
        Self::Surname,
        Self::GivenName,
        Self::Initials,
        Self::GenerationQualifier,
        Self::Pseudonym,
        Self::Title,
        Self::SerialNumber,
        Self::DnQualifier,
        Self::UserId,
        Self::EmailAddress,
        Self::JurisdictionCountry,
        Self::JurisdictionState,
        Self::JurisdictionLocality,
    ];

    /// The short name: `CN`, `OU`, `emailAddress` (RFC 4514 section 3, else OpenSSL).
    #[must_use]
    pub fn keyword(self) -> &'static str {
        self.rule().keyword
    }

    /// The name in the standard: `commonName`, `organizationalUnitName`.
    #[cfg(test)]
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rule().name
    }

    /// The object identifier, dotted: `2.5.4.3`.
    #[must_use]
    pub fn oid(self) -> &'static str {
        self.rule().oid
    }

    /// The maximum length of a value, in characters (RFC 5280 appendix A, else X.520).
    #[cfg(test)]
    #[must_use]
    pub fn limit(self) -> usize {
        self.rule().limit
    }

    /// The attribute type with this dotted object identifier.
    #[must_use]
    pub fn from_oid(dotted: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.oid() == dotted)
    }

    /// The keywords, for an error that lists them.
    pub(super) fn known() -> String {
        Self::ALL.map(Self::keyword).join(", ")
    }

    /// The DER of an `AttributeTypeAndValue` with this value.
    pub(super) fn encode(self, value: &str) -> Result<Vec<u8>, NameError> {
        let (tag, value) = self.canonical(value)?;
        // The table's identifiers are well-formed: a test reads them all.
        let oid = tlv::oid_from_text(self.oid()).unwrap_or_default();
        let oid = tlv::write(OBJECT_IDENTIFIER, &oid);
        Ok(tlv::write(SEQUENCE, &[oid, tlv::write(tag, value.as_bytes())].concat()))
    }

    /// Checks the rules for all values: not empty, no control characters, not too long.
    pub(super) fn check(self, value: &str) -> Result<(), NameError> {
        let AttributeRule { name: field, limit, .. } = self.rule();
        if value.chars().all(|character| character == ' ') {
            return Err(NameError::Empty { field });
        }
        if let Some(character) = value.chars().find(|character| character.is_control()) {
            return Err(NameError::Control { field, value: value.to_owned(), character });
        }
        let length = value.chars().count();
        if length > limit {
            return Err(NameError::TooLong { field, length, limit });
        }
        Ok(())
    }

    /// The string type and the text as it is written.
    fn canonical(self, value: &str) -> Result<(u8, String), NameError> {
        let AttributeRule { name: field, form, .. } = self.rule();
        let wrong = |character, form| {
            let value = value.to_owned();
            Err(NameError::Character { field, value, character, form })
        };

        // For a code of three letters this error is clearer than `too long`.
        if matches!(form, AttributeForm::Country) && !value.is_empty() {
            if value.len() != 2 || !value.bytes().all(|octet| octet.is_ascii_alphabetic()) {
                return Err(NameError::Country { field, value: value.to_owned() });
            }
            return Ok((PRINTABLE_STRING, value.to_ascii_uppercase()));
        }
        if matches!(form, AttributeForm::Label) && !value.is_empty() {
            let label = host_label(value).map_err(|reason| NameError::Label {
                field,
                value: value.to_owned(),
                reason: reason.to_string(),
            })?;
            return Ok((IA5_STRING, label));
        }

        self.check(value)?;
        match form {
            AttributeForm::Printable => {
                match value.chars().find(|character| !is_printable(*character)) {
                    Some(character) => wrong(character, "a PrintableString"),
                    None => Ok((PRINTABLE_STRING, value.to_owned())),
                }
            }
            AttributeForm::Ascii => match value.chars().find(|character| !character.is_ascii()) {
                Some(character) => wrong(character, "an IA5String (ASCII)"),
                None => Ok((IA5_STRING, value.to_owned())),
            },
            AttributeForm::Text | AttributeForm::Country | AttributeForm::Label => {
                Ok((UTF8_STRING, value.to_owned()))
            }
        }
    }

    #[rustfmt::skip]
    fn rule(self) -> AttributeRule {
        use AttributeForm::{Ascii, Country, Label, Printable, Text};

        let (oid, keyword, name, aliases, form, limit): (_, _, _, &[&str], _, _) = match self {
            Self::Country => ("2.5.4.6", "C", "countryName", &["country"], Country, 2),
            Self::State => ("2.5.4.8", "ST", "stateOrProvinceName", &["S", "state"], Text, 128),
            Self::Locality => ("2.5.4.7", "L", "localityName", &["locality"], Text, 128),
            Self::StreetAddress => ("2.5.4.9", "STREET", "streetAddress", &[], Text, 128),
            Self::PostalCode => ("2.5.4.17", "postalCode", "postalCode", &[], Text, 40),
            Self::Organization => ("2.5.4.10", "O", "organizationName", &["organization"], Text, 64),
            Self::OrganizationIdentifier => ("2.5.4.97", "organizationIdentifier", "organizationIdentifier", &[], Text, 256),
            Self::OrganizationalUnit => ("2.5.4.11", "OU", "organizationalUnitName", &["organizationalUnit"], Text, 64),
            Self::BusinessCategory => ("2.5.4.15", "businessCategory", "businessCategory", &[], Text, 128),
            Self::DomainComponent => ("0.9.2342.19200300.100.1.25", "DC", "domainComponent", &[], Label, 63),
            Self::CommonName => ("2.5.4.3", "CN", "commonName", &[], Text, 64),
            Self::Surname => ("2.5.4.4", "SN", "surname", &[], Text, 64),
            Self::GivenName => ("2.5.4.42", "GN", "givenName", &[], Text, 64),
            Self::Initials => ("2.5.4.43", "initials", "initials", &[], Text, 64),
            Self::GenerationQualifier => ("2.5.4.44", "generationQualifier", "generationQualifier", &[], Text, 64),
            Self::Pseudonym => ("2.5.4.65", "pseudonym", "pseudonym", &[], Text, 128),
            Self::Title => ("2.5.4.12", "title", "title", &[], Text, 64),
            Self::SerialNumber => ("2.5.4.5", "serialNumber", "serialNumber", &[], Printable, 64),
            Self::DnQualifier => ("2.5.4.46", "dnQualifier", "dnQualifier", &[], Printable, 64),
            Self::UserId => ("0.9.2342.19200300.100.1.1", "UID", "userId", &[], Text, 256),
            Self::EmailAddress => ("1.2.840.113549.1.9.1", "emailAddress", "emailAddress", &["E", "email"], Ascii, 255),
            Self::JurisdictionCountry => ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", "jurisdictionCountryName", &[], Country, 2),
            Self::JurisdictionState => ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", "jurisdictionStateOrProvinceName", &[], Text, 128),
            Self::JurisdictionLocality => ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", "jurisdictionLocalityName", &[], Text, 128),
        };
        AttributeRule { oid, keyword, name, aliases, form, limit }
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
