//! Where orders are carried out: what `gen`, `issue`, `renew`, `csr` and `sign` share.

use time::OffsetDateTime;

use super::notes;
use crate::{
    ca::{
        authority::Authority,
        identity::{Member, scan},
        issuing::{Failure, Issued, Order, make_keys, reserve},
        store::{Locked, Store},
    },
    config::{CaFiles, Settings},
    error::Error,
    report::{
        Note,
        issuance::{Action, Facts, Issuance, Item},
        ui::Working,
    },
    x509::{
        cert::Certificate,
        key::{KeyType, PrivateKey},
    },
};

/// A CA that exists, and the right to write into the directory.
pub(super) struct Desk<'a> {
    pub(super) settings: &'a Settings,
    pub(super) authority: &'a Authority,
    pub(super) locked: &'a Locked,
    pub(super) now: OffsetDateTime,
}

/// What the first failure among several orders means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnFailure {
    /// Nothing is issued.
    Stop,
    /// The others are issued, and the failure is told beside them.
    GoOn,
}

impl Desk<'_> {
    /// Keys, temporaries, serials, signatures, one publication. `members` bear serials already.
    pub(super) fn issue(
        &self,
        orders: Vec<Order>,
        members: &[&Member],
        on_failure: OnFailure,
    ) -> Result<(Vec<Item>, Vec<Note>), Error> {
        let mut items = Vec::new();
        let mut said = Vec::new();
        let mut fail = |failure: Failure| {
            if on_failure == OnFailure::Stop {
                return Err(failure.error);
            }
            items.push(Item::failed(&failure.name, failure.error));
            Ok(())
        };

        let mut keys = make_keys_visibly(&orders, None, self.settings)?.into_iter();
        let mut prepared = Vec::new();
        for order in orders {
            match order.prepare(self.locked, &mut keys) {
                Ok(ready) => prepared.push(ready),
                Err(failure) => fail(*failure)?,
            }
        }
        if prepared.is_empty() {
            return Ok((items, said));
        }
        let serial_file = &self.settings.ca.serial;
        let reserved = reserve(serial_file, prepared.len(), members.iter().copied())?;
        if let Some(borne) = reserved.stepped_over {
            said.push(notes::on_stepping_over(serial_file, borne));
        }
        let mut publication = self.locked.publication();
        let mut issued = Vec::new();
        for (ready, serial) in prepared.into_iter().zip(&reserved.serials) {
            match ready.issue(self.authority, *serial, self.now, &mut publication) {
                Ok(one) => issued.push(one),
                Err(failure) => fail(*failure)?,
            }
        }
        publication.commit()?;
        said.extend(issued.iter().flat_map(notes::on_issued));
        items.extend(issued.iter().map(|one| issued_item(one, self.locked.store())));
        Ok((items, said))
    }
}

/// Carries out one order under the CA that exists: what `issue` and `sign` share.
///
/// The order is made while the lock is held, and is where nothing that exists is overwritten.
pub(super) fn issue_one(
    command: &'static str,
    settings: &Settings,
    now: OffsetDateTime,
    order: impl FnOnce(&Authority) -> Result<Order, Error>,
) -> Result<Issuance, Error> {
    settings.require_ca()?;
    if settings.ca.elsewhere {
        settings.store.create()?;
    }
    let locked = settings.store.lock(&settings.ca.key, settings.lock_timeout)?;
    let authority = settings.ca.read_valid(now)?;
    let order = order(&authority)?;

    let found = scan(&settings.store, authority.certificate())?;
    let members: Vec<_> = found.iter().filter_map(|(_, found)| found.member()).collect();
    let desk = Desk { settings, authority: &authority, locked: &locked, now };
    let (items, said) = desk.issue(vec![order], &members, OnFailure::Stop)?;

    let ca = ca_item(&settings.ca, authority.certificate(), Action::Unchanged);
    let mut issued = issuance(command, settings, ca);
    issued.certificates = items;
    issued.notes = notes::on_authority(&settings.ca, &authority);
    issued.notes.extend(said);
    Ok(issued)
}

/// Nothing is overwritten: files of these names that are there already are a refusal.
///
/// The same name in another case is the same name, on some file systems even the same file.
pub(super) fn refuse_existing(
    settings: &Settings,
    wanted: &[String],
    hint: &'static str,
) -> Result<(), Error> {
    let present: Vec<_> = settings
        .store
        .files()?
        .into_iter()
        .filter(|file| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(file)))
        .map(|file| settings.store.path(&file))
        .collect();
    if present.is_empty() { Ok(()) } else { Err(Error::Exists { paths: present, hint }) }
}

/// As [`make_keys`]; a terminal shows that it goes on.
pub(super) fn make_keys_visibly(
    orders: &[Order],
    first: Option<KeyType>,
    settings: &Settings,
) -> Result<Vec<PrivateKey>, Error> {
    let _working = Working::on("making keys", settings.quiet);
    make_keys(orders, first)
}

/// An identity that was issued, as reports show it.
pub(super) fn issued_item(issued: &Issued, store: &Store) -> Item {
    let action = if issued.replaced.is_some() { Action::Renewed } else { Action::Created };
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

/// The facts that every report of a command that issues begins with.
pub(super) fn issuance(command: &'static str, settings: &Settings, ca: Item) -> Issuance {
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
pub(super) fn ca_item(ca: &CaFiles, certificate: &Certificate, action: Action) -> Item {
    Item {
        certificate: Some(ca.certificate.clone()),
        key: Some(ca.key.clone()),
        facts: Some(Facts::of(certificate)),
        ..Item::new("ca", action)
    }
}
