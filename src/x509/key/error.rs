//! Why there is no key, and the command that helps.

use std::fmt;

/// Why there is no key. The text goes on after the name of the file, and holds no byte of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("is empty")]
    Empty,
    #[error("is neither PEM nor DER")]
    NeitherPemNorDer,
    #[error("holds {found}, no private key")]
    NoPrivateKey { found: String },
    #[error("holds an encrypted private key")]
    Encrypted { pkcs8: bool },
    #[error("holds an OpenSSH private key")]
    OpenSsh,
    #[error("holds a key of the kind {kind}, which is not supported")]
    Unsupported { kind: String },
    #[error("holds an rsa:{bits} key: the sizes supported are 2048, 3072 and 4096 bits")]
    RsaSize { bits: u32 },
    #[error("holds an RSA key with the public exponent {exponent}, below 65537")]
    RsaExponent { exponent: u64 },
    #[error("holds an EC key that spells out its curve instead of naming it")]
    ExplicitCurve,
    #[error("holds an EC key without its public key")]
    NoPublicPart,
    #[error("holds an EC key whose public key is compressed")]
    CompressedPoint,
    #[error("lacks the line `-----END {label}-----`")]
    MissingEnd { label: String },
    #[error("holds a private key that is not valid PEM")]
    MalformedPem,
    #[error("holds a private key that is malformed or cut off")]
    Malformed,
    #[error("holds a private key whose parts do not fit together or are out of range")]
    Inconsistent,
    #[error("holds a malformed public key")]
    MalformedPublic,
    #[error("the operating system gave no randomness")]
    Randomness,
    #[error("the key could not be made")]
    Generation,
    #[error("the key could not sign: its parts may not fit together")]
    Signing,
}

impl KeyError {
    /// The command that helps, with `FILE` and `NEW` for the names of the old and the new file.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let command = match self {
            Self::Encrypted { pkcs8: true } => "openssl pkcs8 -in FILE -out NEW",
            Self::Encrypted { pkcs8: false } => "openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW",
            Self::OpenSsh => "cp FILE NEW && ssh-keygen -p -m PKCS8 -N '' -f NEW",
            Self::ExplicitCurve => "openssl ec -in FILE -param_enc named_curve -out NEW",
            Self::NoPublicPart => "openssl ec -in FILE -out NEW",
            Self::CompressedPoint => "openssl ec -in FILE -conv_form uncompressed -out NEW",
            _ => return None,
        };
        Some(command.into())
    }

    pub(super) fn unsupported(kind: impl fmt::Display) -> Self {
        Self::Unsupported { kind: kind.to_string() }
    }
}
