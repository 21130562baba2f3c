//! Whether a certificate is one for that host or mailbox (RFC 9525 section 6, RFC 5280 section 7).
//!
//! Only subjectAltName counts: no client looks at the common name any more.

use std::net::IpAddr;

use crate::x509::{
    cert::Certificate,
    escape::escape_line,
    san::{DnsName, GeneralName, San},
};

/// Whether a TLS client that dials `host`, a name or an address, takes the certificate for it.
///
/// The error is a lowercase fragment that goes on behind the name of the certificate.
pub fn host_matches(certificate: &Certificate, host: &str) -> Result<(), String> {
    let names = certificate.names();
    let sans = || names.iter().filter_map(GeneralName::san);
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let matches = if let Ok(address) = bare.parse::<IpAddr>() {
        sans().any(|san| *san == San::Ip(address))
    } else {
        // A dot at the end says that the name is complete, which each of a certificate is.
        let name = host.strip_suffix('.').unwrap_or(host);
        let wanted: DnsName = name.parse().map_err(|error| format!("cannot match: {error}"))?;
        let wanted = wanted.as_str();
        sans().any(|san| matches!(san, San::Dns(name) if dns_matches(name, wanted)))
    };
    if matches {
        return Ok(());
    }
    Err(format!("is not for `{}`: {}", escape_line(host), listed(&names)))
}

/// Whether the certificate vouches for a mailbox: the part before the `@` as it is, the host in any
/// case (RFC 5280 section 7.5).
pub fn email_matches(certificate: &Certificate, mailbox: &str) -> Result<(), String> {
    let names = certificate.names();
    // `email:` tells it from all else that a subjectAltName can be.
    let wanted: Result<San, _> = format!("email:{mailbox}").parse();
    let wanted = wanted.map_err(|error| format!("cannot match: {error}"))?;
    if names.iter().filter_map(GeneralName::san).any(|san| *san == wanted) {
        return Ok(());
    }
    Err(format!("is not for `{}`: {}", escape_line(mailbox), listed(&names)))
}

/// A wildcard stands for one label (RFC 9525 section 6.3).
fn dns_matches(name: &DnsName, host: &str) -> bool {
    match name.as_str().strip_prefix("*.") {
        Some(parent) => {
            host.split_once('.').is_some_and(|(label, rest)| label != "*" && rest == parent)
        }
        None => name.as_str() == host,
    }
}

/// How many names are shown before the rest is counted.
const SHOWN: usize = 6;

fn listed(names: &[GeneralName]) -> String {
    if names.is_empty() {
        return "it has no subjectAltName, and no client looks at the common name".to_owned();
    }
    let shown: Vec<String> = names.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = names.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("it has {}{rest}", shown.join(", "))
}
