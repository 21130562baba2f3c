//! URIs, such as the SPIFFE ID of a workload.

use super::error::Reason;
use crate::x509::general_name::{has_sound_escapes, is_scheme};

/// An absolute URI in ASCII ([RFC 3986]): scheme and host in lower case, the rest unchanged.
///
/// A host follows `//`, as [RFC 5280 section 4.2.1.6] requires.
///
/// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
/// [RFC 5280 section 4.2.1.6]: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uri(String);

impl Uri {
    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let is_allowed = |character: char| {
            character.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
        };
        if let Some(character) = text.chars().find(|character| !is_allowed(*character)) {
            return Err(Reason::Character { character, kind: "URI (unless percent-encoded)" });
        }
        if !has_sound_escapes(text) {
            return Err(Reason::Percent);
        }

        let (scheme, rest) = text.split_once(':').ok_or(Reason::Scheme)?;
        if !is_scheme(scheme) {
            return Err(Reason::Scheme);
        }
        if rest.is_empty() {
            return Err(Reason::Empty);
        }

        let scheme = scheme.to_ascii_lowercase();
        let Some(rest) = rest.strip_prefix("//") else {
            return Ok(Self(format!("{scheme}:{rest}")));
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        if host.is_empty() || host.starts_with(':') {
            return Err(Reason::UriHost);
        }
        Ok(Self(format!("{scheme}://{user}{}{path}", host.to_ascii_lowercase())))
    }
}
