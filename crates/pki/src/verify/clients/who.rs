//! Clients with the versions for which a claim holds, and where it comes from.

use super::client::{Client, Evidence, When};

macro_rules! who {
    ($($name:ident: $client:ident $when:expr, $evidence:ident;)+) => {
        /// A client with its versions, and the source of the claim: an octet each, as the table is long.
        #[expect(clippy::upper_case_acronyms, non_camel_case_types, reason = "short in the table")]
        #[derive(Clone, Copy)]
        pub(super) enum Who { $($name,)+ }

        impl Who {
            pub(super) const fn parts(self) -> (Client, When, Evidence) {
                match self { $(Self::$name => (Client::$client, $when, Evidence::$evidence),)+ }
            }
        }
    };
}

who! {
    OPENSSL: OpenSsl When::Always, Test;
    OPENSSL_OLD: OpenSsl When::Before("3.5"), Test;
    OPENSSL_3_5: OpenSsl When::From("3.5"), Test;
    STRICT: OpenSsl When::Strict, Test;
    GNUTLS: GnuTls When::Always, Test;
    NSS: Nss When::Always, Test;
    GO: Go When::Always, Test;
    GO_1_19: Go When::Only("1.19"), Test;
    GO_1_23: Go When::From("1.23"), Test;
    GO_OLD: Go When::Before("1.23"), Test;
    GO_1_27: Go When::From("1.27"), Test;
    JAVA: Java When::Always, Test;
    PYTHON: Python When::Always, Test;
    PYTHON_OLD: Python When::Before("3.13"), Test;
    PYTHON_3_13: Python When::From("3.13"), Test;
    PYCA: Pyca When::Always, Test;
    NODE: Node When::Always, Test;
    NODE_20: Node When::Only("20"), Test;
    NODE_24: Node When::From("24"), Test;
    CURL: Curl When::Always, Test;
    RUSTLS: Rustls When::Always, Test;
    RING: Rustls When::With("ring"), Test;
    AWS_LC: Rustls When::With("aws-lc-rs"), Test;
    BORINGSSL: BoringSsl When::Always, Documentation;
    APPLE: Apple When::Always, Documentation;
    GO_DOC: Go When::Always, Documentation;
    RUSTLS_DOC: Rustls When::Always, Documentation;
    OPENSSL_DOC: OpenSsl When::Always, Documentation;
}

/// Clients with the same verdict: the words with which they refuse, or none.
pub(super) struct Group {
    pub(super) refusal: Option<&'static str>,
    pub(super) who: &'static [Who],
}

/// Writes `groups`: what clients do with some defects, in groups of the same verdict. `refuse` has a part of
/// their messages, `accept` has none.
macro_rules! groups {
    ($($defect:ident { $($verb:ident $($words:literal)? [$($who:ident)+])* })+) => {
        pub(super) const fn groups(defect: super::defect::Defect) -> &'static [Group] {
            match defect {
                $(super::defect::Defect::$defect => &[
                    $(Group { refusal: groups!(@$verb $($words)?), who: &[$(Who::$who,)+] },)*
                ],)+
                _ => &[],
            }
        }
    };
    (@refuse $words:literal) => {
        Some($words)
    };
    (@accept) => {
        None
    };
}
