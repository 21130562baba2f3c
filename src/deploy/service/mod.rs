//! The settings of each service for its certificates, and its requirements on them.

pub(crate) mod clients;
mod hosts;
pub(crate) mod milvus;
pub(crate) mod options;
pub(crate) mod qdrant;
pub(crate) mod redis;
pub(crate) mod renewal;

use serde::Serialize;

use crate::{
    deploy::{
        error::DeployError,
        templates::{self, Templates},
    },
    hint::Hint,
    issue::identity_files::Pair,
};

/// Complete settings: the files, their places, and the steps that follow.
#[derive(Debug)]
pub(crate) struct Rendering {
    /// As the command names them: `milvus`, `compose`; a client has no form.
    pub(crate) service: &'static str,
    pub(crate) form: &'static str,
    /// The first is printed; `--out-dir` writes all.
    pub(crate) files: Vec<TextFile>,
    /// The folder below `--out-dir` for the certificates, such as `tls`.
    pub(crate) folder: &'static str,
    /// The pairs that are copied there, with ca.pem.
    pub(crate) pairs: Vec<Pair>,
    /// How the service takes the settings and renewed certificates: a sentence or command each. The
    /// printed file ends with them, unless its language has no comments.
    pub(crate) steps: Vec<String>,
    /// Notes for standard error.
    pub(crate) notes: Vec<Hint>,
}

/// A file of settings. It never holds key material.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Its name below `--out-dir`.
    pub(crate) name: String,
    pub(crate) content: String,
}

/// The files that templates make of the facts; each row is a template and the name of its file.
fn filled(
    templates: &Templates,
    rows: &[(&'static str, &str)],
    facts: &impl Serialize,
) -> Result<Vec<TextFile>, DeployError> {
    let file = |(template, name): &(&'static str, &str)| {
        let content = templates::fill(templates, template, facts)?;
        Ok(TextFile { name: (*name).to_owned(), content })
    };
    rows.iter().map(file).collect()
}
