//! `openssl s_client`: a look at the handshake.

use super::{Asked, Snippet};
use crate::{
    cli::ClientService,
    deploy::{fit::AtHand, templates::Templates},
};

const TEMPLATES: &Templates =
    &[("clients/openssl.sh", include_str!("../../../../templates/clients/openssl.sh"))];

pub(super) fn snippet(asked: &Asked<'_>, _: &mut AtHand<'_>) -> Snippet {
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
