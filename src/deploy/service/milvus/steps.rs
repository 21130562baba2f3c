//! The steps that apply the settings, and those after each renewal.

use crate::deploy::service::options::{MilvusForm, MilvusOptions};

/// Commands in their order; a line that ends with a colon is the purpose of the next ones.
///
/// They need no shell quotes: the names of identities, releases and Secrets consist of letters,
/// digits, `.`, `_` and `-`.
pub(super) fn of(args: &MilvusOptions, certctl: &str) -> Vec<String> {
    let mut steps = put(args, certctl);
    steps.extend(start(args));
    if args.internal {
        steps.push(format!("{} | grep 'Internal TLS Enabled'", logs(args)));
    }
    steps.push(format!("{certctl} render pymilvus{}", client_flags(args)));
    steps.push("after each renewal, for Milvus reads certificates at its start alone:".to_owned());
    if args.place.out_dir.is_some() {
        steps.push(format!("the same `{certctl} render` again, and there:"));
    }
    if args.form != MilvusForm::Compose || args.place.out_dir.is_none() {
        steps.push(hand_over(args, certctl));
    }
    steps.push(restart(args));
    steps
}

/// The commands that copy the certificates for Milvus.
fn put(args: &MilvusOptions, certctl: &str) -> Vec<String> {
    let there = args.place.out_dir.is_some();
    match (args.form, there) {
        (MilvusForm::Compose, true) => {
            vec![
                "beside docker-compose.yml of Milvus, which belongs into this directory:"
                    .to_owned(),
            ]
        }
        (MilvusForm::Operator | MilvusForm::Helm, true) => {
            vec!["in this directory:".to_owned(), hand_over(args, certctl)]
        }
        (_, false) => vec![hand_over(args, certctl)],
    }
}

fn hand_over(args: &MilvusOptions, certctl: &str) -> String {
    let (identity, secret) = (&args.place.identity, &args.secret);
    let apply = "kubectl apply --server-side -f -";
    match args.form {
        MilvusForm::Compose => format!("{certctl} export {identity} --to tls"),
        MilvusForm::Operator | MilvusForm::Helm if args.place.out_dir.is_some() => format!(
            "kubectl create secret generic {secret} --from-file={identity}.pem --from-file={identity}.key --from-file=ca.pem --dry-run=client -o yaml | {apply}"
        ),
        MilvusForm::Operator | MilvusForm::Helm => {
            format!("{certctl} k8s secret {identity} --name {secret} | {apply}")
        }
    }
}

fn start(args: &MilvusOptions) -> Vec<String> {
    match args.form {
        MilvusForm::Compose => vec!["docker compose up -d".to_owned()],
        MilvusForm::Operator => vec!["kubectl create -f milvus.yaml".to_owned()],
        MilvusForm::Helm => vec![
            "helm repo add milvus https://zilliztech.github.io/milvus-helm/".to_owned(),
            "helm repo update milvus".to_owned(),
            format!("helm install {} milvus/milvus -f values.yaml", args.release),
        ],
    }
}

fn logs(args: &MilvusOptions) -> String {
    match args.form {
        MilvusForm::Compose => "docker compose logs standalone".to_owned(),
        MilvusForm::Operator | MilvusForm::Helm => {
            format!("kubectl logs --tail=-1 -l {}", labels(args))
        }
    }
}

fn restart(args: &MilvusOptions) -> String {
    match args.form {
        MilvusForm::Compose => "docker compose restart standalone".to_owned(),
        MilvusForm::Operator | MilvusForm::Helm => {
            format!("kubectl rollout restart deployment -l {}", labels(args))
        }
    }
}

/// Both the operator and the chart put these on the Deployments of Milvus and on their pods.
fn labels(args: &MilvusOptions) -> String {
    format!("app.kubernetes.io/instance={},app.kubernetes.io/name=milvus", args.release)
}

fn client_flags(args: &MilvusOptions) -> String {
    let mut flags = String::new();
    if args.mutual {
        flags += " --mutual";
        if args.client.as_str() != "client" {
            flags = format!("{flags} --client {}", args.client);
        }
    }
    if args.place.identity.as_str() != "server" {
        flags = format!("{flags} --identity {}", args.place.identity);
    }
    if args.auth {
        flags += " --auth";
    }
    flags
}
