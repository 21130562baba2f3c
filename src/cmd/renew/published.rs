//! What a renewal has published.

use pki::x509::pem;

use crate::{
    config::Settings,
    issue::identity::IdentityName,
    store::{LIMIT, Store},
};

/// A name, and the content of its certificate file.
pub(super) struct Published {
    pub(super) name: String,
    /// None if it cannot be read.
    pub(super) content: Option<Vec<u8>>,
}

impl Published {
    /// What is there under a name; `ca` is the CA.
    pub(super) fn read(name: String, settings: &Settings, store: &Store) -> Self {
        let content = match name.parse::<IdentityName>() {
            Ok(name) => store.read(&name.certificate_file(), LIMIT),
            Err(_) => store.read_path(&settings.ca.certificate, LIMIT),
        };
        Self { name, content: content.ok() }
    }

    /// The DER of the certificate of an identity. A CA is not served.
    pub(super) fn leaf(&self) -> Option<Vec<u8>> {
        self.name.parse::<IdentityName>().ok()?;
        pem::certificates(self.content.as_deref()?).ok()?.into_iter().next()
    }
}
