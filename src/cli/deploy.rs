//! The flags of `k8s` and `export`.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueHint};

use super::format::one_of;
use crate::{
    deploy::kubernetes::{
        metadata::{Annotation, Label, Namespace, ObjectName},
        secret::SecretType,
        secret_files::FileEntry,
    },
    store::{IdentityName, parse_existing},
};

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ManifestCommand {
    /// Print a Secret with the files of an identity, as `kubectl create secret` does
    Secret(SecretArgs),
    /// Print the CA as a Secret, a cert-manager Issuer, and a Certificate for each identity
    Issuer(IssuerArgs),
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "With --type tls, the chain is in order: the certificate of the key \
                       first, without the root.
The Secret never contains the private key of the \
                       CA.")]
pub(crate) struct SecretArgs {
    /// Identity whose files the Secret contains [default: server]
    #[arg(value_name = "NAME", conflicts_with_all = ["files", "all"], value_parser = parse_existing)]
    pub(crate) identity: Option<IdentityName>,

    /// Name of the Secret; with --all the prefix before each identity [default: certs]
    #[arg(long, value_name = "SECRET")]
    pub(crate) name: Option<ObjectName>,

    /// Namespace of the Secret [default: that of kubectl]
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<Namespace>,

    /// Names of its keys: `generic` NAME.pem, NAME.key, ca.pem; `tls` tls.crt, tls.key, ca.crt
    #[arg(long = "type", value_name = "TYPE", default_value = "generic", value_parser = one_of(SECRET_TYPES))]
    pub(crate) kind: SecretType,

    /// File to store instead, under its own name or as KEY; repeats
    #[arg(long = "file", value_name = "[KEY=]PATH", value_hint = ValueHint::FilePath, conflicts_with = "all")]
    pub(crate) files: Vec<FileEntry>,

    /// Print a Secret for each identity: of the plan, or else of the directory
    #[arg(long)]
    pub(crate) all: bool,

    /// Label; repeats
    #[arg(long = "label", value_name = "KEY=VALUE")]
    pub(crate) labels: Vec<Label>,

    /// Annotation; repeats
    #[arg(long = "annotation", value_name = "KEY=VALUE")]
    pub(crate) annotations: Vec<Annotation>,
}

const SECRET_TYPES: &[(&str, SecretType, &str)] = &[
    ("generic", SecretType::Generic, "The files under their own names (`Opaque`)"),
    ("tls", SecretType::Tls, "What Ingress and cert-manager read (`kubernetes.io/tls`)"),
];

#[derive(Clone, Debug, Args)]
#[command(after_help = "The manifest contains the private key of the CA: certctl writes it only \
                       to a file (--out-file, mode 0600).")]
pub(crate) struct IssuerArgs {
    /// Name of the issuer, and of the Secret with the CA
    #[arg(long, value_name = "NAME", default_value = "certctl-ca")]
    pub(crate) name: ObjectName,

    /// Print a ClusterIssuer, for all namespaces
    #[arg(long)]
    pub(crate) cluster: bool,

    /// Namespace; with --cluster that of the CA's Secret [default: kubectl's; with --cluster cert-manager]
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<Namespace>,
}

#[derive(Clone, Debug, Args)]
#[command(group(clap::ArgGroup::new("target").required(true).args(["to", "p12"])))]
pub(crate) struct ExportArgs {
    /// Identity to copy
    #[arg(value_name = "NAME", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// Copy NAME.pem, NAME.key and ca.pem into this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) to: Option<PathBuf>,

    /// Group that may read the key, by name or number [default: that of the old file, or your own]
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,

    /// Mode of the key, octal: 0600, 0640, 0400 or 0440 [default: that of the old file, or 0600;
    /// with --group 0640]
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<KeyMode>,

    /// Write a PKCS#12 file with the key, the certificate and its chain
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) p12: Option<PathBuf>,

    /// File whose first line is the password of the PKCS#12 file [default: ask]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "to")]
    pub(crate) password_file: Option<PathBuf>,
}

/// The mode of a private key file: the owner can read it, the group may read it, other users have no access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyMode(pub(crate) u32);

impl FromStr for KeyMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let octal = text.len() <= 5 && text.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
        let mode = u32::from_str_radix(text, 8).ok().filter(|_| octal);
        let Some(mode) = mode else {
            return Err(format!("`{}` is not an octal mode, such as 0640", text.escape_debug()));
        };
        let fault = match mode {
            mode if mode & 0o007 != 0 => "users other than its owner and group could use the key",
            mode if mode & 0o020 != 0 => "its group could exchange the key",
            mode if mode & !0o640 != 0 => "a key must not be executable",
            mode if mode & 0o400 == 0 => "its owner could not read it",
            mode => return Ok(Self(mode)),
        };
        Err(format!("`{text}`: {fault}; use 0600, 0640, 0400 or 0440"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_its_owner_and_for_its_group_to_read() {
        for (text, mode) in [("0600", 0o600), ("640", 0o640), ("0400", 0o400), ("00440", 0o440)] {
            assert_eq!(text.parse(), Ok(KeyMode(mode)), "{text}");
        }
        let refused = [
            ("0644", "users other than"),
            ("0660", "its group could exchange"),
            ("0641", "users other than"),
            ("0740", "not be executable"),
            ("4600", "not be executable"),
            ("0650", "not be executable"),
            ("0040", "its owner could not"),
            ("0200", "its owner could not"),
            ("0", "its owner could not"),
            ("", "not an octal mode"),
            ("u=rw", "not an octal mode"),
            ("0680", "not an octal mode"),
            ("+600", "not an octal mode"),
            ("0o600", "not an octal mode"),
            ("00000000600", "not an octal mode"),
        ];
        for (text, reason) in refused {
            let error = text.parse::<KeyMode>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
