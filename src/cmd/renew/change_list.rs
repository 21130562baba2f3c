//! The change list of a renewal: the CA, if it was named, and the identities that are renewed.

use std::collections::HashSet;

use pki::x509::{
    certificate::Certificate,
    pem,
    san::{GeneralName, San, parse_general_names},
    usage::Usage,
};

use super::{
    super::{
        initial_set::Base,
        plan::{self, Field},
    },
    job::Job,
};
use crate::{
    cli::{RenewArgs, RenewTarget},
    config::{Entry, Settings},
    error::Error,
    hint::{Hint, Note},
    issue::{
        ca_renewal,
        changes::{Action, CaChange, ChangeList, Decision, Drift, IssueTask},
        error::{AuthorityError, IssueError},
        identity::{IdentityName, ScanResult, highest_serial, scan},
        key_files::KeyFiles,
        layout::{OtherFiles, other_files, remove_records},
        notes,
        renewal::{Renewal, is_changed},
        selection::Selection,
        spec::IdentitySpec,
        state::{State, hint::away},
        urgency::Urgency,
    },
    parallel,
    store::{ReadError, Store, StoreError},
};

impl Job<'_> {
    /// The change list: the CA first, if it was named, then the identities.
    pub(super) fn plan(&self, ca_store: &Store) -> Result<ChangeList, Error> {
        let Self { args, settings, store, now } = *self;
        let mut list = ChangeList::new(self.ca(ca_store)?);
        let certificate = list.ca().clone();
        let found = scan(store, &certificate)?;
        list.highest = highest_serial(found.iter().filter_map(|(_, found)| found.member()));
        let mut note = None;
        if args.names.contains(&RenewTarget::Ca) {
            (list.ca, note) = self.renew_ca(ca_store, list.ca, &found)?;
        } else {
            list.ca_error = self.ca_error(&certificate)?;
        }
        let ca_stays = matches!(list.ca, CaChange::Keep(_) | CaChange::Shown(_, None));
        list.notes = settings.ca.notes(list.ca());
        // A dry run without the key has the old certificate.
        list.notes.retain(|note| ca_stays || note.hint != Some(Hint::command("renew ca")));
        list.notes.extend(note);
        let wanted: Vec<&IdentityName> =
            args.names.iter().filter_map(RenewTarget::identity).collect();
        if args.names.is_empty() || !wanted.is_empty() {
            self.plan_identities(&mut list, found, &wanted)?;
        }
        if let Some(window) = args.expires_within {
            let validity = *list.ca().validity();
            if ca_stays && list.ca_error.is_none() && window.reached(now, &validity) {
                list.ca_due = true;
                list.notes.push(notes::on_ca_due(&validity, window));
            }
        }
        if !args.names.is_empty() && list.is_refused() {
            list.withdraw();
        }
        Ok(list)
    }

    /// The CA; its certificate is enough for a dry run.
    fn ca(&self, store: &Store) -> Result<CaChange, Error> {
        let files = &self.settings.ca;
        match files.read(store) {
            Ok(authority) => Ok(CaChange::Keep(Box::new(authority))),
            // The key may be on another machine, or for another user.
            Err(
                IssueError::Store(StoreError::Read { path, source: ReadError::Io(_) })
                | IssueError::NoCaKey { path, .. },
            ) if self.args.dry_run && path == files.key => {
                Ok(CaChange::Shown(Box::new(files.read_certificate()?), None))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The CA with a new certificate, if it is due.
    fn renew_ca(
        &self,
        store: &Store,
        ca: CaChange,
        found: &[(IdentityName, ScanResult)],
    ) -> Result<(CaChange, Option<Note>), Error> {
        let Self { args, settings, now, .. } = *self;
        if args.key_type.is_some() && args.names.len() == 1 {
            return Err(Error::usage(
                "a renewed CA keeps its key: with a new key, the issued certificates would not be \
                valid",
                Some(Hint::from("create a new CA: ").run("gen --replace-ca --key-type KIND")),
            ));
        }
        let is_due = |old: &Certificate| {
            let state = State::dates(old, args.expires_within, now);
            args.expires_within.is_none() || state.urgency().is_some() || !old.is_issued_by(old)
        };
        if !ca.certificate().is_some_and(is_due) {
            return Ok((ca, None));
        }
        let is_renewed =
            |name: &IdentityName| args.names.iter().any(|one| one.identity() == Some(name));
        let files = (store, &*settings.ca.certificate);
        Ok(ca_renewal::renew(ca, files, args.days, found, is_renewed, now)?)
    }

    /// Why the CA cannot sign, if it has expired and `--expires-within` is given.
    fn ca_error(&self, certificate: &Certificate) -> Result<Option<IssueError>, Error> {
        match self.settings.ca.check_dates(certificate, self.now) {
            Err(IssueError::Authority { path, source: AuthorityError::Expired(not_after) })
                if self.args.expires_within.is_some() =>
            {
                Ok(Some(IssueError::NotRenewed {
                    path,
                    not_after,
                    urgency: Urgency::Expired,
                    reason: "only `certctl renew ca` renews it".to_owned(),
                    hint: Some(Hint::command("renew ca")),
                }))
            }
            checked => Ok(checked.map(|()| None)?),
        }
    }

    fn plan_identities(
        &self,
        list: &mut ChangeList,
        mut found: Vec<(IdentityName, ScanResult)>,
        wanted: &[&IdentityName],
    ) -> Result<(), Error> {
        let Self { args, settings, store, now } = *self;
        let is_leaf =
            |found: &ScanResult| matches!(found, ScanResult::Member(_) | ScanResult::Broken(_));
        let mut others = OtherFiles::default();
        if wanted.is_empty() {
            remove_records(&mut found);
            let is_planned = |name: &IdentityName| settings.config.entry(name).is_some();
            others = other_files(store, list.ca(), &found, is_planned)?;
        }
        let leaves = found.iter().filter(|(_, found)| is_leaf(found)).count();
        // `--expires-within` selects existing certificates: nothing new is created.
        let creates = args.expires_within.is_none() && others.files.is_empty();
        if wanted.is_empty() && leaves == 0 && creates && others.errors.is_empty() {
            list.notes.extend(others.notes);
            return self.bootstrap(list);
        }
        refuse_ambiguous(args, if wanted.is_empty() { leaves } else { wanted.len() })?;

        let missing = wanted.iter().filter(|name| !found.iter().any(|(there, _)| there == **name));
        list.decisions.extend(missing.map(|name| {
            let path = store.path(&name.certificate_file());
            Decision::failed(*name, IssueError::NoSuchIdentity { path })
        }));
        found.retain(|(name, _)| wanted.is_empty() || wanted.contains(&name));

        let ca = list.ca().clone();
        let selection = Selection {
            store,
            ca: &ca,
            ca_expired: list.ca_error.is_some(),
            keys: KeyFiles::new(store),
            named: !wanted.is_empty(),
            window: args.expires_within,
            has_plan: !settings.config.plan.is_empty(),
            reuse_key: args.reuse_key,
            dry_run: args.dry_run,
            now,
        };
        let decided = parallel::map(found, |(name, found)| {
            let entry = settings.config.entry(&name);
            let spec = entry.map(|entry| move |old: &Certificate| plan::spec(entry, settings, old));
            let renewal = |spec, changes: &[Drift]| self.renewal(entry, spec, changes);
            let (decision, note) = selection.decide((&name, found), spec, renewal);
            let task = decision.as_ref().and_then(|decision| decision.task.as_ref());
            let remarks = task.map(|task| remarks(task, settings)).unwrap_or_default();
            (decision, note.into_iter().chain(remarks).collect::<Vec<_>>())
        });
        for (decision, notes) in decided {
            list.notes.extend(notes);
            list.decisions.extend(decision);
        }
        if wanted.is_empty() {
            list.decisions.extend(missing_entries(settings, &list.decisions));
        }
        list.copies = selection.copies(&others.files);
        for (decision, note) in selection.others(&others.files) {
            list.decisions.extend(decision);
            list.notes.extend(note);
        }
        list.notes.extend(others.notes);
        let failed = |(file, error): (String, _)| Decision::failed(&file, error);
        list.decisions.extend(others.errors.into_iter().map(failed));
        Ok(())
    }

    /// What flags and the plan change in an identity.
    fn renewal(
        &self,
        entry: Option<&Entry>,
        spec: Option<IdentitySpec>,
        changes: &[Drift],
    ) -> Result<Renewal<'_>, IssueError> {
        let Self { args, settings, .. } = *self;
        if let (true, Some(entry)) = (args.reuse_key && is_changed(changes, "key_type"), entry) {
            let message = format!(
                "the plan has another key type for `{}`, and `--reuse-key` keeps the key",
                entry.name
            );
            let edit = plan::edit(settings, entry, Field::KeyType);
            let hint = Hint::from("remove `--reuse-key`, or ").and(edit);
            return Err(IssueError::usage(message, Some(hint)));
        }
        let edit_days = entry.filter(|entry| settings.planned_days(entry).is_some());
        Ok(Renewal {
            days: args.days,
            edit_days: edit_days.map(|entry| plan::edit(settings, entry, Field::Days)),
            usage: args.usage,
            added: args.sans(),
            dropped: &args.drop_san,
            key_type: args.key_type.or(spec.as_ref().map(|spec| spec.key_type)),
            reuse_key: args.reuse_key,
            spec,
        })
    }

    /// Plans the identities of certctl.toml, or server and client, in a directory that has only the CA:
    /// renew.sh needs nothing else. What no flag and no configuration sets comes from the CA.
    fn bootstrap(&self, list: &mut ChangeList) -> Result<(), Error> {
        let Self { args, settings, store, now } = *self;
        let ca = list.ca();
        let key_type = plan::key_type(settings, args.key_type, ca);
        let key_and_days = (key_type, settings.days(args.days));
        // `localhost CA` is the CA of `localhost`.
        let host = ca.subject().common_name().map(|name| match name.strip_suffix(" CA") {
            Some(host) if !host.is_empty() => host.to_owned(),
            _ => name,
        });
        let common_names = (None, host);
        let base =
            Base::new(settings, &args.subject, Some(ca.subject()), common_names, key_and_days)?;
        let specs = base.specs(args.sans())?;
        let tasks = specs.iter().map(|spec| spec.task(now, ca.validity()));
        let tasks = tasks.collect::<Result<Vec<_>, _>>()?;
        let present = store.existing(tasks.iter().flat_map(|task| task.name.files()))?;
        if !present.is_empty() {
            let away = away(store, &present).join(", ");
            let hint = format!(
                "this CA did not sign them: move them away ({away}), or name the CA that did with \
                `--ca FILE --ca-key FILE`"
            );
            let paths = present.iter().map(|file| store.path(file)).collect();
            return Err(IssueError::Exists { paths, hint: hint.into() }.into());
        }
        list.decisions.extend(tasks.into_iter().map(Decision::issue));
        Ok(())
    }
}

/// Flags for one identity must not change several.
fn refuse_ambiguous(args: &RenewArgs, count: usize) -> Result<(), Error> {
    if !args.subject.is_empty() {
        return Err(Error::usage(
            "flags such as `--cn` are for a directory that has only the CA; a renewal keeps the \
            subject",
            Some(Hint::from("issue another identity: ").run("issue NAME HOST")),
        ));
    }
    let one = !args.san.is_empty() || !args.drop_san.is_empty() || args.usage.is_some();
    if one && count > 1 {
        return Err(Error::usage(
            "`--san`, `--drop-san` and `--usage` change one identity, and several would be renewed",
            Some(Hint::from("name the identity: ").run("renew NAME --san HOST")),
        ));
    }
    Ok(())
}

/// The entries of the plan that are not in the directory: `gen` issues them.
fn missing_entries(settings: &Settings, decisions: &[Decision]) -> Vec<Decision> {
    let present: HashSet<String> =
        decisions.iter().map(|one| one.name.to_ascii_lowercase()).collect();
    let is_missing = |entry: &&Entry| !present.contains(&entry.name.folded());
    let missing = |entry: &Entry| Decision {
        reason: Some("`certctl gen` issues it".to_owned()),
        ..Decision::new(&entry.name, Action::Missing)
    };
    settings.config.plan.iter().filter(is_missing).map(missing).collect()
}

/// What is odd about an identity, and stays so, because renewing is lossless.
fn remarks(task: &IssueTask, settings: &Settings) -> Vec<Note> {
    let name = &task.name;
    let file = name.certificate_file();
    let change = |field, flags: &str| Some(plan::change(settings, name.as_str(), field, flags));
    let mut notes = Vec::new();
    let is_client = settings
        .config
        .entry(name)
        .map_or(name.as_str() == "client", |entry| entry.usage == Usage::Client);
    if is_client && task.request.usage == Usage::Server {
        notes.push(Note::warning(
            format!(
                "{file} allows serverAuth only: servers that ask for client certificates refuse \
                it, and its holder can pose as the server"
            ),
            change(Field::Usage, "--usage client"),
        ));
    }
    let old = task.replaces.as_ref();
    if old.and_then(|old| old.content.as_deref()).is_some_and(pem::has_text) {
        notes.push(Note::plain(
            format!(
                "{file} has text beside its certificates: it stays, and can describe the old \
                certificate"
            ),
            None,
        ));
    }
    let names = task.request.names.as_ref();
    let names = names.and_then(|names| parse_general_names(&names.value).ok());
    for odd in names.unwrap_or_default() {
        if let GeneralName::Unmatchable { text, reason, .. } = &odd {
            let instead = text.parse::<San>().map(|san| format!(" --san {}", san.value()));
            let flags = format!("--drop-san '{odd}'{}", instead.unwrap_or_default());
            notes.push(Note::warning(
                format!("{file} has the SAN `{odd}`, which no client can match: it {reason}"),
                change(Field::San, &flags),
            ));
        }
    }
    notes
}
