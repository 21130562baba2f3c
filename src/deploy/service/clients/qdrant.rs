//! qdrant-client, the Python client of Qdrant.

use super::{Asked, Snippet, strict_python};
use crate::deploy::{fit::AtHand, templates::Templates};

const TEMPLATES: &Templates =
    &[("clients/qdrant-client.py", include_str!("../../../../templates/clients/qdrant-client.py"))];

pub(super) fn snippet(asked: &Asked<'_>, at_hand: &mut AtHand<'_>) -> Snippet {
    Snippet {
        name: "qdrant-client",
        port: 6333,
        templates: TEMPLATES,
        // The context is made once, when it starts.
        steps: asked.at_the_next_run(),
        notes: strict_python(&at_hand.ca).into_iter().collect(),
    }
}
