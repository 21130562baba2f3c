//! Decides which identities are renewed, and with which content.

use pki::x509::{
    certificate::Certificate,
    escape::escape_line,
    pem,
    san::{GeneralName, San},
    usage::Usage,
    validity::Lifetime,
};

use super::{
    super::{
        obstacle,
        plan::{self, Field},
    },
    job::Job,
};
use crate::{
    cli::RenewArgs,
    config::{Entry, Settings},
    error::Error,
    hint::Hint,
    issue::{
        certificate_contents::CertificateContents,
        changes::{IssueTask, KeySource},
        error::IssueError,
        identity::{Identity, IdentityName, ScanResult, seems_issued_by},
        key_files::{KeyFiles, KeyState},
        layout::{Form, OtherFile, is_below},
        spec::{Drift, IdentitySpec, validity},
        state::{Obstacle, State},
        urgency::Urgency,
    },
    path_text::PathText as _,
    report::{
        Note,
        issue_report::{Action, CertificateSummary, Item},
    },
};

/// The decision for one identity.
pub(super) enum Choice {
    Renew {
        task: Box<IssueTask>,
        /// The fields that differ from the plan.
        changes: Vec<Drift>,
        reason: Option<String>,
    },
    /// It is not renewed; without an item the report does not show it.
    Leave(Option<Box<Item>>, Option<Note>),
}

fn leave(item: Item) -> Choice {
    Choice::Leave(Some(Box::new(item)), None)
}

/// What a decision depends on besides the identity.
pub(super) struct Ground<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) ca: &'a Certificate,
    /// The CA has expired: what is due is reported, and nothing is signed.
    pub(super) ca_expired: bool,
    pub(super) keys: KeyFiles<'a>,
    /// The user asked for identities by name.
    pub(super) named: bool,
}

/// Decides for the scan result of a name.
pub(super) fn choose(
    ground: &Ground<'_>,
    entry: Option<&Entry>,
    (name, found): (&IdentityName, ScanResult),
) -> Choice {
    let store = ground.job.store;
    let failed = |error| leave(Item::failed(name, error));
    let path = store.path(&name.certificate_file());
    let member = match found {
        ScanResult::Member(member) => member,
        ScanResult::Broken(error) => return failed(error.into()),
        ScanResult::Foreign { certificate, .. } if seems_issued_by(&certificate, ground.ca) => {
            return refused(ground, &Obstacle::Signature, name, &certificate);
        }
        ScanResult::Foreign { certificate, .. }
            if certificate.is_ca() && entry.is_none() && is_below(&certificate, ground.ca) =>
        {
            // `other_files` lists it in a run without names.
            return if ground.named {
                refused(ground, &Obstacle::Layout(Form::Ca, None), name, &certificate)
            } else {
                Choice::Leave(None, None)
            };
        }
        ScanResult::Foreign { .. } if ground.named => return failed(Error::OtherIssuer { path }),
        ScanResult::Other(Some(error)) if ground.named => return failed((*error).into()),
        ScanResult::Other(None) if ground.named => {
            let message = format!("`{}` is also the file of another identity", path.shown());
            let (dir, path) = (store.dir().typed(), path.typed());
            let hint = format!("name that identity: `find -L {dir} -samefile {path}` shows it");
            return failed(Error::usage(message, Some(hint.into())));
        }
        ScanResult::Other(Some(error)) if entry.is_some() => return failed((*error).into()),
        ScanResult::Foreign { has_key, certificate } if has_key || entry.is_some() => {
            let error = entry.map(|_| {
                let file = name.certificate_file();
                let urgency = Urgency::Differs;
                obstacle::error(&Obstacle::OtherIssuer, store, &file, &certificate, urgency)
            });
            return leave(Item {
                reason: Some("not signed by this CA".to_owned()),
                error,
                ..Item::new(name, Action::Skipped)
            });
        }
        ScanResult::Foreign { .. } | ScanResult::Other(_) => return Choice::Leave(None, None),
    };
    match decide(ground, entry, member) {
        Ok(choice) => choice,
        Err(error) => failed(error),
    }
}

/// For a certificate of this CA that is not an identity.
fn refused(
    ground: &Ground<'_>,
    obstacle: &Obstacle,
    name: &IdentityName,
    certificate: &Certificate,
) -> Choice {
    let Job { args, now, .. } = *ground.job;
    let urgency = State::of(certificate, None, false, args.expires_within, now).urgency();
    let is_named = ground.named && args.expires_within.is_none();
    let urgency = urgency.or(is_named.then_some(Urgency::Named));
    let file = name.certificate_file();
    let (item, note) = blocked(ground, obstacle, (name.as_str(), &file), certificate, urgency);
    Choice::Leave(Some(Box::new(item)), note)
}

fn decide(
    ground: &Ground<'_>,
    entry: Option<&Entry>,
    member: Box<Identity>,
) -> Result<Choice, Error> {
    let Job { args, settings, now, .. } = *ground.job;
    let spec = entry.map(|entry| plan::spec(entry, settings, &member.certificate)).transpose()?;
    let has_plan = !settings.config.plan.is_empty();
    let window = args.expires_within;
    let state = State::of(&member.certificate, spec.as_ref(), has_plan, window, now);
    let urgency = state.urgency();
    if urgency.is_none() && window.is_some() {
        let action = if state.unmanaged { Action::Unmanaged } else { Action::Unchanged };
        let facts = Some(CertificateSummary::of(&member.certificate));
        return Ok(leave(Item { facts, ..Item::new(&member.name, action) }));
    }
    let obstacle = if ground.ca_expired {
        Some(Obstacle::CaExpired)
    } else if args.reuse_key {
        // The key stays, wherever its file is.
        None
    } else {
        match Obstacle::of(ground.job.store, &member, &ground.keys) {
            // The user of the next run may read more files than the user of this one.
            Err(_) if args.dry_run => None,
            found => found?,
        }
    };
    if let Some(obstacle) = obstacle {
        let urgency = match urgency {
            Some(Urgency::Expired | Urgency::NotYetValid(_)) => urgency,
            _ if ground.named && window.is_none() => Some(Urgency::Named),
            _ => urgency,
        };
        let file = member.name.certificate_file();
        let name = member.name.as_str();
        let (item, note) = blocked(ground, &obstacle, (name, &file), &member.certificate, urgency);
        return Ok(Choice::Leave(Some(Box::new(item)), note));
    }

    let changes = state.differences;
    if let (true, Some(entry)) = (args.reuse_key && plan::changed(&changes, "key_type"), entry) {
        let message = format!(
            "the plan has another key type for `{}`, and `--reuse-key` keeps the key",
            member.name
        );
        let edit = plan::edit(settings, entry, Field::KeyType);
        return Err(Error::usage(message, Some(Hint::from("remove `--reuse-key`, or ").and(edit))));
    }
    let lifetime = match (args.days, &spec) {
        (Some(days), _) => Lifetime::Days(days),
        (None, Some(spec)) if plan::changed(&changes, "days") => Lifetime::Days(spec.days),
        _ => Lifetime::Like(member.certificate.validity().length()),
    };
    let validity = validity(member.name.as_str(), lifetime, now, ground.ca.validity());
    let validity = validity.map_err(|error| match (error, entry) {
        (IssueError::OutlivesCa { name, ca_ends, days_left, more, .. }, Some(entry))
            if settings.planned_days(entry).is_some() =>
        {
            let edit = Some(plan::edit(settings, entry, Field::Days));
            IssueError::OutlivesCa { name, ca_ends, days_left, edit, more }
        }
        (error, _) => error,
    })?;
    let mut request = plan::request(&member.certificate, validity, spec.as_ref(), &changes);
    if let Some(usage) = args.usage {
        request.set_usage(usage);
    }
    change_names(&mut request, args, &member)?;
    let key = key_source(ground.job, spec.as_ref(), &changes, &member)?;
    if let KeySource::New(kind) = key
        && kind.is_rsa() != member.certificate.public_key().is_rsa()
    {
        request.adapt_key_usage();
    }
    let reason = state.unmanaged.then(|| "not in the plan".to_owned());
    let task = IssueTask { name: member.name.clone(), request, key, replaces: Some(member) };
    Ok(Choice::Renew { task: Box::new(task), changes, reason })
}

/// A certificate that is not renewed: an error with exit code 3 or 4 if it is due, else a note.
fn blocked(
    ground: &Ground<'_>,
    obstacle: &Obstacle,
    (name, file): (&str, &str),
    certificate: &Certificate,
    urgency: Option<Urgency>,
) -> (Item, Option<Note>) {
    let store = ground.job.store;
    let reason = obstacle.reason(store);
    let note = || {
        let path = store.path(file).shown();
        let hint = obstacle::hint(obstacle, store, file, certificate);
        Note::plain(format!("`{path}` is not renewed: {reason}"), hint)
    };
    let note = urgency.is_none().then(note);
    let error = urgency.map(|urgency| obstacle::error(obstacle, store, file, certificate, urgency));
    let action = match urgency {
        Some(Urgency::Named) => Action::Failed,
        _ => Action::Skipped,
    };
    let facts = Some(CertificateSummary::of(certificate));
    (Item { facts, error, reason: Some(reason), ..Item::new(name, action) }, note)
}

/// The certificates of the CA in other layouts that are due; all of them where all are renewed. A copy is due
/// once its identity has another certificate: until then that is renewed, or named itself.
pub(super) fn others(ground: &Ground<'_>, others: &[OtherFile]) -> Vec<(Item, Option<Note>)> {
    let Job { args, now, .. } = *ground.job;
    let mut items = Vec::new();
    for other in others {
        let OtherFile { file, certificate, .. } = other;
        let state = State::of(certificate, None, false, args.expires_within, now);
        let urgency = state.urgency();
        let urgency = urgency.filter(|_| !other.is_current);
        if urgency.is_some() || args.expires_within.is_none() {
            let obstacle = Obstacle::of_file(other, &ground.keys);
            let name = escape_line(file);
            let (item, note) = blocked(ground, &obstacle, (&name, file), certificate, urgency);
            // `copies` has the note, as it is stale only if its identity is renewed.
            let is_current = other.is_current && matches!(obstacle, Obstacle::Copy(..));
            items.push((item, note.filter(|_| !is_current)));
        }
    }
    items
}

/// `--drop-san` and `--san`: the other names stay as they are, octet by octet.
fn change_names(
    request: &mut CertificateContents,
    args: &RenewArgs,
    member: &Identity,
) -> Result<(), Error> {
    let added: Vec<&San> = args.san.iter().flat_map(|list| &list.0).collect();
    if added.is_empty() && args.drop_san.is_empty() {
        return Ok(());
    }
    let mut names = member.certificate.names();
    for dropped in &args.drop_san {
        let before = names.len();
        names.retain(|name| !is_called(name, dropped));
        if names.len() == before {
            let (file, name) = (member.name.certificate_file(), dropped.escape_debug().to_string());
            return Err(Error::NoSuchName { file, name });
        }
    }
    let present: Vec<San> = names.iter().filter_map(|name| name.san().cloned()).collect();
    let mut general_names: Vec<Vec<u8>> = names.iter().map(|name| name.der().to_vec()).collect();
    for san in pki::x509::san::dedup(added.into_iter().cloned().collect()) {
        if !present.contains(&san) {
            general_names.push(san.general_name());
        }
    }
    if request.usage.serves() && general_names.is_empty() {
        let common_name = request.subject.common_name().unwrap_or_default();
        return Err(IssueError::NoServerName { name: member.name.to_string(), common_name }.into());
    }
    request.set_names(&general_names);
    Ok(())
}

/// Whether `text` is that name: as reports show it, without its type, or in another spelling.
fn is_called(name: &GeneralName, text: &str) -> bool {
    let shown = name.to_string();
    let bare = shown.split_once(':').map_or(&*shown, |(_, bare)| bare);
    let text = text.trim();
    shown.eq_ignore_ascii_case(text)
        || bare.eq_ignore_ascii_case(text)
        || text.parse::<San>().is_ok_and(|san| name.san() == Some(&san))
}

fn key_source(
    job: &Job<'_>,
    spec: Option<&IdentitySpec>,
    changes: &[Drift],
    member: &Identity,
) -> Result<KeySource, Error> {
    let args = job.args;
    let public = member.certificate.public_key();
    if args.reuse_key {
        let state = KeyState::of(job.store, member)?;
        if !matches!(state, KeyState::Missing | KeyState::Encrypted) {
            member.key(job.store)?;
        }
        return Ok(KeySource::Kept(public.clone()));
    }
    let kind = public.kind().to_string();
    let same = || {
        kind.parse().map_err(|_| Error::KeyKind { name: member.name.clone(), kind: kind.clone() })
    };
    match (args.key_type, spec) {
        (Some(kind), _) => Ok(KeySource::New(kind)),
        (None, Some(spec)) if plan::changed(changes, "key_type") => {
            Ok(KeySource::New(spec.key_type))
        }
        _ => same().map(KeySource::New),
    }
}

/// What is odd about an identity, and stays so, because renewing is lossless.
pub(super) fn remarks(task: &IssueTask, settings: &Settings) -> Vec<Note> {
    let name = &task.name;
    let file = name.certificate_file();
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
            Some(plan::change(settings, name.as_str(), Field::Usage, "--usage client")),
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
    let names = task.request.names.as_ref().map(|names| &names.value);
    let names = names.and_then(|value| pki::x509::san::parse_general_names(value).ok());
    for odd in names.unwrap_or_default() {
        if let GeneralName::Unmatchable { text, reason, .. } = &odd {
            let instead = text.parse::<San>().map(|san| format!(" --san {}", san.value()));
            notes.push(Note::warning(
                format!("{file} has the SAN `{odd}`, which no client can match: it {reason}"),
                Some(plan::change(
                    settings,
                    name.as_str(),
                    Field::San,
                    &format!("--drop-san '{odd}'{}", instead.unwrap_or_default()),
                )),
            ));
        }
    }
    notes
}
