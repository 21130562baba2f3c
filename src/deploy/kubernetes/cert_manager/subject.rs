//! A distinguished name in the fields that cert-manager has for it.
//!
//! Its `subject` and `commonName` go through Go's `pkix.Name`, which has an order of its own and puts
//! the values of one kind into one RDN. Names that would come out otherwise than by their order take
//! `literalSubject`, which stays as it is (the feature LiteralCertificateSubject: on by default since
//! cert-manager 1.15).

use pki::x509::name::{Attribute, AttributeType, Name};
use serde_json::{Map, Value, json};

/// The fields of a `Certificate` that say its subject: all but the literal one, or that alone.
#[derive(Debug, Default)]
pub(super) struct Naming {
    pub(super) literal: Option<String>,
    pub(super) common_name: Option<String>,
    /// The fields of `subject`.
    pub(super) fields: Map<String, Value>,
}

/// In the order in which Go writes them, each with its field.
const FIELDS: [(AttributeType, &str); 9] = [
    (AttributeType::Country, "countries"),
    (AttributeType::Organization, "organizations"),
    (AttributeType::OrganizationalUnit, "organizationalUnits"),
    (AttributeType::Locality, "localities"),
    (AttributeType::State, "provinces"),
    (AttributeType::StreetAddress, "streetAddresses"),
    (AttributeType::PostalCode, "postalCodes"),
    (AttributeType::CommonName, "commonName"),
    (AttributeType::SerialNumber, "serialNumber"),
];

/// The fields for a name, and what to say about it; else why there are none.
pub(super) fn naming(name: &Name) -> Result<(Naming, Option<&'static str>), String> {
    let Some(mut values) = in_fields(name) else {
        let said = "has a subject that only `literalSubject` keeps: cert-manager takes it since \
                   1.15, before by its feature gate LiteralCertificateSubject";
        let literal = Some(literal(name)?);
        return Ok((Naming { literal, ..Naming::default() }, Some(said)));
    };
    let order = "keeps its subject in cert-manager's order: C, O, OU, L, ST, CN";
    let said = (!values.is_sorted_by_key(|(place, _)| *place)).then_some(order);
    values.sort();
    let mut naming = Naming::default();
    for (place, value) in values {
        match FIELDS[place] {
            (AttributeType::CommonName, _) => naming.common_name = Some(value),
            (AttributeType::SerialNumber, field) => {
                naming.fields.insert(field.to_owned(), json!(value));
            }
            (_, field) => {
                naming.fields.insert(field.to_owned(), json!([value]));
            }
        }
    }
    Ok((naming, said))
}

/// Each value with its place in Go's order; `None` where the fields do not say the name: a kind that they
/// lack or that comes twice, an RDN of several, a value that is not text.
fn in_fields(name: &Name) -> Option<Vec<(usize, String)>> {
    let mut values: Vec<(usize, String)> = Vec::new();
    for rdn in name.attributes() {
        let [attribute] = &rdn[..] else { return None };
        let kind = attribute.kind().filter(|_| attribute.is_text && !attribute.value.is_empty())?;
        let place = FIELDS.iter().position(|(field, _)| *field == kind)?;
        if values.iter().any(|(taken, _)| *taken == place) {
            return None;
        }
        values.push((place, attribute.value.clone()));
    }
    Some(values)
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
    let is_known = |kind: &AttributeType| {
        matches!(
            kind,
            AttributeType::Country
                | AttributeType::Organization
                | AttributeType::OrganizationalUnit
                | AttributeType::CommonName
                | AttributeType::SerialNumber
                | AttributeType::Locality
                | AttributeType::State
                | AttributeType::StreetAddress
                | AttributeType::DomainComponent
                | AttributeType::UserId
        )
    };
    let shown = attribute.to_string();
    match (attribute.kind().filter(is_known), shown.split_once('=')) {
        (Some(kind), Some((_, value))) if attribute.is_text => {
            let keyword = kind.keyword().to_ascii_uppercase();
            Ok(format!("{keyword}={}", value.replace('=', r"\=")))
        }
        _ => Err(format!("`{shown}` has no place in it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> Result<(Naming, Option<&'static str>), String> {
        naming(&text.parse().unwrap())
    }

    #[test]
    fn a_name_of_one_value_a_kind_takes_the_fields() {
        let (subject, said) =
            subject("/C=US/ST=CA/L=Redwood City/O=zilliz/OU=devops/CN=localhost").unwrap();

        assert_eq!((subject.literal, subject.common_name.as_deref()), (None, Some("localhost")));
        assert_eq!(
            Value::from(subject.fields),
            json!({
                "countries": ["US"],
                "organizations": ["zilliz"],
                "organizationalUnits": ["devops"],
                "localities": ["Redwood City"],
                "provinces": ["CA"],
            })
        );
        assert!(said.unwrap().contains("order"));
    }

    #[test]
    fn nothing_is_said_where_go_keeps_the_order() {
        for text in ["/CN=a", "/O=a/CN=b", "/C=US/O=a/OU=b/L=c/ST=d/STREET=e/CN=f/serialNumber=7"] {
            let (subject, said) = subject(text).unwrap();
            assert_eq!((subject.literal, said), (None, None), "{text}");
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
            let is = subject.literal.unwrap();
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
