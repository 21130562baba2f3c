//! Names, labels and annotations of Kubernetes objects.
//!
//! The rules are those of the API server (k8s.io/apimachinery, pkg/util/validation): what it would
//! refuse is refused at the flag.

use std::{collections::BTreeMap, fmt, str::FromStr};

use pki::x509::escape::escape_line;
use serde::Serialize;

/// Of a DNS-1123 subdomain.
const SUBDOMAIN_LIMIT: usize = 253;
/// Of a DNS-1123 label, of the name in a key of labels and annotations, and of a label's value.
const LABEL_LIMIT: usize = 63;
/// Of all annotations of an object together, keys and values, in octets.
const ANNOTATIONS_LIMIT: usize = 256 << 10;
/// Of a key of a Secret.
const DATA_KEY_LIMIT: usize = 253;

/// Declares a text that the API server accepts; `$fits` checks it, `$error` is that of a text that does
/// not fit.
macro_rules! checked_text {
    ($(#[$meta:meta])* $text:ident, $error:ident, $fits:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub(crate) struct $text(String);

        impl fmt::Display for $text {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $text {
            type Err = MetadataError;

            fn from_str(text: &str) -> Result<Self, MetadataError> {
                let fits: fn(&str) -> bool = $fits;
                if fits(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(MetadataError::$error(text.to_owned()))
                }
            }
        }
    };
}

checked_text! {
    /// The name of an object: a DNS-1123 subdomain.
    ObjectName, Name, is_subdomain
}

checked_text! {
    /// The name of a namespace: a DNS-1123 label.
    Namespace, Namespace, |text| text.len() <= LABEL_LIMIT && is_label(text)
}

checked_text! {
    /// A key under which a Secret holds a file.
    DataKey, DataKey, |text| {
        (1..=DATA_KEY_LIMIT).contains(&text.len())
            && text.bytes().all(is_plain)
            && text != "."
            && !text.starts_with("..")
    }
}

/// A label, `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    key: String,
    value: String,
}

/// An annotation, `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation {
    key: String,
    value: String,
}

/// The `metadata` of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Metadata {
    pub(crate) name: ObjectName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<Namespace>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

/// Why a text cannot stand in the metadata of an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MetadataError {
    #[error(
        "`{}` is not an object name: lower-case letters, digits, `-` and `.`, a letter or digit \
        at both ends of each part between dots (RFC 1123), at most 253",
        escape_line(.0)
    )]
    Name(String),
    #[error(
        "`{}` is not a namespace name: lower-case letters, digits and `-`, a letter or digit at \
        both ends (RFC 1123), at most 63",
        escape_line(.0)
    )]
    Namespace(String),
    #[error(
        "`{}` is not a Secret key: letters, digits, `-`, `_` and `.`, at most 253, and not `.`, \
        `..` or two dots first",
        escape_line(.0)
    )]
    DataKey(String),
    #[error("`{}` is not KEY=VALUE", escape_line(.0))]
    Pair(String),
    #[error(
        "`{}` is not {what} key: letters, digits, `-`, `_` and `.`, a letter or digit at both \
        ends, at most 63; a DNS name and `/` may precede it",
        escape_line(key)
    )]
    Key { what: &'static str, key: String },
    #[error(
        "`{}` is not a label value: letters, digits, `-`, `_` and `.`, a letter or digit at both \
        ends, at most 63",
        escape_line(.0)
    )]
    LabelValue(String),
    #[error("the {what} `{}` is given twice", escape_line(key))]
    Twice { what: &'static str, key: String },
    #[error("the annotations have {0} bytes, Kubernetes takes 262144 at most")]
    Annotations(usize),
}

impl DataKey {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Metadata {
    pub(crate) fn new(name: ObjectName, namespace: Option<Namespace>) -> Self {
        Self { name, namespace, labels: BTreeMap::new(), annotations: BTreeMap::new() }
    }

    /// Adds labels and annotations.
    ///
    /// An error where a key comes twice, or the annotations are too long together.
    pub(crate) fn inscribe(
        &mut self,
        labels: &[Label],
        annotations: &[Annotation],
    ) -> Result<(), MetadataError> {
        for Label { key, value } in labels {
            if self.labels.insert(key.clone(), value.clone()).is_some() {
                return Err(MetadataError::Twice { what: "label", key: key.clone() });
            }
        }
        for Annotation { key, value } in annotations {
            if self.annotations.insert(key.clone(), value.clone()).is_some() {
                return Err(MetadataError::Twice { what: "annotation", key: key.clone() });
            }
        }
        let length = self.annotations.iter().map(|(key, value)| key.len() + value.len()).sum();
        if length > ANNOTATIONS_LIMIT { Err(MetadataError::Annotations(length)) } else { Ok(()) }
    }
}

impl FromStr for Label {
    type Err = MetadataError;

    fn from_str(text: &str) -> Result<Self, MetadataError> {
        let (key, value) = pair(text)?;
        if !is_qualified(key) {
            return Err(MetadataError::Key { what: "a label", key: key.to_owned() });
        }
        if !value.is_empty() && !is_word(value) {
            return Err(MetadataError::LabelValue(value.to_owned()));
        }
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

impl FromStr for Annotation {
    type Err = MetadataError;

    fn from_str(text: &str) -> Result<Self, MetadataError> {
        let (key, value) = pair(text)?;
        // Their keys may have capitals before the slash, too.
        if !is_qualified(&key.to_ascii_lowercase()) {
            return Err(MetadataError::Key { what: "an annotation", key: key.to_owned() });
        }
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}

fn pair(text: &str) -> Result<(&str, &str), MetadataError> {
    text.split_once('=').ok_or_else(|| MetadataError::Pair(text.to_owned()))
}

fn is_label(text: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-';
    !text.is_empty() && text.bytes().all(plain) && !text.starts_with('-') && !text.ends_with('-')
}

/// Its labels may be longer than those of a host name: only the whole is bounded.
fn is_subdomain(text: &str) -> bool {
    text.len() <= SUBDOMAIN_LIMIT && text.split('.').all(is_label)
}

/// A key of a label: `name`, or `prefix/name` with a DNS name as prefix.
fn is_qualified(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_word(name),
        None => is_word(key),
    }
}

fn is_word(text: &str) -> bool {
    let is_end = |octet: Option<&u8>| octet.is_some_and(u8::is_ascii_alphanumeric);
    let octets = text.as_bytes();
    octets.len() <= LABEL_LIMIT
        && octets.iter().copied().all(is_plain)
        && is_end(octets.first())
        && is_end(octets.last())
}

fn is_plain(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn table<T: FromStr>(what: &str, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(text.parse::<T>().is_ok(), "{what} {text:?} is good");
        }
        for text in bad {
            assert!(text.parse::<T>().is_err(), "{what} {text:?} is bad");
        }
    }

    #[test]
    fn names_are_those_that_the_api_server_takes() {
        let [long, longer] = [63, 64].map(|length| "a".repeat(length));
        let [whole, too_much] = [253, 254].map(|length| "a".repeat(length));
        table::<ObjectName>(
            "name",
            &["a", "0", "true", "1e3", "a.b", "a-b", "a--b", "1.2.3", &longer, &whole],
            &["", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "A", "a_b", "a b", "ü", &too_much],
        );
        table::<Namespace>("namespace", &["a", "123", &long], &["", "a.b", "-a", "A", &longer]);
    }

    #[test]
    fn data_keys_are_those_that_the_api_server_takes() {
        let [whole, too_long] = [253, 254].map(|length| "k".repeat(length));
        table::<DataKey>(
            "key",
            &[
                "server.pem",
                "A",
                ".hidden",
                "a..b",
                "-",
                "_",
                "...x".trim_start_matches('.'),
                &whole,
            ],
            &["", ".", "..", "..a", "a b", "a/b", "a:b", "ü", "a\n", &too_long],
        );
    }

    #[test]
    fn labels_and_annotations_are_those_that_the_api_server_takes() {
        let [long, longer] = [63, 64].map(|length| "a".repeat(length));
        let keys = |key: &str| format!("{key}=x");
        let good = ["a", "A", "a.b_c-d", "example.com/a", "a/A", &long, &format!("a/{long}")];
        let bad = ["", "/a", "a/", "a/b/c", "-a", "a-", "_a", "a b", "a_b/c", &longer, "ü", "{{"];
        for key in good {
            assert!(keys(key).parse::<Label>().is_ok(), "{key}");
            assert!(keys(key).parse::<Annotation>().is_ok(), "{key}");
        }
        for key in bad {
            assert!(keys(key).parse::<Label>().is_err(), "{key}");
            assert!(keys(key).parse::<Annotation>().is_err(), "{key}");
        }
        assert!("Example.com/a=x".parse::<Label>().is_err());
        assert!("Example.com/a=x".parse::<Annotation>().is_ok());

        for value in ["", "a", "A.b-c_d", "true", &long] {
            assert!(format!("a={value}").parse::<Label>().is_ok(), "{value}");
        }
        for value in ["-", "a-", "a b", "a=b", "a\n", "a/b", &longer] {
            assert!(format!("a={value}").parse::<Label>().is_err(), "{value}");
        }
        for value in ["", "a=b", "a\nb", "{{ x }}", "# ---"] {
            let read = format!("a={value}").parse::<Annotation>();
            assert_eq!(read.map(|one| one.value).as_deref(), Ok(value));
        }
        assert!("a".parse::<Annotation>().is_err());
    }

    #[test]
    fn annotations_have_a_limit_together_and_keys_come_once() {
        let name = "x".parse::<ObjectName>().unwrap();
        let annotation = |length: usize| Annotation { key: "a".into(), value: "v".repeat(length) };
        for (length, fits) in [(ANNOTATIONS_LIMIT - 1, true), (ANNOTATIONS_LIMIT, false)] {
            let mut metadata = Metadata::new(name.clone(), None);
            assert_eq!(metadata.inscribe(&[], &[annotation(length)]).is_ok(), fits, "{length}");
        }
        let label: Label = "a=b".parse().unwrap();
        let mut metadata = Metadata::new(name, None);
        let twice = metadata.inscribe(&[label.clone(), label], &[]).unwrap_err();
        assert_eq!(twice.to_string(), "the label `a` is given twice");
    }
}
