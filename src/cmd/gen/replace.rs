//! `gen --replace-ca`: creates a new CA with the same name, and reissues what the old one signed.

use pki::x509::{certificate::Certificate, escape::escape_line, pem};
use time::OffsetDateTime;

use super::{
    super::{initial_set::named, plan},
    new_set::{Draft, NewSet},
};
use crate::{
    cli::GenArgs,
    config::Settings,
    error::Error,
    hint::{Hint, Note},
    issue::{
        archive::old_certificate,
        changes::{Action, Decision},
        error::IssueError,
        identity::{Identity, ScanResult, scan},
        key_files::{KeyFiles, KeyState},
        layout::{other_files, remove_records},
        renewal::Renewal,
        state::{
            Obstacle,
            hint::{free_name, issue},
        },
    },
    store::{Store, StoreError},
};

/// The new set; `None` where no CA is there that signed anything.
pub(super) fn new_set(
    args: &GenArgs,
    settings: &Settings,
    store: &Store,
    now: OffsetDateTime,
) -> Result<Option<NewSet>, Error> {
    let old = old_certificate(store, &settings.ca.certificate)?;
    let Some(old) = old.filter(Certificate::is_ca) else { return Ok(None) };
    let draft = Draft::new(args, settings, Some(old.subject()))?;
    let key_type = plan::key_type(settings, args.key_type, &old);
    let mut found = scan(store, &old)?;
    remove_records(&mut found);
    let others = other_files(store, &old, &found, |_| false)?;
    let mut set = NewSet::new(args, settings, draft.ca_subject.clone(), key_type, now)?;
    let has_plan = !settings.config.plan.is_empty();
    let keys = KeyFiles::new(store);
    for (name, found) in found {
        match found {
            ScanResult::Member(member) => {
                set.names.push(name.clone());
                let is_drafted = !has_plan
                    && names_set(args)
                    && draft.specs.iter().any(|spec| spec.name == name);
                let state = KeyState::of(store, &member)?;
                let is_kept =
                    matches!(state, KeyState::Encrypted | KeyState::Unknown | KeyState::Mixed(_));
                if !is_drafted || is_kept {
                    set.reissue(args, settings, store, (member, &keys), now)?;
                }
            }
            ScanResult::Broken(error @ IssueError::Store(StoreError::Read { .. })) => {
                return Err(error.into());
            }
            ScanResult::Broken(error) => set.list.decisions.push(Decision::failed(&name, error)),
            _ => {}
        }
    }
    let takes_draft = has_plan || names_set(args) || set.names.is_empty();
    for spec in draft.specs.iter().filter(|_| takes_draft) {
        let is_same = |one: &Decision| one.name.eq_ignore_ascii_case(spec.name.as_str());
        if !set.list.decisions.iter().any(is_same) {
            set.push(spec.task(now, &set.validity)?);
        }
    }
    // As `gen` does: server and client first. What is not issued comes last.
    set.list.decisions.sort_by_key(|one| match (&one.task, &*one.name) {
        (None, _) => 3,
        (_, "server") => 0,
        (_, "client") => 1,
        _ => 2,
    });
    let list = &mut set.list;
    for other in others.files {
        let obstacle = Obstacle::of_file(&other, &keys);
        if let Obstacle::Copy(..) = obstacle {
            // Its identity is issued again, or is an error itself.
            let error = Error::from(not_issued(&obstacle, store, &other.file, &other.certificate));
            let text = format!("{error}: {}", error.causes().join(": "));
            list.notes.push(Note::warning(text, error.hint()));
        } else {
            list.decisions.push(left(&obstacle, store, &other.file, other.certificate));
        }
    }
    list.notes.extend(others.notes);
    let failed = |(file, error): (String, _)| Decision::failed(&escape_line(&file), error);
    list.decisions.extend(others.errors.into_iter().map(failed));
    list.old_ca = Some(old);
    Ok(Some(set))
}

/// Whether flags describe server and client.
fn names_set(args: &GenArgs) -> bool {
    !args.names().is_empty() || named(&args.subject).is_some() || args.subject.client_cn.is_some()
}

impl NewSet {
    /// Adds an identity of the old CA, or the reason why it cannot be issued again: the same certificate
    /// under the new CA, with a new key of the same type; the plan and flags win.
    fn reissue(
        &mut self,
        args: &GenArgs,
        settings: &Settings,
        store: &Store,
        (mut member, keys): (Box<Identity>, &KeyFiles<'_>),
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        if let Some(obstacle) = Obstacle::of(store, &member, keys)? {
            let decision =
                left(&obstacle, store, &member.name.certificate_file(), member.certificate);
            let name = member.name.to_string();
            self.list.decisions.push(Decision { name, ..decision });
            return Ok(());
        }
        // Above the certificate is the old CA. A file in DER stays DER.
        member.chain.clear();
        member.content = member.content.filter(|content| pem::blocks(content).next().is_none());
        let old = &member.certificate;
        let entry = settings.config.entry(&member.name);
        let spec = entry.map(|entry| plan::spec(entry, settings, old)).transpose()?;
        let changes = spec.as_ref().map(|spec| spec.differences(old)).unwrap_or_default();
        let key_type = spec.as_ref().map(|spec| spec.key_type).or(args.key_type);
        let renewal = Renewal { spec, days: args.days, key_type, ..Renewal::default() };
        let task = renewal.task(store, member, &changes, (&self.validity, now))?;
        self.list.decisions.push(Decision { changes, ..Decision::issue(task) });
        Ok(())
    }
}

/// A certificate of the old CA that the new one does not issue again.
fn left(obstacle: &Obstacle, store: &Store, file: &str, certificate: Certificate) -> Decision {
    Decision {
        reason: Some(obstacle.reason(store)),
        error: Some(not_issued(obstacle, store, file, &certificate)),
        certificate: Some(Box::new(certificate)),
        ..Decision::new(&escape_line(file), Action::Skipped)
    }
}

fn not_issued(
    obstacle: &Obstacle,
    store: &Store,
    file: &str,
    certificate: &Certificate,
) -> IssueError {
    // Its files are in the archive then.
    let own = [file, &*file.replace(".pem", ".key")];
    let hint = free_name(store, file, Some(certificate), &own)
        .map(|name| Hint::from("issue a new one: ").run(issue(&name, certificate)));
    IssueError::NotReissued { path: store.path(file), reason: obstacle.reason(store), hint }
}
