//! `render renewal`: a systemd timer or a crontab line, for the directory of the PKI.

use crate::{
    cli::{LOCK_TIMEOUT, RenewalArgs},
    config::{FILE, Settings},
    deploy::service::{Rendering, options::RenewalOptions, renewal},
    error::Error,
    store::Sharing,
};

pub(super) fn render(args: &RenewalArgs, settings: &Settings) -> Result<Rendering, Error> {
    settings.require_ca()?;
    let (ca, config) = (&settings.ca, &settings.config_path);
    let lock_timeout = settings.lock_timeout.as_secs();
    Ok(renewal::render(&RenewalOptions {
        form: args.form,
        expires_within: args.expires_within,
        follow_up: args.hook.flags(),
        directory: settings.store.dir().to_owned(),
        ca: ca.elsewhere.then(|| (ca.certificate.clone(), ca.key.clone())),
        config: Some(config).filter(|path| **path != settings.store.path(FILE)).cloned(),
        lock_timeout: Some(lock_timeout).filter(|seconds| *seconds != u64::from(LOCK_TIMEOUT)),
        allow_shared_dir: settings.sharing == Sharing::Accepted,
    })?)
}
