//! What a server serves: its chain, and how its certificate compares with those in files.

use std::collections::{BTreeSet, HashSet};

use time::OffsetDateTime;

use super::{bundle, clients::Defect, cross_checks::NamedCertificate, finding::Finding};
use crate::x509::{
    certificate::{Certificate, CertificateError},
    name::ComparableName,
    san::GeneralName,
    usage::Usage,
    validity::date,
};

/// How many candidates a finding names.
const SHOWN: usize = 5;

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
    /// Reads the certificates, DER each, in the order in which they were sent. `trust` has the trust anchors
    /// and the time.
    #[must_use]
    pub fn read(ders: &[Vec<u8>], trust: (&[Certificate], OffsetDateTime)) -> Self {
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
            findings.extend(bundle::check(leaf, &certificates, trust));
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

/// Compares a served certificate with those in files: with the same one, else with that of its identity.
///
/// The identity is the one with the same public key, else the one with the same subject and SANs. If
/// `is_named`, the server should serve one of the certificates: a single one is compared in any case, and
/// several without that identity are [`Defect::ServedAmbiguous`]. Else those that share a SAN are.
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
    let (candidates, is_known) = candidates(leaf, in_files, is_named);
    let one = |certificate: &Certificate| {
        format!(
            "serial {} until {} (SHA-256 {})",
            certificate.serial_text(),
            date(certificate.not_after()),
            &certificate.fingerprint()[..16]
        )
    };
    let (with, finding) = match candidates[..] {
        [] => {
            let fact = "no certificate on disk has its names".to_owned();
            return Comparison { fact, ..Comparison::default() };
        }
        [with] if is_known => {
            let NamedCertificate { name, certificate, .. } = in_files[with];
            let message = format!("serves {}, and {name} holds {}", one(leaf), one(certificate));
            let finding = Finding::new(Defect::ServedDiffers, message)
                .hint("reload or restart the service, so that it reads the file on disk");
            (Some(with), finding)
        }
        _ => {
            let names = candidates.iter().take(SHOWN).map(|&index| in_files[index].name);
            let more = candidates.len().saturating_sub(SHOWN);
            let message = format!(
                "serves {}, which is in no file, and it is ambiguous which identity it should \
                serve; candidates: {}{}",
                one(leaf),
                names.collect::<Vec<_>>().join(", "),
                if more == 0 { String::new() } else { format!(" and {more} more") }
            );
            let finding = Finding::new(Defect::ServedAmbiguous, message)
                .hint("name the identity that it should serve, beside `--connect`");
            (None, finding)
        }
    };
    Comparison { with, fact: String::new(), findings: vec![finding] }
}

/// The indexes of the certificates that the server may be expected to serve, each certificate once, and
/// whether the identity is known, so that a single one is the right one.
fn candidates(
    leaf: &Certificate,
    in_files: &[NamedCertificate<'_>],
    is_named: bool,
) -> (Vec<usize>, bool) {
    type Named<'a, 'b> = &'a NamedCertificate<'b>;

    let (subject, sans) = (ComparableName::from(leaf.subject()), sans(leaf));
    let has_key = |one: Named| one.certificate.public_key() == leaf.public_key();
    let has_names = |one: Named| {
        ComparableName::from(one.certificate.subject()) == subject
            && self::sans(one.certificate) == sans
    };
    let shares_san = |one: Named| !self::sans(one.certificate).is_disjoint(&sans);
    let serves = |one: Named| one.usage.is_some_and(Usage::serves);
    let those = |from: &[usize], is_wanted: &dyn Fn(Named) -> bool| -> Vec<usize> {
        from.iter().copied().filter(|&index| is_wanted(&in_files[index])).collect()
    };
    // Those that are wanted, if there are any.
    let preferred = |from: Vec<usize>, is_wanted: &dyn Fn(Named) -> bool| {
        let wanted = those(&from, is_wanted);
        if wanted.is_empty() { from } else { wanted }
    };

    let all: Vec<usize> = (0..in_files.len()).collect();
    let leaves = those(&all, &|one| !one.certificate.is_ca());
    let of_key = preferred(those(&leaves, &has_key), &has_names);
    let identity = if of_key.is_empty() { those(&leaves, &has_names) } else { of_key };
    let is_known = is_named || !identity.is_empty();
    let candidates = if !identity.is_empty() {
        identity
    } else if is_named {
        leaves
    } else {
        those(&leaves, &shares_san)
    };
    let mut seen = HashSet::new();
    let mut candidates = preferred(candidates, &serves);
    // One certificate may be in several files.
    candidates.retain(|&index| seen.insert(in_files[index].certificate.der()));
    (candidates, is_known)
}

fn sans(certificate: &Certificate) -> BTreeSet<String> {
    certificate.names().iter().map(GeneralName::to_string).collect()
}
