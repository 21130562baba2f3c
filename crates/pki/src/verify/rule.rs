//! The rules of `check`: what is judged, under which id, and how much a breach weighs.

use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Somebody will trip over it; with `--strict` an error.
    Warning,
    /// It ends within the window asked for.
    Due,
    /// A client will refuse it.
    Error,
}

impl Severity {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Due => "due",
            Self::Error => "error",
        }
    }
}

/// What a rule is about; `check` has one line for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    Form,
    Chain,
    Signature,
    Algorithm,
    Dates,
    Usage,
    Names,
    CaBits,
    Issuer,
    Serial,
    Key,
    Revocation,
    Bundle,
    Admission,
    Served,
    Hook,
    Plan,
    Webpki,
}

impl Aspect {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Chain => "chain",
            Self::Signature => "signature",
            Self::Algorithm => "algorithm",
            Self::Dates => "dates",
            Self::Usage => "usage",
            Self::Names => "names",
            Self::CaBits => "ca-bits",
            Self::Issuer => "issuer",
            Self::Serial => "serial",
            Self::Key => "key",
            Self::Revocation => "revocation",
            Self::Bundle => "bundle",
            Self::Admission => "admission",
            Self::Served => "served",
            Self::Hook => "hook",
            Self::Plan => "plan",
            Self::Webpki => "webpki",
        }
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident $id:literal $severity:ident $aspect:ident,)+) => {
        /// What is judged. The id is stable, and the README has a paragraph on each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $rule,)+ }

        impl Rule {
            /// Every rule, in the order of the reports.
            pub const ALL: &[Self] = &[$(Self::$rule,)+];

            /// As reports and the README name it.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)+ }
            }

            pub const fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            pub const fn aspect(self) -> Aspect {
                match self { $(Self::$rule => Aspect::$aspect,)+ }
            }
        }
    };
}

rules! {
    // The form of one certificate.
    /// The DER is broken, or an extension's content cannot be read.
    Malformed "malformed" Error Form,
    /// A PEM file that only some clients read; a warning where OpenSSL is one of them.
    PemForm "pem-form" Error Form,
    /// Extensions in a version 1 certificate, a version nobody knows, an outer signature algorithm
    /// that is not the inner one.
    Version "version" Error Form,
    /// One extension stands twice.
    DuplicateExtension "duplicate-extension" Error Form,
    /// A critical extension that no verifier here understands.
    CriticalExtension "critical-extension" Error Form,
    /// A rule for issuers (RFC 5280 section 4; with `--strict` also the CA/Browser Forum's) that no
    /// path validation asks about.
    Profile "profile" Warning Form,

    // The chain to the trust anchor (RFC 5280 section 6).
    /// No trust anchor can be reached.
    Chain "chain" Error Chain,
    /// More intermediates than a pathLenConstraint allows.
    PathLength "path-length" Error Chain,
    /// More intermediates than `--max-depth` allows.
    MaxDepth "max-depth" Error Chain,
    /// A name that a CA above does not allow.
    NameConstraints "name-constraints" Error Chain,
    /// The certificate policies do not come out as a CA above requires.
    Policy "policy" Error Chain,
    /// The issuer's key did not make the signature.
    Signature "signature" Error Signature,
    /// Signed with MD5, SHA-1, DSA, or an algorithm that nobody here can verify.
    Algorithm "algorithm" Error Algorithm,
    /// An RSA key under 2048 bits, a curve that TLS clients refuse.
    WeakKey "weak-key" Error Algorithm,
    /// A public key that cannot work: a point off its curve, an RSA exponent of 1, an algorithm that is
    /// not known.
    PublicKey "public-key" Error Algorithm,
    /// A kind of key that a well-known client refuses: Ed25519, P-521.
    KeyType "key-type" Note Algorithm,

    // Time.
    /// notAfter has passed.
    Expired "expired" Error Dates,
    /// notBefore has not come.
    NotYetValid "not-yet-valid" Error Dates,
    /// It ends within `--expires-within`.
    ExpiresSoon "expires-soon" Due Dates,
    /// It ends after its issuer does.
    OutlivesCa "outlives-ca" Warning Dates,
    /// A server certificate over 825 days.
    Lifetime "lifetime" Note Dates,

    // What is asked of a leaf.
    /// extendedKeyUsage does not allow the usage.
    Usage "usage" Error Usage,
    /// keyUsage does not allow what the key does: keyCertSign, cRLSign, digitalSignature.
    KeyUsage "key-usage" Error Usage,
    /// A client's pair that a server could be run with.
    PosesAsServer "poses-as-server" Warning Usage,
    /// No subjectAltName matches the host.
    Host "host" Error Names,
    /// No subjectAltName matches the mailbox.
    Email "email" Error Names,
    /// It is to serve and bears no name that a client could ask for.
    NoNames "no-names" Warning Names,
    /// A name that no client can match.
    UnmatchableName "unmatchable-name" Warning Names,
    /// The name that was dialled is not among the names; nobody asked for it by `--host`.
    DialledName "dialled-name" Note Names,

    // What is asked of issuers.
    /// An issuer that is no CA by its basicConstraints.
    CaBit "ca-bit" Error CaBits,
    /// A CA's certificate that is to be a leaf.
    LeafIsCa "leaf-is-ca" Warning CaBits,
    /// A CA without keyUsage.
    CaKeyUsage "ca-key-usage" Warning CaBits,
    /// The issuer's name and the CA's subject are one text in different octets.
    NameEncoding "name-encoding" Warning Issuer,
    /// A leaf that bears the name of its CA.
    OneSubject "one-subject" Warning Issuer,
    /// No authorityKeyIdentifier.
    AuthorityKeyId "authority-key-id" Warning Issuer,
    /// A leaf that bears the name of its CA and has no authorityKeyIdentifier.
    LooksSelfSigned "looks-self-signed" Error Issuer,
    /// The serial is negative, zero, or longer than 20 octets.
    Serial "serial" Warning Serial,
    /// Two certificates of one issuer bear one serial.
    SerialRepeated "serial-repeated" Error Serial,

    // The private key.
    /// The private key belongs to another certificate.
    Key "key" Error Key,
    /// There is no private key that could be compared.
    KeyMissing "key-missing" Note Key,
    /// Others than its owner can read the private key.
    KeyMode "key-mode" Warning Key,

    // What was asked for besides.
    /// A CRL says that it is revoked.
    Revoked "revoked" Error Revocation,
    /// `--crl` was given, and no list that can be used is there for an issuer.
    Crl "crl" Error Revocation,
    /// A revocation list without crlNumber.
    CrlNumber "crl-number" Note Revocation,
    /// A file with several certificates that are not in the order in which servers send them.
    BundleOrder "bundle-order" Warning Bundle,
    /// A file that has a root or an unrelated certificate besides.
    BundleExtra "bundle-extra" Note Bundle,
    /// No line of `--allow-subject` admits it.
    NotAdmitted "not-admitted" Error Admission,
    /// What is served is not what lies on disk.
    ServedDiffers "served-differs" Error Served,
    /// The hook of `renew --exec` has not succeeded since the renewal.
    HookPending "hook-pending" Due Hook,
    /// Names, usage, key type or lifetime are not those of its entry in the plan.
    PlanDrift "plan-drift" Due Plan,
    /// An entry of the plan has no certificate.
    PlanMissing "plan-missing" Due Plan,
    /// There is a plan without an entry for the identity.
    Unmanaged "unmanaged" Note Plan,
    /// rustls-webpki refuses what RFC 5280 allows.
    Webpki "webpki" Warning Webpki,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
