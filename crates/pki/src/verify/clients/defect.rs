//! The table: each defect of a certificate about which clients differ or have known messages.

use super::{Claim, Client, Evidence, When};
use crate::verify::rule::Rule;

/// A client with its versions, and the source of the claim.
type Who = (Client, When, Evidence);

const fn all(client: Client) -> Who {
    (client, When::Always, Evidence::Test)
}

const fn some(client: Client, when: When) -> Who {
    (client, when, Evidence::Test)
}

const fn documented(client: Client) -> Who {
    (client, When::Always, Evidence::Documentation)
}

const OPENSSL: Who = all(Client::OpenSsl);
const OPENSSL_OLD: Who = some(Client::OpenSsl, When::Before("3.5"));
const OPENSSL_3_5: Who = some(Client::OpenSsl, When::From("3.5"));
const STRICT: Who = some(Client::OpenSsl, When::Strict);
const GNUTLS: Who = all(Client::GnuTls);
const NSS: Who = all(Client::Nss);
const GO: Who = all(Client::Go);
const GO_1_19: Who = some(Client::Go, When::Only("1.19"));
const GO_1_23: Who = some(Client::Go, When::From("1.23"));
const GO_OLD: Who = some(Client::Go, When::Before("1.23"));
const GO_1_27: Who = some(Client::Go, When::From("1.27"));
const JAVA: Who = all(Client::Java);
const PYTHON: Who = all(Client::Python);
const PYTHON_OLD: Who = some(Client::Python, When::Before("3.13"));
const PYTHON_3_13: Who = some(Client::Python, When::From("3.13"));
const PYCA: Who = all(Client::Pyca);
const NODE: Who = all(Client::Node);
const NODE_20: Who = some(Client::Node, When::Only("20"));
const NODE_24: Who = some(Client::Node, When::From("24"));
const CURL: Who = all(Client::Curl);
const RUSTLS: Who = all(Client::Rustls);
const RING: Who = some(Client::Rustls, When::With("ring"));
const AWS_LC: Who = some(Client::Rustls, When::With("aws-lc-rs"));
const BORINGSSL: Who = documented(Client::BoringSsl);
const APPLE: Who = documented(Client::Apple);
const GO_DOC: Who = documented(Client::Go);
const RUSTLS_DOC: Who = documented(Client::Rustls);
const OPENSSL_DOC: Who = documented(Client::OpenSsl);

/// Clients with the same verdict: the words with which they refuse, or none.
struct Group {
    refusal: Option<&'static str>,
    who: &'static [Who],
}

impl Defect {
    /// What clients do. A client that is left out has no claim: it was not tried, or what it does depends on
    /// more than the certificate.
    pub fn claims(self) -> impl Iterator<Item = Claim> {
        let as_host = match self {
            Self::AddressAsDns => Self::HostAddress,
            Self::WideWildcard => Self::HostWideWildcard,
            Self::PartialWildcard => Self::HostPartialWildcard,
            Self::InnerWildcard => Self::HostInnerWildcard,
            Self::TrailingDot => Self::HostDotInSan,
            other => other,
        };
        as_host.groups().iter().flat_map(|group| {
            let refusal = group.refusal;
            group.who.iter().map(move |&(client, when, evidence)| Claim {
                client,
                when,
                refusal,
                evidence,
            })
        })
    }
}

macro_rules! refusal {
    (refuse $words:literal) => {
        Some($words)
    };
    (accept) => {
        None
    };
}

macro_rules! defects {
    ($(#[doc = $doc:literal] $defect:ident $id:literal $rule:ident {
        $($verb:ident $($words:literal)? [$($who:ident)+])*
    })+) => {
        /// What can be wrong with a certificate, as clients tell it apart: a rule has one or several.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Defect { $(#[doc = $doc] $defect,)+ }

        impl Defect {
            /// Every defect, in the order of the rules.
            pub const ALL: &[Self] = &[$(Self::$defect,)+];

            /// The stable id: that of the rule, or it and a word behind a slash.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$defect => $id,)+ }
            }

            /// The rule.
            #[must_use]
            pub const fn rule(self) -> Rule {
                match self { $(Self::$defect => Rule::$rule,)+ }
            }

            /// One sentence about it.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$defect => $doc,)+ }
            }

            /// What clients do, in groups of the same verdict.
            const fn groups(self) -> &'static [Group] {
                match self { $(Self::$defect => &[
                    $(Group { refusal: refusal!($verb $($words)?), who: &[$($who,)+] },)*
                ],)+ }
            }
        }
    };
}

defects! {
    /// The DER or the structure is malformed.
    Malformed "malformed" Malformed {}
    /// The layout of the PEM file is one that only some clients read.
    PemForm "pem-form" PemForm {}
    /// The version is none that exists.
    UnknownVersion "version/unknown" Version {
        refuse "invalid version" [GO]
        refuse "Extensions not allowed" [JAVA]
        refuse "not a valid X509 version" [PYCA]
        refuse "UnsupportedCertVersion" [RUSTLS]
        accept [OPENSSL GNUTLS NSS PYTHON NODE CURL]
    }
    /// A certificate of version 1 or 2 has extensions.
    OldVersionExtensions "version/extensions" Version {
        refuse "Using cert extension requires at least X509v3" [STRICT PYTHON_3_13]
        refuse "" [GNUTLS]
        refuse "relies on legacy Common Name field" [GO]
        refuse "CertificateParsingException" [JAVA]
        refuse "ersion" [PYCA]
        refuse "UnsupportedCertVersion" [RUSTLS]
        accept [OPENSSL NSS PYTHON_OLD NODE CURL]
    }
    /// The signature algorithm outside differs from that in what is signed.
    AlgorithmsDiffer "version/algorithms" Version {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE CURL]
        refuse "signature algorithm mismatch" [PYTHON_3_13]
        refuse "" [GNUTLS]
        refuse "signature algorithm in the signature field" [NSS]
        refuse "inner and outer signature algorithm identifiers don't match" [GO]
        refuse "Signature algorithm mismatch" [JAVA]
        refuse "mismatch between signatureAlgorithm" [PYCA]
        refuse "SignatureAlgorithmMismatch" [RUSTLS]
    }
    /// Two extensions have the same object identifier.
    DuplicateExtension "duplicate-extension" DuplicateExtension {
        refuse "" [GNUTLS]
        refuse "duplicate extension" [GO PYCA]
        refuse "Duplicate" [JAVA]
        accept [OPENSSL NSS PYTHON NODE CURL RUSTLS]
    }
    /// The leaf or an intermediate has a critical extension that clients do not support.
    CriticalExtension "critical-extension" CriticalExtension {
        refuse "unhandled critical extension" [OPENSSL GO PYTHON NODE CURL]
        refuse "unknown critical extension" [GNUTLS NSS]
        refuse "unrecognized critical extension" [JAVA]
        refuse "critical ext" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
    }
    /// The trust anchor has a critical extension that clients do not support.
    AnchorCriticalExtension "critical-extension/anchor" CriticalExtension {
        refuse "unhandled critical extension" [OPENSSL GO PYTHON NODE CURL]
        refuse "unknown critical extension" [GNUTLS]
        refuse "critical ext" [PYCA]
        accept [NSS JAVA RUSTLS]
    }
    /// Another rule for issuers is broken.
    Profile "profile" Profile {}
    /// The certificate has critical certificate policies.
    CriticalPolicies "profile/critical-policies" Profile {
        refuse "unknown critical extension" [NSS]
        refuse "critical ext" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL]
    }
    /// The certificate has critical CRL distribution points.
    CriticalCrlPoints "profile/critical-crl-points" Profile {
        refuse "unknown critical extension" [NSS]
        refuse "unrecognized critical extension" [JAVA]
        refuse "critical ext" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL RUSTLS]
    }
    /// A CA certificate has policyConstraints or inhibitAnyPolicy, which must be critical.
    PolicyLimits "profile/policy-limits" Profile {
        refuse "unhandled critical extension" [GO_1_19]
        refuse "ext" [PYCA]
        accept [OPENSSL JAVA PYTHON NODE CURL GO_1_27]
    }
    /// The authorityKeyIdentifier is critical.
    CriticalAuthorityKeyId "profile/critical-authority-key-id" Profile {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "incorrect criticality" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19]
    }
    /// The subjectKeyIdentifier is critical.
    CriticalSubjectKeyId "profile/critical-subject-key-id" Profile {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19 PYCA]
    }
    /// The authorityInfoAccess is critical.
    CriticalInfoAccess "profile/critical-info-access" Profile {
        refuse "unhandled critical extension" [OPENSSL PYTHON NODE CURL]
        refuse "incorrectly marked critical" [GO_1_27]
        refuse "unrecognized critical extension" [JAVA]
        refuse "incorrect criticality" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [GNUTLS NSS GO_1_19]
    }
    /// The basicConstraints of a CA are not critical.
    ConstraintsNotCritical "profile/basic-constraints" Profile {
        refuse "Basic Constraints of CA cert not marked critical" [STRICT PYTHON_3_13]
        refuse "criticality" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    /// The subject is empty, and the subjectAltName is not critical.
    SanNotCritical "profile/san-not-critical" Profile {
        refuse "Subject empty and Subject Alt Name extension not critical" [STRICT PYTHON_3_13]
        refuse "CertificateParsingException" [JAVA]
        refuse "MUST be critical when subject is empty" [PYCA]
        accept [OPENSSL GNUTLS NSS GO PYTHON_OLD NODE CURL RUSTLS]
    }
    /// There is a subject, and the subjectAltName is critical.
    SanCritical "profile/san-critical" Profile {
        refuse "MUST NOT be critical when subject is nonempty" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// The extendedKeyUsage is critical.
    UsageCritical "profile/usage-critical" Profile {
        refuse "incorrect criticality" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// The subjectAltName has no name.
    EmptySan "profile/empty-san" Profile {
        refuse "Empty Subject Alternative Name extension" [STRICT PYTHON_3_13]
        refuse "not valid for any names" [GO]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE_24]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON_OLD NODE_20 CURL]
    }
    /// The subject has an attribute with an empty value.
    EmptyAttribute "profile/empty-attribute" Profile {
        refuse "" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// The authorityKeyIdentifier has no keyIdentifier.
    NoKeyIdentifier "profile/no-key-identifier" Profile {
        refuse "Missing Authority Key Identifier" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    /// A CA has no subjectKeyIdentifier.
    CaKeyIdMissing "profile/ca-key-id" Profile {
        refuse "Missing Subject Key Identifier" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    /// The keyUsage has no digitalSignature, which TLS 1.3 requires.
    NoDigitalSignature "profile/digital-signature" Profile {
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [OPENSSL GO PYTHON PYCA NODE CURL RUSTLS]
    }
    /// The keyUsage of a certificate that is not a CA has keyCertSign.
    LeafSigns "profile/key-cert-sign" Profile {
        refuse "Key usage keyCertSign invalid for non-CA cert" [STRICT PYTHON_3_13]
        refuse "must not assert keyCertSign" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    /// A certificate that is not a CA has a pathLenConstraint.
    LeafPathLength "profile/path-length" Profile {
        refuse "Path length invalid for non-CA cert" [STRICT PYTHON_3_13]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD PYCA NODE CURL RUSTLS]
    }
    /// A certificate that is not a CA has nameConstraints.
    LeafConstraints "profile/leaf-constraints" Profile {
        refuse "prohibited extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// A value that is the default is written out.
    DefaultWritten "profile/default" Profile {
        refuse "parse" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// Several attributes in one RDN are not in the order of DER.
    SetOrder "profile/set-order" Profile {
        refuse "InvalidSetOrdering" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// A date before 2050 is a GeneralizedTime.
    EarlyGeneralizedTime "profile/generalized-time" Profile {
        refuse "must be UtcTime" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE CURL RUSTLS]
    }

    /// There is no path to a trust anchor.
    Chain "chain" Chain {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "PKIX path building failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "UnknownIssuer" [RUSTLS]
    }
    /// The trust anchor is not self-signed: an intermediate without its root.
    PartialChain "partial-chain" PartialChain {
        refuse "unable to get issuer certificate" [OPENSSL PYTHON_OLD NODE]
        accept [GNUTLS GO JAVA PYTHON_3_13 PYCA CURL RUSTLS]
    }
    /// There are more intermediates than the caller allows.
    MaxDepth "max-depth" MaxDepth {}
    /// An intermediate has more intermediates below it than its pathLenConstraint allows.
    PathLength "path-length" PathLength {
        refuse "path length constraint exceeded" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "path length constraint is invalid" [NSS]
        refuse "too many intermediates" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "path length" [PYCA]
        refuse "PathLenConstraintViolated" [RUSTLS]
    }
    /// The trust anchor has more intermediates below it than its pathLenConstraint allows.
    AnchorPathLength "path-length/anchor" PathLength {
        refuse "path length constraint exceeded" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "path length constraint is invalid" [NSS]
        refuse "too many intermediates" [GO]
        refuse "path length" [PYCA]
        accept [JAVA RUSTLS]
    }
    /// An intermediate has nameConstraints that do not allow a DNS name or an IP address.
    NameConstraints "name-constraints" NameConstraints {
        refuse "subtree violation" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "not permitted to issue" [NSS]
        refuse "not authorized to sign for this name" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "name constraint" [PYCA]
        refuse "NameConstraintViolation" [RUSTLS]
    }
    /// The trust anchor has nameConstraints that do not allow a DNS name or an IP address.
    AnchorNameConstraints "name-constraints/anchor" NameConstraints {
        refuse "subtree violation" [OPENSSL PYTHON NODE CURL]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "not permitted to issue" [NSS]
        refuse "not authorized to sign for this name" [GO]
        refuse "name constraint" [PYCA]
        refuse "NameConstraintViolation" [RUSTLS]
        accept [JAVA]
    }
    /// A CA requires a certificate policy that the certificates below it do not have.
    Policy "policy" Policy {
        refuse "unknown critical extension" [GNUTLS NSS]
        refuse "unhandled critical extension" [GO_1_19]
        refuse "invalid policies" [GO_1_27]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "UnsupportedCriticalExtension" [RUSTLS]
        accept [OPENSSL PYTHON NODE CURL]
    }
    /// The key of the issuer does not verify the signature.
    Signature "signature" Signature {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE]
        refuse "" [CURL PYTHON_3_13]
        refuse "signature in the certificate is invalid" [GNUTLS]
        refuse "invalid signature" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "VerificationError" [PYCA]
        refuse "BadSignature" [RUSTLS]
    }
    /// The signature of the trust anchor does not verify with its own key.
    AnchorSignature "anchor-signature" AnchorSignature {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }

    /// The signature is made with another algorithm that is weak or not supported.
    Algorithm "algorithm" Algorithm {}
    /// The signature is made with SHA-1.
    Sha1 "algorithm/sha1" Algorithm {
        refuse "too weak" [OPENSSL PYTHON NODE CURL]
        refuse "insecure algorithm" [GNUTLS]
        refuse "insecure algorithm SHA1" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [NSS JAVA]
    }
    /// The signature is made with MD5.
    Md5 "algorithm/md5" Algorithm {
        refuse "too weak" [OPENSSL PYTHON NODE CURL]
        refuse "insecure algorithm" [GNUTLS]
        refuse "signature algorithm that is disabled" [NSS]
        refuse "insecure algorithm MD5" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
    }
    /// The signature is made with SHA-224.
    Sha224 "algorithm/sha224" Algorithm {
        refuse "algorithm unimplemented" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL GNUTLS NSS JAVA PYTHON NODE CURL]
    }
    /// The signature is made with Ed448.
    Ed448Signature "algorithm/ed448" Algorithm {
        refuse "could not add certificate" [NSS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "Forbidden public key algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    /// The signature is made with a key on P-521, or with SHA-512 and a key on P-256 or P-384.
    BeyondRing "algorithm/ecdsa" Algorithm {
        refuse "UnsupportedSignatureAlgorithm" [RING]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL AWS_LC]
    }
    /// The signature is made with ML-DSA.
    MlDsaSignature "algorithm/ml-dsa" Algorithm {
        refuse "unable to get local issuer certificate" [OPENSSL_OLD CURL]
        refuse "too weak" [PYTHON NODE_20]
        refuse "" [GNUTLS]
        refuse "could not add certificate" [NSS]
        refuse "algorithm unimplemented" [GO_1_19]
        refuse "NoSuchAlgorithmException" [JAVA]
        refuse "UnsupportedSignatureAlgorithm" [RING]
        accept [OPENSSL_3_5 GO_1_27 PYCA NODE_24 AWS_LC]
    }
    /// The signature is made with RSASSA-PSS and parameters that TLS does not have.
    PssParameters "algorithm/pss" Algorithm {
        refuse "signature in the certificate is invalid" [GNUTLS]
        refuse "certificate signed by unknown authority" [GO]
        refuse "Forbidden signature algorithm" [PYCA]
        refuse "UnsupportedSignatureAlgorithm" [RUSTLS]
        accept [OPENSSL NSS JAVA PYTHON NODE CURL]
    }
    /// The public key cannot work.
    PublicKey "public-key" PublicKey {}
    /// The key is a DSA key.
    Dsa "weak-key/dsa" WeakKey {}
    /// The leaf has an RSA key under 2048 bits.
    ShortRsa "weak-key/rsa" WeakKey {
        refuse "EE certificate key too weak" [OPENSSL CURL]
        refuse "ee key too small" [PYTHON NODE_24]
        refuse "insecure algorithm" [GNUTLS]
        accept [NSS GO JAVA PYCA NODE_20]
    }
    /// A CA has an RSA key under 2048 bits.
    ShortRsaCa "weak-key/rsa-ca" WeakKey {
        refuse "CA certificate key too weak" [OPENSSL CURL]
        refuse "CA" [PYTHON NODE_24]
        refuse "insecure algorithm" [GNUTLS]
        refuse "RSA key is too weak" [PYCA]
        refuse "BadSignature" [RUSTLS]
        accept [NSS GO JAVA NODE_20]
    }
    /// The key is on a curve that TLS 1.3 does not have.
    OtherCurve "weak-key/curve" WeakKey {
        refuse "handshake fail" [CURL NODE]
        refuse "NO_SHARED_CIPHER" [PYTHON]
    }
    /// The leaf has an Ed25519 key.
    Ed25519 "key-type/ed25519" KeyType {
        refuse "could not add certificate" [NSS]
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// A CA has an Ed25519 key.
    Ed25519Ca "key-type/ed25519-ca" KeyType {
        refuse "could not add certificate" [NSS]
        refuse "Forbidden public key algorithm" [PYCA]
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL RUSTLS]
    }
    /// The leaf has an Ed448 key.
    Ed448 "key-type/ed448" KeyType {
        refuse "could not add certificate" [NSS]
        refuse "" [GO_DOC RUSTLS_DOC BORINGSSL]
        accept [OPENSSL GNUTLS JAVA PYTHON PYCA NODE CURL]
    }
    /// The leaf has a key on P-521.
    P521 "key-type/p521" KeyType {
        refuse "" [BORINGSSL]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL AWS_LC]
    }
    /// The leaf has an ML-DSA key.
    MlDsa "key-type/ml-dsa" KeyType {
        refuse "too weak" [OPENSSL_OLD]
        refuse "too small" [PYTHON]
        refuse "decode error" [NODE_20]
        refuse "insecure algorithm" [GNUTLS]
        refuse "could not add certificate" [NSS]
        accept [OPENSSL_3_5 PYCA NODE_24]
    }

    /// The leaf or an intermediate has expired.
    Expired "expired" Expired {
        refuse "certificate has expired" [OPENSSL PYTHON NODE CURL]
        refuse "expired certificate" [GNUTLS]
        refuse "has expired" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "not valid at validation time" [PYCA]
        refuse "certificate expired" [RUSTLS]
    }
    /// The trust anchor has expired.
    AnchorExpired "expired/anchor" Expired {
        refuse "certificate has expired" [OPENSSL PYTHON NODE CURL]
        refuse "expired certificate" [GNUTLS]
        refuse "has expired" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "not valid at validation time" [PYCA]
        accept [JAVA RUSTLS]
    }
    /// The leaf or an intermediate is not valid yet.
    NotYetValid "not-yet-valid" NotYetValid {
        refuse "certificate is not yet valid" [OPENSSL PYTHON NODE CURL]
        refuse "not yet valid certificate" [GNUTLS]
        refuse "" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "not valid at validation time" [PYCA]
        refuse "not valid yet" [RUSTLS]
    }
    /// The trust anchor is not valid yet.
    AnchorNotYetValid "not-yet-valid/anchor" NotYetValid {
        refuse "certificate is not yet valid" [OPENSSL PYTHON NODE CURL]
        refuse "not yet valid certificate" [GNUTLS]
        refuse "" [NSS]
        refuse "certificate has expired or is not yet valid" [GO]
        refuse "not valid at validation time" [PYCA]
        accept [JAVA RUSTLS]
    }
    /// notAfter is within the expiry window.
    ExpiresSoon "expires-soon" ExpiresSoon {}
    /// notAfter is later than that of the issuer.
    OutlivesCa "outlives-ca" OutlivesCa {}
    /// A server certificate is valid for more than 825 days.
    Lifetime "lifetime" Lifetime {
        refuse "" [APPLE]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }

    /// The extendedKeyUsage of a server has no serverAuth.
    ServerUsage "usage/server" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "not approved for application" [NSS]
        refuse "incompatible key usage" [GO]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
    }
    /// The extendedKeyUsage of a client has no clientAuth.
    ClientUsage "usage/client" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "not approved for application" [NSS]
        refuse "incompatible key usage" [GO]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
    }
    /// The extendedKeyUsage of a leaf has no usage at all.
    EmptyUsage "usage/empty" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "not approved for application" [NSS]
        refuse "Extended key usage does not permit" [JAVA]
        refuse "invalid container size" [PYCA]
        refuse "EmptyEkuExtension" [RUSTLS]
        accept [GNUTLS GO]
    }
    /// The extendedKeyUsage of a server has anyExtendedKeyUsage and no serverAuth.
    AnyUsage "usage/any" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "not approved for application" [NSS]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [GNUTLS GO JAVA]
    }
    /// The extendedKeyUsage of a client has anyExtendedKeyUsage and no clientAuth.
    AnyUsageClient "usage/any-client" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "not approved for application" [NSS]
        refuse "required EKU not found" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [GNUTLS GO JAVA]
    }
    /// The extendedKeyUsage of an intermediate does not allow the usage of the leaf.
    IssuerUsage "usage/intermediate" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "does not match the intended purpose" [GNUTLS]
        refuse "incompatible key usage" [GO]
        refuse "Neither EKU nor anyEKU" [PYCA]
        refuse "does not allow extended key usage" [RUSTLS]
        accept [NSS JAVA]
    }
    /// The extendedKeyUsage of the trust anchor does not allow the usage of the leaf.
    AnchorUsage "usage/anchor" Usage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "incompatible key usage" [GO]
        refuse "Neither EKU nor anyEKU" [PYCA]
        accept [GNUTLS NSS JAVA RUSTLS]
    }
    /// The keyUsage of a server has neither digitalSignature nor keyEncipherment.
    ServerKeyUsage "key-usage/server" KeyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON NODE CURL]
        refuse "key usage inadequate" [NSS]
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    /// The keyUsage of a client has no digitalSignature.
    ClientKeyUsage "key-usage/client" KeyUsage {
        refuse "unsuitable certificate purpose" [OPENSSL PYTHON]
        refuse "INVALID_PURPOSE" [NODE]
        refuse "key usage inadequate" [NSS]
        refuse "KeyUsage does not allow digital signatures" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    /// The keyUsage of an intermediate has no keyCertSign.
    IssuerKeyUsage "key-usage/intermediate" KeyUsage {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "key usage does not include certificate signing" [NODE]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "key usage inadequate" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "keyCertSign must be asserted" [PYCA]
        accept [RUSTLS]
    }
    /// The keyUsage of the trust anchor has no keyCertSign.
    AnchorKeyUsage "key-usage/anchor" KeyUsage {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "key usage does not include certificate signing" [NODE]
        refuse "violates the signer's constraints" [GNUTLS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "keyCertSign must be asserted" [PYCA]
        accept [NSS RUSTLS]
    }

    /// No SAN and no common name matches the host.
    Host "host" Host {
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
    /// A client certificate allows serverAuth and has a host name.
    PosesAsServer "poses-as-server" PosesAsServer {}
    /// No SAN matches the email address.
    Email "email" Email {}
    /// The host of the connection is not a SAN.
    ConnectHost "connect-host" ConnectHost {}
    /// A DNS name of the SAN is an IP address.
    AddressAsDns "unmatchable-name/address" UnmatchableName {}
    /// A SAN has a wildcard with one label behind it, such as `*.internal`.
    WideWildcard "unmatchable-name/wide-wildcard" UnmatchableName {}
    /// A SAN has a wildcard within the left-most label, such as `f*.example.com`.
    PartialWildcard "unmatchable-name/partial-wildcard" UnmatchableName {}
    /// A SAN has a wildcard behind the left-most label, such as `a.*.example.com`.
    InnerWildcard "unmatchable-name/inner-wildcard" UnmatchableName {}
    /// A SAN ends in a dot.
    TrailingDot "unmatchable-name/dot" UnmatchableName {}
    /// A SAN is one that clients cannot match.
    UnmatchableName "unmatchable-name" UnmatchableName {}
    /// No SAN is the IP address.
    HostAddress "host/address" Host {
        refuse "IP address mismatch" [OPENSSL PYTHON]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "cannot validate certificate for" [GO]
        refuse "No subject alternative names match" [JAVA]
        refuse "no matching subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
    }
    /// No SAN is a host name, and the common name matches the host.
    HostCommonName "host/common-name" Host {
        refuse "x509: certificate" [GO]
        refuse "subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    /// No SAN is an IP address, and the common name is the IP address.
    HostAddressCommonName "host/address-common-name" Host {
        refuse "IP address mismatch" [OPENSSL PYTHON]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "legacy Common Name field" [GO]
        refuse "No subject alternative names" [JAVA]
        refuse "no subjectAltName" [PYCA]
        refuse "does not match certificate's altnames" [NODE]
        refuse "not valid for name" [RUSTLS]
        accept [CURL]
    }
    /// A wildcard with one label behind it, such as `*.internal`, would match the host.
    HostWideWildcard "host/wide-wildcard" Host {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is not valid for" [PYTHON]
        refuse "does not match certificate's altnames" [NODE]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
        accept [GO JAVA PYCA]
    }
    /// A wildcard within the left-most label, such as `f*.example.com`, would match the host.
    HostPartialWildcard "host/partial-wildcard" Host {
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "no alternative certificate subject name matches" [CURL]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL JAVA NODE]
    }
    /// A wildcard behind the left-most label, such as `a.*.example.com`, would match the host.
    HostInnerWildcard "host/inner-wildcard" Host {
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
    /// A SAN is the host with a dot at its end.
    HostDotInSan "host/dot-in-san" Host {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "certificate is valid for" [GO]
        refuse "No subject alternative DNS name" [JAVA]
        refuse "certificate is not valid for" [PYTHON]
        refuse "no matching subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [NODE CURL]
    }
    /// The host has a dot at its end, and the SAN has none.
    HostDot "host/dot" Host {
        refuse "hostname mismatch" [OPENSSL]
        refuse "name in the certificate does not match" [GNUTLS]
        refuse "Illegal given domain name" [JAVA]
        refuse "certificate is not valid for" [PYTHON]
        refuse "invalid domain name" [PYCA]
        accept [GO NODE CURL RUSTLS]
    }
    /// A host name has an underscore.
    Underscore "unmatchable-name/underscore" UnmatchableName {
        refuse "Illegal given domain name" [JAVA]
        refuse "invalid domain name" [PYCA]
        accept [OPENSSL GNUTLS GO PYTHON NODE CURL RUSTLS]
    }
    /// A server certificate has no host name or IP address as a SAN.
    NoNames "no-names" NoNames {
        refuse "x509: certificate" [GO]
        refuse "subjectAltName" [PYCA]
        refuse "not valid for name" [RUSTLS]
        accept [OPENSSL GNUTLS JAVA PYTHON NODE CURL]
    }
    /// A SAN is empty.
    EmptyName "unmatchable-name/empty" UnmatchableName {
        refuse "" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// A client certificate has no subjectAltName.
    ClientNoSan "no-names/client" NoNames {
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON NODE RUSTLS]
    }

    /// An intermediate has no CA:TRUE.
    IssuerNotCa "issuer-not-ca" IssuerNotCa {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "" [NODE]
        refuse "issuer is not a CA" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        refuse "EndEntityUsedAsCa" [RUSTLS]
    }
    /// The trust anchor has CA:FALSE.
    AnchorNotCa "issuer-not-ca/anchor" IssuerNotCa {
        refuse "invalid CA certificate" [OPENSSL PYTHON CURL]
        refuse "unsuitable certificate purpose" [NODE]
        refuse "issuer is not a CA" [GNUTLS]
        refuse "Issuer certificate is invalid" [NSS]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "cA must be asserted" [PYCA]
        accept [RUSTLS]
    }
    /// The trust anchor has no basicConstraints.
    AnchorNoConstraints "issuer-not-ca/anchor-absent" IssuerNotCa {
        refuse "invalid CA certificate" [STRICT PYTHON_3_13]
        refuse "parent certificate cannot sign" [GO]
        refuse "PKIX path validation failed" [JAVA]
        refuse "candidates exhausted" [PYCA]
        accept [OPENSSL GNUTLS NSS PYTHON_OLD NODE CURL RUSTLS]
    }
    /// A leaf has CA:TRUE.
    LeafIsCa "leaf-is-ca" LeafIsCa {
        refuse "not approved for application" [NSS]
        refuse "cA must not be asserted" [PYCA]
        refuse "CaUsedAsEndEntity" [RUSTLS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON NODE CURL]
    }
    /// A CA has no keyUsage.
    CaKeyUsage "ca-key-usage" CaKeyUsage {
        refuse "does not include key usage extension" [STRICT PYTHON_3_13]
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }

    /// The issuer and the subject of the CA are equal text in different octets.
    NameEncoding "name-encoding" NameEncoding {
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "unknown authority" [GO]
        refuse "candidates exhausted" [PYCA]
        refuse "UnknownIssuer" [RUSTLS]
        accept [OPENSSL JAVA PYTHON NODE CURL]
    }
    /// The leaf has equal subject and issuer, and an authorityKeyIdentifier.
    OneSubject "one-subject" OneSubject {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// The leaf has equal subject and issuer, and no authorityKeyIdentifier.
    LooksSelfSigned "looks-self-signed" LooksSelfSigned {
        refuse "self-signed certificate" [OPENSSL PYTHON NODE CURL]
        refuse "invalid signature" [NSS]
        refuse "missing required extension" [PYCA]
        accept [GNUTLS GO JAVA RUSTLS]
    }
    /// There is no authorityKeyIdentifier.
    AuthorityKeyId "authority-key-id" AuthorityKeyId {
        refuse "Missing Authority Key Identifier" [STRICT PYTHON_3_13]
        refuse "missing required extension" [PYCA]
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    /// The keyIdentifier of the authorityKeyIdentifier is not that of the issuer.
    OtherKeyId "authority-key-id/other-key" AuthorityKeyId {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "issuer is unknown" [GNUTLS]
        refuse "issuer is not recognized" [NSS]
        refuse "PKIX path validation failed" [JAVA]
        accept [GO PYCA RUSTLS]
    }
    /// The issuer or the serial of the authorityKeyIdentifier is not that of the issuer's certificate.
    OtherIssuerSerial "authority-key-id/other-serial" AuthorityKeyId {
        refuse "unable to get local issuer certificate" [OPENSSL PYTHON CURL]
        refuse "unable to verify the first certificate" [NODE]
        refuse "PKIX path validation failed" [JAVA]
        accept [GNUTLS NSS GO PYCA RUSTLS]
    }
    /// Without an authorityKeyIdentifier, another CA of that name comes first among the trust anchors.
    OtherCaFirst "ambiguous-issuer/first" AmbiguousIssuer {
        refuse "certificate signature failure" [OPENSSL PYTHON_OLD NODE]
        refuse "" [CURL PYTHON_3_13]
        refuse "" [PYCA]
        accept [GNUTLS GO JAVA RUSTLS]
    }
    /// Without an authorityKeyIdentifier, another CA of that name comes last among the trust anchors.
    OtherCaLast "ambiguous-issuer/last" AmbiguousIssuer {
        refuse "signature in the certificate is invalid" [GNUTLS]
        accept [OPENSSL GO JAVA PYTHON_OLD NODE CURL RUSTLS]
    }
    /// The serial is empty, or not in the shortest form.
    Serial "serial" Serial {}
    /// The serial is negative.
    NegativeSerial "serial/negative" Serial {
        refuse "negative serial number" [GO_1_23]
        refuse "negative" [PYCA]
        accept [OPENSSL GNUTLS NSS GO_OLD JAVA PYTHON NODE CURL RUSTLS]
    }
    /// The serial is zero.
    ZeroSerial "serial/zero" Serial {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// The serial has more than 20 octets.
    LongSerial "serial/long" Serial {
        accept [OPENSSL GNUTLS NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// Two certificates of one issuer have the same serial.
    SerialRepeated "serial-repeated" SerialRepeated {
        refuse "SEC_ERROR_REUSED_ISSUER_AND_SERIAL" [NSS]
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }

    /// The private key does not match the certificate.
    Key "key" Key {
        refuse "key values mismatch" [PYTHON NODE]
    }
    /// No private key is available to compare.
    KeyMissing "key-missing" KeyMissing {}
    /// Other users can read the private key.
    KeyMode "key-mode" KeyMode {}
    /// A file has a trust anchor or an unrelated certificate besides the chain.
    BundleUnexpected "bundle-unexpected" BundleUnexpected {}
    /// A file has an expired certificate of an issuer before the valid one.
    ExpiredInBundle "bundle-unexpected/expired-first" BundleUnexpected {
        refuse "expired certificate" [GNUTLS]
        accept [OPENSSL NSS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// A file has the issuers in the wrong order.
    BundleOrder "bundle-order" BundleOrder {
        accept [OPENSSL GNUTLS GO JAVA PYTHON PYCA NODE CURL RUSTLS]
    }
    /// A CRL has the serial.
    Revoked "revoked" Revoked {
        refuse "certificate revoked" [OPENSSL_DOC]
    }
    /// There are CRLs, and an issuer has none that is usable.
    Crl "crl" Crl {
        refuse "unable to get certificate CRL" [OPENSSL_DOC]
    }
    /// A CRL has no cRLNumber.
    CrlNumber "crl-number" CrlNumber {}
    /// No allowed subject matches.
    NotAdmitted "not-admitted" NotAdmitted {}
    /// The served certificate differs from the file.
    ServedDiffers "served-differs" ServedDiffers {}
    /// No file has the served certificate, and several or none have its key or its names.
    ServedAmbiguous "served-ambiguous" ServedAmbiguous {}
    /// The command after the renewal has not succeeded yet.
    HookPending "hook-pending" HookPending {}
    /// The certificate differs from the entry in the plan.
    PlanDrift "plan-drift" PlanDrift {}
    /// An entry of the plan has no certificate.
    PlanMissing "plan-missing" PlanMissing {}
    /// The plan has no entry for the certificate.
    Unmanaged "unmanaged" Unmanaged {}
    /// rustls-webpki refuses what RFC 5280 allows.
    Webpki "webpki" Webpki {
        refuse "" [RUSTLS]
    }
}
