//! The profile of certctl's certificates (RFC 5280 section 4.2; the reasons are in the contract, section 9).

use pki::x509::{
    certificate::{CertificateError, Extension},
    key::{KeyError, PublicKey},
    oid,
    serial::Serial,
    usage::Usage,
    validity::Validity,
};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyUsagePurpose,
};

/// Why a certificate could not be issued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("rcgen could not build the certificate: {0}")]
    Build(#[from] rcgen::Error),
    #[error("the certificate that was built cannot be read back: {0}")]
    ReadBack(#[from] CertificateError),
    #[error("the certificate that was built has no extensions to replace")]
    Frame,
}

/// The subjectAltName's object identifier, as rcgen takes it.
const SUBJECT_ALT_NAME: [u64; 4] = [2, 5, 29, 17];

/// A CA: critical basicConstraints without intermediates below it, critical keyUsage, SKI.
///
/// No extendedKeyUsage, because it limits the chain (OpenSSL error 26). It has an AKI; the caller sets the
/// key identifier in rcgen's issuer.
pub(super) fn ca(key: &PublicKey, validity: &Validity, serial: Serial) -> CertificateParams {
    let mut params = bare(key, validity, serial);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    params
}

/// An end entity: critical basicConstraints, critical keyUsage (keyEncipherment only for RSA,
/// RFC 8813), extendedKeyUsage of its usage, the names, SKI.
pub(super) fn end_entity(
    key: &PublicKey,
    validity: &Validity,
    serial: Serial,
    usage: Usage,
    names: Option<&Extension>,
) -> CertificateParams {
    let mut params = bare(key, validity, serial);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if key.is_rsa() {
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages = match usage {
        Usage::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
        Usage::Client => vec![ExtendedKeyUsagePurpose::ClientAuth],
        Usage::Peer => {
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth]
        }
    };
    params.custom_extensions = names.map(subject_alt_name).into_iter().collect();
    params
}

/// The extension `subjectAltName` with these GeneralNames (DER).
pub(crate) fn names_extension(critical: bool, general_names: Vec<u8>) -> Extension {
    Extension::new(oid::SUBJECT_ALT_NAME, critical, general_names)
}

fn subject_alt_name(names: &Extension) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(&SUBJECT_ALT_NAME, names.value.clone());
    extension.set_criticality(names.critical);
    extension
}

/// Sets every field: rcgen's defaults are valid from 1975 to 4096 and repeat serial numbers.
fn bare(key: &PublicKey, validity: &Validity, serial: Serial) -> CertificateParams {
    // Raw octets replace it before signing. Not empty, because rcgen would make the SAN critical.
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, "-");

    let mut params = CertificateParams::default();
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    params.serial_number = Some(serial.octets().to_vec().into());
    params.subject_alt_names = Vec::new();
    params.distinguished_name = distinguished_name;
    params.is_ca = IsCa::NoCa;
    params.key_usages = Vec::new();
    params.extended_key_usages = Vec::new();
    params.name_constraints = None;
    params.crl_distribution_points = Vec::new();
    params.custom_extensions = Vec::new();
    params.use_authority_key_identifier_extension = false;
    params.key_identifier_method = KeyIdMethod::PreSpecified(key.key_identifier().to_vec());
    params
}
