//! What a server serves: its chain, and how its certificate compares with those in files.

use time::OffsetDateTime;

use super::{bundle, clients::Defect, cross_checks::NamedCertificate, finding::Finding};
use crate::x509::{
    certificate::{Certificate, CertificateError},
    san::GeneralName,
    usage::Usage,
    validity::date,
};

/// The certificates that a server sends.
#[derive(Debug)]
pub struct ServedChain {
    /// The certificate of the server.
    pub leaf: Result<Certificate, CertificateError>,
    /// Those that can be read, in the order in which they were sent.
    pub certificates: Vec<Certificate>,
    /// The findings on the order and on certificates that cannot be read; `None` without other certificates
    /// than the leaf, and if it cannot be read.
    pub findings: Option<Vec<Finding>>,
}

impl ServedChain {
    /// Reads the certificates, DER each, in the order in which they were sent at a time.
    #[must_use]
    pub fn read(ders: &[Vec<u8>], at: OffsetDateTime) -> Self {
        let mut ders = ders.iter();
        let leaf = Certificate::from_der(ders.next().cloned().unwrap_or_default());
        let mut certificates: Vec<Certificate> = leaf.iter().cloned().collect();
        let mut findings = Vec::new();
        for der in ders {
            match Certificate::from_der(der.clone()) {
                Ok(certificate) => certificates.push(certificate),
                Err(error) => findings.push(Finding::new(
                    Defect::Malformed,
                    format!(
                        "is in one file with a certificate that cannot be read ({error}): OpenSSL, \
                        Python, Node and nginx load nothing from such a file"
                    ),
                )),
            }
        }
        let is_bundle = certificates.len() + findings.len() > 1;
        let findings = leaf.as_ref().ok().filter(|_| is_bundle).map(|leaf| {
            findings.extend(bundle::check(leaf, &certificates, at));
            findings
        });
        Self { leaf, certificates, findings }
    }
}

/// How a served certificate compares with those in files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The index of the certificate in a file that is the same, or that the server should serve.
    pub with: Option<usize>,
    /// The text that is shown if there is no finding.
    pub fact: String,
    /// What differs.
    pub findings: Vec<Finding>,
}

/// Compares a served certificate with those in files: with the same one, else with the most similar one.
/// If `is_named`, each of them could be meant; else only one with its key or one of its names.
#[must_use]
pub fn compare(
    leaf: &Certificate,
    in_files: &[NamedCertificate<'_>],
    is_named: bool,
) -> Comparison {
    if let Some(with) = in_files.iter().position(|one| one.certificate == leaf) {
        let fact = format!("the certificate of {}", in_files[with].name);
        return Comparison { with: Some(with), fact, findings: Vec::new() };
    }
    let has_key = |one: &Certificate| one.public_key() == leaf.public_key();
    let is_like =
        |one: &Certificate| !one.is_ca() && (is_named || has_key(one) || shares_name(one, leaf));
    // The most similar one: the same key, else a server certificate, else one with the same name.
    let relative =
        in_files.iter().enumerate().filter(|(_, one)| is_like(one.certificate)).max_by_key(
            |(_, one)| (has_key(one.certificate), one.usage.is_some_and(Usage::serves)),
        );
    let Some((with, NamedCertificate { name, certificate, .. })) = relative else {
        let fact = "no certificate on disk has its names".to_owned();
        return Comparison { fact, ..Comparison::default() };
    };
    let one = |certificate: &Certificate| {
        format!(
            "serial {} until {} (SHA-256 {})",
            certificate.serial_text(),
            date(certificate.not_after()),
            &certificate.fingerprint()[..16]
        )
    };
    let message = format!("serves {}, and {name} holds {}", one(leaf), one(certificate));
    let finding = Finding::new(Defect::ServedDiffers, message)
        .hint("reload or restart the service, so that it reads the file on disk");
    Comparison { with: Some(with), fact: String::new(), findings: vec![finding] }
}

fn shares_name(one: &Certificate, other: &Certificate) -> bool {
    let names = |certificate: &Certificate| -> Vec<String> {
        certificate.names().iter().map(GeneralName::to_string).collect()
    };
    let others = names(other);
    names(one).iter().any(|name| others.contains(name))
}
