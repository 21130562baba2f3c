//! redis-py, the Python client of Redis.

use super::{Asked, Snippet, strict_python};
use crate::deploy::{fit::AtHand, templates::Templates};

const TEMPLATES: &Templates =
    &[("clients/redis-py.py", include_str!("../../../../templates/clients/redis-py.py"))];

pub(super) fn snippet(asked: &Asked<'_>, at_hand: &mut AtHand<'_>) -> Snippet {
    Snippet {
        name: "redis-py",
        port: 6379,
        templates: TEMPLATES,
        steps: asked.at_the_next_connection(),
        notes: strict_python(&at_hand.ca).into_iter().collect(),
    }
}
