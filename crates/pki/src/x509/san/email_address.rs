//! Email addresses.

use super::{dns::DnsName, error::Reason};

/// An email address in ASCII: a dot-string of [RFC 5321 section 4.1.2], `@` and a host.
///
/// The host is a [`DnsName`] without wildcard. The local part is kept unchanged, as its case counts
/// ([RFC 5280 section 7.5]). Quoted local parts and those beyond ASCII are refused.
///
/// [RFC 5321 section 4.1.2]: https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2
/// [RFC 5280 section 7.5]: https://www.rfc-editor.org/rfc/rfc5280#section-7.5
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address, `user@host`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let (local, domain) = text.split_once('@').ok_or(Reason::Email)?;
        let is_atom = |character: char| {
            character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
        };
        let is_wrong = |character: char| !is_atom(character) && character != '.';
        if let Some(character) = local.chars().find(|character| is_wrong(*character)) {
            return Err(Reason::Character { character, kind: "email address" });
        }
        if local.len() > 64 || domain.contains('@') || local.split('.').any(str::is_empty) {
            return Err(Reason::Email);
        }

        let domain = DnsName::parse(domain).map_err(|reason| match reason {
            Reason::Empty => Reason::Email,
            reason => reason,
        })?;
        if domain.is_wildcard() {
            return Err(Reason::WildcardEmail);
        }
        Ok(Self(format!("{local}@{}", domain.as_str())))
    }
}
