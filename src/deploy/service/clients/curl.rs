//! curl: a look at a service over HTTPS.

use super::{Asked, Snippet};
use crate::{
    cli::ClientService,
    deploy::{fit::AtHand, templates::Templates},
};

const TEMPLATES: &Templates =
    &[("clients/curl.sh", include_str!("../../../../templates/clients/curl.sh"))];

pub(super) fn snippet(asked: &Asked<'_>, _: &mut AtHand<'_>) -> Snippet {
    Snippet {
        name: "curl",
        port: match asked.args.service.unwrap_or_default() {
            // proxy.http.port: gRPC has a port of its own.
            ClientService::Milvus => 8080,
            ClientService::Qdrant => 6333,
            ClientService::Redis => 6379,
        },
        templates: TEMPLATES,
        steps: asked.at_the_next_run(),
        notes: Vec::new(),
    }
}
