//! `certctl gen`: a CA, a server and a client certificate, as gen.sh creates them.

mod new_set;
mod replace;

use std::collections::HashSet;

use pki::x509::name::Name;
use time::OffsetDateTime;

use super::{
    check_clock,
    issue_context::{carry_out, report, under},
    plan,
};
use crate::{
    cli::GenArgs,
    config::Settings,
    error::Error,
    hint::Hint,
    issue::{
        apply::OnFailure,
        archive,
        changes::{ChangeList, Decision, IssueTask},
        error::{IssueError, MoreTime},
        existing::{present, refuse_existing},
        notes,
        state::hint::away,
    },
    report::{CertificateSummary, Outcome},
    store::{CA_CERTIFICATE, CA_KEY, LockedDirectories, Store},
};
use new_set::{Draft, NewSet};

pub(crate) fn run(
    args: &GenArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let plan = &settings.config.plan;
    let names_hosts =
        !args.hosts.is_empty() || !args.san.is_empty() || args.subject.client_cn.is_some();
    if !plan.is_empty() && names_hosts {
        return Err(Error::usage(
            "certctl.toml has a plan, and its entries contain the hosts",
            Some(
                Hint::from(
                    "put the host into the `san` of its [[certificate]], or issue another \
                    identity: ",
                )
                .run("issue NAME HOST"),
            ),
        ));
    }
    if args.replace_ca && settings.ca.elsewhere {
        return Err(Error::usage(
            "`--replace-ca` creates a CA in the directory, and `--ca` names a CA outside it",
            Some("remove `--ca` and `--ca-key`".into()),
        ));
    }
    plan::refuse_undone_by_plan(args, settings)?;
    let draft = Draft::new(args, settings, None)?;
    // Everything that can be refused without the directory is refused before it is created.
    let new_set = if adds_to_a_ca(args, settings, &settings.store)? {
        None
    } else {
        Some(NewSet::drafted(args, settings, &draft, now).map_err(below_a_new_ca)?)
    };
    let locked = if args.dry_run { None } else { Some(settings.lock()?) };
    let store = locked.as_ref().map_or(&settings.store, |locked| locked.pki.store());
    // The process that had the lock before may have created the CA, and the lock completes a killed run.
    let adds = adds_to_a_ca(args, settings, store)?;
    let mut list = match new_set {
        Some(set) if !adds => plan_all(args, settings, store, set, now)?,
        _ => plan_missing(settings, locked.as_ref(), store, &draft, now)?,
    };
    let Some(locked) = locked else {
        list.notes.extend(notes::on_unfinished(&settings.store));
        return Ok(Outcome::Issued(Box::new(report("gen", settings, list, true))));
    };
    let creates_ca = list.ca.certificate().is_none();
    let mut issued = carry_out("gen", settings, &locked, list, (OnFailure::Stop, None), now)?;
    issued.next = creates_ca.then(|| {
        Hint::default()
            .run("render renewal cron")
            .then(" prints a crontab line that renews in time (or `systemd`)")
    });
    Ok(Outcome::Issued(Box::new(issued)))
}

/// Whether an existing CA signs the identities: one outside the directory, or that of a plan.
fn adds_to_a_ca(args: &GenArgs, settings: &Settings, store: &Store) -> Result<bool, Error> {
    if settings.ca.elsewhere {
        return Ok(true);
    }
    let has_ca = store.has(CA_CERTIFICATE)? || store.has(CA_KEY)?;
    Ok(has_ca && !settings.config.plan.is_empty() && !args.replace_ca)
}

fn plan_all(
    args: &GenArgs,
    settings: &Settings,
    store: &Store,
    mut set: NewSet,
    now: OffsetDateTime,
) -> Result<ChangeList, Error> {
    if !args.replace_ca {
        refuse_old_set(store, &set)?;
        return Ok(set.list);
    }
    archive::refuse_encrypted(store, &settings.ca.key)?;
    if let Some(replaced) = replace::new_set(args, settings, store, now).map_err(below_a_new_ca)? {
        set = replaced;
    }
    let NewSet { mut list, names, .. } = set;
    list.archive = archive::plan(store, &names, now)?;
    if let (Some(archive), Some(old)) = (&list.archive, &list.old_ca) {
        list.notes.extend(archive::on_further(store, archive, old));
    }
    Ok(list)
}

/// What of the plan is missing, under the CA that exists; or server and client under a CA elsewhere.
fn plan_missing(
    settings: &Settings,
    locked: Option<&LockedDirectories>,
    store: &Store,
    draft: &Draft,
    now: OffsetDateTime,
) -> Result<ChangeList, Error> {
    let authority = match locked {
        Some(locked) => settings.ca.read_valid(locked.ca.store(), now)?,
        None => settings.ca.read_valid(&settings.ca.store(), now)?,
    };
    let planned = !settings.config.plan.is_empty();
    // One listing: a plan may have thousands of entries.
    let files: HashSet<String> = store.files()?.into_iter().collect();
    let folded: HashSet<String> = files.iter().map(|file| file.to_ascii_lowercase()).collect();
    let mut tasks = Vec::new();
    for spec in &draft.specs {
        let wanted = spec.name.files();
        if planned && files.contains(&wanted[1]) {
            continue;
        }
        if wanted.iter().any(|file| folded.contains(&file.to_ascii_lowercase())) {
            refuse_existing(store, &wanted, &spec.name, Some(authority.certificate()))?;
        }
        tasks.push(spec.task(now, authority.certificate().validity())?);
    }
    let mut list = under(authority, settings, store)?;
    list.decisions = tasks.into_iter().map(Decision::issue).collect();
    Ok(list)
}

/// The hint for a CA that does not exist yet: not `renew ca`, but `--ca-days`.
fn below_a_new_ca(error: Error) -> Error {
    match error {
        Error::Issue(IssueError::OutlivesCa {
            name,
            ca_ends,
            days_left,
            edit,
            more: MoreTime::RenewedFor(days),
        }) => {
            let more = MoreTime::Created(days);
            // It begins when it is created, not when the user has read this.
            IssueError::OutlivesCa { name, ca_ends, days_left: days_left + 1, edit, more }.into()
        }
        error => error,
    }
}

/// Nothing is overwritten: an existing file of the set is an error.
fn refuse_old_set(store: &Store, set: &NewSet) -> Result<(), Error> {
    let present = present(store, &archive::files_of_set(&set.names))?;
    if present.is_empty() {
        return Ok(());
    }
    let has = |file: &str| present.iter().any(|present| present == file);
    let create =
        Hint::from("create a new CA (the old files go to archive/): ").run("gen --replace-ca");
    let hint = if has(CA_KEY) && has(CA_CERTIFICATE) {
        let missing = set.list.tasks().filter(|task| !has(&task.name.certificate_file()));
        let missing: Vec<Hint> =
            missing.flat_map(|task| issue_again(task, set.list.ca.subject(), store)).collect();
        let first = if missing.is_empty() {
            Hint::from("issue again under the same CA: ")
                .run("renew")
                .then("; or issue another identity: ")
                .run("issue NAME HOST")
        } else {
            Hint::from("issue what is missing: ").and(Hint::join(missing, ", "))
        };
        first.then("; or ").and(create)
    } else {
        create
    };
    let paths = present.iter().map(|file| store.path(file)).collect();
    Err(IssueError::Exists { paths, hint }.into())
}

/// The commands that issue identities without a certificate.
fn issue_again(task: &IssueTask, ca: &Name, store: &Store) -> Vec<Hint> {
    let facts = CertificateSummary::planned(task, ca);
    let hosts: String = facts
        .names
        .iter()
        .filter_map(|name| Some(format!(" {}", name.split_once(':')?.1)))
        .collect();
    let usage = task.request.usage;
    let moves = away(store, &[task.name.key_file()]);
    let mut commands: Vec<Hint> = moves.into_iter().map(Hint::from).collect();
    commands.push(Hint::default().run(format!("issue {}{hosts} --usage {usage}", task.name)));
    commands
}
