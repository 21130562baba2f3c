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

    /// A value has a control character.
    #[error(
        "{field} `{}` holds the control character {}",
        escape_line(value), describe(*character)
    )]
    Control {
        /// The name of the attribute type.
        field: &'static str,
        /// The value.
        value: String,
        /// The first control character.
        character: char,
    },

    /// A value has a character that its string type does not allow.
    #[error(
        "{field} `{}` holds {}, which {form} cannot hold",
        escape_line(value), describe(*character)
    )]
    Character {
        /// The name of the attribute type.
        field: &'static str,
        /// The value.
        value: String,
        /// The first such character.
        character: char,
        /// The string type, such as `a PrintableString`.
        form: &'static str,
    },

    /// A value is not a country code of two letters.
    #[error("{field} `{}` is not a country code of two letters, such as `US`", escape_line(value))]
    Country {
        /// The name of the attribute type.
        field: &'static str,
        /// The value.
        value: String,
    },

    /// A domainComponent is not a label of a DNS name.
    #[error("{field} `{}` {reason}", escape_line(value))]
    Label {
        /// The name of the attribute type.
        field: &'static str,
        /// The value.
        value: String,
        /// What is wrong, a fragment that follows the value.
        reason: String,
    },
}
