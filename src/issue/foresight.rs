//! The errors that a run would have: for a dry run, and for a directory that is not writable.

use std::io::ErrorKind;

use super::{
    changes::{CaChange, ChangeList, Decision, IssueTask},
    error::IssueError,
};
use crate::store::{CA_SERIAL, LockOptions, Sensitivity, Store, StoreError};

/// Whether the lock could not be had because nothing can be written in the directory.
pub(crate) fn is_not_writable(error: &StoreError) -> bool {
    let StoreError::Write { source, .. } = error else { return false };
    matches!(source.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Adds the errors that the run would have, as far as they are known without writing.
pub(crate) fn foresee(
    list: &mut ChangeList,
    store: &Store,
    ca_store: &Store,
    options: &LockOptions,
) -> Result<(), IssueError> {
    let ca_file = match &list.ca {
        CaChange::Renew { file, .. } => file.as_str(),
        _ if list.tasks().next().is_none() => return Ok(()),
        _ => CA_SERIAL,
    };
    let ca_files = vec![vec![(ca_file.to_owned(), Sensitivity::Public)]];
    let groups = list.tasks().map(IssueTask::files).collect();
    let ca = ca_store.foresee(ca_files, options);
    let targets = match (ca, store.foresee(groups, options)) {
        (Ok(ca), Ok(targets)) => {
            ca.into_iter().collect::<Result<Vec<()>, _>>()?;
            targets
        }
        (Err(error), _) | (_, Err(error)) => {
            list.ca_error.get_or_insert(error.into());
            return Ok(());
        }
    };
    let creates = list.creates();
    let planned = list.decisions.iter_mut().filter(|decision| decision.task.is_some());
    for (decision, target) in planned.zip(targets) {
        match target {
            Err(error) if creates => return Err(error.into()),
            Err(error) => *decision = Decision::failed(&decision.name, error),
            Ok(()) => {}
        }
    }
    Ok(())
}
