//! The result of `csr`.

use std::{fmt, path::PathBuf};

use serde::Serialize;

use super::{
    as_typed::as_typed,
    words::{bare_names, place},
};
use crate::{
    hint::{Command, Hint},
    path_text::PathText as _,
};

/// A key, and the request for a certificate.
#[derive(Debug, Serialize)]
pub(crate) struct CsrReport {
    pub(crate) directory: PathBuf,
    pub(crate) name: String,
    pub(crate) request: PathBuf,
    pub(crate) key: PathBuf,
    /// The path of the future certificate; only in the text.
    #[serde(skip)]
    pub(crate) certificate: PathBuf,
    /// RFC 4514.
    pub(crate) subject: String,
    /// With their kinds: `DNS:localhost`.
    pub(crate) names: Vec<String>,
    pub(crate) usage: &'static str,
    pub(crate) key_type: String,
    /// The directory has a CA with its key, which can sign it; only in the text.
    #[serde(skip)]
    pub(crate) has_ca: bool,
}

impl fmt::Display for CsrReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, usage, key_type, .. } = self;
        let place = place(&self.directory);
        let called = bare_names(&self.names).unwrap_or_else(|| self.subject.clone());
        let [request, key, certificate] =
            [&self.request, &self.key, &self.certificate].map(|path| path.shown());
        writeln!(f, "Made a key and a request{place}:\n")?;
        writeln!(f, "  {name}  {called}  {usage}  {key_type} key\n")?;
        writeln!(f, "Keep {key} where it is: the CA does not need it to sign {request}.")?;
        let sign = format!("--usage {usage} --accept-names");
        if self.has_ca {
            let command = Command::from("sign").path(&self.request).words(sign);
            let next = Hint::default().run(command).then(", or send it to another CA");
            return writeln!(f, "Next: {}", as_typed(&next));
        }
        writeln!(
            f,
            "Next: send it to the CA (with certctl there: `sign {name}.csr {sign}`); the \
            certificate goes beside the key, as {certificate}"
        )
    }
}
