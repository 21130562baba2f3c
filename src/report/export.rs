//! The result of `export`.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{certificate_summary::CertificateSummary, note::Note, table};
use crate::{deploy::copies::FileKind, path_text::PathText as _, store::Ownership};

/// The copies of an identity's files, or the keystore with them.
#[derive(Debug, Serialize)]
pub(crate) struct Exported {
    pub(crate) name: String,
    /// The directory, or the PKCS#12 file.
    pub(crate) to: PathBuf,
    /// A file was written; else all files were up to date.
    pub(crate) changed: bool,
    pub(crate) files: Vec<ExportedFile>,
    /// Of the identity's certificate.
    #[serde(flatten)]
    pub(crate) facts: CertificateSummary,
    pub(crate) notes: Vec<Note>,
}

/// A file in the target directory.
#[derive(Debug, Serialize)]
pub(crate) struct ExportedFile {
    pub(crate) path: PathBuf,
    pub(crate) kind: FileKind,
    #[serde(flatten)]
    pub(crate) access: Option<Access>,
    pub(crate) changed: bool,
}

/// Owner, group and mode of a file.
#[derive(Debug, Serialize)]
pub(crate) struct Access {
    pub(crate) owner: String,
    pub(crate) group: String,
    /// Octal, as chmod takes it.
    pub(crate) mode: String,
}

impl ExportedFile {
    /// Reads owner, group and mode of the file.
    pub(crate) fn of(path: &Path, kind: FileKind, changed: bool) -> Self {
        let access = Ownership::of(path).map(|Ownership { owner, group, mode }| Access {
            owner,
            group,
            mode: format!("{mode:04o}"),
        });
        Self { path: path.to_owned(), kind, access, changed }
    }
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, to, facts, .. } = self;
        let to = to.shown();
        if !self.changed {
            return writeln!(f, "{to} is up to date: it holds {name} as it is here.");
        }
        writeln!(f, "Exported {name} to {to}:\n")?;
        let rows = self.files.iter().map(|file| file.row(facts)).collect();
        for line in table::lines(None, rows) {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "\nNext: reload the service: until then it uses the old files.")
    }
}

impl ExportedFile {
    /// File, access, content.
    fn row(&self, facts: &CertificateSummary) -> [String; 3] {
        let file = Path::new(self.path.file_name().unwrap_or_default()).shown();
        let what = match self.kind {
            FileKind::Key => format!("{} key", facts.key_type),
            FileKind::Certificate => format!("{}, until {}", facts.called(), facts.until),
            FileKind::Ca => "the CA's certificate".to_owned(),
            FileKind::Keystore => {
                format!("{} key, {}, until {}", facts.key_type, facts.called(), facts.until)
            }
        };
        let access = self
            .access
            .as_ref()
            .map(|Access { owner, group, mode }| format!("{mode} {owner}:{group}"));
        [file, access.unwrap_or_default(), what]
    }
}
