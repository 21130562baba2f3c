//! Object identifiers, dotted, and the names that the standards have for them and for bits.

/// Defines a constant for each extension, and the table of their names.
macro_rules! extensions {
    ($($(#[doc = $doc:literal])+ $constant:ident $oid:literal $name:literal,)+) => {
        $($(#[doc = $doc])+ pub const $constant: &str = $oid;)+

        const EXTENSIONS: &[(&str, &str)] = &[$(($oid, $name)),+];
    };
}

extensions! {
    /// `subjectDirectoryAttributes` (RFC 5280 section 4.2.1.8).
    SUBJECT_DIRECTORY_ATTRIBUTES "2.5.29.9" "subjectDirectoryAttributes",
    /// `subjectKeyIdentifier` (RFC 5280 section 4.2.1.2).
    SUBJECT_KEY_ID "2.5.29.14" "subjectKeyIdentifier",
    /// `keyUsage` (RFC 5280 section 4.2.1.3).
    KEY_USAGE "2.5.29.15" "keyUsage",
    /// `subjectAltName` (RFC 5280 section 4.2.1.6).
    SUBJECT_ALT_NAME "2.5.29.17" "subjectAltName",
    /// `issuerAltName` (RFC 5280 section 4.2.1.7).
    ISSUER_ALT_NAME "2.5.29.18" "issuerAltName",
    /// `basicConstraints` (RFC 5280 section 4.2.1.9).
    BASIC_CONSTRAINTS "2.5.29.19" "basicConstraints",
    /// `nameConstraints` (RFC 5280 section 4.2.1.10).
    NAME_CONSTRAINTS "2.5.29.30" "nameConstraints",
    /// `cRLDistributionPoints` (RFC 5280 section 4.2.1.13).
    CRL_DISTRIBUTION_POINTS "2.5.29.31" "cRLDistributionPoints",
    /// `certificatePolicies` (RFC 5280 section 4.2.1.4).
    CERTIFICATE_POLICIES "2.5.29.32" "certificatePolicies",
    /// `policyMappings` (RFC 5280 section 4.2.1.5).
    POLICY_MAPPINGS "2.5.29.33" "policyMappings",
    /// `authorityKeyIdentifier` (RFC 5280 section 4.2.1.1).
    AUTHORITY_KEY_ID "2.5.29.35" "authorityKeyIdentifier",
    /// `policyConstraints` (RFC 5280 section 4.2.1.11).
    POLICY_CONSTRAINTS "2.5.29.36" "policyConstraints",
    /// `freshestCRL` (RFC 5280 section 4.2.1.15).
    FRESHEST_CRL "2.5.29.46" "freshestCRL",
    /// `inhibitAnyPolicy` (RFC 5280 section 4.2.1.14).
    INHIBIT_ANY_POLICY "2.5.29.54" "inhibitAnyPolicy",
    /// `authorityInfoAccess` (RFC 5280 section 4.2.2.1).
    AUTHORITY_INFO_ACCESS "1.3.6.1.5.5.7.1.1" "authorityInfoAccess",
    /// `subjectInfoAccess` (RFC 5280 section 4.2.2.2).
    SUBJECT_INFO_ACCESS "1.3.6.1.5.5.7.1.11" "subjectInfoAccess",
    /// `extendedKeyUsage` (RFC 5280 section 4.2.1.12).
    EXTENDED_KEY_USAGE "2.5.29.37" "extendedKeyUsage",
    /// The list of signed certificate timestamps (RFC 6962 section 3.3); valid for one certificate
    /// only.
    CT_TIMESTAMPS "1.3.6.1.4.1.11129.2.4.2" "signedCertificateTimestamps",
    /// `privateKeyUsagePeriod` (RFC 3280 section 4.2.1.4).
    PRIVATE_KEY_USAGE_PERIOD "2.5.29.16" "privateKeyUsagePeriod",
    /// `tlsFeature` (RFC 7633).
    TLS_FEATURE "1.3.6.1.5.5.7.1.24" "tlsFeature",
}

/// `cRLNumber` (RFC 5280 section 5.2.3).
pub const CRL_NUMBER: &str = "2.5.29.20";
/// `reasonCode` of a CRL entry (RFC 5280 section 5.3.1).
pub const REASON_CODE: &str = "2.5.29.21";
/// `invalidityDate` of a CRL entry (RFC 5280 section 5.3.2).
pub const INVALIDITY_DATE: &str = "2.5.29.24";
/// `deltaCRLIndicator` (RFC 5280 section 5.2.4).
pub const DELTA_CRL: &str = "2.5.29.27";
/// `issuingDistributionPoint` (RFC 5280 section 5.2.5).
pub const ISSUING_DISTRIBUTION_POINT: &str = "2.5.29.28";
/// `certificateIssuer` of a CRL entry (RFC 5280 section 5.3.3).
pub const CERTIFICATE_ISSUER: &str = "2.5.29.29";
/// `id-pkix-ocsp-nocheck`: a responder certificate whose revocation is not checked (RFC 6960
/// section 4.2.2.2.1).
pub const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
/// `id-on-SmtpUTF8Mailbox`, an otherName: an email address with a local part beyond ASCII (RFC
/// 9598).
pub const SMTP_UTF8_MAILBOX: &str = "1.3.6.1.5.5.7.8.9";
/// The key purpose `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12).
pub const ANY_USAGE: &str = "2.5.29.37.0";
/// The key purpose `id-kp-serverAuth` (RFC 5280 section 4.2.1.12).
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// The key purpose `id-kp-clientAuth` (RFC 5280 section 4.2.1.12).
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

const PURPOSES: [(&str, &str); 10] = [
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("1.3.6.1.5.2.3.5", "pkInitKDC"),
    ("1.3.6.1.4.1.311.20.2.2", "smartcardLogon"),
    ("1.3.6.1.4.1.311.10.3.4", "encryptedFileSystem"),
];

/// The name of a key purpose, such as `serverAuth`; the dotted identifier itself if it is unknown.
#[must_use]
pub fn purpose(oid: &str) -> &str {
    named(&PURPOSES, oid)
}

/// Whether it is a key of ML-DSA (FIPS 204).
pub(crate) fn is_ml_dsa(oid: &str) -> bool {
    ["2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19"].contains(&oid)
}

/// The name of an extension, such as `keyUsage`; the dotted identifier itself if it is unknown.
#[must_use]
pub fn extension(oid: &str) -> &str {
    named(EXTENSIONS, oid)
}

fn named<'a>(table: &[(&str, &'static str)], oid: &'a str) -> &'a str {
    table.iter().find(|(known, _)| *known == oid).map_or(oid, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_keeps_its_number() {
        assert_eq!(purpose("1.3.6.1.5.5.7.3.1"), "serverAuth");
        assert_eq!(purpose("1.2.3"), "1.2.3");
        assert_eq!(extension("2.5.29.17"), "subjectAltName");
    }
}
