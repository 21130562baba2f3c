//! `render milvus`.

use clap::Args;

use super::{PlaceArgs, as_options};
use crate::{
    cli::format::one_of,
    deploy::{
        kubernetes::metadata::ObjectName,
        service::options::{MilvusForm, MilvusOptions},
    },
    store::{IdentityName, parse_existing},
};

const FORMS: &[(&str, MilvusForm, &str)] = &[
    ("compose", MilvusForm::Compose, "milvus.yaml, and the volumes of docker-compose.yml"),
    ("operator", MilvusForm::Operator, "A `Milvus` resource of the operator"),
    ("helm", MilvusForm::Helm, "values.yaml of the chart"),
];

#[derive(Clone, Debug, Args)]
pub(crate) struct MilvusArgs {
    /// Deployment
    #[arg(value_name = "FORM", value_parser = one_of(FORMS))]
    pub(crate) form: MilvusForm,

    /// Ask clients for a certificate (tlsMode 2)
    #[arg(long)]
    pub(crate) mutual: bool,

    /// Identity of a client, which --mutual checks
    #[arg(long, value_name = "NAME", default_value = "client", value_parser = parse_existing)]
    pub(crate) client: IdentityName,

    /// TLS between the components of Milvus as well (since Milvus 2.5)
    #[arg(long)]
    pub(crate) internal: bool,

    /// Ask for user and password (authorizationEnabled)
    #[arg(long)]
    pub(crate) auth: bool,

    /// User who may reset passwords without the old one (superUsers); repeats, takes commas
    #[arg(long, value_name = "USER", requires = "auth", value_delimiter = ',', value_parser = user)]
    pub(crate) super_user: Vec<String>,

    /// Port of the REST interface, which cannot be that of gRPC
    #[arg(long, value_name = "PORT", default_value_t = 8080, value_parser = http_port)]
    pub(crate) http_port: u16,

    /// Name of the release (operator and helm)
    #[arg(long, value_name = "NAME", default_value = "my-release", value_parser = release)]
    pub(crate) release: String,

    /// Secret with the certificates (operator and helm)
    #[arg(long, value_name = "SECRET", default_value = "certs", value_parser = secret)]
    pub(crate) secret: String,

    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

impl MilvusArgs {
    pub(crate) fn options(&self) -> MilvusOptions {
        as_options! {
            self => MilvusOptions {
                form, mutual, client, internal, auth, super_user, http_port, release, secret, place
            }
        }
    }
}

/// The ports of gRPC and of the metrics in Milvus.
const TAKEN: [u16; 2] = [19530, 9091];

/// The longest name of a user that Milvus takes.
const LONGEST_USER: usize = 32;

/// A letter, then letters, digits and `_`, at most 32 in all ("Authenticate User Access", Limitations).
/// A comma separates users, so a name has none.
fn user(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.len() > LONGEST_USER {
        Err(format!("Milvus takes names of at most {LONGEST_USER} characters"))
    } else if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.chars().all(plain) {
        Err("a user of Milvus is a letter, then letters, digits and `_`".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn http_port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("a port is a number from 1 to 65535".to_owned()),
        Ok(port) if TAKEN.contains(&port) => {
            Err("Milvus has gRPC on 19530 and metrics on 9091".to_owned())
        }
        Ok(port) => Ok(port),
    }
}

/// Kubernetes derives names of Services from it: RFC 1035 labels, and helm truncates at 53.
pub(super) fn release(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
    if text.len() <= 53 && begins && !text.ends_with('-') && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    Err("a release is a lower-case letter, then letters, digits and `-`, at most 53".to_owned())
}

/// As Kubernetes names objects.
pub(super) fn secret(text: &str) -> Result<String, String> {
    match text.parse::<ObjectName>() {
        Ok(name) => Ok(name.to_string()),
        Err(_) => {
            Err("a Secret's name is lower-case letters, digits, `-` and `.`, at most 253"
                .to_owned())
        }
    }
}
