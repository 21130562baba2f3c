//! Collects the objects of many files, and keeps only those that the report shows.

use std::{
    cmp::Ordering,
    collections::BinaryHeap,
    path::{Path, PathBuf},
};

use pki::{
    input::{LocatedObject, PkiObject},
    x509::{certificate::Certificate, validity::Validity},
};
use serde::Serialize;
use time::OffsetDateTime;

use super::{
    chain::in_chain_order,
    options::{Detail, InspectOptions, State},
    row::Row,
};
use crate::{
    error::Error,
    issue::error::IssueError,
    probe::ProbeResult,
    report::{Note, skipped::Skipped},
};

/// Numbers of objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) certificates: usize,
    /// Within the expiry window, and not expired.
    pub(crate) due: usize,
    pub(crate) expired: usize,
    /// Revocation lists whose nextUpdate is within the window, and not past.
    pub(crate) crls_due: usize,
    /// Revocation lists whose nextUpdate has passed.
    pub(crate) crls_expired: usize,
    /// Keys, CSRs, CRLs, and objects that cannot be read.
    pub(crate) others: usize,
    /// Files of a directory without supported content.
    pub(crate) skipped: usize,
    /// Certificates and CRLs, which can expire.
    #[serde(skip)]
    dated: usize,
    /// Private keys that this user may not read.
    #[serde(skip)]
    denied: usize,
}

/// One file, in chain order; or what one server serves, in the order in which it was sent.
#[derive(Debug)]
pub(crate) struct FileReport {
    pub(super) path: PathBuf,
    /// The earliest expiry of its certificates.
    pub(super) ends: Option<OffsetDateTime>,
    /// Set if `path` is a live server and not a file.
    pub(super) server: Option<Box<ProbeResult>>,
    pub(super) entries: Vec<Entry>,
}

/// One object in a file.
#[derive(Debug)]
pub(crate) enum Entry {
    /// With every fact.
    Whole(LocatedObject),
    Row(Row),
}

/// The result so far.
#[derive(Debug)]
pub(crate) struct Collector {
    pub(super) terms: InspectOptions,
    pub(super) counts: Counts,
    /// By earliest expiry, those without certificates last, once they are sorted.
    pub(super) files: Vec<FileReport>,
    /// Of the files without a due object, those that expire first; the last of them on top.
    later: BinaryHeap<FileReport>,
    pub(super) errors: Vec<Error>,
    pub(super) notes: Vec<Note>,
    pub(super) skipped: Vec<Skipped>,
}

impl Collector {
    pub(crate) fn new(terms: InspectOptions) -> Self {
        Self {
            terms,
            counts: Counts::default(),
            files: Vec::new(),
            later: BinaryHeap::new(),
            errors: Vec::new(),
            notes: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Whether a file with one certificate of this validity needs no closer look, since it will not
    /// be shown; then it is counted.
    pub(crate) fn dismiss(&mut self, path: &Path, validity: &Validity) -> bool {
        let Detail::Urgent(limit) = self.terms.keep else { return false };
        let out = self.terms.state(validity) == State::Later
            && !self.is_soon(Some(validity.not_after), path, limit);
        if out {
            self.count(validity);
        }
        out
    }

    /// Adds the objects of a file.
    pub(crate) fn add(&mut self, path: &Path, found: Vec<LocatedObject>) {
        let (ends, urgent) = self.count_objects(path, &found);
        let limit = match self.terms.keep {
            Detail::Urgent(limit) if !urgent => limit,
            keep => {
                let whole = keep == Detail::Everything;
                return self.files.push(FileReport::new(path, ends, in_chain_order(found), whole));
            }
        };
        if ends.is_none() || !self.is_soon(ends, path, limit) {
            return;
        }
        if self.later.len() >= limit {
            self.later.pop();
        }
        self.later.push(FileReport::new(path, ends, in_chain_order(found), false));
    }

    /// Adds the certificates of a server.
    pub(crate) fn add_server(&mut self, endpoint: &str, served: ProbeResult) {
        let found = served.certificates.iter().map(|der| LocatedObject {
            location: None,
            form: Vec::new(),
            object: match Certificate::from_der(der.clone()) {
                Ok(certificate) => PkiObject::Certificate(Box::new(certificate)),
                Err(error) => PkiObject::Broken { what: "certificate", reason: error.into() },
            },
        });
        let (path, found) = (Path::new(endpoint), found.collect::<Vec<_>>());
        let (ends, _) = self.count_objects(path, &found);
        let shown = Some(Box::new(served));
        self.files.push(FileReport { server: shown, ..FileReport::new(path, ends, found, true) });
    }

    /// Counts objects; returns the earliest expiry, and whether one is due, expired or unreadable.
    fn count_objects(
        &mut self,
        path: &Path,
        found: &[LocatedObject],
    ) -> (Option<OffsetDateTime>, bool) {
        let mut ends: Option<OffsetDateTime> = None;
        let mut urgent = false;
        for LocatedObject { location, object, .. } in found {
            let place = || (path.to_owned(), location.as_ref().map(ToString::to_string));
            urgent |= match object {
                PkiObject::Certificate(certificate) => {
                    let end = certificate.not_after();
                    ends = Some(ends.map_or(end, |earliest| earliest.min(end)));
                    self.count(certificate.validity()) != State::Later
                }
                PkiObject::RevocationList(list) => {
                    self.counts.dated += 1;
                    let state = list.validity().map(|validity| self.terms.state(&validity));
                    self.counts.crls_due += usize::from(state == Some(State::Due));
                    self.counts.crls_expired += usize::from(state == Some(State::Expired));
                    state.is_some_and(|state| state != State::Later)
                }
                PkiObject::Broken { what, reason: source } => {
                    let (path, within) = place();
                    let (within, source) = (within.map(Into::into), source.clone());
                    self.errors.push(IssueError::Malformed { path, within, what, source }.into());
                    true
                }
                PkiObject::Misplaced(reason) => {
                    let (path, within) = place();
                    let within = within.unwrap_or_default();
                    self.errors.push(Error::Secret { path, within, reason });
                    true
                }
                _ => false,
            };
            let is_other = !matches!(object, PkiObject::Certificate(_));
            self.counts.others += usize::from(is_other);
        }
        (ends, urgent)
    }

    /// A file of a directory without supported content.
    pub(crate) fn skip(&mut self, skipped: Skipped) {
        self.counts.skipped += 1;
        self.skipped.push(skipped);
    }

    pub(crate) fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// A private key that this user may not read.
    pub(crate) fn deny(&mut self) {
        self.counts.denied += 1;
    }

    pub(crate) fn denied(&self) -> usize {
        self.counts.denied
    }

    /// Whether there is nothing to report, and nothing failed.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.certificates + self.counts.others == 0 && self.errors.is_empty()
    }

    /// Whether nothing was found that can expire, and nothing failed.
    pub(crate) fn is_undated(&self) -> bool {
        self.counts.dated == 0 && self.errors.is_empty()
    }

    pub(crate) fn note(&mut self, note: Option<Note>) {
        self.notes.extend(note);
    }

    pub(crate) fn fail(&mut self, error: Error) {
        self.errors.push(error);
    }

    /// Adds the result of another thread.
    pub(crate) fn merge(&mut self, other: Self) {
        self.counts.certificates += other.counts.certificates;
        self.counts.due += other.counts.due;
        self.counts.expired += other.counts.expired;
        self.counts.crls_due += other.counts.crls_due;
        self.counts.crls_expired += other.counts.crls_expired;
        self.counts.others += other.counts.others;
        self.counts.skipped += other.counts.skipped;
        self.counts.dated += other.counts.dated;
        self.counts.denied += other.counts.denied;
        self.skipped.extend(other.skipped);
        self.files.extend(other.files);
        self.later.extend(other.later);
        self.errors.extend(other.errors);
        self.notes.extend(other.notes);
    }

    /// Every file that is shown, by earliest expiry; those without certificates last.
    pub(super) fn sorted(mut self) -> Self {
        if let Detail::Urgent(limit) = self.terms.keep {
            let later = std::mem::take(&mut self.later).into_sorted_vec();
            let mut rows = 0;
            self.files.extend(later.into_iter().take_while(|file| {
                rows += file.entries.len();
                rows <= limit
            }));
        }
        self.files.sort();
        self
    }

    /// Whether a file is among the `limit` that expire first, as far as is known.
    fn is_soon(&self, ends: Option<OffsetDateTime>, path: &Path, limit: usize) -> bool {
        let sooner = |last: &FileReport| order(ends, path) < order(last.ends, &last.path);
        self.later.len() < limit || self.later.peek().is_some_and(sooner)
    }

    fn count(&mut self, validity: &Validity) -> State {
        let state = self.terms.state(validity);
        self.counts.certificates += 1;
        self.counts.dated += 1;
        match state {
            State::Later => {}
            State::Due => self.counts.due += 1,
            State::Expired => self.counts.expired += 1,
        }
        state
    }
}

impl FileReport {
    fn new(
        path: &Path,
        ends: Option<OffsetDateTime>,
        found: Vec<LocatedObject>,
        whole: bool,
    ) -> Self {
        let entries = found
            .into_iter()
            .map(|found| if whole { Entry::Whole(found) } else { Entry::Row(Row::of(&found)) });
        Self { path: path.to_owned(), ends, server: None, entries: entries.collect() }
    }
}

impl Ord for FileReport {
    fn cmp(&self, other: &Self) -> Ordering {
        order(self.ends, &self.path).cmp(&order(other.ends, &other.path))
    }
}

impl PartialOrd for FileReport {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for FileReport {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for FileReport {}

/// By earliest expiry; those without certificates last.
fn order(ends: Option<OffsetDateTime>, path: &Path) -> (bool, Option<OffsetDateTime>, &Path) {
    (ends.is_none(), ends, path)
}
