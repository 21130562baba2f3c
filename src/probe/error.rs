//! Why a server could not be probed, and what to try next.

use std::{fmt, io, net::SocketAddr};

use pki::x509::escape::escape_bytes;
use rustls::AlertDescription;

use super::protocol::Protocol;

/// How many characters of a server's reply are shown.
const SHOWN: usize = 80;

/// The first octets of a TLS record with an alert: its type, and the major version.
const TLS_ALERT: [u8; 2] = [21, 3];

/// Why a probe got no certificates from a server.
///
/// The text does not name the server: the caller does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    #[error("the host name cannot be resolved")]
    Resolve(#[source] io::Error),

    #[error("the host has no address")]
    NoAddress,

    #[error("no connection to {address}")]
    Connect { address: SocketAddr, source: io::Error },

    #[error("the server did not answer in time {step}")]
    Timeout { step: Step, suggested: Option<Protocol> },

    #[error("the server closed the connection {step}")]
    Closed { step: Step, suggested: Option<Protocol> },

    #[error("the connection broke {step}")]
    Io { step: Step, source: io::Error },

    /// The server's first octets are not TLS.
    #[error("the server does not speak TLS: it said {said}")]
    NotTls { said: ServerReply, hint: String },

    #[error("the server refused the handshake: {}", in_words(*alert))]
    Alert { alert: AlertDescription, suggested: Option<Protocol> },

    #[error("the server offers only TLS 1.1 or older")]
    OldTls,

    #[error("the server's handshake is not valid")]
    Handshake(#[source] rustls::Error),

    #[error("the server does not speak {}: it said {said}", protocol.name())]
    OtherProtocol { protocol: Protocol, said: ServerReply },

    #[error("the server does not offer TLS over {}", protocol.name())]
    NotOffered { protocol: Protocol },

    #[error("the server refused to start TLS: it said {said}")]
    Refused { said: ServerReply },

    /// An attacker between client and server could have inserted it, so that the client believes that it
    /// came over TLS.
    #[error("the server sent extra plaintext data before TLS: {said}")]
    Injected { said: ServerReply },

    #[error("the server's answer before TLS is longer than {limit} bytes")]
    TooLong { limit: usize },
}

/// The step at which the connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Starttls(Protocol),
    Handshake,
}

/// The reply of the server between backticks: shortened, and escaped for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerReply(String);

impl ProbeError {
    /// For a connection that failed after it was established.
    pub(super) fn io(step: Step, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::TimedOut => Self::Timeout { step, suggested: None },
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe => Self::Closed { step, suggested: None },
            _ => Self::Io { step, source },
        }
    }

    /// For an answer to our ClientHello that is not TLS.
    pub(super) fn not_tls(answer: &[u8]) -> Self {
        Self::NotTls { said: ServerReply::new(answer), hint: hint_for(answer) }
    }

    /// The same, for a port on which TLS usually needs STARTTLS.
    pub(super) fn suggesting(self, protocol: Option<Protocol>) -> Self {
        match self {
            Self::Timeout { step, .. } => Self::Timeout { step, suggested: protocol },
            Self::Closed { step, .. } => Self::Closed { step, suggested: protocol },
            Self::Alert { alert, .. } => Self::Alert { alert, suggested: protocol },
            other => other,
        }
    }

    /// What to try next: a flag, or where the cause is logged.
    pub(crate) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Resolve(_) | Self::NoAddress => {
                "name the server by an address that it listens at: `--connect ADDRESS:PORT`".into()
            }
            Self::Connect { source, .. } if source.kind() == io::ErrorKind::ConnectionRefused => {
                "nothing listens there: is the service running, and is this its TLS port?".into()
            }
            Self::Connect { .. } => {
                "is the host up, and does a firewall let this port through?".into()
            }
            Self::Timeout { suggested: Some(protocol), .. }
            | Self::Closed { suggested: Some(protocol), .. }
            | Self::Alert { suggested: Some(protocol), .. } => ask_for(*protocol),
            Self::Timeout { step: Step::Handshake, .. }
            | Self::Closed { step: Step::Handshake, .. } => {
                "name the port at which the service speaks TLS (`tls-port` of Redis); MySQL, \
                PostgreSQL and SMTP need STARTTLS: `--starttls mysql`, `--starttls postgres`, \
                `--starttls smtp`"
                    .into()
            }
            Self::NotTls { hint, .. } => hint.clone(),
            Self::OldTls | Self::Alert { alert: AlertDescription::ProtocolVersion, .. } => {
                "enable TLS 1.2 or 1.3 on the server".into()
            }
            Self::NotOffered { protocol: Protocol::Mysql } => {
                "enable it on the server: `ssl-cert` and `ssl-key` in section `[mysqld]` of my.cnf"
                    .into()
            }
            Self::NotOffered { protocol: Protocol::Postgres } => {
                "enable it on the server: `ssl = on` in postgresql.conf".into()
            }
            Self::NotOffered { protocol: Protocol::Smtp } => {
                "enable STARTTLS on the server, or omit `--starttls` and name its TLS port \
                (465)"
                    .into()
            }
            Self::Refused { .. } => "see the server's log for the reason".into(),
            Self::Injected { .. } => {
                "do not trust this connection: an attacker can insert data into it".into()
            }
            Self::Timeout { .. }
            | Self::Closed { .. }
            | Self::OtherProtocol { .. }
            | Self::TooLong { .. } => "omit `--starttls`, or name another port".into(),
            Self::Io { .. } | Self::Alert { .. } | Self::Handshake(_) => return None,
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starttls(protocol) => {
                write!(f, "after the request for TLS over {}", protocol.name())
            }
            Self::Handshake => f.write_str("in the TLS handshake"),
        }
    }
}

impl ServerReply {
    /// The first line of an answer.
    pub(super) fn new(answer: &[u8]) -> Self {
        if answer.starts_with(&TLS_ALERT) {
            return Self("a TLS alert".into());
        }
        let line = answer.split(|octet| matches!(octet, b'\r' | b'\n')).next().unwrap_or_default();
        let text = escape_bytes(line);
        let cut: String = text.chars().take(SHOWN).collect();
        Self(match text.len() - cut.len() {
            _ if text.is_empty() => "an empty line".into(),
            0 => format!("`{text}`"),
            _ => format!("`{cut}…`"),
        })
    }
}

impl fmt::Display for ServerReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn ask_for(protocol: Protocol) -> String {
    format!("ask for TLS first: `--starttls {}`", protocol.flag())
}

/// What to try next, by the first octets of a server without TLS.
fn hint_for(answer: &[u8]) -> String {
    let begins = |words: &[&str]| words.iter().any(|word| answer.starts_with(word.as_bytes()));
    match () {
        () if begins(&["HTTP/", "<html", "<!DOCTYPE"]) => {
            "name the port at which it speaks HTTPS".into()
        }
        () if begins(&["-ERR ", "-DENIED ", "-NOAUTH "]) => {
            "name the port at which it speaks TLS, `tls-port` of redis.conf".into()
        }
        () if begins(&["SSH-"]) => "that is an SSH server, which has no X.509 certificates".into(),
        // FTP sends the same greeting, on other ports.
        () if begins(&["220 ", "220-", "554 "]) => ask_for(Protocol::Smtp),
        // A packet of number 0: a greeting of protocol version 10, or an error.
        () if matches!(answer, [_, _, 0, 0, 10 | 0xff, ..]) => ask_for(Protocol::Mysql),
        // An ErrorResponse, with its length or in the format of servers before 7.4.
        () if begins(&["E\0\0", "EFATAL"]) => ask_for(Protocol::Postgres),
        () => "name the port at which the service speaks TLS".into(),
    }
}

/// An alert by its name in the RFCs, and its meaning for a probe.
pub(super) fn in_words(alert: AlertDescription) -> String {
    let name = name_of(alert);
    let meaning = match alert {
        AlertDescription::ProtocolVersion => "it offers neither TLS 1.2 nor 1.3",
        AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => {
            "it has no cipher or key type in common with certctl"
        }
        AlertDescription::UnrecognisedName => "it serves no host of this name",
        AlertDescription::CertificateRequired => "it requires a client certificate",
        AlertDescription::NoApplicationProtocol => "it requires an application protocol (ALPN)",
        AlertDescription::InternalError => "it reported an internal error",
        AlertDescription::AccessDenied => "it denied access",
        _ => return format!("alert {name}"),
    };
    format!("{meaning} (alert {name})")
}

/// Its name in RFC 8446 section 6, or RFC 5246 section 7.2.
pub(super) fn name_of(alert: AlertDescription) -> String {
    let Some(name) = alert.as_str() else { return u8::from(alert).to_string() };
    match alert {
        AlertDescription::UnknownCA => "unknown_ca".into(),
        AlertDescription::UnrecognisedName => "unrecognized_name".into(),
        AlertDescription::UnknownPSKIdentity => "unknown_psk_identity".into(),
        _ => {
            let mut words = String::new();
            for character in name.chars() {
                if character.is_ascii_uppercase() && !words.is_empty() {
                    words.push('_');
                }
                words.push(character.to_ascii_lowercase());
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_their_names_of_the_rfcs() {
        let cases = [
            (AlertDescription::CertificateRequired, "certificate_required"),
            (AlertDescription::UnknownCA, "unknown_ca"),
            (AlertDescription::UnrecognisedName, "unrecognized_name"),
            (AlertDescription::HandshakeFailure, "handshake_failure"),
            (AlertDescription::Unknown(200), "200"),
        ];

        for (alert, expected) in cases {
            assert_eq!(name_of(alert), expected);
        }
    }

    #[test]
    fn a_reply_without_tls_is_shown_in_one_line_with_a_hint() {
        let long = format!("{}\u{202e}", "a".repeat(100));
        let cases: [(&[u8], &str, &str); 10] = [
            (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n", "`HTTP/1.1 400 Bad Request`", "HTTPS"),
            (
                b"-ERR unknown command '\x16\x03'\r\n",
                "`-ERR unknown command '\\u{16}\\u{3}'`",
                "tls-port",
            ),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "`SSH-2.0-OpenSSH_9.2`", "SSH"),
            (b"220 mail.example ESMTP\r\n", "`220 mail.example ESMTP`", "--starttls smtp"),
            (
                b"E\0\0\0\x8dSFATAL\0",
                "`E\\u{0}\\u{0}\\u{0}\\x8dSFATAL\\u{0}`",
                "--starttls postgres",
            ),
            (b"J\0\0\0\n8.0.36", "`J\\u{0}\\u{0}\\u{0}`", "--starttls mysql"),
            (
                b"\x17\0\0\0\xff\x10\x04Too many connections",
                "`\\u{17}\\u{0}\\u{0}\\u{0}\\xff\\u{10}\\u{4}Too many connections`",
                "--starttls mysql",
            ),
            (b"\r\n", "an empty line", "speaks TLS"),
            (b"\x1b[31m", "`\\u{1b}[31m`", "speaks TLS"),
            (long.as_bytes(), &format!("`{}…`", "a".repeat(80)), "speaks TLS"),
        ];

        for (answer, shown, hint) in cases {
            let error = ProbeError::not_tls(answer);
            let expected = format!("the server does not speak TLS: it said {shown}");
            assert_eq!(error.to_string(), expected);
            assert!(error.hint().unwrap().contains(hint), "{answer:?}: {:?}", error.hint());
        }
    }

    #[test]
    fn a_silent_server_at_a_known_port_gets_a_starttls_hint() {
        for (port, expected) in [(25, "smtp"), (587, "smtp"), (3306, "mysql"), (5432, "postgres")] {
            for kind in [io::ErrorKind::TimedOut, io::ErrorKind::ConnectionReset] {
                let error = ProbeError::io(Step::Handshake, kind.into());
                let hint = error.suggesting(Protocol::of_port(port)).hint().unwrap();
                assert_eq!(hint, format!("ask for TLS first: `--starttls {expected}`"), "{port}");
            }
        }
    }
}
