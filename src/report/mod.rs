//! The results of the commands, and their output formats.

mod as_typed;
pub(crate) mod check_report;
pub(crate) mod csr_report;
pub(crate) mod export;
pub(crate) mod follow_up;
pub(crate) mod inspect_report;
pub(crate) mod issue_report;
pub(crate) mod manifest;
pub(crate) mod output;
pub(crate) mod rendering;
pub(crate) mod skipped;
pub(crate) mod status;
mod table;
pub(crate) mod terminal;

use std::{borrow::Cow, path::Path};

use pki::x509::escape::{is_hidden, thousands};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    error::{Error, Exit},
    hint::Hint,
    store::Sensitivity,
};
pub(crate) use as_typed::{as_typed, program, set_where};
use check_report::Checkup;
use csr_report::CsrReport;
use export::Exported;
use inspect_report::Inspection;
use issue_report::Issuance;
use manifest::Manifest;
use output::Format;
use rendering::Rendered;
use status::Status;

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
    /// `version`.
    Version,
    /// A text that is the same in every output format: a script, a manual page.
    Document(Vec<u8>),
}

/// Useful information that is not an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Note {
    pub(crate) level: Level,
    #[serde(serialize_with = "as_typed::message")]
    pub(crate) message: Hint,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_typed::hint_as_typed")]
    pub(crate) hint: Option<Hint>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// It will cause an error for a client or a user.
    Warning,
    /// It needs no action.
    Note,
}

impl Note {
    pub(crate) fn warning(message: impl Into<Hint>, hint: Option<Hint>) -> Self {
        Self { level: Level::Warning, message: message.into(), hint }
    }

    pub(crate) fn plain(message: impl Into<Hint>, hint: Option<Hint>) -> Self {
        Self { level: Level::Note, message: message.into(), hint }
    }
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
    fn reason(&self) -> Option<String> {
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
            Self::Inspected(inspection) => &inspection.notes,
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
            Self::Inspected(inspection) => inspection.errors.iter().collect(),
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
            Self::Document(_) | Self::Manifest(_) => true,
            Self::Rendered(rendered) => rendered.directory.is_none(),
            _ => false,
        }
    }

    /// Who may read a file of the result.
    pub(crate) fn sensitivity(&self) -> Sensitivity {
        if self.holds_key() { Sensitivity::Secret } else { Sensitivity::Public }
    }

    /// In a format that the command has ([`Format::is_of`]).
    pub(crate) fn render(&self, format: Format) -> Vec<u8> {
        match (self, format) {
            (Self::Inspected(inspection), Format::Prometheus) => inspection.prometheus(),
            (Self::Checked(checkup), Format::Junit) => checkup.junit(),
            (Self::Checked(checkup), Format::Github) => checkup.github(),
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
            Self::Version => document("version", &json!({ "version": env!("CARGO_PKG_VERSION") })),
            Self::Document(text) => text.clone(),
        }
    }
}

/// A path quoted for a shell; `None` if it has hidden characters.
pub(crate) fn quoted(path: &Path) -> Option<String> {
    let path = path.to_str().filter(|path| !path.contains(is_hidden))?;
    shlex::try_quote(path).ok().map(Cow::into_owned)
}

/// `2 not valid, 1 due`: the counts above zero.
fn reason(counts: &[(usize, &str)]) -> String {
    let some = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> =
        some.map(|(number, what)| format!("{} {what}", thousands(*number))).collect();
    parts.join(", ")
}

/// Names without their kinds, in one line; `None` if there are none.
fn bare_names(names: &[String]) -> Option<String> {
    let bare = |name: &String| name.split_once(':').map_or(name.clone(), |(_, name)| name.into());
    (!names.is_empty()).then(|| names.iter().map(bare).collect::<Vec<_>>().join(", "))
}

/// A JSON document with its schema in front.
pub(crate) fn document(command: &str, facts: &impl Serialize) -> Vec<u8> {
    let mut document = json!({ "schema": format!("certctl.{command}/2") });
    if let (Value::Object(whole), Ok(Value::Object(facts))) =
        (&mut document, serde_json::to_value(facts))
    {
        whole.extend(facts);
    }
    let mut text = serde_json::to_vec_pretty(&document).unwrap_or_default();
    text.push(b'\n');
    text
}

/// An error as JSON.
pub(crate) fn error_json(error: &Error) -> Value {
    json!({
        "message": error.to_string(),
        "causes": error.causes(),
        "hint": error.hint().map(|hint| as_typed(&hint)),
        "exit": error.exit() as u8,
    })
}
