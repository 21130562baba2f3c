//! What clients do with defects of the path, signatures and dates.

use super::who::{Group, Who};

groups! {
    Chain {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "PKIX path building failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "UnknownIssuer" [RUSTLS]
    }
    PartialChain {
        refuse "unable to get issuer certificate" [OPENSSL PYTHON_OLD NODE]
        accept [GNUTLS GO JAVA PYTHON_3_13 PYCA CURL RUSTLS]
    }
    PathLength {
        refuse "path length constraint exceeded" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "path length constraint is invalid" [NSS]
        refuse "too many intermediates" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "path length" [PYCA]
        refuse "PathLenConstraintViolated" [RUSTLS]
    }
    AnchorPathLength {
        refuse "path length constraint exceeded" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "path length constraint is invalid" [NSS]
        refuse "too many intermediates" [GO]
        refuse "path length" [PYCA]
        accept [JAVA RUSTLS]
    }
    NameConstraints {
        refuse "subtree violation" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "not permitted to issue" [NSS]
        refuse "not authorized to sign for this name" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "name constraint" [PYCA]
        refuse "NameConstraintViolation" [RUSTLS]
    }
    AnchorNameConstraints {
        refuse "subtree violation" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "not permitted to issue" [NSS]
        refuse "not authorized to sign for this name" [GO]
        refuse "name constraint" [PYCA]
        refuse "NameConstraintViolation" [RUSTLS]
        accept [JAVA]
    }
    AnchorKeyId {
        refuse "unable to get issuer certificate" [OPENSSL PYTHON_OLD NODE]
        accept [GNUTLS GO PYTHON_3_13 PYCA CURL RUSTLS]
    }
    LeafIsAnchor {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON_OLD]
        refuse "issuer is unknown" [GNUTLS]
        accept [GO]
    }
    Policy {
        refuse "unknown critical extension" [GNUTLS NSS]
        refuse "unhandled critical extension" [GO_1_19]
        refuse "invalid policies" [GO_1_27]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [OPENSSL PYTHON NODE CURL]
    }
    Signature {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE]
        refuse "" [CURL PYTHON_3_13]
        refuse "signature in the certificate is invalid" [GNUTLS]
        refuse "invalid signature" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "VerificationError" [PYCA]
        refuse "BadSignature" [RUSTLS]
    }
    AnchorSignature {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    Expired {
        refuse "certificate has expired" [OPENSSL PYTHON NODE CURL]
        refuse "expired certificate" [GNUTLS]
        refuse "has expired" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "not valid at validation time" [PYCA]
        refuse "certificate expired" [RUSTLS]
    }
    AnchorExpired {
        refuse "certificate has expired" [OPENSSL PYTHON NODE CURL]
        refuse "expired certificate" [GNUTLS]
        refuse "has expired" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "not valid at validation time" [PYCA]
        accept [JAVA RUSTLS]
    }
    NotYetValid {
        refuse "certificate is not yet valid" [OPENSSL PYTHON NODE CURL]
        refuse "not yet valid certificate" [GNUTLS]
        refuse "" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "not valid at validation time" [PYCA]
        refuse "not valid yet" [RUSTLS]
    }
    AnchorNotYetValid {
        refuse "certificate is not yet valid" [OPENSSL PYTHON NODE CURL]
        refuse "not yet valid certificate" [GNUTLS]
        refuse "" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "not valid at validation time" [PYCA]
        accept [JAVA RUSTLS]
    }
    Lifetime {
        refuse "" [APPLE]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
}
