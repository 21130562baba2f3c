//! Names from text: attribute by attribute, or as a whole.

use std::{
    iter::Peekable,
    str::{Chars, FromStr},
};

use super::{Name, attribute_type::AttributeType, error::NameError, rdn, text::decode_text};
use crate::x509::{
    escape::escape_line,
    hex::octets,
    tlv::{self, OBJECT_IDENTIFIER, SEQUENCE},
};

/// Builds a [`Name`]: each attribute is an RDN of its own, in the order of [`NameBuilder::push`].
#[derive(Clone, Debug, Default)]
pub struct NameBuilder {
    rdns: Vec<Vec<u8>>,
}

impl Name {
    /// A builder for a name, attribute by attribute.
    #[must_use]
    pub fn builder() -> NameBuilder {
        NameBuilder::default()
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        parse_subject(text)
    }
}

impl NameBuilder {
    /// Appends one attribute. A type may occur several times: each OU or DC is kept.
    ///
    /// A country code is converted to upper case, an internationalized DC to an A-label. Other
    /// values are kept unchanged.
    ///
    /// # Errors
    ///
    /// [`NameError`] if the value is empty, is too long, has control characters, or has characters
    /// that its string type does not allow.
    pub fn push(&mut self, kind: AttributeType, value: &str) -> Result<&mut Self, NameError> {
        self.rdns.push(rdn(vec![kind.encode(value)?]));
        Ok(self)
    }

    /// The name with all attributes so far; without attributes, the empty name.
    #[must_use]
    pub fn build(&self) -> Name {
        Name::from_rdns(self.rdns.iter().cloned())
    }
}

/// Reads a name in either of the two usual forms.
///
/// - `/C=US/O=a/CN=z`, as `openssl req -subj`: in the order of the certificate. A backslash makes the
///   next character literal; `+` joins attributes into one RDN.
/// - `CN=z,O=a,C=US`, [RFC 4514]: in reverse order. `\,` and `\2C` are escapes; `#0C0161` is a value in
///   DER, of any type, also for an unknown OID; blanks around `,`, `+` and `=` are ignored.
///
/// ```
/// use certctl_pki::x509::name::parse_subject;
///
/// assert_eq!(parse_subject("/C=US/CN=z")?, parse_subject("CN=z,C=US")?);
/// # Ok::<(), certctl_pki::x509::name::NameError>(())
/// ```
///
/// # Errors
///
/// [`NameError`] if the syntax is wrong, an attribute type is unknown, or [`NameBuilder::push`]
/// refuses a value.
///
/// [RFC 4514]: https://www.rfc-editor.org/rfc/rfc4514
pub fn parse_subject(text: &str) -> Result<Name, NameError> {
    let slashed = text.strip_prefix('/');
    let rest = slashed.unwrap_or(text);
    if rest.trim().is_empty() {
        return Err(NameError::EmptySubject);
    }

    let form = if slashed.is_some() { TextForm::Slashes } else { TextForm::Rfc4514 };
    let mut rdns = Scanner { text, rest: rest.chars().peekable(), form }.rdns()?;
    if form == TextForm::Rfc4514 {
        rdns.reverse();
    }
    Ok(Name::from_rdns(rdns))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TextForm {
    Slashes,
    Rfc4514,
}

impl TextForm {
    fn separator(self) -> char {
        match self {
            Self::Slashes => '/',
            Self::Rfc4514 => ',',
        }
    }
}

enum ParsedValue {
    Text(String),
    Der(Vec<u8>),
}

struct Scanner<'a> {
    text: &'a str,
    rest: Peekable<Chars<'a>>,
    form: TextForm,
}

impl Scanner<'_> {
    fn rdns(mut self) -> Result<Vec<Vec<u8>>, NameError> {
        let mut rdns = Vec::new();
        let mut attributes = Vec::new();
        loop {
            let keyword = self.keyword()?;
            let value = self.value()?;
            attributes.push(encode(&keyword, value)?);

            let end = self.rest.next();
            if end != Some('+') {
                rdns.push(rdn(std::mem::take(&mut attributes)));
            }
            if end.is_none() {
                return Ok(rdns);
            }
        }
    }

    /// Reads the text before the `=`, and the `=`.
    fn keyword(&mut self) -> Result<String, NameError> {
        let mut keyword = String::new();
        loop {
            match self.rest.next() {
                Some('=') => return Ok(keyword.trim_matches(' ').to_owned()),
                Some(character) if character != '+' && character != self.form.separator() => {
                    keyword.push(character);
                }
                _ => return Err(self.no_value(keyword.trim_matches(' '))),
            }
        }
    }

    /// The value up to a separator, a `+` or the end, which is left.
    fn value(&mut self) -> Result<ParsedValue, NameError> {
        let is_rfc4514 = self.form == TextForm::Rfc4514;
        while is_rfc4514 && self.rest.next_if_eq(&' ').is_some() {}
        if is_rfc4514 && self.rest.next_if_eq(&'#').is_some() {
            return self.der();
        }

        let mut octets = Vec::new();
        // Blanks behind this place are not part of the value, unless they are escaped.
        let mut end = 0;
        let separator = self.form.separator();
        while let Some(character) = self.rest.next_if(|next| *next != '+' && *next != separator) {
            match character {
                '\\' => self.escape(&mut octets)?,
                '"' | ';' | '<' | '>' if is_rfc4514 => {
                    return Err(self.error(format!("holds `{character}`: write `\\{character}`")));
                }
                _ => octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            if character != ' ' || !is_rfc4514 {
                end = octets.len();
            }
        }
        octets.truncate(end);
        let text = String::from_utf8(octets);
        text.map(ParsedValue::Text).map_err(|_| self.error("has escapes that are not UTF-8"))
    }

    /// What follows a backslash.
    fn escape(&mut self, octets: &mut Vec<u8>) -> Result<(), NameError> {
        let Some(character) = self.rest.next() else {
            return Err(self.error("ends in a lone backslash"));
        };
        if self.form == TextForm::Slashes || " \"#+,;<=>\\".contains(character) {
            octets.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Ok(());
        }

        let second = self.rest.peek().and_then(|next| next.to_digit(16));
        let pair = character.to_digit(16).zip(second);
        let Some(octet) = pair.and_then(|(high, low)| u8::try_from(high << 4 | low).ok()) else {
            return Err(self.error("has a backslash before what needs none (RFC 4514 section 2.4)"));
        };
        self.rest.next();
        octets.push(octet);
        Ok(())
    }

    /// What follows a `#`: one element of DER in hexadecimal.
    fn der(&mut self) -> Result<ParsedValue, NameError> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(|next| *next != '+' && *next != ',') {
            digits.push(digit);
        }

        match octets(digits.trim_end_matches(' ').as_bytes()) {
            Some(octets) if tlv::read(&octets).is_some_and(|(_, rest)| rest.is_empty()) => {
                Ok(ParsedValue::Der(octets))
            }
            _ => {
                Err(self
                    .error("has a `#` value that is not DER in hexadecimal: write `\\#` for `#`"))
            }
        }
    }

    /// The reason is nearly always a separator inside a value, `O=a/b` or `O=Acme, Inc.`.
    fn no_value(&self, keyword: &str) -> NameError {
        if keyword.is_empty() {
            return self.error("has nothing where an attribute should be");
        }
        let separator = self.form.separator();
        self.error(format!(
            "has no `=` after `{}`: inside a value write `\\{separator}` and `\\+` for \
            `{separator}` and `+`",
            escape_line(keyword),
        ))
    }

    fn error(&self, reason: impl Into<String>) -> NameError {
        NameError::Syntax { text: self.text.to_owned(), reason: reason.into() }
    }
}

/// The DER of one attribute.
fn encode(keyword: &str, value: ParsedValue) -> Result<Vec<u8>, NameError> {
    let kind = keyword.parse::<AttributeType>();
    let value = match value {
        ParsedValue::Der(value) => value,
        ParsedValue::Text(text) => match kind {
            Ok(kind) => return kind.encode(&text),
            Err(_) if tlv::oid_from_text(keyword).is_some() => {
                return Err(NameError::UnknownSyntax { oid: keyword.to_owned() });
            }
            Err(error) => return Err(error),
        },
    };

    let oid = match &kind {
        Ok(kind) => {
            let text = tlv::read(&value).and_then(|(one, _)| decode_text(one.tag, one.content));
            if let Some(text) = text {
                kind.check(&text)?;
            }
            kind.oid()
        }
        Err(_) => keyword,
    };
    let Some(oid) = tlv::oid_from_text(oid) else {
        return Err(NameError::UnknownAttribute { keyword: keyword.to_owned() });
    };
    Ok(tlv::write(SEQUENCE, &[tlv::write(OBJECT_IDENTIFIER, &oid), value].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_give_the_same_name() {
        let cases = [
            ("/C=US/O=a/OU=x/OU=y/CN=z", "CN=z,OU=y,OU=x,O=a,C=US"),
            ("/DC=org/DC=example/CN=z", "cn=z, dc=example , DC=org"),
            ("/CN=a\\/b\\\\c\\+d", r"CN=a/b\\c\+d"),
            ("/CN=a,b;c", r"CN=a\,b\;c"),
            ("/O=x/CN=a+UID=1", "UID=1 + CN=a,O=x"),
            ("/2.5.4.3=a", "commonName = a"),
            ("/CN=Müller", r"CN=M\C3\BCller"),
            ("/CN= a ", r"CN=\ a\ "),
            ("/CN= a ", r"CN=\20a\20"),
            ("/CN=#1", r"CN=\#1"),
            ("/CN=a=b", "CN=a=b"),
            ("/CN=a", "CN=#0c0161"),
            ("/C=us/CN=a", "CN=a,C=#13025553"),
            ("/emailAddress=a@b", "E=a@b"),
        ];

        for (slashes, commas) in cases {
            let name = parse_subject(slashes).unwrap();
            assert_eq!(parse_subject(commas), Ok(name.clone()), "{slashes} {commas}");
            assert_eq!(parse_subject(&name.to_string()), Ok(name), "{slashes} as displayed");
        }
    }

    #[test]
    fn what_is_displayed_can_be_read_back() {
        for value in ["x, O=Trusted", "a+b;c<d>e\"f\\g", "#", "  a  ", "\u{202e}a\u{200b}", "=,"] {
            let mut builder = Name::builder();
            let name = builder.push(AttributeType::CommonName, value).unwrap().build();
            assert_eq!(name.to_string().parse(), Ok(name), "{value:?}");
        }

        let foreign = "1.2.3.4=#0C0178,CN=#0500,O=#1401E9";
        assert_eq!(parse_subject(foreign).unwrap().to_string(), "1.2.3.4=#0C0178,CN=#0500,O=é");
    }

    #[test]
    fn attributes_stay_in_the_order_in_which_they_are_pushed() {
        let mut builder = Name::builder();
        for (kind, value) in [
            (AttributeType::DomainComponent, "org"),
            (AttributeType::DomainComponent, "example"),
            (AttributeType::OrganizationalUnit, "b"),
            (AttributeType::OrganizationalUnit, "a"),
            (AttributeType::OrganizationalUnit, "b"),
        ] {
            builder.push(kind, value).unwrap();
        }
        assert_eq!(builder.build().to_string(), "OU=b,OU=a,OU=b,DC=example,DC=org");
    }

    #[test]
    fn the_attributes_of_one_rdn_are_in_the_order_of_der() {
        let name = parse_subject("/OU=longer+CN=b+CN=a").unwrap();
        let values: Vec<String> =
            name.attributes().remove(0).into_iter().map(|one| one.value).collect();
        assert_eq!(values, ["a", "b", "longer"]);
    }

    #[test]
    fn a_malformed_name_is_an_error_with_a_hint() {
        let no_equals = "has no `=` after";
        let cases = [
            ("", "the subject is empty"),
            (" ", "the subject is empty"),
            ("/", "the subject is empty"),
            ("localhost", no_equals),
            ("/localhost", no_equals),
            ("/O=a/b/CN=c", r"after `b`: inside a value write `\/` and `\+` for `/` and `+`"),
            ("CN=a,O=Acme, Inc.", r"after `Inc.`: inside a value write `\,`"),
            ("/CN=a+b", no_equals),
            ("/CN=a/", "has nothing where an attribute should be"),
            ("CN=a,", "has nothing where an attribute should be"),
            ("/CN=a//O=b", "has nothing where an attribute should be"),
            ("/CN=a\\", "ends in a lone backslash"),
            (r"CN=a\", "ends in a lone backslash"),
            (r"CN=a\x", "has a backslash before what needs none"),
            (r"CN=a\4", "has a backslash before what needs none"),
            (r"CN=a\FF", "has escapes that are not UTF-8"),
            ("CN=\"a\"", "holds `\"`: write `\\\"`"),
            ("CN=a;O=b", r"holds `;`: write `\;`"),
            ("CN=#1", r"is not DER in hexadecimal: write `\#` for `#`"),
            ("CN=#zz", "is not DER in hexadecimal"),
            ("CN=#0c0261", "is not DER in hexadecimal"),
            ("CN=#", "is not DER in hexadecimal"),
            ("CN=#0c00", "commonName is empty"),
            (r"CN=a\0A", "holds the control character U+000A"),
            ("CN=#0c010a", "holds the control character U+000A"),
            ("/XX=a", "unknown attribute `XX`: known are C, ST, L,"),
            ("/=a", "unknown attribute ``"),
            ("XX=#0c0161", "unknown attribute `XX`"),
            ("/1.2.3=a", "attribute 1.2.3 is not known by name: give its value as `#`"),
            ("/C=USA", "countryName `USA`"),
            ("/CN=", "commonName is empty"),
            ("/O=/CN=a", "organizationName is empty"),
        ];

        for (text, expected) in cases {
            let error = parse_subject(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(!error.ends_with('.') && !error.starts_with(char::is_uppercase), "{error}");
        }
    }
}
