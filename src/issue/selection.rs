//! Decides which certificates of a directory are renewed, and what is reported of the others.

use pki::x509::{certificate::Certificate, escape::escape_line, validity::ExpiryWindow};
use time::OffsetDateTime;

use super::{
    changes::{Action, Decision, Drift, StaleCopy},
    error::IssueError,
    identity::{Identity, IdentityName, ScanResult, seems_issued_by},
    key_files::KeyFiles,
    layout::{Form, OtherFile, is_below},
    renewal::Renewal,
    spec::IdentitySpec,
    state::{Obstacle, State},
    urgency::Urgency,
};
use crate::{hint::Note, path_text::PathText as _, store::Store};

/// What the decisions depend on besides the identity.
#[expect(clippy::struct_excessive_bools, reason = "they are flags of the command line, and facts")]
pub(crate) struct Selection<'a> {
    pub(crate) store: &'a Store,
    pub(crate) ca: &'a Certificate,
    /// The CA has expired: what is due is reported, and nothing is signed.
    pub(crate) ca_expired: bool,
    pub(crate) keys: KeyFiles<'a>,
    /// The user asked for identities by name.
    pub(crate) named: bool,
    /// Only what expires within it is renewed.
    pub(crate) window: Option<ExpiryWindow>,
    pub(crate) has_plan: bool,
    pub(crate) reuse_key: bool,
    pub(crate) dry_run: bool,
    pub(crate) now: OffsetDateTime,
}

/// The decision, if a report shows the name, and a note.
type Noted = (Option<Decision>, Option<Note>);

impl Selection<'_> {
    /// Decides for the scan result of a name. `spec` is there if the plan has an entry for it; `renewal` says what
    /// a renewal changes.
    pub(crate) fn decide<'r>(
        &self,
        (name, found): (&IdentityName, ScanResult),
        spec: Option<impl FnOnce(&Certificate) -> Result<IdentitySpec, IssueError>>,
        renewal: impl FnOnce(Option<IdentitySpec>, &[Drift]) -> Result<Renewal<'r>, IssueError>,
    ) -> Noted {
        let store = self.store;
        let failed = |error: IssueError| (Some(Decision::failed(name, error)), None);
        let path = store.path(&name.certificate_file());
        let is_planned = spec.is_some();
        let member = match found {
            ScanResult::Member(member) => member,
            ScanResult::Broken(error) => return failed(error),
            ScanResult::Foreign { certificate, .. } if seems_issued_by(&certificate, self.ca) => {
                return self.refused(&Obstacle::Signature, name, &certificate);
            }
            ScanResult::Foreign { certificate, .. }
                if certificate.is_ca() && !is_planned && is_below(&certificate, self.ca) =>
            {
                // `other_files` lists it in a run without names.
                return if self.named {
                    self.refused(&Obstacle::Layout(Form::Ca, None), name, &certificate)
                } else {
                    (None, None)
                };
            }
            ScanResult::Foreign { .. } if self.named => {
                return failed(IssueError::OtherIssuer { path });
            }
            ScanResult::Other(Some(error)) if self.named || is_planned => return failed(*error),
            ScanResult::Other(None) if self.named => {
                let message = format!("`{}` is also the file of another identity", path.shown());
                let (dir, path) = (store.dir().typed(), path.typed());
                let hint = format!("name that identity: `find -L {dir} -samefile {path}` shows it");
                return failed(IssueError::usage(message, Some(hint.into())));
            }
            ScanResult::Foreign { has_key, certificate } if has_key || is_planned => {
                let file = name.certificate_file();
                let error = is_planned.then(|| {
                    Obstacle::OtherIssuer.error(store, &file, &certificate, Urgency::Differs)
                });
                let reason = Some("not signed by this CA".to_owned());
                let decision = Decision::new(name, Action::Skipped);
                return (Some(Decision { reason, error, ..decision }), None);
            }
            ScanResult::Foreign { .. } | ScanResult::Other(_) => return (None, None),
        };
        self.identity(member, spec, renewal).unwrap_or_else(failed)
    }

    fn identity<'r>(
        &self,
        member: Box<Identity>,
        spec: Option<impl FnOnce(&Certificate) -> Result<IdentitySpec, IssueError>>,
        renewal: impl FnOnce(Option<IdentitySpec>, &[Drift]) -> Result<Renewal<'r>, IssueError>,
    ) -> Result<Noted, IssueError> {
        let spec = spec.map(|spec| spec(&member.certificate)).transpose()?;
        let certificate = &member.certificate;
        let state = State::of(certificate, spec.as_ref(), self.has_plan, self.window, self.now);
        let urgency = state.urgency();
        if urgency.is_none() && self.window.is_some() {
            let action = if state.unmanaged { Action::Unmanaged } else { Action::Unchanged };
            let decision = Decision::new(&member.name, action);
            let certificate = Some(Box::new(member.certificate));
            return Ok((Some(Decision { certificate, ..decision }), None));
        }
        let obstacle = if self.ca_expired {
            Some(Obstacle::CaExpired)
        } else if self.reuse_key {
            // The key stays, wherever its file is.
            None
        } else {
            match Obstacle::of(self.store, &member, &self.keys) {
                // The user of the next run may read more files than the user of this one.
                Err(_) if self.dry_run => None,
                found => found?,
            }
        };
        if let Some(obstacle) = obstacle {
            let urgency = match urgency {
                Some(Urgency::Expired | Urgency::NotYetValid(_)) => urgency,
                _ if self.named && self.window.is_none() => Some(Urgency::Named),
                _ => urgency,
            };
            let file = member.name.certificate_file();
            let (name, certificate) = (member.name.as_str(), &member.certificate);
            return Ok(self.blocked(&obstacle, (name, &file), certificate, urgency));
        }
        let reason = state.unmanaged.then(|| "not in the plan".to_owned());
        let renewal = renewal(spec, &state.differences)?;
        let changes = state.differences;
        let task = renewal.task(self.store, member, &changes, (self.ca.validity(), self.now))?;
        Ok((Some(Decision { reason, changes, ..Decision::issue(task) }), None))
    }

    /// For a certificate of this CA that is not an identity.
    fn refused(
        &self,
        obstacle: &Obstacle,
        name: &IdentityName,
        certificate: &Certificate,
    ) -> Noted {
        let urgency = self.dates(certificate).urgency();
        let is_named = self.named && self.window.is_none();
        let urgency = urgency.or(is_named.then_some(Urgency::Named));
        self.blocked(obstacle, (name.as_str(), &name.certificate_file()), certificate, urgency)
    }

    /// The state of a certificate without the plan.
    fn dates(&self, certificate: &Certificate) -> State {
        State::dates(certificate, self.window, self.now)
    }

    /// A certificate that is not renewed: an error with exit code 3 or 4 if it is due, else a note.
    fn blocked(
        &self,
        obstacle: &Obstacle,
        (name, file): (&str, &str),
        certificate: &Certificate,
        urgency: Option<Urgency>,
    ) -> Noted {
        let store = self.store;
        let reason = obstacle.reason(store);
        let note = urgency.is_none().then(|| {
            let path = store.path(file).shown();
            let hint = obstacle.hint(store, file, certificate);
            Note::plain(format!("`{path}` is not renewed: {reason}"), hint)
        });
        let error = urgency.map(|urgency| obstacle.error(store, file, certificate, urgency));
        let action = match urgency {
            Some(Urgency::Named) => Action::Failed,
            _ => Action::Skipped,
        };
        let (certificate, reason) = (Some(Box::new(certificate.clone())), Some(reason));
        (Some(Decision { certificate, reason, error, ..Decision::new(name, action) }), note)
    }

    /// The certificates of the CA in other layouts that are due; all of them where all are renewed. A copy is due
    /// once its identity has another certificate: until then that is renewed, or named itself.
    pub(crate) fn others(&self, others: &[OtherFile]) -> Vec<Noted> {
        let mut decisions = Vec::new();
        for other in others {
            let OtherFile { file, certificate, .. } = other;
            let urgency = self.dates(certificate).urgency().filter(|_| !other.is_current);
            if urgency.is_some() || self.window.is_none() {
                let obstacle = Obstacle::of_file(other, &self.keys);
                let name = escape_line(file);
                let (item, note) = self.blocked(&obstacle, (&name, file), certificate, urgency);
                // `copies` has the note, as it is stale only if its identity is renewed.
                let is_current = other.is_current && matches!(obstacle, Obstacle::Copy(..));
                decisions.push((item, note.filter(|_| !is_current)));
            }
        }
        decisions
    }

    /// The copies with the current certificate of an identity, which are stale once it is renewed.
    pub(crate) fn copies(&self, others: &[OtherFile]) -> Vec<StaleCopy> {
        let store = self.store;
        let copy = |other: &OtherFile| {
            let obstacle = Obstacle::of_file(other, &self.keys);
            let Obstacle::Copy(name, ..) = &obstacle else { return None };
            let [copy, own] = [&other.file, &name.certificate_file()].map(|file| store.path(file));
            let message = format!(
                "`{}` is a copy from `{}`, which this run renews",
                copy.shown(),
                own.shown()
            );
            let hint = obstacle.hint(store, &other.file, &other.certificate);
            Some(StaleCopy::new(name.clone(), copy, Note::warning(message, hint)))
        };
        others.iter().filter(|other| other.is_current).filter_map(copy).collect()
    }
}
