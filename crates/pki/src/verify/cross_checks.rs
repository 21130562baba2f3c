//! Rules that compare several certificates: repeated serials, a client certificate that clients
//! accept as a server certificate.

use std::collections::HashMap;

use super::{clients::Defect, finding::Finding};
use crate::x509::{
    certificate::Certificate,
    san::{GeneralName, San},
    usage::Usage,
};

/// A certificate to compare, with its name and usage.
pub struct NamedCertificate<'a> {
    /// The name in findings, such as that of the file. It is not escaped here.
    pub name: &'a str,
    /// The certificate.
    pub certificate: &'a Certificate,
    /// The usage, if it is known.
    pub usage: Option<Usage>,
}

/// The findings of each certificate, in the order of `members`.
#[must_use]
pub fn check(members: &[NamedCertificate<'_>]) -> Vec<Vec<Finding>> {
    let mut findings = vec![Vec::new(); members.len()];
    repeated_serials(members, &mut findings);
    for (member, own) in members.iter().zip(&mut findings) {
        own.extend(poses_as_server(member, members));
    }
    findings
}

/// Serials are unique below one issuer (RFC 5280 section 4.1.2.2). One certificate may be in
/// several files.
fn repeated_serials(members: &[NamedCertificate<'_>], findings: &mut [Vec<Finding>]) {
    let mut first = HashMap::new();
    for (index, member) in members.iter().enumerate() {
        let certificate = member.certificate;
        let key = (certificate.issuer().der(), certificate.serial_octets());
        let other = *first.entry(key).or_insert(index);
        if members[other].certificate.der() != certificate.der() {
            let message = format!(
                "has the serial {}, as {} of the same issuer has",
                certificate.serial_text(),
                members[other].name
            );
            findings[index].push(Finding::new(Defect::SerialRepeated, message));
        }
    }
}

/// A client certificate that clients would accept from a server.
fn poses_as_server(
    member: &NamedCertificate<'_>,
    members: &[NamedCertificate<'_>],
) -> Option<Finding> {
    let allows = member.certificate.usage().is_some_and(Usage::serves);
    if member.usage != Some(Usage::Client) || !allows {
        return None;
    }
    let own = hosts(member.certificate);
    let server =
        members.iter().filter(|other| other.usage.is_some_and(Usage::serves)).find_map(|other| {
            Some((other, hosts(other.certificate).into_iter().find(|host| own.contains(host))?))
        });
    let any = own.first()?.value();
    let target = server.map_or_else(
        || format!("any host with the name {any}"),
        |(server, host)| format!("{} ({})", server.name, host.value()),
    );
    let message = format!(
        "is a client certificate and allows serverAuth: its holder can impersonate {target}, and \
        no client would notice"
    );
    Some(Finding::new(Defect::PosesAsServer, message))
}

fn hosts(certificate: &Certificate) -> Vec<San> {
    let names = certificate.names();
    let hosts = names.iter().filter_map(GeneralName::san);
    hosts.filter(|san| matches!(san, San::Dns(_) | San::Ip(_))).cloned().collect()
}
