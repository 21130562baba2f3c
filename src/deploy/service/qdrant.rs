//! Settings of Qdrant: a file, a service of Docker Compose, values of its chart, variables.

mod checks;
mod layout;
mod steps;
#[cfg(test)]
mod tests;

use pki::x509::{
    escape::{escape_line, shorten},
    san::{GeneralName, San},
};
use serde::Serialize;

use super::{Rendering, TextFile};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{QdrantForm, QdrantOptions, Rotation},
        templates::{self, Templates},
    },
    issue::identity_files::Pair,
    store::CA_CERTIFICATE,
};
use layout::{FOLDER, Key, Node, Place};

const TEMPLATES: &Templates = &[
    ("qdrant/production.yaml", include_str!("../../../templates/qdrant/production.yaml")),
    ("qdrant/compose.yaml", include_str!("../../../templates/qdrant/compose.yaml")),
    ("qdrant/values.yaml", include_str!("../../../templates/qdrant/values.yaml")),
    ("qdrant/network-policy.yaml", include_str!("../../../templates/qdrant/network-policy.yaml")),
    ("qdrant/qdrant.env", include_str!("../../../templates/qdrant/qdrant.env")),
    ("qdrant/settings.yaml", include_str!("../../../templates/qdrant/settings.yaml")),
    ("qdrant/keys.yaml", include_str!("../../../templates/qdrant/keys.yaml")),
    ("qdrant/steps.yaml", include_str!("../../../templates/qdrant/steps.yaml")),
];

/// How many characters of the names of a certificate a comment shows.
const NAMES_SHOWN: usize = 80;

/// Fills the templates if the certificates meet the requirements.
pub(crate) fn render(
    args: &QdrantOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    let place = Place::of(args)?;
    let hosts = hosts(args);
    let server =
        checks::look(args, if args.replicas.is_some() { &hosts } else { &[] }, requirements)?;
    let facts = Facts::of(args, &place, &server, &hosts, &requirements.certctl);
    let (form, files) = match args.form {
        QdrantForm::Config => {
            ("config", vec![facts.file("qdrant/production.yaml", "config/production.yaml")?])
        }
        QdrantForm::Compose => (
            "compose",
            vec![
                facts.file("qdrant/compose.yaml", "docker-compose.yml")?,
                facts.file("qdrant/production.yaml", "config/production.yaml")?,
            ],
        ),
        QdrantForm::Helm => (
            "helm",
            vec![
                TextFile { name: "values.yaml".to_owned(), content: facts.values()? },
                facts.file("qdrant/network-policy.yaml", "network-policy.yaml")?,
            ],
        ),
        QdrantForm::Env => ("env", vec![facts.file("qdrant/qdrant.env", "qdrant.env")?]),
    };
    let steps = facts.steps;
    let notes = steps::notes(args, place.audit_volume.as_deref());
    let pairs = vec![server];
    Ok(Rendering { service: "qdrant", form, files, folder: FOLDER, pairs, steps, notes })
}

/// The names by which the nodes ask for one another: the chart starts each with `--uri` and
/// `--bootstrap` of this form, without namespace (initialize.sh in its templates/configmap.yaml).
fn hosts(args: &QdrantOptions) -> Vec<String> {
    let nodes = if args.p2p { 0..args.replicas.unwrap_or(1) } else { 0..0 };
    nodes.map(|node| format!("{0}-{node}.{0}-headless", args.release)).collect()
}

/// The values for the templates.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of the templates")]
struct Facts {
    host: Option<String>,
    mutual: bool,
    jwt_rbac: bool,
    certificate: String,
    key: String,
    ca: String,
    cert_ttl: u32,
    cluster: Option<&'static str>,
    p2p: bool,
    audit: Option<Audit>,
    audit_volume: Option<String>,
    keys: Vec<Key>,
    nodes: Vec<Node>,
    bind: String,
    /// Whether gRPC is published.
    grpc: bool,
    target: String,
    release: String,
    replicas: Option<u16>,
    secret: String,
    /// What the certificate is for, in one line.
    names: String,
    /// For comments.
    certctl: String,
    steps: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Audit {
    dir: String,
    rotation: &'static str,
    files: u32,
    forwarded: bool,
}

impl Facts {
    fn of(
        args: &QdrantOptions,
        place: &Place,
        server: &Pair,
        hosts: &[String],
        certctl: &str,
    ) -> Self {
        let mount = &place.mount;
        let audit = args.audit.then(|| Audit {
            dir: args.audit_dir.clone(),
            rotation: match args.audit_rotation {
                Rotation::Daily => "daily",
                Rotation::Hourly => "hourly",
            },
            files: args.audit_files,
            forwarded: args.audit_forwarded,
        });
        // In a container it listens on all addresses: Docker publishes what is bound on the host.
        let host = (args.form != QdrantForm::Compose).then_some(args.bind).flatten();
        let keys = keys(args);
        let nodes = nodes(&args.release, hosts);
        Self {
            host: host.map(|address| address.to_string()),
            mutual: args.mutual,
            jwt_rbac: args.jwt_rbac,
            certificate: format!("{mount}/{}", server.name.certificate_file()),
            key: format!("{mount}/{}", server.name.key_file()),
            ca: format!("{mount}/{CA_CERTIFICATE}"),
            cert_ttl: args.cert_ttl,
            cluster: match (args.p2p, args.form) {
                (true, _) => Some("on"),
                (false, QdrantForm::Helm) => Some("off"),
                (false, _) => None,
            },
            p2p: args.p2p,
            audit,
            audit_volume: place.audit_volume.clone(),
            steps: steps::of(args, certctl, place, &nodes, &keys),
            nodes,
            bind: args.bind.map_or("127.0.0.1".to_owned(), |address| address.to_string()),
            grpc: !args.mutual || args.api_key,
            target: place.target.clone(),
            release: args.release.clone(),
            replicas: args.replicas,
            secret: args.secret.clone(),
            names: names(server),
            certctl: certctl.to_owned(),
            keys,
        }
    }

    fn file(&self, template: &'static str, name: &str) -> Result<TextFile, DeployError> {
        Ok(TextFile { name: name.to_owned(), content: self.fill(template)? })
    }

    fn fill(&self, template: &'static str) -> Result<String, DeployError> {
        templates::fill(TEMPLATES, template, self)
            .map_err(|source| DeployError::Template { template, source })
    }

    /// values.yaml: the settings are what the chart calls `config`. No value spans lines, so that
    /// shifting them to the right shifts nothing else.
    fn values(&self) -> Result<String, DeployError> {
        let mut values = self.fill("qdrant/values.yaml")?;
        values.push_str("config:\n");
        for line in self.fill("qdrant/settings.yaml")?.lines() {
            if !line.is_empty() {
                values.push_str("  ");
                values.push_str(line);
            }
            values.push('\n');
        }
        values.push_str(&self.fill("qdrant/steps.yaml")?);
        Ok(values)
    }
}

fn keys(args: &QdrantOptions) -> Vec<Key> {
    let admin = Key {
        variable: "QDRANT__SERVICE__API_KEY",
        compose: "QDRANT_API_KEY",
        entry: "api-key",
        what: "may do everything",
    };
    let alternative = Key {
        variable: "QDRANT__SERVICE__ALT_API_KEY",
        compose: "QDRANT_ALT_API_KEY",
        entry: "alt-api-key",
        what: "the next API key, as good as the first while clients change over",
    };
    let read_only = Key {
        variable: "QDRANT__SERVICE__READ_ONLY_API_KEY",
        compose: "QDRANT_READ_ONLY_API_KEY",
        entry: "read-only-api-key",
        what: "may only read",
    };
    [
        args.api_key.then_some(admin),
        args.alt_api_key.then_some(alternative),
        args.read_only_api_key.then_some(read_only),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn nodes(release: &str, hosts: &[String]) -> Vec<Node> {
    if hosts.is_empty() {
        return vec![Node { name: release.to_owned(), host: None, uri: None, bootstrap: None }];
    }
    let uri = |host: &String| format!("https://{host}:6335");
    let first = hosts.first().map(uri);
    let node = |(number, host): (usize, &String)| Node {
        name: format!("{release}-{number}"),
        host: Some(host.clone()),
        uri: Some(uri(host)),
        bootstrap: first.clone().filter(|_| number > 0),
    };
    hosts.iter().enumerate().map(node).collect()
}

fn names(server: &Pair) -> String {
    let names = server.certificate.names();
    let shown = |name: &GeneralName| name.san().map_or_else(|| name.to_string(), San::value);
    let names: Vec<String> = names.iter().map(|name| escape_line(&shown(name))).collect();
    shorten(&names.join(", "), NAMES_SHOWN)
}
