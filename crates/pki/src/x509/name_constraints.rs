//! nameConstraints (RFC 5280 section 4.2.1.10), and the names of a certificate that they are about.

use super::{
    certificate::Certificate,
    escape::escape_bytes,
    general_name::{
        DIRECTORY_NAME, DNS_NAME, EDI_PARTY_NAME, IP_ADDRESS, OTHER_NAME, REGISTERED_ID,
        RFC822_NAME, URI, X400_ADDRESS, ip_address, is_prefix, is_scheme,
    },
    name::{AttributeType, ComparableName, Name, hexadecimal},
    oid,
    tlv::{self, SEQUENCE, UTF8_STRING},
};

/// `[0] permittedSubtrees`, `[1] excludedSubtrees`.
const PERMITTED: u8 = 0xA0;
const EXCLUDED: u8 = 0xA1;
/// `[0]` of a GeneralName.
const MINIMUM_ZERO: &[u8] = &[0x80, 0x01, 0x00];

/// The type of a GeneralName, by its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NameForm {
    Email,
    Dns,
    Directory,
    Uri,
    Ip,
    /// otherName, x400Address, ediPartyName, registeredID: RFC 5280 does not define how these are
    /// compared.
    Foreign(u8),
}

/// A name in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SubjectName {
    pub form: NameForm,
    /// `None` where the octets are not a name of that form.
    pub value: Option<ComparedValue>,
    /// Escaped, with a word for its kind.
    pub text: String,
}

/// A name in the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ComparedValue {
    /// In lower case; a wildcard begins with `*.`.
    Dns(String),
    /// The host is in lower case.
    Email {
        local: String,
        host: String,
    },
    /// The host of the authority, in lower case.
    Uri {
        host: String,
    },
    Ip(Vec<u8>),
    Directory(ComparableName),
}

/// A GeneralSubtree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subtree {
    pub form: NameForm,
    /// `None` where the constraint has no defined meaning.
    pub base: Option<SubtreeBase>,
}

/// The base of a GeneralSubtree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubtreeBase {
    /// One email address.
    Email {
        local: String,
        host: String,
    },
    /// A host; for DNS names also what is below it, or with `below_only` (a dot in front) just that. An
    /// empty one is every host.
    Host {
        host: String,
        below_only: bool,
    },
    /// Equal in length.
    Ip {
        network: Vec<u8>,
        mask: Vec<u8>,
    },
    Directory(ComparableName),
}

/// The content of the extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameConstraints {
    pub permitted: Vec<Subtree>,
    pub excluded: Vec<Subtree>,
}

impl NameConstraints {
    /// Reads the extension's value; `None` where it is not a NameConstraints.
    pub(crate) fn from_der(value: &[u8]) -> Option<Self> {
        let mut constraints = Self::default();
        let mut last = 0;
        for part in tlv::sequence(value)? {
            let subtrees = match part.tag {
                PERMITTED => &mut constraints.permitted,
                EXCLUDED => &mut constraints.excluded,
                _ => return None,
            };
            if part.tag <= last {
                return None;
            }
            last = part.tag;
            for subtree in tlv::read_all(part.content)? {
                subtrees.push(Subtree::read(subtree)?);
            }
        }
        Some(constraints)
    }
}

impl Subtree {
    /// Whether it is a host with a dot in front.
    pub(crate) fn is_below_only(&self) -> bool {
        matches!(self.base, Some(SubtreeBase::Host { below_only: true, .. }))
    }

    fn read(element: tlv::Element<'_>) -> Option<Self> {
        if element.tag != SEQUENCE {
            return None;
        }
        let (base, bounds) = tlv::read(element.content)?;
        let form = NameForm::of(base.tag)?;
        // RFC 5280 allows no bounds but a minimum of zero, which is the default.
        let unbounded = bounds.is_empty() || bounds == MINIMUM_ZERO;
        Some(Self {
            form,
            base: unbounded.then(|| SubtreeBase::read(form, base.content)).flatten(),
        })
    }
}

impl SubtreeBase {
    fn read(form: NameForm, content: &[u8]) -> Option<Self> {
        match form {
            NameForm::Email if content.contains(&b'@') => {
                let (local, host) = email(content)?;
                Some(Self::Email { local, host })
            }
            NameForm::Dns | NameForm::Email | NameForm::Uri => {
                let (host, below_only) = domain(content)?;
                Some(Self::Host { host, below_only })
            }
            NameForm::Ip if matches!(content.len(), 8 | 32) => {
                let (network, mask) = content.split_at(content.len() / 2);
                is_prefix(mask).then(|| Self::Ip { network: network.to_vec(), mask: mask.to_vec() })
            }
            NameForm::Directory => {
                Name::from_der(content).ok().map(|name| Self::Directory((&name).into()))
            }
            NameForm::Ip | NameForm::Foreign(_) => None,
        }
    }
}

impl NameForm {
    /// The name in messages.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email address",
            Self::Dns => "DNS name",
            Self::Directory => "directory name",
            Self::Uri => "URI",
            Self::Ip => "IP address",
            Self::Foreign(_) => "name of another kind",
        }
    }

    fn of(tag: u8) -> Option<Self> {
        Some(match tag {
            RFC822_NAME => Self::Email,
            DNS_NAME => Self::Dns,
            DIRECTORY_NAME => Self::Directory,
            URI => Self::Uri,
            IP_ADDRESS => Self::Ip,
            OTHER_NAME | X400_ADDRESS | EDI_PARTY_NAME | REGISTERED_ID => Self::Foreign(tag & 0x1F),
            _ => return None,
        })
    }
}

impl SubjectName {
    /// The subject, the email addresses in it, and the SANs; `None` where these cannot be read.
    pub(crate) fn all_of(certificate: &Certificate) -> Option<Vec<Self>> {
        let mut names = Vec::new();
        if !certificate.subject().is_empty() {
            names.push(Self::directory(certificate.subject()));
            names.extend(emails_in(certificate.subject()));
        }
        if let Some(extension) = certificate.extension(oid::SUBJECT_ALT_NAME) {
            for element in tlv::sequence(&extension.value)? {
                names.extend(Self::utf8_email(element));
                names.push(Self::read(element)?);
            }
        }
        Some(names)
    }

    /// An otherName that is an email address with a local part beyond ASCII (SmtpUTF8Mailbox): the
    /// constraints on email addresses hold for it, too (RFC 9598 section 6).
    fn utf8_email(element: tlv::Element<'_>) -> Option<Self> {
        if element.tag != OTHER_NAME {
            return None;
        }
        let fields = tlv::read_all(element.content)?;
        let [kind, value] = fields.as_slice() else { return None };
        if tlv::oid_to_text(kind.content).as_deref() != Some(oid::SMTP_UTF8_MAILBOX) {
            return None;
        }
        let address = tlv::read_only(value.content, UTF8_STRING);
        let parts = address.and_then(|address| {
            let (local, domain) = str::from_utf8(address).ok()?.rsplit_once('@')?;
            Some((local.to_owned(), host(domain.as_bytes(), false)?))
        });
        Some(Self::email(parts, address.unwrap_or(value.content)))
    }

    fn email(parts: Option<(String, String)>, octets: &[u8]) -> Self {
        Self {
            form: NameForm::Email,
            value: parts.map(|(local, host)| ComparedValue::Email { local, host }),
            text: format!("the email address `{}`", escape_bytes(octets)),
        }
    }

    fn directory(name: &Name) -> Self {
        Self {
            form: NameForm::Directory,
            value: Some(ComparedValue::Directory(name.into())),
            text: format!("the name `{name}`"),
        }
    }

    fn read(element: tlv::Element<'_>) -> Option<Self> {
        let form = NameForm::of(element.tag)?;
        let content = element.content;
        let value = match form {
            NameForm::Directory => {
                return Name::from_der(content).ok().map(|name| Self::directory(&name));
            }
            NameForm::Email => return Some(Self::email(email(content), content)),
            NameForm::Dns => host(content, true).map(ComparedValue::Dns),
            NameForm::Uri => uri_host(content).map(|host| ComparedValue::Uri { host }),
            NameForm::Ip => {
                matches!(content.len(), 4 | 16).then(|| ComparedValue::Ip(content.to_vec()))
            }
            NameForm::Foreign(_) => None,
        };
        let text = match (form, &value) {
            (NameForm::Ip, Some(_)) => {
                ip_address(content).map(|it| it.to_string()).unwrap_or_default()
            }
            (NameForm::Ip | NameForm::Foreign(_), _) => hexadecimal(content),
            _ => escape_bytes(content),
        };
        Some(Self { form, value, text: format!("the {} `{text}`", form.as_str()) })
    }
}

/// The `emailAddress` attributes of a subject (RFC 5280 section 4.2.1.10 requires them, too).
fn emails_in(subject: &Name) -> Vec<SubjectName> {
    let attributes = subject.attributes().into_iter().flatten();
    let addresses = attributes.filter(|one| one.kind() == Some(AttributeType::EmailAddress));
    addresses
        .map(|one| SubjectName::email(email(one.value.as_bytes()), one.value.as_bytes()))
        .collect()
}

/// A host name in lower case; `None` if no client accepts it.
fn host(octets: &[u8], wildcard: bool) -> Option<String> {
    let text = str::from_utf8(octets).ok()?.to_ascii_lowercase();
    let rest = text.strip_prefix("*.").filter(|_| wildcard).unwrap_or(&text);
    let is_label = |label: &str| {
        let is_allowed = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(is_allowed)
    };
    (text.len() <= 253 && rest.split('.').all(is_label)).then_some(text)
}

/// The base of a constraint on hosts, and whether the host itself is left out by a dot in front.
fn domain(octets: &[u8]) -> Option<(String, bool)> {
    let below = octets.strip_prefix(b".");
    match below.unwrap_or(octets) {
        [] => Some((String::new(), false)),
        octets => Some((host(octets, false)?, below.is_some())),
    }
}

/// Local part and host; a quoted local part may hold an `@`.
fn email(octets: &[u8]) -> Option<(String, String)> {
    let text = str::from_utf8(octets).ok().filter(|text| text.is_ascii())?;
    let (local, domain) = text.rsplit_once('@')?;
    let quoted = local.len() >= 2 && local.starts_with('"') && local.ends_with('"');
    let is_plain =
        |character: char| character.is_ascii_graphic() && !"\"(),:;<>@[\\]".contains(character);
    if local.is_empty() || !(quoted || local.chars().all(is_plain)) {
        return None;
    }
    Some((local.to_owned(), host(domain.as_bytes(), false)?))
}

/// The host in the authority of a URI; `None` without one, and where it is an address (RFC 5280
/// section 4.2.1.10: such a name is outside of every constraint).
fn uri_host(octets: &[u8]) -> Option<String> {
    let text = str::from_utf8(octets).ok()?;
    // Directly behind the scheme: `javascript:f('://host')` has no authority.
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//").filter(|_| is_scheme(scheme))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let name = host_and_port.split_once(':').map_or(host_and_port, |(host, _)| host);
    let is_address =
        name.rsplit('.').next().is_none_or(|last| last.bytes().all(|octet| octet.is_ascii_digit()));
    if is_address { None } else { host(name.as_bytes(), false) }
}
