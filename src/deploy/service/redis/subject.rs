//! Subjects of clients for the additional certificate validation of Redis Enterprise.

use pki::{
    verify::allowed_subjects::FIELDS,
    x509::{
        escape::escape_line,
        name::{Attribute, AttributeType, Name},
    },
};
use serde_json::{Value, json};

use crate::{
    deploy::error::UnmetRequirement, deploy::service::options::Validation, hint::Hint,
    issue::identity_files::Pair, path_text::PathText as _,
};

/// A subject as the body has it, and as a line for `certctl check --allow-subject`.
///
/// The error is a fragment that follows "the subject of …".
pub(super) fn described(name: &Name, validate: Validation) -> Result<(Vec<Value>, String), String> {
    let counts = |attribute: &Attribute| {
        validate == Validation::Subject || attribute.kind() == Some(AttributeType::CommonName)
    };
    let counted: Vec<Attribute> = name.attributes().into_iter().flatten().filter(counts).collect();
    if let Some(other) = counted.iter().find(|attribute| !is_compared(attribute)) {
        let field =
            other.kind().map_or_else(|| other.oid.clone(), |kind| kind.keyword().to_owned());
        return Err(format!(
            "has {field}={}, which Redis Enterprise has no field for: it compares the texts of \
            CN, O, OU, L, ST and C",
            escape_line(&other.value)
        ));
    }
    let mut fields = Vec::new();
    let mut line = Name::builder();
    for kind in FIELDS {
        let same = counted.iter().filter(|attribute| attribute.kind() == Some(kind));
        let values: Vec<String> = same.map(|attribute| attribute.value.clone()).collect();
        for value in &values {
            line.push(kind, value).map_err(|error| format!("cannot be written: {error}"))?;
        }
        let value = match (kind, values.as_slice()) {
            (AttributeType::CommonName, []) => return Err("has no CN".to_owned()),
            (_, []) => continue,
            (AttributeType::OrganizationalUnit, _) => json!(values),
            (_, [one]) => json!(one),
            _ => {
                let keyword = kind.keyword();
                return Err(format!("has {keyword} {} times; only OU may repeat", values.len()));
            }
        };
        fields.push(json!({ "name": kind.keyword(), "value": value }));
    }
    Ok((fields, line.build().to_string()))
}

/// Why Redis Enterprise cannot compare the subject of a client, with the command that fixes it.
pub(super) fn mismatch(client: &Pair, reason: &str) -> UnmetRequirement {
    let file = client.certificate_path.shown();
    let by_name = described(client.certificate.subject(), Validation::Cn).is_ok();
    let hint = if by_name {
        "admit clients by common name: `--validate cn`".into()
    } else {
        Hint::from("make another: ").run(format!("issue {}-2 --usage client --cn CN", client.name))
    };
    UnmetRequirement::new(format!("the subject of `{file}` {reason}"), hint)
}

fn is_compared(attribute: &Attribute) -> bool {
    attribute.is_text && attribute.kind().is_some_and(|kind| FIELDS.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pki::x509::name::parse_subject;

    #[test]
    fn several_ous_keep_their_order_and_all_else_is_one_value() {
        let name = parse_subject("/C=DE/ST=a/L=b/O=c/OU=z/OU=y/CN=n").unwrap();
        let (fields, line) = described(&name, Validation::Subject).unwrap();
        let json = serde_json::to_string(&fields).unwrap();
        assert_eq!(
            json,
            r#"[{"name":"CN","value":"n"},{"name":"O","value":"c"},{"name":"OU","value":["z","y"]},{"name":"L","value":"b"},{"name":"ST","value":"a"},{"name":"C","value":"DE"}]"#
        );
        assert_eq!(parse_subject(&line).unwrap().attributes().len(), 7, "{line}");

        let (fields, line) = described(&name, Validation::Cn).unwrap();
        assert_eq!((fields.len(), line.as_str()), (1, "CN=n"));
    }

    #[test]
    fn what_cannot_be_said_in_full_may_be_said_by_common_name() {
        let rows = [
            ("/DC=x/CN=n", "has DC=x, which", true),
            ("/CN=n/O=a/O=b", "has O 2 times", true),
            ("/CN=n/CN=m", "has CN 2 times", false),
            ("/O=a", "has no CN", false),
        ];
        for (subject, reason, by_name) in rows {
            let name = parse_subject(subject).unwrap();
            let error = described(&name, Validation::Subject).unwrap_err();
            assert!(error.starts_with(reason), "{subject}: {error}");
            assert_eq!(described(&name, Validation::Cn).is_ok(), by_name, "{subject}");
        }
    }
}
