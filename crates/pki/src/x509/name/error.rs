//! Why a name is refused.

use super::attribute_type::AttributeType;
use crate::x509::escape::{describe, escape_line};

/// Why a name is refused. The messages are lower-case fragments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// The octets are not a Name in DER; the reason.
    #[error("the name is not valid DER: {0}")]
    Malformed(&'static str),

    /// The text has no attribute.
    #[error("the subject is empty")]
    EmptySubject,

    /// The text is not a name in one of the two forms of [`parse_subject`](super::parse_subject).
    #[error("subject `{}` {reason}", escape_line(text))]
    Syntax {
        /// The text.
        text: String,
        /// What is wrong, a fragment that follows the text.
        reason: String,
    },

    /// The attribute type is not known.
    #[error("unknown attribute `{}`: known are {}", escape_line(keyword), AttributeType::known())]
    UnknownAttribute {
        /// The keyword, such as `XY`.
        keyword: String,
    },

    /// A text value for an attribute type that is known by its object identifier only.
    #[error(
        "attribute {oid} is not known by name: give its value as `#` and the DER in hexadecimal"
    )]
    UnknownSyntax {
        /// The object identifier, dotted.
        oid: String,
    },

    /// A value is empty.
    #[error("{field} is empty")]
    Empty {
        /// The name of the attribute type, such as `commonName`.
        field: &'static str,
    },

    /// A value is too long.
    #[error("{field} is {length} characters long, at most {limit} are allowed")]
    TooLong {
        /// The name of the attribute type.
        field: &'static str,
        /// The length in characters.
        length: usize,
        /// The maximum length in characters.
        limit: usize,
    },

    /// A value that its attribute type cannot have: a control character, a character outside its string
    /// type, no country code, no label of a DNS name.
    #[error("{field} `{}` {reason}", escape_line(value))]
    Value {
        /// The name of the attribute type.
        field: &'static str,
        /// The value.
        value: String,
        /// What is wrong, a fragment that follows the value.
        reason: String,
    },
}

impl NameError {
    pub(super) fn value(field: &'static str, value: &str, reason: impl Into<String>) -> Self {
        Self::Value { field, value: value.to_owned(), reason: reason.into() }
    }

    /// The error for a control character in a value, if there is one.
    pub(super) fn control(field: &'static str, value: &str) -> Option<Self> {
        let character = value.chars().find(|character| character.is_control())?;
        let reason = format!("holds the control character {}", describe(character));
        Some(Self::value(field, value, reason))
    }
}
