//! The result of `render`.

use std::{fmt, path::PathBuf};

use serde::Serialize;

use super::note::Note;
use crate::path_text::PathText as _;

/// Settings of a service or a client.
#[derive(Debug, Serialize)]
pub(crate) struct Rendered {
    pub(crate) service: &'static str,
    /// A client has none.
    pub(crate) form: Option<&'static str>,
    /// Where they were written; `None` if the first is printed.
    pub(crate) directory: Option<PathBuf>,
    pub(crate) files: Vec<RenderedFile>,
    /// The steps that follow.
    pub(crate) steps: Vec<String>,
    pub(crate) notes: Vec<Note>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RenderedFile {
    /// Its name, or where it was written.
    pub(crate) path: PathBuf,
    /// Of settings that were not written. Never of a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(directory) = &self.directory else {
            // A timer needs its service, so both are printed; each begins with its name.
            let count = if self.service == "renewal" { self.files.len() } else { 1 };
            let texts = self.files.iter().take(count).filter_map(|file| file.content.as_deref());
            return f.write_str(&texts.collect::<Vec<_>>().join("\n"));
        };
        writeln!(f, "Wrote {}:\n", directory.shown())?;
        for file in &self.files {
            let path = file.path.strip_prefix(directory).unwrap_or(&file.path);
            writeln!(f, "  {}", path.shown())?;
        }
        if !self.steps.is_empty() {
            writeln!(f, "\nThen:")?;
        }
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}
