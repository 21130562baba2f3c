//! What came in: whatever lies in a file, a pipe or a Secret, recognised and read without trust.
//!
//! Private keys are looked at where they lie; nothing here keeps an octet of one. PKCS#12 is the
//! exception: its crate holds what it decrypted in buffers that it does not wipe.

mod armor;
mod binary;
mod foreign;
mod keystore;
mod manifest;
mod outside;
mod stray;

use crate::x509::{
    cert::{Certificate, CertificateError},
    crl::RevocationList,
    csr::Request,
    key::PublicKey,
    pem::{self, PemFault},
};

pub use self::{
    foreign::{Container, may_matter, name, says_certificate},
    manifest::key_name,
};
pub use crate::x509::key::KeyFacts;

/// One thing that was found, in the order of its source.
#[derive(Debug)]
pub struct Found {
    /// Where inside of the source, if that is more than a row of PEM blocks: `default/certs: tls.crt`
    /// of a Secret, the friendly name of a PKCS#12 entry. Escaped.
    pub within: Option<Within>,
    pub thing: Thing,
    /// Of a PEM block, what only some programs read of it.
    pub form: Vec<PemFault>,
}

/// A place inside of a source. Both escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The object of a manifest: `default/certs`; empty where it has no name, and for PKCS#12.
    pub source: String,
    /// `tls.crt`, the friendly name of a PKCS#12 entry, the path to a value of a kubeconfig.
    pub entry: String,
    /// The object is a Secret of type `kubernetes.io/tls`.
    pub is_tls: bool,
}

impl std::fmt::Display for Within {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.source.is_empty() {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.entry)
    }
}

/// What certctl knows to read.
#[derive(Debug)]
pub enum Thing {
    Certificate(Box<Certificate>),
    Request(Box<Request>),
    RevocationList(Box<RevocationList>),
    PublicKey(PublicKey),
    PrivateKey(KeyFacts),
    /// It says what it is (`certificate`), and cannot be read.
    Broken {
        what: &'static str,
        reason: Broken,
    },
    /// What is wrong with the values of a Secret that belong together: a certificate and its key.
    Misplaced(&'static str),
}

/// Why something that says what it is cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A PKCS#12 file whose password is another: that is no fault of the file.
    #[error("its password is needed: `--password-file FILE` opens it")]
    Locked,
    #[error("the password given does not open it")]
    #[cfg_attr(not(feature = "pkcs12"), expect(dead_code, reason = "nothing is opened then"))]
    WrongPassword,
    #[error("it is {0}, which certctl does not read")]
    Container(Container),
    #[error("it is base64 of {0}, which certctl does not read")]
    EncodedContainer(Container),
    /// A PKCS#12 file that is whole, and that OpenSSL can convert.
    #[error("{0}")]
    #[cfg_attr(
        not(any(feature = "pkcs12", test)),
        expect(dead_code, reason = "nothing is opened then")
    )]
    Unsupported(&'static str),
    #[error("its line ends are the two characters `\\n`")]
    EscapedNewlines,
    #[error("{0}")]
    EncodedTwice(&'static str),
    #[error("{0}")]
    Other(String),
}

/// Why a source holds nothing that certctl reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    #[error("it is empty")]
    Empty,
    /// It holds certificates, or may hold them.
    #[error("it is {0}, which certctl does not read")]
    Container(Container),
    /// What it holds cannot be seen: an archive, what another tool encrypted.
    #[error("it is {0}, which certctl does not read")]
    Opaque(&'static str),
    /// It holds no certificate: `DH parameters`, `an SSH public key`, `HTML`.
    #[error("it is {0}, which certctl does not read")]
    Other(&'static str),
    #[error("it holds no certificate, key, request or revocation list")]
    Nothing,
}

/// Everything in `content`, in order: PEM, DER, PKCS#12, a Kubernetes manifest in YAML or JSON, or
/// any of these in bare base64.
///
/// The password is for PKCS#12; the empty one is tried first.
pub fn read(content: &[u8], password: Option<&str>) -> Result<Vec<Found>, Unknown> {
    match read_plain(content, password) {
        // `kubectl get secret NAME -o jsonpath='{.data.tls\.crt}'` prints that.
        Err(Unknown::Nothing) => read_base64(content, password),
        other => other,
    }
}

/// Bare base64; also where it is broken, or encoded twice, so that it is not taken for any text.
fn read_base64(content: &[u8], password: Option<&str>) -> Result<Vec<Found>, Unknown> {
    let broken = |reason| Ok(vec![Found::plain(Thing::Broken { what: "certificate", reason })]);
    let decode = |text: &[u8]| if foreign::is_base64(text) { pem::base64(text) } else { None };
    let Some(inner) = decode(content) else {
        return if foreign::begins_as_base64(content) {
            broken(Broken::Other("its base64 is malformed".to_owned()))
        } else {
            Err(Unknown::Nothing)
        };
    };
    match (read_plain(&inner, password), decode(&inner)) {
        (Err(_), Some(innermost)) if read_plain(&innermost, password).is_ok() => {
            broken(Broken::EncodedTwice("it is base64 of base64 (encoded twice)"))
        }
        (Err(Unknown::Container(container)), _) => {
            let reason = Broken::EncodedContainer(container);
            Ok(vec![Found::plain(Thing::Broken { what: "base64 text", reason })])
        }
        (read, _) => {
            let mut found = read.map_err(|_| Unknown::Nothing)?;
            for one in &mut found {
                one.form.push(PemFault::NoBeginLine);
            }
            Ok(found)
        }
    }
}

/// As [`read`], but for base64 without a name.
fn read_plain(content: &[u8], password: Option<&str>) -> Result<Vec<Found>, Unknown> {
    if without_mark(content).iter().all(u8::is_ascii_whitespace) {
        return Err(Unknown::Empty);
    }
    if let Some((encoding, text)) = foreign::wide_text(content) {
        // No client reads it, so `check` must not find it valid.
        return match read_text(text.as_bytes(), password) {
            Ok(_) => Err(Unknown::Container(Container::WideText(encoding))),
            Err(_) => Err(foreign::recognise(content)),
        };
    }
    read_text(content, password)
}

fn read_text(content: &[u8], password: Option<&str>) -> Result<Vec<Found>, Unknown> {
    match manifest::read(without_mark(content), password) {
        Some(found) => Ok(found),
        // The readers of PEM and DER report the mark.
        None => read_octets(content, password),
    }
}

/// Without the byte order mark of UTF-8.
fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content)
}

/// What the value of a Secret may be: anything but another manifest.
fn read_octets(content: &[u8], password: Option<&str>) -> Result<Vec<Found>, Unknown> {
    if let Some(answer) = binary::read(content, password) {
        return answer;
    }
    match armor::read(content) {
        Err(Unknown::Nothing) => match binary::displaced(content) {
            Some(thing) => Ok(vec![Found::plain(thing)]),
            None => Err(foreign::recognise(without_mark(content))),
        },
        other => other,
    }
}

impl Found {
    fn plain(thing: Thing) -> Self {
        Self { within: None, thing, form: Vec::new() }
    }
}

impl Thing {
    fn broken(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Broken { what, reason: Broken::Other(reason.into()) }
    }

    fn certificate(der: Vec<u8>) -> Self {
        match Certificate::from_der(der) {
            Ok(certificate) => Self::Certificate(Box::new(certificate)),
            Err(error) => Self::Broken { what: "certificate", reason: error.into() },
        }
    }

    fn request(der: &[u8]) -> Self {
        match Request::from_der(der.to_vec()) {
            Ok(request) => Self::Request(Box::new(request)),
            Err(error) => Self::broken("certificate request", explain(&error)),
        }
    }

    fn revocation_list(der: &[u8]) -> Self {
        match RevocationList::from_der(der.to_vec()) {
            Ok(list) => Self::RevocationList(Box::new(list)),
            Err(error) => Self::broken("revocation list", explain(&error)),
        }
    }

    /// A `SubjectPublicKeyInfo`, or the `RSAPublicKey` of PKCS#1.
    fn public_key(der: &[u8]) -> Self {
        match PublicKey::from_spki(der).ok().or_else(|| PublicKey::from_pkcs1(der)) {
            Some(key) => Self::PublicKey(key),
            None => Self::broken("public key", MALFORMED),
        }
    }

    fn private_key(der: &[u8]) -> Self {
        match KeyFacts::from_der(der) {
            Some(facts) => Self::PrivateKey(facts),
            None => Self::broken("private key", MALFORMED),
        }
    }
}

/// Objects that are read of one file; a store of all public CAs has some hundreds.
const MOST_OBJECTS: usize = 10_000;
/// Objects of one file that cannot be read and are named one by one.
const MOST_BROKEN: usize = 100;

const MALFORMED: &str = "its DER is malformed";

/// The words of a certificate's error, for what is none.
fn explain(error: &CertificateError) -> String {
    match error {
        CertificateError::Malformed => MALFORMED.to_owned(),
        CertificateError::TrailingData(octets) => format!("{octets} octets follow it"),
        CertificateError::Part(part) => format!("its {part} cannot be read"),
        CertificateError::Der(fault) => fault.to_string(),
    }
}

#[cfg(test)]
mod tests;
