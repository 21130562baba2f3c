//! The steps that apply the settings of Qdrant, and notes on these settings.

use pki::x509::escape::escape_line;

use super::layout::{FOLDER, HOME, Key, Node, Place};
use crate::{
    deploy::service::options::{QdrantForm, QdrantOptions},
    hint::Hint,
};

/// The steps in their order: a command, mostly after its purpose and a colon.
pub(super) fn of(
    args: &QdrantOptions,
    certctl: &str,
    place: &Place,
    nodes: &[Node],
    keys: &[Key],
) -> Vec<String> {
    match args.form {
        QdrantForm::Config => config(args, certctl, place),
        QdrantForm::Compose => compose(args, certctl, place, nodes, keys),
        QdrantForm::Helm => helm(args, certctl, keys),
        QdrantForm::Env => env(args, certctl, place, keys),
    }
}

fn config(args: &QdrantOptions, certctl: &str, place: &Place) -> Vec<String> {
    let mount = escape_line(&place.mount);
    vec![
        "have this file as config/production.yaml below the directory that Qdrant starts in"
            .to_owned(),
        export(args, certctl, &format!("where Qdrant, as user 1000:2000, finds it as {mount}")),
        "start it: RUN_MODE=production ./qdrant".to_owned(),
        after_renewal(args, certctl, "start it again"),
    ]
}

fn compose(
    args: &QdrantOptions,
    certctl: &str,
    place: &Place,
    nodes: &[Node],
    keys: &[Key],
) -> Vec<String> {
    let mut steps =
        vec![export(args, certctl, "so that the container, as user 1000:2000, can read the key")];
    for key in keys {
        let name = key.compose;
        steps.push(format!("32 random characters or more, into .env of mode 0600: {name}=…"));
    }
    if place.audit_volume.is_some() {
        let folders: Vec<String> =
            nodes.iter().map(|node| format!("{}-audit", node.name)).collect();
        let folders = folders.join(" ");
        steps.push(format!("for the audit log, as root: install -d -o 1000 -g 2000 {folders}"));
    }
    steps.push("docker compose up -d".to_owned());
    steps.push(after_renewal(args, certctl, "docker compose restart"));
    steps
}

fn helm(args: &QdrantOptions, certctl: &str, keys: &[Key]) -> Vec<String> {
    let QdrantOptions { release, secret, .. } = args;
    let identity = &args.place.identity;
    let mut steps = vec![format!(
        "{certctl} k8s secret {identity} --name {secret} -o yaml | kubectl apply --server-side -f -"
    )];
    if !keys.is_empty() {
        let files: Vec<String> =
            keys.iter().map(|key| format!("--from-file={}", key.entry)).collect();
        steps.push(format!(
            "each file with 32 random characters or more and no newline: kubectl create secret \
             generic {release}-api-keys {}",
            files.join(" ")
        ));
    }
    steps.push("helm repo add qdrant https://qdrant.github.io/qdrant-helm".to_owned());
    steps.push(format!("helm upgrade --install {release} qdrant/qdrant -f values.yaml"));
    steps.push(
        "so that only the nodes reach 6335, and no node connects to the outside (--out-dir writes it): \
         kubectl apply -f network-policy.yaml"
            .to_owned(),
    );
    steps.push(after_renewal(
        args,
        certctl,
        &format!("kubectl rollout restart statefulset/{release}"),
    ));
    steps
}

fn env(args: &QdrantOptions, certctl: &str, place: &Place, keys: &[Key]) -> Vec<String> {
    let mut steps =
        vec![export(args, certctl, "so that Qdrant, as user 1000:2000, can read the key")];
    let mut files = vec!["qdrant.env"];
    for key in keys {
        let name = key.variable;
        steps.push(format!("32 random characters or more, into keys.env of mode 0600: {name}=…"));
    }
    if !keys.is_empty() {
        files.push("keys.env");
    }
    let files = |before: &str, between: &str| {
        let files: Vec<String> = files.iter().map(|file| format!("{before}{file}")).collect();
        files.join(between)
    };
    // What listens on one address of a container cannot be published from there.
    steps.push(match args.bind {
        Some(_) => format!("set -a; {}; set +a; ./qdrant", files(". ./", "; ")),
        None => format!(
            "docker run {} -e QDRANT_INIT_FILE_PATH=./storage/.qdrant-initialized \
             --user 1000:2000 --read-only -v ./{FOLDER}:{}:ro -v qdrant-storage:{HOME}/storage \
             -v qdrant-snapshots:{HOME}/snapshots -p 127.0.0.1:6333:6333 \
             qdrant/qdrant:v1.18.2-unprivileged",
            files("--env-file ", " "),
            escape_line(&place.target)
        ),
    });
    steps.push(after_renewal(args, certctl, "start it again"));
    steps
}

/// The owner alone can read the key before the export.
fn export(args: &QdrantOptions, certctl: &str, why: &str) -> String {
    let identity = &args.place.identity;
    let folder = match &args.place.out_dir {
        None => FOLDER.to_owned(),
        Some(dir) => {
            let folder = dir.join(FOLDER).to_string_lossy().into_owned();
            let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
            if folder.chars().all(plain) { folder } else { format!("DIR/{FOLDER}") }
        }
    };
    format!("{why}, as root: {certctl} export {identity} --to {folder} --group 2000 --mode 0640")
}

fn after_renewal(args: &QdrantOptions, certctl: &str, restart: &str) -> String {
    let again = match args.form {
        QdrantForm::Helm => "apply the Secret again",
        _ => "export again",
    };
    let ttl = args.cert_ttl;
    format!(
        "after `{certctl} renew` {again}: REST takes it within {ttl} s; for gRPC and p2p: {restart}"
    )
}

/// Notes that hold for every form of the settings.
pub(super) fn notes(args: &QdrantOptions, audit_volume: Option<&str>) -> Vec<Hint> {
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
            "the audit log is below no volume: add one there (additionalVolumes), or keep it below \
             ./storage",
        ),
    ];
    notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note.into()).collect()
}
