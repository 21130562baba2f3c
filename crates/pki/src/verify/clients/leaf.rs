//! What clients do with defects of the usage and the names of the leaf.

use super::who::{Group, Who};

groups! {
    ServerUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "not approved for application" [NSS]
        refuse "incompatible key usage" [GO]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
    }
    ClientUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "not approved for application" [NSS]
        refuse "incompatible key usage" [GO]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
    }
    EmptyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "not approved for application" [NSS]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "invalid container size" [PYCA]
        refuse "EmptyEkuExtension" [RUSTLS]
        accept [GNUTLS GO]
    }
    AnyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "not approved for application" [NSS]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [GNUTLS GO JAVA]
    }
    AnyUsageClient {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "not approved for application" [NSS]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [GNUTLS GO JAVA]
    }
    IssuerUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "incompatible key usage" [GO]
        refuse "Neither EKU nor anyEKU" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [NSS JAVA]
    }
    AnyUsageIssuer {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [GO PYCA]
    }
    NetscapeType {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        accept [GNUTLS GO PYCA RUSTLS]
    }
    AnchorUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "incompatible key usage" [GO]
        refuse "Neither EKU nor anyEKU" [PYCA]
        accept [GNUTLS NSS JAVA RUSTLS]
    }
    ServerKeyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "key usage inadequate" [NSS]
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    ClientKeyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "key usage inadequate" [NSS]
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    IssuerKeyUsage {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "key usage does not include certificate signing" [NODE]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "key usage inadequate" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "keyCertSign must be asserted" [PYCA]
        accept [RUSTLS]
    }
    AnchorKeyUsage {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "key usage does not include certificate signing" [NODE]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "keyCertSign must be asserted" [PYCA]
        accept [NSS RUSTLS]
    }
    Host {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "No subject alternative DNS name" [JAVA]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
    }
    HostAddress {
        refuse "IP address mismatch" [OPENSSL PYTHON]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "cannot validate certificate for" [GO]
        refuse "No subject alternative names match" [JAVA]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
    }
    HostCommonName {
        refuse "x509: certificate" [GO]
        refuse "subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    HostAddressCommonName {
        refuse "IP address mismatch" [OPENSSL PYTHON]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "legacy Common Name field" [GO]
        refuse "No subject alternative names" [JAVA]
        refuse "no subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "not valid for name" [RUSTLS]
        accept [CURL]
    }
    HostWideWildcard {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is not valid for" [PYTHON]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
        accept [GO JAVA PYCA]
    }
    HostPartialWildcard {
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL JAVA NODE]
    }
    HostInnerWildcard {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
        accept [JAVA]
    }
    HostDotInSan {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "No subject alternative DNS name" [JAVA]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [NODE CURL]
    }
    HostDot {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "Illegal given domain name" [JAVA]
        refuse "certificate is not valid for" [PYTHON]
        refuse "invalid domain name" [PYCA]
        accept [GO NODE CURL RUSTLS]
    }
    Underscore {
        refuse "Illegal given domain name" [JAVA]
        refuse "invalid domain name" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL RUSTLS]
    }
    NoNames {
        refuse "x509: certificate" [GO]
        refuse "subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    WildcardUnderscore {
        refuse "mismatch" [OPENSSL]
        refuse "" [JAVA PYCA]
        accept [GNUTLS GO]
    }
    EmptyName {
        refuse "" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    ClientNoSan {
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE RUSTLS]
    }
}
