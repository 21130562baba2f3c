//! Clients with the versions for which a claim holds, and where it comes from.

use super::client::{Client, Evidence, When};

/// A client with its versions, and the source of the claim.
pub(super) type Who = (Client, When, Evidence);

const fn all(client: Client) -> Who {
    (client, When::Always, Evidence::Test)
}

const fn some(client: Client, when: When) -> Who {
    (client, when, Evidence::Test)
}

const fn documented(client: Client) -> Who {
    (client, When::Always, Evidence::Documentation)
}

pub(super) const OPENSSL: Who = all(Client::OpenSsl);
pub(super) const OPENSSL_OLD: Who = some(Client::OpenSsl, When::Before("3.5"));
pub(super) const OPENSSL_3_5: Who = some(Client::OpenSsl, When::From("3.5"));
pub(super) const STRICT: Who = some(Client::OpenSsl, When::Strict);
pub(super) const GNUTLS: Who = all(Client::GnuTls);
pub(super) const NSS: Who = all(Client::Nss);
pub(super) const GO: Who = all(Client::Go);
pub(super) const GO_1_19: Who = some(Client::Go, When::Only("1.19"));
pub(super) const GO_1_23: Who = some(Client::Go, When::From("1.23"));
pub(super) const GO_OLD: Who = some(Client::Go, When::Before("1.23"));
pub(super) const GO_1_27: Who = some(Client::Go, When::From("1.27"));
pub(super) const JAVA: Who = all(Client::Java);
pub(super) const PYTHON: Who = all(Client::Python);
pub(super) const PYTHON_OLD: Who = some(Client::Python, When::Before("3.13"));
pub(super) const PYTHON_3_13: Who = some(Client::Python, When::From("3.13"));
pub(super) const PYCA: Who = all(Client::Pyca);
pub(super) const NODE: Who = all(Client::Node);
pub(super) const NODE_20: Who = some(Client::Node, When::Only("20"));
pub(super) const NODE_24: Who = some(Client::Node, When::From("24"));
pub(super) const CURL: Who = all(Client::Curl);
pub(super) const RUSTLS: Who = all(Client::Rustls);
pub(super) const RING: Who = some(Client::Rustls, When::With("ring"));
pub(super) const AWS_LC: Who = some(Client::Rustls, When::With("aws-lc-rs"));
pub(super) const BORINGSSL: Who = documented(Client::BoringSsl);
pub(super) const APPLE: Who = documented(Client::Apple);
pub(super) const GO_DOC: Who = documented(Client::Go);
pub(super) const RUSTLS_DOC: Who = documented(Client::Rustls);
pub(super) const OPENSSL_DOC: Who = documented(Client::OpenSsl);

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
                    $(Group { refusal: groups!(@$verb $($words)?), who: &[$($who,)+] },)*
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
