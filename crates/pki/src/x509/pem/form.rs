//! Departures from the PEM layout that all programs read (RFC 7468 section 3).

macro_rules! pem_faults {
    ($($(#[doc = $doc:literal])+ $fault:ident $text:literal $by_openssl:literal $clients:literal,)+) => {
        /// A departure from the PEM layout that all programs read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
        pub enum PemFault { $($(#[doc = $doc])+ #[error($text)] $fault,)+ }

        impl PemFault {
            /// Whether OpenSSL 3.0 reads the block all the same (measured), and so Python's ssl, Node, curl
            /// and nginx.
            #[must_use]
            pub const fn is_read_by_openssl(self) -> bool {
                match self { $(Self::$fault => $by_openssl,)+ }
            }

            /// Which clients read the block: measured with OpenSSL 3.0, Python 3.11 (ssl), Node 20, nginx
            /// 1.22, Go 1.19, Java 17, GnuTLS 3.7 and rustls-pki-types 1.15; BoringSSL by public reports.
            pub(crate) const fn clients(self) -> &'static str {
                match self { $(Self::$fault => $clients,)+ }
            }
        }
    };
}

// Each with its text, whether OpenSSL reads it, and what clients do.
pem_faults! {
    /// A byte order mark before the BEGIN line.
    ByteOrderMark "a byte order mark before its BEGIN line" true
        "Go, BoringSSL, Java and rustls find no certificate; OpenSSL, Python, Node and GnuTLS \
        read it",
    /// Text before BEGIN on the same line.
    TextBeforeBegin "text before BEGIN on the same line" false
        "OpenSSL, Python, Node, nginx, Go, Java and rustls find no certificate; GnuTLS reads it",
    /// White space before the BEGIN line.
    IndentedBegin "an indented BEGIN line" false
        "OpenSSL, Python, Node, nginx, Go, Java and rustls find no certificate; GnuTLS reads it",
    /// White space after the BEGIN line.
    BlankBehindBegin "white space behind its BEGIN line" true
        "rustls finds no certificate; OpenSSL, Python, Node, Go, Java and GnuTLS read it",
    /// White space before the END line.
    IndentedEnd "an indented END line" false
        "OpenSSL, Python, Node, nginx, Go and rustls cannot read it; GnuTLS and Java do",
    /// An empty line in the base64.
    BlankLine "a blank line in its base64" false
        "OpenSSL, Python, Node and nginx cannot read it; Go, Java, GnuTLS and rustls do",
    /// Header lines before the base64 (RFC 1421).
    Header "header lines before its base64" false
        "OpenSSL, Python, Node, nginx, GnuTLS, Java and rustls cannot read it; Go does",
    /// Lines that end in a carriage return alone.
    CarriageReturn "line ends that are a carriage return alone" false
        "OpenSSL, Python, Node, nginx and Go find no certificate; GnuTLS, Java and rustls read it",
    /// Lines that end in two carriage returns.
    TwoCarriageReturns "lines that end in two carriage returns" true
        "Go finds no certificate; OpenSSL, Python, Node, GnuTLS, Java and rustls read it",
    /// A form feed in the lines.
    FormFeed "a form feed in its lines" true
        "Go, Java and rustls find no certificate; OpenSSL, Python, Node and GnuTLS read it",
    /// The newline between the END line of the block before and the BEGIN line is missing.
    Joined "the END line of the block before it and its BEGIN line on one line: the newline \
           between them is missing" false
        "OpenSSL, Python, Node, nginx, Go, Java and rustls cannot read it; GnuTLS does",
    /// The label `X509 CERTIFICATE`.
    X509Label "the label X509 CERTIFICATE" true
        "Go and rustls find no certificate; OpenSSL, Python, Node, GnuTLS and Java read it",
    /// The label `TRUSTED CERTIFICATE` of OpenSSL.
    TrustedLabel "the label TRUSTED CERTIFICATE" true
        "Go, GnuTLS, Java and rustls find no certificate; OpenSSL, Python and Node read it",
    /// A certificate that is a value in another text.
    Embedded "its certificate as a value in another text" false
        "OpenSSL, Python, Node, nginx, Go, Java and rustls find no certificate",
    /// Base64 without BEGIN and END lines.
    NoBeginLine "base64 alone, without BEGIN and END lines" false
        "OpenSSL, Python, Node, nginx, Go, Java, GnuTLS and rustls find no certificate",
}

impl PemFault {
    /// The commands that write a file (quoted for the shell) in the form that all programs read.
    #[must_use]
    pub fn rewritten(self, file: &str) -> String {
        let read = match self {
            Self::Joined => {
                format!(r#"awk '{{gsub(/----------BEGIN/, "-----\n-----BEGIN"); print}}' {file}"#)
            }
            Self::X509Label => format!("sed 's/X509 CERTIFICATE/CERTIFICATE/' {file}"),
            Self::TrustedLabel => format!("openssl x509 -in {file}"),
            Self::NoBeginLine => format!("base64 -d {file} | openssl x509 -inform DER"),
            _ => format!(
                r"tr '\r' '\n' < {file} | sed 's/^.*-----BEGIN/-----BEGIN/; s/\(-----END .*-----\).*/\1/; s/^[[:space:]]*//; s/[[:space:]]*$//; /: /d; /^$/d'"
            ),
        };
        format!("`{read} > {file}.new`, then `mv {file}.new {file}`")
    }
}

/// The faults of the lines from BEGIN to END, each once, in the order of [`PemFault`].
///
/// `text` begins with the BEGIN line and ends with the END line.
pub(super) fn faults(text: &[u8]) -> Vec<PemFault> {
    let lines = || text.split(|octet| *octet == b'\n').map(strip_return);
    let mut faults = Vec::new();
    if lines().any(|line| line.trim_ascii_end().contains(&b'\r')) {
        // Other programs split such a text into other lines.
        return vec![PemFault::CarriageReturn];
    }
    if lines().any(|line| line.ends_with(b"\r")) {
        faults.push(PemFault::TwoCarriageReturns);
    }
    if text.contains(&b'\x0C') {
        faults.push(PemFault::FormFeed);
    }
    let lines: Vec<&[u8]> = lines().collect();
    let [first, body @ .., last] = lines.as_slice() else { return faults };
    // A program that does not find the BEGIN line does not look for the END line.
    let places = [(first, PemFault::IndentedBegin), (last, PemFault::IndentedEnd)];
    let is_indented = |line: &[u8]| line.first().is_some_and(u8::is_ascii_whitespace);
    faults.extend(places.iter().find(|(line, _)| is_indented(line)).map(|(_, fault)| *fault));
    if first.ends_with(b" ") || first.ends_with(b"\t") {
        faults.push(PemFault::BlankBehindBegin);
    }
    body_faults(body, &mut faults);
    faults.sort_unstable();
    faults
}

/// One blank line may follow the BEGIN line: it is the end of the headers.
fn body_faults(body: &[&[u8]], faults: &mut Vec<PemFault>) {
    let is_blank = |line: &&[u8]| line.trim_ascii().is_empty();
    let has_header = body.iter().any(|line| line.contains(&b':'));
    if has_header {
        faults.push(PemFault::Header);
    }
    let rest = match body.iter().position(is_blank) {
        Some(end) if has_header => &body[end + 1..],
        Some(0) => &body[1..],
        _ => body,
    };
    if rest.iter().any(is_blank) {
        faults.push(PemFault::BlankLine);
    }
}

fn strip_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PemFault::*;

    #[test]
    fn each_departure_has_a_name() {
        let cases: [(&str, &[PemFault]); 20] = [
            ("-----BEGIN A-----\nYQ==\n-----END A-----", &[]),
            ("-----BEGIN A-----\r\n YQ==\t\r\n-----END A----- \r", &[]),
            ("-----BEGIN A----- \t\r\nYQ==\r\n-----END A-----", &[BlankBehindBegin]),
            ("-----BEGIN A-----\n\nYQ==\n-----END A-----", &[]),
            ("-----BEGIN A-----\n \nYQ==\n-----END A-----", &[]),
            ("-----BEGIN A-----\n\n\nYQ==\n-----END A-----", &[BlankLine]),
            ("-----BEGIN A-----\nYQ==\n\n-----END A-----", &[BlankLine]),
            ("-----BEGIN A-----\nYQ==\n \t\n-----END A-----", &[BlankLine]),
            ("-----BEGIN A-----\n\nYQ==\n\n-----END A-----", &[BlankLine]),
            ("-----BEGIN A-----\nYWJj\n\nYQ==\n-----END A-----", &[BlankLine]),
            ("  -----BEGIN A-----\nYQ==\n-----END A-----", &[IndentedBegin]),
            ("\t-----BEGIN A-----\nYQ==\n\t-----END A-----", &[IndentedBegin]),
            ("-----BEGIN A-----\nYQ==\n -----END A-----", &[IndentedEnd]),
            ("-----BEGIN A-----\nX: y\n\nYQ==\n-----END A-----", &[Header]),
            ("-----BEGIN A-----\nX: y\n\nYQ==\n\n-----END A-----", &[BlankLine, Header]),
            ("-----BEGIN A-----\rYQ==\r-----END A-----", &[CarriageReturn]),
            ("-----BEGIN A-----\nYWJj\rYQ==\n-----END A-----", &[CarriageReturn]),
            ("-----BEGIN A-----\r\r\nYQ==\r\r\n-----END A-----", &[TwoCarriageReturns]),
            ("-----BEGIN A-----\nYQ==\x0C\n-----END A-----", &[FormFeed]),
            ("-----BEGIN A-----\nX: y\nYQ==\n-----END A-----", &[Header]),
        ];
        for (text, expected) in cases {
            assert_eq!(faults(text.as_bytes()), expected, "{text:?}");
        }
    }
}
