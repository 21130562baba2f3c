//! The subjects that Redis Enterprise allows: its additional validation of client certificates.

use super::{clients::Defect, finding::Finding};
use crate::x509::{
    certificate::Certificate,
    escape::escape_line,
    name::{AttributeType, Name, NameError},
};

/// The attributes that Redis Enterprise compares, in the order of its documentation. Only OU may
/// repeat.
pub const FIELDS: [AttributeType; 6] = [
    AttributeType::CommonName,
    AttributeType::Organization,
    AttributeType::OrganizationalUnit,
    AttributeType::Locality,
    AttributeType::State,
    AttributeType::Country,
];

/// The allowed subjects of client certificates.
#[derive(Debug)]
pub struct AllowedSubjects {
    lines: Vec<SubjectFields>,
}

/// The values of a line or a subject, for each of [`FIELDS`].
#[derive(Debug, PartialEq, Eq)]
struct SubjectFields([Vec<String>; FIELDS.len()]);

/// Why a list of allowed subjects cannot be read. Line numbers count from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowedSubjectsError {
    /// A line is not a name.
    #[error("line {line}: {reason}")]
    Line {
        /// The line number.
        line: usize,
        /// The error of the name.
        reason: NameError,
    },
    /// A line has an attribute that Redis Enterprise does not compare.
    #[error(
        "line {line} has {field}, which Redis Enterprise does not compare; it compares CN, O, \
        OU, L, ST and C"
    )]
    Field {
        /// The line number.
        line: usize,
        /// The attribute type.
        field: String,
    },
    /// A line has an attribute twice.
    #[error("line {line} has {field} twice; only OU may repeat")]
    Twice {
        /// The line number.
        line: usize,
        /// The attribute type.
        field: &'static str,
    },
    /// A line has no commonName.
    #[error("line {line} has no CN")]
    NoCommonName {
        /// The line number.
        line: usize,
    },
    /// The text is not UTF-8.
    #[error("it is not UTF-8")]
    NotText,
    /// The text has no subject.
    #[error("it has no subject")]
    Empty,
}

impl AllowedSubjects {
    /// Reads one subject per line, `CN=a,OU=x,OU=y,O=…`. A line that begins with `#` is a comment.
    ///
    /// # Errors
    ///
    /// [`AllowedSubjectsError`] of the first line that cannot be read.
    pub fn parse(content: &[u8]) -> Result<Self, AllowedSubjectsError> {
        let text = str::from_utf8(content).map_err(|_| AllowedSubjectsError::NotText)?;
        let mut lines = Vec::new();
        for (index, text) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let text = text.trim();
            if !text.is_empty() && !text.starts_with('#') {
                lines.push(line(index + 1, text)?);
            }
        }
        if lines.is_empty() { Err(AllowedSubjectsError::Empty) } else { Ok(Self { lines }) }
    }

    /// Checks whether a line allows the certificate; the finding has [`Defect::NotAdmitted`].
    ///
    /// A line with a CN only is compared with the CN, every other line with the whole subject. Case
    /// counts; the order of several OUs does not.
    pub fn check(&self, certificate: &Certificate) -> Option<Finding> {
        let subject = fields(certificate.subject());
        let admits = |line: &SubjectFields| {
            if line.0[1..].iter().all(Vec::is_empty) {
                line.0[0] == subject.0[0]
            } else {
                *line == subject
            }
        };
        (!self.lines.iter().any(admits)).then(|| {
            let subject = shown(&subject);
            let message = format!(
                "is admitted by no line of the allowed subjects (Redis Enterprise would refuse \
                the client): its subject is `{subject}`"
            );
            Finding::new(Defect::NotAdmitted, message)
        })
    }
}

fn line(number: usize, text: &str) -> Result<SubjectFields, AllowedSubjectsError> {
    let name: Name =
        text.parse().map_err(|reason| AllowedSubjectsError::Line { line: number, reason })?;
    for attribute in name.attributes().into_iter().flatten() {
        let kind = attribute.kind();
        if kind.is_none_or(|kind| !FIELDS.contains(&kind)) {
            let field = kind.map_or(attribute.oid, |kind| kind.keyword().into());
            return Err(AllowedSubjectsError::Field { line: number, field });
        }
    }
    let fields = fields(&name);
    for (kind, values) in FIELDS.iter().zip(&fields.0) {
        if values.len() > 1 && *kind != AttributeType::OrganizationalUnit {
            return Err(AllowedSubjectsError::Twice { line: number, field: kind.keyword() });
        }
    }
    if fields.0[0].is_empty() {
        return Err(AllowedSubjectsError::NoCommonName { line: number });
    }
    Ok(fields)
}

fn fields(name: &Name) -> SubjectFields {
    let attributes: Vec<_> = name.attributes().into_iter().flatten().collect();
    SubjectFields(FIELDS.map(|kind| {
        let same = attributes.iter().filter(|attribute| attribute.kind() == Some(kind));
        let mut values: Vec<String> = same.map(|attribute| attribute.value.clone()).collect();
        values.sort();
        values
    }))
}

/// In the form of a line of the file.
fn shown(fields: &SubjectFields) -> String {
    let pairs = FIELDS.iter().zip(&fields.0).flat_map(|(kind, values)| {
        values.iter().map(|value| format!("{}={}", kind.keyword(), escape_line(value)))
    });
    pairs.collect::<Vec<_>>().join(",")
}
