//! Notes about the CA and about a new certificate.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use pki::{
    verify::key::is_lax,
    x509::{
        certificate::Certificate,
        serial::Serial,
        usage::Usage,
        validity::{ExpiryWindow, Validity, date},
    },
};

use crate::{
    config::CaFiles,
    error::Error,
    hint::Hint,
    issue::{apply::Issued, pending_hook::Awaits},
    path_text::PathText as _,
    report::Note,
    store::{HOOK_PENDING, Store, Unfinished},
};

/// Notes about the CA that signs.
pub(super) fn on_authority(ca: &CaFiles, certificate: &Certificate) -> Vec<Note> {
    let path = ca.certificate.shown();
    let mut notes = Vec::new();
    notes.extend(on_mode(&ca.key, true));
    if certificate.key_usage().is_none() {
        notes.push(Note::warning(
            format!(
                "{path} has no keyUsage: Python 3.13 and `openssl -x509_strict` refuse what it \
                signs"
            ),
            Some(Hint::command("renew ca")),
        ));
    }
    if certificate.subject_key_id().is_none() {
        notes.push(Note::warning(
            format!(
                "{path} has no subjectKeyIdentifier, so the authorityKeyIdentifier is left out"
            ),
            Some(Hint::command("renew ca")),
        ));
    }
    notes
}

/// A warning about the private key of an identity that others can read.
pub(super) fn on_key(key: &Path) -> Option<Note> {
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
pub(super) fn closing(key: &Path) -> Hint {
    format!("chmod 600 {}", key.typed()).into()
}

/// Why clients refuse a certificate that was just issued.
pub(super) fn on_issued(issued: &Issued) -> Vec<Note> {
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
pub(super) fn on_stepping_over(serial_file: &Path, used: Serial) -> Note {
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
pub(super) fn on_unfinished(store: &Store) -> Option<Note> {
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
pub(super) fn on_unread(error: &Error) -> Note {
    let causes: Vec<String> = std::iter::once(error.to_string()).chain(error.causes()).collect();
    Note::warning(causes.join(": "), error.hint())
}

/// The CA itself expires within the given window.
pub(super) fn on_ca_due(validity: &Validity, window: ExpiryWindow) -> Note {
    Note::warning(
        format!("the CA itself expires on {}, within {window}", date(validity.not_after)),
        Some(Hint::command("renew ca")),
    )
}

/// Why a name is in `hook-pending`.
pub(super) fn pending_cause(awaits: &Awaits) -> String {
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
pub(super) fn pending_hint(store: &Store, awaits: &Awaits, names: &str, window: &str) -> Hint {
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
