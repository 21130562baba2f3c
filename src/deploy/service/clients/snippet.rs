//! What the module of each client gives.

use pki::x509::certificate::Certificate;

use crate::{
    deploy::{service::options::ClientOptions, templates::Templates},
    hint::Hint,
    issue::identity_files::Pair,
};

/// The part of a rendering that is specific to a client.
pub(super) struct Snippet {
    /// As the command names it.
    pub(super) name: &'static str,
    /// The default port of the service.
    pub(super) port: u16,
    /// The first is the template of the client; it may include the others.
    pub(super) templates: &'static Templates,
    /// The commands that run it, and the steps after a renewal.
    pub(super) steps: Vec<String>,
    /// Notes for standard error.
    pub(super) notes: Vec<Hint>,
}

/// The input of a client's module.
pub(super) struct ClientContext<'a> {
    pub(super) args: &'a ClientOptions,
    pub(super) server: &'a Pair,
    /// With `--mutual`.
    pub(super) client: Option<&'a Pair>,
    pub(super) certctl: String,
}

impl ClientContext<'_> {
    /// The last lines of a script that reads its files at each run.
    pub(super) fn at_the_next_run(&self) -> Vec<String> {
        self.after_renewal("The next run takes them.")
    }

    /// The last lines of a client that reads its files whenever it connects.
    pub(super) fn at_the_next_connection(&self) -> Vec<String> {
        self.after_renewal("New connections take them, with no restart.")
    }

    fn after_renewal(&self, taken: &str) -> Vec<String> {
        let is_moved = self.args.mount.is_some() || self.args.out_dir.is_some();
        let renew = format!("`{} renew`", self.certctl);
        vec![match self.client {
            None => format!("After {renew} there is nothing to do here: the CA stays."),
            Some(client) if is_moved => format!(
                "After {renew} bring {} and {} here again. {taken}",
                client.name.certificate_file(),
                client.name.key_file()
            ),
            Some(_) => format!("{renew} changes the files that this reads. {taken}"),
        }]
    }
}

/// The note for Python clients: since 3.13 the default SSL context is strict (VERIFY_X509_STRICT).
pub(super) fn strict_python(ca: &Certificate) -> Option<Hint> {
    ca.key_usage().is_none().then(|| {
        Hint::from("the CA has no keyUsage, and Python 3.13 refuses it: ")
            .run("renew ca")
            .then(" adds it")
    })
}
