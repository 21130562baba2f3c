//! STARTTLS: requests TLS in protocols that begin in plaintext.
//!
//! Data that arrives together with the go-ahead is refused: it came in plaintext, and a client that keeps
//! it would treat it as protected by TLS (CVE-2011-0411, CVE-2021-23222). Here it is discarded, and the
//! error says that an attacker can insert data into the connection.

use std::io::{self, Read, Write};

use super::{
    error::{ProbeError, ServerReply, Step},
    protocol::Protocol,
};

/// The most that a server may say before TLS: an SMTP reply of many lines is far shorter.
const MOST: usize = 8192;

/// SSLRequest of PostgreSQL's protocol ("Message Formats"): its length, and the code 80877103.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// SSLRequest of MySQL's protocol ("Connection Phase Packets"): a packet of 32 octets, number 1. It has the
/// client's capabilities, here `CLIENT_LONG_PASSWORD`, `CLIENT_PROTOCOL_41`, `CLIENT_SSL` and
/// `CLIENT_SECURE_CONNECTION`, the maximum size of a packet (16 MiB), the character set (utf8mb4), and zeros.
const MYSQL_SSL_REQUEST: [u8; 36] = {
    let mut packet = [0; 36];
    let start = [32, 0, 0, 1, 0x01, 0x8a, 0, 0, 0, 0, 0, 1, 45];
    let (head, _) = packet.split_at_mut(start.len());
    head.copy_from_slice(&start);
    packet
};

/// The bit of `CLIENT_SSL` in the second octet of the capabilities.
const MYSQL_SSL: u8 = 0x08;

/// Brings the stream to the point where the server expects a ClientHello.
pub(super) fn ask(protocol: Protocol, stream: &mut (impl Read + Write)) -> Result<(), ProbeError> {
    match protocol {
        Protocol::Mysql => mysql(stream),
        Protocol::Postgres => postgres(stream),
        Protocol::Smtp => smtp(stream),
    }
}

/// The server sends its greeting first: the protocol version 10, the server version up to a zero, the id of the
/// connection (4 octets), a part of the salt (8), a zero, and the capabilities. An error begins with 0xff. After
/// an SSLRequest the server expects a ClientHello at once.
fn mysql(stream: &mut (impl Read + Write)) -> Result<(), ProbeError> {
    let protocol = Protocol::Mysql;
    let greeting = mysql_packet(stream)?;
    let fields = greeting.get(1..).unwrap_or_default();
    if greeting.starts_with(&[0xff]) {
        // The number of the error, and its SQLSTATE from some servers.
        let text = fields.get(2..).unwrap_or_default();
        let text = if text.starts_with(b"#") { text.get(6..).unwrap_or_default() } else { text };
        return Err(ProbeError::Refused { said: ServerReply::new(text) });
    }
    let version = fields.split(|octet| *octet == 0).next().unwrap_or_default();
    match fields.get(version.len() + 1 + 4 + 8 + 1..) {
        Some([_, second, ..]) if second & MYSQL_SSL != 0 => {
            send(protocol, stream, &MYSQL_SSL_REQUEST)
        }
        Some([_, _, ..]) => Err(ProbeError::NotOffered { protocol }),
        _ => Err(ProbeError::OtherProtocol { protocol, said: ServerReply::new(fields) }),
    }
}

/// The content of the server's first packet, a greeting or an error. Before it are its length, three octets in
/// little-endian order, and its number, 0. No data may follow it: the client must send next.
fn mysql_packet(stream: &mut impl Read) -> Result<Vec<u8>, ProbeError> {
    let protocol = Protocol::Mysql;
    let mut answer = Vec::new();
    loop {
        let is_open = read_some(protocol, stream, &mut answer)?;
        let end = match *answer.as_slice() {
            [low, high, 0, 0, 10 | 0xff, ..] => {
                Some(4 + usize::from(u16::from_le_bytes([low, high])))
            }
            [] | [_] | [_, _] | [_, _, 0] | [_, _, 0, 0] => None,
            _ => {
                return Err(ProbeError::OtherProtocol {
                    protocol,
                    said: ServerReply::new(&answer),
                });
            }
        };
        match end {
            Some(end) if end < answer.len() => {
                return Err(ProbeError::Injected {
                    said: ServerReply::new(answer.get(end..).unwrap_or_default()),
                });
            }
            Some(end) if end == answer.len() => return Ok(answer.split_off(4)),
            _ if is_open => {}
            _ => return Err(closed(protocol)),
        }
    }
}

/// One octet answers: `S` go ahead, `N` no TLS here. An `E` begins an error, after which the server closes
/// the connection.
fn postgres(stream: &mut (impl Read + Write)) -> Result<(), ProbeError> {
    let protocol = Protocol::Postgres;
    send(protocol, stream, &SSL_REQUEST)?;
    let mut answer = Vec::new();
    if !read_some(protocol, stream, &mut answer)? {
        return Err(closed(protocol));
    }
    match answer.as_slice() {
        b"S" => Ok(()),
        b"N" => Err(ProbeError::NotOffered { protocol }),
        [b'S', rest @ ..] if !rest.starts_with(b"SH-") => {
            Err(ProbeError::Injected { said: ServerReply::new(rest) })
        }
        [b'E', ..] => Err(ProbeError::Refused { said: postgres_error(stream, answer)? }),
        _ => Err(ProbeError::OtherProtocol { protocol, said: ServerReply::new(&answer) }),
    }
}

/// The message (field `M`) of an ErrorResponse; before PostgreSQL 7.4 it was the only field.
fn postgres_error(stream: &mut impl Read, mut answer: Vec<u8>) -> Result<ServerReply, ProbeError> {
    let protocol = Protocol::Postgres;
    while answer.len() < 5 && read_some(protocol, stream, &mut answer)? {}
    let Some(length) = answer.get(1..5).and_then(|octets| octets.try_into().ok()) else {
        return Ok(ServerReply::new(answer.get(1..).unwrap_or_default()));
    };
    let end = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX).saturating_add(1);
    if end > MOST {
        return Ok(ServerReply::new(answer.get(1..).unwrap_or_default()));
    }
    while answer.len() < end && read_some(protocol, stream, &mut answer)? {}
    let fields = answer.get(5..).unwrap_or_default().split(|octet| *octet == 0);
    let message = fields.into_iter().find_map(|field| field.strip_prefix(b"M"));
    Ok(ServerReply::new(message.unwrap_or_else(|| answer.get(5..).unwrap_or_default())))
}

/// RFC 3207: a greeting, EHLO, an offer of STARTTLS in the reply, STARTTLS, and 220.
fn smtp(stream: &mut (impl Read + Write)) -> Result<(), ProbeError> {
    let protocol = Protocol::Smtp;
    let refused = |reply: &Reply| ProbeError::Refused { said: ServerReply::new(&reply.text) };

    let greeting = Reply::read(stream)?;
    if !greeting.is(b"220") {
        return Err(refused(&greeting));
    }
    // The client has no name that is useful to the server.
    send(protocol, stream, b"EHLO localhost\r\n")?;
    let offer = Reply::read(stream)?;
    if !offer.is(b"250") {
        return Err(refused(&offer));
    }
    if !offer.lines().any(|line| line.eq_ignore_ascii_case(b"STARTTLS")) {
        return Err(ProbeError::NotOffered { protocol });
    }
    send(protocol, stream, b"STARTTLS\r\n")?;
    let go_ahead = Reply::read(stream)?;
    if go_ahead.is(b"220") { Ok(()) } else { Err(refused(&go_ahead)) }
}

/// A reply of an SMTP server, all of its lines (RFC 5321 section 4.2).
struct Reply {
    text: Vec<u8>,
}

impl Reply {
    /// No data may follow it: the client must send next.
    fn read(stream: &mut impl Read) -> Result<Self, ProbeError> {
        let protocol = Protocol::Smtp;
        let mut text = Vec::new();
        loop {
            let is_open = read_some(protocol, stream, &mut text)?;
            match end_of_reply(&text) {
                Ok(Some(end)) if end == text.len() => return Ok(Self { text }),
                Ok(Some(end)) => {
                    let said = ServerReply::new(text.get(end..).unwrap_or_default());
                    return Err(ProbeError::Injected { said });
                }
                Ok(None) if is_open => {}
                Ok(None) if text.is_empty() => return Err(closed(protocol)),
                Ok(None) | Err(NoReply) => {
                    return Err(ProbeError::OtherProtocol {
                        protocol,
                        said: ServerReply::new(&text),
                    });
                }
            }
        }
    }

    fn is(&self, code: &[u8]) -> bool {
        self.text.starts_with(code)
    }

    /// The text of each line after its code.
    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.text.split(|octet| *octet == b'\n');
        lines.map(|line| line.get(4..).unwrap_or_default().trim_ascii())
    }
}

/// The text is not the beginning of an SMTP reply.
struct NoReply;

/// The end of the reply, if it is complete: after the first line without a hyphen after its code.
fn end_of_reply(text: &[u8]) -> Result<Option<usize>, NoReply> {
    let mut end = 0;
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let Some(words) = line.strip_suffix(b"\n") else { return Ok(None) };
        end += line.len();
        let [a, b, c, rest @ ..] = words.trim_ascii_end() else { return Err(NoReply) };
        match rest.first() {
            _ if ![a, b, c].iter().all(|octet| octet.is_ascii_digit()) => return Err(NoReply),
            Some(b'-') => {}
            None | Some(b' ') => return Ok(Some(end)),
            Some(_) => return Err(NoReply),
        }
    }
    Ok(None)
}

fn send(protocol: Protocol, stream: &mut impl Write, words: &[u8]) -> Result<(), ProbeError> {
    let sent = stream.write_all(words).and_then(|()| stream.flush());
    sent.map_err(|error| ProbeError::io(Step::Starttls(protocol), error))
}

/// Adds the received octets to the answer; false at the end of the stream.
fn read_some(
    protocol: Protocol,
    stream: &mut impl Read,
    answer: &mut Vec<u8>,
) -> Result<bool, ProbeError> {
    let mut buffer = [0; 1024];
    let count = loop {
        match stream.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => {
                break other.map_err(|error| ProbeError::io(Step::Starttls(protocol), error))?;
            }
        }
    };
    answer.extend_from_slice(buffer.get(..count).unwrap_or_default());
    if answer.len() > MOST {
        return Err(ProbeError::TooLong { limit: MOST });
    }
    Ok(count > 0)
}

fn closed(protocol: Protocol) -> ProbeError {
    ProbeError::io(Step::Starttls(protocol), io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A server that sends one part at a time, whatever it receives.
    struct Script {
        says: VecDeque<Vec<u8>>,
        heard: Vec<u8>,
    }

    impl Script {
        fn new(says: &[&[u8]]) -> Self {
            Self { says: says.iter().map(|part| part.to_vec()).collect(), heard: Vec::new() }
        }
    }

    impl Read for Script {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(mut part) = self.says.pop_front() else { return Ok(0) };
            let rest = part.split_off(part.len().min(buffer.len()));
            if !rest.is_empty() {
                self.says.push_front(rest);
            }
            buffer[..part.len()].copy_from_slice(&part);
            Ok(part.len())
        }
    }

    impl Write for Script {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
            self.heard.extend_from_slice(buffer);
            Ok(buffer.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The result as text, and the octets that the server received.
    fn ask_script(protocol: Protocol, says: &[&[u8]]) -> (String, Vec<u8>) {
        let mut script = Script::new(says);
        let outcome = ask(protocol, &mut script);
        (outcome.map_or_else(|error| error.to_string(), |()| "go".into()), script.heard)
    }

    const GREETING: &[u8] = b"220 mail.example ESMTP\r\n";
    const OFFER: &[u8] = b"250-mail.example\r\n250-SIZE 1000\r\n250-starttls\r\n250 HELP\r\n";

    #[test]
    fn postgres_answers_in_one_octet() {
        let error = b"E\0\0\0\x1dSFATAL\0C53300\0Mtoo many\x1b\0\0";
        let cases: [(&[&[u8]], &str); 13] = [
            (&[b"S"], "go"),
            (&[b"N"], "the server does not offer TLS over PostgreSQL"),
            (
                &[b"S\x16\x03\x01"],
                "the server sent extra plaintext data before TLS: `\\u{16}\\u{3}\\u{1}`",
            ),
            (&[error], "the server refused to start TLS: it said `too many\\u{1b}`"),
            (
                &[b"E", b"\0\0\0", b"\x0fMtoo", b" many\0\0"],
                "the server refused to start TLS: it said `too many`",
            ),
            (&[b"E\0\0"], "the server refused to start TLS: it said `\\u{0}\\u{0}`"),
            (
                &[b"E\xff\xff\xff\xffx"],
                "the server refused to start TLS: it said `\\xff\\xff\\xff\\xffx`",
            ),
            (&[b"E"], "the server refused to start TLS: it said an empty line"),
            (
                &[b"EFATAL:  unsupported\n\0"],
                "the server refused to start TLS: it said `FATAL:  unsupported`",
            ),
            (
                &[b"SSH-2.0-OpenSSH_9.2\r\n"],
                "the server does not speak PostgreSQL: it said `SSH-2.0-OpenSSH_9.2`",
            ),
            (&[GREETING], "the server does not speak PostgreSQL: it said `220 mail.example ESMTP`"),
            (
                &[b"\x15\x03\x01\0\x02\x02\x0a"],
                "the server does not speak PostgreSQL: it said a TLS alert",
            ),
            (&[], "the server closed the connection after the request for TLS over PostgreSQL"),
        ];

        for (says, expected) in cases {
            let (outcome, heard) = ask_script(Protocol::Postgres, says);
            assert_eq!(outcome, expected, "{says:?}");
            assert_eq!(heard, [0, 0, 0, 8, 4, 210, 22, 47], "{says:?}");
        }
    }

    #[test]
    fn smtp_gets_starttls_only_if_it_offers_it() {
        let long = vec![b'x'; MOST + 1];
        let endless = b"220-more\r\n".repeat(1000);
        let ready: &[u8] = b"220 ready\r\n";
        let cases: [(&[&[u8]], &str); 16] = [
            (&[GREETING, OFFER, ready], "go"),
            (&[b"220-one\r\n220-two\r", b"\n220 three\n", OFFER, b"22", b"0\r\n"], "go"),
            (
                &[GREETING, b"250-mail.example\r\n250 XSTARTTLS\r\n"],
                "the server does not offer TLS over SMTP",
            ),
            (&[GREETING, b"250 STARTTLS\r\n", ready], "go"),
            (&[GREETING, b"502 what?\r\n"], "the server refused to start TLS: it said `502 what?`"),
            (&[b"554 go away\r\n"], "the server refused to start TLS: it said `554 go away`"),
            (
                &[GREETING, OFFER, b"454 later\r\n"],
                "the server refused to start TLS: it said `454 later`",
            ),
            (
                &[GREETING, OFFER, b"220 ready\r\n250 injected\r\n"],
                "the server sent extra plaintext data before TLS: `250 injected`",
            ),
            (
                &[GREETING, &[OFFER, b"220 ready\r\n"].concat()],
                "the server sent extra plaintext data before TLS: `220 ready`",
            ),
            (
                &[b"HTTP/1.1 400 Bad Request\r\n"],
                "the server does not speak SMTP: it said `HTTP/1.1 400 Bad Request`",
            ),
            (
                &[b"\x15\x03\x01\0\x02\x02\x46"],
                "the server does not speak SMTP: it said a TLS alert",
            ),
            (&[b"2200 mail\r\n"], "the server does not speak SMTP: it said `2200 mail`"),
            (&[b"22\r\n"], "the server does not speak SMTP: it said `22`"),
            (&[&long], "the server's answer before TLS is longer than 8192 bytes"),
            (&[&endless], "the server's answer before TLS is longer than 8192 bytes"),
            (&[], "the server closed the connection after the request for TLS over SMTP"),
        ];

        for (says, expected) in cases {
            let (outcome, heard) = ask_script(Protocol::Smtp, says);
            assert_eq!(outcome, expected, "{says:?}");
            let whole: &[u8] = b"EHLO localhost\r\nSTARTTLS\r\n";
            assert!(whole.starts_with(&heard), "{says:?}: {heard:?}");
            assert!(outcome != "go" || heard == whole, "{says:?}");
        }
    }

    /// What a server of MySQL 8 sends first; with TLS the capabilities are `\xff\xff`.
    fn greeting(capabilities: [u8; 2]) -> Vec<u8> {
        let end = b"\x2d\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0saltsaltsalt\0plugin\0";
        let content = [b"\x0a8.0.36\0\x01\0\0\0saltsalt\0", &capabilities[..], end].concat();
        packet(&content)
    }

    fn packet(content: &[u8]) -> Vec<u8> {
        [&[u8::try_from(content.len()).unwrap(), 0, 0, 0], content].concat()
    }

    #[test]
    fn mysql_says_in_its_greeting_whether_it_offers_tls() {
        let (offer, none) = (greeting([0xff, 0xff]), greeting([0xff, 0xf7]));
        let (start, end) = offer.split_at(30);
        let injected = [&offer[..], b"\x01\0\0\x01x"].concat();
        let refusal = packet(b"\xff\x6a\x04Host '\x1b[31m' is not allowed");
        let with_state = packet(b"\xff\x10\x04#08004Too many connections");
        let short = packet(b"\x0a8.0.36\0\x01\0\0\0");
        let long = [&[0xff, 0xff, 0, 0, 10], &[b'x'; MOST][..]].concat();
        let cases: [(&[&[u8]], &str); 15] = [
            (&[&offer], "go"),
            (&[start, end], "go"),
            (&[&packet(b"\x0a5\0\0\0\0\0saltsalt\0\0\x08")], "go"),
            (&[&none], "the server does not offer TLS over MySQL"),
            (
                &[&injected],
                "the server sent extra plaintext data before TLS: `\\u{1}\\u{0}\\u{0}\\u{1}x`",
            ),
            (
                &[&refusal],
                "the server refused to start TLS: it said `Host '\\u{1b}[31m' is not allowed`",
            ),
            (&[&with_state], "the server refused to start TLS: it said `Too many connections`"),
            (&[&packet(b"\xff")], "the server refused to start TLS: it said an empty line"),
            (
                &[&short],
                "the server does not speak MySQL: it said \
                `8.0.36\\u{0}\\u{1}\\u{0}\\u{0}\\u{0}`",
            ),
            (&[start], "the server closed the connection after the request for TLS over MySQL"),
            (&[&long], "the server's answer before TLS is longer than 8192 bytes"),
            (&[GREETING], "the server does not speak MySQL: it said `220 mail.example ESMTP`"),
            // The X Protocol of MySQL.
            (
                &[b"\x05\0\0\0\x0b\x08\x05\x1a\0"],
                "the server does not speak MySQL: it said \
                `\\u{5}\\u{0}\\u{0}\\u{0}\\u{b}\\u{8}\\u{5}\\u{1a}\\u{0}`",
            ),
            (
                &[b"\x15\x03\x01\0\x02\x02\x0a"],
                "the server does not speak MySQL: it said a TLS alert",
            ),
            (&[], "the server closed the connection after the request for TLS over MySQL"),
        ];

        for (says, expected) in cases {
            let (outcome, heard) = ask_script(Protocol::Mysql, says);
            assert_eq!(outcome, expected, "{says:?}");
            let sent: &[u8] = if outcome == "go" { &MYSQL_SSL_REQUEST } else { b"" };
            assert_eq!(heard, sent, "{says:?}");
        }
        let zeros = [0; 23];
        let request = [b"\x20\0\0\x01\x01\x8a\0\0\0\0\0\x01\x2d", &zeros[..]].concat();
        assert_eq!(MYSQL_SSL_REQUEST[..], request);
    }

    #[test]
    fn every_split_of_a_conversation_has_the_same_result() {
        for (protocol, parts) in [
            (Protocol::Mysql, &[&greeting([0xff, 0xff])[..]] as &[&[u8]]),
            (Protocol::Smtp, &[GREETING, OFFER, b"220 ready\r\n"]),
            (Protocol::Postgres, &[b"S".as_slice()]),
        ] {
            let octets: Vec<&[u8]> = parts.iter().flat_map(|part| part.chunks(1)).collect();
            assert_eq!(ask_script(protocol, &octets).0, "go", "{protocol:?}");
            for length in 0..octets.len() {
                let outcome = ask_script(protocol, &octets[..length]).0;
                assert_ne!(outcome, "go", "{protocol:?} after {length} octets");
            }
        }
    }
}
