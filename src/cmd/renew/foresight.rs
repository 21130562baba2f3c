//! The errors that a run would have: for a dry run, and for a directory that is not writable.

use std::io::ErrorKind;

use super::super::issue_context::Planned;
use crate::{
    config::Settings,
    error::Error,
    issue::changes::{CaChange, IssueTask},
    report::issue_report::Item,
    store::{CA_SERIAL, Missing, Sensitivity, StoreError},
};

/// Whether the lock could not be had because nothing can be written in the directory.
pub(super) fn is_not_writable(error: &StoreError) -> bool {
    let StoreError::Write { source, .. } = error else { return false };
    matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Adds the errors that the run would have, as far as they are known without writing.
pub(super) fn refuse(settings: &Settings, planned: &mut Planned) -> Result<(), Error> {
    let renews_ca = matches!(planned.list.ca, CaChange::Renew { .. });
    if planned.list.tasks.is_empty() && !renews_ca {
        return Ok(());
    }
    let options = settings.lock_options(Missing::Refuse);
    let ca_file = match &planned.list.ca {
        CaChange::Renew { file, .. } => file.as_str(),
        _ => CA_SERIAL,
    };
    let ca_files = vec![vec![(ca_file.to_owned(), Sensitivity::Public)]];
    let files = |task: &IssueTask| {
        let key = task.new_key().map(|_| (task.name.key_file(), Sensitivity::Secret));
        key.into_iter().chain([(task.name.certificate_file(), Sensitivity::Public)]).collect()
    };
    let groups = planned.list.tasks.iter().map(files).collect();
    let ca = settings.ca.store().foresee(ca_files, &options);
    let targets = match (ca, settings.store.foresee(groups, &options)) {
        (Ok(ca), Ok(targets)) => {
            ca.into_iter().collect::<Result<Vec<()>, _>>()?;
            targets
        }
        (Err(error), _) | (_, Err(error)) => {
            planned.report.ca.error.get_or_insert(error.into());
            return Ok(());
        }
    };
    let creates = planned.creates();
    let (tasks, rows) =
        (std::mem::take(&mut planned.list.tasks), std::mem::take(&mut planned.rows));
    for ((task, row), target) in tasks.into_iter().zip(rows).zip(targets) {
        match target {
            Ok(()) => {
                planned.list.tasks.push(task);
                planned.rows.push(row);
            }
            Err(error) if creates => return Err(error.into()),
            Err(error) => {
                planned.report.certificates[row] = Item::failed(&task.name, error);
            }
        }
    }
    Ok(())
}
