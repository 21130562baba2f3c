//! Reports which clients cannot read the layout of a PEM file.

use super::{clients::Defect, finding::Finding, rule::Severity};
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
    let message = format!("is in a PEM file with {fault}: {}", fault.clients());
    let hint = match file {
        Some(file) => format!("write it in the usual form: {}", fault.rewritten(file)),
        None => "write it in the usual form, or copy it again".to_owned(),
    };
    let finding = Finding::new(Defect::PemForm, message).hint(hint);
    if fault.is_read_by_openssl() { finding.at(Severity::Warning) } else { finding }
}
