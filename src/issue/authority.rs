//! A CA that can sign: its certificate and its private key.

use std::{io, path::Path};

use pki::x509::{
    certificate::{Certificate, Extension},
    key::{PrivateKey, PublicKey, SignatureScheme},
    name::Name,
    oid, pem,
    serial::Serial,
    tbs::Tbs,
    validity::Validity,
};
use rcgen::{CertificateParams, Issuer, KeyIdMethod, PublicKeyData};
use time::OffsetDateTime;

use super::{
    certificate_contents::CertificateContents,
    error::{AuthorityError, IssueError, Unreadable},
    identity::read_key,
    profile::{self, SigningError},
};
use crate::store::{LIMIT, ReadError, Store, StoreError};

/// A CA certificate with its private key. Holding one proves that the key belongs to the
/// certificate, and that the certificate may sign others (RFC 5280 sections 4.2.1.3 and 4.2.1.9).
pub(crate) struct Authority {
    certificate: Certificate,
    key: PrivateKey,
}

impl Authority {
    /// Joins a CA certificate and its key; the caller has checked that they belong together.
    pub(crate) fn new(certificate: Certificate, key: PrivateKey) -> Result<Self, AuthorityError> {
        debug_assert!(certificate.public_key() == key.public());
        check_is_ca(&certificate)?;
        Ok(Self { certificate, key })
    }

    /// A new trust anchor: self-signed, with certctl's own profile.
    pub(crate) fn create(
        subject: &Name,
        key: PrivateKey,
        validity: &Validity,
        serial: Serial,
    ) -> Result<Self, SigningError> {
        let key = key.load()?;
        let key_id = key.public().key_identifier();
        let params = profile::ca(key.public(), validity, serial);
        let tbs = frame(&params, &key, key.public(), Some(key_id.as_slice()), subject, subject)?;
        let certificate = tbs.signed(|octets| key.sign(octets))??;
        Ok(Self { certificate, key })
    }

    /// The same CA certificate with another validity and serial, over the same key and name.
    ///
    /// Everything else stays, key identifier included, so that certificates which it signed before
    /// still chain to it. The keyUsage that gen.sh's CA lacks, and a missing key identifier, are added.
    pub(crate) fn renew(
        &mut self,
        validity: &Validity,
        serial: Serial,
    ) -> Result<(), SigningError> {
        let old = &self.certificate;
        let params = profile::ca(old.public_key(), validity, serial);
        let mut tbs =
            frame(&params, &self.key, old.public_key(), None, old.subject(), old.subject())?;

        let fresh = fresh_extensions(&tbs)?;
        let mut extensions = old.extensions().to_vec();
        for wanted in [oid::KEY_USAGE, oid::SUBJECT_KEY_ID] {
            let missing = old.extension(wanted).is_none();
            extensions
                .extend(fresh.iter().find(|extension| missing && extension.oid == wanted).cloned());
        }
        tbs.set_extensions(&extensions);
        self.certificate = tbs.signed(|octets| self.key.sign(octets))??;
        Ok(())
    }

    /// Signs an end-entity certificate for `key`; `replaces` is the renewed certificate.
    pub(crate) fn issue(
        &self,
        request: &CertificateContents,
        replaces: Option<&Certificate>,
        key: &PublicKey,
        serial: Serial,
    ) -> Result<Certificate, SigningError> {
        let mut params = profile::end_entity(
            key,
            &request.validity,
            serial,
            request.usage,
            request.names.as_ref(),
        );
        // The AKI is the SKI of the CA, unchanged; a CA without SKI issues no AKI.
        let key_id = self.certificate.subject_key_id();
        params.use_authority_key_identifier_extension = key_id.is_some();
        let mut tbs =
            frame(&params, &self.key, key, key_id, self.certificate.subject(), &request.subject)?;
        if let Some(old) = replaces {
            tbs.set_extensions(&request.extensions(old, &fresh_extensions(&tbs)?));
        }
        Ok(tbs.signed(|octets| self.key.sign(octets))??)
    }

    pub(crate) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(crate) fn key(&self) -> &PrivateKey {
        &self.key
    }
}

/// Whether it can sign certificates.
fn check_is_ca(certificate: &Certificate) -> Result<(), AuthorityError> {
    if !certificate.is_ca() {
        return Err(AuthorityError::NotCa);
    }
    if certificate.key_usage().is_some_and(|usage| !usage.signs_certificates()) {
        return Err(AuthorityError::MayNotSign);
    }
    Ok(())
}

/// Whether clients accept certificates that the CA signs at that time.
pub(crate) fn check_dates(ca: &Certificate, now: OffsetDateTime) -> Result<(), AuthorityError> {
    let validity = ca.validity();
    if now > validity.not_after {
        return Err(AuthorityError::Expired(validity.not_after));
    }
    if now < validity.not_before {
        return Err(AuthorityError::NotYetValid(validity.not_before));
    }
    Ok(())
}

/// Reads the certificate of a CA, for commands that sign nothing: the same as [`read`], or the first CA
/// certificate in the file if the key is not readable.
pub(crate) fn read_certificate(
    store: &Store,
    path: &Path,
    key_path: &Path,
) -> Result<Certificate, IssueError> {
    match read(store, path, key_path) {
        Ok(authority) => return Ok(authority.certificate),
        Err(IssueError::NoCaKey { .. }) => {}
        Err(IssueError::Store(StoreError::Read { path, .. }) | IssueError::Key { path, .. })
            if path == key_path => {}
        Err(error) => return Err(error),
    }
    let content = store.read_path(path, LIMIT).map_err(|source| source.at(path))?;
    let unreadable = |source: Unreadable| IssueError::Certificate { path: path.to_owned(), source };
    let blocks = pem::certificates(&content).map_err(|error| unreadable(error.into()))?;
    let certificates = blocks
        .into_iter()
        .map(Certificate::from_der)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unreadable(error.into()))?;
    let mut problem = None;
    for certificate in certificates {
        match check_is_ca(&certificate) {
            Ok(()) => return Ok(certificate),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    let source = problem.unwrap_or(AuthorityError::NotCa);
    Err(IssueError::Authority { path: path.to_owned(), source })
}

/// Reads a CA: the key, and the certificate in the file that belongs to the key.
///
/// `store` is the directory of the certificate.
pub(crate) fn read(store: &Store, path: &Path, key_path: &Path) -> Result<Authority, IssueError> {
    let content = match store.read_path(path, LIMIT) {
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            return Err(IssueError::NoCa { path: path.to_owned(), elsewhere: false });
        }
        read => read.map_err(|source| source.at(path))?,
    };
    let unreadable = |source: Unreadable| IssueError::Certificate { path: path.to_owned(), source };
    let key = read_key(store, key_path).map_err(|error| match error {
        IssueError::Store(StoreError::Read { path, source: ReadError::Io(error) })
            if error.kind() == io::ErrorKind::NotFound =>
        {
            IssueError::NoCaKey { path, elsewhere: false }
        }
        error => error,
    })?;
    let blocks = pem::certificates(&content).map_err(|error| unreadable(error.into()))?;
    let count = blocks.len();
    let mut problem = None;
    for block in blocks {
        match Certificate::from_strict_der(block) {
            Ok(certificate) if certificate.public_key() == key.public() => {
                return Authority::new(certificate, key)
                    .map_err(|source| IssueError::Authority { path: path.to_owned(), source });
            }
            Ok(_) => {}
            Err(error) => problem = Some(error),
        }
    }
    Err(match problem {
        Some(error) => unreadable(error.into()),
        None if count == 1 => {
            let (certificate, key) = (path.to_owned(), key_path.to_owned());
            IssueError::CaKeyMismatch { certificate, key, elsewhere: false }
        }
        None => unreadable(Unreadable::NoMatch(count, key_path.to_owned())),
    })
}

/// The TBSCertificate that rcgen builds, with the raw names and the raw public key.
fn frame(
    params: &CertificateParams,
    signer: &PrivateKey,
    key: &PublicKey,
    issuer_key_id: Option<&[u8]>,
    issuer: &Name,
    subject: &Name,
) -> Result<Tbs, SigningError> {
    let mut ca = params.clone();
    ca.key_identifier_method =
        KeyIdMethod::PreSpecified(issuer_key_id.unwrap_or_default().to_vec());
    let signer = Unsigned(signer);
    // rcgen puts in the signer's own key; the code below replaces it.
    let unsigned = params.signed_by(&signer, &Issuer::from_params(&ca, &signer))?;
    let mut tbs = Tbs::of_certificate(unsigned.der()).ok_or(SigningError::Frame)?;
    tbs.set_issuer(issuer);
    tbs.set_subject(subject);
    tbs.set_public_key(key.spki());
    Ok(tbs)
}

fn fresh_extensions(tbs: &Tbs) -> Result<Vec<Extension>, SigningError> {
    tbs.extensions()
        .ok_or(SigningError::Frame)?
        .into_iter()
        .map(|der| Extension::from_der(der).ok_or(SigningError::Frame))
        .collect()
}

/// A signer that signs nothing: rcgen needs one to build the structure, which has its algorithm.
struct Unsigned<'a>(&'a PrivateKey);

impl PublicKeyData for Unsigned<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0.public().bits()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        match self.0.scheme() {
            SignatureScheme::RsaSha256 => &rcgen::PKCS_RSA_SHA256,
            SignatureScheme::EcdsaSha256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            SignatureScheme::EcdsaSha384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            SignatureScheme::Ed25519 => &rcgen::PKCS_ED25519,
        }
    }
}

impl rcgen::SigningKey for Unsigned<'_> {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(Vec::new())
    }
}
