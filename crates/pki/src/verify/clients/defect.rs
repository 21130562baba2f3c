//! The defects: what can be wrong with a certificate, as clients tell it apart.

use crate::verify::rule::Rule;

macro_rules! defects {
    ($(#[doc = $doc:literal] $defect:ident $id:literal $rule:ident,)+) => {
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
                match self { $(Self::$defect => $doc.trim_ascii(),)+ }
            }
        }
    };
}

defects! {
    /// The DER or the structure is malformed.
    Malformed "malformed" Malformed,
    /// The layout of the PEM file is one that only some clients read.
    PemForm "pem-form" PemForm,
    /// The version is none that exists.
    UnknownVersion "version/unknown" Version,
    /// A certificate of version 1 or 2 has extensions.
    OldVersionExtensions "version/extensions" Version,
    /// The signature algorithm outside differs from that in what is signed.
    AlgorithmsDiffer "version/algorithms" Version,
    /// Two extensions have the same object identifier.
    DuplicateExtension "duplicate-extension" DuplicateExtension,
    /// The leaf or an intermediate has a critical extension that clients do not support.
    CriticalExtension "critical-extension" CriticalExtension,
    /// The trust anchor has a critical extension that clients do not support.
    AnchorCriticalExtension "critical-extension/anchor" CriticalExtension,
    /// Another rule for issuers is broken.
    Profile "profile" Profile,
    /// The certificate has critical certificate policies.
    CriticalPolicies "profile/critical-policies" Profile,
    /// The certificate has critical CRL distribution points.
    CriticalCrlPoints "profile/critical-crl-points" Profile,
    /// The certificate has a critical issuerAltName.
    CriticalIssuerAltName "critical-extension/issuer-alt-name" CriticalExtension,
    /// A CA certificate has policyConstraints, which must be critical.
    PolicyConstraints "profile/policy-constraints" Profile,
    /// A CA certificate has inhibitAnyPolicy, which must be critical.
    InhibitAnyPolicy "profile/inhibit-any-policy" Profile,
    /// A CA certificate has critical policyMappings.
    PolicyMappings "profile/policy-mappings" Profile,
    /// A CA certificate has critical nameConstraints with a directoryName.
    DirectoryConstraint "profile/directory-constraint" Profile,
    /// A CA certificate has critical nameConstraints with a registeredID, an otherName or an older form.
    ForeignConstraint "profile/foreign-constraint" Profile,
    /// A CA certificate has nameConstraints with a DNS name that begins with a dot.
    DotConstraint "profile/dot-constraint" Profile,
    /// A CA has the TLS feature extension (`must staple`).
    TlsFeature "profile/tls-feature" Profile,
    /// An RSA signature algorithm has no parameters, and RFC 4055 requires NULL.
    AlgorithmParameters "profile/algorithm-parameters" Profile,
    /// A name has `*` in a PrintableString.
    PrintableStar "profile/printable-star" Profile,
    /// The subjectAltName has an x400Address or ediPartyName.
    OldNames "profile/old-names" Profile,
    /// A certificate with CA:TRUE has a pathLenConstraint, and its keyUsage has no keyCertSign.
    PathLengthUsage "profile/path-length-usage" Profile,
    /// The authorityKeyIdentifier is critical.
    CriticalAuthorityKeyId "profile/critical-authority-key-id" Profile,
    /// The subjectKeyIdentifier is critical.
    CriticalSubjectKeyId "profile/critical-subject-key-id" Profile,
    /// The authorityInfoAccess is critical.
    CriticalInfoAccess "critical-extension/info-access" CriticalExtension,
    /// The basicConstraints of a CA are not critical.
    ConstraintsNotCritical "profile/basic-constraints" Profile,
    /// The subject is empty, and the subjectAltName is not critical.
    SanNotCritical "profile/san-not-critical" Profile,
    /// There is a subject, and the subjectAltName is critical.
    SanCritical "profile/san-critical" Profile,
    /// The extendedKeyUsage is critical.
    UsageCritical "profile/usage-critical" Profile,
    /// The subjectAltName has no name.
    EmptySan "profile/empty-san" Profile,
    /// The subject has an attribute with an empty value.
    EmptyAttribute "profile/empty-attribute" Profile,
    /// The authorityKeyIdentifier has no keyIdentifier.
    NoKeyIdentifier "profile/no-key-identifier" Profile,
    /// The authorityKeyIdentifier of an intermediate has no keyIdentifier.
    NoKeyIdentifierCa "profile/no-key-identifier-ca" Profile,
    /// The authorityKeyIdentifier of a root has no keyIdentifier.
    NoKeyIdentifierRoot "profile/no-key-identifier-root" Profile,
    /// A CA has no subjectKeyIdentifier.
    CaKeyIdMissing "profile/ca-key-id" Profile,
    /// The keyUsage has no digitalSignature, which TLS 1.3 requires.
    NoDigitalSignature "profile/digital-signature" Profile,
    /// The keyUsage of a certificate that is not a CA has keyCertSign.
    LeafSigns "profile/key-cert-sign" Profile,
    /// A certificate that is not a CA has a pathLenConstraint.
    LeafPathLength "profile/path-length" Profile,
    /// A certificate that is not a CA has nameConstraints.
    LeafConstraints "profile/leaf-constraints" Profile,
    /// A value that is the default is written out.
    DefaultWritten "profile/default" Profile,
    /// Several attributes in one RDN are not in the order of DER.
    SetOrder "profile/set-order" Profile,
    /// A date before 2050 is a GeneralizedTime.
    EarlyGeneralizedTime "profile/generalized-time" Profile,
    /// There is no path to a trust anchor.
    Chain "chain" Chain,
    /// The trust anchor is not self-signed: an intermediate without its root.
    PartialChain "partial-chain" PartialChain,
    /// There are more intermediates than the caller allows.
    MaxDepth "max-depth" MaxDepth,
    /// An intermediate has more intermediates below it than its pathLenConstraint allows.
    PathLength "path-length" PathLength,
    /// The trust anchor has more intermediates below it than its pathLenConstraint allows.
    AnchorPathLength "path-length/anchor" PathLength,
    /// An intermediate has nameConstraints that do not allow a DNS name or an IP address.
    NameConstraints "name-constraints" NameConstraints,
    /// The trust anchor has nameConstraints that do not allow a DNS name or an IP address.
    AnchorNameConstraints "name-constraints/anchor" NameConstraints,
    /// A CA has nameConstraints that do not allow a name of another form, such as a directoryName.
    OtherNameConstraints "name-constraints/other" NameConstraints,
    /// The trust anchor is self-issued, and its authorityKeyIdentifier is not its own key.
    AnchorKeyId "partial-chain/key-id" PartialChain,
    /// The leaf itself is the trust anchor, and is not self-signed.
    LeafIsAnchor "partial-chain/leaf" PartialChain,
    /// A CA requires a certificate policy that the certificates below it do not have.
    Policy "policy" Policy,
    /// The key of the issuer does not verify the signature.
    Signature "signature" Signature,
    /// The signature of the trust anchor does not verify with its own key.
    AnchorSignature "anchor-signature" AnchorSignature,
    /// The signature is made with another algorithm that is weak or not supported.
    Algorithm "algorithm" Algorithm,
    /// The signature is made with SHA-1.
    Sha1 "algorithm/sha1" Algorithm,
    /// The signature is made with MD5.
    Md5 "algorithm/md5" Algorithm,
    /// The signature is made with SHA-224.
    Sha224 "algorithm/sha224" Algorithm,
    /// The signature is made with Ed448.
    Ed448Signature "algorithm/ed448" Algorithm,
    /// The signature is made with a key on P-521, or with SHA-512 and a key on P-256 or P-384.
    BeyondRing "algorithm/ecdsa" Algorithm,
    /// The signature is made with ML-DSA.
    MlDsaSignature "algorithm/ml-dsa" Algorithm,
    /// The signature is made with RSASSA-PSS and parameters that TLS does not have.
    PssParameters "algorithm/pss" Algorithm,
    /// The public key cannot work.
    PublicKey "public-key" PublicKey,
    /// The key is a DSA key.
    Dsa "weak-key/dsa" WeakKey,
    /// The leaf has an RSA key under 2048 bits.
    ShortRsa "weak-key/rsa" WeakKey,
    /// A CA has an RSA key under 2048 bits.
    ShortRsaCa "weak-key/rsa-ca" WeakKey,
    /// The key is on a curve that TLS 1.3 does not have.
    OtherCurve "weak-key/curve" WeakKey,
    /// The leaf has an Ed25519 key.
    Ed25519 "key-type/ed25519" KeyType,
    /// A CA has an Ed25519 key.
    Ed25519Ca "key-type/ed25519-ca" KeyType,
    /// The leaf has an Ed448 key.
    Ed448 "key-type/ed448" KeyType,
    /// The leaf has a key on P-521.
    P521 "key-type/p521" KeyType,
    /// The leaf has an ML-DSA key.
    MlDsa "key-type/ml-dsa" KeyType,
    /// The leaf or an intermediate has expired.
    Expired "expired" Expired,
    /// The trust anchor has expired.
    AnchorExpired "expired/anchor" Expired,
    /// The leaf or an intermediate is not valid yet.
    NotYetValid "not-yet-valid" NotYetValid,
    /// The trust anchor is not valid yet.
    AnchorNotYetValid "not-yet-valid/anchor" NotYetValid,
    /// notAfter is within the expiry window.
    ExpiresSoon "expires-soon" ExpiresSoon,
    /// notAfter is later than that of the issuer.
    OutlivesCa "outlives-ca" OutlivesCa,
    /// A server certificate is valid for more than 825 days.
    Lifetime "lifetime" Lifetime,
    /// The extendedKeyUsage of a server has no serverAuth.
    ServerUsage "usage/server" Usage,
    /// The extendedKeyUsage of a client has no clientAuth.
    ClientUsage "usage/client" Usage,
    /// The extendedKeyUsage of a leaf has no usage at all.
    EmptyUsage "usage/empty" Usage,
    /// The extendedKeyUsage of a server has anyExtendedKeyUsage and no serverAuth.
    AnyUsage "usage/any" Usage,
    /// The extendedKeyUsage of a client has anyExtendedKeyUsage and no clientAuth.
    AnyUsageClient "usage/any-client" Usage,
    /// The extendedKeyUsage of an intermediate does not allow the usage of the leaf.
    IssuerUsage "usage/intermediate" Usage,
    /// The extendedKeyUsage of a CA has anyExtendedKeyUsage, and neither serverAuth nor clientAuth.
    AnyUsageIssuer "usage/any-issuer" Usage,
    /// The netscape-cert-type does not allow the usage.
    NetscapeType "usage/netscape" Usage,
    /// The extendedKeyUsage of the trust anchor does not allow the usage of the leaf.
    AnchorUsage "usage/anchor" Usage,
    /// The keyUsage of a server has neither digitalSignature nor keyEncipherment.
    ServerKeyUsage "key-usage/server" KeyUsage,
    /// The keyUsage of a client has no digitalSignature.
    ClientKeyUsage "key-usage/client" KeyUsage,
    /// The keyUsage of an intermediate has no keyCertSign.
    IssuerKeyUsage "key-usage/intermediate" KeyUsage,
    /// The keyUsage of the trust anchor has no keyCertSign.
    AnchorKeyUsage "key-usage/anchor" KeyUsage,
    /// No SAN and no common name matches the host.
    Host "host" Host,
    /// A client certificate allows serverAuth and has a host name.
    PosesAsServer "poses-as-server" PosesAsServer,
    /// No SAN matches the email address.
    Email "email" Email,
    /// The host of the connection is not a SAN.
    ConnectHost "connect-host" ConnectHost,
    /// A DNS name of the SAN is an IP address.
    AddressAsDns "unmatchable-name/address" UnmatchableName,
    /// A SAN has a wildcard with one label behind it, such as `*.internal`.
    WideWildcard "unmatchable-name/wide-wildcard" UnmatchableName,
    /// A SAN has a wildcard within the left-most label, such as `f*.example.com`.
    PartialWildcard "unmatchable-name/partial-wildcard" UnmatchableName,
    /// A SAN has a wildcard behind the left-most label, such as `a.*.example.com`.
    InnerWildcard "unmatchable-name/inner-wildcard" UnmatchableName,
    /// A SAN ends in a dot.
    TrailingDot "unmatchable-name/dot" UnmatchableName,
    /// A SAN is one that clients cannot match.
    UnmatchableName "unmatchable-name" UnmatchableName,
    /// No SAN is the IP address.
    HostAddress "host/address" Host,
    /// No SAN is a host name, and the common name matches the host.
    HostCommonName "host/common-name" Host,
    /// No SAN is an IP address, and the common name is the IP address.
    HostAddressCommonName "host/address-common-name" Host,
    /// A wildcard with one label behind it, such as `*.internal`, would match the host.
    HostWideWildcard "host/wide-wildcard" Host,
    /// A wildcard within the left-most label, such as `f*.example.com`, would match the host.
    HostPartialWildcard "host/partial-wildcard" Host,
    /// A wildcard behind the left-most label, such as `a.*.example.com`, would match the host.
    HostInnerWildcard "host/inner-wildcard" Host,
    /// A SAN is the host with a dot at its end.
    HostDotInSan "host/dot-in-san" Host,
    /// The host has a dot at its end, and the SAN has none.
    HostDot "host/dot" Host,
    /// A host name has an underscore.
    Underscore "unmatchable-name/underscore" UnmatchableName,
    /// A server certificate has no host name or IP address as a SAN.
    NoNames "no-names" NoNames,
    /// A wildcard has an underscore behind it.
    WildcardUnderscore "unmatchable-name/wildcard-underscore" UnmatchableName,
    /// A SAN is empty.
    EmptyName "unmatchable-name/empty" UnmatchableName,
    /// A client certificate has no subjectAltName.
    ClientNoSan "no-names/client" NoNames,
    /// An intermediate has no CA:TRUE.
    IssuerNotCa "issuer-not-ca" IssuerNotCa,
    /// The trust anchor has CA:FALSE.
    AnchorNotCa "issuer-not-ca/anchor" IssuerNotCa,
    /// The trust anchor has no basicConstraints.
    AnchorNoConstraints "issuer-not-ca/anchor-absent" IssuerNotCa,
    /// A leaf has CA:TRUE.
    LeafIsCa "leaf-is-ca" LeafIsCa,
    /// A CA has no keyUsage.
    CaKeyUsage "ca-key-usage" CaKeyUsage,
    /// The issuer and the subject of the CA are equal text in different octets.
    NameEncoding "name-encoding" NameEncoding,
    /// The leaf has equal subject and issuer, and an authorityKeyIdentifier.
    OneSubject "one-subject" OneSubject,
    /// The leaf has equal subject and issuer, and no authorityKeyIdentifier.
    LooksSelfSigned "looks-self-signed" LooksSelfSigned,
    /// There is no authorityKeyIdentifier.
    AuthorityKeyId "authority-key-id" AuthorityKeyId,
    /// The keyIdentifier of the authorityKeyIdentifier is not that of the issuer.
    OtherKeyId "authority-key-id/other-key" AuthorityKeyId,
    /// The issuer or the serial of the authorityKeyIdentifier is not that of the issuer's certificate.
    OtherIssuerSerial "authority-key-id/other-serial" AuthorityKeyId,
    /// Without an authorityKeyIdentifier, another CA of that name comes first among the trust anchors.
    OtherCaFirst "ambiguous-issuer/first" AmbiguousIssuer,
    /// Without an authorityKeyIdentifier, another CA of that name comes last among the trust anchors.
    OtherCaLast "ambiguous-issuer/last" AmbiguousIssuer,
    /// The serial is empty, or not in the shortest form.
    Serial "serial" Serial,
    /// The serial is negative.
    NegativeSerial "serial/negative" Serial,
    /// The serial is zero.
    ZeroSerial "serial/zero" Serial,
    /// The serial has 21 octets.
    LongSerial "serial/long" Serial,
    /// The serial has more than 21 octets.
    VeryLongSerial "serial/over-21-octets" Serial,
    /// Two certificates of one issuer have the same serial.
    SerialRepeated "serial-repeated" SerialRepeated,
    /// The private key does not match the certificate.
    Key "key" Key,
    /// No private key is available to compare.
    KeyMissing "key-missing" KeyMissing,
    /// Other users can read the private key.
    KeyMode "key-mode" KeyMode,
    /// A file has a trust anchor or an unrelated certificate besides the chain.
    BundleUnexpected "bundle-unexpected" BundleUnexpected,
    /// A file has an expired certificate of an issuer before the valid one.
    ExpiredInBundle "bundle-unexpected/expired-first" BundleUnexpected,
    /// A file has the issuers in the wrong order.
    BundleOrder "bundle-order" BundleOrder,
    /// A CRL has the serial.
    Revoked "revoked" Revoked,
    /// There are CRLs, and an issuer has none that is usable.
    Crl "crl" Crl,
    /// A CRL has no cRLNumber.
    CrlNumber "crl-number" CrlNumber,
    /// No allowed subject matches.
    NotAdmitted "not-admitted" NotAdmitted,
    /// The served certificate differs from the file.
    ServedDiffers "served-differs" ServedDiffers,
    /// No file has the served certificate, and several or none have its key or its names.
    ServedAmbiguous "served-ambiguous" ServedAmbiguous,
    /// The command after the renewal has not succeeded yet.
    HookPending "hook-pending" HookPending,
    /// The certificate differs from the entry in the plan.
    PlanDrift "plan-drift" PlanDrift,
    /// An entry of the plan has no certificate.
    PlanMissing "plan-missing" PlanMissing,
    /// The plan has no entry for the certificate.
    Unmanaged "unmanaged" Unmanaged,
    /// rustls-webpki refuses what RFC 5280 allows.
    Webpki "webpki" Webpki,
}
