//! The attribute types that have a name here.

/// What a value may hold, and in which string type it is written.
#[derive(Clone, Copy)]
pub(super) enum AttributeForm {
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

pub(super) struct AttributeRule {
    pub(super) oid: &'static str,
    /// The text before the `=`: RFC 4514's keyword, else OpenSSL's short name.
    pub(super) keyword: &'static str,
    /// The name in the standard, for errors.
    pub(super) name: &'static str,
    /// Further spellings that are understood.
    pub(super) aliases: &'static [&'static str],
    pub(super) form: AttributeForm,
    /// In characters: RFC 5280 appendix A, else X.520; for SN and GN the CA/Browser Forum's.
    pub(super) limit: usize,
}

macro_rules! attribute_types {
    ($($(#[doc = $doc:literal])+ $kind:ident $oid:literal $keyword:literal $name:literal
        $aliases:expr, $form:ident $limit:literal,)+) => {
        /// An attribute type with a name. Its keyword: [`AttributeType::keyword`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AttributeType { $($(#[doc = $doc])+ $kind,)+ }

        impl AttributeType {
            /// Every attribute type that has a name here.
            pub const ALL: [Self; [$(Self::$kind),+].len()] = [$(Self::$kind),+];

            pub(super) const fn rule(self) -> AttributeRule {
                match self {
                    $(Self::$kind => AttributeRule {
                        oid: $oid,
                        keyword: $keyword,
                        name: $name,
                        aliases: &$aliases,
                        form: AttributeForm::$form,
                        limit: $limit,
                    },)+
                }
            }
        }
    };
}

// The fields of AttributeRule, in their order.
attribute_types! {
    /// `countryName`, C: two letters.
    Country "2.5.4.6" "C" "countryName" ["country"], Country 2,
    /// `stateOrProvinceName`, ST.
    State "2.5.4.8" "ST" "stateOrProvinceName" ["S", "state"], Text 128,
    /// `localityName`, L.
    Locality "2.5.4.7" "L" "localityName" ["locality"], Text 128,
    /// `streetAddress`, STREET.
    StreetAddress "2.5.4.9" "STREET" "streetAddress" [], Text 128,
    /// `postalCode`.
    PostalCode "2.5.4.17" "postalCode" "postalCode" [], Text 40,
    /// `organizationName`, O.
    Organization "2.5.4.10" "O" "organizationName" ["organization"], Text 64,
    /// `organizationIdentifier` (ETSI EN 319 412-1).
    OrganizationIdentifier "2.5.4.97" "organizationIdentifier" "organizationIdentifier" [], Text 256,
    /// `organizationalUnitName`, OU.
    OrganizationalUnit "2.5.4.11" "OU" "organizationalUnitName" ["organizationalUnit"], Text 64,
    /// `businessCategory`.
    BusinessCategory "2.5.4.15" "businessCategory" "businessCategory" [], Text 128,
    /// `domainComponent`, DC: one label of a DNS name (RFC 4519 section 2.4).
    DomainComponent "0.9.2342.19200300.100.1.25" "DC" "domainComponent" [], Label 63,
    /// `commonName`, CN.
    CommonName "2.5.4.3" "CN" "commonName" [], Text 64,
    /// `surname`, SN.
    Surname "2.5.4.4" "SN" "surname" [], Text 64,
    /// `givenName`, GN.
    GivenName "2.5.4.42" "GN" "givenName" [], Text 64,
    /// `initials`.
    Initials "2.5.4.43" "initials" "initials" [], Text 64,
    /// `generationQualifier`, such as `Jr.`.
    GenerationQualifier "2.5.4.44" "generationQualifier" "generationQualifier" [], Text 64,
    /// `pseudonym`.
    Pseudonym "2.5.4.65" "pseudonym" "pseudonym" [], Text 128,
    /// `title`.
    Title "2.5.4.12" "title" "title" [], Text 64,
    /// `serialNumber`: of a device or a person, not of the certificate.
    SerialNumber "2.5.4.5" "serialNumber" "serialNumber" [], Printable 64,
    /// `dnQualifier`.
    DnQualifier "2.5.4.46" "dnQualifier" "dnQualifier" [], Printable 64,
    /// `userId`, UID (RFC 4519 section 2.39).
    UserId "0.9.2342.19200300.100.1.1" "UID" "userId" [], Text 256,
    /// `emailAddress` (RFC 2985 section 5.2.1): ASCII.
    EmailAddress "1.2.840.113549.1.9.1" "emailAddress" "emailAddress" ["E", "email"], Ascii 255,
    /// `jurisdictionCountryName` of the CA/Browser Forum: two letters.
    JurisdictionCountry "1.3.6.1.4.1.311.60.2.1.3" "jurisdictionC" "jurisdictionCountryName" [], Country 2,
    /// `jurisdictionStateOrProvinceName` of the CA/Browser Forum.
    JurisdictionState "1.3.6.1.4.1.311.60.2.1.2" "jurisdictionST" "jurisdictionStateOrProvinceName" [], Text 128,
    /// `jurisdictionLocalityName` of the CA/Browser Forum.
    JurisdictionLocality "1.3.6.1.4.1.311.60.2.1.1" "jurisdictionL" "jurisdictionLocalityName" [], Text 128,
}

impl AttributeType {
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
}
