//! redis-py, the Python client of Redis.

use super::snippet::{ClientContext, Snippet, strict_python};
use crate::deploy::{requirements::Requirements, templates::Templates};

const TEMPLATES: &Templates =
    &[("clients/redis-py.py", include_str!("../../../../templates/clients/redis-py.py"))];

pub(super) fn snippet(asked: &ClientContext<'_>, requirements: &mut Requirements<'_>) -> Snippet {
    Snippet {
        name: "redis-py",
        port: 6379,
        templates: TEMPLATES,
        steps: asked.at_the_next_connection(),
        notes: strict_python(&requirements.ca).into_iter().collect(),
    }
}
