//! What clients do with defects of issuers, serials, and files.

use super::who::{Group, Who};

groups! {
    IssuerNotCa {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "" [NODE]
        refuse "issuer is not a CA" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "EndEntityUsedAsCa" [RUSTLS]
    }
    AnchorNotCa {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "unsuitable certificate purpose" [NODE]
        refuse "issuer is not a CA" [GNUTLS]
        refuse "Issuer certificate is invalid" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "cA must be asserted" [PYCA]
        accept [RUSTLS]
    }
    AnchorNoConstraints {
        refuse "invalid CA certificate" [STRICT PYTHON_3_13]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        accept [OPENSSL GNUTLS NSS PYTHON_OLD NODE CURL RUSTLS]
    }
    LeafIsCa {
        refuse "not approved for application" [NSS]
        refuse "cA must not be asserted" [PYCA]
        refuse "CaUsedAsEndEntity" [RUSTLS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL]
    }
    CaKeyUsage {
        refuse "does not include key usage extension" [STRICT PYTHON_3_13]
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    NameEncoding {
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "unknown authority" [GO]
        refuse "candidates exhausted" [PYCA]
        refuse "UnknownIssuer" [RUSTLS]
        accept [OPENSSL JAVA PYTHON NODE CURL]
    }
    OneSubject {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    LooksSelfSigned {
        refuse "self-signed certificate" [OPENSSL PYTHON NODE CURL]
        refuse "invalid signature" [NSS]
        refuse "missing required extension" [PYCA]
        accept [GNUTLS GO JAVA RUSTLS]
    }
    AuthorityKeyId {
        refuse "Missing Authority Key Identifier" [STRICT PYTHON_3_13]
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    OtherKeyId {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "PKIX path validation failed" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    OtherIssuerSerial {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "PKIX path validation failed" [JAVA]
        accept [GNUTLS NSS GO PYCA RUSTLS]
    }
    OtherCaFirst {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE]
        refuse "" [CURL PYTHON_3_13]
        refuse "" [PYCA]
        accept [GNUTLS GO JAVA RUSTLS]
    }
    OtherCaLast {
        refuse "signature in the certificate is invalid" [GNUTLS]
        accept [OPENSSL GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    NegativeSerial {
        refuse "negative serial number" [GO_1_23]
        refuse "negative" [PYCA]
        accept [OPENSSL GNUTLS NSS GO_OLD JAVA PYTHON NODE CURL RUSTLS]
    }
    ZeroSerial {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    LongSerial {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    VeryLongSerial {
        refuse "serial" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL RUSTLS]
    }
    SerialRepeated {
        refuse "SEC_ERROR_REUSED_ISSUER_AND_SERIAL" [NSS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    Key {
        refuse "key values mismatch" [PYTHON NODE]
    }
    ExpiredInBundle {
        refuse "expired certificate" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    BundleOrder {
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    Revoked {
        refuse "certificate revoked" [OPENSSL_DOC]
    }
    Crl {
        refuse "unable to get certificate CRL" [OPENSSL_DOC]
    }
    Webpki {
        refuse "" [RUSTLS]
    }
}
