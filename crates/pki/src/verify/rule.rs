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
        $rule:ident $id:literal $severity:ident $aspect:ident $source:literal $fix:literal,)+) => {
        /// A rule. Its id is stable. `certctl explain RULE` shows its text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $rule,)+ }

        impl Rule {
            /// Every rule, in the order of reports.
            pub const ALL: &[Self] = &[$(Self::$rule,)+];

            /// The id, such as `path-length`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$rule => $id,)+ }
            }

            /// The severity of a violation, unless a finding has its own.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            /// What the rule is about.
            #[must_use]
            pub const fn aspect(self) -> Aspect {
                match self { $(Self::$rule => Aspect::$aspect,)+ }
            }

            /// What breaks the rule, in sentences.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$rule => concat!($($doc,)+).trim_ascii(),)+ }
            }

            /// The section of the standard, or the documentation, that has the rule.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$rule => $source,)+ }
            }

            /// How to fix it: sentences with commands in backquotes; NAME is the identity.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$rule => $fix,)+ }
            }
        }
    };
}

rules! {
    // The form of one certificate.
    /// The DER is malformed, or not of the structure of RFC 5280, in any part of the certificate; or the
    /// file has something broken beside it. OpenSSL or Go do not load it.
    Malformed "malformed" Error Form "X.690; RFC 5280 section 4.1"
        "Issue it again: `certctl renew NAME`. If another CA issued it, ask that CA for a new one.",
    /// The layout of the PEM file is one that only some clients read, such as a blank line in the base64, a
    /// byte order mark or the label TRUSTED CERTIFICATE. It is a warning if OpenSSL, Python and Node read it.
    PemForm "pem-form" Error Form "RFC 7468 section 3"
        "Write the file in the usual form: the hint of the finding has the command.",
    /// The certificate has extensions and is of version 1 or 2, has a version that does not exist, or names
    /// two different signature algorithms.
    Version "version" Error Form "RFC 5280 sections 4.1.1.2 and 4.1.2.1"
        "Issue it again: `certctl renew NAME`.",
    /// Two extensions have the same object identifier.
    DuplicateExtension "duplicate-extension" Error Form "RFC 5280 section 4.2"
        "Issue it again: `certctl renew NAME`.",
    /// A critical extension is not supported by clients.
    CriticalExtension "critical-extension" Error Form "RFC 5280 section 4.2"
        "Issue it again without the extension, or not critical.",
    /// The certificate breaks a rule for issuers that path validation does not check. With `--strict` also
    /// rules of the CA/Browser Forum.
    Profile "profile" Warning Form "RFC 5280 section 4"
        "Issue it again: `certctl renew NAME`. For a CA: `certctl renew ca`.",

    // The chain to the trust anchor (RFC 5280 section 6).
    /// There is no path to a trust anchor: an issuer is missing, or is not the one that `--ca` names.
    Chain "chain" Error Chain "RFC 5280 section 6.1"
        "Name the CA that signed it: `--ca FILE`. The server must send the intermediates, too.",
    /// The trust anchor is an intermediate. Some clients look for its issuer, too.
    PartialChain "partial-chain" Warning Chain "openssl-verification-options(1), -partial_chain"
        "Give clients the root: the server sends the intermediate behind its certificate.",
    /// There are more intermediates than the pathLenConstraint of a CA allows.
    PathLength "path-length" Error Chain "RFC 5280 section 4.2.1.9"
        "Issue it with a CA that is nearer to the root.",
    /// There are more intermediates than `--max-depth` allows.
    MaxDepth "max-depth" Error Chain "RFC 5280 section 6.1"
        "Issue it with a CA that is nearer to the root, or raise `--max-depth`.",
    /// The name constraints of a CA do not allow a name of the certificate.
    NameConstraints "name-constraints" Error Chain "RFC 5280 section 4.2.1.10"
        "Issue it with names that the CA allows, or with another CA.",
    /// The certificate policies are not those that a CA requires.
    Policy "policy" Error Chain "RFC 5280 section 6.1.5"
        "Ask the CA for a certificate with the policy that it requires.",
    /// The key of the issuer does not verify the signature: the certificate was changed, or the CA has
    /// another key under the same name.
    Signature "signature" Error Signature "RFC 5280 section 6.1.3"
        "Name the CA that signed it: `--ca FILE`; or issue it again.",
    /// The signature of the trust anchor does not verify with its own key. Clients do not check it, and the
    /// file can be damaged.
    AnchorSignature "anchor-signature" Warning Signature "RFC 5280 section 6.1.1"
        "Compare the file with the original. For a CA of certctl: `certctl renew ca`.",
    /// The signature is made with MD5, SHA-1 or DSA, or with an algorithm that cannot be verified here.
    Algorithm "algorithm" Error Algorithm "RFC 8446 section 4.2.3"
        "Issue it again: `certctl renew NAME`.",
    /// The key is an RSA key under 2048 bits, a DSA key, or on a curve that TLS does not have.
    WeakKey "weak-key" Error Algorithm "NIST SP 800-131A; RFC 8446 section 4.2.3"
        "Issue it with another key: `certctl renew NAME --key-type ecdsa:p256`.",
    /// The public key cannot work: a point that is not on its curve, an RSA key with an even modulus or an
    /// exponent below 3, or an unknown algorithm.
    PublicKey "public-key" Error Algorithm "RFC 5480; RFC 8017 section 3.1; RFC 8410"
        "Issue it with another key: `certctl renew NAME --key-type ecdsa:p256`.",
    /// A well-known client refuses keys of this type.
    KeyType "key-type" Note Algorithm "RFC 8446 section 4.2.3"
        "If such clients connect: `certctl renew NAME --key-type ecdsa:p256`.",

    // Time.
    /// notAfter has passed.
    Expired "expired" Error Dates "RFC 5280 section 4.1.2.5"
        "Renew it: `certctl renew NAME`. For the CA: `certctl renew ca`.",
    /// notBefore is in the future: the clock or the certificate is wrong.
    NotYetValid "not-yet-valid" Error Dates "RFC 5280 section 4.1.2.5"
        "Compare the clocks of the machines. If they are right, issue it again.",
    /// notAfter is within the expiry window.
    ExpiresSoon "expires-soon" Due Dates "`--expires-within`"
        "Renew it: `certctl renew NAME`. For the CA: `certctl renew ca`.",
    /// notAfter is later than that of the issuer. After that date there is no path.
    OutlivesCa "outlives-ca" Warning Dates "RFC 5280 section 6.1.3"
        "Renew the CA: `certctl renew ca`; or issue it for fewer days.",
    /// A server certificate is valid for more than 825 days.
    Lifetime "lifetime" Note Dates "support.apple.com/103769"
        "If such clients connect: `certctl renew NAME --days 825`.",

    // The leaf.
    /// The extendedKeyUsage of the certificate or of a CA does not allow the usage.
    Usage "usage" Error Usage "RFC 5280 section 4.2.1.12"
        "Issue it for its usage: `certctl renew NAME --usage server`, `client` or `peer`.",
    /// The keyUsage does not allow what the key does: digitalSignature for TLS, keyCertSign for a CA, cRLSign
    /// for a CRL.
    KeyUsage "key-usage" Error Usage "RFC 5280 section 4.2.1.3"
        "Issue it again: `certctl renew NAME`.",
    /// A client certificate allows serverAuth and has a host name: its holder can impersonate that server.
    PosesAsServer "poses-as-server" Warning Usage "RFC 5280 section 4.2.1.12"
        "Issue it for clients alone: `certctl renew NAME --usage client`.",
    /// No SAN matches the host, or only in a way that some clients do not accept.
    Host "host" Error Names "RFC 9525 section 6"
        "Issue it with the name: `certctl renew NAME --san HOST`.",
    /// No SAN matches the email address.
    Email "email" Error Names "RFC 5280 section 7.5"
        "Issue it with the address: `certctl renew NAME --san email:ADDRESS`.",
    /// The certificate has no SAN for its usage: a server certificate without a host name or IP address.
    NoNames "no-names" Warning Names "RFC 9525 section 6"
        "Issue it with its names: `certctl renew NAME --san HOST`.",
    /// A SAN is one that clients cannot match, such as an IP address among the DNS names.
    UnmatchableName "unmatchable-name" Warning Names "RFC 9525 section 6; RFC 1034 section 3.5"
        "Issue it without the name: `certctl renew NAME --san HOST` has the names to keep.",
    /// With `--connect`: the host of the connection is not a SAN, and `--host` is not given.
    ConnectHost "connect-host" Note Names "RFC 9525 section 6"
        "Give the name that clients use: `--host HOST`.",

    // The issuers.
    /// An issuer has no CA:TRUE in its basicConstraints.
    IssuerNotCa "issuer-not-ca" Error CaBits "RFC 5280 section 4.2.1.9"
        "Renew the CA: `certctl renew ca`.",
    /// A certificate that is used by a server or client has CA:TRUE: its key could sign certificates.
    LeafIsCa "leaf-is-ca" Warning CaBits "RFC 5280 section 4.2.1.9"
        "Issue it again: `certctl renew NAME`.",
    /// A CA certificate has no keyUsage.
    CaKeyUsage "ca-key-usage" Warning CaBits "RFC 5280 section 4.2.1.3"
        "Renew the CA: `certctl renew ca`.",
    /// The issuer of the certificate and the subject of the CA are equal text in different octets.
    NameEncoding "name-encoding" Warning Issuer "RFC 5280 sections 4.1.2.4 and 7.1"
        "Issue it again: `certctl renew NAME`.",
    /// The certificate has equal subject and issuer. OpenSSL, curl, Python and Node take it for self-signed if
    /// its authorityKeyIdentifier is missing.
    OneSubject "one-subject" Warning Issuer "RFC 5280 section 3.2"
        "Give the CA another name: the hint of the finding has the commands.",
    /// The certificate has equal subject and issuer, and no authorityKeyIdentifier.
    LooksSelfSigned "looks-self-signed" Error Issuer "RFC 5280 sections 3.2 and 4.2.1.1"
        "Issue it again: `certctl renew NAME`.",
    /// The certificate has no authorityKeyIdentifier, or one that does not match its issuer. The latter is an
    /// error.
    AuthorityKeyId "authority-key-id" Warning Issuer "RFC 5280 section 4.2.1.1"
        "Issue it again: `certctl renew NAME`.",
    /// Several trust anchors have the name of the issuer, and no authorityKeyIdentifier tells which one signed.
    /// Some clients try the first alone, others the last.
    AmbiguousIssuer "ambiguous-issuer" Warning Issuer "RFC 5280 section 4.2.1.1"
        "Issue it again: `certctl renew NAME`; or give clients only the CA that signed it.",
    /// The serial is negative, zero, or longer than 20 octets.
    Serial "serial" Warning Serial "RFC 5280 section 4.1.2.2"
        "Issue it again: `certctl renew NAME`.",
    /// Two certificates of one issuer have the same serial.
    SerialRepeated "serial-repeated" Error Serial "RFC 5280 section 4.1.2.2"
        "Issue one of them again: `certctl renew NAME`.",

    // The private key.
    /// The private key does not match the certificate. Servers do not start with the two.
    Key "key" Error Key "RFC 8446 section 4.4.3"
        "Put the right key back, or issue both again: `certctl renew NAME`.",
    /// No private key is available to compare.
    KeyMissing "key-missing" Note Key "`--key`"
        "Name it: `--key FILE`.",
    /// Other users can read the private key.
    KeyMode "key-mode" Warning Key "chmod(1)"
        "Take the right away: `chmod 600 FILE`.",

    // Other inputs.
    /// A CRL has the serial.
    Revoked "revoked" Error Revocation "RFC 5280 section 6.3"
        "Issue it again with another key: `certctl renew NAME`.",
    /// There are CRLs, and an issuer has none that is usable: signed by it, with cRLSign, and not past
    /// nextUpdate.
    Crl "crl" Error Revocation "RFC 5280 section 6.3"
        "Give the current CRL of each issuer: `--crl FILE`.",
    /// A CRL has no cRLNumber. Of several CRLs the one with the latest thisUpdate counts.
    CrlNumber "crl-number" Note Revocation "RFC 5280 section 5.2.3"
        "Set `crlnumber` in the configuration of `openssl ca`.",
    /// The certificates of a file are not in the order in which servers send them.
    BundleOrder "bundle-order" Warning Bundle "RFC 5246 section 7.4.2; RFC 8446 section 4.4.2"
        "Write each issuer behind the certificate that it signed.",
    /// A file has a trust anchor, an expired or an unrelated certificate besides the chain.
    BundleUnexpected "bundle-unexpected" Note Bundle "RFC 8446 section 4.4.2"
        "Remove the certificate from the file.",
    /// No line of `--allow-subject` allows the certificate: Redis Enterprise refuses the client.
    NotAdmitted "not-admitted" Error Admission "`--allow-subject`"
        "Add the subject to the list, or issue the certificate with a subject of the list.",
    /// With `--connect`: the served certificate differs from the file.
    ServedDiffers "served-differs" Error Served "`--connect`"
        "Reload or restart the service.",
    /// The command after the renewal has not succeeded yet, or a server of `--served` was not seen with the
    /// new certificate. The service can still use the old one.
    HookPending "hook-pending" Due Hook "`renew --exec`"
        "Run the renewal again: `certctl renew`.",
    /// SANs, usage, key type or validity differ from the entry in the plan.
    PlanDrift "plan-drift" Due Plan "certctl.toml"
        "Issue it as the plan says: `certctl renew NAME`.",
    /// An entry of the plan has no certificate.
    PlanMissing "plan-missing" Due Plan "certctl.toml"
        "Issue it: `certctl gen`.",
    /// The plan has no entry for the certificate.
    Unmanaged "unmanaged" Note Plan "certctl.toml"
        "Add an entry `[[certificate]]`, or remove the files.",
    /// rustls-webpki refuses what RFC 5280 allows: clients and servers on rustls, such as Qdrant, refuse it.
    Webpki "webpki" Warning Webpki "docs.rs/rustls-webpki"
        "Issue it again: `certctl renew NAME`.",
}

impl Rule {
    /// The first sentence of the meaning, without its full stop.
    #[must_use]
    pub fn summary(self) -> &'static str {
        let meaning = self.meaning();
        let (first, _) = meaning.split_once(". ").unwrap_or((meaning, ""));
        first.trim_end_matches('.')
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
