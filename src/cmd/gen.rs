//! `certctl gen`: a CA, a server and a client certificate, as gen.sh makes them.

mod archive;
mod draft;

use std::path::PathBuf;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{
    check_clock,
    desk::{Desk, OnFailure, ca_item, issuance, issued_item, make_keys_visibly},
    notes,
};
use draft::Draft;
pub(super) use draft::server_and_client;

use crate::{
    ca::{
        authority::Authority,
        fleet::Wish,
        identity::scan,
        issuing::Order,
        store::{Access, CA_CERTIFICATE, CA_KEY, CA_SERIAL, Locked, SerialFile},
    },
    cli::GenArgs,
    config::Settings,
    error::Error,
    report::{
        Outcome,
        issuance::{Action, Facts, Issuance, Item},
    },
    x509::{
        pem,
        san::San,
        serial::Serial,
        validity::{Lifetime, Validity, date, rfc3339},
    },
};

pub(crate) fn run(
    args: &GenArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Outcome, Error> {
    check_clock(now)?;
    let plan = &settings.config.plan;
    let names_hosts =
        !args.hosts.is_empty() || !args.san.is_empty() || args.subject.client_cn.is_some();
    if !plan.is_empty() && names_hosts {
        return Err(Error::usage(
            "certctl.toml has a plan, whose entries name their own hosts",
            Some(
                "put the host into the `san` of its [[certificate]], or make one more: `certctl issue NAME HOST`",
            ),
        ));
    }
    if args.replace_ca && settings.ca.elsewhere {
        return Err(Error::usage(
            "`--replace-ca` makes a CA in the directory, and `--ca` names one elsewhere",
            Some("leave `--ca` and `--ca-key` off"),
        ));
    }
    let draft = Draft::new(args, settings)?;
    let adds = adds_to_a_ca(args, settings)?;
    if !adds {
        draft.orders(&ca_validity(args, settings, now)?, now)?;
    }
    let locked = if args.dry_run {
        None
    } else {
        settings.store.create()?;
        let (store, key) = (&settings.store, &settings.ca.key);
        Some(if args.replace_ca {
            store.lock_to_replace(key, settings.lock_timeout)?
        } else {
            store.lock(key, settings.lock_timeout)?
        })
    };
    // Whoever held the lock before may have made the CA, and a killed run is finished by now.
    let mut issued = if adds || adds_to_a_ca(args, settings)? {
        add_missing(settings, &draft, locked.as_ref(), now)?
    } else {
        make_all(args, settings, &draft, locked.as_ref(), now)?
    };
    if args.dry_run && settings.store.unfinished() {
        issued.notes.push(notes::on_unfinished());
    }
    Ok(Outcome::Issued(Box::new(issued)))
}

/// Whether the identities come under a CA that exists: one elsewhere, or that of a plan.
fn adds_to_a_ca(args: &GenArgs, settings: &Settings) -> Result<bool, Error> {
    if settings.ca.elsewhere {
        return Ok(true);
    }
    let has_ca = settings.store.has(CA_CERTIFICATE)? || settings.store.has(CA_KEY)?;
    Ok(has_ca && !settings.config.plan.is_empty() && !args.replace_ca)
}

fn ca_validity(
    args: &GenArgs,
    settings: &Settings,
    now: OffsetDateTime,
) -> Result<Validity, Error> {
    Lifetime::Days(settings.ca_days(args.ca_days))
        .from(now, None)
        .map_err(|_| Error::PastTheLastYear { name: "ca".to_owned() })
}

/// A CA and all identities, where nothing of them is yet, or in the place of what is.
fn make_all(
    args: &GenArgs,
    settings: &Settings,
    draft: &Draft,
    locked: Option<&Locked>,
    now: OffsetDateTime,
) -> Result<Issuance, Error> {
    let key_type = settings.key_type(args.key_type);
    let ca_validity = ca_validity(args, settings, now)?;
    let orders = draft.orders(&ca_validity, now)?;
    refuse_existing(args, settings, draft)?;
    let Some(locked) = locked else {
        return Ok(dry_run(settings, draft, &ca_validity, args, now));
    };

    let mut keys = make_keys_visibly(&orders, Some(key_type), settings)?.into_iter();
    let Some(ca_key) = keys.next() else { unreachable!("the CA's key is the first that is made") };
    let ca_files =
        [(CA_KEY, Access::Secret), (CA_CERTIFICATE, Access::Public), (CA_SERIAL, Access::Public)]
            .map(|(file, access)| locked.stage(file, access));
    let mut prepared = Vec::new();
    for order in orders {
        prepared.push(order.prepare(locked, &mut keys).map_err(|failure| failure.error)?);
    }

    // Its own number stands outside ca.srl, as gen.sh's does.
    let ca_serial = Serial::random()?;
    let authority = Authority::create(&draft.ca_subject, ca_key, &ca_validity, ca_serial)
        .map_err(|source| Error::IssueCa { source })?;
    let serials = SerialFile::of_new_ca(&settings.ca.serial).allot(prepared.len(), None)?;

    let mut publication = locked.publication();
    let archive =
        args.replace_ca.then(|| archive::plan(settings, draft, now)).transpose()?.flatten();
    if let Some((name, files)) = &archive {
        publication.archive(name, files.clone());
    }
    let ca_key_pem = authority.key().to_pem().as_bytes().to_vec();
    let ca_pem = pem::encode("CERTIFICATE", authority.certificate().der()).into_bytes();
    let contents = [ca_key_pem, ca_pem, serials.content().into_bytes()].map(Zeroizing::new);
    for (file, content) in ca_files.into_iter().zip(contents) {
        publication.add(file?, content);
    }
    let mut made = Vec::new();
    for (ready, serial) in prepared.into_iter().zip(&serials.serials) {
        let issued = ready.issue(&authority, *serial, now, &mut publication);
        made.push(issued.map_err(|failure| failure.error)?);
    }
    publication.commit()?;

    let mut ca = ca_item(&settings.ca, authority.certificate(), Action::Created);
    ca.new_key = true;
    let mut issued = issuance("gen", settings, ca);
    issued.archive = archive.map(|(name, _)| settings.store.path("archive").join(name));
    issued.certificates = made.iter().map(|one| issued_item(one, &settings.store)).collect();
    issued.notes = made.iter().flat_map(notes::on_issued).collect();
    issued.next =
        Some("`certctl renew --expires-within 33%` before they end, from cron say".to_owned());
    Ok(issued)
}

/// What of the plan is missing, under the CA that is there; or server and client under a CA elsewhere.
fn add_missing(
    settings: &Settings,
    draft: &Draft,
    locked: Option<&Locked>,
    now: OffsetDateTime,
) -> Result<Issuance, Error> {
    let planned = !settings.config.plan.is_empty();
    let authority = settings.ca.read_valid(now)?;
    let mut missing = Vec::new();
    for wish in &draft.wishes {
        let has_key = settings.store.has(&wish.name.key_file())?;
        let has_certificate = settings.store.has(&wish.name.certificate_file())?;
        match (planned && has_certificate, has_key || has_certificate) {
            (true, _) => {}
            (false, true) => {
                return Err(existing(
                    settings,
                    &[wish.name.key_file(), wish.name.certificate_file()],
                ));
            }
            (false, false) => missing.push(wish),
        }
    }
    let ca_validity = authority.certificate().validity();
    let orders: Vec<Order> =
        missing.iter().map(|wish| wish.order(now, ca_validity)).collect::<Result<_, _>>()?;

    let mut issued = issuance(
        "gen",
        settings,
        ca_item(&settings.ca, authority.certificate(), Action::Unchanged),
    );
    issued.notes = notes::on_authority(&settings.ca, &authority);
    if let Some(locked) = locked {
        let found = scan(&settings.store, authority.certificate())?;
        let members: Vec<_> = found.iter().filter_map(|(_, found)| found.member()).collect();
        let desk = Desk { settings, authority: &authority, locked, now };
        let (items, said) = desk.issue(orders, &members, OnFailure::Stop)?;
        issued.certificates = items;
        issued.notes.extend(said);
    } else {
        issued.dry_run = true;
        issued.certificates =
            missing.iter().zip(&orders).map(|(wish, order)| planned_item(wish, order)).collect();
    }
    Ok(issued)
}

/// Nothing is overwritten: one file of the set that is there already is a refusal.
fn refuse_existing(args: &GenArgs, settings: &Settings, draft: &Draft) -> Result<(), Error> {
    if args.replace_ca {
        return Ok(());
    }
    let mut files = vec![CA_KEY.to_owned(), CA_CERTIFICATE.to_owned(), CA_SERIAL.to_owned()];
    for wish in &draft.wishes {
        files.extend([wish.name.key_file(), wish.name.certificate_file()]);
    }
    let mut present = Vec::new();
    for file in files {
        if settings.store.has(&file)? {
            present.push(file);
        }
    }
    if present.is_empty() { Ok(()) } else { Err(existing(settings, &present)) }
}

fn existing(settings: &Settings, files: &[String]) -> Error {
    let paths: Vec<PathBuf> = files
        .iter()
        .filter(|file| settings.store.has(file).unwrap_or(true))
        .map(|file| settings.store.path(file))
        .collect();
    let hint = "issue again over the same CA with `certctl renew`, add one more identity with `certctl issue NAME HOST`, or make a new CA and archive the old set with `certctl gen --replace-ca`";
    Error::Exists { paths, hint }
}

fn dry_run(
    settings: &Settings,
    draft: &Draft,
    ca: &Validity,
    args: &GenArgs,
    now: OffsetDateTime,
) -> Issuance {
    let facts = Facts {
        subject: draft.ca_subject.to_string(),
        not_before: rfc3339(ca.not_before),
        not_after: rfc3339(ca.not_after),
        key_type: settings.key_type(args.key_type).to_string(),
        until: date(ca.not_after),
        ..Facts::default()
    };
    let ca_item = Item { facts: Some(facts), new_key: true, ..Item::new("ca", Action::Created) };
    let mut issued = issuance("gen", settings, ca_item);
    issued.dry_run = true;
    issued.certificates = draft
        .wishes
        .iter()
        .filter_map(|wish| Some(planned_item(wish, &wish.order(now, ca).ok()?)))
        .collect();
    issued
}

/// A certificate that would be made.
fn planned_item(wish: &Wish, order: &Order) -> Item {
    let validity = &order.request.validity;
    let facts = Facts {
        subject: wish.subject.to_string(),
        not_before: rfc3339(validity.not_before),
        not_after: rfc3339(validity.not_after),
        names: wish.names.iter().map(San::to_string).collect(),
        usage: Some(wish.usage.as_str()),
        key_type: wish.key_type.to_string(),
        until: date(validity.not_after),
        ..Facts::default()
    };
    Item { facts: Some(facts), new_key: true, ..Item::new(&wish.name, Action::Created) }
}
