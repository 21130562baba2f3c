//! `certctl renew` in a directory that has only the CA: renew.sh needs nothing else.

use pki::x509::{certificate::Certificate, name::Name, san::San};

use super::{
    super::{r#gen::server_and_client, issue_context::Planned, obstacle},
    job::Job,
};
use crate::{
    cli::RenewArgs,
    config::{ConfigError, Settings},
    error::Error,
    issue::{changes::IssueTask, error::IssueError, spec::IdentitySpec},
    report::issue_report::{Action, Item},
};

/// Plans the identities of certctl.toml, or server and client. What no flag and no configuration sets
/// comes from the CA.
pub(super) fn plan(job: &Job<'_>, planned: &mut Planned) -> Result<(), Error> {
    let validity = planned.ca().validity();
    let tasks: Vec<IssueTask> = specs(job.args, job.settings, planned.ca())?
        .iter()
        .map(|spec| spec.task(job.now, validity))
        .collect::<Result<_, _>>()?;

    let mut present = Vec::new();
    for task in &tasks {
        for file in [task.name.key_file(), task.name.certificate_file()] {
            if job.store.has(&file)? {
                present.push(file);
            }
        }
    }
    if !present.is_empty() {
        let away = obstacle::away(job.store, &present).join(", ");
        let hint = format!(
            "this CA did not sign them: move them away ({away}), or name the CA that did with \
            `--ca FILE --ca-key FILE`"
        );
        let paths = present.iter().map(|file| job.store.path(file)).collect();
        return Err(Error::Exists { paths, hint: hint.into() });
    }
    for task in tasks {
        let item = Item { new_key: true, ..Item::new(&task.name, Action::Created) };
        planned.push(task, item);
    }
    Ok(())
}

fn specs(
    args: &RenewArgs,
    settings: &Settings,
    ca: &Certificate,
) -> Result<Vec<IdentitySpec>, Error> {
    let flags = &args.subject;
    let ca_name = ca.subject();
    let base = match &flags.subject {
        Some(name) => name.clone(),
        None => settings
            .subject_or(&flags.fields(), ca_name)
            .map_err(|source| IssueError::Subject { name: "the subject".to_owned(), source })?,
    };
    let key_type = args
        .key_type
        .or(settings.config.defaults.key_type)
        .or_else(|| ca.public_key().kind().to_string().parse().ok())
        .unwrap_or_else(|| settings.key_type(None));
    let key_and_days = (key_type, settings.days(args.days));
    if !settings.config.plan.is_empty() {
        let specs: Result<_, ConfigError> = settings
            .config
            .plan
            .iter()
            .map(|entry| {
                let key_type = entry.key_type.unwrap_or(key_and_days.0);
                let days = entry.days.unwrap_or(key_and_days.1);
                entry.spec(&base, (key_type, days)).map_err(|error| settings.in_config(&error))
            })
            .collect();
        return Ok(specs?);
    }
    let defaults = &settings.config.defaults;
    let common_name = flags
        .subject
        .as_ref()
        .and_then(Name::common_name)
        .or_else(|| flags.cn.clone())
        .or_else(|| defaults.cn.clone())
        .or_else(|| ca_name.common_name().map(|name| strip_ca(&name)))
        .unwrap_or_else(|| "localhost".to_owned());
    let client = flags.client_cn.as_ref().or(defaults.client_cn.as_ref()).unwrap_or(&common_name);
    let mut hosts: Vec<San> = args.san.iter().flat_map(|list| list.0.clone()).collect();
    if hosts.is_empty() {
        hosts.clone_from(&defaults.san);
    }
    server_and_client(&base, &common_name, client, &hosts, key_and_days)
}

/// `localhost CA` is the CA of `localhost`.
fn strip_ca(common_name: &str) -> String {
    common_name
        .strip_suffix(" CA")
        .filter(|name| !name.is_empty())
        .unwrap_or(common_name)
        .to_owned()
}
