//! The part of a certificate that is signed, taken apart and put together from raw elements.
//!
//! rcgen keeps a name as a map: a second OU or DC vanishes without an error (rustls/rcgen #81, #300),
//! and the issuer of what it signs is then not the CA's subject. So rcgen builds the frame, and here
//! the names, the public key and the extensions are put in as the octets they are.

use super::{
    cert::{Certificate, CertificateError, Extension},
    der,
    name::Name,
};

/// Positions in a v3 TBSCertificate (RFC 5280 section 4.1): version, serialNumber, signature, …
const SIGNATURE: usize = 2;
const ISSUER: usize = 3;
const SUBJECT: usize = 5;
const PUBLIC_KEY: usize = 6;
const EXTENSIONS: usize = 7;

/// A v3 TBSCertificate, as its raw elements.
pub struct Tbs(Vec<Vec<u8>>);

impl Tbs {
    /// Of a whole v3 certificate with extensions, DER; its signature is ignored.
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let outer = der::elements(certificate)?;
        let elements = der::elements(outer.first()?)?;
        (elements.len() == EXTENSIONS + 1).then_some(Self(elements))
    }

    pub fn set_issuer(&mut self, issuer: &Name) {
        self.0[ISSUER] = issuer.der().to_vec();
    }

    pub fn set_subject(&mut self, subject: &Name) {
        self.0[SUBJECT] = subject.der().to_vec();
    }

    pub fn set_public_key(&mut self, spki: &[u8]) {
        self.0[PUBLIC_KEY] = spki.to_vec();
    }

    /// What rcgen wrote, each as raw octets.
    pub fn extensions(&self) -> Option<Vec<Vec<u8>>> {
        der::elements(der::inside_explicit(3, &self.0[EXTENSIONS])?)
    }

    pub fn set_extensions(&mut self, extensions: &[Extension]) {
        let raw: Vec<&[u8]> = extensions.iter().map(|extension| &*extension.der).collect();
        self.0[EXTENSIONS] = der::explicit(3, &der::sequence(&raw));
    }

    /// The certificate: these elements, signed by `sign` (RFC 5280 section 4.1.1).
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
