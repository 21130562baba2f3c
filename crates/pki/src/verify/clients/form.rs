//! What clients do with defects of the form of a certificate.

use super::who::{Group, Who};

groups! {
    UnknownVersion {
        refuse "invalid version" [GO]
        refuse "Extensions not allowed" [JAVA]
        refuse "not a valid X509 version" [PYCA]
        refuse "UnsupportedCertVersion" [RUSTLS]
        accept [OPENSSL GNUTLS NSS PYTHON NODE CURL]
    }
    OldVersionExtensions {
        refuse "Using cert extension requires at least X509v3" [STRICT PYTHON_3_13]
        refuse "" [GNUTLS]
        refuse "relies on legacy Common Name field" [GO]
        refuse "CertificateParsingException" [JAVA]
        refuse "" [PYCA]
        refuse "UnsupportedCertVersion" [RUSTLS]
        accept [OPENSSL NSS PYTHON_OLD NODE CURL]
    }
    AlgorithmsDiffer {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE CURL]
        refuse "signature algorithm mismatch" [PYTHON_3_13]
        refuse "" [GNUTLS]
        refuse "signature algorithm in the signature field" [NSS]
        refuse "inner and outer signature algorithm identifiers don't match" [GO]
        refuse "Signature algorithm mismatch" [JAVA]
        refuse "mismatch between signatureAlgorithm" [PYCA]
        refuse "SignatureAlgorithmMismatch" [RUSTLS]
    }
    DuplicateExtension {
        refuse "" [GNUTLS]
        refuse "duplicate extension" [GO PYCA]
        refuse "Duplicate" [JAVA]
        accept [OPENSSL NSS PYTHON NODE CURL RUSTLS]
    }
    CriticalExtension {
        refuse "unhandled critical extension" [OPENSSL GO PYTHON NODE CURL]
        refuse "unknown critical extension" [GNUTLS NSS]
        refuse "unrecognized critical extension" [JAVA]
        refuse "critical ext" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
    }
    AnchorCriticalExtension {
        refuse "unhandled critical extension" [OPENSSL GO PYTHON NODE CURL]
        refuse "unknown critical extension" [GNUTLS]
        refuse "critical ext" [PYCA]
        accept [NSS JAVA RUSTLS]
    }
    CriticalPolicies {
        refuse "unknown critical extension" [NSS]
        refuse "critical ext" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL]
    }
    CriticalCrlPoints {
        refuse "unknown critical extension" [NSS]
        refuse "unrecognized critical extension" [JAVA]
        refuse "critical ext" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL RUSTLS]
    }
    CriticalIssuerAltName {
        refuse "unhandled critical extension" [OPENSSL GO PYTHON NODE CURL]
        refuse "critical ext" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS]
    }
    PolicyConstraints {
        refuse "unknown critical extension" [GNUTLS]
        refuse "unhandled critical extension" [GO_1_19]
        refuse "ext" [PYCA]
        accept [OPENSSL JAVA PYTHON NODE CURL GO_1_27]
    }
    InhibitAnyPolicy {
        refuse "unhandled critical extension" [GO_1_19]
        refuse "ext" [PYCA]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL GO_1_27]
    }
    PolicyMappings {
        refuse "unknown critical extension" [GNUTLS]
        refuse "unhandled critical extension" [GO_1_19]
        refuse "ext" [PYCA]
        accept [OPENSSL JAVA PYTHON NODE CURL GO_1_27]
    }
    DirectoryConstraint {
        refuse "unhandled critical extension" [GO]
        refuse "unsupported directoryName constraint" [PYCA]
        accept [OPENSSL GNUTLS PYTHON NODE CURL]
    }
    ForeignConstraint {
        refuse "unhandled critical extension" [GO]
        refuse "violates the signer's constraints" [GNUTLS]
    }
    DotConstraint {
        refuse "malformed DNS name constraint" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL]
    }
    TlsFeature {
        refuse "violates the signer's constraints" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    AlgorithmParameters {
        refuse "Forbidden signature algorithm" [PYCA]
    }
    PrintableStar {
        refuse "" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    OldNames {
        refuse "" [GNUTLS]
        accept [OPENSSL NSS GO PYTHON NODE CURL RUSTLS]
    }
    PathLengthUsage {
        refuse "Path length given without key usage" [STRICT PYTHON_3_13]
    }
    CriticalAuthorityKeyId {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "incorrect criticality" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19]
    }
    CriticalSubjectKeyId {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19 PYCA]
    }
    CriticalInfoAccess {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "incorrect criticality" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19]
    }
    ConstraintsNotCritical {
        refuse "Basic Constraints of CA cert not marked critical" [STRICT PYTHON_3_13]
        refuse "criticality" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    SanNotCritical {
        refuse "Subject empty and Subject Alt Name extension not critical" [STRICT PYTHON_3_13]
        refuse "CertificateParsingException" [JAVA]
        refuse "MUST be critical when subject is empty" [PYCA]
        accept [OPENSSL GNUTLS NSS GO PYTHON_OLD NODE CURL RUSTLS]
    }
    SanCritical {
        refuse "MUST NOT be critical when subject is nonempty" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    UsageCritical {
        refuse "incorrect criticality" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    EmptySan {
        refuse "Empty Subject Alternative Name extension" [STRICT PYTHON_3_13]
        refuse "not valid for any names" [GO]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE_24]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON_OLD NODE_20 CURL]
    }
    EmptyAttribute {
        refuse "" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    NoKeyIdentifier {
        refuse "Missing Authority Key Identifier" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    NoKeyIdentifierCa {
        refuse "Missing Authority Key Identifier" [STRICT PYTHON_3_13]
        refuse "must contain keyIdentifier" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    NoKeyIdentifierRoot {
        refuse "must contain keyIdentifier" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    CaKeyIdMissing {
        refuse "Missing Subject Key Identifier" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    NoDigitalSignature {
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [OPENSSL GO PYTHON PYCA NODE CURL RUSTLS]
    }
    LeafSigns {
        refuse "Key usage keyCertSign invalid for non-CA cert" [STRICT PYTHON_3_13]
        refuse "must not assert keyCertSign" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    LeafPathLength {
        refuse "Path length invalid for non-CA cert" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    LeafConstraints {
        refuse "prohibited extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    DefaultWritten {
        refuse "" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    SetOrder {
        refuse "InvalidSetOrdering" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    EarlyGeneralizedTime {
        refuse "must be UtcTime" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
}
