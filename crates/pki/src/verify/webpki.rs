//! A second verifier: rustls-webpki validates independently of [`super::path`].

use std::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use time::OffsetDateTime;
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, KeyUsage,
    anchor_from_trusted_cert,
};

use crate::x509::{
    certificate::Certificate,
    escape::escape_line,
    san::{DnsName, GeneralName, San},
    usage::Usage,
};

/// The error of rustls-webpki.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebpkiError {
    /// The CA certificate cannot be a trust anchor.
    #[error("the CA certificate cannot be a trust anchor: {0}")]
    Anchor(webpki::Error),
    /// The path is not valid for a usage.
    #[error("as a certificate for a {usage}: {error}")]
    Usage {
        /// The usage, such as `server`.
        usage: &'static str,
        /// The error.
        error: webpki::Error,
    },
    /// The leaf is not valid for one of its own names.
    #[error("for the name `{name}`: {error}")]
    Name {
        /// The name.
        name: String,
        /// The error.
        error: webpki::Error,
    },
}

/// Validates a leaf with one trust anchor, for each usage that its `extendedKeyUsage` allows and
/// for each of its DNS names and IP addresses. `chain` has the intermediates, DER each.
///
/// Other names are skipped, as rustls-webpki does not match them. A wildcard is tried with one
/// label in its place.
///
/// # Errors
///
/// The first error of rustls-webpki.
pub fn validate(
    leaf: &Certificate,
    chain: &[Vec<u8>],
    anchor: &Certificate,
    at: OffsetDateTime,
) -> Result<(), WebpkiError> {
    let anchor = CertificateDer::from(anchor.der());
    let anchors = [anchor_from_trusted_cert(&anchor).map_err(WebpkiError::Anchor)?];
    let chain: Vec<CertificateDer<'_>> = chain.iter().map(|der| der.as_slice().into()).collect();
    let der = CertificateDer::from(leaf.der());
    let failed = |usage| move |error| WebpkiError::Usage { usage, error };
    let end_entity = EndEntityCert::try_from(&der).map_err(failed("client or server"))?;
    for purpose in Purpose::all_of(leaf.usage()) {
        verify(&end_entity, &anchors, &chain, at, *purpose).map_err(failed(purpose.as_str()))?;
    }
    for name in leaf.names() {
        let GeneralName::San { san: name @ (San::Dns(_) | San::Ip(_)), .. } = name else {
            continue;
        };
        let name = name.value().replace('*', "any");
        let Ok(server_name) = ServerName::try_from(name.as_str()) else { continue };
        end_entity
            .verify_is_valid_for_subject_name(&server_name)
            .map_err(|error| WebpkiError::Name { name: name.clone(), error })?;
    }
    Ok(())
}

/// Validates a leaf with any of these trust anchors, for this usage and these DNS names or IP
/// addresses.
///
/// rustls-webpki uses only name, key and name constraints of an anchor, and no keyUsage.
///
/// # Errors
///
/// The name of the error of rustls-webpki.
pub fn second_opinion(
    leaf: &Certificate,
    untrusted: &[Certificate],
    anchors: &[Certificate],
    at: OffsetDateTime,
    usage: Option<Usage>,
    hosts: &[String],
) -> Result<(), String> {
    // The name of the error without its fields, which are for programmers.
    let said = |error: webpki::Error| {
        let text = error.to_string();
        text.split(['(', '{', ' ']).next().unwrap_or_default().to_owned()
    };
    let anchors: Vec<_> = anchors.iter().map(|anchor| CertificateDer::from(anchor.der())).collect();
    // An anchor that webpki cannot read is one it cannot use.
    let anchors: Vec<_> = anchors.iter().flat_map(anchor_from_trusted_cert).collect();
    let untrusted: Vec<_> = untrusted.iter().map(|one| CertificateDer::from(one.der())).collect();
    let der = CertificateDer::from(leaf.der());
    let end_entity = EndEntityCert::try_from(&der).map_err(said)?;
    for purpose in Purpose::all_of(usage) {
        verify(&end_entity, &anchors, &untrusted, at, *purpose).map_err(said)?;
    }
    for host in hosts {
        // An internationalised name is matched as its A-label.
        let ascii = host.parse::<DnsName>().map(|name| name.as_str().to_owned());
        let ascii = ascii.as_deref().unwrap_or(host);
        let name = ServerName::try_from(ascii)
            .map_err(|_| format!("`{}` is not a host name", escape_line(host)))?;
        end_entity.verify_is_valid_for_subject_name(&name).map_err(said)?;
    }
    Ok(())
}

/// What the path must allow.
#[derive(Clone, Copy)]
enum Purpose {
    Server,
    Client,
    /// Neither side of TLS (such as code signing): only the path is validated.
    Any,
}

impl Purpose {
    const fn all_of(usage: Option<Usage>) -> &'static [Self] {
        match usage {
            Some(Usage::Server) => &[Self::Server],
            Some(Usage::Client) => &[Self::Client],
            Some(Usage::Peer) => &[Self::Server, Self::Client],
            None => &[Self::Any],
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Any => "purpose of its own",
        }
    }
}

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, ids: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        match self {
            Self::Server => KeyUsage::server_auth().validate(ids),
            Self::Client => KeyUsage::client_auth().validate(ids),
            Self::Any => Ok(()),
        }
    }
}

fn verify(
    leaf: &EndEntityCert<'_>,
    anchors: &[TrustAnchor<'_>],
    chain: &[CertificateDer<'_>],
    at: OffsetDateTime,
    purpose: Purpose,
) -> Result<(), webpki::Error> {
    let at = u64::try_from(at.unix_timestamp()).unwrap_or_default();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at));
    leaf.verify_for_usage(ALL_VERIFICATION_ALGS, anchors, chain, at, purpose, None, None)
        .map(|_| ())
}
