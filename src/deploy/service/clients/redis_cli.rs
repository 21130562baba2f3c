//! redis-cli, the client of Redis on the command line.

use super::snippet::{ClientContext, Snippet};
use crate::deploy::{requirements::Requirements, templates::Templates};

const TEMPLATES: &Templates =
    &[("clients/redis-cli.sh", include_str!("../../../../templates/clients/redis-cli.sh"))];

pub(super) fn snippet(asked: &ClientContext<'_>, _: &mut Requirements<'_>) -> Snippet {
    Snippet {
        name: "redis-cli",
        port: 6379,
        templates: TEMPLATES,
        steps: asked.at_the_next_run(),
        notes: Vec::new(),
    }
}
