//! What stands in a certificate, octet by octet.

use std::process::Command;

use rustls_pki_types::{CertificateDer, CertificateSigningRequestDer, pem::PemObject};
use x509_parser::{
    certification_request::X509CertificationRequest, parse_x509_certificate, prelude::FromDer,
};

use crate::sandbox::Sandbox;

/// The DER of issuer and subject.
pub fn names(sandbox: &Sandbox, file: &str) -> (Vec<u8>, Vec<u8>) {
    let der = CertificateDer::from_pem_slice(&sandbox.read(file)).unwrap();
    let (_, certificate) = parse_x509_certificate(&der).unwrap();
    (certificate.issuer().as_raw().to_vec(), certificate.subject().as_raw().to_vec())
}

/// The DER of the subject of the request `NAME.csr`, PEM or DER.
pub fn subject(sandbox: &Sandbox, name: &str) -> Vec<u8> {
    let content = sandbox.read(&format!("{name}.csr"));
    // GnuTLS and Java write an older label.
    let text = String::from_utf8_lossy(&content).replace("NEW CERTIFICATE", "CERTIFICATE");
    let pem = CertificateSigningRequestDer::from_pem_slice(text.as_bytes());
    let der = pem.map_or(content, |der| der.to_vec());
    let (_, request) = X509CertificationRequest::from_der(&der).unwrap();
    request.certification_request_info.subject.as_raw().to_vec()
}

/// `openssl asn1parse`, line by line, without what every new certificate has of its own: serial,
/// dates, keys and their identifiers, signature, and the lengths that depend on them.
pub fn dump(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let output = Command::new("openssl")
        .args(["asn1parse", "-in", file])
        .current_dir(sandbox.dir())
        .output()
        .unwrap();
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));

    let mut identifier_follows = false;
    let line = |line: &str| {
        let (place, rest) = line.split_once("d=").unwrap();
        let depth: String = rest.chars().take_while(char::is_ascii_digit).collect();
        assert!(place.ends_with(':'), "{line}");
        let value =
            rest.find("cons: ").or_else(|| rest.find("prim: ")).map(|at| &rest[at..]).unwrap();
        let is_own = (value.contains("INTEGER") && depth == "2")
            || value.contains("UTCTIME")
            || value.contains("GENERALIZEDTIME")
            || (identifier_follows && value.contains("OCTET STRING"));
        if value.contains("OBJECT") {
            identifier_follows = value.contains("Key Identifier");
        }
        let kept = if is_own { value.split(':').nth(1).unwrap_or_default() } else { value };
        format!("{depth} {}", kept.trim_end())
    };
    String::from_utf8_lossy(&output.stdout).lines().map(line).collect()
}

/// The two dates as they are written: their ASN.1 type and their text.
pub fn dates(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let parsed = sandbox.run("openssl", &["asn1parse", "-in", file]).code(0).stdout();
    let date = |line: &str| {
        let (_, value) = line.split_once("prim: ")?;
        value.contains("TIME").then(|| value.replace(' ', ""))
    };
    parsed.lines().filter_map(date).collect()
}
