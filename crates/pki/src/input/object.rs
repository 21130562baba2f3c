//! The objects of a file, and why there are none.

use super::container::Container;
use crate::x509::{
    certificate::{Certificate, CertificateError},
    crl::Crl,
    csr::Csr,
    key::{PrivateKeySummary, PublicKey},
    pem::PemFault,
};

/// An object of a file, and where it is.
#[derive(Debug)]
pub struct LocatedObject {
    /// Where the object is in the file; `None` if the file has only DER or PEM blocks.
    pub location: Option<Location>,
    /// The object.
    pub object: PkiObject,
    /// The faults of the PEM block that some programs do not accept.
    pub form: Vec<PemFault>,
}

/// A place in a file. Safe on a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The `namespace/name` of a Kubernetes object; empty if it has no name, and in other files.
    pub source: String,
    /// The key of a value, such as `tls.crt`; the path to a value of a kubeconfig; the friendly name
    /// of a PKCS#12 entry; the line of a text.
    pub entry: String,
    /// What has the value.
    pub kind: LocationKind,
}

/// What has the value at a [`Location`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationKind {
    /// A Secret of type `kubernetes.io/tls`.
    TlsSecret,
    /// Text such as the settings of a program: no server reads it as its certificate.
    Text,
    /// Another manifest, a kubeconfig or a keystore.
    Other,
}

/// Source and entry: `default/certs: tls.crt`.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.source.is_empty() {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.entry)
    }
}

/// An object that certctl reads.
#[derive(Debug)]
pub enum PkiObject {
    /// A certificate (RFC 5280 section 4.1).
    Certificate(Box<Certificate>),
    /// A certificate request (RFC 2986).
    Request(Box<Csr>),
    /// A CRL (RFC 5280 section 5.1).
    RevocationList(Box<Crl>),
    /// A public key: `SubjectPublicKeyInfo`, or `RSAPublicKey` of PKCS#1.
    PublicKey(PublicKey),
    /// A private key, also an encrypted one.
    PrivateKey(PrivateKeySummary),
    /// An object that cannot be read.
    Broken {
        /// The type that its label or format names, such as `certificate`.
        what: &'static str,
        /// Why it cannot be read.
        reason: ObjectError,
    },
    /// A fault in the values of a Secret that belong together, a certificate and its private key.
    Misplaced(&'static str),
}

/// Why an object cannot be read: a lower-case fragment that follows its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// A certificate is malformed.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A PKCS#12 file with a password, and no password was given. The file is not at fault.
    #[error("its password is needed: `--password-file FILE` opens it")]
    Locked,
    /// The password does not open the PKCS#12 file.
    #[error("the password given does not open it")]
    WrongPassword,
    /// A format that certctl does not read.
    #[error("it is {0}, which certctl does not read")]
    Container(Container),
    /// Base64 of a format that certctl does not read.
    #[error("it is base64 of {0}, which certctl does not read")]
    EncodedContainer(Container),
    /// A PKCS#12 file that is whole, and that OpenSSL can convert.
    #[error("{0}")]
    Unsupported(&'static str),
    /// PEM in a string of a program: each line end is a backslash and an `n`.
    #[error("its line ends are the two characters `\\n`")]
    EscapedNewlines,
    /// Base64 of base64; the text of the error.
    #[error("{0}")]
    EncodedTwice(&'static str),
    /// Another fault; the text of the error.
    #[error("{0}")]
    Other(String),
}

/// Why a file has no content that certctl reads: a lower-case fragment that follows its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognized {
    /// The file is empty, or has only white space.
    #[error("it is empty")]
    Empty,
    /// The file has or may have certificates.
    #[error("it is {0}, which certctl does not read")]
    Container(Container),
    /// The content cannot be seen: an archive, or a file that another tool encrypted.
    #[error("it is {0}, which certctl does not read")]
    Opaque(&'static str),
    /// A manifest with such a value, and nothing that is read.
    #[error("it is a manifest with {0}, which certctl does not read")]
    OpaqueValue(&'static str),
    /// A format that has no certificate: `DH parameters`, `an SSH public key`, `HTML`.
    #[error("it is {0}, which certctl does not read")]
    Other(&'static str),
    /// Text or binary data of no known format.
    #[error("it holds no certificate, key, request or revocation list")]
    Nothing,
}

/// The objects of a file or of a part of it, or why it has none.
pub(super) type ReadResult = Result<Vec<LocatedObject>, Unrecognized>;

impl From<&str> for ObjectError {
    fn from(text: &str) -> Self {
        Self::Other(text.to_owned())
    }
}

impl From<String> for ObjectError {
    fn from(text: String) -> Self {
        Self::Other(text)
    }
}

impl From<Container> for ObjectError {
    fn from(container: Container) -> Self {
        Self::Container(container)
    }
}

impl LocatedObject {
    pub(super) fn plain(object: PkiObject) -> Self {
        Self::at(None, object)
    }

    pub(super) fn at(location: impl Into<Option<Location>>, object: PkiObject) -> Self {
        Self { location: location.into(), object, form: Vec::new() }
    }

    pub(super) fn broken(what: &'static str, reason: impl Into<ObjectError>) -> Self {
        Self::plain(PkiObject::broken(what, reason))
    }
}

impl PkiObject {
    pub(super) fn broken(what: &'static str, reason: impl Into<ObjectError>) -> Self {
        Self::Broken { what, reason: reason.into() }
    }

    pub(super) fn certificate(der: Vec<u8>) -> Self {
        match Certificate::from_der(der) {
            Ok(certificate) => Self::Certificate(Box::new(certificate)),
            Err(error) => Self::broken("certificate", error),
        }
    }

    pub(super) fn request(der: &[u8]) -> Self {
        match Csr::from_der(der.to_vec()) {
            Ok(request) => Self::Request(Box::new(request)),
            Err(error) => Self::broken("certificate request", explain(&error)),
        }
    }

    pub(super) fn revocation_list(der: &[u8]) -> Self {
        match Crl::from_der(der.to_vec()) {
            Ok(list) => Self::RevocationList(Box::new(list)),
            Err(error) => Self::broken("revocation list", explain(&error)),
        }
    }

    /// A `SubjectPublicKeyInfo`, or the `RSAPublicKey` of PKCS#1.
    pub(super) fn public_key(der: &[u8]) -> Self {
        match PublicKey::from_spki(der).ok().or_else(|| PublicKey::from_pkcs1(der)) {
            Some(key) => Self::PublicKey(key),
            None => Self::broken("public key", MALFORMED),
        }
    }

    pub(super) fn private_key(der: &[u8]) -> Self {
        match PrivateKeySummary::from_der(der) {
            Some(summary) => Self::PrivateKey(summary),
            None => Self::broken("private key", MALFORMED),
        }
    }
}

/// The maximum number of objects of one file; a store of all public CAs has some hundreds.
pub(super) const MOST_OBJECTS: usize = 10_000;
/// The maximum number of broken objects of one file that are named one by one.
pub(super) const MOST_BROKEN: usize = 100;

pub(super) const MALFORMED: &str = "its DER is malformed";
pub(super) const MALFORMED_BASE64: &str = "its base64 is malformed";
pub(super) const ENCODED_TWICE: ObjectError =
    ObjectError::EncodedTwice("it is base64 of base64 (encoded twice)");

/// The text of a [`CertificateError`] for another object.
fn explain(error: &CertificateError) -> String {
    match error {
        CertificateError::Malformed => MALFORMED.to_owned(),
        CertificateError::TrailingData(octets) => format!("{octets} octets follow it"),
        CertificateError::Part(part) => format!("its {part} cannot be read"),
        CertificateError::Der(fault) => fault.to_string(),
    }
}
