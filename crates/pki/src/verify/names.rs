//! Name matching (RFC 9525 section 6, RFC 5280 section 7). Only SANs count; [`host_mismatch`] says which
//! clients accept more.

use std::net::IpAddr;

use super::clients::Defect;
use crate::x509::{
    certificate::Certificate,
    escape::escape_line,
    san::{DnsName, GeneralName, Reason, San},
};

/// Checks whether a TLS client that connects to `host`, a DNS name or an IP address, accepts the
/// certificate for it (RFC 9525 section 6). A wildcard matches one label.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use certctl_pki::{verify::names::host_matches, x509::certificate::Certificate};
///
/// # let pem = include_bytes!("../../../../tests/fixtures/gen-sh/server.pem");
/// let server = &Certificate::all_from_pem(pem)?[0];
/// assert_eq!(host_matches(server, "localhost"), Ok(()));
/// assert!(host_matches(server, "example.com").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// A lower-case fragment that follows the name of the certificate and has its SANs.
pub fn host_matches(certificate: &Certificate, host: &str) -> Result<(), String> {
    let names = certificate.names();
    let sans = || names.iter().filter_map(GeneralName::san);
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let matches = if let Ok(address) = bare.parse::<IpAddr>() {
        sans().any(|san| *san == San::Ip(address))
    } else {
        // A dot at the end makes a name absolute; every name in a certificate is absolute.
        let name = host.strip_suffix('.').unwrap_or(host);
        let wanted: DnsName = name.parse().map_err(|error| format!("cannot match: {error}"))?;
        let wanted = wanted.as_str();
        sans().any(|san| matches!(san, San::Dns(name) if dns_matches(name, wanted)))
    };
    answer(matches, host, &names)
}

/// Why clients that connect to `host` refuse the certificate: what clients of other rules than RFC 9525
/// make of it. `None` if [`host_matches`].
#[must_use]
pub fn host_mismatch(certificate: &Certificate, host: &str) -> Option<(Defect, String)> {
    let message = host_matches(certificate, host).err()?;
    let names = certificate.names();
    let common_name = certificate.subject().common_name();
    let has_common_name =
        |wanted: &str| common_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<IpAddr>().is_ok() {
        let by_common_name = names.is_empty() && has_common_name(bare);
        return Some(if by_common_name {
            let more = "only curl takes its common name instead";
            (Defect::HostAddressCommonName, format!("{message}; {more}"))
        } else {
            (Defect::HostAddress, message)
        });
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let is_dns = |name: &GeneralName| match name {
        GeneralName::San { san, .. } => matches!(san, San::Dns(_)),
        GeneralName::Unmatchable { label, .. } => *label == "DNS",
        _ => false,
    };
    if !names.iter().any(is_dns) && has_common_name(&host) {
        let message = format!("{message}; some clients take its common name instead");
        return Some((Defect::HostCommonName, message));
    }
    let nearly = names.iter().find_map(|name| match name {
        GeneralName::Unmatchable { label: "DNS", text, reason, .. } => {
            nearly_matches(&text.to_ascii_lowercase(), reason, &host)
        }
        _ => None,
    });
    Some((nearly.unwrap_or(Defect::Host), message))
}

/// The defect of a name that RFC 9525 does not match with the host, and some clients do.
fn nearly_matches(name: &str, reason: &Reason, host: &str) -> Option<Defect> {
    let labels = || name.split('.').zip(host.split('.'));
    let is_as_long = name.split('.').count() == host.split('.').count();
    let matches = |(pattern, label): (&str, &str)| match pattern.split_once('*') {
        Some((start, end)) => {
            label.len() >= start.len() + end.len()
                && label.starts_with(start)
                && label.ends_with(end)
        }
        None => pattern == label,
    };
    match reason {
        Reason::TrailingDot => {
            (name.strip_suffix('.') == Some(host)).then_some(Defect::HostDotInSan)
        }
        Reason::WildcardWide | Reason::WildcardPlace if is_as_long && labels().all(matches) => {
            let has_wildcard = |(pattern, _): (&str, &str)| pattern.contains('*');
            Some(if labels().skip(1).any(has_wildcard) {
                Defect::HostInnerWildcard
            } else if *reason == Reason::WildcardWide && name.contains('.') {
                Defect::HostWideWildcard
            } else if *reason == Reason::WildcardPlace {
                Defect::HostPartialWildcard
            } else {
                return None;
            })
        }
        _ => None,
    }
}

/// Checks whether the certificate has the email address. The case of the local part counts, that of
/// the host does not (RFC 5280 section 7.5).
///
/// # Errors
///
/// A lower-case fragment that follows the name of the certificate and has its SANs.
pub fn email_matches(certificate: &Certificate, address: &str) -> Result<(), String> {
    let names = certificate.names();
    // Without `email:` it could be another type of SAN.
    let wanted: Result<San, _> = format!("email:{address}").parse();
    let wanted = wanted.map_err(|error| format!("cannot match: {error}"))?;
    let matches = names.iter().filter_map(GeneralName::san).any(|san| *san == wanted);
    answer(matches, address, &names)
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

fn answer(matches: bool, wanted: &str, names: &[GeneralName]) -> Result<(), String> {
    if matches {
        return Ok(());
    }
    let has = if names.is_empty() {
        "it has no subjectAltName".to_owned()
    } else {
        let shown: Vec<String> = names.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = names.len().saturating_sub(SHOWN);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("it has {}{rest}", shown.join(", "))
    };
    Err(format!("is not for `{}`: {has}", escape_line(wanted)))
}
