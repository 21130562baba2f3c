//! What clients do with defects of signature algorithms and keys.

use super::who::{Group, Who};

groups! {
    Sha1 {
        refuse "too weak" [OPENSSL PYTHON NODE CURL]
        refuse "insecure algorithm" [GNUTLS]
        refuse "insecure algorithm" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [NSS JAVA]
    }
    Md5 {
        refuse "too weak" [OPENSSL PYTHON NODE CURL]
        refuse "insecure algorithm" [GNUTLS]
        refuse "signature algorithm that is disabled" [NSS]
        refuse "insecure algorithm" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
    }
    Sha224 {
        refuse "algorithm unimplemented" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL GNUTLS NSS JAVA PYTHON NODE CURL]
    }
    Ed448Signature {
        refuse "could not add certificate" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "Forbidden public key algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    BeyondRing {
        refuse "UnsupportedSignatureAlgorithm" [RING]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL AWS_LC]
    }
    MlDsaSignature {
        refuse "unable to get local issuer certificate" [OPENSSL_OLD CURL]
        refuse "too weak" [PYTHON NODE_20]
        refuse "" [GNUTLS]
        refuse "could not add certificate" [NSS]
        refuse "algorithm unimplemented" [GO_1_19]
        refuse "NoSuchAlgorithmException" [JAVA]
        refuse "UnsupportedSignatureAlgorithm" [RING]
        accept [OPENSSL_3_5 GO_1_27 PYCA NODE_24 AWS_LC]
    }
    PssParameters {
        refuse "signature in the certificate is invalid" [GNUTLS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL NSS JAVA PYTHON NODE CURL]
    }
    ShortRsa {
        refuse "EE certificate key too weak" [OPENSSL CURL]
        refuse "ee key too small" [PYTHON NODE_24]
        refuse "insecure algorithm" [GNUTLS]
        accept [NSS GO JAVA PYCA NODE_20]
    }
    ShortRsaCa {
        refuse "CA certificate key too weak" [OPENSSL CURL]
        refuse "CA" [PYTHON]
        refuse "" [NODE_24]
        refuse "insecure algorithm" [GNUTLS]
        refuse "RSA key is too weak" [PYCA]
        refuse "BadSignature" [RUSTLS]
        accept [NSS GO JAVA NODE_20]
    }
    OtherCurve {
        refuse "handshake fail" [CURL NODE]
        refuse "NO_SHARED_CIPHER" [PYTHON]
    }
    Ed25519 {
        refuse "could not add certificate" [NSS]
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    Ed25519Ca {
        refuse "could not add certificate" [NSS]
        refuse "Forbidden public key algorithm" [PYCA]
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    Ed448 {
        refuse "could not add certificate" [NSS]
        refuse "" [GO_DOC RUSTLS_DOC BORINGSSL]
        accept [OPENSSL GNUTLS JAVA PYTHON PYCA NODE CURL]
    }
    P521 {
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL AWS_LC]
    }
    MlDsa {
        refuse "too weak" [OPENSSL_OLD]
        refuse "too small" [PYTHON]
        refuse "decode error" [NODE_20]
        refuse "insecure algorithm" [GNUTLS]
        refuse "could not add certificate" [NSS]
        accept [OPENSSL_3_5 PYCA NODE_24]
    }
}
