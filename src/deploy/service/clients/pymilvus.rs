//! pymilvus, the Python client of Milvus.

use super::snippet::{ClientContext, Snippet};
use crate::deploy::{
    requirements::Requirements, service::milvus::refused_by_grpc, templates::Templates,
};

const TEMPLATES: &Templates =
    &[("clients/pymilvus.py", include_str!("../../../../templates/clients/pymilvus.py"))];

pub(super) fn snippet(asked: &ClientContext<'_>, requirements: &mut Requirements<'_>) -> Snippet {
    for unmet in refused_by_grpc(asked.server, asked.client) {
        requirements.add(unmet);
    }
    Snippet {
        name: "pymilvus",
        port: 19530,
        templates: TEMPLATES,
        steps: asked.at_the_next_run(),
        notes: Vec::new(),
    }
}
