//! The name of an identity, which is that of its files.

use std::{fmt, str::FromStr};

/// Reserved names: `ca` is the CA, `archive/` contains old sets.
const RESERVED: [&str; 2] = ["ca", "archive"];

/// File names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of an identity: the base name of its files `NAME.pem` and `NAME.key`.
///
/// `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 63 characters; two names that differ only in case are equal,
/// since some file systems do not distinguish them.
#[derive(Clone, Debug)]
pub(crate) struct IdentityName(String);

/// Why a text is not a valid name of an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    #[error("the name of an identity is empty")]
    Empty,
    #[error("`{0}` is {1} characters long, at most 63 are allowed")]
    TooLong(String, usize),
    #[error(
        "`{0}` is not a valid identity name: letters, digits, `.`, `_` and `-`, a letter or \
        digit first"
    )]
    Character(String),
    #[error("`{0}` is reserved: certctl uses that name for its own files")]
    Reserved(String),
    #[error("`{0}` is a device name on some systems, so it cannot be a file name")]
    Device(String),
}

impl IdentityName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Equal for equal names.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    pub(crate) fn certificate_file(&self) -> String {
        format!("{}.pem", self.0)
    }

    pub(crate) fn key_file(&self) -> String {
        format!("{}.key", self.0)
    }

    /// The files of key and certificate.
    pub(crate) fn files(&self) -> [String; 2] {
        [self.key_file(), self.certificate_file()]
    }

    pub(crate) fn request_file(&self) -> String {
        format!("{}.csr", self.0)
    }
}

impl FromStr for IdentityName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let shown = || text.chars().take(63).collect::<String>().escape_debug().to_string();
        let length = text.chars().count();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let lower = text.to_ascii_lowercase();
        let stem = lower.split('.').next().unwrap_or_default();
        let port = |prefix| {
            stem.strip_prefix(prefix).is_some_and(|rest: &str| {
                rest.len() == 1 && rest.bytes().all(|digit| matches!(digit, b'1'..=b'9'))
            })
        };
        if text.is_empty() {
            Err(NameError::Empty)
        } else if length > 63 {
            Err(NameError::TooLong(shown(), length))
        } else if !text.chars().all(plain) || !text.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            Err(NameError::Character(shown()))
        } else if RESERVED.contains(&&*lower) {
            Err(NameError::Reserved(shown()))
        } else if DEVICES.contains(&stem) || port("com") || port("lpt") {
            Err(NameError::Device(shown()))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

/// The name of the identity of a file: `server` for `server.pem` and `server.key`.
pub(crate) fn without_extension(file: &str) -> Option<&str> {
    file.strip_suffix(".pem").or_else(|| file.strip_suffix(".key"))
}

/// The name that `server`, `server.pem`, `./server.pem` and `server.key` mean.
pub(crate) fn existing(text: &str) -> &str {
    let file = text.strip_prefix("./").unwrap_or(text);
    without_extension(file).unwrap_or(file)
}

/// Parses the name of an existing identity, which may be the name of one of its files.
pub(crate) fn parse_existing(text: &str) -> Result<IdentityName, NameError> {
    existing(text).parse()
}

impl PartialEq for IdentityName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl fmt::Display for IdentityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
