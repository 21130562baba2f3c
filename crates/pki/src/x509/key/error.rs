//! Errors of keys, and the commands that fix them.

use std::fmt;

/// Why a key cannot be read, generated or used. The text follows the name of the file, and has no
/// octet of a private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The file is empty.
    #[error("is empty")]
    Empty,
    /// The content is neither PEM nor DER.
    #[error("is neither PEM nor DER")]
    NeitherPemNorDer,
    /// The content is something else.
    #[error("holds {found}, no private key")]
    NoPrivateKey {
        /// What it is, such as `a certificate`.
        found: String,
    },
    /// The key is encrypted with a password.
    #[error("holds an encrypted private key")]
    Encrypted {
        /// Whether it is encrypted PKCS#8 (RFC 5958 section 3), else the older form of OpenSSL.
        pkcs8: bool,
    },
    /// The key is in the format of OpenSSH.
    #[error("holds an OpenSSH private key")]
    OpenSsh,
    /// The type of the key is not supported.
    #[error("holds a key of the kind {kind}, which is not supported")]
    Unsupported {
        /// The type, as [`super::PublicKeyType`] writes it.
        kind: String,
    },
    /// The size of the RSA key is not supported.
    #[error("holds an rsa:{bits} key: the sizes supported are 2048, 3072 and 4096 bits")]
    RsaSize {
        /// The bits of the modulus.
        bits: u32,
    },
    /// The public exponent of the RSA key is below 65537, which ring refuses.
    #[error("holds an RSA key with the public exponent {exponent}, below 65537")]
    RsaExponent {
        /// The public exponent.
        exponent: u64,
    },
    /// The curve is given by its parameters, not by its object identifier (RFC 5480 section 2.1.1).
    #[error("holds an EC key that spells out its curve instead of naming it")]
    ExplicitCurve,
    /// The EC key has no public key, which ring requires.
    #[error("holds an EC key without its public key")]
    NoPublicPart,
    /// The public key of the EC key is a compressed point (SEC 1 section 2.3.3).
    #[error("holds an EC key whose public key is compressed")]
    CompressedPoint,
    /// The END line of the PEM block is missing.
    #[error("lacks the line `-----END {label}-----`")]
    MissingEnd {
        /// The label of the block, such as `PRIVATE KEY`.
        label: String,
    },
    /// The PEM block is malformed.
    #[error("holds a private key that is not valid PEM")]
    MalformedPem,
    /// The DER is malformed or cut off.
    #[error("holds a private key that is malformed or cut off")]
    Malformed,
    /// The parts of the key do not match, or are out of range.
    #[error("holds a private key whose parts do not fit together or are out of range")]
    Inconsistent,
    /// The `SubjectPublicKeyInfo` is malformed.
    #[error("holds a malformed public key")]
    MalformedPublic,
    /// The operating system has no random numbers.
    #[error("the operating system gave no randomness")]
    Randomness,
    /// The key was not generated.
    #[error("the key could not be made")]
    Generation,
    /// ring does not sign with the key.
    #[error("the key could not sign: its parts may not fit together")]
    Signing,
}

impl KeyError {
    /// The openssl or ssh-keygen command that converts the key in the file `old` to the file `new`, both
    /// quoted for a shell if necessary; `None` if no command converts it.
    #[must_use]
    pub fn conversion(&self, old: &str, new: &str) -> Option<String> {
        Some(match self {
            Self::Encrypted { pkcs8: true } => format!("openssl pkcs8 -in {old} -out {new}"),
            Self::Encrypted { pkcs8: false } => {
                format!("openssl pkcs8 -topk8 -nocrypt -in {old} -out {new}")
            }
            Self::OpenSsh => format!("cp {old} {new} && ssh-keygen -p -m PKCS8 -N '' -f {new}"),
            Self::ExplicitCurve => {
                format!("openssl ec -in {old} -param_enc named_curve -out {new}")
            }
            Self::NoPublicPart => format!("openssl ec -in {old} -out {new}"),
            Self::CompressedPoint => {
                format!("openssl ec -in {old} -conv_form uncompressed -out {new}")
            }
            _ => return None,
        })
    }

    pub(super) fn unsupported(kind: impl fmt::Display) -> Self {
        Self::Unsupported { kind: kind.to_string() }
    }
}
