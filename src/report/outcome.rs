//! The result of a command, and its output formats.

use serde_json::json;

use super::{
    check_report::Checkup, csr_report::CsrReport, explain::Explanation, export::Exported,
    inspect_report::Inspection, issue_report::Issuance, json::document, manifest::Manifest,
    note::Note, output::Format, rendering::Rendered, status::Status,
};
use crate::{
    error::{Error, Exit},
    store::Sensitivity,
};

/// The result of a command: JSON, text, and an exit code.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// `gen`, `issue`, `renew` and `sign`.
    Issued(Box<Issuance>),
    /// `csr`.
    Requested(Box<CsrReport>),
    /// `status`.
    Status(Box<Status>),
    /// `inspect`.
    Inspected(Box<Inspection>),
    /// `check`.
    Checked(Box<Checkup>),
    /// `k8s`.
    Manifest(Manifest),
    /// `render`.
    Rendered(Box<Rendered>),
    /// `export`.
    Exported(Box<Exported>),
    /// `init`: the path of the file.
    Initialised { path: String },
    /// `explain`.
    Explained(Explanation),
    /// `version`.
    Version,
    /// A text that is the same in every output format: a script, a manual page.
    Document(Vec<u8>),
}

impl Outcome {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Issued(issuance) => issuance.exit(),
            Self::Status(status) => status.exit(),
            Self::Inspected(inspection) => inspection.exit(),
            Self::Checked(checkup) => checkup.exit(),
            _ => Exit::Done,
        }
    }

    /// Why the exit code is not 0, in numbers alone; `None` where it is.
    pub(super) fn reason(&self) -> Option<String> {
        match self {
            _ if self.exit() == Exit::Done => None,
            Self::Inspected(inspection) => Some(inspection.reason()),
            Self::Checked(checkup) => Some(checkup.reason()),
            Self::Status(status) => Some(status.reason()),
            Self::Issued(_) => Some("the CA expires within the expiry window".to_owned()),
            _ => None,
        }
    }

    /// The notes, which go to standard error.
    pub(crate) fn notes(&self) -> &[Note] {
        match self {
            Self::Issued(issuance) => &issuance.notes,
            Self::Status(status) => &status.notes,
            Self::Inspected(inspection) => inspection.notes(),
            Self::Checked(checkup) => &checkup.notes,
            Self::Manifest(manifest) => &manifest.notes,
            Self::Rendered(rendered) => &rendered.notes,
            Self::Exported(exported) => &exported.notes,
            _ => &[],
        }
    }

    /// The failures that did not stop the rest.
    pub(crate) fn errors(&self) -> Vec<&Error> {
        match self {
            Self::Issued(issuance) => issuance.errors().collect(),
            Self::Status(status) => status.errors.iter().collect(),
            Self::Inspected(inspection) => inspection.errors().iter().collect(),
            Self::Checked(checkup) => checkup.errors.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the result holds a private key: it goes to a terminal only on request, and only the owner
    /// can read its file.
    pub(crate) fn holds_key(&self) -> bool {
        matches!(self, Self::Manifest(_))
    }

    /// Whether the output is a requested document and not a report: `-q` does not silence it.
    pub(crate) fn is_itself(&self) -> bool {
        match self {
            Self::Document(_) | Self::Explained(_) | Self::Manifest(_) => true,
            Self::Rendered(rendered) => rendered.directory.is_none(),
            _ => false,
        }
    }

    /// Who may read a file of the result.
    pub(crate) fn sensitivity(&self) -> Sensitivity {
        if self.holds_key() { Sensitivity::Secret } else { Sensitivity::Public }
    }

    /// In a format that the command has.
    pub(crate) fn render(&self, format: Format) -> Vec<u8> {
        match (self, format) {
            (Self::Inspected(inspection), Format::Prometheus) => inspection.prometheus(),
            (Self::Checked(checkup), Format::Junit) => checkup.junit(),
            (Self::Checked(checkup), Format::Github) => checkup.github(),
            (Self::Checked(checkup), Format::Sarif) => checkup.sarif(),
            (_, Format::Json) => self.json(),
            _ => self.text(),
        }
    }

    /// As text.
    fn text(&self) -> Vec<u8> {
        match self {
            Self::Issued(issuance) => issuance.to_string().into_bytes(),
            Self::Requested(requested) => requested.to_string().into_bytes(),
            Self::Status(status) => status.to_string().into_bytes(),
            Self::Inspected(inspection) => inspection.to_string().into_bytes(),
            Self::Checked(checkup) => checkup.to_string().into_bytes(),
            Self::Manifest(manifest) => manifest.text.as_bytes().to_vec(),
            Self::Rendered(rendered) => rendered.to_string().into_bytes(),
            Self::Exported(exported) => exported.to_string().into_bytes(),
            Self::Initialised { path } => format!(
                "Wrote {path}. All values are commented out: edit it, then run `certctl gen`.\n"
            )
            .into_bytes(),
            Self::Explained(explanation) => explanation.to_string().into_bytes(),
            Self::Version => format!("certctl {}\n", env!("CARGO_PKG_VERSION")).into_bytes(),
            Self::Document(text) => text.clone(),
        }
    }

    /// As JSON.
    fn json(&self) -> Vec<u8> {
        match self {
            Self::Issued(issuance) => document(issuance.command, &**issuance),
            Self::Requested(requested) => document("csr", &**requested),
            Self::Status(status) => document("status", &status.json()),
            Self::Inspected(inspection) => document("inspect", &inspection.json()),
            Self::Checked(checkup) => document("check", &checkup.json()),
            Self::Manifest(manifest) => manifest.text.as_bytes().to_vec(),
            Self::Rendered(rendered) => document("render", &**rendered),
            Self::Exported(exported) => document("export", &**exported),
            Self::Initialised { path } => document("init", &json!({ "path": path })),
            Self::Explained(explanation) => document("explain", &explanation.json()),
            Self::Version => document("version", &json!({ "version": env!("CARGO_PKG_VERSION") })),
            Self::Document(text) => text.clone(),
        }
    }
}
