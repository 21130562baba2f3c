//! CSRs of other programs: which may be signed, and what a certificate takes from them.
//!
//! A certificate takes the key, whose possession the signature proves, and the names that the CA operator
//! approves: nothing else. A CSR that asks for CA rights or for an unknown extension is refused. To leave
//! the extension out is not safe, because the requester would believe that the certificate has it.

use std::collections::HashSet;

use pki::x509::{
    certificate::{Certificate, Extension},
    csr::{self, RequestedExtension},
    der,
    escape::shorten,
    key::{PublicKey, PublicKeyType},
    name::{Attribute, AttributeType, ComparableName, Name, NameError},
    oid,
    san::{GeneralName, Reason, San, san_of_common_name},
    signature::SignatureError,
    usage::{KeyUsage, Usage},
    validity::Validity,
};

use super::{certificate_contents::CertificateContents, profile::names_extension};

/// RSA moduli that every TLS stack accepts, in bits; ring, which verifies here, has the same limit.
const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;
/// The smallest public exponent that certctl accepts.
const RSA_EXPONENT: u64 = 65_537;
/// No operator approves more names than this one by one, and clients process them slowly.
const NAMES: usize = 1000;
/// How many names an error lists, and how many characters of each it shows.
const LISTED: usize = 20;
const SHOWN: usize = 100;

/// Why a CSR is not signed. The text follows the name of its file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CsrRefusal {
    #[error("has a key of type {kind}, {reason}")]
    Key { kind: PublicKeyType, reason: String },
    #[error("has no proof of possession: its signature {0}")]
    Signature(SignatureError),
    #[error("asks to be a CA (basicConstraints CA:TRUE)")]
    Ca,
    #[error("asks to sign {0}, which only a CA may")]
    CaKeyUsage(&'static str),
    #[error("asks for the extension {}, which certctl does not issue", oid::extension(.0))]
    UnknownExtension(String),
    #[error("asks for the extension {} twice", oid::extension(.0))]
    Twice(String),
    #[error("asks for the extension {} in an unreadable encoding", oid::extension(.0))]
    Unreadable(String),
    #[error("asks for {0} names, at most {NAMES} are allowed")]
    TooMany(usize),
    #[error("asks for names that are not approved: {}", list(.0))]
    NotGiven(Vec<String>),
    #[error("has no subject and no SAN")]
    Nameless,
    #[error("asks for the name `{name}`, which no client can match: it {reason}")]
    Unmatchable { name: String, reason: Reason },
    #[error("asks for the name `{0}`, which certctl cannot read")]
    UnknownName(String),
    #[error("asks for a subject that certctl does not issue: {0}")]
    Subject(NameError),
    #[error("has the key of the CA itself")]
    CaKey,
    #[error("has the subject of the CA itself")]
    CaName,
}

impl CsrRefusal {
    /// The hint, for the CA operator or the requester.
    pub(crate) fn hint(&self, file: &str) -> String {
        match self {
            Self::Key { .. } | Self::CaKey => "create a new CSR with another key: `--key-type \
                ecdsa:p256` for certctl, `-newkey rsa:2048` for openssl"
                .into(),
            Self::Signature(SignatureError::Wrong) => format!(
                "it was changed after it was signed, or its program has a bug: get the CSR \
                again; verify it: `openssl req -verify -noout -in {file}`"
            ),
            Self::Signature(_) => {
                "create a new CSR with SHA-256: `openssl req -new -sha256`".into()
            }
            Self::Ca | Self::CaKeyUsage(_) => "certctl signs only end-entity certificates; \
                create another CA in another directory: `gen --ca-cn NAME`"
                .into(),
            Self::TooMany(_) => "create several CSRs, each with some of the names".into(),
            Self::UnknownExtension(_) | Self::Twice(_) | Self::Unreadable(_) => format!(
                "create a new CSR without it; show what this one asks for: `openssl req -noout \
                -text -in {file}`"
            ),
            Self::NotGiven(_) => "approve names with `--cn NAME` and `--san NAME`, and create a \
                                 new CSR without the others; or approve all: `--accept-names`"
                .into(),
            Self::Nameless => "give it one: `--cn NAME`, `--san HOST`".into(),
            Self::UnknownName(_) | Self::Unmatchable { .. } => "create a new CSR without it".into(),
            Self::Subject(_) => "give it another by `--cn NAME`, without `--accept-names`".into(),
            Self::CaName => "give it another by `--cn NAME`".into(),
        }
    }
}

/// The names of a certificate, all of them approved by the CA operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApprovedNames {
    pub(crate) subject: Name,
    /// The GeneralNames of the subjectAltName, DER each.
    general_names: Vec<Vec<u8>>,
}

/// Checks all of a CSR but its names: its signature proves possession of the key, TLS can use the key,
/// and certctl issues every extension that it asks for.
pub(crate) fn check(request: &csr::Csr) -> Result<(), CsrRefusal> {
    check_key(request.public_key())?;
    request.check_signature().map_err(CsrRefusal::Signature)?;
    let mut seen = HashSet::new();
    for (extension, asked) in request.requested() {
        let oid = &extension.oid;
        if !seen.insert(oid) {
            return Err(CsrRefusal::Twice(oid.clone()));
        }
        match asked {
            RequestedExtension::Ca(true) => return Err(CsrRefusal::Ca),
            RequestedExtension::KeyUsage(usage) => check_key_usage(usage)?,
            RequestedExtension::Unreadable => return Err(CsrRefusal::Unreadable(oid.clone())),
            RequestedExtension::Unknown => return Err(CsrRefusal::UnknownExtension(oid.clone())),
            RequestedExtension::Names(names) if names.len() > NAMES => {
                return Err(CsrRefusal::TooMany(names.len()));
            }
            RequestedExtension::Ca(false)
            | RequestedExtension::Purposes(_)
            | RequestedExtension::Names(_)
            | RequestedExtension::KeyId => {}
        }
    }
    Ok(())
}

/// Refuses a certificate that could be confused with the CA certificate: its key or its subject.
pub(crate) fn check_beside_ca(
    request: &csr::Csr,
    subject: &Name,
    ca: &Certificate,
) -> Result<(), CsrRefusal> {
    if request.public_key() == ca.public_key() {
        return Err(CsrRefusal::CaKey);
    }
    // People, and some verifiers, treat similar names as equal.
    let comparable = |name: &Name| ComparableName::from(name);
    let is_alike = subject.to_string() == ca.subject().to_string();
    if is_alike || comparable(subject) == comparable(ca.subject()) {
        return Err(CsrRefusal::CaName);
    }
    Ok(())
}

impl ApprovedNames {
    /// The subject and every name of the CSR, unchanged, and `others`.
    ///
    /// A common name that is a host name, an IP address or an email address becomes a SAN, as in every
    /// certificate of certctl.
    pub(crate) fn accept(request: &csr::Csr, others: &[San]) -> Result<Self, CsrRefusal> {
        let subject = request.subject();
        subject.check().map_err(CsrRefusal::Subject)?;
        let mut names = Self { subject: subject.clone(), general_names: Vec::new() };
        for name in request.names() {
            match &name {
                GeneralName::San { san, .. } => names.add(san.general_name()),
                GeneralName::Unmatchable { reason, .. } => {
                    let reason = reason.clone();
                    return Err(CsrRefusal::Unmatchable {
                        name: shorten(&name.to_string(), SHOWN),
                        reason,
                    });
                }
                GeneralName::DirectoryName { .. } | GeneralName::RegisteredId { .. } => {
                    names.add(name.der().to_vec());
                }
                // certctl can show its text, so the CA operator has seen it.
                GeneralName::OtherName { value, .. } if !value.starts_with('#') => {
                    names.add(name.der().to_vec());
                }
                GeneralName::OtherName { .. }
                | GeneralName::X400Address { .. }
                | GeneralName::EdiPartyName { .. } => {
                    return Err(CsrRefusal::UnknownName(shorten(&name.to_string(), SHOWN)));
                }
            }
        }
        let common_name = subject.common_name().and_then(|name| san_of_common_name(&name));
        for san in common_name.iter().chain(others) {
            names.add(san.general_name());
        }
        if names.general_names.is_empty() && subject.is_empty() {
            return Err(CsrRefusal::Nameless);
        }
        Ok(names)
    }

    /// The names on the command line; the CSR must not ask for others.
    ///
    /// Of the subject of the CSR, only the common names are checked. The subject is the given one; if it
    /// equals that of the CSR, the octets of the CSR are kept.
    pub(crate) fn given(
        request: &csr::Csr,
        subject: &Name,
        names: &[San],
    ) -> Result<Self, CsrRefusal> {
        let common_name = subject.common_name();
        let is_given = |attribute: &Attribute| {
            Some(&attribute.value) == common_name.as_ref()
                || san_of_common_name(&attribute.value).is_some_and(|san| names.contains(&san))
        };
        let left: Vec<String> = common_names(request)
            .filter(|attribute| !is_given(attribute))
            .map(|attribute| attribute.to_string())
            .chain(
                request
                    .names()
                    .iter()
                    .filter(|name| !name.san().is_some_and(|san| names.contains(san)))
                    .map(GeneralName::to_string),
            )
            .collect();
        if !left.is_empty() {
            return Err(CsrRefusal::NotGiven(left));
        }
        let same = subject.to_string() == request.subject().to_string();
        Ok(Self {
            subject: if same { request.subject() } else { subject }.clone(),
            general_names: names.iter().map(San::general_name).collect(),
        })
    }

    /// The refusal if no name was given.
    pub(crate) fn none_given(request: &csr::Csr) -> CsrRefusal {
        let asked: Vec<String> = common_names(request)
            .map(|attribute| attribute.to_string())
            .chain(request.names().iter().map(GeneralName::to_string))
            .collect();
        if asked.is_empty() { CsrRefusal::Nameless } else { CsrRefusal::NotGiven(asked) }
    }

    /// Whether it has no SAN, so that no client can match it.
    pub(crate) fn is_empty(&self) -> bool {
        self.general_names.is_empty()
    }

    /// The spec for a certificate with these names, with certctl's own profile.
    pub(crate) fn request(self, usage: Usage, validity: Validity) -> CertificateContents {
        let Self { subject, general_names } = self;
        CertificateContents {
            names: extension(&subject, &general_names),
            subject,
            validity,
            usage,
            renewed: None,
        }
    }

    fn add(&mut self, general_name: Vec<u8>) {
        if !self.general_names.contains(&general_name) {
            self.general_names.push(general_name);
        }
    }
}

/// Critical if the subject is empty (RFC 5280 section 4.2.1.6).
fn extension(subject: &Name, general_names: &[Vec<u8>]) -> Option<Extension> {
    (!general_names.is_empty())
        .then(|| names_extension(subject.is_empty(), der::sequence(general_names)))
}

fn common_names(request: &csr::Csr) -> impl Iterator<Item = Attribute> {
    let attributes = request.subject().attributes().into_iter().flatten();
    attributes.filter(|attribute| attribute.kind() == Some(AttributeType::CommonName))
}

fn check_key(key: &PublicKey) -> Result<(), CsrRefusal> {
    let reason = match key.kind() {
        PublicKeyType::Rsa { bits, .. } if bits < *RSA_BITS.start() => {
            format!("which is too short: the minimum is {} bits", RSA_BITS.start())
        }
        PublicKeyType::Rsa { bits, .. } if bits > *RSA_BITS.end() => {
            format!("which is longer than verifiers accept: the maximum is {} bits", RSA_BITS.end())
        }
        PublicKeyType::Rsa { exponent, .. } if exponent < RSA_EXPONENT || exponent % 2 == 0 => {
            format!("and its public exponent is {exponent}: the usual one is {RSA_EXPONENT}")
        }
        PublicKeyType::EcdsaP256 | PublicKeyType::EcdsaP384 if key.is_compressed_point() => {
            "and its point is compressed, which TLS does not use".to_owned()
        }
        PublicKeyType::Rsa { .. }
        | PublicKeyType::EcdsaP256
        | PublicKeyType::EcdsaP384
        | PublicKeyType::Ed25519 => match key.fault() {
            Some(fault) => format!("which is not valid: {fault}"),
            None => return Ok(()),
        },
        _ => "which most TLS stacks do not support".to_owned(),
    };
    Err(CsrRefusal::Key { kind: key.kind(), reason })
}

fn check_key_usage(usage: KeyUsage) -> Result<(), CsrRefusal> {
    if usage.signs_certificates() {
        return Err(CsrRefusal::CaKeyUsage("certificates (keyUsage keyCertSign)"));
    }
    if usage.signs_revocation_lists() {
        return Err(CsrRefusal::CaKeyUsage("CRLs (keyUsage cRLSign)"));
    }
    Ok(())
}

fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| shorten(name, SHOWN)).collect();
    let shown = shown.join(", ");
    let more = names.len().saturating_sub(LISTED);
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    use pki::x509::{
        key::{KeyType, PrivateKey},
        san::parse_general_names,
    };

    fn given(text: &str) -> Vec<San> {
        San::parse_list(text).unwrap()
    }

    fn request(subject: &str, names: &str) -> csr::Csr {
        let key = PrivateKey::generate(KeyType::Ed25519).unwrap();
        let names = if names.is_empty() { Vec::new() } else { given(names) };
        csr::Csr::make(&subject.parse().unwrap(), &names, Usage::Server, &key).unwrap()
    }

    #[test]
    fn every_name_must_be_approved() {
        let cases = [
            ("CN=a", "", "CN=a", "", ""),
            ("CN=a", "", "CN=b", "", "CN=a"),
            ("CN=a", "", "CN=A", "", "CN=a"),
            ("CN=a.b", "", "CN=c", "a.b", ""),
            ("CN=a.b", "a.b,10.0.0.1", "CN=a.b", "a.b", "IP:10.0.0.1"),
            ("CN=a.b", "a.b,10.0.0.1", "CN=a.b", "a.b,10.0.0.1,c", ""),
            ("CN=a,CN=b", "", "CN=a", "", "CN=b"),
            ("CN=a", "a@b.c,urn:x", "CN=a", "", "email:a@b.c, URI:urn:x"),
            ("O=x,CN=a", "", "CN=a", "", ""),
        ];
        for (subject, names, new, sans, left) in cases {
            let sans = if sans.is_empty() { Vec::new() } else { given(sans) };
            let answer =
                ApprovedNames::given(&request(subject, names), &new.parse().unwrap(), &sans);
            match answer {
                Ok(names) => {
                    assert_eq!(left, "", "{subject} {names:?}");
                    assert_eq!(names.subject.to_string(), new);
                    assert_eq!(names.general_names.len(), sans.len());
                }
                Err(CsrRefusal::NotGiven(found)) => assert_eq!(found.join(", "), left, "{subject}"),
                Err(other) => panic!("{subject}: {other}"),
            }
        }
    }

    #[test]
    fn all_names_are_taken_in_their_order_and_each_once() {
        let cases = [
            ("CN=a.b", "c.d,a.b", "", "DNS:c.d, DNS:a.b"),
            ("CN=a.b", "c.d", "10.0.0.1,c.d", "DNS:c.d, DNS:a.b, IP:10.0.0.1"),
            ("CN=My Service", "", "", ""),
            ("O=x,OU=a,OU=b", "a@b.c", "", "email:a@b.c"),
        ];
        for (subject, names, others, expected) in cases {
            let others = if others.is_empty() { Vec::new() } else { given(others) };
            let request = request(subject, names);
            let names = ApprovedNames::accept(&request, &others).unwrap();
            assert_eq!(names.subject.der(), request.subject().der(), "{subject}");
            let shown: Vec<String> = parse_general_names(&der::sequence(&names.general_names))
                .unwrap()
                .iter()
                .map(GeneralName::to_string)
                .collect();
            assert_eq!(shown.join(", "), expected, "{subject}");
        }
    }

    #[test]
    fn names_are_critical_where_there_is_no_subject() {
        let empty = Name::builder().build();
        let names = [given("a.b")[0].general_name()];
        assert!(extension(&empty, &names).is_some_and(|extension| extension.critical));
        let subject = empty.with_common_name("a").unwrap();
        assert!(extension(&subject, &names).is_some_and(|extension| !extension.critical));
        assert_eq!(extension(&subject, &[]), None);
    }

    #[test]
    fn no_bit_of_a_csr_can_be_changed_or_cut_off() {
        let whole = request("O=x,CN=a", "a.b,10.0.0.1").der().to_vec();
        let is_refused =
            |der: Vec<u8>| csr::Csr::from_der(der).map_or(true, |request| check(&request).is_err());
        assert!(!is_refused(whole.clone()));
        for end in 0..whole.len() {
            assert!(is_refused(whole[..end].to_vec()), "cut at {end}");
        }
        for bit in 0..whole.len() * 8 {
            let mut changed = whole.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(is_refused(changed), "bit {bit}");
        }
    }

    #[test]
    fn a_csr_has_at_most_a_thousand_names() {
        let names = |count: usize| {
            let names: Vec<String> = (0..count).map(|number| format!("n{number}.x")).collect();
            check(&request("CN=a", &names.join(",")))
        };
        assert_eq!(names(1000), Ok(()));
        assert_eq!(names(1001), Err(CsrRefusal::TooMany(1001)));
    }

    #[test]
    fn long_lists_are_shortened() {
        let names: Vec<String> = (0..25).map(|number| format!("DNS:{number}.x")).collect();
        assert!(list(&names).ends_with("DNS:19.x and 5 more"));
        assert_eq!(list(&names[..2]), "DNS:0.x, DNS:1.x");
    }
}
