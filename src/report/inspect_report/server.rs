//! Facts of the handshake with a live server.

use std::fmt;

use pki::x509::{
    escape::{escape_line, shorten},
    name::Name,
};
use serde_json::{Value, json};

use super::{text::Fields, value_text::count};
use crate::probe::{Handshake, ProbeResult};

/// The most CAs that are listed; JSON has all.
const AUTHORITIES: usize = 10;
/// Characters of a name.
const NAME: usize = 120;

/// Writes them as text.
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    endpoint: &str,
    served: &ProbeResult,
) -> fmt::Result {
    let address = served.address;
    writeln!(f, "{}: {} with {}", escape_line(endpoint), served.protocol, served.cipher)?;
    let mut fields = Fields::default();
    fields.add("Address", address.to_string());
    fields.add("Sends", count(served.certificates.len(), "certificate"));
    let asks = match (served.asks_for_client_certificate, served.requires_client_certificate()) {
        (false, _) => "no client certificate",
        (true, false) => "a client certificate, and continues without one",
        (true, true) => "a client certificate, and refuses who has none",
    };
    fields.add("Asks for", asks);
    let authorities: Vec<String> = authorities(served).map(|name| shorten(&name, NAME)).collect();
    fields.list("Of the CAs", &authorities, AUTHORITIES);
    match &served.handshake {
        Handshake::Completed => fields.add("Handshake", "completed"),
        Handshake::Refused { reason } => {
            fields.add("Handshake", format!("the server {}", escape_line(reason)));
        }
    }
    f.write_str(&fields.0)
}

/// As JSON.
pub(super) fn json(served: &ProbeResult) -> Value {
    json!({
        "address": served.address.to_string(),
        "protocol": served.protocol,
        "cipher": served.cipher,
        "asks_for_client_certificate": served.asks_for_client_certificate,
        "requires_client_certificate": served.requires_client_certificate(),
        "accepted_authorities": authorities(served).collect::<Vec<_>>(),
        "handshake": match &served.handshake {
            Handshake::Completed => "completed",
            Handshake::Refused { reason } => reason,
        },
    })
}

/// The names of the CAs that it accepts for client certificates.
fn authorities(served: &ProbeResult) -> impl Iterator<Item = String> {
    served.accepted_authorities.iter().map(|der| {
        Name::from_der(der)
            .map_or_else(|_| "a name that cannot be read".into(), |it| it.to_string())
    })
}
