//! The flags of the commands that hand certificates on: `k8s`, `export`.
use crate::{
    deploy::kubernetes::metadata::{Annotation, DataKey, Label, Namespace, ObjectName},
    issue::identity::{IdentityName, parse_existing},
};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use std::{path::PathBuf, str::FromStr};

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ManifestCommand {
    /// A Secret with the files of an identity, as `kubectl create secret` makes it
    Secret(SecretArgs),
    /// The CA as a Secret, an Issuer of cert-manager, and a Certificate for each identity
    Issuer(IssuerArgs),
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
With --type tls a chain is put in order, the certificate of the key first, and its root left out.
The CA's private key goes into no Secret.")]
pub(crate) struct SecretArgs {
    /// The identity whose files go into it [default: server]
    #[arg(value_name = "NAME", conflicts_with_all = ["files", "all"], value_parser = parse_existing)]
    pub(crate) identity: Option<IdentityName>,

    /// What the Secret is called; with --all what stands before each identity [default: certs]
    #[arg(long, value_name = "SECRET")]
    pub(crate) name: Option<ObjectName>,

    /// The namespace it is for [default: that of kubectl]
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<Namespace>,

    /// What its keys are: `generic` NAME.pem, NAME.key, ca.pem; `tls` tls.crt, tls.key, ca.crt
    #[arg(long = "type", value_name = "TYPE", default_value = "generic")]
    pub(crate) kind: SecretType,

    /// A file to put into it instead, under its own name or another; repeats
    #[arg(long = "file", value_name = "[KEY=]PATH", value_hint = ValueHint::FilePath, conflicts_with = "all")]
    pub(crate) files: Vec<FileEntry>,

    /// A Secret for each identity: of the plan, or else of the directory
    #[arg(long)]
    pub(crate) all: bool,

    /// A label; repeats
    #[arg(long = "label", value_name = "KEY=VALUE")]
    pub(crate) labels: Vec<Label>,

    /// An annotation; repeats
    #[arg(long = "annotation", value_name = "KEY=VALUE")]
    pub(crate) annotations: Vec<Annotation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecretType {
    /// The files under their own names (`Opaque`).
    Generic,
    /// What Ingress and cert-manager read (`kubernetes.io/tls`).
    Tls,
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The manifest holds the CA's private key: it goes into a file of mode 0600 (--out-file), nowhere else.")]
pub(crate) struct IssuerArgs {
    /// What the issuer, and the Secret with the CA, are called
    #[arg(long, value_name = "NAME", default_value = "certctl-ca")]
    pub(crate) name: ObjectName,

    /// For all namespaces: a ClusterIssuer
    #[arg(long)]
    pub(crate) cluster: bool,

    /// The namespace; with --cluster of the CA's Secret [default: kubectl's; with --cluster cert-manager]
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<Namespace>,
}

/// A file, and the key of the Secret that it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileEntry {
    pub(crate) key: DataKey,
    pub(crate) path: PathBuf,
}

/// As `kubectl create secret --from-file`: the key is the file's own name, unless one is given.
impl FromStr for FileEntry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, path) = match text.split_once('=') {
            Some((key, path)) => (Some(key), path),
            None => (None, text),
        };
        if path.contains('=') {
            return Err("neither key nor path can hold `=`".to_owned());
        }
        let path = PathBuf::from(path);
        let own = || path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let key = key.unwrap_or_else(own);
        if key.is_empty() || path.file_name().is_none() {
            return Err("it is neither PATH nor KEY=PATH".to_owned());
        }
        let key = key.parse::<DataKey>().map_err(|error| error.to_string())?;
        Ok(Self { key, path })
    }
}

#[derive(Clone, Debug, Args)]
#[command(group(clap::ArgGroup::new("target").required(true).args(["to", "p12"])))]
pub(crate) struct ExportArgs {
    /// The identity to hand on
    #[arg(value_name = "NAME", value_parser = parse_existing)]
    pub(crate) identity: IdentityName,

    /// Copy NAME.pem, NAME.key and ca.pem into this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) to: Option<PathBuf>,

    /// The group that may read the key, by name or number [default: that of the file before, or your own]
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,

    /// The mode of the key, octal: 0600, 0640, 0400 or 0440 [default: that of the file before, or 0600;
    /// with --group 0640]
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<KeyMode>,

    /// Write a PKCS#12 file with the key, the certificate and its chain
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) p12: Option<PathBuf>,

    /// The first line of this file protects the PKCS#12 file [default: ask]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "to")]
    pub(crate) password_file: Option<PathBuf>,
}

/// The mode of a private key's file: its owner reads it, its group may, nobody else does anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyMode(pub(crate) u32);

impl FromStr for KeyMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let octal = text.len() <= 5 && text.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
        let mode = u32::from_str_radix(text, 8).ok().filter(|_| octal);
        let Some(mode) = mode else {
            return Err(format!("`{}` is no octal mode, such as 0640", text.escape_debug()));
        };
        let fault = match mode {
            mode if mode & 0o007 != 0 => "others than its owner and group could use the key",
            mode if mode & 0o020 != 0 => "its group could exchange the key",
            mode if mode & !0o640 != 0 => "a key is no program",
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
            ("0644", "others than"),
            ("0660", "its group could exchange"),
            ("0641", "others than"),
            ("0740", "no program"),
            ("4600", "no program"),
            ("0650", "no program"),
            ("0040", "its owner could not"),
            ("0200", "its owner could not"),
            ("0", "its owner could not"),
            ("", "no octal mode"),
            ("u=rw", "no octal mode"),
            ("0680", "no octal mode"),
            ("+600", "no octal mode"),
            ("0o600", "no octal mode"),
            ("00000000600", "no octal mode"),
        ];
        for (text, reason) in refused {
            let error = text.parse::<KeyMode>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
