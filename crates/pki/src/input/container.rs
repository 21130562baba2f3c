//! The formats that hold certificates, and that certctl does not read.

use std::fmt;

/// A format that has or may have certificates, and that certctl cannot read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A Java keystore of type JKS.
    Jks,
    /// A Java keystore of type JCEKS.
    Jceks,
    /// A certificate database of NSS, in SQLite.
    Nss,
    /// PKCS#7 (RFC 2315) in PEM.
    Pkcs7Pem,
    /// PKCS#7 (RFC 2315) in DER.
    Pkcs7Der,
    /// PKCS#12, in a build without the feature `pkcs12`.
    Pkcs12NotBuilt,
    /// A file encrypted with SOPS.
    Sops,
    /// A file encrypted with age.
    Age,
    /// A SealedSecret: a Secret encrypted for one cluster.
    SealedSecret,
    /// PEM or a manifest in UTF-16 or UTF-32; the name that `iconv` has for the encoding.
    WideText(&'static str),
}

impl Container {
    /// A hint with a command that converts `file` to a format that certctl reads. `file` is an argument
    /// for a shell, quoted if necessary.
    #[must_use]
    pub fn conversion(self, file: &str) -> String {
        match self {
            Self::Jks | Self::Jceks => format!(
                "convert it: `keytool -importkeystore -srckeystore {file} -destkeystore \
                {file}.p12 -deststoretype PKCS12`"
            ),
            Self::Nss => format!(
                "export the certificates: `certutil -L -d sql:$(dirname {file})` lists them"
            ),
            Self::Pkcs7Pem => {
                format!("convert it: `openssl pkcs7 -in {file} -print_certs -out {file}.pem`")
            }
            Self::Pkcs7Der => format!(
                "convert it: `openssl pkcs7 -inform DER -in {file} -print_certs -out {file}.pem`"
            ),
            Self::Pkcs12NotBuilt => {
                format!("convert it: `openssl pkcs12 -in {file} -nokeys -out {file}.pem`")
            }
            Self::Sops => {
                format!("decrypt it into a pipe: `sops decrypt {file} | certctl inspect -`")
            }
            Self::Age => {
                format!("decrypt it into a pipe: `age -d -i KEYFILE {file} | certctl inspect -`")
            }
            Self::SealedSecret => {
                "read the Secret that the cluster created from it: `kubectl get secret NAME -o \
                json | certctl inspect -`"
                    .to_owned()
            }
            Self::WideText(encoding) => {
                format!("convert it: `iconv -f {encoding} -t UTF-8 {file} > {file}.utf8`")
            }
        }
    }
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jks => "a Java keystore (JKS)",
            Self::Jceks => "a Java keystore (JCEKS)",
            Self::Nss => "a certificate database of NSS (SQLite)",
            Self::Pkcs7Pem | Self::Pkcs7Der => "a PKCS#7 file",
            Self::Pkcs12NotBuilt => "a PKCS#12 file, which this build of certctl leaves out",
            Self::Sops => "a file encrypted with SOPS",
            Self::Age => "a file encrypted with age",
            Self::SealedSecret => "a SealedSecret, encrypted for its cluster",
            Self::WideText(encoding) => wide_name(encoding),
        })
    }
}

/// What a message calls the encoding of a text in UTF-16 or UTF-32.
pub(super) fn wide_name(encoding: &str) -> &'static str {
    if encoding.starts_with("UTF-32") { "text in UTF-32" } else { "text in UTF-16" }
}
