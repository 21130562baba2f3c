//! Which identities are renewed, and as what.

use super::Job;
use crate::{
    ca::{
        authority::Authority,
        changes::{IssueTask, KeySource},
        fleet::{Difference, Wish, validity},
        identity::{Found, IdentityName, Member},
        request::Request,
    },
    cli::RenewArgs,
    config::{Entry, Settings},
    error::Error,
    report::{
        Note,
        issuance::{Action, Facts, Item},
    },
    x509::{
        key::KeyType,
        san::{GeneralName, San},
        usage::Usage,
        validity::Lifetime,
    },
};

/// What becomes of one identity.
pub(super) enum Choice {
    Renew {
        task: Box<IssueTask>,
        /// What is otherwise than the plan says.
        changes: Vec<Difference>,
        reason: Option<String>,
    },
    /// It is left as it is; `None` if there is nothing to say about it.
    Leave(Option<Box<Item>>),
}

/// Decides for what was found under a name. `named`: the user asked for this one.
pub(super) fn choose(
    job: &Job<'_>,
    authority: &Authority,
    entry: Option<&Entry>,
    (name, found): (&IdentityName, Found),
    named: bool,
) -> Choice {
    let failed = |error| Choice::Leave(Some(Box::new(Item::failed(name, error))));
    let path = job.store.path(&name.certificate_file());
    let member = match found {
        Found::Member(member) => member,
        Found::Broken(error) => return failed(error),
        Found::Foreign { .. } | Found::Other if named => return failed(Error::NotOurs { path }),
        Found::Foreign { has_key: true } => {
            return Choice::Leave(Some(Box::new(Item {
                reason: Some("not signed by this CA".to_owned()),
                ..Item::new(name, Action::Skipped)
            })));
        }
        Found::Foreign { .. } | Found::Other => return Choice::Leave(None),
    };
    match judge(job, authority, entry, member) {
        Ok(choice) => choice,
        Err(error) => failed(error),
    }
}

fn judge(
    job: &Job<'_>,
    authority: &Authority,
    entry: Option<&Entry>,
    member: Box<Member>,
) -> Result<Choice, Error> {
    let Job { args, settings, now, .. } = *job;
    let wish = entry.map(|entry| wish(entry, settings, &member)).transpose()?;
    let changes =
        wish.as_ref().map(|wish| wish.differences(&member.certificate)).unwrap_or_default();
    let due =
        args.expires_within.is_none_or(|window| window.reached(now, member.certificate.validity()));
    let stray = entry.is_none() && !settings.config.plan.is_empty();
    let facts = || Some(Facts::of(&member.certificate));
    if !due && changes.is_empty() {
        let action = if stray { Action::Stray } else { Action::Unchanged };
        let item = Item { facts: facts(), ..Item::new(&member.name, action) };
        return Ok(Choice::Leave(Some(Box::new(item))));
    }
    if !member.has_key && !args.reuse_key {
        let reason = format!(
            "its key is not here; `certctl renew {} --reuse-key` signs the same public key again",
            member.name
        );
        let item = Item {
            facts: facts(),
            reason: Some(reason),
            ..Item::new(&member.name, Action::Skipped)
        };
        return Ok(Choice::Leave(Some(Box::new(item))));
    }

    let lifetime = match (args.days, &wish) {
        (Some(days), _) => Lifetime::Days(days),
        (None, Some(wish)) if changed(&changes, "days") => Lifetime::Days(wish.days),
        _ => Lifetime::Like(member.certificate.validity().length()),
    };
    let validity =
        validity(member.name.as_str(), lifetime, now, authority.certificate().validity())?;
    let mut request = Request::like(&member.certificate, validity);
    if let Some(wish) = &wish {
        follow_plan(&mut request, wish, &changes);
    }
    if let Some(usage) = args.usage {
        request.set_usage(usage);
    }
    change_names(&mut request, args, &member)?;
    let key = key_source(job, wish.as_ref(), &changes, &member)?;
    if let KeySource::New(kind) = key
        && kind.is_rsa() != member.certificate.public_key().is_rsa()
    {
        request.adapt_key_usage();
    }
    let reason = stray.then(|| "not in the plan".to_owned());
    let task = IssueTask { name: member.name.clone(), request, key, replaces: Some(member) };
    Ok(Choice::Renew { task: Box::new(task), changes, reason })
}

/// What the plan asks for; the subject but for its common name is the certificate's own.
fn wish(entry: &Entry, settings: &Settings, member: &Member) -> Result<Wish, Error> {
    let certificate = &member.certificate;
    let kind = certificate.public_key().kind().to_string().parse::<KeyType>().ok();
    let key_type = entry.key_type.or(kind).unwrap_or_else(|| settings.key_type(None));
    let length = u32::try_from(certificate.validity().length().whole_days()).unwrap_or(1);
    let wish = entry.wish(certificate.subject(), (key_type, entry.days.unwrap_or(length)));
    wish.map_err(|error| settings.in_config(&error))
}

fn changed(changes: &[Difference], field: &str) -> bool {
    changes.iter().any(|change| change.field == field)
}

fn follow_plan(request: &mut Request, wish: &Wish, changes: &[Difference]) {
    if changed(changes, "common_name") {
        request.subject = wish.subject.clone();
    }
    if changed(changes, "san") {
        let names: Vec<Vec<u8>> = wish.names.iter().map(San::general_name).collect();
        request.set_names(&names);
    }
    if changed(changes, "usage") {
        request.set_usage(wish.usage);
    }
}

/// `--drop-san` and `--san`: the other names stay as they are, octet by octet.
fn change_names(request: &mut Request, args: &RenewArgs, member: &Member) -> Result<(), Error> {
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
    for san in crate::x509::san::dedup(added.into_iter().cloned().collect()) {
        if !present.contains(&san) {
            general_names.push(san.general_name());
        }
    }
    if request.usage.serves() && general_names.is_empty() {
        let common_name = request.subject.common_name().unwrap_or_default();
        return Err(Error::NoServerName { name: member.name.to_string(), common_name });
    }
    request.set_names(&general_names);
    Ok(())
}

/// Whether `text` means that name: as reports show it, without its kind, or in another spelling.
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
    wish: Option<&Wish>,
    changes: &[Difference],
    member: &Member,
) -> Result<KeySource, Error> {
    let args = job.args;
    let public = member.certificate.public_key();
    if args.reuse_key {
        if member.has_key {
            member.key(job.store)?;
        }
        return Ok(KeySource::Kept(public.clone()));
    }
    let kind = public.kind().to_string();
    let same = || {
        kind.parse().map_err(|_| Error::KeyKind { name: member.name.clone(), kind: kind.clone() })
    };
    match (args.key_type, wish) {
        (Some(kind), _) => Ok(KeySource::New(kind)),
        (None, Some(wish)) if changed(changes, "key_type") => Ok(KeySource::New(wish.key_type)),
        _ => same().map(KeySource::New),
    }
}

/// What is odd about an identity, and stays so, because renewing is lossless.
pub(super) fn oddities(task: &IssueTask, entry: Option<&Entry>) -> Vec<Note> {
    let name = &task.name;
    let file = name.certificate_file();
    let mut notes = Vec::new();
    let is_client = entry.map_or(name.as_str() == "client", |entry| entry.usage == Usage::Client);
    if is_client && task.request.usage == Usage::Server {
        notes.push(Note::warning(
            format!("{file} allows serverAuth only: servers that ask for client certificates refuse it, and its holder can pose as the server"),
            Some(format!("certctl renew {name} --usage client")),
        ));
    }
    let names = task.request.names.as_ref().map(|names| &names.value);
    let names = names.and_then(|value| crate::x509::san::parse_general_names(value).ok());
    for odd in names.unwrap_or_default() {
        if let GeneralName::Unmatchable { text, reason, .. } = &odd {
            let instead = text.parse::<San>().map(|san| format!(" --san {}", san.value()));
            notes.push(Note::warning(
                format!("{file} bears `{odd}`, which no client can match: it {reason}"),
                Some(format!(
                    "certctl renew {name} --drop-san '{odd}'{}",
                    instead.unwrap_or_default()
                )),
            ));
        }
    }
    notes
}
