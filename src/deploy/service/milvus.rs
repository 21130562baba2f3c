//! Settings of Milvus, for Docker Compose, its operator and its chart.

use pki::{
    verify::names::host_matches,
    x509::{
        certificate::Certificate, escape::escape_line, key::PublicKeyType, san::san_of_common_name,
        usage::Usage,
    },
};
use serde_json::json;

use super::{
    Rendering, filled,
    hosts::{host_in, is_host, no_host},
};
use crate::{
    deploy::{
        error::{DeployError, UnmetRequirement},
        requirements::Requirements,
        service::options::{MilvusForm, MilvusOptions},
        templates::{self, Templates, templates},
    },
    hint::Hint,
    issue::identity_files::Pair,
    path_text::PathText as _,
    store::CA_CERTIFICATE,
};

const TEMPLATES: &Templates = templates![
    "milvus/milvus.yaml",
    "milvus/compose.yaml",
    "milvus/operator.yaml",
    "milvus/helm.yaml",
    "milvus/settings.yaml",
    "milvus/put.sh",
    "milvus/steps.sh",
];

/// Fills the templates if the certificates meet the requirements.
pub(crate) fn render(
    args: &MilvusOptions,
    requirements: &mut Requirements<'_>,
) -> Result<Rendering, DeployError> {
    let mount = mount(args)?;
    let server = requirements.pair(&args.place.identity, Usage::Server)?;
    let client = args.mutual.then(|| requirements.pair(&args.client, Usage::Client)).transpose()?;

    requirements.needs_usage(&server, Usage::Server, "Milvus");
    if let Some(client) = &client {
        requirements.needs_usage(client, Usage::Client, "tlsMode 2");
    }
    let sni = args.internal.then(|| sni(&server, requirements));
    requirements.finish()?;

    // A folder of its own for Docker Compose; else beside the manifest, as on the vendor's page.
    let (form, folder, files): (_, _, &[_]) = match args.form {
        MilvusForm::Compose => (
            "compose",
            "tls",
            &[
                ("milvus/milvus.yaml", "milvus.yaml"),
                ("milvus/compose.yaml", "docker-compose.override.yml"),
            ],
        ),
        MilvusForm::Operator => ("operator", "", &[("milvus/operator.yaml", "milvus.yaml")]),
        MilvusForm::Helm => ("helm", "", &[("milvus/helm.yaml", "values.yaml")]),
    };
    let mut facts = json!({
        "form": form,
        "written": args.place.out_dir.is_some(),
        "identity": server.name.to_string(),
        "client": args.client.to_string(),
        "mount": mount,
        "certificate": format!("{mount}/{}", server.name.certificate_file()),
        "key": format!("{mount}/{}", server.name.key_file()),
        "ca": format!("{mount}/{CA_CERTIFICATE}"),
        "http_port": args.http_port,
        "mutual": args.mutual,
        "internal": args.internal,
        "sni": sni,
        "auth": args.auth,
        "super_users": super_users(args),
        "release": args.release,
        "secret": args.secret,
        "certctl": requirements.certctl,
    });
    let steps = templates::fill_lines(TEMPLATES, "milvus/steps.sh", &facts)?;
    facts["steps"] = json!(steps);
    // Clients in Go and Java accept them, so this is not an unmet requirement.
    let mut notes: Vec<Hint> = refused_by_grpc(&server, client.as_ref())
        .into_iter()
        .map(|unmet| Hint::from(unmet.message + ": `").and(unmet.hint).then("`"))
        .collect();
    notes.extend(note_on_service(args, &server.certificate));
    let files = filled(TEMPLATES, files, &facts)?;
    Ok(Rendering { service: "milvus", form, files, folder, pairs: vec![server], steps, notes })
}

/// Keys that clients of gRPC cannot do with, their own or the server's: BoringSSL, which gRPC is built
/// with everywhere but in Go and Java, signs and verifies no handshake with Ed25519 or P-521. (That the CA
/// signed with Ed25519 does not matter: measured with grpcio 1.85.)
pub(super) fn refused_by_grpc(server: &Pair, client: Option<&Pair>) -> Vec<UnmetRequirement> {
    let pairs = [Some(server), client].into_iter().flatten();
    pairs
        .filter_map(|pair| {
            let kind = pair.certificate.public_key().kind();
            let refused = matches!(kind, PublicKeyType::Ed25519 | PublicKeyType::EcdsaP521);
            let file = pair.certificate_path.shown();
            refused.then(|| {
                UnmetRequirement::new(
                    format!("`{file}` has an {kind} key, which clients of gRPC refuse"),
                    Hint::command(format!("renew {} --key-type ecdsa:p256", pair.name)),
                )
            })
        })
        .collect()
}

/// The directory of the certificates for Milvus, without a slash at the end.
fn mount(args: &MilvusOptions) -> Result<&str, DeployError> {
    let default = match args.form {
        MilvusForm::Compose => "/milvus/tls",
        MilvusForm::Operator | MilvusForm::Helm => "/certs",
    };
    let mount = args.place.mount.as_deref().unwrap_or(default);
    // Kubernetes refuses a colon, and in docker-compose.yml it stands between the two paths.
    if !mount.starts_with('/') || mount.contains(':') || mount.trim_end_matches('/').is_empty() {
        let mount = escape_line(mount);
        let message =
            format!("`--mount {mount}`: a container mounts at an absolute path without `:`");
        return Err(DeployError::usage(message, None));
    }
    Ok(mount.trim_end_matches('/'))
}

/// Without spaces: Milvus 2.3 splits at commas and trims nothing, so that `root, foo` leaves foo out.
fn super_users(args: &MilvusOptions) -> String {
    let mut names: Vec<&str> = Vec::new();
    for user in &args.super_user {
        if !names.contains(&user.as_str()) {
            names.push(user);
        }
    }
    names.join(",")
}

/// What the components of Milvus call one another: the common name, which has to be among the names
/// (Go looks nowhere else). Where it is not a host (`My Milvus`), the first name that is one.
fn sni(server: &Pair, requirements: &mut Requirements<'_>) -> String {
    let common_name = server.certificate.subject().common_name().unwrap_or_default();
    if let Some(san) = san_of_common_name(&common_name).filter(is_host) {
        let host = san.value();
        requirements.needs_host(server, &host, "`internaltls.sni` is the common name");
        return host;
    }
    if let Some(san) = host_in(server) {
        return san.value();
    }
    no_host(requirements, server, "`internaltls.sni` could be");
    String::new()
}

/// Clients in the cluster connect to the Service. They may check another name instead (`server_name`),
/// so this is a note and not an unmet requirement.
fn note_on_service(args: &MilvusOptions, certificate: &Certificate) -> Option<Hint> {
    let service = match args.form {
        MilvusForm::Compose => return None,
        MilvusForm::Helm if args.release.contains("milvus") => args.release.clone(),
        MilvusForm::Helm | MilvusForm::Operator => format!("{}-milvus", args.release),
    };
    host_matches(certificate, &service).is_err().then(|| {
        let identity = &args.place.identity;
        Hint::from(format!(
            "clients in the cluster connect to `{service}`, which is not a SAN of {identity}.pem: "
        ))
        .run(format!("renew {identity} --san {service}"))
        .then(", or they say which name to check (`server_name`)")
    })
}
