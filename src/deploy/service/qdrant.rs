//! Settings of Qdrant: a file, a service of Docker Compose, values of its chart, variables.

mod checks;
mod layout;
#[cfg(test)]
mod tests;

use pki::x509::{
    escape::{escape_line, shorten},
    san::{GeneralName, San},
};
use serde_json::{Value, json};

use super::{Rendering, filled};
use crate::{
    deploy::{
        error::DeployError,
        requirements::Requirements,
        service::options::{QdrantForm, QdrantOptions},
        templates::{self, Templates, templates},
    },
    hint::Hint,
    issue::identity_files::Pair,
    store::CA_CERTIFICATE,
};
use layout::{FOLDER, Place};

const TEMPLATES: &Templates = templates![
    "qdrant/production.yaml",
    "qdrant/compose.yaml",
    "qdrant/values.yaml",
    "qdrant/network-policy.yaml",
    "qdrant/qdrant.env",
    "qdrant/settings.yaml",
    "qdrant/keys.yaml",
    "qdrant/steps.yaml",
    "qdrant/steps.sh",
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
    let production = ("qdrant/production.yaml", "config/production.yaml");
    let (form, files): (_, &[_]) = match args.form {
        QdrantForm::Config => ("config", &[production]),
        QdrantForm::Compose => {
            ("compose", &[("qdrant/compose.yaml", "docker-compose.yml"), production])
        }
        QdrantForm::Helm => (
            "helm",
            &[
                ("qdrant/values.yaml", "values.yaml"),
                ("qdrant/network-policy.yaml", "network-policy.yaml"),
            ],
        ),
        QdrantForm::Env => ("env", &[("qdrant/qdrant.env", "qdrant.env")]),
    };
    let mount = &place.mount;
    // In a container it listens on all addresses: Docker publishes what is bound on the host.
    let host = args.bind.filter(|_| args.form != QdrantForm::Compose);
    let mut facts = json!({
        "form": form,
        "identity": server.name.to_string(),
        "folder": folder(args),
        "host": host,
        "mutual": args.mutual,
        "jwt_rbac": args.jwt_rbac,
        "mount": mount,
        "certificate": format!("{mount}/{}", server.name.certificate_file()),
        "key": format!("{mount}/{}", server.name.key_file()),
        "ca": format!("{mount}/{CA_CERTIFICATE}"),
        "cert_ttl": args.cert_ttl,
        "cluster": match (args.p2p, args.form) {
            (true, _) => Some("on"),
            (false, QdrantForm::Helm) => Some("off"),
            (false, _) => None,
        },
        "p2p": args.p2p,
        "audit": args.audit,
        "audit_volume": place.audit_volume,
        "keys": keys(args),
        "nodes": nodes(&args.release, &hosts),
        "bind": args.bind.map_or("127.0.0.1".to_owned(), |address| address.to_string()),
        // Whether gRPC is published.
        "grpc": !args.mutual || args.api_key,
        "target": place.target,
        "release": args.release,
        "replicas": args.replicas,
        "secret": args.secret,
        "names": names(&server),
        "certctl": requirements.certctl,
    });
    let steps = templates::fill_lines(TEMPLATES, "qdrant/steps.sh", &facts)?;
    facts["steps"] = json!(steps);
    Ok(Rendering {
        service: "qdrant",
        form,
        files: filled(TEMPLATES, files, &facts)?,
        folder: FOLDER,
        pairs: vec![server],
        steps,
        notes: notes(args, place.audit_volume.as_deref()),
    })
}

/// The names by which the nodes ask for one another: the chart starts each with `--uri` and
/// `--bootstrap` of this form, without namespace (initialize.sh in its templates/configmap.yaml).
fn hosts(args: &QdrantOptions) -> Vec<String> {
    let nodes = if args.p2p { 0..args.replicas.unwrap_or(1) } else { 0..0 };
    nodes.map(|node| format!("{0}-{node}.{0}-headless", args.release)).collect()
}

/// The folder of the copies, for a command: `DIR` is for a path that a shell would need quoted.
fn folder(args: &QdrantOptions) -> String {
    let Some(dir) = &args.place.out_dir else { return FOLDER.to_owned() };
    let folder = dir.join(FOLDER).to_string_lossy().into_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if folder.chars().all(plain) { folder } else { format!("DIR/{FOLDER}") }
}

/// How Qdrant gets each API key, never the key itself: what it reads, what Docker Compose takes that from,
/// and the key in a Secret.
fn keys(args: &QdrantOptions) -> Vec<Value> {
    let next = "the next API key, as good as the first while clients change over";
    let keys = [
        (args.api_key, "API_KEY", "may do everything"),
        (args.alt_api_key, "ALT_API_KEY", next),
        (args.read_only_api_key, "READ_ONLY_API_KEY", "may only read"),
    ];
    let key = |(_, name, what): (bool, &str, &str)| {
        json!({
            "variable": format!("QDRANT__SERVICE__{name}"),
            "compose": format!("QDRANT_{name}"),
            "entry": name.to_ascii_lowercase().replace('_', "-"),
            "what": what,
        })
    };
    keys.into_iter().filter(|(is_asked, ..)| *is_asked).map(key).collect()
}

/// The services of docker-compose.yml: the name, the name that other nodes know it by and its URI (none
/// for a single node), and the node that it asks about the others.
fn nodes(release: &str, hosts: &[String]) -> Vec<Value> {
    if hosts.is_empty() {
        return vec![json!({ "name": release, "host": null, "uri": null, "bootstrap": null })];
    }
    let uri = |host: &String| format!("https://{host}:6335");
    let node = |(number, host): (usize, &String)| {
        json!({
            "name": format!("{release}-{number}"),
            "host": host,
            "uri": uri(host),
            "bootstrap": hosts.first().map(uri).filter(|_| number > 0),
        })
    };
    hosts.iter().enumerate().map(node).collect()
}

/// What the certificate is for, in one line.
fn names(server: &Pair) -> String {
    let names = server.certificate.names();
    let shown = |name: &GeneralName| name.san().map_or_else(|| name.to_string(), San::value);
    let names: Vec<String> = names.iter().map(|name| escape_line(&shown(name))).collect();
    shorten(&names.join(", "), NAMES_SHOWN)
}

/// Notes that hold for every form of the settings.
fn notes(args: &QdrantOptions, audit_volume: Option<&str>) -> Vec<Hint> {
    let keyed = args.api_key || args.read_only_api_key;
    let open = !keyed && !args.mutual;
    let grpc_open = !keyed && args.mutual;
    let unasked = args.p2p && args.replicas.is_none();
    let audit_lost = args.form == QdrantForm::Helm && audit_volume.is_some();
    let notes = [
        (
            open,
            "Qdrant accepts every client that reaches it: `--api-key` or `--mutual` restricts it",
        ),
        (
            grpc_open,
            "gRPC (6334) asks for no client certificate, REST alone does: `--api-key` is for both",
        ),
        (
            unasked,
            "the names of the nodes were not checked: `--replicas N --release NAME` checks them",
        ),
        (
            audit_lost,
            "the audit log is below no volume: add one there (additionalVolumes), or keep it \
            below ./storage",
        ),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note.into()).collect()
}
