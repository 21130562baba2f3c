//! curl: a look at a service over HTTPS.

use super::snippet::{ClientContext, Snippet};
use crate::{
    deploy::service::options::ClientService,
    deploy::{requirements::Requirements, templates::Templates},
};

const TEMPLATES: &Templates =
    &[("clients/curl.sh", include_str!("../../../../templates/clients/curl.sh"))];

pub(super) fn snippet(asked: &ClientContext<'_>, _: &mut Requirements<'_>) -> Snippet {
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
