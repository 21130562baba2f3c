//! Carries out a change list, for every command that issues.
//!
//! First each file is prepared, so that a file that cannot be written fails before a serial number is used.
//! Then the serial numbers are reserved, durably. Then the certificates are signed, verified by webpki and
//! staged, on all cores. Then one commit publishes everything.

use std::sync::atomic::{AtomicUsize, Ordering};

use pki::{
    verify::webpki::{self, WebpkiError},
    x509::{
        certificate::Certificate,
        key::{KeyType, PrivateKey},
        pem,
        serial::Serial,
    },
};
use time::OffsetDateTime;

use super::{
    authority::Authority,
    changes::{CaChange, ChangeList, Decision, IssueTask, KeySource},
    error::IssueError,
    identity::{Identity, IdentityName},
    pending_hook::{Awaits, PendingHook, Record},
};
use crate::{
    parallel,
    store::{
        CA_CERTIFICATE, CA_KEY, CA_SERIAL, FileSet, LockedDirectories, Sensitivity, SerialFile,
        Slot, StoreError,
    },
};

/// An identity that was issued.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) name: IdentityName,
    pub(crate) certificate: Certificate,
    pub(crate) new_key: bool,
    pub(crate) replaced: Option<Box<Identity>>,
    /// webpki refuses it for the same reason as the old certificate.
    pub(crate) still_refused: Option<WebpkiError>,
}

/// What was published.
pub(crate) struct Applied<T> {
    /// The CA that was created or renewed.
    pub(crate) ca: Option<Certificate>,
    /// For each task, by the number of its decision: its description, or why it was left out.
    pub(crate) results: Vec<Numbered<Result<T, IssueError>>>,
    /// `ca.srl` was behind this serial.
    pub(crate) stepped_over: Option<Serial>,
}

/// What the failure of one task does to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// Nothing is published.
    Stop,
    /// It is left out, and the others are published. A write error stops all.
    LeaveOut,
}

/// A task with its key and its staged files: all that can fail before a serial number is used.
struct Prepared {
    task: IssueTask,
    key: Option<PrivateKey>,
    /// The files of the key, if it is new, and of the certificate.
    slots: Vec<Slot>,
}

/// The progress, for a progress bar: slow keys, and certificates.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) done: AtomicUsize,
}

impl ChangeList {
    /// What [`apply`] will count, and the total.
    pub(crate) fn steps(&self) -> (&'static str, usize) {
        let is_ahead = |task: &&IssueTask| task.new_key().is_some_and(KeyType::is_rsa);
        let ahead = self.tasks().filter(is_ahead).count();
        let what = if ahead == 0 { "certificates" } else { "keys and certificates" };
        (what, self.tasks().count() + ahead + usize::from(self.ca.new_key().is_some()))
    }

    /// The names of all files that will be published.
    fn published(&self) -> Vec<String> {
        let mut files = Vec::new();
        if let CaChange::Create { .. } = self.ca {
            files.extend([CA_KEY, CA_CERTIFICATE, CA_SERIAL].map(str::to_owned));
        }
        let of_tasks = self.tasks().flat_map(IssueTask::files);
        files.extend(of_tasks.map(|(file, _)| file));
        files
    }
}

/// Carries out a change list. `describe` is called for each new certificate, from several threads.
///
/// `pending` has the names for which a hook is pending. If it is given, a hook will run for what is
/// published, or servers will be probed; those names are added to the record in the same commit.
pub(crate) fn apply<T: Send>(
    list: ChangeList,
    locked: &LockedDirectories,
    now: OffsetDateTime,
    on_failure: OnFailure,
    pending: Option<(PendingHook, Awaits)>,
    count: &Count,
    describe: impl Fn(Issued) -> T + Sync,
) -> Result<Applied<T>, IssueError> {
    let mut set = locked.pki.file_set()?;
    if let Some(archive) = &list.archive {
        // Old files that are not in the new set are removed.
        set.archive(&archive.name, &archive.files, &list.published())?;
    }
    let (ca_slots, other_set) = prepare_ca(&list.ca, locked, &mut set)?;
    let record = pending
        .map(|pending| Record::prepare(pending, locked, &mut set, other_set.is_some()))
        .transpose()?;
    let renews_ca = matches!(list.ca, CaChange::Renew { .. });
    let names: Vec<IdentityName> = list.tasks().map(|task| task.name.clone()).collect();
    let (mut prepared, mut results) = prepare(list.decisions, &mut set, on_failure)?;

    let mut keys = keys_ahead(&list.ca, &prepared, count)?.into_iter();
    let (authority, is_new) = match list.ca {
        CaChange::Keep(authority) | CaChange::Renew { authority, .. } => (authority, false),
        CaChange::Shown(..) => unreachable!("a dry run is not carried out"),
        CaChange::Create { subject, validity, .. } => {
            let Some(key) = keys.next() else { unreachable!("the CA's key is the first") };
            // The CA's own serial number is not in ca.srl, as with gen.sh.
            let authority = Authority::create(&subject, key, &validity, Serial::random()?)
                .map_err(|source| IssueError::SignCa { source })?;
            (Box::new(authority), true)
        }
    };
    for (_, ready) in prepared.iter_mut().filter(|(_, ready)| ready.has_key_ahead()) {
        ready.key = keys.next();
    }

    let reserved = match (is_new, prepared.len()) {
        (false, 0) => None,
        (true, count) => Some(SerialFile::of_new_ca(&locked.ca).allot(count, None)?),
        (false, count) => {
            Some(SerialFile::read(&locked.ca)?.reserve(&locked.ca, count, list.highest)?)
        }
    };
    if let (Some(reserved), [key, certificate, serial]) = (&reserved, &ca_slots[..]) {
        set.write(*key, authority.key().to_pem().as_bytes())?;
        let ca_pem = pem::encode("CERTIFICATE", authority.certificate().der());
        set.write(*certificate, ca_pem.as_bytes())?;
        set.write(*serial, reserved.content().as_bytes())?;
    }

    let serials = reserved.iter().flat_map(|reserved| reserved.serials.iter().copied());
    let ready: Vec<_> = prepared.into_iter().zip(serials).collect();
    let issued = parallel::map(ready, |((number, ready), serial)| {
        let slots = ready.slots.clone();
        let old_ca = list.old_ca.as_ref();
        let issued = ready.issue((&authority, old_ca), serial, now, &set);
        if issued.is_err() {
            for slot in slots {
                set.leave_out(slot);
            }
        }
        count.done.fetch_add(1, Ordering::Relaxed);
        (number, issued.map(&describe))
    });
    accept(issued, on_failure, &mut results)?;

    if let Some(record) = record {
        let published = results.iter().zip(&names).filter(|((_, result), _)| result.is_ok());
        record.write(published.map(|(_, name)| name), renews_ca, &set)?;
    }
    if let Some(other) = other_set {
        other.commit()?;
    }
    set.commit()?;
    Ok(Applied {
        ca: Some(authority.certificate().clone()),
        results,
        stepped_over: reserved.and_then(|reserved| reserved.stepped_over),
    })
}

/// Adds the results to those of the refused tasks, in the order of the tasks; or stops.
fn accept<T>(
    issued: Vec<Numbered<Result<T, IssueError>>>,
    on_failure: OnFailure,
    results: &mut Vec<Numbered<Result<T, IssueError>>>,
) -> Result<(), IssueError> {
    for (number, result) in issued {
        match result {
            Err(error) if on_failure == OnFailure::Stop => return Err(error),
            // A full disk is not the fault of one identity.
            Err(error @ IssueError::Store(StoreError::Write { .. })) => return Err(error),
            result => results.push((number, result)),
        }
    }
    results.sort_by_key(|(number, _)| *number);
    Ok(())
}

/// Prepares the files of a new CA, or stages the certificate of a renewed CA: in the set, or in a separate
/// set if the CA is in another directory. That set is committed before the identities.
fn prepare_ca<'a>(
    ca: &CaChange,
    locked: &'a LockedDirectories,
    set: &mut FileSet<'_>,
) -> Result<(Vec<Slot>, Option<FileSet<'a>>), IssueError> {
    match ca {
        CaChange::Keep(_) | CaChange::Shown(..) => Ok((Vec::new(), None)),
        CaChange::Create { .. } => {
            let files = [
                (CA_KEY, Sensitivity::Secret),
                (CA_CERTIFICATE, Sensitivity::Public),
                (CA_SERIAL, Sensitivity::Public),
            ];
            let slots = files.into_iter().map(|(file, sensitivity)| set.prepare(file, sensitivity));
            Ok((slots.collect::<Result<_, _>>()?, None))
        }
        CaChange::Renew { file, content, .. } if locked.pki.is(&locked.ca) => {
            let slot = set.prepare(file, Sensitivity::Public)?;
            set.write(slot, content)?;
            Ok((Vec::new(), None))
        }
        CaChange::Renew { file, content, .. } => {
            let mut other = locked.ca.file_set()?;
            let slot = other.prepare(file, Sensitivity::Public)?;
            other.write(slot, content)?;
            Ok((Vec::new(), Some(other)))
        }
    }
}

/// A task by the number of its decision.
type Numbered<T> = (usize, T);

/// The tasks that can be issued, and the errors of the others.
type Sorted<T> = (Vec<Numbered<Prepared>>, Vec<Numbered<Result<T, IssueError>>>);

/// Prepares the files of the tasks, and finds those that cannot be written.
fn prepare<T>(
    decisions: Vec<Decision>,
    set: &mut FileSet<'_>,
    on_failure: OnFailure,
) -> Result<Sorted<T>, IssueError> {
    let numbered = decisions.into_iter().enumerate();
    let tasks: Vec<_> = numbered.filter_map(|(number, one)| Some((number, one.task?))).collect();
    let slots = set.prepare_all(tasks.iter().map(|(_, task)| task.files()).collect())?;
    let (mut prepared, mut refused) = (Vec::new(), Vec::new());
    for ((number, task), slots) in tasks.into_iter().zip(slots) {
        match slots {
            Ok(slots) => prepared.push((number, Prepared { task, key: None, slots })),
            Err(error) if on_failure == OnFailure::Stop => return Err(error.into()),
            Err(error) => refused.push((number, Err(error.into()))),
        }
    }
    Ok((prepared, refused))
}

/// Generates first, on all cores, the key of a new CA and the RSA keys, which share the search for primes.
fn keys_ahead(
    ca: &CaChange,
    prepared: &[Numbered<Prepared>],
    count: &Count,
) -> Result<Vec<PrivateKey>, IssueError> {
    let ahead = prepared.iter().filter(|(_, ready)| ready.has_key_ahead());
    let kinds: Vec<KeyType> = ca
        .new_key()
        .into_iter()
        .chain(ahead.filter_map(|(_, ready)| ready.task.new_key()))
        .collect();
    PrivateKey::generate_all(&kinds, &count.done)
        .map_err(|source| IssueError::KeyGeneration { source })
}

impl Prepared {
    fn has_key_ahead(&self) -> bool {
        self.task.new_key().is_some_and(KeyType::is_rsa)
    }

    /// Generates the key, signs, reads back, verifies, and stages the files.
    fn issue(
        self,
        (authority, old_ca): (&Authority, Option<&Certificate>),
        serial: Serial,
        now: OffsetDateTime,
        set: &FileSet<'_>,
    ) -> Result<Issued, IssueError> {
        let Self { task, key, slots } = self;
        let IssueTask { name, request, key: source, replaces } = task;
        let key = match (&source, key) {
            (KeySource::New(kind), None) => Some(
                PrivateKey::generate(*kind)
                    .map_err(|source| IssueError::KeyGeneration { source })?,
            ),
            (_, key) => key,
        };
        let public = match (&key, &source) {
            (Some(key), _) => key.public(),
            (None, KeySource::Kept(public)) => public,
            (None, KeySource::New(_)) => unreachable!("a task for a new key has one by now"),
        };
        let chain = replaces.as_ref().map_or(&[][..], |identity| &identity.chain);
        let certificate = authority
            .issue(&request, replaces.as_ref().map(|old| &old.certificate), public, serial)
            .map_err(|source| IssueError::Sign { name: name.clone(), source })?;
        let authority = authority.certificate();
        let old = replaces.as_ref().map(|old| (&old.certificate, old_ca.unwrap_or(authority)));
        let still_refused = self_check(&certificate, chain, authority, old, now)
            .map_err(|source| IssueError::SelfCheck { name: name.clone(), source })?;

        let content = replaces.as_ref().and_then(|old| {
            let content = old.content.as_ref()?;
            Some(pem::replace_certificate(content, old.certificate.der(), certificate.der()))
        });
        let content =
            content.unwrap_or_else(|| pem::encode("CERTIFICATE", certificate.der()).into_bytes());
        let key_pem = key.as_ref().map(PrivateKey::to_pem);
        let key_pem = key_pem.iter().map(|pem| pem.as_bytes());
        for (slot, content) in slots.into_iter().zip(key_pem.chain([&*content])) {
            set.write(slot, content)?;
        }
        Ok(Issued { name, certificate, new_key: key.is_some(), replaced: replaces, still_refused })
    }
}

/// Validates a new certificate with webpki. A certificate that webpki refuses is not published, unless
/// webpki refuses the replaced one for the same reason, at its own time and under its own CA: renewal
/// is lossless.
fn self_check(
    certificate: &Certificate,
    chain: &[Vec<u8>],
    ca: &Certificate,
    replaces: Option<(&Certificate, &Certificate)>,
    now: OffsetDateTime,
) -> Result<Option<WebpkiError>, WebpkiError> {
    let validate = |leaf, ca, at| webpki::validate(leaf, chain, ca, at);
    match (validate(certificate, ca, now), replaces) {
        (Ok(()), _) => Ok(None),
        (Err(verdict), Some((old, its_ca))) => {
            let in_its_time = old.validity().not_after.min(now);
            if validate(old, its_ca, in_its_time).is_err_and(|before| before == verdict) {
                Ok(Some(verdict))
            } else {
                Err(verdict)
            }
        }
        (Err(verdict), None) => Err(verdict),
    }
}
