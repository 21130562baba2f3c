//! The signed part of a certificate, split into raw elements and joined again.
//!
//! rcgen keeps a name as a map: it loses a second OU or DC without an error (rustls/rcgen #81,
//! #300), and the issuer of what it signs then differs from the subject of the CA. So rcgen builds
//! the certificate, and names, public key and extensions are replaced here by their exact octets.

use super::{
    certificate::{Certificate, CertificateError, Extension},
    der,
    name::Name,
};

/// Positions in a v3 TBSCertificate (RFC 5280 section 4.1): version, serialNumber, signature, …
const SIGNATURE: usize = 2;
const ISSUER: usize = 3;
const SUBJECT: usize = 5;
const PUBLIC_KEY: usize = 6;
const EXTENSIONS: usize = 7;

/// A version 3 TBSCertificate (RFC 5280 section 4.1) as its raw elements.
pub struct Tbs(Vec<Vec<u8>>);

impl Tbs {
    /// The TBSCertificate of a version 3 certificate in DER. `None` if it has no extensions or is
    /// malformed; the signature is ignored.
    #[must_use]
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let outer = der::elements(certificate)?;
        let elements = der::elements(outer.first()?)?;
        (elements.len() == EXTENSIONS + 1).then_some(Self(elements))
    }

    /// Replaces the field `issuer`.
    pub fn set_issuer(&mut self, issuer: &Name) {
        self.0[ISSUER] = issuer.der().to_vec();
    }

    /// Replaces the field `subject`.
    pub fn set_subject(&mut self, subject: &Name) {
        self.0[SUBJECT] = subject.der().to_vec();
    }

    /// Replaces the field `subjectPublicKeyInfo` by this DER, which is not checked.
    pub fn set_public_key(&mut self, spki: &[u8]) {
        self.0[PUBLIC_KEY] = spki.to_vec();
    }

    /// The extensions, each as raw DER; `None` if they are malformed.
    #[must_use]
    pub fn extensions(&self) -> Option<Vec<Vec<u8>>> {
        der::elements(der::inside_explicit(3, &self.0[EXTENSIONS])?)
    }

    /// Replaces the extensions.
    pub fn set_extensions(&mut self, extensions: &[Extension]) {
        let raw: Vec<&[u8]> = extensions.iter().map(|extension| &*extension.der).collect();
        self.0[EXTENSIONS] = der::explicit(3, &der::sequence(&raw));
    }

    /// The certificate of these elements (RFC 5280 section 4.1.1). `sign` gets the DER to sign and
    /// returns the octets of the signature.
    ///
    /// # Errors
    ///
    /// The error of `sign`; the inner result is that of [`Certificate::from_der`].
    pub fn signed<E>(
        &self,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Result<Certificate, CertificateError>, E> {
        let tbs = der::sequence(&self.0);
        let signature = sign(&tbs)?;
        let parts = [tbs, self.0[SIGNATURE].clone(), der::bit_string(&signature)];
        Ok(Certificate::from_der(der::sequence(&parts)))
    }
}
