//! Notes about the CA, about new certificates, and about files.

use std::{
    collections::BTreeMap, error::Error as _, fs, iter, os::unix::fs::MetadataExt, path::Path,
};

use pki::{
    verify::key::is_lax,
    x509::{
        certificate::Certificate,
        serial::Serial,
        usage::Usage,
        validity::{ExpiryWindow, Validity, date},
    },
};

use super::{
    apply::Issued,
    error::IssueError,
    pending_hook::{Awaits, PendingHook},
};
use crate::{
    hint::{Hint, Note},
    path_text::PathText as _,
    store::{HOOK_PENDING, Store, Unfinished},
};

/// The most names of a note.
const SHOWN: usize = 8;

/// Notes about the CA that signs.
pub(crate) fn on_authority(path: &Path, key: &Path, certificate: &Certificate) -> Vec<Note> {
    let path = path.shown();
    let key_usage = certificate.key_usage().is_none().then(|| {
        format!(
            "{path} has no keyUsage: Python 3.13 and `openssl -x509_strict` refuse what it signs"
        )
    });
    let key_id = certificate.subject_key_id().is_none().then(|| {
        format!("{path} has no subjectKeyIdentifier, so the authorityKeyIdentifier is left out")
    });
    let missing = key_usage.into_iter().chain(key_id);
    let missing = missing.map(|text| Note::warning(text, Some(Hint::command("renew ca"))));
    on_mode(key, true).into_iter().chain(missing).collect()
}

/// A warning about the private key of an identity that others can read.
pub(crate) fn on_key(key: &Path) -> Option<Note> {
    on_mode(key, false)
}

fn on_mode(key: &Path, of_ca: bool) -> Option<Note> {
    let mode = fs::metadata(key).ok()?.mode() & 0o777;
    is_lax(mode, of_ca).then(|| {
        let shown = key.shown();
        let message = format!("{shown} has mode {mode:04o}: other users can read the private key");
        Note::warning(message, Some(closing(key)))
    })
}

/// The command that makes a private key readable only by its owner.
pub(crate) fn closing(key: &Path) -> Hint {
    format!("chmod 600 {}", key.typed()).into()
}

/// Why clients refuse a certificate that was just issued.
pub(crate) fn on_issued(issued: &Issued) -> Vec<Note> {
    let (name, certificate) = (&issued.name, &issued.certificate);
    let file = name.certificate_file();
    let mut notes = Vec::new();
    let serves = certificate.usage().is_some_and(Usage::serves);
    if serves && certificate.validity().over_apple_limit() {
        notes.push(Note::plain(
            format!(
                "{file} is valid for {} days: Apple platforms refuse server certificates over 825",
                certificate.validity().length().whole_days()
            ),
            None,
        ));
    }
    if let Some(verdict) = &issued.still_refused {
        notes.push(Note::warning(
            format!("{file} is refused like the old certificate: {verdict}"),
            None,
        ));
    }
    notes
}

/// `ca.srl` was behind a serial that is in use.
pub(crate) fn on_stepping_over(serial_file: &Path, used: Serial) -> Note {
    Note::warning(
        format!(
            "{} was behind serial {used:X}, which a certificate here has already: the number was \
            skipped",
            serial_file.shown()
        ),
        None,
    )
}

/// A killed run left an unfinished commit, which a command that only reads does not complete.
pub(crate) fn on_unfinished(store: &Store) -> Option<Note> {
    Some(match store.unfinished()? {
        Unfinished::Commit => Note::warning(
            "an earlier run was killed during its commit: this is the state once the commit is \
            complete",
            Some(Hint::command("renew --expires-within 1d")),
        ),
        Unfinished::Unused(reason) => {
            Note::warning(format!("{reason}: an unfinished commit in it cannot be seen"), None)
        }
    })
}

/// A file that need not have a certificate of the CA.
pub(crate) fn on_unread(error: &IssueError) -> Note {
    let causes = iter::successors(error.source(), |cause| (*cause).source());
    let mut texts = vec![error.to_string()];
    texts.extend(causes.map(ToString::to_string));
    // A cause whose message is only that of its own cause.
    texts.dedup();
    Note::warning(texts.join(": "), error.hint())
}

/// The CA itself expires within the given window.
pub(crate) fn on_ca_due(validity: &Validity, window: ExpiryWindow) -> Note {
    Note::warning(
        format!("the CA itself expires on {}, within {window}", date(validity.not_after)),
        Some(Hint::command("renew ca")),
    )
}

/// On the `selected` names of `hook-pending`, and whether the run handles them: it runs and probes what `run`
/// has. A hint has the `window` of the run.
pub(crate) fn on_pending(
    store: &Store,
    recorded: &PendingHook,
    selected: &[String],
    (run, window): (&Awaits, &str),
) -> Vec<Note> {
    let mut kinds: BTreeMap<&Awaits, Vec<&str>> = BTreeMap::new();
    for name in selected {
        if let Some(awaits) = recorded.awaits(name) {
            kinds.entry(awaits).or_default().push(name);
        }
    }
    let note = |(awaits, names): (&Awaits, Vec<&str>)| {
        let list: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        let more = match names.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let cause = pending_cause(awaits);
        let pending = format!("hook pending for {}{more}: {cause}", list.join(", "));
        // A server without a recorded address can be any.
        let is_any = |server: &String| server.is_empty() && !run.servers.is_empty();
        let mut left = awaits.without(run);
        left.servers.retain(|server| !is_any(server));
        if left == Awaits::default() {
            let again = if run.hook { "the hook runs again" } else { "it is probed again" };
            return Note::plain(format!("{pending}; {again}"), None);
        }
        let names = if more.is_empty() { names.join(" ") } else { String::new() };
        Note::warning(pending, Some(pending_hint(store, awaits, &names, window)))
    };
    kinds.into_iter().map(note).collect()
}

/// Why a name is in `hook-pending`.
pub(crate) fn pending_cause(awaits: &Awaits) -> String {
    let servers: Vec<String> = awaits
        .servers
        .iter()
        .map(|server| if server.is_empty() { "a server".to_owned() } else { format!("`{server}`") })
        .collect();
    let hook = awaits.hook.then(|| "it has not succeeded since the renewal".to_owned());
    let unseen = "not seen with the new certificate since the renewal";
    let verb = if servers.len() > 1 { "were" } else { "was" };
    let served = (!servers.is_empty()).then(|| format!("{} {verb} {unseen}", servers.join(", ")));
    hook.into_iter().chain(served).collect::<Vec<_>>().join("; ")
}

/// How names leave `hook-pending`; `names` are separated by spaces, and none are all.
pub(crate) fn pending_hint(store: &Store, awaits: &Awaits, names: &str, window: &str) -> Hint {
    let space = if names.is_empty() { "" } else { " " };
    let served = |server: &String| {
        format!(" --served {}", if server.is_empty() { "HOST:PORT" } else { server })
    };
    let served: String = awaits.servers.iter().map(served).collect();
    let renew = |flag: &str| format!("renew{space}{names} --expires-within {window}{flag}{served}");
    if awaits.hook {
        return Hint::from("run it: ")
            .run(renew(" --exec COMMAND"))
            .then("; if the services have reloaded: ")
            .run(renew(" --exec true"));
    }
    let record = store.path(HOOK_PENDING);
    Hint::from("reload the service, then probe it: ").run(renew("")).then(format!(
        "; if a server is no longer in use, remove its line from `{}`",
        record.shown()
    ))
}
