//! The rules: their ids, severities and aspects.

use std::fmt;

named! {
    /// How severe a violation is, the least severe first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Severity {
        /// Information.
        Note = "note",
        /// Some client refuses it, or it is a likely mistake. `certctl check --strict` makes it an
        /// error.
        Warning = "warning",
        /// The certificate expires within the expiry window, or a task of the operator is open.
        Due = "due",
        /// A client refuses it.
        Error = "error",
    }
}

named! {
    /// What a rule is about. `certctl check` reports one line for each.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Aspect {
        /// DER, PEM and the structure of the certificate.
        Form = "form",
        /// The path to a trust anchor.
        Chain = "chain",
        /// Whether the issuer's key verifies the signature.
        Signature = "signature",
        /// The strength of signature algorithms and keys.
        Algorithm = "algorithm",
        /// The validity.
        Dates = "dates",
        /// `keyUsage` and `extendedKeyUsage`.
        Usage = "usage",
        /// The SANs.
        Names = "names",
        /// `basicConstraints`.
        CaBits = "ca-bits",
        /// Issuer name and key identifier.
        Issuer = "issuer",
        /// The serial number.
        Serial = "serial",
        /// The private key.
        Key = "key",
        /// CRLs.
        Revocation = "revocation",
        /// Several certificates in one file.
        Bundle = "bundle",
        /// The allowed subjects of Redis Enterprise.
        Admission = "admission",
        /// What a server serves.
        Served = "served",
        /// The command after a renewal.
        Hook = "hook",
        /// The `[[certificate]]` entries of `certctl.toml`.
        Plan = "plan",
        /// The result of rustls-webpki.
        Webpki = "webpki",
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+
        $rule:ident $id:literal $severity:ident $aspect:ident $($clients:literal)?,)+) => {
        /// A rule. Its id is stable. The README of certctl has a paragraph on each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $rule,)+ }

        impl Rule {
            /// Every rule, in the order of reports.
            pub const ALL: &[Self] = &[$(Self::$rule,)+];

            /// The id, such as `path-length`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)+ }
            }

            /// The severity of a violation, unless a finding has its own.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            /// What the rule is about.
            pub const fn aspect(self) -> Aspect {
                match self { $(Self::$rule => Aspect::$aspect,)+ }
            }

            /// The clients that refuse a violation, and their messages: measured with OpenSSL 3.0, Go 1.19,
            /// Python 3.11, curl and rustls, or read in their source.
            pub(super) const fn clients(self) -> Option<&'static str> {
                match self { $(Self::$rule => rules!(@optional $($clients)?),)+ }
            }
        }
    };
    (@optional $text:literal) => { Some($text) };
    (@optional) => { None };
}

rules! {
    // The form of one certificate.
    /// The DER is malformed, or an extension cannot be read.
    Malformed "malformed" Error Form,
    /// The layout of a PEM file that only some clients read; a warning if OpenSSL is one of them.
    PemForm "pem-form" Error Form,
    /// Extensions in a version 1 certificate, an unknown version, or an outer signature algorithm
    /// that differs from the inner one.
    Version "version" Error Form,
    /// Two extensions with the same object identifier.
    DuplicateExtension "duplicate-extension" Error Form
        "Go, rustls and pyca refuse it",
    /// A critical extension that is not supported.
    CriticalExtension "critical-extension" Error Form
        "every client refuses it (OpenSSL: `unhandled critical extension`)",
    /// A rule for issuers that path validation does not check (RFC 5280 section 4; on request also
    /// those of the CA/Browser Forum).
    Profile "profile" Warning Form,

    // The chain to the trust anchor (RFC 5280 section 6).
    /// No path to a trust anchor.
    Chain "chain" Error Chain
        "OpenSSL says `unable to get local issuer certificate`, Go `certificate signed by \
        unknown authority`, rustls `UnknownIssuer`",
    /// More intermediates than a `pathLenConstraint` allows.
    PathLength "path-length" Error Chain
        "OpenSSL says `path length constraint exceeded`, Go `too many intermediates`",
    /// More intermediates than the caller allows.
    MaxDepth "max-depth" Error Chain,
    /// A name that the name constraints of a CA do not allow.
    NameConstraints "name-constraints" Error Chain
        "OpenSSL says `permitted subtree violation` or `excluded subtree violation`, Go `not \
        permitted by any constraint`",
    /// The certificate policies are not those that a CA requires (RFC 5280 section 6.1.5).
    Policy "policy" Error Chain
        "OpenSSL says `invalid or inconsistent certificate policy extension`",
    /// The issuer's key does not verify the signature.
    Signature "signature" Error Signature
        "every client refuses it (OpenSSL: `certificate signature failure`, or by the key \
        identifier `unable to get local issuer certificate`; rustls: `BadSignature`)",
    /// A signature with MD5, SHA-1, DSA, or an algorithm that is not supported.
    Algorithm "algorithm" Error Algorithm
        "Go, rustls and OpenSSL at security level 1 refuse it (`CA md too weak`, `insecure \
        algorithm`)",
    /// An RSA key under 2048 bits, or a curve that TLS clients refuse.
    WeakKey "weak-key" Error Algorithm,
    /// A public key that cannot work: a point off its curve, an RSA exponent of 1, an unknown
    /// algorithm.
    PublicKey "public-key" Error Algorithm,
    /// A type of key that a well-known client refuses: Ed25519, P-521.
    KeyType "key-type" Note Algorithm
        "gRPC (BoringSSL) and old NSS refuse it",

    // Time.
    /// notAfter has passed.
    Expired "expired" Error Dates
        "every client refuses it (OpenSSL: `certificate has expired`, Go: `certificate has \
        expired or is not yet valid`)",
    /// notBefore is in the future.
    NotYetValid "not-yet-valid" Error Dates
        "every client refuses it (OpenSSL: `certificate is not yet valid`); is a clock wrong?",
    /// notAfter is within the expiry window.
    ExpiresSoon "expires-soon" Due Dates,
    /// notAfter is later than that of the issuer.
    OutlivesCa "outlives-ca" Warning Dates,
    /// A server certificate with a validity over 825 days.
    Lifetime "lifetime" Note Dates
        "Apple platforms refuse server certificates over 825 days",

    // The leaf.
    /// `extendedKeyUsage` does not allow the usage.
    Usage "usage" Error Usage,
    /// `keyUsage` does not allow what the key does: keyCertSign, cRLSign, digitalSignature.
    KeyUsage "key-usage" Error Usage,
    /// A client certificate that clients would accept as a server certificate.
    PosesAsServer "poses-as-server" Warning Usage,
    /// No SAN matches the host.
    Host "host" Error Names
        "curl says `no alternative certificate subject name matches`, OpenSSL `hostname \
        mismatch`, Python `certificate is not valid for` that name",
    /// No SAN matches the email address.
    Email "email" Error Names,
    /// A server certificate without a SAN that a client can match.
    NoNames "no-names" Warning Names,
    /// A SAN that no client can match.
    UnmatchableName "unmatchable-name" Warning Names,
    /// The host of the connection is not a SAN, and the caller did not request it.
    ConnectHost "connect-host" Note Names,

    // The issuers.
    /// An issuer without CA:TRUE in its `basicConstraints`.
    IssuerNotCa "issuer-not-ca" Error CaBits,
    /// A CA certificate as the leaf.
    LeafIsCa "leaf-is-ca" Warning CaBits,
    /// A CA certificate without `keyUsage`.
    CaKeyUsage "ca-key-usage" Warning CaBits
        "Python 3.13 and `openssl verify -x509_strict` refuse what it signs",
    /// The issuer and the subject of the CA are equal text in different octets.
    NameEncoding "name-encoding" Warning Issuer
        "OpenSSL and Java accept it; GnuTLS, NSS, Go, rustls and pyca compare octets and find no \
        issuer",
    /// The leaf has equal subject and issuer.
    OneSubject "one-subject" Warning Issuer
        "OpenSSL, curl, Python, Node, Redis and psql consider it self-signed (error 18) as soon \
        as its authorityKeyIdentifier is missing",
    /// A certificate without `authorityKeyIdentifier`.
    AuthorityKeyId "authority-key-id" Warning Issuer
        "Python 3.13 and `openssl verify -x509_strict` refuse it",
    /// The leaf has equal subject and issuer, and no `authorityKeyIdentifier`.
    LooksSelfSigned "looks-self-signed" Error Issuer
        "OpenSSL, curl, Python, Node, Redis and psql consider it self-signed (error 18); Go and \
        GnuTLS accept it",
    /// The serial is negative, zero, or longer than 20 octets.
    Serial "serial" Warning Serial,
    /// Two certificates of one issuer have the same serial.
    SerialRepeated "serial-repeated" Error Serial
        "Firefox and NSS refuse the second one that they receive \
        (`SEC_ERROR_REUSED_ISSUER_AND_SERIAL`)",

    // The private key.
    /// The private key does not match the certificate.
    Key "key" Error Key
        "no server starts with the pair (OpenSSL: `key values mismatch`, Go: `private key does \
        not match public key`)",
    /// No private key is available to compare.
    KeyMissing "key-missing" Note Key,
    /// Other users can read the private key.
    KeyMode "key-mode" Warning Key,

    // Other inputs.
    /// A CRL has the serial.
    Revoked "revoked" Error Revocation
        "clients that check the CRL refuse it (OpenSSL: `certificate revoked`)",
    /// There are CRLs, and an issuer has none that is usable.
    Crl "crl" Error Revocation
        "OpenSSL with -crl_check_all says `unable to get certificate CRL`",
    /// A CRL without `cRLNumber`.
    CrlNumber "crl-number" Note Revocation,
    /// A file whose certificates are not in the order of a chain.
    BundleOrder "bundle-order" Warning Bundle,
    /// A file with a trust anchor or an unrelated certificate besides the chain.
    BundleUnexpected "bundle-unexpected" Note Bundle,
    /// No allowed subject matches (Redis Enterprise).
    NotAdmitted "not-admitted" Error Admission,
    /// The served certificate differs from the file.
    ServedDiffers "served-differs" Error Served,
    /// The command after the renewal has not succeeded yet.
    HookPending "hook-pending" Due Hook,
    /// SANs, usage, key type or validity differ from the entry in the plan.
    PlanDrift "plan-drift" Due Plan,
    /// An entry of the plan has no certificate.
    PlanMissing "plan-missing" Due Plan,
    /// The plan has no entry for the certificate.
    Unmanaged "unmanaged" Note Plan,
    /// rustls-webpki refuses what RFC 5280 allows.
    Webpki "webpki" Warning Webpki,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
