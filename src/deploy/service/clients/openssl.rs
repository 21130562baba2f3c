//! `openssl s_client`: a look at the handshake.

use super::snippet::{ClientContext, Snippet};
use crate::{
    deploy::service::options::ClientService,
    deploy::{requirements::Requirements, templates::Templates},
};

const TEMPLATES: &Templates =
    &[("clients/openssl.sh", include_str!("../../../../templates/clients/openssl.sh"))];

pub(super) fn snippet(asked: &ClientContext<'_>, _: &mut Requirements<'_>) -> Snippet {
    Snippet {
        name: "openssl",
        port: match asked.args.service.unwrap_or_default() {
            ClientService::Milvus => 19530,
            ClientService::Qdrant => 6333,
            ClientService::Redis => 6379,
        },
        templates: TEMPLATES,
        steps: asked.at_the_next_run(),
        notes: Vec::new(),
    }
}
