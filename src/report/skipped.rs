//! Files of a directory that a scan skipped, each with the reason.

use std::{borrow::Cow, path::PathBuf};

use pki::x509::escape::escape_line;
use serde::{Serialize, Serializer};

/// The most files that a text lists.
const LISTED: usize = 5;

/// A file without supported content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Skipped {
    #[serde(serialize_with = "lossy")]
    pub(crate) path: PathBuf,
    /// `DH parameters`, `empty`.
    pub(crate) reason: Cow<'static, str>,
}

/// `dhparam.pem (DH parameters), notes (no certificate or key)`; `None` for none.
pub(crate) fn list(skipped: &[Skipped]) -> Option<String> {
    let shown = |one: &Skipped| {
        format!("{} ({})", escape_line(&one.path.to_string_lossy()), escape_line(&one.reason))
    };
    let names: Vec<String> = skipped.iter().take(LISTED).map(shown).collect();
    let more = match skipped.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more (`-o json` lists them)"),
    };
    (!names.is_empty()).then(|| names.join(", ") + &more)
}

fn lossy<S: Serializer>(path: &std::path::Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}
