//! A distinguished name in the fields that cert-manager has for it.
//!
//! Its `subject` and `commonName` go through Go's `pkix.Name`, which has an order of its own and puts
//! the values of one kind into one RDN. Names that would come out otherwise than by their order take
//! `literalSubject`, which stays as it is (the feature LiteralCertificateSubject: on by default since
//! cert-manager 1.15).

use pki::x509::name::{Attribute, AttributeType, Name};
use serde::Serialize;

/// The fields of a `Certificate` that say its subject.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Naming {
    #[serde(skip_serializing_if = "Option::is_none")]
    literal_subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Fields>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    countries: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organizations: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organizational_units: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    localities: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    provinces: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    street_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    postal_codes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
}

/// In the order in which Go writes them.
const FIELDS: [AttributeType; 9] = [
    AttributeType::Country,
    AttributeType::Organization,
    AttributeType::OrganizationalUnit,
    AttributeType::Locality,
    AttributeType::State,
    AttributeType::StreetAddress,
    AttributeType::PostalCode,
    AttributeType::CommonName,
    AttributeType::SerialNumber,
];

impl Naming {
    /// The fields for a name, and what to say about it; else why there are none.
    pub(super) fn of(name: &Name) -> Result<(Self, Option<String>), String> {
        if let Some(places) = places(name) {
            let said = (!places.is_sorted()).then(|| {
                "keeps its subject in cert-manager's order: C, O, OU, L, ST, CN".to_owned()
            });
            return Ok((Self::in_fields(name), said));
        }
        let said = "has a subject that only `literalSubject` keeps: cert-manager takes it since 1.15, before by its feature gate LiteralCertificateSubject";
        let subject = Self { literal_subject: Some(literal(name)?), ..Self::default() };
        Ok((subject, Some(said.to_owned())))
    }

    fn in_fields(name: &Name) -> Self {
        let attributes: Vec<Attribute> = name.attributes().into_iter().flatten().collect();
        let all = |kind| -> Vec<String> {
            let same = attributes.iter().filter(|one| one.kind() == Some(kind));
            same.map(|one| one.value.clone()).collect()
        };
        let fields = Fields {
            countries: all(AttributeType::Country),
            organizations: all(AttributeType::Organization),
            organizational_units: all(AttributeType::OrganizationalUnit),
            localities: all(AttributeType::Locality),
            provinces: all(AttributeType::State),
            street_addresses: all(AttributeType::StreetAddress),
            postal_codes: all(AttributeType::PostalCode),
            serial_number: all(AttributeType::SerialNumber).pop(),
        };
        Self {
            literal_subject: None,
            common_name: all(AttributeType::CommonName).pop(),
            subject: (fields != Fields::default()).then_some(fields),
        }
    }
}

/// The place that each attribute has in Go's order; `None` where the fields do not say the name: a kind
/// that they lack or that comes twice, an RDN of several, a value that is not text.
fn places(name: &Name) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for rdn in name.attributes() {
        let [attribute] = &rdn[..] else { return None };
        let kind = attribute.kind().filter(|_| attribute.is_text && !attribute.value.is_empty())?;
        let place = FIELDS.iter().position(|field| *field == kind)?;
        if places.contains(&place) {
            return None;
        }
        places.push(place);
    }
    Some(places)
}

/// RFC 4514 with the keywords that cert-manager knows, and no `=#`, which it refuses.
fn literal(name: &Name) -> Result<String, String> {
    let mut rdns = Vec::new();
    for rdn in name.attributes().iter().rev() {
        let attributes = rdn.iter().map(literal_attribute).collect::<Result<Vec<_>, _>>()?;
        rdns.push(attributes.join("+"));
    }
    Ok(rdns.join(","))
}

fn literal_attribute(attribute: &Attribute) -> Result<String, String> {
    let keyword = attribute.kind().and_then(|kind| match kind {
        AttributeType::Country => Some("C"),
        AttributeType::Organization => Some("O"),
        AttributeType::OrganizationalUnit => Some("OU"),
        AttributeType::CommonName => Some("CN"),
        AttributeType::SerialNumber => Some("SERIALNUMBER"),
        AttributeType::Locality => Some("L"),
        AttributeType::State => Some("ST"),
        AttributeType::StreetAddress => Some("STREET"),
        AttributeType::DomainComponent => Some("DC"),
        AttributeType::UserId => Some("UID"),
        _ => None,
    });
    let shown = attribute.to_string();
    match (keyword, shown.split_once('=')) {
        (Some(keyword), Some((_, value))) if attribute.is_text => {
            Ok(format!("{keyword}={}", value.replace('=', r"\=")))
        }
        _ => Err(format!("`{shown}` has no place in it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> Result<(Naming, Option<String>), String> {
        Naming::of(&text.parse().unwrap())
    }

    #[test]
    fn a_name_of_one_value_a_kind_takes_the_fields() {
        let (subject, said) =
            subject("/C=US/ST=CA/L=Redwood City/O=zilliz/OU=devops/CN=localhost").unwrap();

        assert_eq!(
            serde_json::to_value(&subject).unwrap(),
            serde_json::json!({
                "commonName": "localhost",
                "subject": {
                    "countries": ["US"],
                    "organizations": ["zilliz"],
                    "organizationalUnits": ["devops"],
                    "localities": ["Redwood City"],
                    "provinces": ["CA"],
                },
            })
        );
        assert!(said.unwrap().contains("order"));
    }

    #[test]
    fn nothing_is_said_where_go_keeps_the_order() {
        for text in ["/CN=a", "/O=a/CN=b", "/C=US/O=a/OU=b/L=c/ST=d/STREET=e/CN=f/serialNumber=7"] {
            let (subject, said) = subject(text).unwrap();
            assert_eq!((subject.literal_subject, said), (None, None), "{text}");
        }
    }

    #[test]
    fn a_name_that_go_would_change_is_literal() {
        let cases = [
            ("/O=x/OU=a/OU=b/CN=c", "CN=c,OU=b,OU=a,O=x"),
            ("/DC=org/DC=example/CN=c", "CN=c,DC=example,DC=org"),
            ("/O=x/CN=a+UID=u", "CN=a+UID=u,O=x"),
            ("/DC=org/CN=Doe, John", r"CN=Doe\, John,DC=org"),
            ("/DC=org/CN=#1", r"CN=\#1,DC=org"),
            ("/DC=org/CN=a=#b", r"CN=a\=#b,DC=org"),
            ("/DC=org/serialNumber=7/CN=Müller", "CN=Müller,SERIALNUMBER=7,DC=org"),
        ];
        for (text, literal) in cases {
            let (subject, said) = subject(text).unwrap();
            let uid_first = literal.replace("CN=a+UID=u", "UID=u+CN=a");
            let is = subject.literal_subject.unwrap();
            assert!(is == literal || is == uid_first, "{text}: {is}");
            assert!(said.unwrap().contains("LiteralCertificateSubject"), "{text}");
        }
    }

    #[test]
    fn a_name_that_cert_manager_has_no_word_for_is_refused() {
        for text in ["/CN=a/emailAddress=a@b", "/DC=org/title=Dr/CN=a"] {
            let reason = subject(text).unwrap_err();
            assert!(reason.contains("has no place in it"), "{text}: {reason}");
        }
    }
}
