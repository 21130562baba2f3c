//! The verbs: one file a command, arguments in, [`Outcome`](crate::report::Outcome) out.

pub(crate) mod completions;
pub(crate) mod r#gen;
pub(crate) mod init;
pub(crate) mod issue;
pub(crate) mod man;
pub(crate) mod renew;

use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

use time::OffsetDateTime;

use crate::{
    ca::{
        authority::Authority,
        identity::{Member, read_key},
        issuing::{Issued, Order, make_keys, reserve},
        store::Locked,
    },
    config::{CaFiles, Settings},
    error::{Error, Unreadable},
    report::{
        Note,
        issuance::{Action, Facts, Issuance, Item},
    },
    x509::{
        cert::Certificate,
        pem::{self, LIMIT, ReadError},
        validity::BACKDATE,
    },
};

/// Refuses a clock before 1970: no certificate could begin then.
fn check_clock(now: OffsetDateTime) -> Result<(), Error> {
    if now < OffsetDateTime::UNIX_EPOCH + BACKDATE { Err(Error::Clock { now }) } else { Ok(()) }
}

/// Reads a CA: the certificate of the file that belongs to the key, and the key.
fn read_authority(ca: &CaFiles) -> Result<Authority, Error> {
    let path = &ca.certificate;
    let content = match pem::read_regular(path, LIMIT) {
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NoCa { path: path.clone() });
        }
        read => read.map_err(|source| Error::Read { path: path.clone(), source })?,
    };
    let unreadable = |source: Unreadable| Error::Certificate { path: path.clone(), source };
    let key = read_key(&ca.key)?;
    let blocks = pem::certificates(&content).map_err(|error| unreadable(error.into()))?;
    let count = blocks.len();
    let mut problem = None;
    for block in blocks {
        match Certificate::from_der(block) {
            Ok(certificate) if certificate.public_key() == key.public() => {
                return Authority::new(certificate, key)
                    .map_err(|source| Error::Authority { path: path.clone(), source });
            }
            Ok(_) => {}
            Err(error) => problem = Some(error),
        }
    }
    Err(match problem {
        Some(error) => unreadable(error.into()),
        None if count == 1 => Error::KeyMismatch { certificate: path.clone(), key: ca.key.clone() },
        None => unreadable(Unreadable::NoMatch(count, ca.key.clone())),
    })
}

/// As [`read_authority`], of a CA whose certificates clients accept now.
fn read_valid_authority(ca: &CaFiles, now: OffsetDateTime) -> Result<Authority, Error> {
    let authority = read_authority(ca)?;
    authority
        .check_dates(now)
        .map_err(|source| Error::Authority { path: ca.certificate.clone(), source })?;
    Ok(authority)
}

/// What there is to say about a CA that is used.
fn authority_notes(ca: &CaFiles, authority: &Authority) -> Vec<Note> {
    let path = ca.certificate.display();
    let mut notes = Vec::new();
    notes.extend(lax_mode(&ca.key));
    if authority.certificate().key_usage().is_none() {
        notes.push(Note::warning(
            format!("{path} has no keyUsage: Python 3.13 and `openssl -x509_strict` refuse what it signs"),
            Some("certctl renew ca".to_owned()),
        ));
    }
    if authority.certificate().subject_key_id().is_none() {
        notes.push(Note::warning(
            format!("{path} has no subjectKeyIdentifier, so the authorityKeyIdentifier is left out"),
            Some("certctl renew ca".to_owned()),
        ));
    }
    notes
}

/// A warning about a private key that others than its owner can read.
fn lax_mode(key: &Path) -> Option<Note> {
    let mode = fs::metadata(key).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let key = key.display();
        Note::warning(
            format!("{key} has mode {mode:04o}: others than its owner can read the private key"),
            Some(format!("chmod 600 {key}")),
        )
    })
}

/// Issues orders under a CA that exists: keys, temporaries, serials, signatures, one publication.
///
/// With `all_or_nothing` the first failure ends it; without, the others go on and the failure is
/// told beside them.
fn issue_orders(
    orders: Vec<Order>,
    authority: &Authority,
    ca: &CaFiles,
    locked: &Locked,
    members: &[&Member],
    now: OffsetDateTime,
    all_or_nothing: bool,
) -> Result<(Vec<Item>, Vec<Note>), Error> {
    let mut items = Vec::new();
    let mut notes = Vec::new();
    let mut fail = |name: &dyn ToString, error| {
        if all_or_nothing {
            return Err(error);
        }
        items.push(Item::failed(name.to_string(), error));
        Ok(())
    };

    let mut keys = make_keys(&orders, None)?.into_iter();
    let mut prepared = Vec::new();
    for order in orders {
        match order.prepare(locked, &mut keys) {
            Ok(ready) => prepared.push(ready),
            Err((name, error)) => fail(&name, error)?,
        }
    }
    if prepared.is_empty() {
        return Ok((items, notes));
    }
    let reserved = reserve(&ca.serial, prepared.len(), members.iter().copied())?;
    if let Some(borne) = reserved.stepped_over {
        notes.push(Note::warning(
            format!(
                "{} was behind serial {borne:X}, which a certificate here bears already: stepped over it",
                ca.serial.display()
            ),
            None,
        ));
    }
    let mut publication = locked.publication();
    let mut issued = Vec::new();
    for (ready, serial) in prepared.into_iter().zip(&reserved.serials) {
        match ready.issue(authority, *serial, now, &mut publication) {
            Ok(one) => issued.push(one),
            Err((name, error)) => fail(&name, error)?,
        }
    }
    publication.commit()?;
    for one in &issued {
        notes.extend(issued_notes(one));
    }
    items.extend(issued.iter().map(|one| issued_item(one, locked)));
    Ok((items, notes))
}

fn issued_item(issued: &Issued, locked: &Locked) -> Item {
    let action = if issued.replaced.is_some() { Action::Renewed } else { Action::Created };
    let store = locked.store();
    let key = store.path(&issued.name.key_file());
    Item {
        certificate: Some(store.path(&issued.name.certificate_file())),
        key: key.exists().then_some(key),
        new_key: issued.new_key,
        facts: Some(Facts::of(&issued.certificate)),
        previous: issued.replaced.as_ref().map(Facts::of),
        ..Item::new(&issued.name, action)
    }
}

/// What clients will say to a certificate that was just issued.
fn issued_notes(issued: &Issued) -> Vec<Note> {
    let (name, certificate) = (&issued.name, &issued.certificate);
    let file = name.certificate_file();
    let mut notes = Vec::new();
    let serves = certificate.usage().is_some_and(crate::x509::usage::Usage::serves);
    if serves && certificate.validity().over_apple_limit() {
        notes.push(Note::note(
            format!(
                "{file} is valid for {} days: Apple platforms refuse server certificates over 825",
                certificate.validity().length().whole_days()
            ),
            None,
        ));
    }
    if let Some(verdict) = &issued.still_refused {
        notes.push(Note::warning(format!("{file} is refused as the one before was: {verdict}"), None));
    }
    notes
}

/// The facts that every report of a command that issues begins with.
fn issuance(command: &'static str, settings: &Settings, ca: Item) -> Issuance {
    Issuance {
        command,
        dry_run: false,
        directory: settings.store.dir().to_owned(),
        archive: None,
        ca,
        certificates: Vec::new(),
        notes: Vec::new(),
        hook: None,
        ca_due: false,
        next: None,
    }
}

/// The CA as reports show it.
fn ca_item(ca: &CaFiles, certificate: &Certificate, action: Action) -> Item {
    Item {
        certificate: Some(ca.certificate.clone()),
        key: Some(ca.key.clone()),
        facts: Some(Facts::of(certificate)),
        ..Item::new("ca", action)
    }
}

/// `certctl -d DIR …`, as it is to be typed for this directory.
fn command_line(settings: &Settings, rest: &str) -> String {
    let dir = settings.store.dir();
    if dir == Path::new(".") {
        return format!("certctl {rest}");
    }
    let dir = dir.to_string_lossy();
    let quoted = shlex::try_quote(&dir).unwrap_or(std::borrow::Cow::Borrowed(&dir));
    format!("certctl -d {quoted} {rest}")
}
