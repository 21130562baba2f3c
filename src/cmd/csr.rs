//! `certctl csr NAME [HOST]…`: a key, and a CSR for another CA.

use pki::x509::{csr::Csr, key::PrivateKey, pem, san::GeneralName};

use crate::{
    cli::IdentityArgs,
    config::Settings,
    error::Error,
    issue::{
        error::IssueError,
        existing::refuse_existing,
        spec::{names, subject},
    },
    report::{Outcome, csr_report::CsrReport, terminal::Progress},
    store::{Missing, Sensitivity},
};

pub(crate) fn run(identity: &IdentityArgs, settings: &Settings) -> Result<Outcome, Error> {
    let name = &identity.name;
    let base = settings.base_subject(name)?;
    let common_name = identity.common_name();
    let subject = subject(name, &base, &common_name)?;
    let names = names(name, &common_name, &identity.others(), identity.usage)?;

    let locked = settings.store.lock(&settings.lock_options(Missing::Create))?;
    let store = locked.store();
    // A new key does not belong to a certificate that exists without its key.
    let files = [name.key_file(), name.request_file(), name.certificate_file()];
    let ca = settings.ca.read_certificate().ok();
    refuse_existing(store, &files, name, ca.as_ref())?;

    let mut set = locked.file_set()?;
    let key_slot = set.prepare(&name.key_file(), Sensitivity::Secret)?;
    let request_slot = set.prepare(&name.request_file(), Sensitivity::Public)?;
    let key = make_key(settings, identity.key_type)?;
    let request = Csr::make(&subject, &names, identity.usage, &key)
        .map_err(|source| Error::MakeRequest { name: name.clone(), source })?;
    set.write(key_slot, key.to_pem().as_bytes())?;
    set.write(request_slot, pem::encode("CERTIFICATE REQUEST", request.der()).as_bytes())?;
    set.commit()?;

    Ok(Outcome::Requested(Box::new(CsrReport {
        directory: store.dir().to_owned(),
        name: name.to_string(),
        request: store.path(&name.request_file()),
        key: store.path(&name.key_file()),
        certificate: store.path(&name.certificate_file()),
        subject: request.subject().to_string(),
        names: request.names().iter().map(GeneralName::to_string).collect(),
        usage: identity.usage.as_str(),
        key_type: key.key_type_name(),
        has_ca: settings.ca.certificate.exists() && settings.ca.key.exists(),
    })))
}

fn make_key(
    settings: &Settings,
    kind: Option<pki::x509::key::KeyType>,
) -> Result<PrivateKey, Error> {
    let _working = Progress::on("generating the key", settings.quiet);
    PrivateKey::generate(settings.key_type(kind))
        .map_err(|source| IssueError::KeyGeneration { source }.into())
}
