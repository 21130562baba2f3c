//! qdrant-client, the Python client of Qdrant.

use super::snippet::{ClientContext, Snippet, strict_python};
use crate::deploy::{requirements::Requirements, templates::Templates};

const TEMPLATES: &Templates =
    &[("clients/qdrant-client.py", include_str!("../../../../templates/clients/qdrant-client.py"))];

pub(super) fn snippet(asked: &ClientContext<'_>, requirements: &mut Requirements<'_>) -> Snippet {
    Snippet {
        name: "qdrant-client",
        port: 6333,
        templates: TEMPLATES,
        // The context is made once, when it starts.
        steps: asked.at_the_next_run(),
        notes: strict_python(&requirements.ca).into_iter().collect(),
    }
}
