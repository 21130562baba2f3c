//! `gen --replace-ca`: creates a new CA with the same name, and reissues what the old one signed.

use pki::x509::{
    certificate::Certificate,
    escape::escape_line,
    key::KeyType,
    pem,
    validity::{Lifetime, Validity},
};
use time::OffsetDateTime;

use super::{
    super::{notes, obstacle, plan},
    archive,
    initial_set::{Draft, names_set},
    new_set::{NewSet, new_item},
};
use crate::{
    cli::GenArgs,
    config::Settings,
    error::Error,
    hint::Hint,
    issue::{
        changes::{IssueTask, KeySource},
        error::IssueError,
        identity::{Identity, IdentityName, ScanResult, scan},
        key_files::{KeyFiles, KeyState},
        layout::{is_doubtful, other_files, remove_records},
        spec::validity,
        state::Obstacle,
    },
    report::{
        Note,
        issue_report::{Action, CertificateSummary, Item},
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
    let Some(old) = archive::old_certificate(settings, store)?.filter(Certificate::is_ca) else {
        return Ok(None);
    };
    let draft = Draft::new(args, settings, Some(old.subject()))?;
    let key_type = args
        .key_type
        .or(settings.config.defaults.key_type)
        .or_else(|| old.public_key().kind().to_string().parse().ok())
        .unwrap_or_else(|| settings.key_type(None));
    let mut found = scan(store, &old)?;
    remove_records(&mut found);
    let (others, problems) = other_files(store, &old, &found)?;
    let mut set = NewSet::new(args, settings, draft.ca_subject.clone(), key_type, now)?;
    let keys = KeyFiles::new(store);
    for (name, found) in found {
        match found {
            ScanResult::Member(member) => {
                set.names.push(name.clone());
                let is_drafted = settings.config.plan.is_empty()
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
            ScanResult::Broken(error) => set.skipped.push(Item::failed(&name, error)),
            _ => {}
        }
    }
    let takes_draft = !settings.config.plan.is_empty() || names_set(args) || set.names.is_empty();
    for spec in draft.specs.iter().filter(|_| takes_draft) {
        if !set.has(&spec.name) {
            set.push_new(spec.task(now, &set.validity)?);
        }
    }
    // As `gen` does: server and client first.
    let rank =
        |name: &str| ["server", "client"].iter().position(|first| *first == name).unwrap_or(2);
    set.tasks.sort_by_key(|(task, _)| rank(task.name.as_str()));
    for other in others {
        let obstacle = Obstacle::of_file(&other, &keys);
        let error = not_issued(&obstacle, store, &other.file, &other.certificate);
        if let Obstacle::Copy(..) = obstacle {
            // Its identity is issued again, or is an error itself.
            set.notes.push(Note::warning(
                format!("{error}: {}", error.causes().join(": ")),
                error.hint(),
            ));
        } else {
            let facts = Some(CertificateSummary::of(&other.certificate));
            let reason = Some(obstacle.reason(store));
            let item = Item::new(&escape_line(&other.file), Action::Skipped);
            set.skipped.push(Item { facts, reason, error: Some(error), ..item });
        }
    }
    let (doubtful, problems): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_doubtful);
    set.notes.extend(doubtful.into_iter().map(|(_, error)| notes::on_unread(&error.into())));
    set.skipped
        .extend(problems.into_iter().map(|(file, error)| Item::failed(&escape_line(&file), error)));
    set.old = Some(old);
    Ok(Some(set))
}

impl NewSet {
    fn has(&self, name: &IdentityName) -> bool {
        let skipped =
            self.skipped.iter().any(|item| name.as_str().eq_ignore_ascii_case(&item.name));
        skipped || self.tasks.iter().any(|(task, _)| task.name == *name)
    }

    fn push_new(&mut self, task: IssueTask) {
        if !self.names.contains(&task.name) {
            self.names.push(task.name.clone());
        }
        let item = new_item(&task);
        self.tasks.push((task, item));
    }

    /// Adds an identity of the old CA, or the reason why it cannot be issued again.
    fn reissue(
        &mut self,
        args: &GenArgs,
        settings: &Settings,
        store: &Store,
        (mut member, keys): (Box<Identity>, &KeyFiles<'_>),
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let name = member.name.clone();
        if let Some(obstacle) = Obstacle::of(store, &member, keys)? {
            let file = name.certificate_file();
            let error = Some(not_issued(&obstacle, store, &file, &member.certificate));
            let facts = Some(CertificateSummary::of(&member.certificate));
            let reason = Some(obstacle.reason(store));
            self.skipped.push(Item { facts, reason, error, ..Item::new(&name, Action::Skipped) });
            return Ok(());
        }
        // Above the certificate is the old CA. A file in DER stays DER.
        member.chain.clear();
        member.content = member.content.filter(|content| pem::blocks(content).next().is_none());
        let (task, item) = reissued(args, settings, member, (&self.validity, now))?;
        self.tasks.push((task, item));
        Ok(())
    }
}

/// The same certificate under the new CA, with a new key of the same type; the plan and flags win.
fn reissued(
    args: &GenArgs,
    settings: &Settings,
    member: Box<Identity>,
    (ca, now): (&Validity, OffsetDateTime),
) -> Result<(IssueTask, Item), Error> {
    let old = &member.certificate;
    let entry = settings.config.entry(&member.name);
    let spec = entry.map(|entry| plan::spec(entry, settings, old)).transpose()?;
    let changes = spec.as_ref().map(|spec| spec.differences(old)).unwrap_or_default();
    let lifetime = match (&spec, args.days) {
        (Some(spec), _) if plan::changed(&changes, "days") => Lifetime::Days(spec.days),
        (_, Some(days)) => Lifetime::Days(days),
        _ => Lifetime::Like(old.validity().length()),
    };
    let validity = validity(member.name.as_str(), lifetime, now, ca)?;
    let mut request = plan::request(old, validity, spec.as_ref(), &changes);
    let kind = old.public_key().kind().to_string();
    let key_type = match &spec {
        Some(spec) => spec.key_type,
        None => match (args.key_type, kind.parse::<KeyType>()) {
            (Some(key_type), _) | (None, Ok(key_type)) => key_type,
            (None, Err(_)) => return Err(Error::KeyKind { name: member.name.clone(), kind }),
        },
    };
    if key_type.is_rsa() != old.public_key().is_rsa() {
        request.adapt_key_usage();
    }
    let item = Item { changes, new_key: true, ..Item::new(&member.name, Action::Renewed) };
    let name = member.name.clone();
    let key = KeySource::New(key_type);
    Ok((IssueTask { name, request, key, replaces: Some(member) }, item))
}

/// A certificate of the old CA that the new one does not issue again.
fn not_issued(obstacle: &Obstacle, store: &Store, file: &str, certificate: &Certificate) -> Error {
    // Its files are in the archive then.
    let own = [file, &*file.replace(".pem", ".key")];
    let hint = obstacle::free_name(store, file, Some(certificate), &own)
        .map(|name| Hint::from("issue a new one: ").run(obstacle::issue(&name, certificate)));
    Error::NotReissued { path: store.path(file), reason: obstacle.reason(store), hint }
}
