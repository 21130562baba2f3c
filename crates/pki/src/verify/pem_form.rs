//! Reports which clients cannot read the layout of a PEM file.

use super::{
    finding::Finding,
    rule::{Rule, Severity},
};
use crate::x509::pem::PemFault;

/// Each fault as a finding: an error if OpenSSL and the programs that use it cannot read the file, a
/// warning if only others cannot.
///
/// `file` is the path, quoted for a shell.
#[must_use]
pub fn findings(faults: &[PemFault], file: Option<&str>) -> Vec<Finding> {
    let mut faults = faults.to_vec();
    faults.sort_unstable();
    faults.dedup();
    faults.into_iter().map(|fault| finding(fault, file)).collect()
}

fn finding(fault: PemFault, file: Option<&str>) -> Finding {
    let message = format!("is in a PEM file with {fault}: {}", clients(fault));
    let hint = match file {
        Some(file) => format!("write it in the usual form: {}", fault.rewritten(file)),
        None => "write it in the usual form, or copy it again".to_owned(),
    };
    let finding = Finding::new(Rule::PemForm, message).hint(hint);
    if fault.is_read_by_openssl() { finding.at(Severity::Warning) } else { finding }
}

/// Measured with OpenSSL 3.0, Python 3.11 (ssl), Node 20, nginx 1.22, Go 1.19, Java 17, GnuTLS 3.7 and
/// rustls-pki-types 1.15; BoringSSL by public reports.
const fn clients(fault: PemFault) -> &'static str {
    match fault {
        PemFault::ByteOrderMark => {
            "Go, BoringSSL, Java and rustls find no certificate; OpenSSL, Python, Node and GnuTLS read it"
        }
        PemFault::TextBeforeBegin | PemFault::IndentedBegin => {
            "OpenSSL, Python, Node, nginx, Go, Java and rustls find no certificate; GnuTLS reads it"
        }
        PemFault::BlankBehindBegin => {
            "rustls finds no certificate; OpenSSL, Python, Node, Go, Java and GnuTLS read it"
        }
        PemFault::IndentedEnd => {
            "OpenSSL, Python, Node, nginx, Go and rustls cannot read it; GnuTLS and Java do"
        }
        PemFault::BlankLine => {
            "OpenSSL, Python, Node and nginx cannot read it; Go, Java, GnuTLS and rustls do"
        }
        PemFault::Header => {
            "OpenSSL, Python, Node, nginx, GnuTLS, Java and rustls cannot read it; Go does"
        }
        PemFault::CarriageReturn => {
            "OpenSSL, Python, Node, nginx and Go find no certificate; GnuTLS, Java and rustls read it"
        }
        PemFault::TwoCarriageReturns => {
            "Go finds no certificate; OpenSSL, Python, Node, GnuTLS, Java and rustls read it"
        }
        PemFault::FormFeed => {
            "Go, Java and rustls find no certificate; OpenSSL, Python, Node and GnuTLS read it"
        }
        PemFault::Joined => {
            "OpenSSL, Python, Node, nginx, Go, Java and rustls cannot read it; GnuTLS does"
        }
        PemFault::X509Label => {
            "Go and rustls find no certificate; OpenSSL, Python, Node, GnuTLS and Java read it"
        }
        PemFault::TrustedLabel => {
            "Go, GnuTLS, Java and rustls find no certificate; OpenSSL, Python and Node read it"
        }
        PemFault::NoBeginLine => {
            "OpenSSL, Python, Node, nginx, Go, Java, GnuTLS and rustls find no certificate"
        }
    }
}
