//! What came in: whatever lies in a file, a pipe or a Secret, recognised and read without trust.
//!
//! Private keys are looked at where they lie; nothing here keeps an octet of one. PKCS#12 is the
//! exception: its crate holds what it decrypted in buffers that it does not wipe.

mod der_file;
mod file_type;
mod manifest;
mod outside;
mod pem_file;
mod pkcs12_file;
mod stray;

use crate::x509::{
    certificate::{Certificate, CertificateError},
    crl::Crl,
    csr::Csr,
    key::PublicKey,
    pem::{self, PemFault},
};

pub use self::{
    file_type::{Container, may_matter, name, says_certificate},
    manifest::key_name,
};
pub use crate::x509::key::PrivateKeySummary;

/// One thing that was found, in the order of its source.
#[derive(Debug)]
pub struct LocatedObject {
    /// Where inside of the source, if that is more than a row of PEM blocks: `default/certs: tls.crt`
    /// of a Secret, the friendly name of a PKCS#12 entry. Escaped.
    pub location: Option<Location>,
    pub object: PkiObject,
    /// Of a PEM block, what only some programs read of it.
    pub form: Vec<PemFault>,
}

/// A place inside of a source. Both escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The object of a manifest: `default/certs`; empty where it has no name, and for PKCS#12.
    pub source: String,
    /// `tls.crt`, the friendly name of a PKCS#12 entry, the path to a value of a kubeconfig.
    pub entry: String,
    /// The object is a Secret of type `kubernetes.io/tls`.
    pub is_tls: bool,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.source.is_empty() {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.entry)
    }
}

/// What certctl knows to read.
#[derive(Debug)]
pub enum PkiObject {
    Certificate(Box<Certificate>),
    Request(Box<Csr>),
    RevocationList(Box<Crl>),
    PublicKey(PublicKey),
    PrivateKey(PrivateKeySummary),
    /// It says what it is (`certificate`), and cannot be read.
    Broken {
        what: &'static str,
        reason: ObjectError,
    },
    /// What is wrong with the values of a Secret that belong together: a certificate and its key.
    Misplaced(&'static str),
}

/// Why something that says what it is cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
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
pub enum Unrecognized {
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
pub fn read(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
    match read_plain(content, password) {
        // `kubectl get secret NAME -o jsonpath='{.data.tls\.crt}'` prints that.
        Err(Unrecognized::Nothing) => read_base64(content, password),
        other => other,
    }
}

/// Bare base64; also where it is broken, or encoded twice, so that it is not taken for any text.
fn read_base64(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
    let broken =
        |reason| Ok(vec![LocatedObject::plain(PkiObject::Broken { what: "certificate", reason })]);
    let decode = |text: &[u8]| if file_type::is_base64(text) { pem::base64(text) } else { None };
    let Some(inner) = decode(content) else {
        return if file_type::begins_as_base64(content) {
            broken(ObjectError::Other("its base64 is malformed".to_owned()))
        } else {
            Err(Unrecognized::Nothing)
        };
    };
    match (read_plain(&inner, password), decode(&inner)) {
        (Err(_), Some(innermost)) if read_plain(&innermost, password).is_ok() => {
            broken(ObjectError::EncodedTwice("it is base64 of base64 (encoded twice)"))
        }
        (Err(Unrecognized::Container(container)), _) => {
            let reason = ObjectError::EncodedContainer(container);
            Ok(vec![LocatedObject::plain(PkiObject::Broken { what: "base64 text", reason })])
        }
        (read, _) => {
            let mut found = read.map_err(|_| Unrecognized::Nothing)?;
            for one in &mut found {
                one.form.push(PemFault::NoBeginLine);
            }
            Ok(found)
        }
    }
}

/// As [`read`], but for base64 without a name.
fn read_plain(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
    if without_mark(content).iter().all(u8::is_ascii_whitespace) {
        return Err(Unrecognized::Empty);
    }
    if let Some((encoding, text)) = file_type::wide_text(content) {
        // No client reads it, so `check` must not find it valid.
        return match read_text(text.as_bytes(), password) {
            Ok(_) => Err(Unrecognized::Container(Container::WideText(encoding))),
            Err(_) => Err(file_type::recognise(content)),
        };
    }
    read_text(content, password)
}

fn read_text(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
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
fn read_octets(content: &[u8], password: Option<&str>) -> Result<Vec<LocatedObject>, Unrecognized> {
    if let Some(answer) = der_file::read(content, password) {
        return answer;
    }
    match pem_file::read(content) {
        Err(Unrecognized::Nothing) => match der_file::displaced(content) {
            Some(thing) => Ok(vec![LocatedObject::plain(thing)]),
            None => Err(file_type::recognise(without_mark(content))),
        },
        other => other,
    }
}

impl LocatedObject {
    fn plain(thing: PkiObject) -> Self {
        Self { location: None, object: thing, form: Vec::new() }
    }
}

impl PkiObject {
    fn broken(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Broken { what, reason: ObjectError::Other(reason.into()) }
    }

    fn certificate(der: Vec<u8>) -> Self {
        match Certificate::from_der(der) {
            Ok(certificate) => Self::Certificate(Box::new(certificate)),
            Err(error) => Self::Broken { what: "certificate", reason: error.into() },
        }
    }

    fn request(der: &[u8]) -> Self {
        match Csr::from_der(der.to_vec()) {
            Ok(request) => Self::Request(Box::new(request)),
            Err(error) => Self::broken("certificate request", explain(&error)),
        }
    }

    fn revocation_list(der: &[u8]) -> Self {
        match Crl::from_der(der.to_vec()) {
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
        match PrivateKeySummary::from_der(der) {
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
